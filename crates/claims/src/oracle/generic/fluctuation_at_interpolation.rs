//! Corollary 3: no fluctuation where every sample is fitted.

use numbers::{Matrix, Scalar, matrix};
use symbols::{Quantity, Setting};

use super::{batch_size, hessian};
use crate::hypotheses::{FULL_RANK, NO_INPUT_NOISE, NO_LABEL_NOISE, NO_WEIGHT_DECAY, STATIONARY};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, closed, paper};

/// The record. L_train = ½ Tr\[H₀Σ\] for L₀(w*) = 0, which vanishes with Σ and, as H₀ ≻ 0, only with Σ; it has a scale
/// where Σ has none.
pub const CLAIM: Claim = Claim {
    id: "generic/fluctuation-at-interpolation",
    source: paper::COROLLARY_3,
    equations: &[],
    provenance: Provenance::Printed,
    statement: "L₀(w*) = 0 implies Σ = 0, that is L_train = 0",
    kind: Kind::Exact,
    quantity: Quantity::TrainLoss,
    hypotheses: &[&NO_WEIGHT_DECAY, &NO_INPUT_NOISE, &NO_LABEL_NOISE, &FULL_RANK, &STATIONARY],
    printed: closed!(printed),
    rival: Rival { name: "the Hessian approximation, Tr[ΛH₀]/(4S)", form: closed!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The training loss.
///
/// ```text
/// L_train = ½ Tr[H₀Σ] = 0
/// ```
///
/// Returns a 1×1 matrix, units (2, 2).
///
/// # Errors
/// None.
pub fn printed<T: Scalar>(_: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(matrix::scalar(T::zero()))
}

/// Tr\[ΛH₀\]/(4S).
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let spread = matrix::trace(&(setting.learning_rate() * hessian(setting)));
    Ok(matrix::scalar(spread / (T::from_integer(4) * batch_size(setting))))
}
