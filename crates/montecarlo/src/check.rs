//! A setting that can be run.

use symbols::{Population, Setting};

use crate::MonteCarloError;

/// Refuses a setting with an entry that is infinite or NaN.
pub(crate) fn check_finite(setting: &Setting<f64>) -> Result<(), MonteCarloError> {
    all_finite("learning_rate", setting.learning_rate())?;
    all_finite("momentum", &[*setting.momentum()])?;
    all_finite("weight_decay", setting.weight_decay())?;
    all_finite("initial_weights", setting.initial_weights())?;
    match setting.population() {
        Population::Gaussian(model) => {
            all_finite("feature_covariance", &model.feature_covariance)?;
            all_finite("input_noise_covariance", &model.input_noise_covariance)?;
            all_finite("label_noise_variance", &[model.label_noise_variance])?;
            all_finite("true_weights", &model.true_weights)?;
        }
        Population::Data(data) => {
            all_finite("features", &data.features)?;
            all_finite("labels", &data.labels)?;
        }
    }
    all_finite("hessian", &setting.hessian())
}

/// Refuses a quantity with such an entry.
pub(crate) fn all_finite<'a>(
    quantity: &'static str,
    entries: impl IntoIterator<Item = &'a f64>,
) -> Result<(), MonteCarloError> {
    match entries.into_iter().find(|entry| !entry.is_finite()) {
        Some(&value) => Err(MonteCarloError::NotFinite { quantity, value }),
        None => Ok(()),
    }
}
