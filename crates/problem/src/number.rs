//! The numbers of a problem file: as text or bytes state them, and as the caller wants them.

use std::fmt;

use rug::ops::Pow;
use rug::{Integer, Rational};

use super::echo;
use numbers::{DoubleDouble, Scalar, nearest_f64};

/// The numbers that a problem may be read over: ℚ, or doubles and double-double numbers, each the nearest to the number
/// over ℚ.
pub trait Number: Scalar {
    /// The number that a decimal such as `-1.5e-3` spells; `None` unless it is finite and within the range of doubles.
    fn decimal(text: &str) -> Option<Self>;

    /// A double; `None` unless it is finite.
    fn double(value: f64) -> Option<Self>;

    /// The number nearest to a rational.
    fn nearest(value: &Rational) -> Self;
}

impl Number for Rational {
    fn decimal(text: &str) -> Option<Self> {
        decimal(text)
    }

    fn double(value: f64) -> Option<Self> {
        Rational::from_f64(value)
    }

    fn nearest(value: &Rational) -> Self {
        value.clone()
    }
}

/// Zero has no sign, as over ℚ.
impl Number for f64 {
    fn decimal(text: &str) -> Option<Self> {
        within_range(text).map(|value| value + 0.0)
    }

    fn double(value: f64) -> Option<Self> {
        value.is_finite().then_some(value + 0.0)
    }

    fn nearest(value: &Rational) -> Self {
        nearest_f64(value)
    }
}

/// The first part is the double that `f64` reads, and the second what that leaves.
impl Number for DoubleDouble {
    fn decimal(text: &str) -> Option<Self> {
        // Most cells of a table are short integers, for which the way over the rationals takes longer.
        let short = text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit());
        let exact = short.then(|| text.parse().ok()).flatten().map(DoubleDouble::from_integer);
        exact.or_else(|| decimal(text).as_ref().map(DoubleDouble::from_rational))
    }

    fn double(value: f64) -> Option<Self> {
        f64::double(value).map(DoubleDouble::from)
    }

    fn nearest(value: &Rational) -> Self {
        DoubleDouble::from_rational(value)
    }
}

/// A number as a data file states it. What is equal here is equal as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Stated<'a> {
    Decimal(&'a str),
    /// A double, by its bits.
    Double(u64),
    Integer(i128),
}

impl Stated<'_> {
    /// The number that is stated, as a `T`; `None` unless it is finite and within the range of doubles.
    pub(super) fn to<T: Number>(self) -> Option<T> {
        match self {
            Stated::Decimal(text) => T::decimal(text),
            Stated::Double(bits) => T::double(f64::from_bits(bits)),
            Stated::Integer(value) => Some(match i64::try_from(value) {
                Ok(value) => T::from_integer(value),
                Err(_) => T::nearest(&Rational::from(value)),
            }),
        }
    }

    /// What messages expect in its place where it is no number.
    pub(super) fn expected(self) -> &'static str {
        match self {
            Stated::Decimal(text) => expected(text),
            Stated::Double(_) | Stated::Integer(_) => FINITE,
        }
    }
}

impl fmt::Display for Stated<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stated::Decimal(text) => f.write_str(&echo::quoted(text)),
            Stated::Double(bits) => write!(f, "{}", f64::from_bits(*bits)),
            Stated::Integer(value) => write!(f, "{value}"),
        }
    }
}

/// The most characters of a number: over ℚ each digit makes everything slower that is done with the number.
const LONGEST: usize = 10_000;
pub(super) const FINITE: &str = "a finite number";

/// What should stand in the place of a text that is no number here.
pub(super) fn expected(text: &str) -> &'static str {
    match text.parse::<f64>() {
        Err(_) => FINITE,
        Ok(_) if text.len() > LONGEST => "a number of at most 10000 characters",
        Ok(0.0) => "0, or a number of at least 5e-324, as doubles hold",
        Ok(_) if text.contains(|c: char| c.is_ascii_digit()) => "a number of at most 1.797e308, as doubles hold",
        Ok(_) => FINITE,
    }
}

/// The double nearest to a decimal; `None` unless it is finite, and zero only if the decimal is.
///
/// The range keeps a short text such as `1e-999999999` from becoming a number of a billion digits, and the setting
/// from losing a number on the way to `f64`.
fn within_range(text: &str) -> Option<f64> {
    let double: f64 = Some(text).filter(|text| text.len() <= LONGEST)?.parse().ok()?;
    let mantissa = text.split(['e', 'E']).next()?;
    let is_zero = || mantissa.bytes().all(|byte| !(b'1'..=b'9').contains(&byte));
    (double.is_finite() && (double != 0.0 || is_zero())).then_some(double)
}

/// The rational that a decimal such as `-1.5e-3` spells; `None` unless it is finite and within the range of doubles.
pub fn decimal(text: &str) -> Option<Rational> {
    if within_range(text)? == 0.0 {
        return Some(Rational::new());
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = Integer::from_str_radix(&format!("{whole}{fraction}"), 10).ok()?;
    let exponent = exponent.parse::<i64>().ok()?.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    let power = Integer::from(10).pow(u32::try_from(exponent.unsigned_abs()).ok()?);
    Some(if exponent < 0 { Rational::from((digits, power)) } else { Rational::from(digits * power) })
}

/// The integer of base `radix`, as a rational within the range of doubles.
pub(super) fn integer(text: &str, radix: u32) -> Option<Rational> {
    let text = Some(text).filter(|text| text.len() <= LONGEST)?;
    let value = Integer::from_str_radix(text, i32::try_from(radix).ok()?).ok()?;
    value.to_f64().is_finite().then(|| Rational::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_decimal_is_what_it_spells() {
        assert_eq!(decimal("0.1"), Some(Rational::from((1, 10))));
        assert_eq!(decimal("-1.50e-3"), Some(Rational::from((-3, 2000))));
        assert_eq!(decimal("+2E3"), Some(Rational::from(2000)));
        assert_eq!(decimal(".5"), Some(Rational::from((1, 2))));
        assert_eq!(decimal("-0.0"), Some(Rational::new()));
        assert_eq!(decimal("0e999999999999999999999"), Some(Rational::new()));
    }

    #[test]
    fn zero_has_no_sign() {
        assert_eq!(f64::decimal("-0.0").map(f64::to_bits), Some(0));
        assert_eq!(f64::double(-0.0).map(f64::to_bits), Some(0));
    }

    #[test]
    fn what_no_double_holds_is_refused_before_it_is_built() {
        for text in ["nan", "inf", "-inf", "1e400", "1e-400", "1e-999999999", "1e999999999", "", "x", "1,5", "0x10"] {
            assert_eq!(decimal(text), None, "{text}");
        }
        assert_eq!(integer(&"9".repeat(400), 10), None);
        let digits = "1".repeat(1_000_000);
        for text in [digits.clone(), format!("0.{digits}"), format!("{digits}e-1000000")] {
            assert_eq!((decimal(&text), f64::decimal(&text), integer(&text, 10)), (None, None, None));
            assert_eq!(expected(&text), "a number of at most 10000 characters");
        }
    }

    proptest! {
        #[test]
        fn the_nearest_double_of_a_printed_double_is_that_double(bits in any::<u64>(), exponent in 0u64..3) {
            // Every third is subnormal.
            let bits = if exponent == 0 { bits & !(0x7ff << 52) } else { bits };
            let double = f64::from_bits(bits);
            for text in [format!("{double}"), format!("{double:e}")] {
                prop_assert_eq!(decimal(&text).map(|value| nearest_f64(&value)), f64::double(double), "{}", text);
            }
        }

        #[test]
        fn a_decimal_is_read_over_all_fields_alike(text in "[-+]?[0-9]{0,40}[.]?[0-9]{0,40}([eE][-+]?[0-9]{1,3})?") {
            let exactly = decimal(&text);
            let double = exactly.as_ref().map(|value| nearest_f64(value).to_bits());
            prop_assert_eq!(f64::decimal(&text).map(f64::to_bits), double);
            let double_double = DoubleDouble::decimal(&text);
            prop_assert_eq!(double_double.map(|value| value.nearest().to_bits()), double);
            if let (Some(exactly), Some(double_double)) = (exactly, double_double) {
                // Half a unit in the last place of each part; the second may be below the smallest double.
                let smallest = Rational::from_f64(f64::from_bits(1)).unwrap();
                let error = (double_double.to_rational().unwrap() - &exactly).abs();
                prop_assert!(error <= exactly.abs() >> 106u32 || error <= smallest / 2, "{} {:?}", text, double_double);
            }
        }

        #[test]
        fn a_fraction_is_read_to_twice_the_digits(numerator: i64, denominator in 1i64..) {
            let exactly = Rational::from((numerator, denominator));
            let double_double = <DoubleDouble as Number>::nearest(&exactly);
            prop_assert_eq!(double_double.nearest(), nearest_f64(&exactly));
            prop_assert!((double_double.to_rational().unwrap() - &exactly).abs() <= exactly.abs() >> 106u32);
        }
    }
}
