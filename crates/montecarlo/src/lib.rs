//! Stationary moments of minibatch SGD on linear regression, by running it: with standard errors, and a decision
//! whether to believe them.
//!
//! This crate is for whoever has a problem (features, labels, a learning rate, a batch size) and wants to know the
//! covariance of the weights, that of the gradients and the losses in the stationary state, or doubts a formula for
//! them. It starts from the update rule, eq. (1) of the paper, and from no theorem.
//!
//! - [`stationary`] runs independent chains of the recursion and averages over their steps; [`minibatch`] draws
//!   gradients at the initial weights. Both answer chain by chain, so that the spread between chains is the error of
//!   anything affine in the moments, [`Estimate::mean`], and by the jackknife of anything else,
//!   [`Estimate::jackknife`].
//! - An estimate comes with its certificate, [`Estimate::trust`]: convergence, number of samples, and a tail light
//!   enough for a standard error to exist.
//! - A [`Plan`] says how much is drawn. A minibatch is drawn literally, sample by sample, or, for Gaussian features and
//!   labels, from the distribution that its gradient then has: [`Draws`].
//! - One seed gives the same draws on any number of threads and any x86-64 processor, in one [`Run`] or in several that
//!   are merged, whether they were stopped and [saved](Run::save) or not.
//!
//! # Deliberately absent
//! Every closed form, and every moment of a minibatch gradient but its mean, which is that of the full loss: what is
//! measured here can judge a formula, as it borrows none. Models that are not linear, losses that are not square, and
//! schedules of the learning rate. Exact arithmetic: settings are doubles.
//!
//! # Example
//! One weight, x ~ N(0, 1), label noise of variance 1, λ = 0.1, S = 1. By hand: v' = (1 − λx²) v + λxε with E\[x²\] = 1
//! and E\[x⁴\] = 3, so that Σ (2λ − 3λ²) = λ².
//! ```
//! use montecarlo::{Plan, stationary};
//! use numbers::matrix::{Vector, scalar};
//! use symbols::{BatchSize, Gaussian, Population, Setting};
//!
//! let population = Population::Gaussian(Gaussian {
//!     feature_covariance: scalar(1.0),
//!     input_noise_covariance: scalar(0.0),
//!     label_noise_variance: 1.0,
//!     true_weights: Vector::zeros(1),
//! });
//! let setting = Setting::new(population, scalar(0.1), BatchSize::new(1)?)?;
//! let estimate = stationary(&setting, &Plan::default(), &())?;
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
mod draws;
mod error;
mod estimate;
mod factor;
mod frame;
mod halt;
mod jackknife;
mod lanes;
mod linear;
mod mean;
mod merge;
mod minibatch;
mod pack;
mod plan;
mod progress;
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

pub use budget::{holm, threshold};
pub use burn_in::{burn_in, spectral_radius};
pub use checkpoint::CheckpointFile;
pub use diagnostics::Diagnostics;
pub use draws::Draws;
pub use error::{CheckpointProblem, MonteCarloError, ParameterValue};
pub use estimate::{Distrust, Estimate, MinibatchEstimate};
pub use jackknife::Jackknife;
pub use mean::MeanEstimate;
pub use minibatch::minibatch;
pub use plan::Plan;
pub use progress::Progress;
pub use run::Run;
pub use shard::Shard;
pub use stationary::stationary;
pub use stream::label_noise::LabelNoise;
pub use stream::standard_normals;
pub use tail::TailIndex;
