//! Remark after Theorem 8: as λ → 0 the test loss vanishes.

use numbers::{Matrix, Scalar, matrix};
use symbols::{Quantity, Setting};

use super::{batch_size, label_noise};
use crate::hypotheses::{
    FULL_RANK, GAUSSIAN_FEATURES, HALF_LEARNING_RATE, NO_INPUT_NOISE, NO_WEIGHT_DECAY, STATIONARY,
};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, closed, paper};

/// The record. Theorem 8 leaves an error of first order in λ.
pub const CLAIM: Claim = Claim {
    id: "label-noise/test-loss-limit",
    source: paper::AFTER_THEOREM_8,
    equations: &[],
    provenance: Provenance::Text,
    statement: "L_test → 0, λ → 0",
    kind: Kind::Limit { path: &HALF_LEARNING_RATE, order: 1 },
    quantity: Quantity::TestLoss,
    hypotheses: &[&GAUSSIAN_FEATURES, &NO_WEIGHT_DECAY, &NO_INPUT_NOISE, &FULL_RANK, &STATIONARY],
    printed: closed!(printed),
    rival: Rival { name: "a floor of σ²/(2S)", form: closed!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The test loss of a vanishing learning rate.
///
/// ```text
/// L_test → 0,    λ → 0
/// ```
///
/// Returns a 1×1 matrix, units (2, 2).
///
/// # Errors
/// None.
pub fn printed<T: Scalar>(_setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(matrix::scalar(T::zero()))
}

/// σ²/(2S).
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(matrix::scalar(label_noise(setting)? / (T::from_integer(2) * batch_size(setting))))
}
