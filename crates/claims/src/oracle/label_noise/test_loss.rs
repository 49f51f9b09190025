//! Theorem 8, second half: the test loss under label noise.

use numbers::{Matrix, Scalar, matrix};
use symbols::{Quantity, Setting};

use super::{Auxiliaries, batch_size, label_noise};
use crate::hypotheses::{FULL_RANK, GAUSSIAN_FEATURES, NO_INPUT_NOISE, NO_WEIGHT_DECAY, STATIONARY};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "label-noise/test-loss",
    source: paper::THEOREM_8,
    equations: &["128"],
    provenance: Provenance::Reconstructed,
    statement: "L_test = σ²κ/(2S)",
    kind: Kind::Exact,
    quantity: Quantity::TestLoss,
    hypotheses: &[&GAUSSIAN_FEATURES, &NO_WEIGHT_DECAY, &NO_INPUT_NOISE, &FULL_RANK, &STATIONARY],
    printed: closed!(printed),
    rival: Rival { name: "Tr[ΛAG⁻¹] in place of κ", form: closed!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: None,
};

/// Stationary test loss under label noise.
///
/// ```text
/// L_test = σ²κ/(2S)
/// ```
///
/// κ as in Theorem 2. Returns a 1×1 matrix, units (2, 2).
///
/// # Errors
/// [`ClaimError::Inverse`] and [`ClaimError::Pole`] where G is singular or κ infinite.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    test_loss(setting, Auxiliaries::of(setting)?.kappa)
}

/// σ²Tr\[ΛAG⁻¹\]/(2S).
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    test_loss(setting, matrix::trace(&Auxiliaries::of(setting)?.LHG_inverse))
}

fn test_loss<T: Scalar>(setting: &Setting<T>, excess: T) -> Result<Matrix<T>, ClaimError> {
    Ok(matrix::scalar(label_noise(setting)? * excess / (T::from_integer(2) * batch_size(setting))))
}
