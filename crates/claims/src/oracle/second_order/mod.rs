//! Section 8: second-order methods under label noise, a fixed Λ that undoes the curvature.
//!
//! A natural gradient step is Λ = (λ/S) C⁻¹ at the stationary C, which depends on Λ. A setting has Λ = ℓA⁻¹, and λ is
//! what makes that self-consistent, so that its claims are relations and stay rational.

pub mod damped_newton;
pub mod natural_gradient;
pub mod natural_gradient_step;
pub mod natural_gradient_without_label_noise;
pub mod stability;

use numbers::Scalar;
use numbers::matrix::{self, Matrix, trace};
use symbols::{Moments, Setting};

use crate::hypotheses::{DAMPED_NEWTON, GAUSSIAN_FEATURES, NO_INPUT_NOISE, NO_WEIGHT_DECAY, STATIONARY};
use crate::oracle::{ClaimError, batch_size, label_noise::label_noise};

/// What section 8 assumes throughout.
const HYPOTHESES: &[&crate::oracle::Hypothesis] =
    &[&GAUSSIAN_FEATURES, &NO_WEIGHT_DECAY, &NO_INPUT_NOISE, &DAMPED_NEWTON, &STATIONARY];

/// ℓ of Λ = ℓA⁻¹; any other Λ contributes the mean eigenvalue Tr\[ΛA\]/D of ΛA.
fn step_size<T: Scalar>(setting: &Setting<T>) -> T {
    trace(&(setting.learning_rate() * setting.feature_covariance())) / dimension(setting)
}

/// D, in the field.
fn dimension<T: Scalar>(setting: &Setting<T>) -> T {
    T::from_integer(setting.dimension() as i64)
}

/// A⁻¹.
fn inverse_covariance<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    matrix::inverse(&setting.feature_covariance()).map_err(|source| ClaimError::Inverse { matrix: "A", source })
}

/// Section 8 of a natural gradient, with `weight` in place of 1 + D.
struct NaturalGradient<T> {
    /// z = Tr\[ΣA\]/D.
    z: T,
    /// q = (1 + D) z + σ², with which Σ = zA⁻¹ has C = (q/S) A.
    q: T,
    /// λ = ℓq, with which (λ/S) C⁻¹ = ℓA⁻¹.
    rate: T,
}

impl<T: Scalar> NaturalGradient<T> {
    fn of(setting: &Setting<T>, moments: &Moments<T>, weight: &T) -> Result<Self, ClaimError> {
        let z = trace(&(&moments.fluctuation * setting.feature_covariance())) / dimension(setting);
        let q = z.clone() * weight + label_noise(setting)?;
        Ok(NaturalGradient { rate: step_size(setting) * &q, z, q })
    }
}

/// 1 + D.
fn one_more<T: Scalar>(setting: &Setting<T>) -> T {
    dimension(setting) + T::one()
}
