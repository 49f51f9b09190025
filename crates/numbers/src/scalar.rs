//! The numbers that a closed form may be evaluated over.

#[cfg(feature = "rational")]
mod degrees;
mod double_double;
#[cfg(feature = "rational")]
mod residue;
#[cfg(feature = "rational")]
mod rounded;

use std::ops::{Add, Div, Mul, Neg, Sub};

use nalgebra::{ClosedAddAssign, ClosedDivAssign, ClosedMulAssign, ClosedSubAssign};
use num_traits::{One, Zero};
#[cfg(feature = "rational")]
use rug::{Float, Rational, float::Round};

use crate::matrix::dense::{Matrix, Singular};

#[cfg(feature = "rational")]
pub use degrees::{Degrees, DegreesError, NumeratorBounds};
pub use double_double::DoubleDouble;
#[cfg(feature = "rational")]
pub use residue::Residue;
#[cfg(feature = "rational")]
pub use rounded::Rounded;

/// The operators that take their right side by reference or assign, from those by value.
macro_rules! by_reference {
    ($type:ty) => {
        by_reference!($type, Add, add, AddAssign, add_assign);
        by_reference!($type, Sub, sub, SubAssign, sub_assign);
        by_reference!($type, Mul, mul, MulAssign, mul_assign);
        by_reference!($type, Div, div, DivAssign, div_assign);
    };
    ($type:ty, $trait:ident, $method:ident, $assign:ident, $assign_method:ident) => {
        impl $trait<&$type> for $type {
            type Output = $type;
            fn $method(self, other: &$type) -> $type {
                $trait::$method(self, other.clone())
            }
        }

        impl $assign for $type {
            fn $assign_method(&mut self, other: $type) {
                *self = $trait::$method(self.clone(), other);
            }
        }
    };
}
pub(crate) use by_reference;

/// A field element: what a closed form is written over.
///
/// Operators take their right side by value or by reference, so that a formula reads `n(1) - mu` with
/// `let n = T::from_integer`. Nothing here knows about order, rounding or size: a closed form that needs them is no
/// closed form. There are two exceptions: [`outweighs`](Scalar::outweighs), for elimination in rounded arithmetic, and
/// [`IS_EXACT`](Scalar::IS_EXACT), for the rank of a matrix.
pub trait Scalar:
    nalgebra::Scalar
    + Zero
    + One
    + Neg<Output = Self>
    + ClosedAddAssign
    + ClosedSubAssign
    + ClosedMulAssign
    + ClosedDivAssign
    + for<'a> Add<&'a Self, Output = Self>
    + for<'a> Sub<&'a Self, Output = Self>
    + for<'a> Mul<&'a Self, Output = Self>
    + for<'a> Div<&'a Self, Output = Self>
{
    /// Whether a value that is zero is known to be zero, and what is known to be zero is: nothing is rounded, and no bound
    /// stands in place of a number. Only then a matrix has a rank.
    const IS_EXACT: bool = false;

    /// The image of an integer in the field.
    fn from_integer(value: i64) -> Self;

    /// Whether `self` is the better pivot. Exact fields answer by cost, rounded ones by magnitude; zero is never
    /// better.
    fn outweighs(&self, other: &Self) -> bool;

    /// X with M X = `right`; [`matrix::solve`](crate::matrix::solve) is its front door. It is found by elimination,
    /// unless a field knows better.
    ///
    /// # Errors
    /// [`Singular`].
    fn solve(M: &Matrix<Self>, right: &Matrix<Self>) -> Result<Matrix<Self>, Singular> {
        eliminate(M, right)
    }
}

/// X with M X = `right`, by elimination with row exchanges.
pub(crate) fn eliminate<T: Scalar>(M: &Matrix<T>, right: &Matrix<T>) -> Result<Matrix<T>, Singular> {
    let order = M.nrows();
    assert!(M.is_square() && right.nrows() == order, "solve: shapes {:?}, {:?}", M.shape(), right.shape());
    let (mut M, mut X) = (M.clone(), right.clone());
    for k in 0..order {
        let pivot = (k + 1..order).fold(k, |best, i| if M[(i, k)].outweighs(&M[(best, k)]) { i } else { best });
        if M[(pivot, k)].is_zero() {
            return Err(Singular { order, column: k });
        }
        M.swap_rows(k, pivot);
        X.swap_rows(k, pivot);
        // One division a pivot: in some fields it costs as much as hundreds of products.
        let reciprocal = T::one() / &M[(k, k)];
        for j in k + 1..order {
            M[(k, j)] *= reciprocal.clone();
        }
        for j in 0..X.ncols() {
            X[(k, j)] *= reciprocal.clone();
        }
        for i in 0..order {
            if i == k || M[(i, k)].is_zero() {
                continue;
            }
            let factor = M[(i, k)].clone();
            for j in k + 1..order {
                if M[(k, j)].is_zero() {
                    continue;
                }
                let step = factor.clone() * &M[(k, j)];
                M[(i, j)] -= step;
            }
            for j in 0..X.ncols() {
                let step = factor.clone() * &X[(k, j)];
                X[(i, j)] -= step;
            }
        }
    }
    Ok(X)
}

macro_rules! hardware {
    ($type:ty) => {
        impl Scalar for $type {
            fn from_integer(value: i64) -> Self {
                value as $type
            }

            fn outweighs(&self, other: &Self) -> bool {
                self.abs() > other.abs()
            }
        }
    };
}

hardware!(f32);
hardware!(f64);

#[cfg(feature = "rational")]
impl Scalar for Rational {
    const IS_EXACT: bool = true;

    fn from_integer(value: i64) -> Self {
        Rational::from(value)
    }

    /// Any nonzero pivot is exact; the shorter one keeps the intermediate fractions short.
    fn outweighs(&self, other: &Self) -> bool {
        let length = |q: &Rational| q.numer().significant_bits() + q.denom().significant_bits();
        !self.is_zero() && (other.is_zero() || length(self) < length(other))
    }
}

/// The double nearest to a rational, ties to even. (`Rational::to_f64` truncates.)
#[cfg(feature = "rational")]
pub fn nearest_f64(value: &Rational) -> f64 {
    let (mut double, rounding) = Float::with_val_round(f64::MANTISSA_DIGITS, value, Round::Nearest);
    // Below 2⁻¹⁰²² a double has fewer digits: what was rounded already must not be rounded a second time.
    double.subnormalize_ieee_round(rounding, Round::Nearest);
    double.to_f64()
}

#[cfg(test)]
#[cfg(feature = "rational")]
mod tests {
    use super::*;

    #[test]
    fn rounds_a_decimal_to_the_double_that_its_text_means() {
        assert_eq!(nearest_f64(&Rational::from((1, 10))), 0.1);
        assert_eq!(nearest_f64(&Rational::from((-7, 10))), -0.7);
    }

    #[test]
    fn a_subnormal_double_is_rounded_once() {
        // Within 2⁻⁶⁰ of a tie, which 53 digits do not tell from it: to even is the wrong way.
        let unit = Rational::from_f64(f64::from_bits(1)).unwrap();
        let little = Rational::from((1, 1_u64 << 60));
        assert_eq!(nearest_f64(&(unit.clone() * (Rational::from((3, 2)) - &little))), f64::from_bits(1));
        assert_eq!(nearest_f64(&(unit * (Rational::from((1, 2)) + little))), f64::from_bits(1));
    }

    #[test]
    fn zero_is_never_the_better_pivot() {
        assert!(!Rational::new().outweighs(&Rational::from(3)));
        assert!(Rational::from(3).outweighs(&Rational::new()));
        assert!(!0.0.outweighs(&0.0));
    }
}
