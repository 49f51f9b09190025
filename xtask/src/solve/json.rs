//! The answer as one JSON object.

use rug::Rational;
use serde::Serialize;
use symbols::{Matrix, Moments, Scalar};

use super::Engine;
use super::ask::Outcome;

/// The keys of the object, in order. Of an unstable problem only `stable`, `spectral_radius` and `engine` are known.
#[derive(Serialize)]
pub struct Answer {
    stable: bool,
    spectral_radius: Option<f64>,
    stability_margin: Option<f64>,
    fluctuation: Option<Vec<Vec<f64>>>,
    noise_covariance: Option<Vec<Vec<f64>>>,
    train_loss: Option<f64>,
    test_loss: Option<f64>,
    residual: Option<f64>,
    error_bound: Option<f64>,
    null_space: Option<Vec<Vec<f64>>>,
    engine: Engine,
    /// As fractions, where they are known exactly.
    exact: Option<Quantities<String>>,
}

/// Σ, C and the losses.
#[derive(Serialize)]
pub struct Quantities<T> {
    fluctuation: Vec<Vec<T>>,
    noise_covariance: Vec<Vec<T>>,
    train_loss: T,
    test_loss: Option<T>,
}

impl<T> Quantities<T> {
    /// With each number as `written`.
    pub fn of<S: Scalar>(moments: &Moments<S>, written: impl Fn(&S) -> T) -> Self {
        Quantities {
            fluctuation: rows(&moments.fluctuation, &written),
            noise_covariance: rows(&moments.noise_covariance, &written),
            train_loss: written(&moments.train_loss),
            test_loss: moments.test_loss.as_ref().map(&written),
        }
    }
}

impl Answer {
    /// What `engine` answered.
    pub fn of(engine: Engine, outcome: &Outcome) -> Self {
        let answer = match outcome {
            Outcome::Stationary(answer) => Some(answer),
            Outcome::Unstable(_) => None,
        };
        Answer {
            stable: answer.is_some(),
            spectral_radius: outcome.stability().map(|stability| stability.spectral_radius),
            stability_margin: answer.and_then(|answer| answer.stability).map(|stability| stability.margin),
            fluctuation: answer.map(|answer| rows(&answer.moments.fluctuation, f64::clone)),
            noise_covariance: answer.map(|answer| rows(&answer.moments.noise_covariance, f64::clone)),
            train_loss: answer.map(|answer| answer.moments.train_loss),
            test_loss: answer.and_then(|answer| answer.moments.test_loss),
            residual: answer.and_then(|answer| answer.residual),
            error_bound: answer.and_then(|answer| answer.error_bound),
            null_space: answer.and_then(|answer| answer.null_space.as_ref().map(|M| rows(M, f64::clone))),
            engine,
            exact: answer
                .and_then(|answer| answer.in_full.as_ref())
                .map(|moments| Quantities::of(moments, Rational::to_string)),
        }
    }
}

/// A matrix, row by row.
fn rows<S: Scalar, T>(M: &Matrix<S>, written: impl Fn(&S) -> T) -> Vec<Vec<T>> {
    M.row_iter().map(|row| row.iter().map(&written).collect()).collect()
}
