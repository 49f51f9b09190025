//! Monte Carlo estimates beside the curves of a figure.

use montecarlo::{Draws, Estimate, MonteCarloError, Plan};
use numbers::{Matrix, nearest_f64};
use rug::Rational;
use symbols::{Moments, Setting};

use super::figure::{Point, SEED};
use tables::StudyError;

/// The number of independent chains.
const CHAINS: usize = 128;
/// The number of steps of each chain.
const STEPS: usize = 20_000;
/// The steps at the start of each chain that are discarded: in no figure do weights remember their start longer.
const BURN_IN: usize = 1_000;

/// The number of chains and steps, for a caption.
pub fn chains() -> String {
    format!("Draws: {CHAINS} chains of {STEPS} steps, seed {SEED}")
}

/// The number of chains and steps, and where their standard errors are believed, for a caption.
pub fn described() -> String {
    format!("{}, where they can be trusted: not where fourth moments grow without bound", chains())
}

fn plan() -> Plan {
    Plan::new()
        .with_chains(CHAINS)
        .with_burn_in(BURN_IN)
        .with_steps(STEPS)
        .with_seed(SEED)
        .with_draws(Draws::InDistribution)
}

/// An estimate for a setting; `None` where the weights grow beyond all bounds.
fn estimate(setting: &Setting<Rational>) -> Result<Option<Estimate>, StudyError> {
    match montecarlo::stationary(&setting.map(nearest_f64), &plan(), &()) {
        Ok(estimate) => Ok(Some(estimate)),
        Err(MonteCarloError::Diverged { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A quantity of the stationary state, at x; `None` where its standard error means nothing.
///
/// # Errors
/// None that a caller can cause.
pub fn point(
    x: f64,
    setting: &Setting<Rational>,
    quantity: impl Fn(&Moments<f64>) -> Option<f64>,
) -> Result<Option<Point>, StudyError> {
    let trusted = estimate(setting)?.filter(|estimate| estimate.trust().is_ok());
    Ok(trusted.map(|estimate| {
        let mean = estimate.mean(|moments| Matrix::from_element(1, 1, quantity(moments).unwrap_or(f64::NAN)));
        Point { x, y: mean.mean[(0, 0)], error: Some(mean.standard_error[(0, 0)]) }
    }))
}

/// The tail index that the draws show, at x; `None` where the weights grow beyond all bounds.
///
/// # Errors
/// None that a caller can cause.
pub fn tail_index(x: f64, setting: &Setting<Rational>) -> Result<Option<Point>, StudyError> {
    Ok(estimate(setting)?.map(|estimate| {
        let index = estimate.diagnostics.tail_index;
        Point { x, y: index.estimate, error: Some(index.standard_error) }
    }))
}
