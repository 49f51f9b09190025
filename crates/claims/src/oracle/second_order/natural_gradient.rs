//! Proposition 6: the fluctuation of the natural gradient.

use numbers::{Matrix, Scalar};
use symbols::{Moments, Quantity, Setting};

use super::{HYPOTHESES, NaturalGradient, batch_size, inverse_covariance, one_more};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, paper, relation};

/// The record. With λ = ℓq, q = (1 + D)z + σ², the polynomial is q(2(1−μ)z − ((1−μ)/(1+μ))ℓz − (ℓ/S)q). Its second
/// factor vanishes where Proposition 5 has z for the learning rate ℓ, and divided by the first it is affine in z, as a
/// relation should be: draws estimate it without bias.
pub const CLAIM: Claim = Claim {
    id: "second-order/natural-gradient",
    source: paper::PROPOSITION_6,
    equations: &["88", "89"],
    // Proposition 6 is printed in part, eqs. (87)–(89) are reconstructed in part.
    provenance: Provenance::Reconstructed,
    statement: "Σ = zA⁻¹, 2(1−μ)(1+D)z² + [2(1−μ)σ² − ((1−μ)/(1+μ))λ − (λ/S)(1+D)]z − λσ²/S = 0",
    kind: Kind::Exact,
    quantity: Quantity::Fluctuation,
    hypotheses: HYPOTHESES,
    printed: relation!(printed),
    rival: Rival { name: "1 in place of 1 + D", form: relation!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: None,
};

/// Stationary fluctuation of the natural gradient, Λ = (λ/S) C⁻¹, by the quadratic polynomial p of which z is a root.
///
/// ```text
/// Σ = (z − p(z)/(2(1−μ)q)) A⁻¹,    z = Tr[ΣA]/D,    q = (1+D)z + σ²,    λ = ℓq,    Λ = ℓA⁻¹
/// p(z) = 2(1−μ)(1+D) z² + [2(1−μ)σ² − ((1−μ)/(1+μ))λ − (λ/S)(1+D)] z − λσ²/S
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 0).
///
/// # Errors
/// [`ClaimError::Inverse`] for a singular A; [`ClaimError::Pole`] for q = 0.
pub fn printed<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    fluctuation(setting, moments, one_more(setting))
}

/// The same with 1 in place of 1 + D, in λ and in the polynomial.
fn rival<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    fluctuation(setting, moments, T::one())
}

fn fluctuation<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>, weight: T) -> Result<Matrix<T>, ClaimError> {
    let NaturalGradient { z, q, rate } = NaturalGradient::of(setting, moments, &weight)?;
    if q.is_zero() {
        return Err(ClaimError::Pole { denominator: "(1+D)z + σ²" });
    }
    let (n, mu, variance) = (T::from_integer, setting.momentum(), super::label_noise(setting)?);
    let step = rate.clone() / batch_size(setting);
    let pull = n(2) * (n(1) - mu);
    let square = pull.clone() * &weight * &z * &z;
    let curvature = rate * (n(1) - mu) / (n(1) + mu) + step.clone() * weight;
    let linear = (pull.clone() * &variance - curvature) * &z;
    let polynomial = square + linear - step * variance;
    Ok(inverse_covariance(setting)? * (z - polynomial / (pull * q)))
}
