//! The integral over s for an integer h: a finite sum of Γ.

use numbers::{Interval, Scalar};
use rug::Rational;

use super::sums::{Fineness, bounded, from_peak, gamma, index, positive_root, power};

/// ∫₀^∞ (1 + s)^{h−1} s^α e^{−zs} ds of an integer h ≥ 1 and α > −1: Σ_{k<h} (h−1 choose k) Γ(α + k + 1) z^{−α−k−1}.
pub(super) fn binomial(shape: u32, alpha: &Rational, rate: &Rational, fineness: Fineness) -> Interval {
    let bits = fineness.bits;
    let n = |n: u32| Interval::from_integer(i64::from(n)).rounded(bits);
    let [a, z] = [alpha, rate].map(|x| Interval::from(x.clone()).rounded(bits));
    let peak = if *alpha > 0 {
        let linear = Rational::from(alpha + rate) - shape;
        index(&positive_root(&linear, &Rational::from(alpha * shape))).min(shape - 1)
    } else {
        0
    };
    let at_peak = {
        let a = a.clone() + n(peak) + n(1);
        gamma(&a) * gamma(&n(shape)) / (gamma(&(n(peak) + n(1))) * gamma(&n(shape - peak)) * power(&z, &a))
    };
    let ratio = |a: &Interval, k: u32| {
        let m = n(k + 1);
        (a.clone() + &m) * n(shape - 1 - k) / (m * &z)
    };
    from_peak((peak, at_peak), |k| bounded(&a, |a| ratio(a, k)), fineness.goal)
}
