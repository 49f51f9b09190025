//! Theorem 4, first half: the test loss under regularization.

use numbers::{Matrix, Scalar, matrix};
use symbols::{Quantity, Setting};

use super::{Auxiliaries, HYPOTHESES, any_fluctuation, any_test_loss_at};
use crate::hypotheses::{COMMUTING_WEIGHT_DECAY, NO_INPUT_NOISE, NO_LABEL_NOISE, NO_MOMENTUM, SCALAR_LEARNING_RATE};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "regularization/test-loss",
    source: paper::THEOREM_4,
    equations: &["11"],
    provenance: Provenance::Printed,
    statement: "L_test = (λ/(2S))(Tr[AK⁻²Γ²U] κ + r) + ½ Tr[AK⁻²Γ²U]",
    kind: Kind::Exact,
    quantity: Quantity::TestLoss,
    hypotheses: HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "no noise of rank 1: r = 0", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any B, Γ, Λ, μ and σ², by the inverse of one linear map: ½ ((w*−u)ᵀA(w*−u) + Tr[AΣ])",
        form: closed!(any_weight_decay),
        without: &[&NO_LABEL_NOISE, &NO_INPUT_NOISE, &SCALAR_LEARNING_RATE, &NO_MOMENTUM, &COMMUTING_WEIGHT_DECAY],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// Stationary test loss under regularization.
///
/// ```text
/// L_test = (λ/(2S))(Tr[AK⁻²Γ²U] κ + r) + ½ Tr[AK⁻²Γ²U],    G = 2I − λ(K + (1/S) K⁻¹A²)
/// κ = Tr[A²K⁻¹G⁻¹] / (1 − (λ/S) Tr[A²K⁻¹G⁻¹]),    r = Tr[A³K⁻³Γ²G⁻¹U] / (1 − (λ/S) Tr[A²K⁻¹G⁻¹])
/// ```
///
/// Returns a 1×1 matrix, units (2, 2).
///
/// # Assumes
/// N → ∞; Gaussian features; AΓ = ΓA; G ≻ 0 and λ Tr\[A²K⁻¹G⁻¹\] < S, otherwise nothing is stationary.
///
/// # Errors
/// [`ClaimError::Inverse`] and [`ClaimError::Pole`] where K or G is singular or κ infinite.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let auxiliaries = Auxiliaries::of(setting)?;
    let r = auxiliaries.r.clone();
    Ok(test_loss(auxiliaries, r))
}

/// ½ ((w*−u)ᵀA(w*−u) + Tr\[AΣ\]).
fn any_weight_decay<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    any_test_loss_at(setting, any_fluctuation(setting)?)
}

/// (λ/(2S)) Tr\[AK⁻²Γ²U\] κ + ½ Tr\[AK⁻²Γ²U\].
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(test_loss(Auxiliaries::of(setting)?, T::zero()))
}

fn test_loss<T: Scalar>(Auxiliaries { step, offset, kappa, .. }: Auxiliaries<T>, r: T) -> Matrix<T> {
    let two = T::from_integer(2);
    matrix::scalar(step / &two * (offset.clone() * kappa + r) + offset / two)
}
