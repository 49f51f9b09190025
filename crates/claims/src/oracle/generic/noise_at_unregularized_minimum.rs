//! Corollary 2: the noise at a minimum without weight decay.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{batch_size, full_noise_at_minimum, hessian};
use crate::hypotheses::{AT_MINIMUM, DATA_SET, EQUAL_RESIDUALS_AT_MINIMUM, NO_WEIGHT_DECAY, WITH_REPLACEMENT};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, closed, paper};

/// The record, at w* itself. Label noise that is independent of Gaussian features satisfies it, too: Lemma 1 for Σ = 0.
pub const CLAIM: Claim = Claim {
    id: "generic/noise-at-unregularized-minimum",
    source: paper::COROLLARY_2,
    equations: &["16"],
    provenance: Provenance::Printed,
    statement: "C(w*) = (2L₀(w*)/S) H₀",
    kind: Kind::Exact,
    quantity: Quantity::MinibatchNoise,
    hypotheses: &[&DATA_SET, &WITH_REPLACEMENT, &NO_WEIGHT_DECAY, &EQUAL_RESIDUALS_AT_MINIMUM, &AT_MINIMUM],
    printed: closed!(printed),
    rival: Rival { name: "the Hessian approximation, C = H₀/S", form: closed!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The noise at the minimizer for Γ = 0.
///
/// ```text
/// C(w*) = (2L₀(w*)/S) H₀
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 4).
///
/// # Errors
/// [`ClaimError::Inverse`] where A is singular.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    full_noise_at_minimum(setting)
}

/// H₀/S.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(hessian(setting) / batch_size(setting))
}
