//! The engine that knows nothing of moments: it runs eq. (1), literally, and reports what it saw with an honest error.
//!
//! [`stationary`] runs independent chains of the recursion and averages over their steps; [`minibatch`] draws gradients
//! at the initial weights. Both answer chain by chain, so that the spread between chains is the error of anything
//! affine in the moments: [`Estimate::mean`]. An estimate comes with its certificate, [`Estimate::trust`]: convergence,
//! number of samples, and a tail light enough for a standard error to exist.
//!
//! One seed gives the same draws on any number of threads.
//!
//! Deliberately absent: every closed form, and every moment of a minibatch gradient but its mean, which is that of the
//! full loss.
//!
//! # Example
//! One weight, x ~ N(0, 1), label noise of variance 1, λ = 0.1, S = 1. By hand: v' = (1 − λx²) v + λxε with E\[x²\] = 1 and
//! E\[x⁴\] = 3, so that Σ (2λ − 3λ²) = λ².
//! ```
//! use montecarlo::{Plan, stationary};
//! use symbols::{BatchSize, Gaussian, Population, Setting, matrix::{Vector, scalar}};
//!
//! let population = Population::Gaussian(Gaussian {
//!     feature_covariance: scalar(1.0),
//!     input_noise_covariance: scalar(0.0),
//!     label_noise_variance: 1.0,
//!     true_weights: Vector::zeros(1),
//! });
//! let setting = Setting::new(population, scalar(0.1), BatchSize::new(1)?)?;
//! let plan = Plan { chains: 32, burn_in: 1_000, steps: 20_000, seed: 5 };
//! let estimate = stationary(&setting, &plan, &|_steps_done| ())?;
//!
//! estimate.trust()?;
//! let residual = estimate.mean(|m| &m.fluctuation * (2.0 * 0.1 - 3.0 * 0.01) - scalar(0.01));
//! assert!(residual.z_scores().amax() < residual.threshold(1e-6));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod chain;
mod diagnostics;
mod estimate;
mod factor;
mod linear;
mod minibatch;
mod plan;
mod run;
mod sampler;
mod stationary;
mod tail;

pub use diagnostics::Diagnostics;
pub use estimate::{Distrust, Estimate, MeanEstimate, MinibatchEstimate};
pub use minibatch::minibatch;
pub use plan::{MonteCarloError, Plan};
pub use stationary::stationary;
pub use tail::TailIndex;
