//! The numbers that a closed form is evaluated over, and small dense matrices over them.
//!
//! [`Scalar`] is the trait of a field; [`Matrix`] and [`Vector`] are over any of them. Doubles and double-double
//! numbers ([`DoubleDouble`]) are always there. The feature `rational`, which needs GMP and MPFR, adds ℚ
//! (`rug::Rational`), enclosures ([`Interval`]), floats of any precision ([`Rounded`]), fractions modulo a prime
//! ([`Residue`]), bounds of the degrees of a rational function ([`Degrees`]), and the one place where digits are
//! dropped for a reader ([`decimal`]).
//!
//! Deliberately absent: everything about SGD, files, and how a number came about.

#[cfg(feature = "rational")]
pub mod decimal;
#[cfg(feature = "rational")]
mod interval;
pub mod matrix;
mod scalar;

#[cfg(feature = "rational")]
pub use interval::{Interval, PrecisionError, Undecided, decide};
pub use matrix::{Matrix, Vector};
#[cfg(feature = "rational")]
pub use scalar::{Degrees, DegreesError, NumeratorBounds, Residue, Rounded, nearest_f64};
pub use scalar::{DoubleDouble, Scalar};
