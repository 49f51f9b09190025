//! Corollary 2: the noise at a minimum with weight decay.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{full_noise_at_minimum, noise_at_minimum, rank_one};
use crate::hypotheses::{AT_MINIMUM, DATA_SET, EQUAL_RESIDUALS_AT_MINIMUM, WITH_REPLACEMENT};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, closed, paper};

/// The record, at w* itself: ∇L₀(w*) = −Γw*.
pub const CLAIM: Claim = Claim {
    id: "generic/noise-at-minimum",
    source: paper::COROLLARY_2,
    equations: &["15"],
    provenance: Provenance::Printed,
    statement: "C(w*) = (2L₀(w*)/S) H₀ − (1/S) Γw*w*ᵀΓ",
    kind: Kind::Exact,
    quantity: Quantity::MinibatchNoise,
    hypotheses: &[&DATA_SET, &WITH_REPLACEMENT, &EQUAL_RESIDUALS_AT_MINIMUM, &AT_MINIMUM],
    printed: closed!(printed),
    rival: Rival { name: "+ (1/S) Γw*w*ᵀΓ, as for Gaussian features", form: closed!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The noise at the minimizer.
///
/// ```text
/// C(w*) = (2L₀(w*)/S) H₀ − (1/S) Γw*w*ᵀΓ
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 4).
///
/// # Errors
/// [`ClaimError::Inverse`] where A or K is singular.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    noise_at_minimum(setting)
}

/// (2L₀(w*)/S) H₀ + (1/S) Γw*w*ᵀΓ.
pub(super) fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(full_noise_at_minimum(setting)? + rank_one(setting)?)
}
