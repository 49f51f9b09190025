//! Proposition 5: the fluctuation of damped Newton steps.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{HYPOTHESES, batch_size, dimension, inverse_covariance, label_noise, step_size};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, closed, paper};

/// The record. Theorem 2 with Λ = λA⁻¹, which commutes with A.
pub const CLAIM: Claim = Claim {
    id: "second-order/damped-newton",
    source: paper::PROPOSITION_5,
    equations: &["83"],
    provenance: Provenance::Printed,
    statement: "Σ = λσ²/(gS − λD) A⁻¹, g = 2(1−μ) − ((1−μ)/(1+μ) + 1/S)λ",
    kind: Kind::Exact,
    quantity: Quantity::Fluctuation,
    hypotheses: HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "no 1/S in g", form: closed!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: None,
};

/// Stationary fluctuation of damped Newton steps, Λ = λA⁻¹.
///
/// ```text
/// Σ = λσ²/(gS − λD) A⁻¹,    g = 2(1−μ) − ((1−μ)/(1+μ) + 1/S) λ
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 0).
///
/// # Assumes
/// N → ∞; Gaussian features; gS > λD, otherwise nothing is stationary.
///
/// # Errors
/// [`ClaimError::Inverse`] for a singular A, and [`ClaimError::Pole`] for gS = λD.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    fluctuation(setting, T::one() / batch_size(setting))
}

/// The same with g = 2(1−μ) − ((1−μ)/(1+μ)) λ.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    fluctuation(setting, T::zero())
}

/// λσ²/(gS − λD) A⁻¹ with `draw` in place of the 1/S in g.
fn fluctuation<T: Scalar>(setting: &Setting<T>, draw: T) -> Result<Matrix<T>, ClaimError> {
    let rate = step_size(setting);
    let denominator = g(setting, draw) * batch_size(setting) - rate.clone() * dimension(setting);
    if denominator.is_zero() {
        return Err(ClaimError::Pole { denominator: "gS − λD" });
    }
    Ok(inverse_covariance(setting)? * (rate * label_noise(setting)? / denominator))
}

/// g with `draw` in place of its 1/S.
pub(super) fn g<T: Scalar>(setting: &Setting<T>, draw: T) -> T {
    let (n, mu) = (T::from_integer, setting.momentum());
    let curvature = (n(1) - mu) / (n(1) + mu) + draw;
    n(2) * (n(1) - mu) - curvature * step_size(setting)
}
