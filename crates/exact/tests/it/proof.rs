//! The prover, on identities that hold and on near-identities that fail at one degree, at one point, or modulo nothing
//! but the prover's own prime.

use std::sync::{Mutex, PoisonError};

use exact::proof::{Identity, ProofError, probe, prove};
use num_traits::{One, Zero};
use numbers::matrix::{self, Matrix};
use numbers::{Degrees, DegreesError, Residue, Scalar};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rug::{Integer, Rational};

/// No value, where none is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not asked for")]
struct Unasked;

/// A difference, written once for all fields.
trait Difference: Sync {
    const VARIABLES: usize;
    fn units(&self) -> Vec<(Vec<i32>, usize)> {
        Vec::new()
    }
    fn at<T: Scalar>(&self, x: &[T]) -> T;
}

struct Judged<D>(D);

impl<D: Difference> Identity for Judged<D> {
    type Error = Unasked;

    fn units(&self) -> Vec<(Vec<i32>, usize)> {
        self.0.units()
    }
    fn variables(&self) -> usize {
        D::VARIABLES
    }
    fn bounds(&self, x: &[Degrees]) -> Result<Matrix<Degrees>, Unasked> {
        Ok(matrix::scalar(self.0.at(x)))
    }
    fn residue(&self, x: &[Residue]) -> Result<Matrix<Residue>, Unasked> {
        Ok(matrix::scalar(self.0.at(x)))
    }
    fn value(&self, x: &[Rational]) -> Result<Matrix<Rational>, Unasked> {
        Ok(matrix::scalar(self.0.at(x)))
    }
}

fn power<T: Scalar>(x: &T, exponent: usize) -> T {
    (0..exponent).fold(T::one(), |product, _| product * x)
}

fn whole<T: Scalar>(value: Integer) -> T {
    let (digits, base) = (value.to_string_radix(10), T::from_integer(10));
    digits.bytes().fold(T::zero(), |sum, digit| sum * &base + T::from_integer(i64::from(digit - b'0')))
}

/// (x + y)ⁿ − Σ C(n, k) xᵏ yⁿ⁻ᵏ, with one coefficient off by `error`.
struct Binomial {
    exponent: u32,
    wrong: u32,
    error: i64,
}

impl Difference for Binomial {
    const VARIABLES: usize = 2;
    fn at<T: Scalar>(&self, x: &[T]) -> T {
        let sum = (0..=self.exponent).fold(T::zero(), |sum, k| {
            let coefficient = whole::<T>(Integer::from(self.exponent).binomial(k));
            let coefficient = if k == self.wrong { coefficient + T::from_integer(self.error) } else { coefficient };
            sum + coefficient * power(&x[0], k as usize) * power(&x[1], (self.exponent - k) as usize)
        });
        power(&(x[0].clone() + &x[1]), self.exponent as usize) - sum
    }
}

proptest! {
    #[test]
    fn one_wrong_coefficient_is_refused(exponent in 1u32..12, wrong in 0u32..12, error in -3i64..4) {
        let binomial = Judged(Binomial { exponent, wrong: wrong % (exponent + 1), error });
        match prove(&binomial, 1000) {
            Ok(proof) => {
                prop_assert_eq!(error, 0);
                // x + y is the same sum on both sides.
                let degree = if exponent == 1 { 0 } else { exponent };
                prop_assert_eq!(proof.degrees, vec![Some(degree), Some(degree)]);
            }
            Err(told) => {
                let refuted = matches!(told, ProofError::Refuted { .. });
                prop_assert!(error != 0 && refuted, "{}", told);
            }
        }
    }
}

/// Vanishes wherever the first variable was, but for the last place.
struct AllButOne {
    places: Vec<Residue>,
}

impl AllButOne {
    fn difference(&self, x: &Residue) -> Residue {
        self.places.iter().fold(Residue::one(), |product, place| product * (*x - *place))
    }
}

/// x^d − x^d, and where the prover looks for it.
struct Spy {
    degree: usize,
    seen: Mutex<Vec<Residue>>,
}

impl Identity for Spy {
    type Error = Unasked;

    fn units(&self) -> Vec<(Vec<i32>, usize)> {
        Vec::new()
    }
    fn variables(&self) -> usize {
        1
    }
    fn bounds(&self, x: &[Degrees]) -> Result<Matrix<Degrees>, Unasked> {
        let one = Degrees::one();
        Ok(matrix::scalar(power(&(x[0].clone() + &one), self.degree) - power(&x[0], self.degree)))
    }
    fn residue(&self, x: &[Residue]) -> Result<Matrix<Residue>, Unasked> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(x[0]);
        Ok(matrix::scalar(Residue::zero()))
    }
    fn value(&self, _: &[Rational]) -> Result<Matrix<Rational>, Unasked> {
        Err(Unasked)
    }
}

/// The same bounds, and a difference that vanishes at all places but one.
struct Trap(AllButOne, usize);

impl Identity for Trap {
    type Error = Unasked;

    fn units(&self) -> Vec<(Vec<i32>, usize)> {
        Vec::new()
    }
    fn variables(&self) -> usize {
        1
    }
    fn bounds(&self, x: &[Degrees]) -> Result<Matrix<Degrees>, Unasked> {
        let one = Degrees::one();
        Ok(matrix::scalar(power(&(x[0].clone() + &one), self.1) - power(&x[0], self.1)))
    }
    fn residue(&self, x: &[Residue]) -> Result<Matrix<Residue>, Unasked> {
        Ok(matrix::scalar(self.0.difference(&x[0])))
    }
    fn value(&self, _: &[Rational]) -> Result<Matrix<Rational>, Unasked> {
        Err(Unasked)
    }
}

/// A polynomial of degree d that vanishes at d of the d + 1 places of the grid, whichever is left.
#[test]
fn a_polynomial_that_misses_one_point_of_the_grid_is_refused() {
    let degree = 7;
    let spy = Spy { degree, seen: Mutex::default() };
    assert_eq!(prove(&spy, 100).unwrap().points, 8);
    let places = spy.seen.into_inner().unwrap();
    assert_eq!(places.len(), 8);
    for left in 0..places.len() {
        let mut all = places.clone();
        all.remove(left);
        let told = prove(&Trap(AllButOne { places: all }, degree), 100);
        assert!(matches!(told, Err(ProofError::Refuted { .. })), "{left}: {told:?}");
    }
}

/// Π (x − k) over the small integers, which every setting drawn by hand would take for zero.
struct SmallIntegers;

impl Difference for SmallIntegers {
    const VARIABLES: usize = 1;
    fn at<T: Scalar>(&self, x: &[T]) -> T {
        (-12..=12).fold(T::one(), |product, k| product * (x[0].clone() - T::from_integer(k)))
    }
}

#[test]
fn a_polynomial_that_vanishes_at_small_integers_is_refused() {
    assert!(matches!(prove(&Judged(SmallIntegers), 100), Err(ProofError::Refuted { .. })));
    assert!(matches!(
        probe(&Judged(SmallIntegers), || Integer::from(Residue::MODULUS) / 3),
        Err(ProofError::Refuted { .. })
    ));
}

/// An unknown of a 3×3 system against its quotient of determinants, with x^error planted in the numerator.
struct Cramer {
    planted: i64,
}

impl Difference for Cramer {
    const VARIABLES: usize = 3;
    fn at<T: Scalar>(&self, x: &[T]) -> T {
        let n = T::from_integer;
        let (a, b, c) = (x[0].clone(), x[1].clone(), x[2].clone());
        let M = Matrix::from_row_slice(
            3,
            3,
            &[a.clone(), n(1), n(0), n(1), b.clone() / &c, n(2), n(0), c.clone(), n(1) / (a.clone() + &b)],
        );
        let side = Matrix::from_row_slice(3, 1, &[n(1), a.clone() * &a, b.clone()]);
        let Ok(X) = matrix::solve(&M, &side) else { return n(1) / n(0) };
        // Rows 2 and 3 times c and a + b.
        let (d, s) = (a.clone() + &b, a.clone());
        let determinant = s.clone() * (b.clone() - n(2) * &c * &c * &d) - c.clone();
        let first = (b.clone() - n(2) * &c * &c * &d) - (a.clone() * &a * &c - n(2) * &c * &b * &d);
        X[(0, 0)].clone() - (first + n(self.planted) * power(&a, 4)) / determinant
    }
}

#[test]
fn solutions_of_linear_systems_are_bounded_by_cramer() {
    assert!(prove(&Judged(Cramer { planted: 0 }), 100_000).is_ok());
    assert!(matches!(prove(&Judged(Cramer { planted: 1 }), 100_000), Err(ProofError::Refuted { .. })));
}

/// p x, which is zero modulo p.
struct MultipleOfThePrime;

impl Difference for MultipleOfThePrime {
    const VARIABLES: usize = 1;
    fn at<T: Scalar>(&self, x: &[T]) -> T {
        x[0].clone() * (power(&T::from_integer(2), 127) - T::one())
    }
}

#[test]
fn what_only_one_prime_takes_for_zero_is_not_proved() {
    assert_eq!(prove(&Judged(MultipleOfThePrime), 100), Err(ProofError::TooLong { bits: 127 }));
    assert!(matches!(probe(&Judged(MultipleOfThePrime), || Integer::from(5)), Err(ProofError::Refuted { .. })));
}

/// (x − 1) y, which vanishes where x is 1, with a grading that would allow it to be.
struct NotHomogeneous;

impl Difference for NotHomogeneous {
    const VARIABLES: usize = 2;
    fn units(&self) -> Vec<(Vec<i32>, usize)> {
        vec![(vec![1, 0], 0)]
    }
    fn at<T: Scalar>(&self, x: &[T]) -> T {
        (x[0].clone() - T::one()) * &x[1]
    }
}

/// x² y − x² y in two ways, of weight 2.
struct Homogeneous {
    weights: Vec<i32>,
}

impl Difference for Homogeneous {
    const VARIABLES: usize = 2;
    fn units(&self) -> Vec<(Vec<i32>, usize)> {
        vec![(self.weights.clone(), 0)]
    }
    fn at<T: Scalar>(&self, x: &[T]) -> T {
        let three = T::from_integer(3);
        x[0].clone() * (x[0].clone() * &x[1] + x[0].clone() * three)
            - x[0].clone() * &x[0] * (T::from_integer(3) + &x[1])
    }
}

#[test]
fn only_what_is_homogeneous_is_measured_in_units() {
    assert!(matches!(prove(&Judged(NotHomogeneous), 100), Err(ProofError::Refuted { .. })));
    let proof = prove(&Judged(Homogeneous { weights: vec![1, 0] }), 100).unwrap();
    assert_eq!(proof.degrees[0], None);
    // A grading that does not scale its unit cannot bring it to 1.
    let proof = prove(&Judged(Homogeneous { weights: vec![0, 0] }), 100).unwrap();
    assert!(proof.degrees[0].is_some());
}

/// 1/(x − x).
struct Pole;

impl Difference for Pole {
    const VARIABLES: usize = 1;
    fn at<T: Scalar>(&self, x: &[T]) -> T {
        T::one() / (x[0].clone() - &x[0])
    }
}

#[test]
fn a_pole_everywhere_and_a_grid_too_large_are_told() {
    let pole = ProofError::Unbounded { source: DegreesError::DivisionByZero };
    assert_eq!(prove(&Judged(Pole), 100), Err(pole));
    let binomial = Judged(Binomial { exponent: 10, wrong: 11, error: 1 });
    assert_eq!(prove(&binomial, 100), Err(ProofError::TooLarge { points: 121, limit: 100 }));
}

/// x − y, bounded in variables of its own: as x − x, if the first variable of every set were the same.
struct Foreign {
    entirely: bool,
}

impl Identity for Foreign {
    type Error = Unasked;

    fn units(&self) -> Vec<(Vec<i32>, usize)> {
        Vec::new()
    }
    fn variables(&self) -> usize {
        1
    }
    fn bounds(&self, x: &[Degrees]) -> Result<Matrix<Degrees>, Unasked> {
        let own = Degrees::variables(1, &[]).remove(0);
        Ok(matrix::scalar(if self.entirely { own } else { own - &x[0] }))
    }
    fn residue(&self, _: &[Residue]) -> Result<Matrix<Residue>, Unasked> {
        Ok(matrix::scalar(Residue::zero()))
    }
    fn value(&self, _: &[Rational]) -> Result<Matrix<Rational>, Unasked> {
        Ok(matrix::scalar(Rational::new()))
    }
}

#[test]
fn bounds_in_other_variables_prove_nothing() {
    let told = ProofError::Unbounded { source: DegreesError::ForeignVariables };
    for identity in [Foreign { entirely: true }, Foreign { entirely: false }] {
        assert_eq!(prove(&identity, 100), Err(told.clone()));
        assert_eq!(probe(&identity, || Integer::from(5)), Err(told.clone()));
    }
}

#[test]
fn a_random_test_states_its_probability_of_error() {
    let mut draws = ChaCha8Rng::seed_from_u64(1);
    let mut draw = || Integer::from(draws.random::<u128>() >> 1) + 1;
    let told = probe(&Judged(Binomial { exponent: 10, wrong: 11, error: 1 }), &mut draw).unwrap();
    // Degrees of 10 and 10: 20/2¹²⁷ ≤ 2⁻¹²².
    assert_eq!(told.bits, 122);
    let wrong = Judged(Binomial { exponent: 10, wrong: 3, error: 1 });
    assert!(matches!(probe(&wrong, &mut draw), Err(ProofError::Refuted { .. })));
}
