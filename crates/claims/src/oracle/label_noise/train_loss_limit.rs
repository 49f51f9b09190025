//! Remark after Theorem 8: as λ → 0 the training loss tends to σ²/2.

use numbers::{Matrix, Scalar, matrix};
use symbols::{Quantity, Setting};

use super::label_noise;
use crate::hypotheses::{
    FULL_RANK, GAUSSIAN_FEATURES, HALF_LEARNING_RATE, NO_INPUT_NOISE, NO_WEIGHT_DECAY, STATIONARY,
};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record. Theorem 8 leaves an error of first order in λ.
pub const CLAIM: Claim = Claim {
    id: "label-noise/train-loss-limit",
    source: paper::AFTER_THEOREM_8,
    equations: &[],
    provenance: Provenance::Text,
    statement: "L_train → σ²/2, λ → 0",
    kind: Kind::Limit { path: &HALF_LEARNING_RATE, order: 1 },
    quantity: Quantity::TrainLoss,
    hypotheses: &[&GAUSSIAN_FEATURES, &NO_WEIGHT_DECAY, &NO_INPUT_NOISE, &FULL_RANK, &STATIONARY],
    printed: closed!(printed),
    rival: Rival { name: "σ²", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any x independent of ε",
        form: closed!(printed),
        without: &[&GAUSSIAN_FEATURES],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The training loss of a vanishing learning rate.
///
/// ```text
/// L_train → σ²/2,    λ → 0
/// ```
///
/// Returns a 1×1 matrix, units (2, 2).
///
/// # Errors
/// [`ClaimError::Inverse`] for a data set that does not determine σ².
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(matrix::scalar(label_noise(setting)? / T::from_integer(2)))
}

/// σ².
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(matrix::scalar(label_noise(setting)?))
}
