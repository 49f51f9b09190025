//! Proposition 1: the covariance of the minibatch gradient.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{Gradients, MEAN_OF_SQUARES, batch_size};
use crate::hypotheses::{DATA_SET, MANY_SAMPLES, WITH_REPLACEMENT};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rewritten, Rival, Strengthened, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "minibatch/noise",
    source: paper::PROPOSITION_1,
    equations: &["2"],
    provenance: Provenance::Printed,
    statement: "C(w) = (1/(SN)) Σ ∇ℓᵢ∇ℓᵢᵀ − (1/S) ∇L∇Lᵀ",
    kind: Kind::Exact,
    quantity: Quantity::MinibatchNoise,
    hypotheses: &[&DATA_SET, &MANY_SAMPLES, &WITH_REPLACEMENT],
    printed: closed!(printed),
    rival: Rival { name: "the second moment, without − ∇L∇Lᵀ", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "the same for any number of samples",
        form: closed!(printed),
        without: &[&MANY_SAMPLES],
    }),
    correction: None,
    refutation: None,
    rewritten: Some(Rewritten { reason: MEAN_OF_SQUARES, form: closed!(centered) }),
};

/// The noise of one minibatch at w₀.
///
/// ```text
/// C(w₀) = (1/(SN)) Σ ∇ℓᵢ∇ℓᵢᵀ − (1/S) ∇L∇Lᵀ
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 4).
///
/// # Errors
/// [`ClaimError::NeedsDataSet`].
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let gradients = Gradients::of(setting)?;
    let (N, S) = (gradients.count(), batch_size(setting));
    Ok(gradients.sum_of_squares() / (S.clone() * N) - gradients.square_of_mean() / S)
}

/// (1/(SN)) Σ (∇ℓᵢ − ∇L)(∇ℓᵢ − ∇L)ᵀ.
pub(super) fn centered<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let gradients = Gradients::of(setting)?;
    Ok(gradients.sum_of_centered_squares() / (batch_size(setting) * gradients.count()))
}

/// (1/(SN)) Σ ∇ℓᵢ∇ℓᵢᵀ.
pub(super) fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let gradients = Gradients::of(setting)?;
    Ok(gradients.sum_of_squares() / (batch_size(setting) * gradients.count()))
}
