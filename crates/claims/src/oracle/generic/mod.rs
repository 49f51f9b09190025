//! Section 6: generic minima. L₀ the mean square loss, H₀ its Hessian, L_Γ = L₀ + ½ wᵀΓw.
//!
//! Everything the section says of a model is about residuals and gradients ∇f at given weights, and a data set of
//! xᵢ = ∇fᵢ has any of these. Its second assumption, |L − ℓᵢ| = o(L), is |L − ℓᵢ| = 0 here, so that what holds up to
//! o(L₀) holds exactly; by what order it fails where the assumption does is one claim. Gaussian features do not satisfy
//! it, whatever the loss: xᵀw − y has another size for each x. For them the sign of the term of rank 1 is the other
//! one, which the text after Corollary 3 is judged by.
//!
//! Deliberately absent: second derivatives of f, which H₀ has and Σ ∇ℓᵢ∇ℓᵢᵀ has not; the paper neglects them.

pub mod fluctuation;
pub mod fluctuation_aligned;
pub mod fluctuation_at_interpolation;
pub mod fluctuation_under_regularization;
pub mod fluctuation_with_weight_decay;
pub mod noise;
pub mod noise_at_minimum;
pub mod noise_at_unregularized_minimum;
pub mod noise_given_fluctuation;
pub mod noise_large_batch;
pub mod noise_near_interpolation;
pub mod noise_of_nearly_equal_residuals;
pub mod noise_under_regularization;
pub mod noise_without_weight_decay;

use numbers::matrix::{self, Matrix, identity, outer};
use numbers::{Scalar, Vector};
use symbols::Setting;

use crate::networks::{noise_by_loss, noise_by_spread};
use crate::oracle::regularization::{discrete_map, minimizer, residual_at_minimum, responses};
use crate::oracle::{ClaimError, batch_size};

/// 2L₀(w₀), the mean square of the residuals of a data set.
fn squared_residual<T: Scalar>(setting: &Setting<T>) -> Result<T, ClaimError> {
    let symbols::Population::Data(data) = setting.population() else { return Err(ClaimError::NeedsDataSet) };
    let residuals = &data.features * setting.initial_weights() - &data.labels;
    Ok(residuals.dot(&residuals) / T::from_integer(residuals.len() as i64))
}

/// ∇L_Γ(w₀).
fn full_gradient<T: Scalar>(setting: &Setting<T>) -> Vector<T> {
    setting.hessian() * setting.initial_weights() - setting.label_moment()
}

/// ∇L₀(w₀) = ∇L_Γ(w₀) − Γw₀.
fn gradient<T: Scalar>(setting: &Setting<T>) -> Vector<T> {
    full_gradient(setting) - setting.weight_decay() * setting.initial_weights()
}

/// H₀ = K − Γ.
fn hessian<T: Scalar>(setting: &Setting<T>) -> Matrix<T> {
    setting.hessian() - setting.weight_decay()
}

/// (1/S)(2L₀(w₀) H₀ − `gradient` `gradient`ᵀ).
fn noise_at<T: Scalar>(setting: &Setting<T>, gradient: &Vector<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(noise_by_loss(&hessian(setting), &squared_residual(setting)?, gradient) / batch_size(setting))
}

/// 2L₀(w*) H₀/S.
fn full_noise_at_minimum<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(hessian(setting) * (residual_at_minimum(setting)? / batch_size(setting)))
}

/// Γw*w*ᵀΓ/S.
fn rank_one<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let pull = setting.weight_decay() * minimizer(setting)?;
    Ok(outer(&pull, &pull) / batch_size(setting))
}

/// (1/S)(2L₀(w*) H₀ − Γw*w*ᵀΓ).
fn noise_at_minimum<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(full_noise_at_minimum(setting)? - rank_one(setting)?)
}

/// (Λ/(1−μ)) C (H₀+Γ)⁻¹\[2I − (Λ/(1+μ))(H₀+Γ)\]⁻¹ for a noise C. The pseudoinverse of the paper serves minima with flat
/// directions, in which nothing moves.
fn fluctuation_by<T: Scalar>(setting: &Setting<T>, noise: Matrix<T>) -> Result<Matrix<T>, ClaimError> {
    let (n, mu, K) = (T::from_integer, setting.momentum(), setting.hessian());
    let K_inverse = matrix::inverse(&K).map_err(|source| ClaimError::Inverse { matrix: "H₀ + Γ", source })?;
    let step = setting.learning_rate() * K / (n(1) + mu);
    let G = identity::<T>(setting.dimension()) * n(2) - step;
    let G_inverse = matrix::inverse(&G).map_err(|source| ClaimError::Inverse { matrix: "2 − ΛK/(1+μ)", source })?;
    Ok(setting.learning_rate() * noise * K_inverse * G_inverse / (n(1) - mu))
}

/// What eq. (3) makes of C = (1/S)(2L₀(w*) H₀ − Γw*w*ᵀΓ), by the inverse of one linear map; nothing need commute.
fn any_fluctuation<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let [of_noise, of_decay] = responses(setting, &discrete_map(setting))?;
    Ok(of_noise * residual_at_minimum(setting)? - of_decay)
}
