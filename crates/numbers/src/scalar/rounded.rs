//! Numbers of any precision, every operation rounded to the nearest: they show what a formula loses at that precision.

use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use num_traits::{One, Zero};
use rug::float::{prec_max, prec_min};
use rug::{Float, Rational};

use super::{Scalar, by_reference};
use crate::interval::PrecisionError;

/// An MPFR number, or an exact rational that has not met one yet.
///
/// Integers and what is made of them stay exact, because [`Scalar::from_integer`] knows no precision; beside a rounded
/// number they are rounded to its precision. As for doubles, a division by zero is infinite or NaN.
#[derive(Debug, Clone, PartialEq)]
pub struct Rounded(Value);

#[derive(Debug, Clone, PartialEq)]
enum Value {
    Exact(Rational),
    Float(Float),
}

impl Rounded {
    /// The nearest number of `precision` bits.
    ///
    /// # Errors
    /// [`PrecisionError`] where MPFR has no such precision.
    pub fn nearest(value: &Rational, precision: u32) -> Result<Self, PrecisionError> {
        if (prec_min()..=prec_max()).contains(&precision) {
            Ok(Rounded(Value::Float(Float::with_val(precision, value))))
        } else {
            Err(PrecisionError { bits: precision })
        }
    }

    /// The number itself; `None` where it is infinite or NaN.
    pub fn to_rational(&self) -> Option<Rational> {
        match &self.0 {
            Value::Exact(value) => Some(value.clone()),
            Value::Float(value) => value.to_rational(),
        }
    }

    /// An operation: exact where both sides are, otherwise at the precision of the left side, or of the right one where
    /// the left is exact.
    fn combine(
        self,
        other: Self,
        exact: impl FnOnce(Rational, Rational) -> Rational,
        rounded: impl FnOnce(Float, Float) -> Float,
    ) -> Self {
        Rounded(match (self.0, other.0) {
            (Value::Exact(x), Value::Exact(y)) => Value::Exact(exact(x, y)),
            (Value::Exact(x), Value::Float(y)) => Value::Float(rounded(Float::with_val(y.prec(), x), y)),
            (Value::Float(x), Value::Exact(y)) => {
                let precision = x.prec();
                Value::Float(rounded(x, Float::with_val(precision, y)))
            }
            (Value::Float(x), Value::Float(y)) => Value::Float(rounded(x, y)),
        })
    }
}

impl Add for Rounded {
    type Output = Rounded;
    fn add(self, other: Self) -> Self {
        self.combine(other, |x, y| x + y, |x, y| x + y)
    }
}

impl Sub for Rounded {
    type Output = Rounded;
    fn sub(self, other: Self) -> Self {
        self.combine(other, |x, y| x - y, |x, y| x - y)
    }
}

impl Mul for Rounded {
    type Output = Rounded;
    fn mul(self, other: Self) -> Self {
        self.combine(other, |x, y| x * y, |x, y| x * y)
    }
}

impl Div for Rounded {
    type Output = Rounded;
    fn div(self, other: Self) -> Self {
        match (self.0, other.0) {
            // Among rationals there is no infinity.
            (Value::Exact(x), Value::Exact(y)) if y.is_zero() => {
                let [x, y] = [x, y].map(|value| Float::with_val(prec_min(), value));
                Rounded(Value::Float(x / y))
            }
            (x, y) => Rounded(x).combine(Rounded(y), |x, y| x / y, |x, y| x / y),
        }
    }
}

impl Neg for Rounded {
    type Output = Rounded;
    fn neg(self) -> Self {
        Rounded(match self.0 {
            Value::Exact(value) => Value::Exact(-value),
            Value::Float(value) => Value::Float(-value),
        })
    }
}

by_reference!(Rounded);

impl Zero for Rounded {
    fn zero() -> Self {
        Rounded(Value::Exact(Rational::new()))
    }
    fn is_zero(&self) -> bool {
        match &self.0 {
            Value::Exact(value) => value.is_zero(),
            Value::Float(value) => value.is_zero(),
        }
    }
}

impl One for Rounded {
    fn one() -> Self {
        Rounded(Value::Exact(Rational::from(1)))
    }
}

impl Scalar for Rounded {
    fn from_integer(value: i64) -> Self {
        Rounded(Value::Exact(Rational::from(value)))
    }

    fn outweighs(&self, other: &Self) -> bool {
        let size = |x: &Self| match &x.0 {
            Value::Exact(value) => Float::with_val(f64::MANTISSA_DIGITS, value).abs(),
            Value::Float(value) => value.clone().abs(),
        };
        size(self) > size(other)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::matrix::{self, Matrix};

    fn double(value: &Rounded) -> f64 {
        crate::nearest_f64(&value.to_rational().unwrap())
    }

    proptest! {
        /// 53 bits are a double, as long as nothing overflows.
        #[test]
        fn fifty_three_bits_are_a_double(entries in prop::array::uniform6(-1.0e3..1.0e3)) {
            let M = Matrix::from_row_slice(2, 2, &entries[..4]);
            let side = Matrix::from_row_slice(2, 1, &entries[4..]);
            let rounded = |M: &Matrix<f64>| {
                M.map(|v| Rounded::nearest(&Rational::from_f64(v).unwrap(), f64::MANTISSA_DIGITS).unwrap())
            };
            let (Ok(X), Ok(Y)) = (matrix::solve(&M, &side), matrix::solve(&rounded(&M), &rounded(&side))) else {
                return Err(TestCaseError::reject("singular"));
            };
            prop_assert_eq!(X, Y.map(|v| double(&v)));
        }
    }

    #[test]
    fn constants_are_exact_until_they_meet_a_rounded_number() {
        let third = Rounded::from_integer(1) / Rounded::from_integer(3);
        assert_eq!(third.to_rational(), Some(Rational::from((1, 3))));
        let product = third * Rounded::nearest(&Rational::from(1), 24).unwrap();
        assert_eq!(double(&product), f64::from(1.0_f32 / 3.0));
    }

    #[test]
    fn a_division_by_zero_is_no_number() {
        for zero in [Rounded::zero(), Rounded::nearest(&Rational::new(), 24).unwrap()] {
            assert_eq!((Rounded::one() / zero.clone()).to_rational(), None);
            assert_eq!((zero.clone() / zero).to_rational(), None);
        }
        assert_eq!(Rounded::nearest(&Rational::new(), 0), Err(PrecisionError { bits: 0 }));
    }
}
