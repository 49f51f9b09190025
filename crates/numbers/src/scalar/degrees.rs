//! Rational functions known by bounds: they say how large a grid proves that a function is zero.
//!
//! A closed form is run once over [`Degrees`] instead of numbers. The result is no value but a bound. The form is a
//! quotient N/Q of polynomials with integer coefficients; N has at most the given degree in each variable, and the
//! absolute values of its coefficients sum to at most the given norm. Optional gradings say by which power of t the
//! form is multiplied when each variable xᵢ is replaced by t^gᵢ xᵢ.
//!
//! # How
//! A value is c Π fᵢ^eᵢ: a rational constant and integer powers of factors. A variable is a factor. A sum keeps the
//! powers that its terms have in common and makes one new factor of the rest, with the larger of the degrees and the
//! sum of the norms. A sum that is formed again is the same factor, so that a divisor cancels where it is multiplied by
//! again. The unknowns of a linear system are quotients of determinants (Cramer's rule), bounded through rows or
//! columns, whichever is less; the denominator is one factor for all unknowns.
//!
//! Nothing is decided from bounds: a difference that might vanish counts as not vanishing.
//!
//! # Sets of variables
//! A value knows the set of variables that it was made of, a call of [`Degrees::variables`]. An operation on values of
//! two sets has no result, and [`Degrees::numerator`] tells so instead of a bound: the first variable of one set is not
//! the first of another. A type or a lifetime for each set would say so at compile time, but a [`Scalar`] is one type
//! without a lifetime.

mod cramer;
mod factor;
#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Sub};
use std::ops::{AddAssign, DivAssign, MulAssign, SubAssign};
use std::sync::Arc;

use num_traits::{One, Zero};
use rug::{Complete, Integer, Rational};

use super::by_reference;
use factor::{Bounds, Powers, Ring};

pub use factor::DegreesError;

/// A rational function of some variables, of which only bounds are known.
#[derive(Debug, Clone, PartialEq)]
pub struct Degrees(State);

#[derive(Debug, Clone, PartialEq)]
enum State {
    Zero,
    /// Nothing is known of the value, nor of anything that is made of it.
    Failed(DegreesError),
    Product(Product),
}

/// c Π fᵢ^eᵢ, c ≠ 0.
#[derive(Clone)]
struct Product {
    constant: Rational,
    powers: Powers,
    /// The list in which the factors are written down, and with that the set of variables; constants have none.
    ring: Option<Arc<Ring>>,
}

/// What is known of the numerator of a rational function.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NumeratorBounds {
    /// The largest degree in each variable; variables beyond the end do not occur.
    pub degrees: Vec<u32>,
    /// The largest sum of the absolute values of the coefficients.
    pub norm: Integer,
    /// The weight of the whole function in each grading; `None` where it is not homogeneous. Empty for constants.
    pub weights: Vec<Option<i32>>,
}

impl Degrees {
    /// A new set of `count` variables; every grading has a weight for each. No other call gives variables of this set.
    ///
    /// A grading gives each variable xᵢ a weight gᵢ; a function f is homogeneous of weight k where
    /// f(t^g₁ x₁, t^g₂ x₂, …) = tᵏ f(x₁, x₂, …).
    pub fn variables(count: usize, gradings: &[Vec<i32>]) -> Vec<Degrees> {
        let ring = Arc::new(Ring::new(count, gradings));
        Vec::from_iter((0..count).map(|variable| {
            let powers = Powers::from([(variable, 1)]);
            Degrees(State::Product(Product { constant: Rational::from(1), powers, ring: Some(ring.clone()) }))
        }))
    }

    /// What is known of the numerator, as a polynomial in the given variables: those of one call of
    /// [`Degrees::variables`]. The norm is zero only where the value is known to be zero.
    ///
    /// # Errors
    /// [`DegreesError::DivisionByZero`]; [`DegreesError::ForeignVariables`] where the value, a part of it or one of
    /// `variables` belongs to another set; [`DegreesError::DegreeTooLarge`].
    pub fn numerator(&self, variables: &[Degrees]) -> Result<NumeratorBounds, DegreesError> {
        let product = match &self.0 {
            State::Failed(error) => return Err(*error),
            State::Zero => return Ok(NumeratorBounds::constant(Integer::new())),
            State::Product(product) => product,
        };
        let Some(ring) = &product.ring else {
            return Ok(NumeratorBounds::constant(product.constant.numer().clone().abs()));
        };
        let is_of_ring = |variable: &Degrees| matches!(&variable.0, State::Product(x) if x.is_of(ring));
        if variables.is_empty() || !variables.iter().all(is_of_ring) {
            return Err(DegreesError::ForeignVariables);
        }
        product.numerator(ring)
    }

    fn of(result: Result<State, DegreesError>) -> Self {
        Degrees(result.unwrap_or_else(State::Failed))
    }

    /// A number, of no set of variables.
    fn constant(value: Rational) -> Self {
        if value.is_zero() {
            return Degrees(State::Zero);
        }
        Degrees(State::Product(Product { constant: value, powers: Powers::new(), ring: None }))
    }
}

impl NumeratorBounds {
    fn constant(norm: Integer) -> Self {
        NumeratorBounds { degrees: Vec::new(), norm, weights: Vec::new() }
    }
}

impl Product {
    /// Bounds of the polynomial of the positive powers, times the numerator of the constant.
    fn numerator(&self, ring: &Ring) -> Result<NumeratorBounds, DegreesError> {
        let norm = self.constant.numer().clone().abs();
        let positive = self.powers.iter().filter(|(_, exponent)| **exponent > 0);
        let Bounds { degrees, norm, .. } = ring.product(&positive.map(|(&f, &e)| (f, e)).collect(), norm)?;
        Ok(NumeratorBounds { degrees, norm, weights: ring.weights(&self.powers) })
    }

    /// Whether the factors are those of a set of variables.
    fn is_of(&self, ring: &Arc<Ring>) -> bool {
        self.ring.as_ref().is_some_and(|own| Arc::ptr_eq(own, ring))
    }

    /// The set of variables of both, or of the one that is no constant.
    fn shared_ring(&self, other: &Product) -> Result<Option<Arc<Ring>>, DegreesError> {
        match (&self.ring, &other.ring) {
            (Some(ring), Some(_)) if !other.is_of(ring) => Err(DegreesError::ForeignVariables),
            (ring, other) => Ok(ring.clone().or_else(|| other.clone())),
        }
    }

    /// The product, or for the sign −1 the quotient.
    fn times(&self, other: &Product, sign: i32) -> Result<Product, DegreesError> {
        let ring = self.shared_ring(other)?;
        let mut powers = self.powers.clone();
        for (&factor, exponent) in &other.powers {
            let sum = powers.entry(factor).or_insert(0);
            *sum = exponent.checked_mul(sign).and_then(|e| sum.checked_add(e)).ok_or(DegreesError::TOO_LARGE)?;
            if *sum == 0 {
                powers.remove(&factor);
            }
        }
        let constant = match sign {
            1 => (&self.constant * &other.constant).complete(),
            _ => (&self.constant / &other.constant).complete(),
        };
        Ok(Product { constant, powers, ring })
    }

    /// c₁ Π + c₂ Π' = c Π'' (n₁ r₁ + n₂ r₂): what is common in front, and a factor of the rest.
    fn plus(&self, other: &Product) -> Result<State, DegreesError> {
        let ring = self.shared_ring(other)?;
        if self.powers == other.powers {
            let constant = (&self.constant + &other.constant).complete();
            if constant.is_zero() {
                return Ok(State::Zero);
            }
            return Ok(State::Product(Product { constant, ..self.clone() }));
        }
        // Two constants have equal powers, so that one of the two is none.
        let ring = ring.ok_or(DegreesError::ForeignVariables)?;
        let powers = least(&self.powers, &other.powers);
        let common = Product { constant: content(&self.constant, &other.constant), powers, ring: Some(ring.clone()) };
        let rest = |term: &Product| {
            let rest = term.times(&common, -1)?;
            Ok((rest.constant.into_numer_denom().0, rest.powers))
        };
        let (factor, negative) = ring.sum(rest(self)?, rest(other)?)?;
        let sum = Product { constant: Rational::from(1), powers: Powers::from([(factor, 1)]), ring: Some(ring) };
        let product = common.times(&sum, 1)?;
        Ok(State::Product(if negative { -product } else { product }))
    }
}

/// gcd of numerators over lcm of denominators: both are whole multiples of it.
fn content(x: &Rational, y: &Rational) -> Rational {
    Rational::from((x.numer().gcd_ref(y.numer()).complete(), x.denom().lcm_ref(y.denom()).complete()))
}

/// The smaller exponent of every factor.
fn least(x: &Powers, y: &Powers) -> Powers {
    let exponent = |powers: &Powers, factor| powers.get(factor).copied().unwrap_or(0);
    let all = x.keys().chain(y.keys()).map(|factor| (*factor, exponent(x, factor).min(exponent(y, factor))));
    all.filter(|(_, exponent)| *exponent != 0).collect()
}

impl PartialEq for Product {
    fn eq(&self, other: &Self) -> bool {
        self.constant == other.constant && self.powers == other.powers && self.shared_ring(other).is_ok()
    }
}

impl Add for Degrees {
    type Output = Degrees;
    fn add(self, other: Self) -> Self {
        match (&self.0, &other.0) {
            (State::Failed(error), _) | (_, State::Failed(error)) => Degrees(State::Failed(*error)),
            (State::Zero, _) => other,
            (_, State::Zero) => self,
            (State::Product(x), State::Product(y)) => Degrees::of(x.plus(y)),
        }
    }
}

impl Sub for Degrees {
    type Output = Degrees;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Degrees {
    type Output = Degrees;
    fn mul(self, other: Self) -> Self {
        match (&self.0, &other.0) {
            (State::Failed(error), _) | (_, State::Failed(error)) => Degrees(State::Failed(*error)),
            (State::Zero, _) | (_, State::Zero) => Degrees(State::Zero),
            (State::Product(x), State::Product(y)) => Degrees::of(x.times(y, 1).map(State::Product)),
        }
    }
}

impl Div for Degrees {
    type Output = Degrees;
    fn div(self, other: Self) -> Self {
        match (&self.0, &other.0) {
            (State::Failed(error), _) | (_, State::Failed(error)) => Degrees(State::Failed(*error)),
            (_, State::Zero) => Degrees(State::Failed(DegreesError::DivisionByZero)),
            (State::Zero, _) => Degrees(State::Zero),
            (State::Product(x), State::Product(y)) => Degrees::of(x.times(y, -1).map(State::Product)),
        }
    }
}

impl Neg for Degrees {
    type Output = Degrees;
    fn neg(self) -> Self {
        match self.0 {
            State::Product(product) => Degrees(State::Product(-product)),
            _ => self,
        }
    }
}

impl Neg for Product {
    type Output = Product;
    fn neg(self) -> Self {
        Product { constant: -self.constant, ..self }
    }
}

by_reference!(Degrees);

impl Zero for Degrees {
    fn zero() -> Self {
        Degrees(State::Zero)
    }
    fn is_zero(&self) -> bool {
        self.0 == State::Zero
    }
}

impl One for Degrees {
    fn one() -> Self {
        Degrees::constant(Rational::from(1))
    }
}

impl fmt::Debug for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.constant, self.powers)
    }
}
