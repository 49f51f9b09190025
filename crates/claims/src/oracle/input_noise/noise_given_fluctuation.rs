//! Proposition 9: the noise under input noise, given the fluctuation.

use numbers::{Matrix, Scalar, matrix::trace};
use symbols::{Moments, Quantity, Setting};

use super::{HYPOTHESES, batch_size, hessian, label_noise, unexplained};
use crate::hypotheses::{NO_LABEL_NOISE, NO_MOMENTUM, SCALAR_LEARNING_RATE};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, paper, relation};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "input-noise/noise-given-fluctuation",
    source: paper::PROPOSITION_9,
    equations: &["132"],
    provenance: Provenance::Reconstructed,
    statement: "C = (1/S)(KΣK + Tr[KΣ] K + Tr[AK⁻¹BU] K)",
    kind: Kind::Exact,
    quantity: Quantity::NoiseCovariance,
    hypotheses: HYPOTHESES,
    printed: relation!(printed),
    rival: Rival { name: "without KΣK", form: relation!(rival) },
    strengthened: Some(Strengthened {
        statement: "any Λ, μ and σ², with σ²K added",
        form: relation!(any_learning_rate),
        without: &[&NO_LABEL_NOISE, &SCALAR_LEARNING_RATE, &NO_MOMENTUM],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The stationary noise covariance, from the fluctuation.
///
/// ```text
/// C = (1/S)(KΣK + Tr[KΣ] K + Tr[AK⁻¹BU] K)
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 4); A and B need not commute.
///
/// # Errors
/// [`ClaimError::Inverse`] where K is singular.
pub fn printed<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    let K = hessian(setting);
    let square = &K * &moments.fluctuation * &K;
    Ok((square + &K * squared_residual(setting, moments)?) / batch_size(setting))
}

/// (1/S)(KΣK + Tr\[KΣ\] K + (Tr\[AK⁻¹BU\] + σ²) K).
fn any_learning_rate<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    let floor = hessian(setting) * (label_noise(setting)? / batch_size(setting));
    Ok(printed(setting, moments)? + floor)
}

/// (1/S)(Tr\[KΣ\] + Tr\[AK⁻¹BU\]) K.
fn rival<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(hessian(setting) * (squared_residual(setting, moments)? / batch_size(setting)))
}

/// Tr\[KΣ\] + Tr\[AK⁻¹BU\].
fn squared_residual<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<T, ClaimError> {
    Ok(trace(&(hessian(setting) * &moments.fluctuation)) + unexplained(setting)?)
}
