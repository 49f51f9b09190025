//! Table 2: the training loss under regularization for a large minibatch.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{
    HYPOTHESES, any_train_loss_at, fluctuation, hessian_approximation, large_batch_fluctuation, large_batch_inverse,
    offset, train_loss_at,
};
use crate::hypotheses::{
    COMMUTING_WEIGHT_DECAY, DOUBLE_BATCH_SIZE, NO_INPUT_NOISE, NO_LABEL_NOISE, NO_MOMENTUM, SCALAR_LEARNING_RATE,
};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record. Theorem 4 leaves an error of second order in 1/S. Traces do not see whether U commutes.
pub const CLAIM: Claim = Claim {
    id: "regularization/train-loss-large-batch",
    source: paper::TABLE_2,
    equations: &["40"],
    provenance: Provenance::Reconstructed,
    statement: "L_train ≈ ½ Tr[KΣ] + ½ Tr[AK⁻¹ΓU], Σ = (λ/S)(T₀A + A²K⁻²Γ²U) K⁻¹(2 − λK)⁻¹, T₀ = Tr[AK⁻²Γ²U], S → ∞",
    kind: Kind::Limit { path: &DOUBLE_BATCH_SIZE, order: 2 },
    quantity: Quantity::TrainLoss,
    hypotheses: HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "the Hessian approximation, eq. (37)", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any B, Γ, Λ, μ and σ²: ½ (q₀ + w*ᵀΓw* + Tr[KΣ]) at the Σ that holds for these",
        form: closed!(any_weight_decay),
        without: &[&NO_LABEL_NOISE, &NO_INPUT_NOISE, &SCALAR_LEARNING_RATE, &NO_MOMENTUM, &COMMUTING_WEIGHT_DECAY],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The training loss under regularization, to leading order for a large minibatch.
///
/// ```text
/// L_train ≈ ½ Tr[KΣ] + ½ Tr[AK⁻¹ΓU],    Σ = (λ/S)(T₀A + A²K⁻²Γ²U) K⁻¹(2 − λK)⁻¹,    S → ∞
/// ```
///
/// Returns a 1×1 matrix, units (2, 2).
///
/// # Errors
/// [`ClaimError::Inverse`] where K or 2 − λK is singular.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    train_loss_at(setting, fluctuation(setting, offset(setting)?, &large_batch_inverse(setting)?)?)
}

/// At the leading order of Σ for any Γ.
fn any_weight_decay<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    any_train_loss_at(setting, large_batch_fluctuation(setting)?)
}

/// The same with Σ = (λ/S)(2 − λK)⁻¹.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    train_loss_at(setting, hessian_approximation(setting, large_batch_inverse(setting)?))
}
