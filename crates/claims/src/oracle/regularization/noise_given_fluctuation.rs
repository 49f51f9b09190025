//! Proposition 3: the noise under regularization, given the fluctuation.

use numbers::{Matrix, Scalar, matrix::trace};
use symbols::{Moments, Quantity, Setting};

use super::{HYPOTHESES, any_minimum_noise, batch_size, hessian_inverse, second_moment, true_square};
use crate::hypotheses::{COMMUTING_WEIGHT_DECAY, NO_INPUT_NOISE, NO_LABEL_NOISE, NO_MOMENTUM, SCALAR_LEARNING_RATE};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, paper, relation};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "regularization/noise-given-fluctuation",
    source: paper::PROPOSITION_3,
    equations: &["10"],
    provenance: Provenance::Printed,
    statement: "C = (1/S)(AΣA + Tr[AΣ] A + Tr[Γ'ᵀAΓ'U] A + ΓA'UA'Γ), Γ' = K⁻¹Γ, A' = K⁻¹A",
    kind: Kind::Exact,
    quantity: Quantity::NoiseCovariance,
    hypotheses: HYPOTHESES,
    printed: relation!(printed),
    rival: Rival { name: "without the term of rank 1", form: relation!(rival) },
    strengthened: Some(Strengthened {
        // The covariance of x̃ and the residual at w* is ∇L without the regularizer, hence −Γw* = −ΓA'u.
        statement: "any B, Γ, Λ, μ and σ²: C = (1/S)(MΣM + (Tr[MΣ] + q₀) M + ΓA'UA'ᵀΓ), M = A + B, \
                    q₀ = σ² + (w*−u)ᵀA(w*−u) + w*ᵀBw*",
        form: relation!(any_weight_decay),
        without: &[&NO_LABEL_NOISE, &NO_INPUT_NOISE, &SCALAR_LEARNING_RATE, &NO_MOMENTUM, &COMMUTING_WEIGHT_DECAY],
    }),
    correction: None,
    refutation: None,
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
    noise_covariance(setting, moments, rank_one)
}

/// (1/S)(MΣM + Tr\[MΣ\] M) + C(w*).
fn any_weight_decay<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    let M = second_moment(setting);
    let spread = &M * &moments.fluctuation;
    Ok((&spread * &M + &M * trace(&spread)) / batch_size(setting) + any_minimum_noise(setting)?)
}

/// (1/S)(AΣA + Tr\[AΣ\] A + Tr\[Γ'ᵀAΓ'U\] A).
fn rival<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    let D = setting.dimension();
    noise_covariance(setting, moments, Matrix::zeros(D, D))
}

/// (1/S)(AΣA + Tr\[AΣ\] A + Tr\[Γ'ᵀAΓ'U\] A + `rank_one`).
fn noise_covariance<T: Scalar>(
    setting: &Setting<T>,
    moments: &Moments<T>,
    rank_one: Matrix<T>,
) -> Result<Matrix<T>, ClaimError> {
    let A = setting.feature_covariance();
    let scaled = hessian_inverse(setting)? * setting.weight_decay();
    let offset = trace(&(scaled.transpose() * &A * &scaled * true_square(setting)?));
    let squared_residual = trace(&(&A * &moments.fluctuation)) + offset;
    Ok((&A * &moments.fluctuation * &A + A * squared_residual + rank_one) / batch_size(setting))
}
