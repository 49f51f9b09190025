//! The claims of the paper, with what a tool needs to draw, cite and judge them.
//!
//! [`REGISTRY`] lists all of them in the order of the paper. Each says where it stands, which equations it is, how its
//! wording came about ([`Provenance`]) and, where it is refuted, what holds in its place and what the refutation is of
//! ([`Refutation`]). There are two kinds:
//!
//! - A [`Claim`] is a formula that engines judge setting by setting. Those of a topic are one claim file,
//!   `registry/<topic>.toml`, of the same format as anybody's ([`mod@file`]): text as printed, hypotheses, and the
//!   rival, the nearest plausible wrong formula. What was read and checked is a [`Form`]; nothing else says what a
//!   claim is. A hypothesis draws the settings that satisfy it and, for the ablation, settings that break it and
//!   nothing else; the caller decides where choices come from ([`Choices`]).
//! - A [`StudyClaim`] is one that no single setting decides: a limit over random data sets, the root of a
//!   transcendental equation, an optimum. The claims of a study are one Rust file, `<study>.rs`, with the formulas that
//!   they name.
//!
//! Public names are the paper's words.
//!
//! Deliberately absent: engines, verdicts, randomness, rounding and I/O. A record may hold a correction, but nothing
//! here computes whether a claim is true.
//!
//! # Example
//! ```
//! use formula::Given;
//! use numbers::{Matrix, Vector};
//! use rug::Rational;
//! use symbols::{BatchSize, Gaussian, Population, Setting};
//!
//! let q = |n, d| Rational::from((n, d));
//! let model = Gaussian {
//!     feature_covariance: Matrix::from_element(1, 1, q(1, 1)),
//!     input_noise_covariance: Matrix::from_element(1, 1, q(0, 1)),
//!     label_noise_variance: q(1, 1),
//!     true_weights: Vector::from_element(1, q(0, 1)),
//! };
//! let learning_rate = Matrix::from_element(1, 1, q(1, 2));
//! let setting = Setting::new(Population::Gaussian(model), learning_rate, BatchSize::new(2)?)?;
//! // G = 2 − (1 + 1/2)/2 = 5/4, Tr = 2/5, κ = (2/5)/(4/5) = 1/2, Σ = (1/2)(5/4)(2/5) = 1/4.
//! let claim = claims::claim("label-noise/fluctuation").unwrap();
//! assert_eq!(claim.printed.claimed(&Given::setting(&setting))?[(0, 0)], q(1, 4));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod approximation;
pub mod averages;
mod claim;
pub mod counts;
pub mod design;
pub mod draw;
pub mod enhancement;
mod error;
pub mod family;
pub mod file;
mod form;
mod glob;
pub mod high_dimension;
pub mod hypotheses;
mod hypothesis;
mod kind;
pub mod networks;
pub mod paper;
mod parameters;
mod provenance;
mod refutation;
mod registry;
pub mod second_order;
mod study;
pub mod tail;
pub mod weight_decay;

pub use claim::{Claim, Correction, Rewritten, Rival, Strengthened, topic};
pub use draw::{Choices, Rare, Simplest};
pub use error::ClaimError;
pub use family::Family;
pub use form::{Form, context};
pub use glob::glob;
pub use hypotheses::paths;
pub use hypothesis::{Breaking, Change, Hypothesis, Twin};
pub use kind::{Kind, Path};
pub use parameters::Parameter;
pub use provenance::Provenance;
pub use refutation::{Refutation, Refutes};
pub use registry::{Entry, REGISTRY, claim, closed_forms, studied};
pub use study::StudyClaim;
