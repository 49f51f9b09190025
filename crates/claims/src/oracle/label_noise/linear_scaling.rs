//! The linear scaling rule under label noise: λ ∝ S keeps the fluctuation to leading order only.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{TABLE_2_HYPOTHESES, test_loss, test_loss_small_learning_rate};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, closed, paper};

/// The record. To leading order Σ and the test loss depend on λ and S through λ/S alone; where the test loss exceeds
/// that, the rule fails. That the order is the leading one is `label-noise/test-loss-small-learning-rate`.
pub const CLAIM: Claim = Claim {
    id: "label-noise/linear-scaling",
    source: paper::SECTION_6_5,
    equations: &[],
    // Section 6.5 speaks of Σ/(λ/S) in words; that its test loss exceeds the leading order is how they are read.
    provenance: Provenance::Text,
    statement: "λ ∝ S keeps Σ/(λ/S) to leading order only: L_test > σ² Tr[ΛA]/(4S) at some setting",
    kind: Kind::Existence,
    quantity: Quantity::TestLoss,
    hypotheses: TABLE_2_HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "more than Theorem 8", form: closed!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The test loss that λ/S alone would give.
///
/// ```text
/// σ² Tr[ΛA]/(4S)
/// ```
///
/// Returns a 1×1 matrix, units (2, 2).
///
/// # Errors
/// [`ClaimError::Inverse`] for a data set that does not determine σ².
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    test_loss_small_learning_rate::printed(setting)
}

/// σ²κ/(2S).
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    test_loss::printed(setting)
}
