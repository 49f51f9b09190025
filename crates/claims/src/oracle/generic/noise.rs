//! Theorem 5: the noise near a minimum.

use numbers::{Matrix, Scalar, Vector};
use symbols::{Quantity, Setting};

use super::{full_gradient, gradient, noise_at};
use crate::hypotheses::{DATA_SET, EQUAL_RESIDUALS, WITH_REPLACEMENT};
use crate::oracle::{Claim, ClaimError, Correction, Kind, Provenance, Refutation, Refutes, Rival, closed, paper};

/// The record. The regularizer is the same for each sample and has no part in the noise: with ∇L_Γ, C(w*) would lack
/// the term of rank 1 that eq. (15) has.
pub const CLAIM: Claim = Claim {
    id: "generic/noise",
    source: paper::THEOREM_5,
    equations: &["14"],
    // The exact case stands in for o(L₀): where assumption 2 holds without any remainder, so does the equation.
    provenance: Provenance::Printed,
    statement: "C(w) = (2L₀/S) H₀ − (1/S) ∇L_Γ∇L_Γᵀ + o(L₀), without o(L₀) where |L₀ − ℓᵢ| = 0",
    kind: Kind::Exact,
    quantity: Quantity::MinibatchNoise,
    hypotheses: &[&DATA_SET, &WITH_REPLACEMENT, &EQUAL_RESIDUALS],
    printed: closed!(printed),
    rival: Rival { name: "without the term of rank 1", form: closed!(rival) },
    strengthened: None,
    correction: Some(Correction {
        statement: "C(w) = (2L₀/S) H₀ − (1/S) ∇L₀∇L₀ᵀ, ∇L₀ = ∇L_Γ − Γw",
        form: closed!(of_plain_loss),
    }),
    refutation: Some(Refutation {
        refutes: Refutes::Contradiction { with: &["generic/noise-at-minimum"] },
        because: "At a minimum ∇L_Γ = 0, so that eq. (14) has no term of rank 1 there, and eq. (15), which is said \
                  to follow from it, has −(1/S) Γw*w*ᵀΓ. With ∇L₀ in place of ∇L_Γ both hold; without weight decay \
                  they are the same.",
    }),
    rewritten: None,
};

/// The noise of one minibatch at w₀.
///
/// ```text
/// C(w₀) = (2L₀/S) H₀ − (1/S) ∇L_Γ∇L_Γᵀ
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 4).
///
/// # Errors
/// [`ClaimError::NeedsDataSet`].
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    noise_at(setting, &full_gradient(setting))
}

/// (2L₀/S) H₀ − (1/S) ∇L₀∇L₀ᵀ.
pub(super) fn of_plain_loss<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    noise_at(setting, &gradient(setting))
}

/// (2L₀/S) H₀.
pub(super) fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    noise_at(setting, &Vector::zeros(setting.dimension()))
}
