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

mod claim;
pub mod draw;
pub mod family;
pub mod generic;
pub mod hessian_approximation;
pub mod hypotheses;
pub mod input_noise;
pub mod label_noise;
pub mod minibatch;
pub mod paper;
pub mod regularization;
pub mod second_order;
pub mod stationary;
pub mod tail_index;

pub use claim::{
    Breaking, Change, Claim, ClaimError, Correction, Field, Form, Formula, Hypothesis, Kind, Path, Rewritten, Rival,
    Strengthened, Twin, topic,
};
pub use draw::Choices;
pub use family::Family;

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

/// Every claim of the workspace, in the order of the paper.
pub static REGISTRY: &[&Claim] = &[
    &minibatch::gradient_with_replacement::CLAIM,
    &minibatch::gradient_without_replacement::CLAIM,
    &minibatch::noise::CLAIM,
    &minibatch::noise_with_replacement::CLAIM,
    &minibatch::noise_without_replacement::CLAIM,
    &minibatch::samplings_of_one::CLAIM,
    &minibatch::samplings_of_many::CLAIM,
    &minibatch::noise_at_interpolation::CLAIM,
    &stationary::equation::CLAIM,
    &stationary::small_learning_rate::CLAIM,
    &label_noise::noise_given_fluctuation::CLAIM,
    &label_noise::fluctuation::CLAIM,
    &label_noise::small_learning_rate::CLAIM,
    &label_noise::noise_covariance::CLAIM,
    &label_noise::train_loss::CLAIM,
    &label_noise::test_loss::CLAIM,
    &label_noise::train_loss_limit::CLAIM,
    &label_noise::test_loss_limit::CLAIM,
    &label_noise::stability::CLAIM,
    &label_noise::noise_large_batch::CLAIM,
    &label_noise::fluctuation_large_batch::CLAIM,
    &label_noise::train_loss_large_batch::CLAIM,
    &label_noise::test_loss_large_batch::CLAIM,
    &label_noise::noise_small_learning_rate::CLAIM,
    &label_noise::train_loss_small_learning_rate::CLAIM,
    &label_noise::test_loss_small_learning_rate::CLAIM,
    &label_noise::linear_scaling::CLAIM,
    &regularization::noise_given_fluctuation::CLAIM,
    &regularization::test_loss::CLAIM,
    &regularization::fluctuation::CLAIM,
    &regularization::fluctuation_aligned::CLAIM,
    &regularization::train_loss::CLAIM,
    &regularization::test_loss_in_one_dimension::CLAIM,
    &regularization::train_loss_in_one_dimension::CLAIM,
    &regularization::test_loss_exceeding::CLAIM,
    &regularization::stability_in_one_dimension::CLAIM,
    &regularization::noise_large_batch::CLAIM,
    &regularization::fluctuation_large_batch::CLAIM,
    &regularization::train_loss_large_batch::CLAIM,
    &regularization::test_loss_large_batch::CLAIM,
    &regularization::noise_small_learning_rate::CLAIM,
    &regularization::fluctuation_small_learning_rate::CLAIM,
    &regularization::train_loss_small_learning_rate::CLAIM,
    &regularization::test_loss_small_learning_rate::CLAIM,
    &input_noise::noise_given_fluctuation::CLAIM,
    &input_noise::train_loss::CLAIM,
    &input_noise::test_loss::CLAIM,
    &input_noise::fluctuation::CLAIM,
    &input_noise::loss_difference::CLAIM,
    &input_noise::test_loss_bound::CLAIM,
    &input_noise::fluctuation_large_batch::CLAIM,
    &input_noise::train_loss_large_batch::CLAIM,
    &input_noise::test_loss_large_batch::CLAIM,
    &input_noise::fluctuation_small_learning_rate::CLAIM,
    &input_noise::train_loss_small_learning_rate::CLAIM,
    &input_noise::test_loss_small_learning_rate::CLAIM,
    &generic::noise::CLAIM,
    &generic::noise_without_weight_decay::CLAIM,
    &generic::noise_of_nearly_equal_residuals::CLAIM,
    &generic::noise_at_minimum::CLAIM,
    &generic::noise_at_unregularized_minimum::CLAIM,
    &generic::noise_near_interpolation::CLAIM,
    &generic::noise_large_batch::CLAIM,
    &generic::noise_given_fluctuation::CLAIM,
    &generic::noise_under_regularization::CLAIM,
    &generic::fluctuation::CLAIM,
    &generic::fluctuation_with_weight_decay::CLAIM,
    &generic::fluctuation_aligned::CLAIM,
    &generic::fluctuation_under_regularization::CLAIM,
    &generic::fluctuation_at_interpolation::CLAIM,
    &second_order::damped_newton::CLAIM,
    &second_order::stability::CLAIM,
    &second_order::natural_gradient_step::CLAIM,
    &second_order::natural_gradient::CLAIM,
    &second_order::natural_gradient_without_label_noise::CLAIM,
];
