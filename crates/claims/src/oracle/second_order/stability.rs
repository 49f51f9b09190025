//! Proposition 5: which damped Newton steps are stable.

use numbers::{Matrix, Scalar, matrix};
use symbols::{Quantity, Setting};

use super::{batch_size, damped_newton::g, dimension, step_size};
use crate::hypotheses::{DAMPED_NEWTON, GAUSSIAN_FEATURES, NEAR_THE_EDGE, NO_INPUT_NOISE, NO_WEIGHT_DECAY};
use crate::oracle::{Claim, ClaimError, Correction, Kind, Provenance, Refutation, Refutes, Rival, closed, paper};

/// The record. As printed it allows every λ beyond g = 0, where λD/g is negative. For S = λD/g, which has to be chosen
/// to be met, the formula has a pole and nothing is stationary.
pub const CLAIM: Claim = Claim {
    id: "second-order/stability",
    source: paper::PROPOSITION_5,
    equations: &[],
    provenance: Provenance::Printed,
    statement: "Σ is finite if and only if S ≥ λD/g, g = 2(1−μ) − ((1−μ)/(1+μ) + 1/S)λ",
    kind: Kind::Stability,
    quantity: Quantity::Fluctuation,
    hypotheses: &[&GAUSSIAN_FEATURES, &NO_WEIGHT_DECAY, &NO_INPUT_NOISE, &DAMPED_NEWTON, &NEAR_THE_EDGE],
    printed: closed!(printed),
    rival: Rival { name: "g > 0 alone", form: closed!(rival) },
    strengthened: None,
    correction: Some(Correction { statement: "gS > λD, and so g > 0", form: closed!(corrected) }),
    refutation: Some(Refutation {
        refutes: Refutes::Contradiction { with: &["second-order/damped-newton"] },
        because: "The Σ of the same proposition, eq. (83), is infinite for gS = λD and negative for g < 0. Where g > \
                  0 goes without saying, only ≥ is wrong, for >.",
    }),
    rewritten: None,
};

/// What is positive where the condition holds, but for its edge.
///
/// ```text
/// S − λD/g
/// ```
///
/// Returns a 1×1 matrix.
///
/// # Errors
/// [`ClaimError::Pole`] for g = 0.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let g = g(setting, T::one() / batch_size(setting));
    if g.is_zero() {
        return Err(ClaimError::Pole { denominator: "g" });
    }
    Ok(matrix::scalar(batch_size(setting) - step_size(setting) * dimension(setting) / g))
}

/// gS − λD.
fn corrected<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let g = g(setting, T::one() / batch_size(setting));
    Ok(matrix::scalar(g * batch_size(setting) - step_size(setting) * dimension(setting)))
}

/// g.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(matrix::scalar(g(setting, T::one() / batch_size(setting))))
}
