//! Theorem 2: the fluctuation under label noise.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{Auxiliaries, batch_size, label_noise};
use crate::hypotheses::{
    COMMUTING_LEARNING_RATE, FULL_RANK, GAUSSIAN_FEATURES, NO_INPUT_NOISE, NO_WEIGHT_DECAY, STATIONARY,
};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "label-noise/fluctuation",
    source: paper::THEOREM_2,
    equations: &["6"],
    provenance: Provenance::Printed,
    statement: "Σ = (σ²/S)(1 + κ/S) ΛG⁻¹",
    kind: Kind::Exact,
    quantity: Quantity::Fluctuation,
    hypotheses: &[
        &GAUSSIAN_FEATURES,
        &NO_WEIGHT_DECAY,
        &NO_INPUT_NOISE,
        &FULL_RANK,
        &COMMUTING_LEARNING_RATE,
        &STATIONARY,
    ],
    printed: closed!(printed),
    rival: Rival { name: "noise of the order 1/S only: no 1/S in G", form: closed!(rival) },
    strengthened: Some(Strengthened {
        // With Λ = RR, every term of eq. (3) has R on both sides: R⁻¹ΣR⁻¹ satisfies the equation of the learning rate I
        // and the feature covariance RAR, and R f(RAR) R = f(ΛA) Λ.
        statement: "any Λ ≻ 0, with G⁻¹Λ in place of ΛG⁻¹",
        form: closed!(any_learning_rate),
        without: &[&COMMUTING_LEARNING_RATE],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// Stationary fluctuation under label noise.
///
/// ```text
/// Σ = (σ²/S) (1 + κ/S) Λ G⁻¹,    G = 2(1−μ) I − ((1−μ)/(1+μ) + 1/S) ΛA
/// κ = Tr[ΛAG⁻¹] / (1 − (1/S) Tr[ΛAG⁻¹])
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 0).
///
/// # Assumes
/// N → ∞; Gaussian features; ΛA = AΛ, without which the formula is not even symmetric; G ≻ 0 and Tr\[ΛAG⁻¹\] < S,
/// otherwise nothing is stationary.
///
/// # Errors
/// [`ClaimError::Inverse`] and [`ClaimError::Pole`] where G is singular or κ infinite.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let Auxiliaries { G_inverse, kappa, .. } = Auxiliaries::of(setting)?;
    Ok(setting.learning_rate() * G_inverse * size(setting, kappa)?)
}

/// The order of the product that needs no commutation.
fn any_learning_rate<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let Auxiliaries { G_inverse, kappa, .. } = Auxiliaries::of(setting)?;
    Ok(G_inverse * setting.learning_rate() * size(setting, kappa)?)
}

/// The same as printed with G = 2(1−μ) I − ((1−μ)/(1+μ)) ΛA.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let without = Auxiliaries::of_large_batch(setting, &setting.feature_covariance())?;
    Ok(setting.learning_rate() * without.G_inverse * size(setting, without.kappa)?)
}

/// (σ²/S) (1 + κ/S).
fn size<T: Scalar>(setting: &Setting<T>, kappa: T) -> Result<T, ClaimError> {
    let S = batch_size(setting);
    Ok(label_noise(setting)? / &S * (T::one() + kappa / S))
}
