//! The exact engine: the moments of eq. (1) over ℚ, without rounding, and what follows from exactness.
//!
//! For whoever wants a moment of SGD on a linear model without any error: a reference that judges other methods, a
//! number to quote, a proof. A few weights, or a few samples, is what it is meant for: times grow like the sixth power
//! of D.
//!
//! | function | answer |
//! |---|---|
//! | [`stationary`], [`stationary_state`] | Σ, C, the losses and the moments of m, from the second moments of (w − w*, m) |
//! | [`minibatch`] | the mean and the covariance of the first gradient, for a data set over every minibatch |
//! | [`average_covariance`], [`average_covariance_limit`] | the covariance of the mean of n iterates, and its limit |
//! | [`central_moments`], [`central_moments_if_any`] | the central moments of the weights up to the fourth |
//! | [`time_average_variance`] | the standard error of a measured Σ or loss |
//! | [`shuffled_epochs`] | the means over all orders of a few samples |
//! | [`formal_moments`], [`formal_moments_where_moving`] | the stationary moments over any field, as rational functions of the parameters |
//! | [`proof`] | whether two such functions are one, proved on a complete grid |
//! | [`tail`] | the tail index, no rational number, enclosed: of one weight, of isotropic features; bounds and limits for others |
//! | [`solve`] | any linear system over ℚ: the algebra behind the others |
//!
//! All start from the update rule. Numbers are [`rug::Rational`], matrices those of nalgebra under the names of
//! [`symbols`]: both are part of the interface.
//!
//! Deliberately absent: closed forms, doubles, anything without a bound of its error, and any problem file.
//!
//! # Example
//! One weight, x ~ N(0, 1), label noise of variance 1, λ = 1/2, S = 1. By hand: v' = (1 − λx²)v + λxε with E\[x²\] = 1
//! and E\[x⁴\] = 3, so Σ = (1 − 2λ + 3λ²)Σ + λ² and Σ = λ/(2 − 3λ) = 1.
//! ```
//! use rug::Rational;
//! use numbers::matrix::{Vector, scalar};
//! use symbols::{BatchSize, Gaussian, Population, Setting};
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

mod average;
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

pub use average::{AVERAGE_LIMIT, average_covariance, average_covariance_limit};
pub use central::{CentralMoments, central_moments, central_moments_if_any, time_average_variance};
pub use epochs::{EPOCHS_LIMIT, EpochMoments, shuffled_epochs};
pub use error::ExactError;
pub use linear::solve;
pub use minibatch::{MINIBATCH_LIMIT, minibatch};
pub use stationary::{State, formal_moments, formal_moments_where_moving, stationary, stationary_state};
