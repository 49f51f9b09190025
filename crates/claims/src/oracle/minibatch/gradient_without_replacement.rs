//! Definition 3: the minibatch gradient of a uniform S-subset is unbiased.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{Gradients, as_matrix, batch_size};
use crate::hypotheses::{DATA_SET, WITHOUT_REPLACEMENT};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "minibatch/gradient-without-replacement",
    source: paper::DEFINITION_3,
    equations: &["1"],
    // The definition is printed; what is taken from it is not.
    provenance: Provenance::Text,
    statement: "E[ĝ] = ∇L",
    kind: Kind::Exact,
    quantity: Quantity::MinibatchGradient,
    hypotheses: &[&DATA_SET, &WITHOUT_REPLACEMENT],
    printed: closed!(super::gradient_with_replacement::printed),
    rival: Rival { name: "the sum over the subset divided by N instead of S", form: closed!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: None,
};

/// (S/N) ∇L.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let gradients = Gradients::of(setting)?;
    let N = gradients.count();
    Ok(as_matrix(gradients.mean) * (batch_size(setting) / N))
}
