//! Eq. (151): the training loss under regularization, the regularizer included.

use numbers::{Matrix, Scalar, matrix};
use symbols::{Quantity, Setting};

use super::{Auxiliaries, HYPOTHESES, any_fluctuation, any_train_loss_at, hessian_inverse, least_loss, true_square};
use crate::hypotheses::{COMMUTING_WEIGHT_DECAY, NO_INPUT_NOISE, NO_LABEL_NOISE, NO_MOMENTUM, SCALAR_LEARNING_RATE};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "regularization/train-loss",
    source: paper::APPENDIX_TO_THEOREM_4,
    equations: &["151"],
    provenance: Provenance::Reconstructed,
    statement: "L_train = (λ/(2S))((Tr[AK⁻²Γ²U](1 + λκ/S) + λr/S) Tr[AG⁻¹] + Tr[A²K⁻²Γ²UG⁻¹]) + ½ Tr[AK⁻¹ΓU]",
    kind: Kind::Exact,
    quantity: Quantity::TrainLoss,
    hypotheses: HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "without the regularizer at the minimum: ½ Tr[AK⁻²Γ²U] last", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any B, Γ, Λ, μ and σ², by the inverse of one linear map: ½ (q₀ + w*ᵀΓw* + Tr[KΣ])",
        form: closed!(any_weight_decay),
        without: &[&NO_LABEL_NOISE, &NO_INPUT_NOISE, &SCALAR_LEARNING_RATE, &NO_MOMENTUM, &COMMUTING_WEIGHT_DECAY],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// Stationary training loss under regularization.
///
/// ```text
/// L_train = (λ/(2S))((Tr[AK⁻²Γ²U](1 + λκ/S) + λr/S) Tr[AG⁻¹] + Tr[A²K⁻²Γ²UG⁻¹]) + ½ Tr[AK⁻¹ΓU]
/// ```
///
/// G, κ and r as for the test loss. Returns a 1×1 matrix, units (2, 2).
///
/// # Assumes
/// As for the test loss.
///
/// # Errors
/// [`ClaimError::Inverse`] and [`ClaimError::Pole`] where K or G is singular or κ infinite.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let auxiliaries = Auxiliaries::of(setting)?;
    Ok(matrix::scalar(excess(setting, &auxiliaries)? + least_loss(setting)?))
}

/// ½ (q₀ + w*ᵀΓw* + Tr\[KΣ\]).
fn any_weight_decay<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    any_train_loss_at(setting, any_fluctuation(setting)?)
}

/// The test loss at the minimum in place of the training loss there.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let auxiliaries = Auxiliaries::of(setting)?;
    Ok(matrix::scalar(excess(setting, &auxiliaries)? + auxiliaries.offset / T::from_integer(2)))
}

/// The training loss above that of w*: ½ Tr\[KΣ\].
fn excess<T: Scalar>(setting: &Setting<T>, auxiliaries: &Auxiliaries<T>) -> Result<T, ClaimError> {
    let (A, K_inverse, G) = (setting.feature_covariance(), hessian_inverse(setting)?, setting.weight_decay());
    let of_noise = auxiliaries.squared_residual() * matrix::trace(&(&A * &auxiliaries.G_inverse));
    let rank_one = &A * &A * &K_inverse * K_inverse * G * G * true_square(setting)? * &auxiliaries.G_inverse;
    Ok(auxiliaries.step.clone() * (of_noise + matrix::trace(&rank_one)) / T::from_integer(2))
}
