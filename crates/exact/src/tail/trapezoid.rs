//! The integral over s for any h, by the trapezoidal rule after s = e^t.

use std::collections::VecDeque;

use numbers::{Interval, Scalar};
use rug::float::{Constant, Round};
use rug::ops::{AssignRound, PowAssignRound};
use rug::{Float, Rational};

use super::finite::binomial;
use super::sums::{Fineness, exp, ln, positive_root, power, sum};

/// ∫₀^∞ (1 + s)^{h−1} s^α e^{−zs} ds, h = S/2, α > −1/2.
///
/// With s = e^t the integrand f(t) = (1 + e^t)^{h−1} e^{(α+1)t} exp(−z e^t) is analytic where |Im t| < π/2, so the sum
/// of δ f(t₀ + jδ) differs from the integral by at most
///
/// ```text
/// 2N/(e^{2πd/δ} − 1),    N ≥ ∫ |f(t + ib)| dt for all |b| < d < π/2.
/// ```
///
/// There 1 ≤ |1 + e^{t+ib}| ≤ 1 + e^t and |exp(−z e^{t+ib})| ≤ exp(−z cos d e^t), so that N may be the same integral
/// with ⌈h⌉ for h and z cos d for z, a sum of Γ. Any d, δ and t₀ are right; these are about the best.
///
/// # Source
/// Trefethen and Weideman, *The exponentially convergent trapezoidal rule*, SIAM Review 56 (2014), theorem 5.1.
pub(super) fn integral(batch_size: u32, alpha: &Rational, rate: &Rational, fineness: Fineness) -> Interval {
    let Fineness { goal, bits } = fineness;
    let [one, two] = [1, 2].map(Interval::from_integer);
    let shape = Rational::from((batch_size, 2));
    let Spacing { per_octave, spacing, error } = Spacing::new(batch_size, alpha, rate, fineness);
    let center = {
        let linear = Rational::from(1) - Rational::from(alpha + &shape) / rate;
        positive_root(&linear, &(Rational::from(alpha + 1) / rate))
    };
    let nodes = Nodes { batch_size, rate: Interval::from(rate.clone()).rounded(bits) };
    let exponent = Interval::from(Rational::from(alpha + 1)).rounded(bits);
    let s = Interval::from(rational(&center)).rounded(bits);
    let middle = nodes.at(nodes.decay(&s), power(&s, &exponent), s);

    let q = exp(&spacing);
    let raise = exp(&(spacing.clone() * &exponent));
    // (1 + s)^{h−1} grows by q^h at most for each step up, and by √q at most (where h = ½) for each step down.
    let rise = raise.clone() * exp(&(spacing.clone() * Interval::from(shape)));
    let fall = exp(&(spacing.clone() / two)) / &raise;
    let mut octave = VecDeque::from([middle.decay.clone()]);
    let upper = nodes.from(&middle, q.clone(), raise.clone(), rise, |s| nodes.decay(s));
    let lower = nodes.from(&middle, one.clone() / q, one / raise, fall, |s| {
        // exp(−zs/2)² = exp(−zs), and a root costs less than an exponential.
        let twice = if octave.len() == per_octave { octave.pop_front() } else { None };
        let decay = twice.map_or_else(|| nodes.decay(s), |decay| decay.increasing(COARSE, Float::sqrt_round));
        octave.push_back(decay.clone());
        decay
    });
    let total = (sum(upper, goal) + sum(lower, goal) + &middle.value) * spacing;
    total + (-error.clone()).hull(&error, COARSE)
}

/// δ, and what it costs.
struct Spacing {
    /// A whole number of nodes to the octave: those of the next lower octave are at half of s.
    per_octave: usize,
    /// δ = log 2 / `per_octave`.
    spacing: Interval,
    /// The bound of |sum − integral|.
    error: Interval,
}

impl Spacing {
    /// The widest δ, about, whose error is negligible.
    fn new(batch_size: u32, alpha: &Rational, rate: &Rational, fineness: Fineness) -> Self {
        let [one, two] = [1, 2].map(Interval::from_integer);
        let coarse = |x: &Rational| Float::with_val(COARSE, x);
        let bound = |rate: &Rational| {
            let fineness = Fineness { goal: 8, bits: COARSE };
            binomial(batch_size.div_ceil(2), alpha, rate, fineness)
        };
        // N grows like (cos d)^−(α + h), and e^{2πd/δ} has to make up for it.
        let accuracy = Float::with_val(COARSE, Constant::Log2) * fineness.goal;
        let growth = coarse(alpha) + coarse(&Rational::from((batch_size, 2))) + 1u32;
        // ⌈h⌉ for h costs another √(1 + s), at about the peak.
        let ceiling = (growth.clone() / coarse(rate) + 1u32).ln() / 2u32;
        let d = (accuracy.clone() * 2u32 / growth).sqrt().atan();
        let mut cosine = d.clone();
        cosine.cos_round(Round::Down);
        let strip = bound(&(rational(&cosine) * rate));
        let excess = ln(&(strip.clone() / bound(rate)));

        let pi = Interval::from_integer(0).increasing(COARSE, |x, round| x.assign_round(Constant::Pi, round));
        let turn = pi * &two * Interval::from(rational(&d));
        let octave = ln(&two.rounded(fineness.bits));
        let middle = |x: &Interval| coarse(&x.midpoint().unwrap_or_default());
        let per_octave = middle(&octave) * (accuracy + middle(&excess) + ceiling + 1u32) / middle(&turn);
        let per_octave = per_octave.ceil().to_u32_saturating().unwrap_or(u32::MAX).max(1);
        let spacing = octave / Interval::from_integer(i64::from(per_octave));
        let error = strip * two / (exp(&(turn / &spacing)) - one);
        Spacing { per_octave: per_octave as usize, spacing, error }
    }
}

/// Enough for sizes.
const COARSE: u32 = 64;

fn rational(x: &Float) -> Rational {
    x.to_rational().unwrap_or_default()
}

struct Nodes {
    batch_size: u32,
    rate: Interval,
}

#[derive(Clone)]
struct Node {
    s: Interval,
    /// s^{α+1}.
    power: Interval,
    /// e^{−zs}.
    decay: Interval,
    /// f.
    value: Interval,
}

impl Nodes {
    fn decay(&self, s: &Interval) -> Interval {
        exp(&-(s.clone() * &self.rate))
    }

    fn at(&self, decay: Interval, power: Interval, s: Interval) -> Node {
        let root = (s.clone() + Interval::from_integer(1)).increasing(COARSE, Float::sqrt_round);
        let value = power.clone() * &decay;
        let value = match self.batch_size.checked_sub(2) {
            None => value / root,
            Some(0) => value,
            Some(n) => value * root.increasing(COARSE, |x, round| x.pow_assign_round(n, round)),
        };
        Node { s, power, decay, value }
    }

    /// The values at the nodes after `first`, each s times `q`, with a bound of all later ratios of values.
    ///
    /// Such a ratio is at most `rise` times that of the decays, exp(−z(q − 1)s). Upward (q > 1) it falls as s grows,
    /// downward it falls to 1: either way the last one bounds the next.
    fn from(
        &self,
        first: &Node,
        q: Interval,
        raise: Interval,
        rise: Interval,
        mut decay: impl FnMut(&Interval) -> Interval,
    ) -> impl Iterator<Item = (Interval, Interval)> {
        let mut last = first.clone();
        std::iter::repeat_with(move || {
            let s = last.s.clone() * &q;
            let node = self.at(decay(&s), last.power.clone() * &raise, s);
            let ratio = node.decay.clone() / &last.decay * &rise;
            last = node;
            (last.value.clone(), ratio)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn agree(x: &Interval, y: &Interval) -> bool {
        (x.clone() - y).contains(&Rational::new())
    }

    fn is_narrow(x: &Interval, goal: u32) -> bool {
        x.width().zip(x.low()).is_some_and(|(width, low)| width <= low >> (goal - 4))
    }

    fn fine(goal: u32) -> Fineness {
        Fineness { goal, bits: goal + 40 }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// α down to −1/2, as far as the bounds reach.
        #[test]
        fn of_an_even_batch_it_is_the_finite_sum(
            half in 1u32..40, a in -49i64..3000, z in 1i64..4000, goal in 10u32..150
        ) {
            let [alpha, rate] = [a, z].map(|n| Rational::from((n, 100)));
            let trapezoid = integral(2 * half, &alpha, &rate, fine(goal));
            prop_assert!(is_narrow(&trapezoid, goal), "{trapezoid}");
            let finite = binomial(half, &alpha, &rate, fine(goal + 20));
            prop_assert!(agree(&trapezoid, &finite), "{trapezoid} against {finite}");
        }

        /// (1 + s)ʰ = (1 + s)^{h−1} (1 + s).
        #[test]
        fn it_obeys_the_recurrence_in_the_batch_size(
            half in 0u32..40, a in -49i64..3000, z in 1i64..4000, goal in 10u32..150
        ) {
            let [alpha, rate] = [a, z].map(|n| Rational::from((n, 100)));
            let odd = 2 * half + 1;
            let next_alpha = Rational::from(&alpha + 1);
            let sides = integral(odd, &alpha, &rate, fine(goal)) + integral(odd, &next_alpha, &rate, fine(goal));
            prop_assert!(is_narrow(&sides, goal), "{sides}");
            let next = integral(odd + 2, &alpha, &rate, fine(goal + 20));
            prop_assert!(agree(&sides, &next), "{sides} against {next}");
        }
    }
}
