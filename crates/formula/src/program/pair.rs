//! Numbers beside their exact values.

use std::any::Any;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use num_traits::{One, Zero};
use numbers::Scalar;
use numbers::matrix::{Matrix, Singular};
use rug::Rational;

/// A number of a rounded field, and what it would be without rounding. Every operation is carried out in both fields.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pair<T> {
    pub(super) exact: Rational,
    pub(super) found: T,
}

impl<T: 'static> Pair<T> {
    /// The exact value of a number of this type.
    pub(super) fn exact_of(value: &dyn Any) -> Option<&Rational> {
        value.downcast_ref::<Self>().map(|pair| &pair.exact)
    }
}

macro_rules! in_both {
    ($trait:ident, $method:ident, $assign:ident, $assign_method:ident) => {
        impl<T: Scalar> $trait for Pair<T> {
            type Output = Pair<T>;
            fn $method(self, other: Self) -> Self {
                Pair { exact: self.exact.$method(other.exact), found: self.found.$method(other.found) }
            }
        }

        impl<T: Scalar> $trait<&Pair<T>> for Pair<T> {
            type Output = Pair<T>;
            fn $method(self, other: &Self) -> Self {
                Pair { exact: self.exact.$method(&other.exact), found: self.found.$method(&other.found) }
            }
        }

        impl<T: Scalar> $assign for Pair<T> {
            fn $assign_method(&mut self, other: Self) {
                self.exact.$assign_method(other.exact);
                self.found.$assign_method(other.found);
            }
        }
    };
}

in_both!(Add, add, AddAssign, add_assign);
in_both!(Sub, sub, SubAssign, sub_assign);
in_both!(Mul, mul, MulAssign, mul_assign);
in_both!(Div, div, DivAssign, div_assign);

impl<T: Scalar> Neg for Pair<T> {
    type Output = Pair<T>;
    fn neg(self) -> Self {
        Pair { exact: -self.exact, found: -self.found }
    }
}

impl<T: Scalar> Zero for Pair<T> {
    fn zero() -> Self {
        Pair { exact: Rational::new(), found: T::zero() }
    }

    /// What has an error is not zero, although its exact value may be.
    fn is_zero(&self) -> bool {
        self.exact == 0 && self.found.is_zero()
    }
}

impl<T: Scalar> One for Pair<T> {
    fn one() -> Self {
        Pair { exact: Rational::from(1), found: T::one() }
    }
}

impl<T: Scalar> Scalar for Pair<T> {
    fn from_integer(value: i64) -> Self {
        Pair { exact: Rational::from(value), found: T::from_integer(value) }
    }

    fn outweighs(&self, other: &Self) -> bool {
        self.found.outweighs(&other.found)
    }

    /// Each field eliminates by pivots of its own.
    fn solve(M: &Matrix<Self>, right: &Matrix<Self>) -> Result<Matrix<Self>, Singular> {
        let exact = |M: &Matrix<Self>| M.map(|pair| pair.exact);
        let found = |M: &Matrix<Self>| M.map(|pair| pair.found);
        let exact = Rational::solve(&exact(M), &exact(right))?;
        // What only rounding makes singular has no digits left: 1/0 is no number of a rounded field.
        let found = T::solve(&found(M), &found(right))
            .unwrap_or_else(|_| Matrix::from_element(exact.nrows(), exact.ncols(), T::one() / T::zero()));
        Ok(exact.zip_map(&found, |exact, found| Pair { exact, found }))
    }
}
