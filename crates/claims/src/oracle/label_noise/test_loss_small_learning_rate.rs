//! Table 2: the test loss under label noise for a small learning rate.

use numbers::{Matrix, Scalar, matrix, matrix::trace};
use symbols::{Quantity, Setting};

use super::{TABLE_2_HYPOTHESES, excess_loss, label_noise};
use crate::hypotheses::{HALF_LEARNING_RATE, NO_MOMENTUM, SCALAR_LEARNING_RATE};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "label-noise/test-loss-small-learning-rate",
    source: paper::TABLE_2,
    equations: &[],
    provenance: Provenance::Reconstructed,
    statement: "L_test ≈ σ² Tr[ΛA]/(4S), λ → 0",
    kind: Kind::Approximation { path: &HALF_LEARNING_RATE, order: 1 },
    quantity: Quantity::TestLoss,
    hypotheses: TABLE_2_HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "the Hessian approximation, σ² = 1", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any Λ and μ, with Tr[ΛA]/(1−μ)",
        form: closed!(any_learning_rate),
        without: &[&SCALAR_LEARNING_RATE, &NO_MOMENTUM],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The test loss under label noise, to leading order for a small learning rate.
///
/// ```text
/// L_test ≈ σ² Tr[ΛA]/(4S),    λ → 0
/// ```
///
/// Returns a 1×1 matrix, units (2, 2).
///
/// # Errors
/// [`ClaimError::Inverse`] for a data set that does not determine σ².
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let spread = trace(&(setting.learning_rate() * setting.feature_covariance())) / T::from_integer(2);
    Ok(matrix::scalar(excess_loss(setting, label_noise(setting)?, spread)))
}

/// With Tr\[ΛA\]/(1−μ).
fn any_learning_rate<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let (n, mu) = (T::from_integer, setting.momentum());
    let spread = trace(&(setting.learning_rate() * setting.feature_covariance())) / (n(2) * (n(1) - mu));
    Ok(matrix::scalar(excess_loss(setting, label_noise(setting)?, spread)))
}

/// Without the first σ², eq. (26).
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let spread = trace(&(setting.learning_rate() * setting.feature_covariance())) / T::from_integer(2);
    Ok(matrix::scalar(excess_loss(setting, T::one(), spread)))
}
