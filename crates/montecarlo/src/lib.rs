//! The engine that knows nothing of moments: it runs eq. (1) and reports what it saw with an honest error.
//!
//! [`stationary`] runs independent chains of the recursion and averages over their steps; [`minibatch`] draws gradients
//! at the initial weights. Both answer chain by chain, so that the spread between chains is the error of anything
//! affine in the moments: [`Estimate::mean`]. An estimate comes with its certificate, [`Estimate::trust`]: convergence,
//! number of samples, and a tail light enough for a standard error to exist.
//!
//! A minibatch is drawn literally, sample by sample, or, for Gaussian features and labels, from the law that its gradient
//! then has: [`Draws`]. One seed gives the same draws on any number of threads and any x86-64 processor, in one [`Run`] or
//! in several that are merged, stopped or not.
//!
//! Deliberately absent: every closed form, and every moment of a minibatch gradient but its mean, which is that of the
//! full loss.
//!
//! # Example
//! One weight, x ~ N(0, 1), label noise of variance 1, λ = 0.1, S = 1. By hand: v' = (1 − λx²) v + λxε with E\[x²\] = 1 and
//! E\[x⁴\] = 3, so that Σ (2λ − 3λ²) = λ².
//! ```
//! use montecarlo::{Draws, Plan, stationary};
//! use symbols::{BatchSize, Gaussian, Population, Setting, matrix::{Vector, scalar}};
//!
//! let population = Population::Gaussian(Gaussian {
//!     feature_covariance: scalar(1.0),
//!     input_noise_covariance: scalar(0.0),
//!     label_noise_variance: 1.0,
//!     true_weights: Vector::zeros(1),
//! });
//! let setting = Setting::new(population, scalar(0.1), BatchSize::new(1)?)?;
//! let plan = Plan { chains: 32, burn_in: 1_000, steps: 20_000, seed: 5, draws: Draws::default() };
//! let estimate = stationary(&setting, &plan, &|_steps_done| ())?;
//!
//! estimate.trust()?;
//! let residual = estimate.mean(|m| &m.fluctuation * (2.0 * 0.1 - 3.0 * 0.01) - scalar(0.01));
//! assert!(residual.z_scores().amax() < residual.threshold(1e-6));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod budget;
mod burn_in;
mod check;
mod checkpoint;
mod diagnostics;
mod error;
mod estimate;
mod factor;
mod frame;
mod halt;
mod lanes;
mod linear;
mod mean;
mod minibatch;
mod pack;
mod plan;
mod range;
mod rank;
mod readout;
mod run;
mod sampler;
mod schedule;
mod shard;
mod state;
mod stationary;
#[cfg(test)]
mod statistics;
mod stream;
mod tail;

pub use budget::holm;
pub use burn_in::{burn_in, spectral_radius};
pub use checkpoint::CheckpointFile;
pub use diagnostics::Diagnostics;
pub use error::{CheckpointProblem, MonteCarloError, ParameterValue};
pub use estimate::{Distrust, Estimate, MinibatchEstimate};
pub use mean::MeanEstimate;
pub use minibatch::minibatch;
pub use plan::{Draws, Plan};
pub use run::Run;
pub use shard::Shard;
pub use stationary::stationary;
pub use stream::{LabelNoise, standard_normals};
pub use tail::TailIndex;
