//! Section 3: label noise, y = uᵀx + ε, x ~ N(0, A), N → ∞.

pub mod fluctuation;
pub mod noise_covariance;
pub mod noise_given_fluctuation;
pub mod small_learning_rate;
pub mod test_loss;
pub mod test_loss_limit;
pub mod train_loss;
pub mod train_loss_limit;

use symbols::matrix::{self, Matrix, identity, trace};
use symbols::{Scalar, Setting};

use crate::{ClaimError, batch_size};

/// What Theorems 2, 3 and 8 are written in.
///
/// ```text
/// G = 2(1−μ) I − ((1−μ)/(1+μ) + 1/S) ΛA,    κ = Tr[ΛAG⁻¹] / (1 − (1/S) Tr[ΛAG⁻¹])
/// ```
struct Auxiliaries<T> {
    /// G⁻¹.
    G_inverse: Matrix<T>,
    /// ΛAG⁻¹.
    LAG_inverse: Matrix<T>,
    /// κ.
    kappa: T,
}

impl<T: Scalar> Auxiliaries<T> {
    fn of(setting: &Setting<T>) -> Result<Self, ClaimError> {
        let (n, mu, S) = (T::from_integer, setting.momentum(), batch_size(setting));
        let curvature = (n(1) - mu) / (n(1) + mu) + n(1) / &S;
        Self::with_curvature(setting, curvature)
    }

    /// The same with another factor of −ΛA in G; rivals use it.
    fn with_curvature(setting: &Setting<T>, curvature: T) -> Result<Self, ClaimError> {
        let (n, mu, S) = (T::from_integer, setting.momentum(), batch_size(setting));
        let LA = setting.learning_rate() * setting.feature_covariance();
        let G = identity::<T>(setting.dimension()) * (n(2) * (n(1) - mu)) - &LA * curvature;
        let G_inverse = matrix::inverse(&G).map_err(|source| ClaimError::Inverse { matrix: "G", source })?;
        let LAG_inverse = LA * &G_inverse;
        let tau = trace(&LAG_inverse);
        let rest = n(1) - tau.clone() / S;
        if rest.is_zero() {
            return Err(ClaimError::Pole { denominator: "1 − (1/S) Tr[ΛAG⁻¹]" });
        }
        Ok(Auxiliaries { G_inverse, LAG_inverse, kappa: tau / rest })
    }
}

/// σ².
fn label_noise<T: Scalar>(setting: &Setting<T>) -> Result<T, ClaimError> {
    setting.label_noise_variance().map_err(|source| ClaimError::Inverse { matrix: "A", source })
}
