//! The closed forms of the paper, as printed, with what a tool needs to draw, cite and judge them.
//!
//! One claim is one file, `<topic>/<quantity>.rs`. It reads top-down: source and statement, hypotheses, the closed form,
//! its rival. A closed form is one generic function over a [`Scalar`](symbols::Scalar); [`closed!`] and [`relation!`]
//! stamp its instantiations into the claim's [`Form`]. A hypothesis draws the settings that satisfy it and, for the
//! ablation, settings that break it and nothing else; where choices come from is the caller's affair ([`Choices`]).
//!
//! Deliberately absent: engines, verdicts, randomness, rounding and I/O. Nothing here knows whether a claim is true.
//!
//! # Example
//! ```
//! use claims::label_noise::fluctuation;
//! use rug::Rational;
//! use symbols::{BatchSize, Gaussian, Matrix, Population, Setting, Vector};
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
    Breaking, Change, Claim, Correction, Field, Form, Formula, Hypothesis, Kind, Path, Rewritten, Rival, Strengthened,
    Twin, topic,
};
pub use draw::Choices;
pub use error::ClaimError;
pub use family::Family;
pub use glob::glob;
pub use provenance::Provenance;
pub use refutation::{Refutation, Refutes};
pub use registry::{Entry, REGISTRY, closed_forms, studied};
pub use study::StudyClaim;

use values::{batch_size, learning_rate, true_square, true_weights};
