use super::*;
use crate::nearest_f64;
use proptest::num::f64;
use proptest::prelude::*;

/// What a text stands for, and the unit of its last digit.
fn read(text: &str) -> (Rational, Rational) {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let figures: Integer = format!("{whole}{part}").parse().unwrap();
    let last = exponent.parse::<i64>().unwrap() - part.len() as i64;
    let power = Rational::from(power_of_ten(last.unsigned_abs()));
    let unit = if last < 0 { power.recip() } else { power };
    (Rational::from(&unit * figures), unit)
}

#[test]
fn a_bound_is_printed_towards_zero() {
    assert_eq!(towards_zero(&Rational::from(-1)), "-1.000e0");
    assert_eq!(towards_zero(&Rational::from((-2, 3))), "-6.666e-1");
    assert_eq!(towards_zero(&(-Rational::from_f64(f64::MAX).unwrap())), "-1.797e308");
}

fn figures(text: &str) -> usize {
    let mantissa = text.split('e').next().unwrap();
    mantissa.chars().filter(char::is_ascii_digit).skip_while(|figure| *figure == '0').count()
}

/// ± n/d · 10^k.
fn rationals() -> impl Strategy<Value = Rational> {
    (any::<i64>(), 1..=u64::MAX, -300i64..=300, 0..64u32).prop_map(|(n, d, k, shift)| {
        let power = power_of_ten(k.unsigned_abs());
        let value = Rational::from((n >> shift, d >> shift.min(62) | 1));
        if k < 0 { value / power } else { value * power }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn what_is_printed_is_within_half_a_unit_of_the_last_digit(value in rationals(), digits in 0..40usize) {
        let text = exact(&value, digits);
        let (printed, unit) = read(&text);
        let error = Rational::from(&printed - &value).abs();
        prop_assert!(error <= unit / 2u32, "{text}");
        // As many digits as asked for, unless fewer say it all, or all before the point are there.
        let all_before_the_point = !text.contains(['.', 'e']);
        prop_assert!(figures(&text) == digits.max(1) || error == 0 || all_before_the_point, "{text}");
        prop_assert_eq!(value.is_zero(), text == "0");
        prop_assert_eq!(value < 0, text.starts_with('-'));
        // No digit is missing that is not zero.
        prop_assert!(error == 0 || figures(&text) >= digits.max(1), "{text}");
    }

    #[test]
    fn a_double_is_printed_with_all_digits_that_are_asked_for(bits in any::<u64>(), digits in 0..40usize) {
        let value = core::primitive::f64::from_bits(bits);
        prop_assume!(value.is_finite() && value != 0.0);
        let text = measured(value, digits);
        let (printed, unit) = read(&text);
        prop_assert!(Rational::from(&printed - &Rational::from_f64(value).unwrap()).abs() <= unit / 2u32, "{text}");
        let all_before_the_point = !text.contains(['.', 'e']);
        prop_assert!(figures(&text) == digits.max(1) || all_before_the_point && figures(&text) > digits, "{text}");
        // Seventeen digits are the double itself.
        if digits >= 17 {
            prop_assert_eq!(nearest_f64(&read(&text).0), value);
        }
    }

    #[test]
    fn a_number_with_its_error_is_within_half_a_unit(
        value in f64::NORMAL | f64::SUBNORMAL | f64::ZERO, error in f64::POSITIVE | f64::NORMAL | f64::SUBNORMAL,
    ) {
        let text = with_error(value, error);
        let (left, right) = text.split_once(" ± ").unwrap();
        let ((printed, unit), (spread, place)) = (read(left), read(right));
        prop_assert!((spread - Rational::from_f64(error).unwrap()).abs() <= Rational::from(&place / 2u32), "{text}");
        prop_assert_eq!(figures(right), 2, "{}", text);
        // Zero stands for what is less than half a unit of the error's last digit.
        let unit = if left == "0" { place } else { unit };
        prop_assert!((printed - Rational::from_f64(value).unwrap()).abs() <= unit / 2u32, "{text}");
    }

    #[test]
    fn places_are_those_of_the_formatter(value in -1e9..1e9_f64, places in 0..15usize) {
        let text = to_places(value, places);
        let formatted = format!("{value:.places$}");
        prop_assert!(text == formatted || text.trim_matches(['0', '.']).is_empty() && formatted == format!("-{text}"), "{text}");
    }

    #[test]
    fn a_whole_number_is_printed_in_full_or_in_powers_of_ten(value in any::<i64>(), shift in 0..64u32, digits in 1..25usize) {
        let value = value >> shift;
        let text = exact(&Rational::from(value), digits);
        prop_assert!(text == value.to_string() || text.contains('e') && value.unsigned_abs() >= 10u64.pow(9), "{text}");
    }

    #[test]
    fn a_decimal_that_is_short_enough_is_that_decimal(value in -999_999_i64..=999_999, places in 0..10i64) {
        let value = Rational::from((value, power_of_ten(places as u64)));
        prop_assert_eq!(read(&exact(&value, 6)).0, value);
    }
}

#[test]
fn decimals_are_plain() {
    let text = |n: i64, d: i64, digits| exact(&Rational::from((n, d)), digits);
    for (n, d, digits, expected) in [
        (1, 10, 6, "0.1"),
        (2, 3, 6, "0.666667"),
        (1, 300, 3, "0.00333"),
        (-7, 2, 6, "-3.5"),
        (200, 1, 6, "200"),
        (200, 1, 1, "200"),
        (1_000_001, 3, 7, "333333.7"),
        (301, 300, 3, "1.00"),
        (1_999_999, 1, 6, "1999999"),
        (2_000_001, 1, 6, "2000001"),
        (897, 1, 2, "897"),
        (14_941, 10, 3, "1494"),
        (9_999, 1000, 3, "10.0"),
        (999_999_999, 1, 3, "999999999"),
        (9_999_999_996, 10, 3, "1.00e9"),
        (1_000_000_000, 1, 3, "1e9"),
        (1_000_000_000, 1, 10, "1000000000"),
        (1_234_567_890_123, 10, 20, "123456789012.3"),
        (1, 3_000_000, 2, "3.3e-7"),
        (1, 1_000_000, 9, "1e-6"),
    ] {
        assert_eq!(text(n, d, digits), expected);
    }
    assert_eq!(exact(&(Rational::from(36) * power_of_ten(37)), 30), "3.6e38");
    assert_eq!(exact(&(Rational::from(1) / power_of_ten(3000)), 3), "1e-3000");
}

#[test]
fn what_is_measured_keeps_its_zeros() {
    for (value, digits, expected) in [
        (0.25, 4, "0.2500"),
        (-1234.5678, 6, "-1234.57"),
        (9.99999, 3, "10.0"),
        (1.5e-7, 3, "1.50e-7"),
        (1e10, 3, "1.00e10"),
        (-0.0, 3, "0"),
        (f64::INFINITY, 3, "inf"),
        (f64::NEG_INFINITY, 3, "-inf"),
        (f64::NAN, 3, "NaN"),
        (f64::MAX, 0, "2e308"),
        (5e-324, 3, "4.94e-324"),
    ] {
        assert_eq!(measured(value, digits), expected);
    }
}

#[test]
fn a_number_ends_where_its_error_does() {
    for (value, error, expected) in [
        (-12.345, 0.099_7, "-12.35 ± 0.10"),
        (1234.5, 56.0, "1234 ± 56"),
        (1234.5, 156.0, "1.23e3 ± 1.6e2"),
        (1.234_56e9, 2.3e6, "1.2346e9 ± 2.3e6"),
        (1e-12, 2.3e-10, "0 ± 2.3e-10"),
        (-0.001, 0.15, "0.00 ± 0.15"),
        (-1.5, f64::INFINITY, "-1.5000 ± inf"),
        (f64::NAN, f64::NAN, "NaN ± NaN"),
    ] {
        assert_eq!(with_error(value, error), expected);
    }
}

#[test]
fn percentages_are_of_one() {
    assert_eq!(percent(&Rational::from((14_941, 1000)), 3), "1494 %");
    assert_eq!(percent(&Rational::from((-1, 3)), 3), "-33.3 %");
    assert_eq!(percent(&Rational::new(), 3), "0 %");
}
