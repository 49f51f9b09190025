//! The Lyapunov engine: the stationary state of eq. (1) in doubles, with its stability and a bound on its error.
//!
//! It is for anyone who wants the second moments of SGD on a linear model without running it: Σ, C and the losses, each
//! with a proven bound on its error, and the limits of learning rate, batch size and momentum.
//!
//! SGD moves the second moments P = E\[zzᵀ\] of z = (w − w*, Λm) by a positive map plus a constant. Its fixed point is
//! the stationary state, and a matrix inequality for the same map proves stability and bounds the error. Nothing has to
//! commute; Λ and the Hessian may be singular; features are Gaussian or a data set.
//!
//! ```text
//! Setting ──> Step (P ↦ Φ(P) + J C₀ Jᵀ) ──> Modes (all but the noise elementwise) ──> conjugate gradients
//!                │                             └──> Stability, batch sizes, momentum, bounds    │
//!                │                                                                         Approximation
//!                │                                                                              │
//!                └── the inequality for Y, the residual, their rounding ──> certificate ──> Solution
//! ```
//!
//! | question | answer |
//! |---|---|
//! | Σ, C, losses, with a certificate | [`stationary`] |
//! | Σ alone, watched on its way | [`approximate`] |
//! | the moments of the buffer, from Σ and C | [`buffer`](fn@buffer) |
//! | spectral radius, largest learning rate | [`stability`] |
//! | stable, unstable or undecided, by proof | [`decide`] |
//! | smallest batch size, best momentum | [`stable_batch_sizes`], [`best_momenta`] |
//! | bounds of the literature | [`bounds`] |
//!
//! # What a certificate says
//! [`Solution::error_bound`] is a theorem, with the rounding of every operation that led to it; there is no answer
//! without one. It is a theorem about the doubles that were put in, or about the numbers that these stand for:
//! [`Solution::numbers`] says which. Up to [`DOUBLE_DOUBLE_ROWS`] rows of P the answer is corrected by residuals in
//! double-double arithmetic: it is right to the last place, and its bound is of the size of its error. Beyond, the
//! residual is evaluated in doubles and the bound is what these can prove, for D = 100 about 10⁻⁸ where the error is
//! 10⁻¹³. That a direction of the weights never moves is proven, too ([`Solution::null_space`]). One assumption is not:
//! that M = A + B is positive semidefinite, as a covariance is, beyond what rounding can hide.
//!
//! # Routes
//! [`Route::Reduced`] solves eq. (3) for Σ alone. [`Route::Augmented`] solves the fixed-point equation as it stands, by
//! a dense matrix over all entries of P: the definition, for a Λ with eigenvalues of both signs, up to [`ORDER_LIMIT`]
//! entries. The residual that both report is that of the definition.
//!
//! Deliberately absent: closed forms; everything that is known of moments beyond the second; and the standard equations
//! A X + X Aᵀ + Q = 0 and M X Mᵀ − X + Q = 0, which [`matrix_equations`] solves.
//!
//! # Example
//! One weight, x ~ N(0, 1), label noise of variance 1, λ = 1/2, S = 1. By hand: Σ = (1 − 2λ + 3λ²)Σ + λ², so Σ = 1, the
//! spectral radius is 3/4, and λ could be 4/3 times larger.
//! ```
//! use numbers::matrix::{Vector, scalar};
//! use symbols::{BatchSize, Gaussian, Population, Setting};
//!
//! let population = Population::Gaussian(Gaussian {
//!     feature_covariance: scalar(1.0),
//!     input_noise_covariance: scalar(0.0),
//!     label_noise_variance: 1.0,
//!     true_weights: Vector::zeros(1),
//! });
//! let setting = Setting::new(population, scalar(0.5), BatchSize::new(1)?)?;
//! let solution = lyapunov::stationary(&setting)?;
//!
//! assert!((solution.moments.fluctuation[(0, 0)] - 1.0).abs() <= solution.error_bound);
//! assert!((solution.stability.spectral_radius - 0.75).abs() < 1e-14);
//! assert!((solution.stability.margin - 4.0 / 3.0).abs() < 1e-14);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod approximation;
mod arithmetic;
mod atlas;
mod buffer;
mod center;
mod certificate;
mod conjugate;
mod corrector;
mod decomposition;
mod dense;
mod edge;
mod enclosure;
mod error;
#[cfg(test)]
mod examples;
mod extreme;
mod graded;
mod growth;
mod interpolation;
mod minibatch;
mod modes;
mod noise;
mod observer;
mod packed;
mod problem;
mod radius;
mod rounding;
mod route;
mod stability;
mod stationary;
mod step;
mod verdict;
mod witness;

pub use answer::Errors;
pub use approximation::{Approximation, approximate, memory};
pub use atlas::{BatchSizes, BestMomenta, BestMomentum, Bounds, best_momenta, bounds, stable_batch_sizes};
pub use buffer::buffer;
pub use dense::ORDER_LIMIT;
pub use edge::Stability;
pub use enclosure::{Enclosure, Enclosures};
pub use error::LyapunovError;
pub use minibatch::minibatch;
pub use observer::{Observer, Progress};
pub use problem::{DOUBLE_DOUBLE_ROWS, Numbers, Problem};
pub use route::Route;
pub use stability::stability;
pub use stationary::{Solution, solve, stationary, stationary_by};
pub use verdict::{Verdict, decide};
