//! Proposition 6: a natural gradient step is a damped Newton step.

use numbers::{Matrix, Scalar};
use symbols::{Moments, Quantity, Setting};

use super::{HYPOTHESES, NaturalGradient, batch_size, one_more};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, paper, relation};

/// The record. The proposition says that Λ = (λ/S) C⁻¹ has *one* solution with Σ = zA⁻¹; here, multiplied by ΛC from
/// the right and by Λ, that it has it with Λ = ℓA⁻¹ and this λ.
pub const CLAIM: Claim = Claim {
    id: "second-order/natural-gradient-step",
    source: paper::PROPOSITION_6,
    equations: &["87"],
    // Proposition 6 is printed in part, eqs. (87)–(89) are reconstructed in part.
    provenance: Provenance::Reconstructed,
    statement: "ΛCΛ = (λ/S) Λ for Λ = ℓA⁻¹ and λ = ℓ((1 + D)z + σ²), z = Tr[ΣA]/D",
    kind: Kind::Exact,
    quantity: Quantity::StepCovariance,
    hypotheses: HYPOTHESES,
    printed: relation!(printed),
    rival: Rival { name: "D in place of 1 + D", form: relation!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The covariance that a natural gradient step adds.
///
/// ```text
/// ΛCΛ = (λ/S) Λ,    λ = ℓ((1 + D)z + σ²),    Λ = ℓA⁻¹,    z = Tr[ΣA]/D
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 0).
///
/// # Errors
/// [`ClaimError::Inverse`] for a data set that does not determine σ².
pub fn printed<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    step_covariance(setting, moments, one_more(setting))
}

/// λ = ℓ(Dz + σ²), what C without AΣA has.
fn rival<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    step_covariance(setting, moments, super::dimension(setting))
}

fn step_covariance<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>, weight: T) -> Result<Matrix<T>, ClaimError> {
    let rate = NaturalGradient::of(setting, moments, &weight)?.rate;
    Ok(setting.learning_rate() * (rate / batch_size(setting)))
}
