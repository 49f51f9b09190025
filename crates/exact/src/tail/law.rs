//! E|ρ|^α of one step, enclosed.

use numbers::{Interval, Scalar};
use rug::Rational;

use super::finite::binomial;
use super::sums::{Fineness, bounded, exp, from_peak, gamma, index, ln, positive_root, power};
use super::trapezoid;

/// ρ = 1 − Y/z, Y ~ Γ(h, 1), h = S/2, z = S/(2L).
#[derive(Debug, Clone)]
pub(super) struct Law {
    /// S.
    pub batch_size: u32,
    /// z.
    pub rate: Rational,
}

impl Law {
    pub(super) fn new(step_size: &Rational, batch_size: u32) -> Self {
        Law { batch_size, rate: Rational::from((batch_size, 2)) / step_size }
    }

    /// E|ρ|^α of α > −1/2, to about `precision` bits.
    pub(super) fn moment(&self, alpha: &Rational, precision: u32) -> Interval {
        let shape = Rational::from((self.batch_size, 2));
        // Exponents as large as z, h log z and (α + 1) log z lose bits, and so does every product of thousands.
        let size = Rational::from(alpha + &shape) + &self.rate;
        let lost = size.ceil().numer().significant_bits();
        let fineness = Fineness { goal: precision + 8, bits: precision + 16 + 2 * lost };
        let [h, z] = [&shape, &self.rate].map(|x| Interval::from(x.clone()).rounded(fineness.bits));
        let density = exp(&(ln(&z) * &h - z)) / gamma(&h);
        let [below, above] = [below, above].map(|part| part(self.batch_size, alpha, &self.rate, fineness));
        (below + above) * density
    }

    /// (1/α) log E|ρ|^α: the slope of the chord from 0, which increases with α.
    pub(super) fn chord(&self, alpha: &Rational, precision: u32) -> Interval {
        ln(&self.moment(alpha, precision)) / Interval::from(alpha.clone())
    }

    /// E log|ρ|, the slope at 0, between those of the chords to ±2^−`precision`.
    pub(super) fn mean_log(&self, precision: u32) -> Interval {
        let near = Rational::from(1) >> precision;
        let below = self.chord(&-near.clone(), 2 * precision);
        below.hull(&self.chord(&near, 2 * precision), precision)
    }
}

/// Σ_{n≥0} zⁿ/n! B(α + n + 1, h).
fn below(batch_size: u32, alpha: &Rational, rate: &Rational, fineness: Fineness) -> Interval {
    let bits = fineness.bits;
    let shape = Rational::from((batch_size, 2));
    let n = |n: u32| Interval::from_integer(i64::from(n)).rounded(bits);
    let [a, h, z] = [alpha, &shape, rate].map(|x| Interval::from(x.clone()).rounded(bits));
    let peak = if *alpha > 0 {
        let linear = Rational::from(alpha + &shape) - rate;
        index(&positive_root(&linear, &Rational::from(alpha * rate)))
    } else {
        0
    };
    let at_peak = {
        let a = a.clone() + n(peak) + n(1);
        power(&z, &n(peak)) * gamma(&a) * gamma(&h) / (gamma(&(n(peak) + n(1))) * gamma(&(a + &h)))
    };
    let ratio = |a: &Interval, k: u32| {
        let m = n(k + 1);
        let a = a.clone() + &m;
        a.clone() * &z / ((a + &h) * m)
    };
    from_peak((peak, at_peak), |k| bounded(&a, |a| ratio(a, k)), fineness.goal)
}

/// ∫₀^∞ (1 + s)^{h−1} s^α e^{−zs} ds.
fn above(batch_size: u32, alpha: &Rational, rate: &Rational, fineness: Fineness) -> Interval {
    if batch_size.is_multiple_of(2) {
        binomial(batch_size / 2, alpha, rate, fineness)
    } else {
        trapezoid::integral(batch_size, alpha, rate, fineness)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rug::float::Round;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// For S = 2, by parts: E log|1 − Y/z| = −e^{−z} Ei(z).
        #[test]
        fn the_mean_logarithm_of_pairs_is_an_exponential_integral(n in 1i64..3000, precision in 8u32..100) {
            let law = Law { batch_size: 2, rate: Rational::from((n, 100)) };
            let z = Interval::from(law.rate.clone()).rounded(300);
            let exact = -(exp(&-z.clone()) * z.increasing(300, |x, round: Round| x.eint_round(round)));
            let enclosed = law.mean_log(precision);
            let gap = enclosed.clone() - exact;
            prop_assert!(gap.contains(&Rational::new()), "{gap}");
            // The slopes of the chords differ by about the variance of the logarithm.
            prop_assert!(enclosed.width().is_some_and(|width| width <= Rational::from(64) >> precision), "{enclosed}");
        }
    }
}
