//! Proposition 3: the noise under regularization, given the fluctuation.

use symbols::{Matrix, Moments, Quantity, Scalar, Setting, matrix::trace};

use super::{batch_size, hessian_inverse, label_noise, true_square};
use crate::hypotheses::{
    COMMUTING_WEIGHT_DECAY, GAUSSIAN_FEATURES, INVERTIBLE_HESSIAN, NO_INPUT_NOISE, NO_LABEL_NOISE, NO_MOMENTUM,
    SCALAR_LEARNING_RATE, STATIONARY,
};
use crate::{Claim, ClaimError, Kind, Rival, Strengthened, paper, relation};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "regularization/noise-given-fluctuation",
    source: paper::PROPOSITION_3,
    equations: &["10"],
    statement: "C = (1/S)(AΣA + Tr[AΣ] A + Tr[Γ'ᵀAΓ'U] A + ΓA'UA'Γ), Γ' = K⁻¹Γ, A' = K⁻¹A",
    kind: Kind::Exact,
    quantity: Quantity::NoiseCovariance,
    hypotheses: &[
        &GAUSSIAN_FEATURES,
        &NO_LABEL_NOISE,
        &NO_INPUT_NOISE,
        &SCALAR_LEARNING_RATE,
        &NO_MOMENTUM,
        &COMMUTING_WEIGHT_DECAY,
        &INVERTIBLE_HESSIAN,
        &STATIONARY,
    ],
    printed: relation!(printed),
    rival: Rival { name: "without the term of rank 1", form: relation!(rival) },
    strengthened: Some(Strengthened {
        // A(w* − u) = −AK⁻¹Γu, and AK⁻¹Γ = A − AK⁻¹A is symmetric, hence ΓK⁻¹A.
        statement: "any Γ, Λ, μ and σ², with σ²A added and ΓA'UA'ᵀΓ in place of ΓA'UA'Γ",
        form: relation!(any_weight_decay),
        without: &[&NO_LABEL_NOISE, &SCALAR_LEARNING_RATE, &NO_MOMENTUM, &COMMUTING_WEIGHT_DECAY],
    }),
    correction: None,
    rewritten: None,
};

/// The stationary noise covariance, from the fluctuation.
///
/// ```text
/// C = (1/S)(AΣA + Tr[AΣ] A + Tr[Γ'ᵀAΓ'U] A + ΓA'UA'Γ),    Γ' = K⁻¹Γ,    A' = K⁻¹A
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 4).
///
/// # Assumes
/// N → ∞; Gaussian features; AΓ = ΓA, without which the formula is not even symmetric.
///
/// # Errors
/// [`ClaimError::Inverse`] where K is singular, or a data set does not determine u.
pub fn printed<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    let (A, U, G) = (setting.feature_covariance(), true_square(setting)?, setting.weight_decay());
    let scaled = hessian_inverse(setting)? * A;
    let rank_one = G * &scaled * U * &scaled * G;
    noise_covariance(setting, moments, rank_one, T::zero())
}

/// Transposed where the order matters.
fn any_weight_decay<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    let (A, U, G) = (setting.feature_covariance(), true_square(setting)?, setting.weight_decay());
    let scaled = hessian_inverse(setting)? * A;
    let rank_one = G * &scaled * U * scaled.transpose() * G;
    noise_covariance(setting, moments, rank_one, label_noise(setting)?)
}

/// (1/S)(AΣA + Tr\[AΣ\] A + Tr\[Γ'ᵀAΓ'U\] A).
fn rival<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    let D = setting.dimension();
    noise_covariance(setting, moments, Matrix::zeros(D, D), T::zero())
}

/// (1/S)(AΣA + Tr\[AΣ\] A + Tr\[Γ'ᵀAΓ'U\] A + `rank_one` + `floor` A).
fn noise_covariance<T: Scalar>(
    setting: &Setting<T>,
    moments: &Moments<T>,
    rank_one: Matrix<T>,
    floor: T,
) -> Result<Matrix<T>, ClaimError> {
    let A = setting.feature_covariance();
    let scaled = hessian_inverse(setting)? * setting.weight_decay();
    let offset = trace(&(scaled.transpose() * &A * &scaled * true_square(setting)?));
    let squared_residual = trace(&(&A * &moments.fluctuation)) + offset + floor;
    Ok((&A * &moments.fluctuation * &A + A * squared_residual + rank_one) / batch_size(setting))
}
