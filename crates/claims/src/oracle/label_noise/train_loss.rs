//! Theorem 8, first half: the training loss under label noise.

use numbers::{Matrix, Scalar, matrix};
use symbols::{Quantity, Setting};

use super::{Auxiliaries, batch_size, label_noise};
use crate::hypotheses::{FULL_RANK, GAUSSIAN_FEATURES, NO_INPUT_NOISE, NO_WEIGHT_DECAY, STATIONARY};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "label-noise/train-loss",
    source: paper::THEOREM_8,
    equations: &["127"],
    provenance: Provenance::Reconstructed,
    statement: "L_train = (σ²/2)(1 + κ/S)",
    kind: Kind::Exact,
    quantity: Quantity::TrainLoss,
    hypotheses: &[&GAUSSIAN_FEATURES, &NO_WEIGHT_DECAY, &NO_INPUT_NOISE, &FULL_RANK, &STATIONARY],
    printed: closed!(printed),
    rival: Rival { name: "Tr[ΛAG⁻¹] in place of κ", form: closed!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: None,
};

/// Stationary training loss under label noise.
///
/// ```text
/// L_train = (σ²/2)(1 + κ/S)
/// ```
///
/// κ as in Theorem 2. Returns a 1×1 matrix, units (2, 2).
///
/// # Errors
/// [`ClaimError::Inverse`] and [`ClaimError::Pole`] where G is singular or κ infinite.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    train_loss(setting, Auxiliaries::of(setting)?.kappa)
}

/// (σ²/2)(1 + Tr\[ΛAG⁻¹\]/S).
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    train_loss(setting, matrix::trace(&Auxiliaries::of(setting)?.LHG_inverse))
}

fn train_loss<T: Scalar>(setting: &Setting<T>, excess: T) -> Result<Matrix<T>, ClaimError> {
    let half_variance = label_noise(setting)? / T::from_integer(2);
    Ok(matrix::scalar(half_variance * (T::one() + excess / batch_size(setting))))
}
