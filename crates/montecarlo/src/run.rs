//! What every run shares: a setting that can be run, and its chains or blocks spread over threads.

use std::sync::atomic::{AtomicU64, Ordering};

use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use symbols::{Population, Setting};

use crate::plan::Use;
use crate::{MonteCarloError, Plan};

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

/// Every chain or block on some thread, in order; each with its stream and a place to report its progress to.
pub(crate) fn in_parallel<R: Send>(
    plan: &Plan,
    purpose: Use,
    progress: &(dyn Fn(u64) + Sync),
    one: impl Fn(ChaCha8Rng, &(dyn Fn(u64) + Sync)) -> R + Sync,
) -> Vec<R> {
    let done = AtomicU64::new(0);
    let report = |steps: u64| progress(done.fetch_add(steps, Ordering::Relaxed) + steps);
    (0..plan.chains).into_par_iter().map(|k| one(plan.stream(purpose, k), &report)).collect()
}
