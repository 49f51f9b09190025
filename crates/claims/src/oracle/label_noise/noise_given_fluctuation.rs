//! Lemma 1: the noise under label noise, given the fluctuation.

use numbers::{Matrix, Scalar, matrix::trace};
use symbols::{Moments, Quantity, Setting};

use super::{batch_size, label_noise};
use crate::hypotheses::{FULL_RANK, GAUSSIAN_FEATURES, NO_INPUT_NOISE, NO_WEIGHT_DECAY, STATIONARY};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, paper, relation};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "label-noise/noise-given-fluctuation",
    source: paper::LEMMA_1,
    equations: &["5"],
    provenance: Provenance::Printed,
    statement: "C = (1/S)(AΣA + Tr[AΣ] A + σ² A)",
    kind: Kind::Exact,
    quantity: Quantity::NoiseCovariance,
    hypotheses: &[&GAUSSIAN_FEATURES, &NO_WEIGHT_DECAY, &NO_INPUT_NOISE, &FULL_RANK, &STATIONARY],
    printed: relation!(printed),
    rival: Rival { name: "without AΣA", form: relation!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The stationary noise covariance, from the fluctuation.
///
/// ```text
/// C = (1/S)(AΣA + Tr[AΣ] A + σ² A)
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 4); any Λ and μ.
///
/// # Errors
/// [`ClaimError::Inverse`] for a data set that does not determine σ².
pub fn printed<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    let A = setting.feature_covariance();
    let ASA = &A * &moments.fluctuation * &A;
    Ok((ASA + &A * squared_residual(setting, moments)?) / batch_size(setting))
}

/// (1/S)(Tr\[AΣ\] + σ²) A.
fn rival<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(setting.feature_covariance() * (squared_residual(setting, moments)? / batch_size(setting)))
}

/// Tr\[AΣ\] + σ².
fn squared_residual<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<T, ClaimError> {
    Ok(trace(&(setting.feature_covariance() * &moments.fluctuation)) + label_noise(setting)?)
}
