//! Section 5: noise in the input, x̃ = x + η, η ~ N(0, B), y = uᵀx, K = A + B, w* = K⁻¹Au.

pub mod fluctuation;
pub mod fluctuation_large_batch;
pub mod fluctuation_small_learning_rate;
pub mod loss_difference;
pub mod noise_given_fluctuation;
pub mod test_loss;
pub mod test_loss_bound;
pub mod test_loss_large_batch;
pub mod test_loss_small_learning_rate;
pub mod train_loss;
pub mod train_loss_large_batch;
pub mod train_loss_small_learning_rate;

use numbers::Scalar;
use numbers::matrix::{self, Matrix, identity, trace};
use symbols::Setting;

use crate::hypotheses::{
    INPUT_NOISE, INVERTIBLE_HESSIAN, NO_LABEL_NOISE, NO_MOMENTUM, NO_WEIGHT_DECAY, SCALAR_LEARNING_RATE, STATIONARY,
};
use crate::oracle::label_noise::label_noise;
use crate::oracle::{ClaimError, batch_size, label_noise as theorem_2, learning_rate, true_square};

/// What section 5 assumes throughout.
const HYPOTHESES: &[&crate::oracle::Hypothesis] = &[
    &INPUT_NOISE,
    &NO_LABEL_NOISE,
    &NO_WEIGHT_DECAY,
    &SCALAR_LEARNING_RATE,
    &NO_MOMENTUM,
    &INVERTIBLE_HESSIAN,
    &STATIONARY,
];

/// What Theorem 9 is written in.
///
/// ```text
/// G = 2I − λ(1 + 1/S) K,    κ = Tr[KG⁻¹] / (1 − (λ/S) Tr[KG⁻¹])
/// ```
struct Auxiliaries<T> {
    /// λ/S.
    step: T,
    /// G⁻¹.
    G_inverse: Matrix<T>,
    /// Tr\[KG⁻¹\].
    tau: T,
    /// κ.
    kappa: T,
}

impl<T: Scalar> Auxiliaries<T> {
    fn of(setting: &Setting<T>) -> Result<Self, ClaimError> {
        Self::with_curvature(setting, T::one() + T::one() / batch_size(setting))
    }

    /// The same with G = 2I − `curvature` λK.
    fn with_curvature(setting: &Setting<T>, curvature: T) -> Result<Self, ClaimError> {
        let (K, rate) = (hessian(setting), learning_rate(setting));
        let G = identity::<T>(setting.dimension()) * T::from_integer(2) - &K * (rate.clone() * curvature);
        let G_inverse = matrix::inverse(&G).map_err(|source| ClaimError::Inverse { matrix: "G", source })?;
        let (tau, step) = (trace(&(K * &G_inverse)), rate / batch_size(setting));
        let rest = T::one() - tau.clone() * &step;
        if rest.is_zero() {
            return Err(ClaimError::Pole { denominator: "1 − (λ/S) Tr[KG⁻¹]" });
        }
        Ok(Auxiliaries { step, G_inverse, kappa: tau.clone() / rest, tau })
    }

    /// 1 + λκ/S.
    fn growth(&self) -> T {
        T::one() + self.kappa.clone() * &self.step
    }
}

/// Σ for any Λ, μ and σ²: Theorem 2 with K in place of A and σ² + t in place of σ², as the residual at w* is
/// independent of x̃.
fn any_fluctuation<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let auxiliaries = theorem_2::Auxiliaries::of_hessian(setting, &hessian(setting))?;
    let growth = T::one() + auxiliaries.kappa.clone() / batch_size(setting);
    Ok(leading_fluctuation(setting, auxiliaries)? * growth)
}

/// The same to leading order for a large minibatch.
fn large_batch_fluctuation<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    leading_fluctuation(setting, theorem_2::Auxiliaries::of_large_batch(setting, &hessian(setting))?)
}

/// The same to leading order for a small learning rate.
fn small_rate_fluctuation<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let pull = T::from_integer(2) * (T::one() - setting.momentum());
    leading_fluctuation(setting, theorem_2::Auxiliaries::with(setting, &hessian(setting), pull, T::zero())?)
}

/// (1/S)(σ² + t) G⁻¹Λ.
fn leading_fluctuation<T: Scalar>(
    setting: &Setting<T>,
    auxiliaries: theorem_2::Auxiliaries<T>,
) -> Result<Matrix<T>, ClaimError> {
    let size = residual_at_minimum(setting)? / batch_size(setting);
    Ok(auxiliaries.G_inverse * setting.learning_rate() * size)
}

/// ½ (`floor` + Tr\[KΣ\]).
fn train_loss_at<T: Scalar>(setting: &Setting<T>, floor: T, fluctuation: Matrix<T>) -> Matrix<T> {
    matrix::scalar((floor + trace(&(hessian(setting) * fluctuation))) / T::from_integer(2))
}

/// σ² + t, the mean square of the residual at w*.
fn residual_at_minimum<T: Scalar>(setting: &Setting<T>) -> Result<T, ClaimError> {
    Ok(label_noise(setting)? + unexplained(setting)?)
}

/// ½ Tr\[AΣ\] + ½ Tr\[B'ᵀAB'U\].
fn test_loss_at<T: Scalar>(setting: &Setting<T>, fluctuation: Matrix<T>) -> Result<Matrix<T>, ClaimError> {
    let potential = trace(&(setting.feature_covariance() * fluctuation));
    Ok(matrix::scalar(potential / T::from_integer(2) + least_test_loss(setting)?))
}

/// K = A + B.
fn hessian<T: Scalar>(setting: &Setting<T>) -> Matrix<T> {
    setting.feature_covariance() + setting.input_noise_covariance()
}

/// t = Tr\[AK⁻¹BU\], the mean square of y − w*ᵀx̃.
fn unexplained<T: Scalar>(setting: &Setting<T>) -> Result<T, ClaimError> {
    Ok(trace(&(setting.feature_covariance() * scaled_noise(setting)? * true_square(setting)?)))
}

/// ½ Tr\[B'ᵀAB'U\], the test loss of w*.
fn least_test_loss<T: Scalar>(setting: &Setting<T>) -> Result<T, ClaimError> {
    let scaled = scaled_noise(setting)?;
    let square = scaled.transpose() * setting.feature_covariance() * scaled;
    Ok(trace(&(square * true_square(setting)?)) / T::from_integer(2))
}

/// B' = K⁻¹B.
fn scaled_noise<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let scaled = matrix::solve(&hessian(setting), &setting.input_noise_covariance());
    scaled.map_err(|source| ClaimError::Inverse { matrix: "K", source })
}
