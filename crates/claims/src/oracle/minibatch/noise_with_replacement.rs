//! Proposition 8, first half: the noise of S independent draws, for any N.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{Gradients, MEAN_OF_SQUARES, batch_size};
use crate::hypotheses::{DATA_SET, WITH_REPLACEMENT};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rewritten, Rival, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "minibatch/noise-with-replacement",
    source: paper::PROPOSITION_8,
    equations: &["99–116"],
    provenance: Provenance::Reconstructed,
    statement: "C = (1/S) [(1/N) Σ ∇ℓᵢ∇ℓᵢᵀ − ∇L∇Lᵀ]",
    kind: Kind::Exact,
    quantity: Quantity::MinibatchNoise,
    hypotheses: &[&DATA_SET, &WITH_REPLACEMENT],
    printed: closed!(printed),
    rival: Rival { name: "the unbiased sample covariance, N − 1 for N", form: closed!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: Some(Rewritten { reason: MEAN_OF_SQUARES, form: closed!(super::noise::centered) }),
};

/// The noise of S independent draws at w₀: the formula of Proposition 1, here for any N.
///
/// # Errors
/// [`ClaimError::NeedsDataSet`].
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    super::noise::printed(setting)
}

/// (1/S) N/(N − 1) \[(1/N) Σ ∇ℓᵢ∇ℓᵢᵀ − ∇L∇Lᵀ\].
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let gradients = Gradients::of(setting)?;
    let (N, S) = (gradients.count(), batch_size(setting));
    let spread = gradients.sum_of_squares() - gradients.square_of_mean() * N;
    Ok(spread / (S * gradients.others()?))
}
