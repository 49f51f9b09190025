//! Table 2: the training loss under input noise for a small learning rate.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{Auxiliaries, HYPOTHESES, residual_at_minimum, small_rate_fluctuation, train_loss_at, unexplained};
use crate::hypotheses::{HALF_LEARNING_RATE, NO_LABEL_NOISE, NO_MOMENTUM, SCALAR_LEARNING_RATE};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record. Theorem 9 leaves an error of second order in λ.
pub const CLAIM: Claim = Claim {
    id: "input-noise/train-loss-small-learning-rate",
    source: paper::TABLE_2,
    equations: &[],
    provenance: Provenance::Reconstructed,
    statement: "L_train ≈ Tr[AK⁻¹BU] λTr[K]/(4S) + ½ Tr[AK⁻¹BU], λ → 0",
    kind: Kind::Limit { path: &HALF_LEARNING_RATE, order: 2 },
    quantity: Quantity::TrainLoss,
    hypotheses: HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "the Hessian approximation, Tr[AK⁻¹BU] = 1 in the first term", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any Λ, μ and σ², from Σ ≈ (1/S)(σ² + Tr[AK⁻¹BU]) G⁻¹Λ, G = 2(1−μ) I",
        form: closed!(any_learning_rate),
        without: &[&NO_LABEL_NOISE, &SCALAR_LEARNING_RATE, &NO_MOMENTUM],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The training loss under input noise, to leading order for a small learning rate.
///
/// ```text
/// L_train ≈ Tr[AK⁻¹BU] λTr[K]/(4S) + ½ Tr[AK⁻¹BU],    λ → 0
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
    Ok(train_loss_at(setting, residual_at_minimum(setting)?, small_rate_fluctuation(setting)?))
}

/// 1 in place of the first Tr\[AK⁻¹BU\], eq. (32).
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    train_loss(setting, T::one())
}

/// ½ Tr\[KΣ\] + ½ Tr\[AK⁻¹BU\] at Σ = (λ/S) `size` ½ I.
fn train_loss<T: Scalar>(setting: &Setting<T>, size: T) -> Result<Matrix<T>, ClaimError> {
    let Auxiliaries { step, G_inverse, .. } = Auxiliaries::with_curvature(setting, T::zero())?;
    Ok(train_loss_at(setting, unexplained(setting)?, G_inverse * (step * size)))
}
