//! The answer as one JSON object.

use lyapunov::Enclosure;
use numbers::nearest_f64;
use rug::Rational;
use serde::Serialize;

use super::ask::{Kurtosis, Outcome};
use super::engine::Engine;
use crate::quantities::{Quantities, rows};

/// The keys of the object, in order. For an unstable problem the radius, the margin and the engine are known. Where
/// nobody can tell, `stable` is null and `undecided` says why.
#[derive(Serialize)]
pub struct Answer {
    stable: Option<bool>,
    undecided: Option<String>,
    spectral_radius: Option<f64>,
    spectral_radius_bounds: Option<[f64; 2]>,
    spectral_radius_gap: Option<f64>,
    stability_margin: Option<f64>,
    stability_margin_bounds: Option<[f64; 2]>,
    fluctuation: Option<Vec<Vec<f64>>>,
    noise_covariance: Option<Vec<Vec<f64>>>,
    train_loss: Option<f64>,
    test_loss: Option<f64>,
    minimizer: Option<Vec<f64>>,
    least_loss: Option<f64>,
    kurtosis: Option<Kurtosis<f64>>,
    residual: Option<f64>,
    error_bound: Option<f64>,
    absolute_error_bounds: Option<Bounds>,
    condition_number: Option<f64>,
    still_directions: Option<usize>,
    null_space: Option<Vec<Vec<f64>>>,
    engine: Engine,
    exact: Option<Exact>,
}

/// What is known exactly, as fractions.
#[derive(Serialize)]
struct Exact {
    #[serde(flatten)]
    quantities: Quantities<String>,
    kurtosis: Option<Kurtosis<String>>,
}

/// Bounds on the errors of Σ and C in the Frobenius norm and entry by entry, and on those of the losses.
#[derive(Serialize)]
struct Bounds {
    fluctuation: f64,
    fluctuation_entries: Vec<Vec<f64>>,
    noise_covariance: f64,
    noise_covariance_entries: Vec<Vec<f64>>,
    train_loss: f64,
    test_loss: Option<f64>,
}

impl Answer {
    /// The answer of `engine`, or of another in its place.
    pub fn of(engine: Engine, outcome: &Outcome) -> Self {
        let (stable, undecided, answer) = match outcome {
            Outcome::Stationary(answer) => (Some(true), None, Some(answer)),
            Outcome::Unstable(_) => (Some(false), None, None),
            Outcome::Undecided(why) => (None, Some(why.to_string()), None),
        };
        let bounds = |Enclosure { low, high }| [low, high];
        let enclosures = answer.and_then(|answer| answer.enclosures);
        Answer {
            stable,
            undecided,
            spectral_radius: outcome.stability().map(|stability| stability.spectral_radius),
            spectral_radius_bounds: enclosures.map(|found| bounds(found.spectral_radius)),
            spectral_radius_gap: answer.and_then(|answer| answer.gap),
            stability_margin: outcome.stability().map(|stability| stability.margin),
            stability_margin_bounds: enclosures.map(|found| bounds(found.margin)),
            fluctuation: answer.map(|answer| rows(&answer.moments.fluctuation, f64::clone)),
            noise_covariance: answer.map(|answer| rows(&answer.moments.noise_covariance, f64::clone)),
            train_loss: answer.map(|answer| answer.moments.train_loss),
            test_loss: answer.and_then(|answer| answer.moments.test_loss),
            minimizer: answer.and_then(|answer| Some(answer.minimum.as_ref()?.0.iter().copied().collect())),
            least_loss: answer.and_then(|answer| Some(answer.minimum.as_ref()?.1)),
            kurtosis: answer.and_then(|answer| answer.kurtosis.as_ref()).map(|kurtosis| kurtosis.map(nearest_f64)),
            residual: answer.and_then(|answer| answer.residual),
            error_bound: answer.and_then(|answer| answer.error_bound),
            absolute_error_bounds: answer.and_then(|answer| answer.errors.as_ref()).map(|errors| Bounds {
                fluctuation: errors.fluctuation,
                fluctuation_entries: rows(&errors.fluctuation_entries, f64::clone),
                noise_covariance: errors.noise_covariance,
                noise_covariance_entries: rows(&errors.noise_covariance_entries, f64::clone),
                train_loss: errors.train_loss,
                test_loss: errors.test_loss,
            }),
            condition_number: answer.and_then(|answer| answer.condition),
            still_directions: answer.map(|answer| answer.still),
            null_space: answer.and_then(|answer| answer.null_space.as_ref().map(|M| rows(M, f64::clone))),
            engine: answer.map_or(engine, |answer| answer.engine),
            exact: answer.and_then(|answer| {
                let quantities = Quantities::of(answer.in_full.as_ref()?, Rational::to_string);
                let kurtosis = answer.kurtosis.as_ref().map(|kurtosis| kurtosis.map(Rational::to_string));
                Some(Exact { quantities, kurtosis })
            }),
        }
    }
}
