//! Section 3: label noise, y = uᵀx + ε, x ~ N(0, A), N → ∞.

pub mod fluctuation;
pub mod fluctuation_large_batch;
pub mod linear_scaling;
pub mod noise_covariance;
pub mod noise_given_fluctuation;
pub mod noise_large_batch;
pub mod noise_small_learning_rate;
pub mod small_learning_rate;
pub mod stability;
pub mod test_loss;
pub mod test_loss_large_batch;
pub mod test_loss_limit;
pub mod test_loss_small_learning_rate;
pub mod train_loss;
pub mod train_loss_large_batch;
pub mod train_loss_limit;
pub mod train_loss_small_learning_rate;

use numbers::Scalar;
use numbers::matrix::{self, Matrix, identity, trace};
use symbols::Setting;

use crate::hypotheses::{
    FULL_RANK, GAUSSIAN_FEATURES, NO_INPUT_NOISE, NO_MOMENTUM, NO_WEIGHT_DECAY, SCALAR_LEARNING_RATE, STATIONARY,
};
use crate::oracle::{ClaimError, batch_size, learning_rate};

/// What the columns of Table 2 assume under label noise.
const TABLE_2_HYPOTHESES: &[&crate::oracle::Hypothesis] = &[
    &GAUSSIAN_FEATURES,
    &NO_WEIGHT_DECAY,
    &NO_INPUT_NOISE,
    &FULL_RANK,
    &SCALAR_LEARNING_RATE,
    &NO_MOMENTUM,
    &STATIONARY,
];

/// What Theorems 2, 3 and 8 are written in, for H = A; with the Hessian of input noise, the project's forms of
/// Theorem 9.
///
/// ```text
/// G = 2(1−μ) I − ((1−μ)/(1+μ) + 1/S) ΛH,    κ = Tr[ΛHG⁻¹] / (1 − (1/S) Tr[ΛHG⁻¹])
/// ```
pub(crate) struct Auxiliaries<T> {
    /// G⁻¹.
    pub(crate) G_inverse: Matrix<T>,
    /// ΛHG⁻¹.
    pub(crate) LHG_inverse: Matrix<T>,
    /// κ.
    pub(crate) kappa: T,
}

impl<T: Scalar> Auxiliaries<T> {
    fn of(setting: &Setting<T>) -> Result<Self, ClaimError> {
        Self::of_hessian(setting, &setting.feature_covariance())
    }

    /// For another H than A.
    pub(crate) fn of_hessian(setting: &Setting<T>, H: &Matrix<T>) -> Result<Self, ClaimError> {
        let (n, mu, S) = (T::from_integer, setting.momentum(), batch_size(setting));
        let curvature = (n(1) - mu) / (n(1) + mu) + n(1) / S;
        Self::with(setting, H, n(2) * (n(1) - mu), curvature)
    }

    /// The same without the 1/S in G.
    pub(crate) fn of_large_batch(setting: &Setting<T>, H: &Matrix<T>) -> Result<Self, ClaimError> {
        let (n, mu) = (T::from_integer, setting.momentum());
        Self::with(setting, H, n(2) * (n(1) - mu), (n(1) - mu) / (n(1) + mu))
    }

    /// The same with G = 2I − ΛA.
    fn of_plain_step(setting: &Setting<T>) -> Result<Self, ClaimError> {
        let A = setting.feature_covariance();
        Self::with(setting, &A, T::from_integer(2), T::one())
    }

    /// The same with G = `pull` I − `curvature` ΛH.
    pub(crate) fn with(setting: &Setting<T>, H: &Matrix<T>, pull: T, curvature: T) -> Result<Self, ClaimError> {
        let LH = setting.learning_rate() * H;
        let G = identity::<T>(setting.dimension()) * pull - &LH * curvature;
        let G_inverse = matrix::inverse(&G).map_err(|source| ClaimError::Inverse { matrix: "G", source })?;
        let LHG_inverse = LH * &G_inverse;
        let tau = trace(&LHG_inverse);
        let rest = T::one() - tau.clone() / batch_size(setting);
        if rest.is_zero() {
            return Err(ClaimError::Pole { denominator: "1 − (1/S) Tr[ΛHG⁻¹]" });
        }
        Ok(Auxiliaries { G_inverse, LHG_inverse, kappa: tau / rest })
    }
}

/// σ².
pub(crate) fn label_noise<T: Scalar>(setting: &Setting<T>) -> Result<T, ClaimError> {
    setting.label_noise_variance().map_err(|source| ClaimError::Inverse { matrix: "A", source })
}

/// `size` `spread`/(2S): what the losses of Table 2 have above their limits.
fn excess_loss<T: Scalar>(setting: &Setting<T>, size: T, spread: T) -> T {
    size * spread / (T::from_integer(2) * batch_size(setting))
}
