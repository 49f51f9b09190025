//! The tail index against moments by hand, closed forms, and the values of other programs.
#![allow(clippy::unwrap_used)]

use std::cmp::Ordering;

use exact::ExactError;
use exact::tail::{DIGITS_LIMIT, SIZE_LIMIT, Threshold, index, moment, threshold};
use numbers::Interval;
use proptest::prelude::*;
use rug::{Float, Rational};

fn q(n: i64, d: i64) -> Rational {
    Rational::from((n, d))
}

/// E (1 − (L/S)X)ⁿ = Σ_k (n choose k) (−L/S)ᵏ E Xᵏ, E Xᵏ = S(S + 2)…(S + 2k − 2).
fn polynomial(n: u32, L: &Rational, S: u32) -> Rational {
    let (mut sum, mut term) = (Rational::from(1), Rational::from(1));
    for k in 0..n {
        term *= q(i64::from(n - k), i64::from(k + 1)) * Rational::from(S + 2 * k) / Rational::from(S) * -L.clone();
        sum += &term;
    }
    sum
}

/// Whether two enclosures may be of one number.
fn agree(x: &Interval, y: &Interval) -> bool {
    x.low() <= y.high() && y.low() <= x.high()
}

fn decimal(text: &str) -> Rational {
    let (whole, fraction) = text.split_once('.').unwrap();
    let digits: rug::Integer = format!("{whole}{fraction}").parse().unwrap();
    Rational::from((digits, rug::Integer::from(rug::Integer::u_pow_u(10, fraction.len() as u32))))
}

/// Whether `x` is where mpmath says, to 30 digits after the point.
fn assert_near(x: &Interval, printed: &str) {
    let unit = Rational::from((1, rug::Integer::from(rug::Integer::u_pow_u(10, 30))));
    let value = decimal(printed);
    assert!(x.low().unwrap() <= Rational::from(&value + &unit), "{x} is above {printed}");
    assert!(x.high().unwrap() >= Rational::from(&value - &unit), "{x} is below {printed}");
    assert!(x.width().unwrap() < unit, "{x} is too wide to compare");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn even_moments_are_polynomials(
        half in 0u32..7, n in 1i64..30_000, d in 1i64..100, S in 1u32..80, precision in 2u32..200
    ) {
        let L = q(n, d);
        let enclosed = moment(&Rational::from(2 * half), &L, S, precision).unwrap();
        let exact = polynomial(2 * half, &L, S);
        prop_assert!(enclosed.contains(&exact), "{enclosed} misses {exact}");
        prop_assert!(enclosed.width().unwrap() <= exact >> precision, "{enclosed} is wide");
    }

    #[test]
    fn the_ends_of_an_index_have_moments_on_either_side_of_one(n in 1i64..40, S in 1u32..30, digits in 1u32..40) {
        let L = q(n, 20);
        let alpha = index(&L, S, digits).unwrap();
        prop_assert!(alpha.digits() >= digits);
        let excess = |alpha: Option<Rational>| moment(&alpha.unwrap(), &L, S, 400).unwrap() - Interval::from(q(1, 1));
        let sign = |alpha| excess(alpha).sign();
        prop_assert_eq!(sign(alpha.low()), Some(Ordering::Less));
        prop_assert_eq!(sign(alpha.high()), Some(Ordering::Greater));
    }

    #[test]
    fn the_variance_ceases_to_exist_where_the_index_is_two(S in 1u32..200) {
        let L = q(2 * i64::from(S), i64::from(S) + 2);
        prop_assert_eq!(threshold(Threshold::Variance, S, 5), Ok(Interval::from(L.clone())));
        prop_assert!(index(&L, S, 20).unwrap().contains(&q(2, 1)));
    }

    #[test]
    fn on_either_side_of_a_threshold_the_index_is_on_either_side(S in 1u32..40) {
        let L = threshold(Threshold::Kurtosis, S, 12).unwrap();
        prop_assert!(index(&(L.low().unwrap() * q(999, 1000)), S, 6).unwrap().low().unwrap() > 4);
        prop_assert!(index(&(L.high().unwrap() * q(1001, 1000)), S, 6).unwrap().high().unwrap() < 4);
        let L = threshold(Threshold::Stationarity, S, 12).unwrap();
        prop_assert!(index(&(L.low().unwrap() * q(999, 1000)), S, 6).unwrap().high().unwrap() < q(1, 10));
        let step_size = L.high().unwrap() * q(1001, 1000);
        prop_assert_eq!(index(&step_size, S, 6), Err(ExactError::NoStationaryLaw { step_size, batch_size: S }));
    }

    /// Even and odd S are summed differently.
    #[test]
    fn larger_batches_and_smaller_steps_have_lighter_tails(n in 1i64..20, S in 1u32..60) {
        let here = index(&q(n, 20), S, 6).unwrap();
        prop_assert!(index(&q(n, 20), S + 1, 6).unwrap().low() > here.high());
        prop_assert!(index(&q(n + 1, 20), S, 6).unwrap().high() < here.low());
    }
}

#[test]
fn the_kurtosis_of_single_samples_ends_at_the_root_of_a_cubic() {
    let cubic = |L: Rational| ((Rational::from(105) * &L - 60) * &L + 18) * L - 4;
    let L = threshold(Threshold::Kurtosis, 1, 60).unwrap();
    assert!(L.to_string().starts_with("3.834510058644118886309671927607391"), "{L}");
    assert!(cubic(L.low().unwrap()) < 0 && cubic(L.high().unwrap()) > 0);
}

/// For S = 2, E log|ρ| = −e^{−z} Ei(z), z = 1/L.
#[test]
fn pairs_cease_to_be_stationary_at_the_zero_of_the_exponential_integral() {
    let L = threshold(Threshold::Stationarity, 2, 60).unwrap();
    let integral = |L: Option<Rational>| Float::with_val(400, L.unwrap().recip()).eint();
    assert!(integral(L.low()) > 0 && integral(L.high()) < 0);
}

/// The zeros of log(E|ρ|^α)/α by the secant method in mpmath 1.3 (60 digits), where
/// E|ρ|^α = zʰ/Γ(h) [B(α+1, h) ₁F₁(h; α+1+h; −z) + e^{−z} Γ(α+1) U(α+1, α+1+h, z)] by `hyp1f1` and `hyperu`.
#[test]
fn indices_are_those_of_mpmath() {
    let reference = [
        (q(1, 1), 1, "1.09082647306631525773408617076643308799968"),
        (q(1, 1), 3, "2.78071358719770882618374597337249388632787"),
        (q(1, 1), 4, "3.50468361414719411285678097690818120770414"),
        (q(1, 1), 7, "5.5419908790432616354330430310422480775809"),
        (q(1, 1), 32, "21.8201582707583547703341566473942045389327"),
        (q(1, 10), 1, "17.2845857340271193477968330625097332761743"),
        (q(1, 3), 5, "20.6333258301057266902455735423685623823743"),
        (q(2, 1), 9, "0.826796841909675076714782636618897394805581"),
        (q(1, 2), 999, "2210.15993776423501406315565349802709433338"),
        (q(1, 2), 1000, "2212.37111508328690549611980381671523171945"),
        (q(121, 50), 1, "0.000408919901169203725954024932523874194641072"),
    ];
    for (L, S, printed) in reference {
        assert_near(&index(&L, S, 35).unwrap(), printed);
    }
}

/// As above, by the zero of the central difference of E|ρ|^α at α = 0.
#[test]
fn the_law_of_mpmath_ceases_to_be_stationary_there_too() {
    let reference = [
        (1, "2.42124952103683604299278013142822593312885"),
        (2, "2.68451035082070765250238264048723868531018"),
        (3, "2.69888305491981288781968049634144584310969"),
        (8, "2.4925789179173165825333752515609179612254"),
    ];
    for (S, printed) in reference {
        assert_near(&threshold(Threshold::Stationarity, S, 35).unwrap(), printed);
    }
}

/// By `hyp1f1` and `hyperu`, as above.
#[test]
fn fractional_moments_are_those_of_mpmath() {
    let reference = [
        (q(5, 2), q(1, 2), 3, "0.366464643638893997859842212550280624825609"),
        (q(1, 3), q(3, 1), 1, "1.15467662417064305582126332854082529180705"),
        (q(81, 2), q(1, 5), 11, "0.00587182681428564007656867027698642060206743"),
    ];
    for (alpha, L, S, printed) in reference {
        assert_near(&moment(&alpha, &L, S, 120).unwrap(), printed);
    }
}

/// α → κ S/(2L) as L → 0 with κ(log κ − 1) = 1, because |1 − cX|^α is as large as 1/P(X) only where cX is about κ.
#[test]
fn small_steps_have_large_indices() {
    let L = q(1, 2000);
    let alpha = index(&L, 1, 8).unwrap();
    let ratio = alpha.midpoint().unwrap() * L * 2;
    assert!(ratio > q(358, 100) && ratio < q(360, 100), "{ratio}");
}

#[test]
fn finer_answers_lie_where_coarser_ones_do() {
    let coarse = index(&q(3, 2), 5, 3).unwrap();
    let fine = index(&q(3, 2), 5, 120).unwrap();
    assert!(agree(&coarse, &fine) && fine.digits() >= 120);
}

#[test]
fn what_is_out_of_range_is_named() {
    let quantity = |answer: Result<Interval, ExactError>| match answer {
        Err(ExactError::OutOfRange { quantity, value, .. }) => (quantity, value),
        other => panic!("{other:?}"),
    };
    assert_eq!(quantity(index(&q(0, 1), 1, 10)), ("step size", q(0, 1)));
    assert_eq!(quantity(index(&q(-1, 2), 1, 10)), ("step size", q(-1, 2)));
    assert_eq!(quantity(index(&q(1, 1), 0, 10)), ("batch size", q(0, 1)));
    assert_eq!(quantity(threshold(Threshold::Kurtosis, 0, 10)), ("batch size", q(0, 1)));
    assert_eq!(quantity(index(&q(1, 1), 1, 0)), ("digits", q(0, 1)));
    assert_eq!(quantity(threshold(Threshold::Variance, 1, DIGITS_LIMIT + 1)).0, "digits");
    assert_eq!(quantity(moment(&q(-1, 3), &q(1, 1), 1, 64)), ("alpha", q(-1, 3)));
    let above = q(i64::from(SIZE_LIMIT) + 1, 1);
    assert_eq!(quantity(moment(&above, &q(1, 1), 1, 64)), ("alpha", above));
    assert_eq!(quantity(moment(&q(1, 1), &q(1, 1), 1, 1)), ("precision", q(1, 1)));
    assert_eq!(quantity(moment(&q(1, 1), &q(1, i64::from(SIZE_LIMIT)), 3, 64)).0, "batch size / (2 step size)");
    assert_eq!(quantity(moment(&q(1, 1), &q(i64::from(SIZE_LIMIT), 1), 1, 64)).0, "batch size / (2 step size)");
    let error = index(&q(0, 1), 1, 10).unwrap_err();
    assert_eq!(error.to_string(), "step size = 0: expected a positive number");
}
