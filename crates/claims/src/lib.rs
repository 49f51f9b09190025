//! The claims of the paper, with what a tool needs to draw, cite and judge them.
//!
//! [`REGISTRY`] lists all of them in the order of the paper. Each says where it stands, which equations it is, how its
//! wording came about ([`Provenance`]) and, where it is refuted, what holds in its place and what the refutation is of
//! ([`Refutation`]). There are two kinds:
//!
//! - A [`Claim`] is a closed form that engines judge setting by setting. It is one file, `<topic>/<quantity>.rs`, which
//!   reads top-down: source and statement, hypotheses, the closed form, and its rival, the nearest plausible wrong
//!   formula. A closed form is one generic function over a [`Scalar`](numbers::Scalar); [`closed!`] and [`relation!`]
//!   stamp its instantiations into the claim's [`Form`]. A hypothesis draws the settings that satisfy it and, for the
//!   ablation, settings that break it and nothing else; the caller decides where choices come from ([`Choices`]).
//! - A [`StudyClaim`] is one that no single setting decides: a limit over random data sets, the root of a
//!   transcendental equation, an optimum. The claims of a study are one file, `<study>.rs`, with the formulas that they
//!   name.
//!
//! Matrices keep their letters inside a function, and κ and μ are `kappa` and `mu` there; public names are the paper's
//! words.
//!
//! Deliberately absent: engines, verdicts, randomness, rounding and I/O. A record may hold a correction, but nothing
//! here computes whether a claim is true.
//!
//! # Example
//! ```
//! use claims::label_noise::fluctuation;
//! use rug::Rational;
//! use numbers::{Matrix, Vector};
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
//! assert_eq!(fluctuation::printed(&setting)?[(0, 0)], q(1, 4));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod approximation;
mod claim;
pub mod draw;
mod error;
pub mod family;
mod form;
pub mod generic;
mod glob;
pub mod high_dimension;
pub mod hypotheses;
pub mod input_noise;
pub mod label_noise;
pub mod minibatch;
pub mod networks;
pub mod paper;
mod provenance;
mod refutation;
mod registry;
pub mod regularization;
pub mod second_order;
pub mod stationary;
mod study;
pub mod tail;
mod values;
pub mod weight_decay;

pub use claim::{
    Breaking, Change, Claim, Correction, Hypothesis, Kind, Path, Rewritten, Rival, Strengthened, Twin, topic,
};
pub use draw::Choices;
pub use error::ClaimError;
pub use family::Family;
pub use form::{Field, Form, Formula};
pub use glob::glob;
pub use provenance::Provenance;
pub use refutation::{Refutation, Refutes};
pub use registry::{Entry, REGISTRY, closed_forms, studied};
pub use study::StudyClaim;

use values::{batch_size, learning_rate, true_square, true_weights};
