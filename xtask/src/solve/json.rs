//! The answer as one JSON object.

use rug::Rational;
use serde::Serialize;
use symbols::{Matrix, Moments};

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
    exact: Option<Exact>,
}

/// The moments as fractions, where they are known exactly.
#[derive(Serialize)]
struct Exact {
    fluctuation: Vec<Vec<String>>,
    noise_covariance: Vec<Vec<String>>,
    train_loss: String,
    test_loss: Option<String>,
}

impl Exact {
    fn of(moments: &Moments<Rational>) -> Self {
        Exact {
            fluctuation: rows(&moments.fluctuation.map(|v| v.to_string())),
            noise_covariance: rows(&moments.noise_covariance.map(|v| v.to_string())),
            train_loss: moments.train_loss.to_string(),
            test_loss: moments.test_loss.as_ref().map(Rational::to_string),
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
            fluctuation: answer.map(|answer| rows(&answer.moments.fluctuation)),
            noise_covariance: answer.map(|answer| rows(&answer.moments.noise_covariance)),
            train_loss: answer.map(|answer| answer.moments.train_loss),
            test_loss: answer.and_then(|answer| answer.moments.test_loss),
            residual: answer.and_then(|answer| answer.residual),
            error_bound: answer.and_then(|answer| answer.error_bound),
            null_space: answer.and_then(|answer| answer.null_space.as_ref().map(rows)),
            engine,
            exact: answer.and_then(|answer| answer.in_full.as_ref().map(Exact::of)),
        }
    }
}

/// A matrix, row by row.
pub fn rows<T: Clone + PartialEq + std::fmt::Debug + 'static>(M: &Matrix<T>) -> Vec<Vec<T>> {
    M.row_iter().map(|row| row.iter().cloned().collect()).collect()
}
