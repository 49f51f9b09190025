//! Table 2: the noise of a step under regularization for a small learning rate.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{HYPOTHESES, any_minimum_noise, batch_size, learning_rate, minimum_noise};
use crate::hypotheses::{
    COMMUTING_WEIGHT_DECAY, HALF_LEARNING_RATE, NO_INPUT_NOISE, NO_LABEL_NOISE, NO_MOMENTUM, SCALAR_LEARNING_RATE,
};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record. It is the right side of eq. (35); the left side is Theorem 1's.
pub const CLAIM: Claim = Claim {
    id: "regularization/noise-small-learning-rate",
    source: paper::TABLE_2,
    equations: &["35"],
    provenance: Provenance::Reconstructed,
    statement: "ΛCΛ ≈ (λ²/S)(T₀A + AΓ'UΓ'A), Γ' = K⁻¹Γ, T₀ = Tr[AK⁻²Γ²U], λ → 0",
    kind: Kind::Approximation { path: &HALF_LEARNING_RATE, order: 1 },
    quantity: Quantity::StepCovariance,
    hypotheses: HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "the Hessian approximation, C = K/S", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any B, Γ, Λ, μ and σ²: (1/S) Λ(q₀(A + B) + Γw*w*ᵀΓ)Λ, \
                    q₀ = σ² + (w*−u)ᵀA(w*−u) + w*ᵀBw*",
        form: closed!(any_weight_decay),
        without: &[&NO_LABEL_NOISE, &NO_INPUT_NOISE, &SCALAR_LEARNING_RATE, &NO_MOMENTUM, &COMMUTING_WEIGHT_DECAY],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The noise of a step under regularization, to leading order for a small learning rate.
///
/// ```text
/// ΛCΛ ≈ (λ²/S)(T₀A + AΓ'UΓ'A),    Γ' = K⁻¹Γ,    T₀ = Tr[AK⁻²Γ²U],    λ → 0
/// ```
///
/// Returns a D×D matrix, units (2, 0), symmetric where A and Γ commute.
///
/// # Errors
/// [`ClaimError::Inverse`] where K is singular.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let rate = learning_rate(setting);
    Ok(minimum_noise(setting)? * (rate.clone() * rate))
}

/// ΛC(w*)Λ.
fn any_weight_decay<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let L = setting.learning_rate();
    Ok(L * any_minimum_noise(setting)? * L)
}

/// λ²K/S, eq. (34).
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let rate = learning_rate(setting);
    Ok(setting.hessian() * (rate.clone() * rate / batch_size(setting)))
}
