//! One false-alarm probability for many comparisons.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// The power at which a discrepancy counts as detectable.
pub(crate) const POWER: f64 = 0.99;

/// Which of several hypotheses are rejected, if the probability of rejecting any true one is to be at most
/// `false_alarm`: Holm's procedure. Of k of them ordered by their p-values,
///
/// ```text
/// p₍₁₎ ≤ p₍₂₎ ≤ … :   the first j are rejected,
///                     where j is the largest with p₍ᵢ₎ ≤ false_alarm/(k − i + 1) for all i ≤ j
/// ```
///
/// However the p-values depend on each other, and never fewer rejections than with `false_alarm`/k for each. NaN counts
/// as 0: what cannot be compared is no agreement.
///
/// Source: Holm, *A simple sequentially rejective multiple test procedure*, Scand. J. Statist. 6 (1979).
///
/// # Example
/// ```
/// // 0.01 ≤ 0.05/3, 0.02 ≤ 0.05/2, 0.04 ≤ 0.05/1: Bonferroni's 0.05/3 would reject the first alone.
/// assert_eq!(montecarlo::holm(&[0.02, 0.04, 0.01], 0.05), [true, true, true]);
/// assert_eq!(montecarlo::holm(&[0.03, 0.04, 0.01], 0.05), [false, false, true]);
/// ```
pub fn holm(p_values: &[f64], false_alarm: f64) -> Vec<bool> {
    let p = |i: usize| if p_values[i].is_nan() { 0.0 } else { p_values[i] };
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&i, &j| p(i).total_cmp(&p(j)));
    let mut rejected = vec![false; p_values.len()];
    for (done, &i) in order.iter().enumerate() {
        // Said so that NaN stops it.
        let is_rejected = p(i) <= false_alarm / (p_values.len() - done) as f64;
        if !is_rejected {
            break;
        }
        rejected[i] = true;
    }
    rejected
}

/// P(|T| ≥ |z|) for Student's law with `chains` − 1 degrees of freedom; 0 for NaN, and without a law.
pub(crate) fn p_value(chains: usize, z: f64) -> f64 {
    match law(chains) {
        Some(law) if z.is_finite() => (2.0 * law.sf(z.abs())).min(1.0),
        _ => 0.0,
    }
}

/// The |z| that a mean over `chains`, whose expectation is zero, exceeds with probability `false_alarm`:
///
/// ```text
/// P(|T| > threshold) = false_alarm,    T of Student's law with chains − 1 degrees of freedom
/// ```
///
/// Infinite unless 0 < `false_alarm` and there are 2 chains; zero for a `false_alarm` of 1 or more.
pub fn threshold(chains: usize, false_alarm: f64) -> f64 {
    let Some(law) = law(chains).filter(|_| false_alarm > 0.0) else {
        return f64::INFINITY;
    };
    // Bisection of the survival function keeps its digits where 1 − false_alarm has none.
    let (mut low, mut high) = (0.0, 1.0);
    while 2.0 * law.sf(high) > false_alarm && high < 1e300 {
        (low, high) = (high, 2.0 * high);
    }
    for _ in 0..f64::MANTISSA_DIGITS {
        let middle = 0.5 * (low + high);
        if 2.0 * law.sf(middle) > false_alarm {
            low = middle;
        } else {
            high = middle;
        }
    }
    if false_alarm >= 1.0 { 0.0 } else { high }
}

fn law(chains: usize) -> Option<StudentsT> {
    StudentsT::new(0.0, 1.0, chains as f64 - 1.0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn thresholds_are_quantiles_of_students_law() {
        let close = |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-9, "{found} {expected}");
        // One degree of freedom is Cauchy's law: P(|T| > t) = 1 − (2/π) arctan t, so t = cot(πp/2).
        for p in [0.5, 1e-3, 1e-9] {
            close(threshold(2, p), 1.0 / (std::f64::consts::FRAC_PI_2 * p).tan());
        }
        // Two: P(|T| > t) = 1 − t/√(2 + t²), so t = (1 − p) √2 / √(p (2 − p)).
        for p in [0.5, 1e-3, 1e-9] {
            close(threshold(3, p), (1.0 - p) * (2.0 / (p * (2.0 - p))).sqrt());
        }
        assert_eq!(threshold(1, 0.1), f64::INFINITY);
        assert_eq!(threshold(5, 0.0), f64::INFINITY);
        assert_eq!(threshold(5, f64::NAN), f64::INFINITY);
        assert_eq!(threshold(5, 2.0), 0.0);
    }

    proptest! {
        #[test]
        fn a_threshold_has_its_p_value(chains in 2usize..500, exponent in -9.0..-0.1f64) {
            let false_alarm = 10f64.powf(exponent);
            let p = p_value(chains, threshold(chains, false_alarm));
            prop_assert!((p / false_alarm - 1.0).abs() < 1e-9, "{p} {false_alarm}");
        }

        #[test]
        fn holm_rejects_what_bonferroni_does_and_never_skips(p in prop::collection::vec(0.0..0.2f64, 1..20)) {
            let rejected = holm(&p, 0.05);
            for i in 0..p.len() {
                prop_assert!(rejected[i] || p[i] > 0.05 / p.len() as f64);
                prop_assert!(!rejected[i] || p[i] <= 0.05);
                for j in 0..p.len() {
                    prop_assert!(rejected[i] || !rejected[j] || p[j] <= p[i]);
                }
            }
        }
    }

    #[test]
    fn what_is_no_number_is_rejected() {
        assert_eq!(holm(&[f64::NAN, 0.5], 1e-6), [true, false]);
        assert_eq!(p_value(5, f64::NAN), 0.0);
        assert_eq!(holm(&[], 0.05), Vec::<bool>::new());
        assert_eq!(holm(&[0.0], f64::NAN), [false]);
    }

    #[test]
    fn holm_divides_by_what_is_left() {
        // 0.01 ≤ 0.05/3, 0.02 ≤ 0.05/2, 0.04 ≤ 0.05/1.
        assert_eq!(holm(&[0.02, 0.04, 0.01], 0.05), [true, true, true]);
        // 0.03 > 0.05/2 stops it, though 0.04 ≤ 0.05/1.
        assert_eq!(holm(&[0.03, 0.04, 0.01], 0.05), [false, false, true]);
        // What is as small as its bound is rejected, and what is larger by a bit is not.
        assert_eq!(holm(&[0.125, 0.0625], 0.125), [true, true]);
        assert_eq!(holm(&[0.125, 0.0625_f64.next_up()], 0.125), [false, false]);
    }

    /// P(|T| ≥ 1) = ½ for Cauchy's law, and 1 − 1/√3 with two degrees of freedom.
    #[test]
    fn p_values_of_one_deviation_either_way() {
        for z in [1.0, -1.0] {
            assert!((p_value(2, z) - 0.5).abs() < 1e-12);
            assert!((p_value(3, z) - (1.0 - 1.0 / 3.0_f64.sqrt())).abs() < 1e-12);
        }
        assert_eq!(p_value(2, 0.0), 1.0);
        assert_eq!([p_value(2, f64::INFINITY), p_value(1, 0.0), p_value(0, 0.0)], [0.0; 3]);
    }

    #[test]
    fn what_always_happens_has_the_threshold_zero() {
        assert_eq!(threshold(5, 1.0), 0.0);
        assert!(threshold(5, 1.0 - 1e-6) > 0.0);
        // Half of Cauchy's law lies within 1, and 2/(πt) of it beyond a large t.
        assert!((threshold(2, 0.5) - 1.0).abs() < 1e-12);
        assert!((threshold(2, 1e-100) * std::f64::consts::FRAC_PI_2 * 1e-100 - 1.0).abs() < 1e-9);
    }
}
