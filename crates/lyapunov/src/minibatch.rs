//! The gradient of the first minibatch.

use symbols::{Minibatch, Setting};

use crate::error::LyapunovError;
use crate::noise::{Noise, Residual};

/// Mean and covariance of ĝ at w₀.
///
/// ```text
/// E[ĝ] = Kw₀ − E[x̃y],    C(w₀) = f (E[x̃x̃ᵀe²] − E[x̃e]E[x̃e]ᵀ),    e = x̃ᵀw₀ − y
/// ```
///
/// with f = 1/S, or (N − S)/(S(N − 1)) without replacement.
///
/// # Errors
/// [`LyapunovError::NotFinite`].
pub fn minibatch(setting: &Setting<f64>) -> Result<Minibatch<f64>, LyapunovError> {
    let w = setting.initial_weights();
    let residual = Residual::at(setting, w);
    let gradient = &residual.slope + setting.weight_decay() * w;
    let noise_covariance = Noise::new(setting).at(&residual);
    if gradient.iter().chain(&noise_covariance).all(|v| v.is_finite()) {
        Ok(Minibatch { gradient, noise_covariance })
    } else {
        Err(LyapunovError::NotFinite { quantity: "the gradient of a minibatch" })
    }
}
