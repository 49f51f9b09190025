//! Proposition 8, second half: the noise of a uniform S-subset.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{Gradients, MEAN_OF_SQUARES, batch_size};
use crate::hypotheses::{DATA_SET, WITHOUT_REPLACEMENT};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rewritten, Rival, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "minibatch/noise-without-replacement",
    source: paper::PROPOSITION_8,
    equations: &["99–116"],
    provenance: Provenance::Reconstructed,
    statement: "C = ((N − S)/(N − 1)) (1/S) [(1/N) Σ ∇ℓᵢ∇ℓᵢᵀ − ∇L∇Lᵀ]",
    kind: Kind::Exact,
    quantity: Quantity::MinibatchNoise,
    hypotheses: &[&DATA_SET, &WITHOUT_REPLACEMENT],
    printed: closed!(printed),
    rival: Rival { name: "the factor (N − S)/N", form: closed!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: Some(Rewritten { reason: MEAN_OF_SQUARES, form: closed!(centered) }),
};

/// The noise of a uniform S-subset at w₀.
///
/// ```text
/// C(w₀) = ((N − S)/(N − 1)) (1/S) [(1/N) Σ ∇ℓᵢ∇ℓᵢᵀ − ∇L∇Lᵀ]
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 4).
///
/// # Errors
/// [`ClaimError::NeedsDataSet`]; [`ClaimError::Pole`] for a single sample, of which there is one subset.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(super::noise::printed(setting)? * left(setting)?)
}

/// The same with differences to the mean.
fn centered<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(super::noise::centered(setting)? * left(setting)?)
}

/// (N − S)/(N − 1).
fn left<T: Scalar>(setting: &Setting<T>) -> Result<T, ClaimError> {
    let gradients = Gradients::of(setting)?;
    Ok((gradients.count() - batch_size(setting)) / gradients.others()?)
}

/// ((N − S)/N) (1/S) \[…\].
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let (N, S) = (Gradients::of(setting)?.count(), batch_size(setting));
    Ok(super::noise::printed(setting)? * ((N.clone() - S) / N))
}
