//! Settings of several weights whose features are independent, and whether their fourth moments exist.

use exact::{CentralMoments, ExactError};
use numbers::{Matrix, Vector};
use rug::Rational;
use symbols::{BatchSize, Gaussian, Population, Setting};
use tables::StudyError;

/// Weights whose features have the `variances` along the axes, with label noise of variance 1 and Λ = λI.
pub(super) fn setting(variances: &[Rational], S: u32, rate: &Rational) -> Result<Setting<Rational>, StudyError> {
    let D = variances.len();
    let model = Gaussian {
        feature_covariance: Matrix::from_diagonal(&Vector::from_row_slice(variances)),
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance: Rational::from(1),
        true_weights: Vector::zeros(D),
    };
    let rate = Matrix::from_diagonal_element(D, D, rate.clone());
    Ok(Setting::new(Population::Gaussian(model), rate, BatchSize::new(S)?)?)
}

/// D weights with A = 2I and λ = L/2.
pub(super) fn of_two(D: u32, S: u32, step_size: &Rational) -> Result<Setting<Rational>, StudyError> {
    setting(&vec![Rational::from(2); D as usize], S, &Rational::from(step_size / 2u32))
}

/// The central moments of the weights up to the fourth, by the exact engine; `None` where there is no fourth.
pub(super) fn fourth_moments(setting: &Setting<Rational>) -> Result<Option<CentralMoments>, ExactError> {
    match exact::central_moments(setting) {
        Ok(found) => Ok(Some(found)),
        // Without second moments there are no fourth ones either.
        Err(ExactError::HeavyTail { .. } | ExactError::Unstable) => Ok(None),
        Err(error) => Err(error),
    }
}
