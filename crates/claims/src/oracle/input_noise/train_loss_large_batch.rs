//! Table 2: the training loss under input noise for a large minibatch.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{Auxiliaries, HYPOTHESES, large_batch_fluctuation, residual_at_minimum, train_loss_at, unexplained};
use crate::hypotheses::{DOUBLE_BATCH_SIZE, NO_LABEL_NOISE, NO_MOMENTUM, SCALAR_LEARNING_RATE};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record. Theorem 9 leaves an error of second order in 1/S.
pub const CLAIM: Claim = Claim {
    id: "input-noise/train-loss-large-batch",
    source: paper::TABLE_2,
    equations: &[],
    provenance: Provenance::Reconstructed,
    statement: "L_train ≈ Tr[AK⁻¹BU] λTr[K(2 − λK)⁻¹]/(2S) + ½ Tr[AK⁻¹BU], S → ∞",
    kind: Kind::Limit { path: &DOUBLE_BATCH_SIZE, order: 2 },
    quantity: Quantity::TrainLoss,
    hypotheses: HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "the Hessian approximation, Tr[AK⁻¹BU] = 1 in the first term", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any Λ, μ and σ², from Σ ≈ (1/S)(σ² + Tr[AK⁻¹BU]) G⁻¹Λ, G = 2(1−μ) I − ((1−μ)/(1+μ)) ΛK",
        form: closed!(any_learning_rate),
        without: &[&NO_LABEL_NOISE, &SCALAR_LEARNING_RATE, &NO_MOMENTUM],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The training loss under input noise, to leading order for a large minibatch.
///
/// ```text
/// L_train ≈ Tr[AK⁻¹BU] λTr[K(2 − λK)⁻¹]/(2S) + ½ Tr[AK⁻¹BU],    S → ∞
/// ```
///
/// Returns a 1×1 matrix, units (2, 2).
///
/// # Errors
/// [`ClaimError::Inverse`] and [`ClaimError::Pole`] where K or a denominator is singular.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    train_loss(setting, unexplained(setting)?)
}

/// At Σ = (1/S)(σ² + Tr\[AK⁻¹BU\]) G⁻¹Λ.
fn any_learning_rate<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(train_loss_at(setting, residual_at_minimum(setting)?, large_batch_fluctuation(setting)?))
}

/// 1 in place of the first Tr\[AK⁻¹BU\], eq. (28).
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    train_loss(setting, T::one())
}

/// ½ Tr\[KΣ\] + ½ Tr\[AK⁻¹BU\] at Σ = (λ/S) `size` (2 − λK)⁻¹.
fn train_loss<T: Scalar>(setting: &Setting<T>, size: T) -> Result<Matrix<T>, ClaimError> {
    let Auxiliaries { step, G_inverse, .. } = Auxiliaries::with_curvature(setting, T::one())?;
    Ok(train_loss_at(setting, unexplained(setting)?, G_inverse * (step * size)))
}
