//! Power series in a small parameter ε, cut after a few terms, over the field of p = 2¹²⁷ − 1 elements.
//!
//! Over them the order of an error is read off as its valuation, at one point of a family and without any halving: λ
//! becomes λε, and S becomes S/ε.

use std::fmt;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use num_traits::{One, Zero};
use numbers::{Residue, Scalar};

/// How many terms are kept. Elimination loses some where a system is singular for ε = 0.
const TERMS: usize = 8;

/// The order of an exact zero.
pub(crate) const NOTHING: i32 = i32::MAX / 4;

/// ε^v (c₀ + c₁ε + … + c_{n−1}ε^{n−1}) + O(ε^{v+n}), with c₀ ≠ 0 where n > 0.
#[derive(Clone, Copy)]
pub(crate) struct Series {
    valuation: i32,
    known: usize,
    coefficients: [Residue; TERMS],
}

/// What is known of the order of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// The first term that does not vanish has it.
    Exactly(i32),
    /// All terms that are known vanish.
    AtLeast(i32),
}

impl Series {
    /// c ε^v.
    pub(crate) fn monomial(coefficient: Residue, valuation: i32) -> Self {
        let mut coefficients = [Residue::zero(); TERMS];
        coefficients[0] = coefficient;
        Series { valuation, known: TERMS, coefficients }.stripped()
    }

    pub(crate) fn order(&self) -> Order {
        if self.known > 0 { Order::Exactly(self.valuation) } else { Order::AtLeast(self.valuation) }
    }

    /// Whether no division by zero led here.
    pub(crate) fn is_defined(&self) -> bool {
        self.coefficients[..self.known].iter().all(|coefficient| coefficient.is_defined())
    }

    /// One past the order of the last known term.
    fn end(&self) -> i32 {
        self.valuation + self.known as i32
    }

    /// Without leading terms that vanish.
    fn stripped(mut self) -> Self {
        let zeros = self.coefficients[..self.known].iter().take_while(|coefficient| coefficient.is_zero()).count();
        if zeros == self.known && self.known == TERMS {
            // A number that vanishes to all terms that are kept is zero.
            return Series::zero();
        }
        self.coefficients.rotate_left(zeros);
        self.coefficients[TERMS - zeros..].fill(Residue::zero());
        self.known -= zeros;
        self.valuation += zeros as i32;
        self
    }

    fn coefficient(&self, order: i32) -> Residue {
        let place = usize::try_from(order - self.valuation).ok().filter(|place| *place < self.known);
        place.map_or_else(Residue::zero, |place| self.coefficients[place])
    }
}

impl Add for Series {
    type Output = Series;
    fn add(self, other: Self) -> Self {
        if self.valuation >= NOTHING {
            return other;
        }
        if other.valuation >= NOTHING {
            return self;
        }
        let valuation = self.valuation.min(other.valuation);
        let end = self.end().min(other.end()).min(valuation + TERMS as i32);
        let known = usize::try_from(end - valuation).unwrap_or(0);
        let mut coefficients = [Residue::zero(); TERMS];
        for (order, coefficient) in (valuation..).zip(&mut coefficients[..known]) {
            *coefficient = self.coefficient(order) + other.coefficient(order);
        }
        let zeros = coefficients[..known].iter().take_while(|coefficient| coefficient.is_zero()).count();
        if zeros == known {
            return Series { valuation: end, known: 0, coefficients: [Residue::zero(); TERMS] };
        }
        Series { valuation, known, coefficients }.stripped()
    }
}

impl Mul for Series {
    type Output = Series;
    fn mul(self, other: Self) -> Self {
        if self.valuation >= NOTHING || other.valuation >= NOTHING {
            return Series::zero();
        }
        let known = self.known.min(other.known);
        let mut coefficients = [Residue::zero(); TERMS];
        for (order, coefficient) in coefficients[..known].iter_mut().enumerate() {
            for i in 0..=order {
                let (one, other) = (self.coefficients[i], other.coefficients[order - i]);
                if !one.is_zero() && !other.is_zero() {
                    *coefficient += one * other;
                }
            }
        }
        Series { valuation: self.valuation + other.valuation, known, coefficients }
    }
}

impl Div for Series {
    type Output = Series;
    fn div(self, other: Self) -> Self {
        if other.known == 0 {
            return Series::monomial(Residue::one() / Residue::zero(), 0);
        }
        if self.valuation >= NOTHING {
            return self;
        }
        let known = self.known.min(other.known);
        let reciprocal = Residue::one() / other.coefficients[0];
        let mut coefficients = [Residue::zero(); TERMS];
        for order in 0..known {
            let mut rest = self.coefficients[order];
            for (quotient, divisor) in coefficients[..order].iter().zip(other.coefficients[1..=order].iter().rev()) {
                if !quotient.is_zero() && !divisor.is_zero() {
                    rest -= *quotient * divisor;
                }
            }
            coefficients[order] = if rest.is_zero() { rest } else { rest * reciprocal };
        }
        Series { valuation: self.valuation - other.valuation, known, coefficients }
    }
}

impl Neg for Series {
    type Output = Series;
    fn neg(self) -> Self {
        Series { coefficients: self.coefficients.map(|coefficient| -coefficient), ..self }
    }
}

impl Sub for Series {
    type Output = Series;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

/// The operators that take their right side by reference or assign, from those by value.
macro_rules! by_reference {
    ($($trait:ident $method:ident $assign:ident $assign_method:ident),*) => {$(
        impl $trait<&Series> for Series {
            type Output = Series;
            fn $method(self, other: &Series) -> Series {
                $trait::$method(self, *other)
            }
        }

        impl $assign for Series {
            fn $assign_method(&mut self, other: Series) {
                *self = $trait::$method(*self, other);
            }
        }
    )*};
}

by_reference!(Add add AddAssign add_assign, Sub sub SubAssign sub_assign);
by_reference!(Mul mul MulAssign mul_assign, Div div DivAssign div_assign);

impl Zero for Series {
    fn zero() -> Self {
        Series { valuation: NOTHING, known: 0, coefficients: [Residue::zero(); TERMS] }
    }

    /// Whether all known terms vanish.
    fn is_zero(&self) -> bool {
        self.known == 0
    }
}

impl One for Series {
    fn one() -> Self {
        Series::monomial(Residue::one(), 0)
    }
}

/// Series are equal where all terms are that both know.
impl PartialEq for Series {
    fn eq(&self, other: &Self) -> bool {
        self.is_defined() && other.is_defined() && (*self - *other).is_zero()
    }
}

impl fmt::Debug for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ε^{} {:?} + O(ε^{})", self.valuation, &self.coefficients[..self.known], self.end())
    }
}

impl Scalar for Series {
    /// A series of which all terms vanish that are kept counts as zero.
    const IS_EXACT: bool = true;

    fn from_integer(value: i64) -> Self {
        Series::monomial(Residue::from_integer(value), 0)
    }

    /// The lower order is the better pivot: less is lost behind it.
    fn outweighs(&self, other: &Self) -> bool {
        !self.is_zero() && (other.is_zero() || self.valuation < other.valuation)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn series() -> impl Strategy<Value = Series> {
        let coefficients = prop::collection::vec(-9_i64..9, 3);
        (coefficients, -3_i32..3).prop_map(|(coefficients, valuation)| {
            let terms = coefficients.into_iter().zip(valuation..);
            terms.fold(Series::zero(), |sum, (c, order)| sum + Series::monomial(Residue::from_integer(c), order))
        })
    }

    proptest! {
        #[test]
        fn they_are_a_field(x in series(), y in series(), z in series()) {
            prop_assert_eq!(x * (y + z), x * y + x * z);
            prop_assert_eq!(x + y - y, x);
            if !y.is_zero() {
                prop_assert_eq!(x / y * y, x);
                prop_assert!((x / y).is_defined());
            }
        }
    }

    /// 1/(1 − ε) − 1 − ε starts at ε², and what is left of a difference of equals is of no known order.
    #[test]
    fn orders_are_read_off() {
        let epsilon = Series::monomial(Residue::one(), 1);
        let geometric = Series::one() / (Series::one() - epsilon);
        assert_eq!((geometric - Series::one() - epsilon).order(), Order::Exactly(2));
        assert_eq!((geometric - geometric).order(), Order::AtLeast(TERMS as i32));
        assert_eq!((Series::one() / epsilon).order(), Order::Exactly(-1));
        assert!(!(Series::one() / Series::zero()).is_defined());
    }
}
