//! The answer as one JSON object. Numbers that are not finite are null.

use montecarlo::{Distrust, Draws, MeanEstimate, Shard, TailIndex};
use numbers::Matrix;
use serde::Serialize;
use symbols::Moments;

use super::choice::BurnIn;
use super::course::End;
use super::sampled::Sampled;
use crate::quantities::Quantities;

/// The keys of the object, in order.
#[derive(Serialize)]
pub struct Object {
    #[serde(flatten)]
    moments: Quantities<f64>,
    standard_error: Option<Quantities<f64>>,
    /// E\[w\] − w*.
    mean_weights_offset: Measured<Vec<f64>>,
    /// E\[(w − w*)(w − w*)ᵀ\], about w*, as Σ is about E\[w\].
    mean_square: Measured<Vec<Vec<f64>>>,
    relative_error: Option<f64>,
    /// What it should be after so many steps, by exact fourth moments.
    expected_relative_error: Option<f64>,
    /// How far from 0 the entries of Σ may be, where there is no noise.
    no_noise_bound: Option<f64>,
    still_directions: usize,
    trusted: bool,
    distrust: Option<String>,
    end: End,
    missing_shards: Vec<String>,
    draws: &'static str,
    last_batch: Option<String>,
    label_noise: Option<String>,
    seed: u64,
    chains: usize,
    chains_planned: usize,
    burn_in: usize,
    burn_in_from: &'static str,
    spectral_radius: Option<f64>,
    steps: u64,
    steps_planned: usize,
    r_hat: f64,
    rank_r_hat: f64,
    effective_sample_size: f64,
    bulk_sample_size: f64,
    tail_sample_size: f64,
    draws_of_chain: usize,
    batch_error_ratio: f64,
    drift: f64,
    tail_index: Index,
    moment_tail_index: Index,
}

/// A mean over the chains, and its standard error where one is valid.
#[derive(Serialize)]
struct Measured<T> {
    mean: T,
    standard_error: Option<T>,
}

impl<T> Measured<T> {
    fn of(estimate: &MeanEstimate, is_valid: bool, written: impl Fn(&Matrix<f64>) -> T) -> Self {
        let standard_error = is_valid.then(|| written(&estimate.standard_error));
        Measured { mean: written(&estimate.mean), standard_error }
    }
}

/// A matrix, row by row.
fn rows(M: &Matrix<f64>) -> Vec<Vec<f64>> {
    M.row_iter().map(|row| row.iter().copied().collect()).collect()
}

#[derive(Serialize)]
struct Index {
    estimate: f64,
    standard_error: f64,
    exceedances: usize,
}

impl Object {
    pub fn of(Sampled { chosen, run, end, missing, answer, expected_error }: &Sampled) -> Self {
        let (plan, diagnostics) = (&chosen.plan, &answer.diagnostics);
        let (burn_in_from, spectral_radius) = match &chosen.burn_in {
            BurnIn::Given => ("given", None),
            BurnIn::Known(stability) => ("second moments", Some(stability.spectral_radius)),
            BurnIn::Pilot(radius, _) => ("pilot", Some(*radius)),
        };
        let (draws, label_noise, last_batch) = match plan.draws {
            Draws::Literal(law) => ("literal", Some(law.to_string()), None),
            Draws::InDistribution => ("in-distribution", None, None),
            Draws::ShuffledEpochs(last) => ("shuffled-epochs", None, Some(last.to_string())),
        };
        let is_valid = answer.standard_error.is_some();
        Object {
            moments: quantities(&answer.mean),
            standard_error: answer.standard_error.as_ref().map(quantities),
            mean_weights_offset: Measured::of(&answer.offset, is_valid, |M| M.as_slice().to_vec()),
            mean_square: Measured::of(&answer.mean_square, is_valid, rows),
            relative_error: answer.relative_error,
            expected_relative_error: *expected_error,
            no_noise_bound: match answer.distrust {
                Some(Distrust::NoNoise { bound }) => Some(bound),
                _ => None,
            },
            still_directions: run.still_directions(),
            trusted: answer.distrust.is_none(),
            distrust: answer.distrust.map(|distrust| distrust.to_string()),
            end: *end,
            missing_shards: missing.iter().map(Shard::to_string).collect(),
            draws,
            last_batch,
            label_noise,
            seed: plan.seed,
            chains: answer.chains,
            chains_planned: plan.chains,
            burn_in: plan.burn_in,
            burn_in_from,
            spectral_radius,
            steps: run.steps_done().saturating_sub(plan.burn_in as u64),
            steps_planned: plan.steps,
            r_hat: diagnostics.r_hat,
            rank_r_hat: diagnostics.rank_r_hat,
            effective_sample_size: diagnostics.effective_sample_size,
            bulk_sample_size: diagnostics.bulk_sample_size,
            tail_sample_size: diagnostics.tail_sample_size,
            draws_of_chain: diagnostics.draws_of_chain,
            batch_error_ratio: diagnostics.batch_error_ratio,
            drift: diagnostics.drift,
            tail_index: index(diagnostics.tail_index),
            moment_tail_index: index(diagnostics.moment_tail_index),
        }
    }
}

fn quantities(moments: &Moments<f64>) -> Quantities<f64> {
    Quantities::of(moments, f64::clone)
}

fn index(TailIndex { estimate, standard_error, exceedances, .. }: TailIndex) -> Index {
    Index { estimate, standard_error, exceedances }
}
