//! Table 2: the fluctuation under regularization for a small learning rate.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{
    ALIGNED_HYPOTHESES, fluctuation, hessian_approximation, offset, small_rate_fluctuation, small_rate_inverse,
};
use crate::hypotheses::{
    ALIGNED_TRUE_WEIGHTS, HALF_LEARNING_RATE, NO_INPUT_NOISE, NO_LABEL_NOISE, NO_MOMENTUM, SCALAR_LEARNING_RATE,
};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record. U has to commute with A and Γ, as in Theorem 4.
pub const CLAIM: Claim = Claim {
    id: "regularization/fluctuation-small-learning-rate",
    source: paper::TABLE_2,
    equations: &["45"],
    provenance: Provenance::Reconstructed,
    statement: "Σ ≈ (λ/(2S))(T₀A + A²K⁻²Γ²U) K⁻¹, T₀ = Tr[AK⁻²Γ²U], λ → 0",
    kind: Kind::Approximation { path: &HALF_LEARNING_RATE, order: 1 },
    quantity: Quantity::Fluctuation,
    hypotheses: ALIGNED_HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "the Hessian approximation, eq. (42)", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any B, Γ, u, Λ, μ and σ²: (1−μ)(ΛKΣ + ΣKΛ) = (1/S) Λ(q₀(A + B) + Γw*w*ᵀΓ)Λ, \
                    q₀ = σ² + (w*−u)ᵀA(w*−u) + w*ᵀBw*",
        form: closed!(small_rate_fluctuation),
        without: &[&NO_LABEL_NOISE, &NO_INPUT_NOISE, &SCALAR_LEARNING_RATE, &NO_MOMENTUM, &ALIGNED_TRUE_WEIGHTS],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The fluctuation under regularization, to leading order for a small learning rate.
///
/// ```text
/// Σ ≈ (λ/(2S))(T₀A + A²K⁻²Γ²U) K⁻¹,    T₀ = Tr[AK⁻²Γ²U],    λ → 0
/// ```
///
/// Returns a D×D matrix, units (2, 0), symmetric where A, Γ and U commute.
///
/// # Errors
/// [`ClaimError::Inverse`] where K is singular.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    fluctuation(setting, offset(setting)?, &small_rate_inverse(setting))
}

/// (λ/(2S)) I.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(hessian_approximation(setting, small_rate_inverse(setting)))
}
