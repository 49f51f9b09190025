//! Section 6.4: the fluctuation of the natural gradient without label noise.

use numbers::{Matrix, Scalar};
use symbols::{Moments, Quantity, Setting};

use super::{HYPOTHESES, NaturalGradient, batch_size, inverse_covariance, one_more};
use crate::hypotheses::VANISHING_LABEL_NOISE;
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, paper, relation};

/// The record. The text says σ = 0, where no Σ ≠ 0 is stationary: Λ is the first at which nothing is, and every chain
/// tends to u. The formula is the root of the polynomial of Proposition 6 there, and the limit of what is stationary
/// for σ² > 0.
pub const CLAIM: Claim = Claim {
    id: "second-order/natural-gradient-without-label-noise",
    source: paper::SECTION_6_4,
    equations: &[],
    provenance: Provenance::Printed,
    statement: "Σ ≈ (λ/2)[1/((1+D)(1+μ)) + 1/((1−μ)S)] A⁻¹, σ² → 0",
    kind: Kind::Approximation { path: &VANISHING_LABEL_NOISE, order: 1 },
    quantity: Quantity::Fluctuation,
    hypotheses: HYPOTHESES,
    printed: relation!(printed),
    rival: Rival { name: "Liu, Ziyin, Ueda (2021): without 1 + D", form: relation!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: None,
};

/// Stationary fluctuation of the natural gradient, Λ = (λ/S) C⁻¹, as σ² → 0.
///
/// ```text
/// Σ ≈ (λ/2)[1/((1+D)(1+μ)) + 1/((1−μ)S)] A⁻¹,    λ = ℓ((1+D)z + σ²),    Λ = ℓA⁻¹,    z = Tr[ΣA]/D
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 0).
///
/// # Errors
/// [`ClaimError::Inverse`] for a singular A.
pub fn printed<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    fluctuation(setting, moments, one_more(setting))
}

/// (λ/2)\[1/(1+μ) + 1/((1−μ)S)\] A⁻¹.
fn rival<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    fluctuation(setting, moments, T::one())
}

fn fluctuation<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>, weight: T) -> Result<Matrix<T>, ClaimError> {
    let rate = NaturalGradient::of(setting, moments, &one_more(setting))?.rate;
    let (n, mu) = (T::from_integer, setting.momentum());
    let spread = n(1) / (weight * (n(1) + mu)) + n(1) / ((n(1) - mu) * batch_size(setting));
    Ok(inverse_covariance(setting)? * (rate * spread / n(2)))
}
