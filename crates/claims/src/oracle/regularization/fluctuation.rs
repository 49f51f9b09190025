//! Theorem 4, second half: the fluctuation under regularization, where the true weights commute with the weight decay.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{Auxiliaries, any_fluctuation, fluctuation};
use crate::hypotheses::{
    COMMUTING_WEIGHT_DECAY, GAUSSIAN_FEATURES, INVERTIBLE_HESSIAN, NO_INPUT_NOISE, NO_LABEL_NOISE, NO_MOMENTUM,
    SCALAR_LEARNING_RATE, STATIONARY, TRUE_WEIGHTS_IN_WEIGHT_DECAY,
};
use crate::oracle::{Claim, ClaimError, Correction, Kind, Provenance, Refutation, Refutes, Rival, closed, paper};

/// The record. Γ = γI satisfies the hypotheses with any A and u, and then A²K⁻²Γ²UK⁻¹G⁻¹ is not even symmetric.
///
/// No order of the product helps. The correction solves the stationary equation, which in the basis of A and Γ is
///
/// ```text
/// Σᵢⱼ = (λ/S)(qaᵢδᵢⱼ + pᵢpⱼ) / (kᵢ + kⱼ − λkᵢkⱼ − (λ/S)aᵢaⱼ),    p = AK⁻¹Γu,    q = T₀ (1 + λκ/S) + λr/S
/// ```
pub const CLAIM: Claim = Claim {
    id: "regularization/fluctuation",
    source: paper::THEOREM_4,
    equations: &["12"],
    provenance: Provenance::Printed,
    statement: "Σ = (λ/S) Tr[AK⁻²Γ²U](1 + λκ/S) AK⁻¹G⁻¹ + (λ/S)(A²K⁻²Γ²U + (λr/S) A) K⁻¹G⁻¹",
    kind: Kind::Exact,
    quantity: Quantity::Fluctuation,
    hypotheses: &[
        &GAUSSIAN_FEATURES,
        &NO_LABEL_NOISE,
        &NO_INPUT_NOISE,
        &SCALAR_LEARNING_RATE,
        &NO_MOMENTUM,
        &COMMUTING_WEIGHT_DECAY,
        &TRUE_WEIGHTS_IN_WEIGHT_DECAY,
        &INVERTIBLE_HESSIAN,
        &STATIONARY,
    ],
    printed: closed!(printed),
    rival: Rival { name: "no noise of rank 1: r = 0 and no U", form: closed!(rival) },
    strengthened: None,
    correction: Some(Correction {
        statement: "in the basis of A and Γ, Σᵢⱼ = (λ/S)(qaᵢδᵢⱼ + pᵢpⱼ) / (kᵢ + kⱼ − λkᵢkⱼ − (λ/S)aᵢaⱼ), p = AK⁻¹Γu, \
                    q = T₀ (1 + λκ/S) + λr/S",
        form: closed!(any_fluctuation),
    }),
    refutation: Some(Refutation {
        refutes: Refutes::Hypotheses { holds_as: "regularization/fluctuation-aligned" },
        because: "With Γ = γI any u has [Γ, U] = 0, and Σ as printed is not even symmetric. The appendix asks that \
                  U, A and Γ all commute, and with that eq. (12) holds.",
    }),
    rewritten: None,
};

/// Stationary fluctuation under regularization.
///
/// ```text
/// Σ = (λ/S) Tr[AK⁻²Γ²U](1 + λκ/S) AK⁻¹G⁻¹ + (λ/S)(A²K⁻²Γ²U + (λr/S) A) K⁻¹G⁻¹
/// ```
///
/// G, κ and r as for the test loss. Returns a D×D matrix, units (2, 0).
///
/// # Assumes
/// N → ∞; Gaussian features; AΓ = ΓA and ΓU = UΓ. It is right only where AU = UA, too.
///
/// # Errors
/// [`ClaimError::Inverse`] and [`ClaimError::Pole`] where K or G is singular or κ infinite.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let auxiliaries = Auxiliaries::of(setting)?;
    fluctuation(setting, auxiliaries.squared_residual(), &auxiliaries.G_inverse)
}

/// (λ/S) Tr\[AK⁻²Γ²U\](1 + λκ/S) AK⁻¹G⁻¹.
pub(super) fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let Auxiliaries { step, G_inverse, offset, kappa, .. } = Auxiliaries::of(setting)?;
    let (A, K_inverse) = (setting.feature_covariance(), super::hessian_inverse(setting)?);
    let size = offset * (T::one() + kappa * &step) * step;
    Ok(A * K_inverse * G_inverse * size)
}
