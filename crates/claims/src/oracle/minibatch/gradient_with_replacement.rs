//! Definition 2: the minibatch gradient of S independent draws is unbiased.
//!
//! The definition claims nothing by itself; what the paper takes from it is E\[ĝ\] = ∇L.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{Gradients, as_matrix, batch_size};
use crate::hypotheses::{DATA_SET, WITH_REPLACEMENT};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "minibatch/gradient-with-replacement",
    source: paper::DEFINITION_2,
    equations: &["1"],
    // The definition is printed; what is taken from it is not.
    provenance: Provenance::Text,
    statement: "E[ĝ] = ∇L",
    kind: Kind::Exact,
    quantity: Quantity::MinibatchGradient,
    hypotheses: &[&DATA_SET, &WITH_REPLACEMENT],
    printed: closed!(printed),
    rival: Rival { name: "the sum of S gradients instead of their mean", form: closed!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The mean of the minibatch gradient at w₀.
///
/// ```text
/// E[ĝ] = ∇L(w₀) = (1/N) Σ ∇ℓᵢ(w₀)
/// ```
///
/// Returns a D×1 matrix, units (1, 2).
///
/// # Errors
/// [`ClaimError::NeedsDataSet`].
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(as_matrix(Gradients::of(setting)?.mean))
}

/// S ∇L.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(as_matrix(Gradients::of(setting)?.mean) * batch_size(setting))
}
