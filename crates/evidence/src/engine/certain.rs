//! Readings of enclosures: how large something is at least and at most, and which of its digits are certain.

use std::cmp::Ordering;

use numbers::{Interval, Matrix};
use rug::float::Round;
use rug::{Float, Rational};

use crate::instance::in_brackets;

/// The precision of an enclosure that stands for a double and the bound on its error: digits enough for both.
pub(crate) const BITS: u32 = 256;

/// A number that is not negative, between two doubles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bounds {
    /// At most the number.
    pub(crate) low: f64,
    /// At least the number.
    pub(crate) high: f64,
}

impl Bounds {
    /// Bounds of a number that is known as well as a double can say it.
    pub(crate) fn exactly(value: f64) -> Self {
        Bounds { low: value, high: value }
    }

    /// Bounds of the Frobenius norm of a matrix.
    pub(crate) fn of_norm(M: &Matrix<Interval>) -> Self {
        let mut sums = [Rational::new(), Rational::new()];
        for entry in M {
            let (Some(low), Some(high)) = (entry.low(), entry.high()) else {
                return Bounds { low: 0.0, high: f64::INFINITY };
            };
            let [least, largest] = match low.cmp_abs(&high) {
                Ordering::Greater => [high, low],
                _ => [low, high],
            };
            if entry.sign().is_some() {
                sums[0] += least.square();
            }
            sums[1] += largest.square();
        }
        let [low, high] = sums;
        let root = |sum: &Rational, round: Round| {
            let mut value = Float::with_val_round(BITS, sum, round).0;
            value.sqrt_round(round);
            value.to_f64_round(round)
        };
        Bounds { low: root(&low, Round::Down), high: root(&high, Round::Up) }
    }

    /// The quotient of the number and a unit. 0 over any unit is 0; any other number over 0 is infinite.
    pub(crate) fn over(self, unit: Bounds) -> Self {
        let quotient = |part: f64, whole: f64| if part == 0.0 { 0.0 } else { part / whole };
        if self.low == self.high && unit.low == unit.high {
            return Bounds::exactly(quotient(self.low, unit.low));
        }
        if unit.high == 0.0 {
            return Bounds::exactly(f64::INFINITY);
        }
        let (low, high) = (quotient(self.low, unit.high), quotient(self.high, unit.low));
        // Each quotient is rounded once, so that the next double is a bound.
        Bounds { low: low.next_down().max(0.0), high: if high == 0.0 { 0.0 } else { high.next_up() } }
    }

    /// The middle between the bounds; infinite where there is no upper bound.
    pub(crate) fn middle(self) -> f64 {
        self.low + (self.high - self.low) / 2.0
    }

    /// The number with as many decimals as are certain, up to `decimals`.
    pub(crate) fn text(self, decimals: usize) -> String {
        certain_digits(self.low, self.high, decimals)
    }
}

/// An enclosure of a number, given a double and a bound on its error; `None` where either of these is not finite.
pub(crate) fn around(value: f64, error: f64) -> Option<Interval> {
    let (value, error) = (Rational::from_f64(value)?, Rational::from_f64(error)?);
    if error.is_zero() {
        return Some(Interval::from(value));
    }
    let [low, high] = [Rational::from(&value - &error), value + error].map(Interval::from);
    Some(low.hull(&high, BITS))
}

/// Whether two numbers differ, for certain, from the enclosure of their difference.
pub(crate) fn is_nonzero(difference: &Interval) -> bool {
    difference.sign().is_some_and(Ordering::is_ne)
}

/// A matrix as text, each entry to seven decimals or as many as are certain. An entry that may be zero and is at most
/// `negligible` is printed as 0.
pub(crate) fn digits(M: &Matrix<Interval>, negligible: f64) -> String {
    in_brackets(&M.map(|entry| {
        let (Some(low), Some(high)) = (entry.low(), entry.high()) else { return "unbounded".into() };
        let outward = |end: Rational, round| Float::with_val_round(BITS, end, round).0.to_f64_round(round);
        let (low, high) = (outward(low, Round::Down), outward(high, Round::Up));
        let is_small = !is_nonzero(&entry) && low.abs().max(high.abs()) <= negligible;
        if is_small { "0".into() } else { certain_digits(low, high, 7) }
    }))
}

/// A number between two ends, with the decimals that the ends have in common; both ends, where they have none.
fn certain_digits(low: f64, high: f64, decimals: usize) -> String {
    let common = (0..=decimals).rev().find_map(|decimals| {
        let [low, high] = [low, high].map(|end| format!("{end:.decimals$e}"));
        (low == high).then_some(low)
    });
    common.unwrap_or_else(|| format!("{low:.0e} to {high:.0e}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_norm_is_between_its_bounds(
            values in prop::collection::vec(-9.0..9.0_f64, 4), errors in prop::collection::vec(0.0..2.0_f64, 4),
            parts in prop::collection::vec(-1.0..1.0_f64, 4),
        ) {
            let pairs = values.iter().zip(&errors);
            let M = Matrix::from_iterator(2, 2, pairs.map(|(value, error)| around(*value, *error).unwrap()));
            let Bounds { low, high } = Bounds::of_norm(&M);
            let inside = values.iter().zip(&errors).zip(&parts).map(|((value, error), part)| value + error * part);
            let norm = inside.map(|v| v * v).sum::<f64>().sqrt();
            prop_assert!(low <= norm * (1.0 + 1e-14) && norm * (1.0 - 1e-14) <= high, "{} {} {}", low, norm, high);
        }

        /// A text that is printed is right for both ends, rounded to as many digits.
        #[test]
        fn digits_that_are_printed_are_those_of_both_ends(value in 0.1..9.0_f64, exponent in -17..0_i32) {
            let error = value * 10_f64.powi(exponent);
            let text = certain_digits(value - error, value + error, 7);
            prop_assume!(!text.contains("to"));
            let decimals = text.split_once('e').unwrap().0.len().saturating_sub(2);
            for end in [value - error, value + error] {
                prop_assert_eq!(format!("{end:.decimals$e}"), text.clone());
            }
        }
    }

    #[test]
    fn no_digit_is_printed_that_is_not_certain() {
        let one = |value, error| digits(&Matrix::from_element(1, 1, around(value, error).unwrap()), 1e-12);
        assert_eq!(one(0.1, 0.0), "1.0000000e-1");
        assert_eq!(one(0.123_456_789, 1e-6), "1.2346e-1");
        assert_eq!(one(0.123_456_789, 1.0), "-9e-1 to 1e0");
        assert_eq!(one(1e-14, 1e-13), "0");
        assert_eq!(one(1.2e-14, 1e-16), "1.2e-14");
        // Half-way between two texts it is not known which of them is nearer.
        assert_eq!(one(2.441_406_25e-4, 1e-18), "2.441406e-4");
        assert_eq!(around(f64::NAN, 0.0), None);
        assert_eq!(around(1.0, f64::INFINITY), None);
    }

    #[test]
    fn a_quotient_of_nothing_is_nothing() {
        let zero = Bounds::exactly(0.0);
        assert_eq!(zero.over(zero), zero);
        assert_eq!(Bounds::exactly(2.0).over(zero), Bounds::exactly(f64::INFINITY));
        let error = Bounds { low: 1.0, high: 2.0 };
        assert_eq!(error.over(zero), Bounds::exactly(f64::INFINITY));
        assert_eq!(
            error.over(Bounds { low: 0.0, high: 1.0 }),
            Bounds { low: 1.0_f64.next_down(), high: f64::INFINITY }
        );
    }
}
