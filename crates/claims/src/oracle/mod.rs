//! The claims as Rust functions: what the texts of the registry are held against while they move.

pub mod form;
pub mod generic;
pub mod input_noise;
pub mod label_noise;
pub mod minibatch;
mod refutation;
pub mod regularization;
pub mod second_order;
pub mod stationary;
mod values;

pub use crate::{ClaimError, Hypothesis, Kind, Provenance, closed, paper, relation};
pub use form::{Field, Form, Formula};
pub use refutation::{Refutation, Refutes};

use symbols::Quantity;
use values::{batch_size, learning_rate, true_square, true_weights};

/// A closed form for a quantity, under hypotheses.
pub struct Claim {
    /// Permanent name.
    pub id: &'static str,
    /// Where it is printed.
    pub source: &'static str,
    /// Equation numbers.
    pub equations: &'static [&'static str],
    /// How the wording of `statement` came about.
    pub provenance: Provenance,
    /// The formula, for a reader.
    pub statement: &'static str,
    /// In which sense it claims to hold.
    pub kind: Kind,
    /// The quantity it speaks about.
    pub quantity: Quantity,
    /// Under which hypotheses.
    pub hypotheses: &'static [&'static Hypothesis],
    /// The closed form as printed.
    pub printed: Form,
    /// The nearest plausible wrong formula.
    pub rival: Rival,
    /// A form that holds under fewer hypotheses.
    pub strengthened: Option<Strengthened>,
    /// The right form, where the printed one is refuted.
    pub correction: Option<Correction>,
    /// The part of the claim that the correction puts right.
    pub refutation: Option<Refutation>,
    /// An evaluation of the printed form that keeps digits.
    pub rewritten: Option<Rewritten>,
}

/// A wrong formula.
pub struct Rival {
    /// What it is, for a reader.
    pub name: &'static str,
    /// The formula.
    pub form: Form,
}

/// A form that holds although some hypotheses of the claim are dropped.
pub struct Strengthened {
    /// What it says, for a reader.
    pub statement: &'static str,
    /// The formula.
    pub form: Form,
    /// The hypotheses that it does not need.
    pub without: &'static [&'static Hypothesis],
}

/// What holds in place of a refuted form.
pub struct Correction {
    /// What it says, for a reader.
    pub statement: &'static str,
    /// The formula.
    pub form: Form,
}

/// The same function as printed, evaluated another way.
pub struct Rewritten {
    /// Why.
    pub reason: &'static str,
    /// The evaluation.
    pub form: Form,
}

/// All of them, in the order of the paper.
pub static CLAIMS: &[&Claim] = &[
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
