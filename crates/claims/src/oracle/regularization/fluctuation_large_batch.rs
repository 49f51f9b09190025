//! Table 2: the fluctuation under regularization for a large minibatch.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{
    ALIGNED_HYPOTHESES, fluctuation, hessian_approximation, large_batch_fluctuation, large_batch_inverse, offset,
};
use crate::hypotheses::{
    ALIGNED_TRUE_WEIGHTS, DOUBLE_BATCH_SIZE, NO_INPUT_NOISE, NO_LABEL_NOISE, NO_MOMENTUM, SCALAR_LEARNING_RATE,
};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record. U has to commute with A and Γ, as in Theorem 4.
pub const CLAIM: Claim = Claim {
    id: "regularization/fluctuation-large-batch",
    source: paper::TABLE_2,
    equations: &["39"],
    provenance: Provenance::Reconstructed,
    statement: "Σ ≈ (λ/S)(T₀A + A²K⁻²Γ²U) K⁻¹(2 − λK)⁻¹, T₀ = Tr[AK⁻²Γ²U], S → ∞",
    kind: Kind::Approximation { path: &DOUBLE_BATCH_SIZE, order: 1 },
    quantity: Quantity::Fluctuation,
    hypotheses: ALIGNED_HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "the Hessian approximation, eq. (36)", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any B, Γ, u, Λ, μ and σ², by the inverse of one linear map: eq. (3) with C = (1/S)(q₀(A + B) + Γw*w*ᵀΓ), \
                    q₀ = σ² + (w*−u)ᵀA(w*−u) + w*ᵀBw*",
        form: closed!(large_batch_fluctuation),
        without: &[&NO_LABEL_NOISE, &NO_INPUT_NOISE, &SCALAR_LEARNING_RATE, &NO_MOMENTUM, &ALIGNED_TRUE_WEIGHTS],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The fluctuation under regularization, to leading order for a large minibatch.
///
/// ```text
/// Σ ≈ (λ/S)(T₀A + A²K⁻²Γ²U) K⁻¹(2 − λK)⁻¹,    T₀ = Tr[AK⁻²Γ²U],    S → ∞
/// ```
///
/// Returns a D×D matrix, units (2, 0), symmetric where A, Γ and U commute.
///
/// # Errors
/// [`ClaimError::Inverse`] where K or 2 − λK is singular.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    fluctuation(setting, offset(setting)?, &large_batch_inverse(setting)?)
}

/// (λ/S)(2 − λK)⁻¹.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(hessian_approximation(setting, large_batch_inverse(setting)?))
}
