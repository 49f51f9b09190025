//! Table 2: the test loss under label noise for a large minibatch.

use numbers::{Matrix, Scalar, matrix, matrix::trace};
use symbols::{Quantity, Setting};

use super::{Auxiliaries, TABLE_2_HYPOTHESES, excess_loss, label_noise};
use crate::hypotheses::{DOUBLE_BATCH_SIZE, NO_MOMENTUM, SCALAR_LEARNING_RATE};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "label-noise/test-loss-large-batch",
    source: paper::TABLE_2,
    equations: &[],
    provenance: Provenance::Reconstructed,
    statement: "L_test ≈ σ² Tr[ΛA(2 − ΛA)⁻¹]/(2S), S → ∞",
    kind: Kind::Approximation { path: &DOUBLE_BATCH_SIZE, order: 1 },
    quantity: Quantity::TestLoss,
    hypotheses: TABLE_2_HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "the Hessian approximation, σ² = 1", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any Λ and μ, with Tr[ΛAG⁻¹], G = 2(1−μ) I − ((1−μ)/(1+μ)) ΛA",
        form: closed!(any_learning_rate),
        without: &[&SCALAR_LEARNING_RATE, &NO_MOMENTUM],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The test loss under label noise, to leading order for a large minibatch.
///
/// ```text
/// L_test ≈ σ² Tr[ΛA(2 − ΛA)⁻¹]/(2S),    S → ∞
/// ```
///
/// Returns a 1×1 matrix, units (2, 2).
///
/// # Errors
/// [`ClaimError::Inverse`] where G is singular, or a data set does not determine σ².
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let spread = trace(&Auxiliaries::of_plain_step(setting)?.LHG_inverse);
    Ok(matrix::scalar(excess_loss(setting, label_noise(setting)?, spread)))
}

/// With Tr\[ΛAG⁻¹\].
fn any_learning_rate<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let spread = trace(&Auxiliaries::of_large_batch(setting, &setting.feature_covariance())?.LHG_inverse);
    Ok(matrix::scalar(excess_loss(setting, label_noise(setting)?, spread)))
}

/// Without the first σ², eq. (21).
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let spread = trace(&Auxiliaries::of_plain_step(setting)?.LHG_inverse);
    Ok(matrix::scalar(excess_loss(setting, T::one(), spread)))
}
