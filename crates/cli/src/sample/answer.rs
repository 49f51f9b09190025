//! What an estimate says, in one place.

use montecarlo::{Diagnostics, Distrust, Estimate, MeanEstimate};
use numbers::matrix;
use symbols::Moments;

use super::course::relative_error;

/// Means over the chains, their standard errors, and how far to trust them.
pub struct Answer {
    /// Σ, C and the losses.
    pub mean: Moments<f64>,
    /// Their standard errors; `None` where the tail is so heavy that none is valid, and where there is no noise.
    pub standard_error: Option<Moments<f64>>,
    /// The relative standard error of Σ in the Frobenius norm; `None` in the same cases.
    pub relative_error: Option<f64>,
    /// E\[w\] − w*, a column.
    pub offset: MeanEstimate,
    /// E\[(w − w*)(w − w*)ᵀ\].
    pub mean_square: MeanEstimate,
    /// How many chains.
    pub chains: usize,
    pub diagnostics: Diagnostics,
    /// Why the standard errors should not be trusted.
    pub distrust: Option<Distrust>,
}

impl Answer {
    pub fn of(estimate: &Estimate) -> Self {
        let fluctuation = estimate.mean(|moments| moments.fluctuation.clone());
        let noise_covariance = estimate.mean(|moments| moments.noise_covariance.clone());
        let train_loss = estimate.mean(|moments| matrix::scalar(moments.train_loss));
        let has_test_loss = estimate.chains.iter().all(|moments| moments.test_loss.is_some());
        let test_loss =
            has_test_loss.then(|| estimate.mean(|moments| matrix::scalar(moments.test_loss.unwrap_or_default())));
        let moments = |part: fn(&MeanEstimate) -> &numbers::Matrix<f64>| Moments {
            mean: None,
            fluctuation: part(&fluctuation).clone(),
            noise_covariance: part(&noise_covariance).clone(),
            train_loss: part(&train_loss)[(0, 0)],
            test_loss: test_loss.as_ref().map(|loss| part(loss)[(0, 0)]),
            buffer: None,
        };
        let no_noise = estimate.no_noise.map(|bound| Distrust::NoNoise { bound });
        let distrust = no_noise.or_else(|| estimate.trust().err());
        let is_valid = !matches!(distrust, Some(Distrust::HeavyTail { .. } | Distrust::NoNoise { .. }));
        let mut mean = moments(|estimate| &estimate.mean);
        if let Some(Distrust::NoNoise { .. }) = distrust {
            mean.fluctuation.fill(0.0);
            mean.noise_covariance.fill(0.0);
        }
        Answer {
            mean,
            standard_error: is_valid.then(|| moments(|estimate| &estimate.standard_error)),
            relative_error: is_valid.then(|| relative_error(estimate)),
            offset: estimate.mean_offset(),
            mean_square: estimate.mean_square(),
            chains: estimate.chains.len(),
            diagnostics: estimate.diagnostics,
            distrust,
        }
    }
}
