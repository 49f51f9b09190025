//! Sums of positive terms, what is left out bounded by a geometric series; and Γ, whose quotients are the terms.

use std::cmp::Ordering;

use numbers::{Interval, Scalar};
use rug::{Float, Rational};

/// How fine a sum is meant to be, relatively, and the bits it takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fineness {
    /// What is left out may be 2^−`goal` of the whole.
    pub goal: u32,
    /// The precision of every operation.
    pub bits: u32,
}

/// Σ t of positive terms t, each with a bound r of every later ratio of neighbours.
///
/// After a term t with r < 1 no more than t r/(1 − r) is left; the sum ends where that is below 2^−`goal` of it.
pub(super) fn sum(terms: impl Iterator<Item = (Interval, Interval)>, goal: u32) -> Interval {
    sum_by(terms, |ratio| ratio, goal)
}

/// [`sum`] where a bound is asked for only where the terms are small.
pub(super) fn sum_by<T>(
    terms: impl Iterator<Item = (Interval, T)>,
    bound: impl Fn(T) -> Interval,
    goal: u32,
) -> Interval {
    let [zero, one] = [0, 1].map(Interval::from_integer);
    let negligible = Interval::from(Rational::from(1) >> goal);
    let mut sum = zero.clone();
    for (term, place) in terms {
        sum += &term;
        let allowed = sum.clone() * &negligible;
        if !is_positive(&(allowed.clone() - &term)) {
            continue;
        }
        let ratio = bound(place);
        let gap = one.clone() - &ratio;
        if is_positive(&gap) {
            let rest = term * ratio / gap;
            if is_positive(&(allowed - &rest)) {
                return sum + zero.hull(&rest, goal);
            }
        }
    }
    sum
}

pub(super) fn is_positive(x: &Interval) -> bool {
    x.sign().is_some_and(|sign| sign.is_gt())
}

/// Σ tₙ of n ≥ 0 outward from `peak`, by `ratio`(n): tₙ₊₁/tₙ and a bound of it and all later ones. A ratio of zero ends
/// the sum.
///
/// Where `peak` > 0 the ratios themselves must decrease.
pub(super) fn from_peak(
    (peak, at_peak): (u32, Interval),
    ratio: impl Fn(u32) -> (Interval, Interval),
    goal: u32,
) -> Interval {
    let up = |n: u32, term: Interval| (n, term, ratio(n));
    let ascent = std::iter::successors(Some(up(peak, at_peak.clone())), |(n, term, (rise, _))| {
        let next = term.clone() * rise;
        is_positive(&next).then(|| up(n + 1, next))
    });
    let down = |n: u32, term: Interval| {
        let before = n.checked_sub(1);
        let fall = before.map_or(Interval::from_integer(0), |n| Interval::from_integer(1) / ratio(n).0);
        (n, term, fall)
    };
    let descent = std::iter::successors(Some(down(peak, at_peak)), |(n, term, fall)| {
        Some(down(n.checked_sub(1)?, term.clone() * fall))
    });
    sum(ascent.map(|(_, term, (_, bound))| (term, bound)), goal)
        + sum(descent.skip(1).map(|(_, term, fall)| (term, fall)), goal)
}

/// Γ(x) of x > 0, by way of x + 2, from where on Γ increases.
pub(super) fn gamma(x: &Interval) -> Interval {
    let one = Interval::from_integer(1);
    let next = x.clone() + &one;
    (next.clone() + &one).increasing(64, Float::gamma_round) / (next * x)
}

/// x^y of x > 0.
pub(super) fn power(x: &Interval, y: &Interval) -> Interval {
    exp(&(ln(x) * y))
}

/// e^x.
pub(super) fn exp(x: &Interval) -> Interval {
    x.increasing(64, Float::exp_round)
}

/// log x of x > 0.
pub(super) fn ln(x: &Interval) -> Interval {
    x.increasing(64, Float::ln_round)
}

/// About the positive root of x² + bx = c, c ≥ 0: where the terms peak. Nothing is proved with it.
pub(super) fn positive_root(b: &Rational, c: &Rational) -> Float {
    let b = Float::with_val(64, b);
    let root = (b.clone().square() + Float::with_val(64, c) * 4u32).sqrt();
    if b > 0 {
        let denominator = b + root;
        Float::with_val(64, c) * 2u32 / denominator
    } else {
        (root - b) / 2u32
    }
}

/// The ratio at α and a bound of it and all later ones: ratios decrease if α ≥ 0, and increase with α.
pub(super) fn bounded(alpha: &Interval, ratio: impl Fn(&Interval) -> Interval) -> (Interval, Interval) {
    let here = ratio(alpha);
    let bound = match alpha.sign() {
        Some(Ordering::Less) => ratio(&Interval::from_integer(0)),
        _ => here.clone(),
    };
    (here, bound)
}

/// The whole part of where a term is largest; zero for what is negative.
pub(super) fn index(place: &Float) -> u32 {
    place.to_u32_saturating().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_left_out_of_a_geometric_series_is_in_its_enclosure(n in 1u32..99, goal in 4u32..100) {
            let ratio = Rational::from((n, 100));
            let terms = std::iter::successors(Some(Rational::from(1)), |term| Some(Rational::from(term * &ratio)));
            let terms = terms.map(|term| (Interval::from(term).rounded(200), Interval::from(ratio.clone())));
            let limit = (Rational::from(1) - &ratio).recip();
            let enclosed = sum(terms, goal);
            prop_assert!(enclosed.contains(&limit), "{enclosed} misses {limit}");
            prop_assert!(enclosed.width().is_some_and(|width| width <= limit >> (goal - 1)));
        }

        /// Wherever it starts: e^z = Σ zⁿ/n!.
        #[test]
        fn the_exponential_series_can_be_summed_from_any_term(z in 1u32..60, peak in 0u32..80, goal in 4u32..100) {
            let n = |n: u32| Interval::from_integer(i64::from(n)).rounded(200);
            let factorial = gamma(&n(peak + 1));
            let at_peak = power(&n(z), &n(peak)) / factorial;
            let ratio = |k| n(z) / n(k + 1);
            let enclosed = from_peak((peak, at_peak), |k| (ratio(k), ratio(k)), goal);
            prop_assert!((enclosed.clone() / exp(&n(z))).contains(&Rational::from(1)), "{enclosed}");
            prop_assert!(enclosed.digits() >= goal * 3 / 10);
        }
    }

    #[test]
    fn factorials_are_values_of_gamma() {
        let five = gamma(&Interval::from_integer(6).rounded(64));
        assert!(five.contains(&Rational::from(120)));
        // Γ(1/2)² = π, between 355/113 − 10⁻⁶ and 355/113.
        let half = gamma(&Interval::from(Rational::from((1, 2))).rounded(64));
        let square = half.clone() * &half;
        let above = Interval::from(Rational::from((355, 113)));
        let below = above.clone() - Interval::from(Rational::from((1, 1_000_000)));
        assert_eq!([above - &square, square - below].map(|gap| gap.sign()), [Some(Ordering::Greater); 2]);
    }

    #[test]
    fn peaks_are_roots() {
        for (b, c, root) in [(2, 3, 1), (-2, 3, 3), (0, 9, 3)] {
            assert_eq!(positive_root(&Rational::from(b), &Rational::from(c)), root);
        }
    }
}
