//! Proof of an identity between rational functions, by evaluation on a complete grid.
//!
//! # The argument
//! Both sides are computed by field operations alone, so their difference is N/Q with polynomials N, Q over ℤ in the
//! variables x₁ … x_n. Run over [`Degrees`], the same code tells dᵢ ≥ degree of N in xᵢ, and a bound on the sum of the
//! absolute values of its coefficients. Run over the field of p = 2¹²⁷ − 1 elements ([`Residue`]), it tells N/Q mod p
//! at a point, where no division by zero occurs.
//!
//! 1. A polynomial over a field with at most the degree dᵢ in xᵢ that vanishes on a product of sets of dᵢ + 1 elements
//!    each is zero: in one variable it has more roots than its degree, and with all but one variable fixed it is that
//!    case, coefficient by coefficient.
//! 2. So N ≡ 0 mod p if N/Q vanishes mod p on such a grid.
//! 3. A coefficient of N that p divides and whose absolute value is less than p is zero. So N = 0 if the norm is less
//!    than p.
//!
//! Both sides must be rational functions: code that branches may only branch where both ways lead to the same function,
//! as row exchanges do.
//!
//! # Units
//! Where N/Q is homogeneous under gradings of the variables (x₁, …, x_n) ↦ (t^g₁ x₁, …, t^g_n x_n), one variable for
//! each may be set to 1, provided that the weights of these variables form a nonsingular matrix: every point where they
//! do not vanish is, for some t in the algebraic closure, a multiple of one where they are 1, N vanishes at both or
//! neither, and a polynomial that vanishes wherever some variables do not vanish is zero.
//!
//! # Identity at random
//! A grid of several variables of high degree is too large. A polynomial that is not zero vanishes at a point whose
//! coordinates are drawn uniformly from m integers with a probability of at most Σ dᵢ/m (Schwartz and Zippel). This is
//! evidence with a probability of error and no proof: [`probe`] and [`prove`] are two functions.

use std::fmt;

use numbers::{Degrees, DegreesError, Matrix, NumeratorBounds, Residue};
use rayon::prelude::*;
use rug::{Integer, Rational};

/// The difference of two sides, over the fields that a judgement needs; each must be the same rational function.
///
/// The error of the caller says why one of the two sides has no value.
pub trait Identity: Sync {
    /// Why there is no difference.
    type Error: fmt::Display + Send;

    /// Weights of the variables under which the difference might be homogeneous, and for each such grading a variable
    /// that may then be 1.
    fn units(&self) -> Vec<(Vec<i32>, usize)>;

    /// The number of variables.
    fn variables(&self) -> usize;

    /// The difference, in bounds.
    ///
    /// # Errors
    /// Why there is none.
    fn bounds(&self, variables: &[Degrees]) -> Result<Matrix<Degrees>, Self::Error>;

    /// The difference at a point of the field of residues.
    ///
    /// # Errors
    /// Why there is none.
    fn residue(&self, point: &[Residue]) -> Result<Matrix<Residue>, Self::Error>;

    /// The difference at a rational point.
    ///
    /// # Errors
    /// Why there is none.
    fn value(&self, point: &[Rational]) -> Result<Matrix<Rational>, Self::Error>;
}

/// A complete grid on which the difference vanishes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Proof {
    /// The largest degree in each variable; `None` for one that is 1 by homogeneity.
    pub degrees: Vec<Option<u32>>,
    /// How many points the grid has.
    pub points: u64,
}

/// Vanishing at a random point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Probe {
    /// A difference that is not zero passes with a probability below 2 to the minus this.
    pub bits: u32,
}

/// A point where a difference does not vanish.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Point {
    /// A point of a grid.
    Residues(Vec<Residue>),
    /// A random point.
    Rationals(Vec<Rational>),
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Point::Residues(point) => write!(f, "{point:?}"),
            Point::Rationals(point) => write!(f, "{point:?}"),
        }
    }
}

/// Why an identity is not established; E is the [`Identity::Error`].
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError<E> {
    /// The two sides differ.
    #[error("the difference does not vanish at {point}")]
    Refuted {
        /// A point of the grid, or the random one.
        point: Point,
    },
    /// One side has no value.
    #[error("no value: {reason}")]
    Undefined {
        /// Why there is none.
        reason: E,
    },
    /// Every grid that was tried has a point where a denominator vanishes.
    #[error("no value: a division by zero")]
    Pole,
    /// The difference has no bounds in the variables that it was asked for.
    #[error("no value: {source}")]
    Unbounded {
        /// Why there are none.
        source: DegreesError,
    },
    /// More points than allowed.
    #[error("a complete grid has {points} points: expected at most {limit}")]
    TooLarge {
        /// The points of the grid.
        points: u128,
        /// The most that are tried.
        limit: u64,
    },
    /// Coefficients that one prime cannot tell from zero.
    #[error("the coefficients may have {bits} bits: expected at most 126, which a residue tells from zero")]
    TooLong {
        /// The bits of the norm.
        bits: u32,
    },
}

/// How often another grid is tried where one meets a pole.
const GRIDS: u128 = 8;

/// The bits of a random coordinate.
const RANDOM_BITS: u32 = 127;

/// Proves that a difference vanishes identically, with at most `limit` evaluations.
///
/// # Errors
/// [`ProofError::Refuted`] is a proof of the contrary; the others leave the question open.
pub fn prove<I: Identity>(identity: &I, limit: u64) -> Result<Proof, ProofError<I::Error>> {
    let units = identity.units();
    let gradings = Vec::from_iter(units.iter().map(|(grading, _)| grading.clone()));
    let bounds = Bounds::of(identity, &gradings)?;
    let fixed = if bounds.homogeneous && transitive(&units) {
        Vec::from_iter(units.iter().map(|(_, variable)| *variable))
    } else {
        Vec::new()
    };
    if bounds.norm >= Residue::MODULUS {
        return Err(ProofError::TooLong { bits: bounds.norm.significant_bits() });
    }
    let degrees = Vec::from_iter(bounds.degrees.iter().enumerate().map(|(v, &d)| (!fixed.contains(&v)).then_some(d)));
    let sides = Vec::from_iter(degrees.iter().map(|degree| degree.map_or(1, |degree| u64::from(degree) + 1)));
    let points = sides.iter().fold(1_u128, |points, &side| points.saturating_mul(side.into()));
    let points =
        u64::try_from(points).ok().filter(|points| *points <= limit).ok_or(ProofError::TooLarge { points, limit })?;
    let mut pole = ProofError::Pole;
    for grid in 0..GRIDS {
        let found = (0..points).into_par_iter().find_map_any(|index| {
            let point = grid_point(&degrees, &sides, index, grid);
            match identity.residue(&point) {
                Ok(difference) if difference.iter().all(|entry| *entry == Residue::default()) => None,
                Ok(difference) if difference.iter().all(|entry| entry.is_defined()) => {
                    Some(ProofError::Refuted { point: Point::Residues(point) })
                }
                Ok(_) => Some(ProofError::Pole),
                Err(reason) => Some(ProofError::Undefined { reason }),
            }
        });
        match found {
            None => return Ok(Proof { degrees, points }),
            // A pole on the grid says nothing: elsewhere there may be none.
            Some(undefined @ (ProofError::Undefined { .. } | ProofError::Pole)) => pole = undefined,
            Some(refuted) => return Err(refuted),
        }
    }
    Err(pole)
}

/// Probes whether a difference vanishes at one random point; `draw` answers with uniform integers of 1..=2¹²⁷.
///
/// # Errors
/// [`ProofError::Refuted`] is a proof of the contrary.
pub fn probe<I: Identity>(identity: &I, mut draw: impl FnMut() -> Integer) -> Result<Probe, ProofError<I::Error>> {
    let bounds = Bounds::of(identity, &[])?;
    let point = Vec::from_iter((0..identity.variables()).map(|_| Rational::from(draw())));
    let difference = identity.value(&point).map_err(|reason| ProofError::Undefined { reason })?;
    if difference.iter().any(|entry| !entry.is_zero()) {
        return Err(ProofError::Refuted { point: Point::Rationals(point) });
    }
    let total: u64 = bounds.degrees.iter().copied().map(u64::from).sum();
    Ok(Probe { bits: RANDOM_BITS.saturating_sub(total.next_power_of_two().ilog2()) })
}

/// Bounds of the numerators of all entries together.
struct Bounds {
    degrees: Vec<u32>,
    norm: Integer,
    homogeneous: bool,
}

impl Bounds {
    fn of<I: Identity>(identity: &I, gradings: &[Vec<i32>]) -> Result<Bounds, ProofError<I::Error>> {
        let n = identity.variables();
        let variables = Degrees::variables(n, gradings);
        let entries = identity.bounds(&variables).map_err(|reason| ProofError::Undefined { reason })?;
        let mut bounds = Bounds { degrees: vec![0; n], norm: Integer::new(), homogeneous: true };
        for entry in entries.iter() {
            let numerator = entry.numerator(&variables).map_err(|source| ProofError::Unbounded { source })?;
            let NumeratorBounds { degrees, norm, weights, .. } = numerator;
            for (largest, degree) in bounds.degrees.iter_mut().zip(degrees) {
                *largest = degree.max(*largest);
            }
            bounds.norm = bounds.norm.max(norm);
            bounds.homogeneous &= weights.iter().all(Option::is_some);
        }
        Ok(bounds)
    }
}

/// Whether the gradings can bring the variables of the units to 1, one by one.
fn transitive(units: &[(Vec<i32>, usize)]) -> bool {
    let weights = Matrix::from_fn(units.len(), units.len(), |i, j| Rational::from(units[i].0[units[j].1]));
    numbers::matrix::inverse(&weights).is_ok()
}

/// Point `index` of a grid: consecutive residues from somewhere, so that they are distinct.
fn grid_point(degrees: &[Option<u32>], sides: &[u64], mut index: u64, grid: u128) -> Vec<Residue> {
    let coordinate = |(variable, (degree, side)): (usize, (&Option<u32>, &u64))| {
        let step = index % side;
        index /= side;
        match degree {
            None => Residue::new(1),
            Some(_) => Residue::new(start(variable as u128 + 1, grid) + u128::from(step)),
        }
    };
    degrees.iter().zip(sides).enumerate().map(coordinate).collect()
}

/// Anywhere, but for each variable and grid somewhere else: the golden ratio's multiples.
fn start(variable: u128, grid: u128) -> u128 {
    const GOLDEN: u128 = 0x4f1b_bcdc_bfa5_3e0a_f9ce_6030_2e76_e41a;
    (variable + 1000 * grid).wrapping_mul(GOLDEN) >> 2
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use numbers::matrix;

    /// Each combination of the values of each variable, once; a variable of no degree is 1.
    #[test]
    fn a_grid_is_complete() {
        let (degrees, sides) = ([Some(2), None, Some(3), Some(1)], [3, 1, 4, 2]);
        let points = Vec::from_iter((0..24).map(|index| grid_point(&degrees, &sides, index, 1)));
        for (i, point) in points.iter().enumerate() {
            assert!(!points[..i].contains(point), "{point:?} twice");
            assert_eq!(point[1], Residue::new(1));
        }
        for (variable, side) in sides.into_iter().enumerate() {
            let mut values: Vec<Residue> = Vec::new();
            points.iter().map(|point| point[variable]).for_each(|value| {
                if !values.contains(&value) {
                    values.push(value);
                }
            });
            assert_eq!(values.len() as u64, side, "variable {variable}");
        }
    }

    #[test]
    fn another_grid_lies_elsewhere() {
        let points = [0, 1, 2].map(|grid| grid_point(&[Some(1), Some(1)], &[2, 2], 0, grid));
        assert!(points[0] != points[1] && points[1] != points[2] && points[0] != points[2]);
    }

    /// 0, and a division by zero at one place.
    struct Interrupted(Residue);

    impl Identity for Interrupted {
        type Error = Infallible;

        fn units(&self) -> Vec<(Vec<i32>, usize)> {
            Vec::new()
        }
        fn variables(&self) -> usize {
            1
        }
        fn bounds(&self, x: &[Degrees]) -> Result<Matrix<Degrees>, Infallible> {
            Ok(matrix::scalar(x[0].clone() - &x[0]))
        }
        fn residue(&self, x: &[Residue]) -> Result<Matrix<Residue>, Infallible> {
            let zero = Residue::default();
            Ok(matrix::scalar(if x[0] == self.0 { Residue::new(1) / zero } else { zero }))
        }
        fn value(&self, _: &[Rational]) -> Result<Matrix<Rational>, Infallible> {
            Ok(matrix::scalar(Rational::new()))
        }
    }

    #[test]
    fn a_pole_on_a_grid_is_no_counterexample() {
        let pole = grid_point(&[Some(1)], &[2], 0, 0)[0];
        assert!(prove(&Interrupted(pole), 10).is_ok());
    }
}
