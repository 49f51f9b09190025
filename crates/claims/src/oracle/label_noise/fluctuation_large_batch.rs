//! Table 2: the fluctuation under label noise for a large minibatch.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{Auxiliaries, TABLE_2_HYPOTHESES, batch_size, label_noise};
use crate::hypotheses::{DOUBLE_BATCH_SIZE, GAUSSIAN_FEATURES, NO_MOMENTUM, SCALAR_LEARNING_RATE};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "label-noise/fluctuation-large-batch",
    source: paper::TABLE_2,
    equations: &["22"],
    provenance: Provenance::Reconstructed,
    statement: "Σ ≈ (σ²/S) Λ(2 − ΛA)⁻¹, S → ∞",
    kind: Kind::Approximation { path: &DOUBLE_BATCH_SIZE, order: 1 },
    quantity: Quantity::Fluctuation,
    hypotheses: TABLE_2_HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "the Hessian approximation, σ² = 1", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any x independent of ε, any Λ ≻ 0 and μ: Σ ≈ (σ²/S) G⁻¹Λ, G = 2(1−μ) I − ((1−μ)/(1+μ)) ΛA",
        form: closed!(any_learning_rate),
        without: &[&GAUSSIAN_FEATURES, &SCALAR_LEARNING_RATE, &NO_MOMENTUM],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The fluctuation under label noise, to leading order for a large minibatch.
///
/// ```text
/// Σ ≈ (σ²/S) Λ(2 − ΛA)⁻¹,    S → ∞
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 0).
///
/// # Errors
/// [`ClaimError::Inverse`] where G is singular, or a data set does not determine σ².
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(rival(setting)? * label_noise(setting)?)
}

/// (σ²/S) G⁻¹Λ.
fn any_learning_rate<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let Auxiliaries { G_inverse, .. } = Auxiliaries::of_large_batch(setting, &setting.feature_covariance())?;
    Ok(G_inverse * setting.learning_rate() * (label_noise(setting)? / batch_size(setting)))
}

/// (1/S) Λ(2 − ΛA)⁻¹, eq. (19).
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let G_inverse = Auxiliaries::of_plain_step(setting)?.G_inverse;
    Ok(setting.learning_rate() * G_inverse / batch_size(setting))
}
