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
mod registry;
pub mod regularization;
pub mod second_order;
pub mod stationary;
mod study;
pub mod tail;
pub mod weight_decay;

pub use claim::{
    Breaking, Change, Claim, ClaimError, Correction, Field, Form, Formula, Hypothesis, Kind, Path, Rewritten, Rival,
    Strengthened, Twin, topic,
};
pub use draw::Choices;
pub use family::Family;
pub use glob::glob;
pub use provenance::Provenance;
pub use registry::{Entry, REGISTRY, closed_forms, studied};
pub use study::StudyClaim;

/// S, in the field.
fn batch_size<T: symbols::Scalar>(setting: &symbols::Setting<T>) -> T {
    setting.draws().clone()
}

/// λ of Λ = λI; any other Λ contributes its mean eigenvalue Tr\[Λ\]/D.
fn learning_rate<T: symbols::Scalar>(setting: &symbols::Setting<T>) -> T {
    symbols::matrix::trace(setting.learning_rate()) / T::from_integer(setting.dimension() as i64)
}

/// u.
fn true_weights<T: symbols::Scalar>(setting: &symbols::Setting<T>) -> Result<symbols::Vector<T>, ClaimError> {
    setting.true_weights().map_err(|source| ClaimError::Inverse { matrix: "A", source })
}

/// U = uuᵀ.
fn true_square<T: symbols::Scalar>(setting: &symbols::Setting<T>) -> Result<symbols::Matrix<T>, ClaimError> {
    let u = true_weights(setting)?;
    Ok(symbols::matrix::outer(&u, &u))
}
