//! Double-double arithmetic: twice the precision of a double.

use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use num_traits::{One, Zero};
#[cfg(feature = "rational")]
use rug::Rational;

use super::{Scalar, by_reference};
#[cfg(feature = "rational")]
use crate::nearest_f64;

/// An unevaluated sum of two doubles, the second below half a unit in the last place of the first: about 106 bits.
///
/// The relative error of a sum, a difference, a product and a quotient is at most 2⁻¹⁰⁰, unless the exact result of an
/// operation on the way is below 10⁻²⁷⁰ or above 10²⁹⁰. As for doubles, what is too large is infinite or NaN.
///
/// The first of the two is the double nearest to their sum, so that numbers are ordered as the pairs are.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct DoubleDouble {
    high: f64,
    low: f64,
}

impl DoubleDouble {
    /// A bound on the relative error of one operation.
    pub const UNIT: f64 = 1.0 / (1_u128 << 100) as f64;

    /// The nearest double.
    pub fn nearest(self) -> f64 {
        self.high
    }

    /// The number less its nearest double.
    pub fn rest(self) -> f64 {
        self.low
    }

    /// The double nearest to a rational, and the double nearest to the rest: right to 2⁻¹⁰⁶ of the value, but for
    /// 2⁻¹⁰⁷⁵.
    #[cfg(feature = "rational")]
    pub fn from_rational(value: &Rational) -> Self {
        let high = nearest_f64(value);
        // Nothing is left of what is too large for a double.
        let low = Rational::from_f64(high).map_or(0.0, |high| nearest_f64(&(value - high)));
        DoubleDouble { high, low }
    }

    /// The number itself; `None` where it is infinite or NaN.
    #[cfg(feature = "rational")]
    pub fn to_rational(self) -> Option<Rational> {
        Some(Rational::from_f64(self.high)? + Rational::from_f64(self.low)?)
    }

    /// |x|.
    pub fn abs(self) -> Self {
        if self.high < 0.0 { -self } else { self }
    }

    /// √x, with a relative error of at most [`UNIT`](DoubleDouble::UNIT) within the limits that hold for a product; NaN
    /// where x is negative.
    pub fn sqrt(self) -> Self {
        let root = self.high.sqrt();
        if root == 0.0 || !root.is_finite() {
            return root.into();
        }
        // One step of Newton's method, for which a double has enough digits.
        let rest = self - DoubleDouble::product(root, root);
        DoubleDouble::ordered(root, rest.high / (2.0 * root))
    }

    /// sums\[i\] += c·terms\[i\], for as many as there are of both. Sums of products take a third of the time so.
    ///
    /// The error is at most [`UNIT`](DoubleDouble::UNIT) times |sums\[i\]| + |c·terms\[i\]|, which is not small where
    /// the two cancel.
    pub fn add_multiple(sums: &mut [DoubleDouble], c: DoubleDouble, terms: &[DoubleDouble]) {
        let parts = DoubleDouble::split(c.high);
        for (sum, term) in sums.iter_mut().zip(terms) {
            let product = DoubleDouble::product_of_parts((term.high, DoubleDouble::split(term.high)), (c.high, parts));
            let low = product.low + (term.high * c.low + term.low * c.high);
            let high = DoubleDouble::sum(sum.high, product.high);
            *sum = DoubleDouble::ordered(high.high, high.low + (sum.low + low));
        }
    }

    /// s + t for |s| ≥ |t|.
    fn ordered(s: f64, t: f64) -> Self {
        let high = s + t;
        DoubleDouble { high, low: t - (high - s) }
    }

    /// s + t, exactly (Knuth).
    fn sum(s: f64, t: f64) -> Self {
        let high = s + t;
        let of_t = high - s;
        DoubleDouble { high, low: (s - (high - of_t)) + (t - of_t) }
    }

    /// Two parts of 26 bits each, so that products of parts are exact.
    fn split(v: f64) -> (f64, f64) {
        let shifted = 134_217_729.0 * v;
        let head = shifted - (shifted - v);
        (head, v - head)
    }

    /// s t, exactly (Dekker).
    fn product(s: f64, t: f64) -> Self {
        DoubleDouble::product_of_parts((s, DoubleDouble::split(s)), (t, DoubleDouble::split(t)))
    }

    fn product_of_parts((s, (s1, s2)): (f64, (f64, f64)), (t, (t1, t2)): (f64, (f64, f64))) -> Self {
        let high = s * t;
        DoubleDouble { high, low: ((s1 * t1 - high) + s1 * t2 + s2 * t1) + s2 * t2 }
    }
}

impl From<f64> for DoubleDouble {
    fn from(value: f64) -> Self {
        DoubleDouble { high: value, low: 0.0 }
    }
}

impl Add for DoubleDouble {
    type Output = DoubleDouble;
    fn add(self, other: Self) -> Self {
        let (high, low) = (DoubleDouble::sum(self.high, other.high), DoubleDouble::sum(self.low, other.low));
        let first = DoubleDouble::ordered(high.high, high.low + low.high);
        DoubleDouble::ordered(first.high, first.low + low.low)
    }
}

impl Sub for DoubleDouble {
    type Output = DoubleDouble;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for DoubleDouble {
    type Output = DoubleDouble;
    fn mul(self, other: Self) -> Self {
        let product = DoubleDouble::product(self.high, other.high);
        DoubleDouble::ordered(product.high, product.low + (self.high * other.low + self.low * other.high))
    }
}

impl Div for DoubleDouble {
    type Output = DoubleDouble;
    fn div(self, other: Self) -> Self {
        let first = DoubleDouble::from(self.high / other.high);
        let rest = self - other * first;
        let second = DoubleDouble::from(rest.high / other.high);
        let rest = rest - other * second;
        first + second + DoubleDouble::from(rest.high / other.high)
    }
}

impl Neg for DoubleDouble {
    type Output = DoubleDouble;
    fn neg(self) -> Self {
        DoubleDouble { high: -self.high, low: -self.low }
    }
}

by_reference!(DoubleDouble);

impl Zero for DoubleDouble {
    fn zero() -> Self {
        0.0.into()
    }
    fn is_zero(&self) -> bool {
        self.high == 0.0
    }
}

impl One for DoubleDouble {
    fn one() -> Self {
        1.0.into()
    }
}

impl Scalar for DoubleDouble {
    fn from_integer(value: i64) -> Self {
        let high = value as f64;
        // Both fit: |value − high| is at most 2⁹.
        DoubleDouble { high, low: (i128::from(value) - high as i128) as f64 }
    }

    fn outweighs(&self, other: &Self) -> bool {
        self.high.abs() > other.high.abs()
    }
}

#[cfg(test)]
#[cfg(feature = "rational")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exactly(value: DoubleDouble) -> Rational {
        value.to_rational().unwrap()
    }

    /// Doubles from 10⁻⁶⁰ to 10⁶⁰, so that no part of a product is lost, and pairs that almost cancel.
    fn double() -> impl Strategy<Value = f64> {
        (-1.0..1.0, -200..200_i32).prop_map(|(v, e): (f64, i32)| v * 2.0_f64.powi(e))
    }

    fn double_double() -> impl Strategy<Value = DoubleDouble> {
        (double(), -1.0..1.0).prop_map(|(high, part): (f64, f64)| DoubleDouble::ordered(high, high * part * 1e-16))
    }

    proptest! {
        #[test]
        fn every_operation_keeps_a_hundred_bits(x in double_double(), y in double_double(), close in any::<bool>()) {
            let y = if close { -x + x * DoubleDouble::from(1e-20) } else { y };
            let (p, q) = (exactly(x), exactly(y));
            let mut pairs = vec![
                (x + y, Rational::from(&p + &q)),
                (x - y, Rational::from(&p - &q)),
                (x * y, Rational::from(&p * &q)),
            ];
            if q != 0 {
                pairs.push((x / y, Rational::from(&p / &q)));
            }
            for (rounded, exact) in pairs {
                let error = (exactly(rounded) - &exact).abs();
                let unit = Rational::from_f64(DoubleDouble::UNIT).unwrap();
                prop_assert!(error <= exact.abs() * unit, "{x:?} {y:?} {rounded:?}");
            }
        }

        #[test]
        fn a_multiple_is_added_to_a_hundred_bits_of_the_larger(
            sums in prop::collection::vec(double_double(), 5),
            terms in prop::collection::vec(double_double(), 5),
            c in double_double(),
            close: bool,
        ) {
            let sums = Vec::from_iter(sums.iter().zip(&terms).map(|(sum, term)| if close { -*term * c } else { *sum }));
            let mut found = sums.clone();
            DoubleDouble::add_multiple(&mut found, c, &terms);
            for ((found, sum), term) in found.into_iter().zip(sums).zip(terms) {
                let (sum, product) = (exactly(sum), exactly(term) * exactly(c));
                let error = (exactly(found) - Rational::from(&sum + &product)).abs();
                prop_assert!(error <= (sum.abs() + product.abs()) * Rational::from_f64(DoubleDouble::UNIT).unwrap());
            }
        }

        #[test]
        fn a_root_keeps_a_hundred_bits(x in double_double()) {
            let x = x.abs();
            let error = (exactly(x.sqrt()).square() - exactly(x)).abs();
            prop_assert!(error <= exactly(x) * Rational::from_f64(DoubleDouble::UNIT).unwrap(), "{x:?} {:?}", x.sqrt());
            prop_assert!(x.is_zero() || (-x).sqrt().nearest().is_nan());
        }

        #[test]
        fn the_order_is_that_of_the_numbers(x in double_double(), y in double_double(), close in any::<bool>()) {
            let y = if close { x + x * DoubleDouble::from(1e-20) } else { y };
            prop_assert_eq!(x.partial_cmp(&y), exactly(x).partial_cmp(&exactly(y)));
            prop_assert_eq!(exactly(x.abs()), exactly(x).abs());
        }

        #[test]
        fn integers_are_exact(value: i64) {
            prop_assert_eq!(exactly(DoubleDouble::from_integer(value)), value);
        }
    }
}
