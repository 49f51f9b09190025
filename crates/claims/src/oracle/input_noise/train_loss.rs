//! Theorem 9: the training loss under input noise.

use numbers::{Matrix, Scalar, matrix};
use symbols::{Quantity, Setting};

use super::{Auxiliaries, HYPOTHESES, any_fluctuation, residual_at_minimum, train_loss_at, unexplained};
use crate::hypotheses::{NO_LABEL_NOISE, NO_MOMENTUM, SCALAR_LEARNING_RATE};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "input-noise/train-loss",
    source: paper::THEOREM_9,
    equations: &["133"],
    provenance: Provenance::Reconstructed,
    statement: "L_train = ½ Tr[AK⁻¹BU](1 + λκ/S)",
    kind: Kind::Exact,
    quantity: Quantity::TrainLoss,
    hypotheses: HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "Tr[KG⁻¹] in place of κ", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any Λ, μ and σ²: ½ (σ² + Tr[AK⁻¹BU])(1 + κ/S), κ that of Theorem 2 with K in place of A",
        form: closed!(any_learning_rate),
        without: &[&NO_LABEL_NOISE, &SCALAR_LEARNING_RATE, &NO_MOMENTUM],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// Stationary training loss under input noise.
///
/// ```text
/// L_train = ½ Tr[AK⁻¹BU](1 + λκ/S),    G = 2I − λ(1 + 1/S) K,    κ = Tr[KG⁻¹] / (1 − (λ/S) Tr[KG⁻¹])
/// ```
///
/// Returns a 1×1 matrix, units (2, 2); A and B need not commute.
///
/// # Errors
/// [`ClaimError::Inverse`] and [`ClaimError::Pole`] where K or G is singular or κ infinite.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    train_loss(setting, Auxiliaries::of(setting)?.growth())
}

/// ½ (σ² + Tr\[AK⁻¹BU\] + Tr\[KΣ\]) = ½ (σ² + Tr\[AK⁻¹BU\])(1 + κ/S).
fn any_learning_rate<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(train_loss_at(setting, residual_at_minimum(setting)?, any_fluctuation(setting)?))
}

/// ½ Tr\[AK⁻¹BU\](1 + (λ/S) Tr\[KG⁻¹\]).
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let Auxiliaries { step, tau, .. } = Auxiliaries::of(setting)?;
    train_loss(setting, T::one() + tau * step)
}

fn train_loss<T: Scalar>(setting: &Setting<T>, growth: T) -> Result<Matrix<T>, ClaimError> {
    Ok(matrix::scalar(unexplained(setting)? * growth / T::from_integer(2)))
}
