//! Table 2: the noise of a step under label noise for a large minibatch.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{TABLE_2_HYPOTHESES, batch_size, label_noise};
use crate::hypotheses::{DOUBLE_BATCH_SIZE, GAUSSIAN_FEATURES, NO_MOMENTUM, SCALAR_LEARNING_RATE};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record. It is the right side of eq. (18) times σ²; the left side is Theorem 1's.
pub const CLAIM: Claim = Claim {
    id: "label-noise/noise-large-batch",
    source: paper::TABLE_2,
    equations: &["18"],
    provenance: Provenance::Reconstructed,
    statement: "ΛCΛ ≈ σ²ΛAΛ/S, S → ∞",
    kind: Kind::Approximation { path: &DOUBLE_BATCH_SIZE, order: 1 },
    quantity: Quantity::StepCovariance,
    hypotheses: TABLE_2_HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "the Hessian approximation, C = A/S", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any x independent of ε, any Λ and μ, as it is",
        form: closed!(printed),
        without: &[&GAUSSIAN_FEATURES, &SCALAR_LEARNING_RATE, &NO_MOMENTUM],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The noise of a step under label noise, to leading order for a large minibatch.
///
/// ```text
/// ΛCΛ ≈ σ²ΛAΛ/S,    S → ∞
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 0).
///
/// # Errors
/// [`ClaimError::Inverse`] for a data set that does not determine σ².
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(rival(setting)? * label_noise(setting)?)
}

/// ΛAΛ/S.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let L = setting.learning_rate();
    Ok(L * setting.feature_covariance() * L / batch_size(setting))
}
