//! Corollary 3: the fluctuation at a minimum with weight decay.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{any_fluctuation, fluctuation_by, full_noise_at_minimum, noise_at_minimum};
use crate::hypotheses::{
    COMMUTING_LEARNING_RATE, COMMUTING_WEIGHT_DECAY, DATA_SET, DOUBLE_BATCH_SIZE, EQUAL_RESIDUALS_AT_MINIMUM,
    STATIONARY, WITH_REPLACEMENT,
};
use crate::oracle::{Claim, ClaimError, Correction, Kind, Provenance, Refutation, Refutes, Rival, closed, paper};

/// The record. Γw*w*ᵀΓ need not commute with Λ, H₀ and Γ, and then the formula is not even symmetric. In one dimension
/// it holds. Where they have the eigenvalues ℓᵢ, kᵢ = hᵢ + γᵢ and γᵢ, eq. (3) makes of this noise
///
/// ```text
/// Σᵢⱼ = ℓᵢℓⱼ(2L₀hᵢδᵢⱼ − γᵢw*ᵢw*ⱼγⱼ) / (S f(ℓᵢkᵢ, ℓⱼkⱼ))
/// f(s, t) = (1−μ)(s + t) − ((1+μ²)/(1−μ²)) st + (μ/(1−μ²))(s² + t²)
/// ```
pub const CLAIM: Claim = Claim {
    id: "generic/fluctuation-with-weight-decay",
    source: paper::COROLLARY_3,
    equations: &[],
    provenance: Provenance::Printed,
    statement: "Σ ≈ (1/S)(Λ/(1−μ))(2L₀H₀ − Γw*w*ᵀΓ)(H₀+Γ)⁺[2I − (Λ/(1+μ))(H₀+Γ)]⁻¹, S → ∞",
    kind: Kind::Approximation { path: &DOUBLE_BATCH_SIZE, order: 1 },
    quantity: Quantity::Fluctuation,
    hypotheses: &[
        &DATA_SET,
        &WITH_REPLACEMENT,
        &COMMUTING_WEIGHT_DECAY,
        &EQUAL_RESIDUALS_AT_MINIMUM,
        &COMMUTING_LEARNING_RATE,
        &STATIONARY,
    ],
    printed: closed!(printed),
    rival: Rival { name: "without the term of rank 1", form: closed!(rival) },
    strengthened: None,
    correction: Some(Correction {
        statement: "in the basis of Λ, H₀ and Γ, with eigenvalues ℓᵢ, kᵢ = hᵢ + γᵢ and γᵢ, \
                    Σᵢⱼ = ℓᵢℓⱼ(2L₀hᵢδᵢⱼ − γᵢw*ᵢw*ⱼγⱼ)/(S f(ℓᵢkᵢ, ℓⱼkⱼ)), \
                    f(s, t) = (1−μ)(s + t) − ((1+μ²)/(1−μ²)) st + (μ/(1−μ²))(s² + t²)",
        form: closed!(any_fluctuation),
    }),
    refutation: Some(Refutation {
        refutes: Refutes::Hypotheses { holds_as: "generic/fluctuation-aligned" },
        because: "Corollary 3 lets Λ, H₀ and Γ commute and not Γw*w*ᵀΓ, whose entries between eigenvectors it \
                  divides by the wrong numbers. Where that commutes, too, the formula holds: in one dimension \
                  always.",
    }),
    rewritten: None,
};

/// Stationary fluctuation at a minimum with weight decay, to leading order for a large minibatch.
///
/// ```text
/// Σ ≈ (1/S)(Λ/(1−μ))(2L₀H₀ − Γw*w*ᵀΓ)(H₀+Γ)⁺[2I − (Λ/(1+μ))(H₀+Γ)]⁻¹
/// ```
///
/// Returns a D×D matrix, units (2, 0); symmetric only where Γw*w*ᵀΓ commutes with the other factors.
///
/// # Errors
/// [`ClaimError::Inverse`] where K or 2 − ΛK/(1+μ) is singular.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    fluctuation_by(setting, noise_at_minimum(setting)?)
}

/// (1/S)(Λ/(1−μ)) 2L₀H₀ (H₀+Γ)⁺\[2I − (Λ/(1+μ))(H₀+Γ)\]⁻¹.
pub(super) fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    fluctuation_by(setting, full_noise_at_minimum(setting)?)
}
