//! Corollary 3: the fluctuation at a minimum without weight decay.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{any_fluctuation, fluctuation_by, full_noise_at_minimum, residual_at_minimum};
use crate::hypotheses::{
    COMMUTING_LEARNING_RATE, DATA_SET, DOUBLE_BATCH_SIZE, EQUAL_RESIDUALS_AT_MINIMUM, NO_WEIGHT_DECAY, STATIONARY,
    WITH_REPLACEMENT,
};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, batch_size, closed, paper};

/// The record. Gaussian features with label noise have the same: `label-noise/fluctuation-large-batch`.
pub const CLAIM: Claim = Claim {
    id: "generic/fluctuation",
    source: paper::COROLLARY_3,
    equations: &[],
    provenance: Provenance::Printed,
    statement: "Σ ≈ (2L₀(w*)/(S(1−μ))) Λ(2I − (Λ/(1+μ))H₀)⁻¹, S → ∞",
    kind: Kind::Approximation { path: &DOUBLE_BATCH_SIZE, order: 1 },
    quantity: Quantity::Fluctuation,
    hypotheses: &[
        &DATA_SET,
        &WITH_REPLACEMENT,
        &NO_WEIGHT_DECAY,
        &EQUAL_RESIDUALS_AT_MINIMUM,
        &COMMUTING_LEARNING_RATE,
        &STATIONARY,
    ],
    printed: closed!(printed),
    rival: Rival { name: "continuous time, (L₀(w*)/(S(1−μ))) Λ", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any Λ, by the inverse of one linear map",
        form: closed!(any_fluctuation),
        without: &[&COMMUTING_LEARNING_RATE],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// Stationary fluctuation at a minimum without weight decay, to leading order for a large minibatch.
///
/// ```text
/// Σ ≈ (2L₀(w*)/(S(1−μ))) Λ(2I − (Λ/(1+μ))H₀)⁻¹
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 0).
///
/// # Errors
/// [`ClaimError::Inverse`] where H₀ or 2 − ΛH₀/(1+μ) is singular.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    fluctuation_by(setting, full_noise_at_minimum(setting)?)
}

/// (L₀(w*)/(S(1−μ))) Λ.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let (n, S) = (T::from_integer, batch_size(setting));
    let size = residual_at_minimum(setting)? / (n(2) * S * (n(1) - setting.momentum()));
    Ok(setting.learning_rate() * size)
}
