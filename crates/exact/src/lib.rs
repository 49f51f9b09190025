//! The exact engine: the moments of eq. (1) over ℚ, without rounding, and what follows from exactness.
//!
//! [`stationary`] solves one linear system for the joint second moments of (v, m), v = w − w*; [`minibatch`] takes the mean
//! and covariance of the first gradient, for a data set by enumerating every minibatch; [`central_moments`] goes to the
//! fourth moment of one weight; [`shuffled_epochs`] averages over the orders of a few samples. All start from the update rule. [`solve`] is the linear algebra behind them, for any
//! rational system.
//!
//! [`formal_moments`] is the same over any field, which lets [`proof`] show that an engine's answer and a closed form are
//! the same rational function. [`tail`] encloses the tail index of one weight, which is no rational number.
//!
//! Deliberately absent: closed forms, doubles, and anything without a bound of its error.
//!
//! # Example
//! One weight, x ~ N(0, 1), label noise of variance 1, λ = 1/2, S = 1. By hand: v' = (1 − λx²)v + λxε with E\[x²\] = 1 and
//! E\[x⁴\] = 3, so Σ = (1 − 2λ + 3λ²)Σ + λ² and Σ = λ/(2 − 3λ) = 1.
//! ```
//! use rug::Rational;
//! use symbols::{BatchSize, Gaussian, Population, Setting, matrix::{Vector, scalar}};
//!
//! let q = |n, d| Rational::from((n, d));
//! let population = Population::Gaussian(Gaussian {
//!     feature_covariance: scalar(q(1, 1)),
//!     input_noise_covariance: scalar(q(0, 1)),
//!     label_noise_variance: q(1, 1),
//!     true_weights: Vector::from_element(1, q(0, 1)),
//! });
//! let setting = Setting::new(population, scalar(q(1, 2)), BatchSize::new(1)?)?;
//! assert_eq!(exact::stationary(&setting)?.fluctuation, scalar(q(1, 1)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod central;
mod counting;
mod epochs;
mod error;
mod linear;
mod minibatch;
mod noise;
pub mod proof;
mod recursion;
mod stationary;
pub mod tail;

pub use central::{CentralMoments, central_moments};
pub use epochs::{EPOCHS_LIMIT, EpochMoments, shuffled_epochs};
pub use error::ExactError;
pub use linear::solve;
pub use minibatch::{MINIBATCH_LIMIT, minibatch};
pub use stationary::{State, formal_moments, stationary, stationary_state};
