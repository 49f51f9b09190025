//! How often draws reject what is right.

use claims::Claim;
use rayon::prelude::*;

use crate::engine::lyapunov::Lyapunov;
use crate::engine::montecarlo::MonteCarlo;
use crate::options::{Effort, Engine, Options, Progress};
use crate::settings::Settings;

/// Runs on the same settings, before others are drawn.
const RUNS_OF_SETTINGS: usize = 100;

/// Many runs of the Monte Carlo engine over claims that hold.
#[derive(Debug, Clone)]
pub struct Calibration {
    /// Of each run: its smallest p-value times the number of its comparisons, which bounds the family-wise false-alarm
    /// probability at which it would have rejected a claim.
    pub adjusted: Vec<f64>,
    /// All comparisons of all runs.
    pub comparisons: usize,
}

impl Calibration {
    /// How many runs reject something at a family-wise false-alarm probability.
    pub fn rejecting(&self, false_alarm: f64) -> usize {
        self.adjusted.iter().filter(|adjusted| **adjusted <= false_alarm).count()
    }
}

/// Judges what holds of claims (a correction in place of what it corrects) `runs` times, each time with another seed
/// and other draws, and every hundred times at other settings.
///
/// A run takes a hundredth of the draws of a default run: what is asked is whether a standard error means what it says,
/// and for that a short run is the harder test.
pub fn calibrate(claims: &[&Claim], seed: u64, runs: usize, progress: &dyn Progress) -> Calibration {
    let claims = Vec::from_iter(claims.iter().copied().filter(|claim| Engine::MonteCarlo.applies(claim)));
    progress.begin(runs as u64);
    let options = |run: usize| {
        let seed = seed.wrapping_add(run as u64);
        Options::default().with_seed(seed).with_effort(Effort::Brief).with_engines([Engine::MonteCarlo])
    };
    let mut calibration = Calibration { adjusted: Vec::new(), comparisons: 0 };
    for first in (0..runs).step_by(RUNS_OF_SETTINGS) {
        let lyapunov = &mut Lyapunov::default();
        let settings = Vec::from_iter(claims.iter().map(|claim| Settings::drawn(claim, &options(first), lyapunov)));
        let run = |i: usize| {
            let options = options(i);
            progress.step(&format!("seed {}", options.seed));
            let mut montecarlo = MonteCarlo::new(options.seed, options.effort);
            for (claim, drawn) in claims.iter().zip(&settings) {
                // What a correction stands beside is refuted.
                montecarlo.prepare(claim, drawn, claim.correction.is_none());
            }
            let p_values = montecarlo.p_values();
            (p_values.iter().copied().fold(1.0, f64::min) * p_values.len() as f64, p_values.len())
        };
        let last = (first + RUNS_OF_SETTINGS).min(runs);
        let outcomes: Vec<(f64, usize)> = (first..last).into_par_iter().map(run).collect();
        calibration.adjusted.extend(outcomes.iter().map(|(adjusted, _)| adjusted));
        calibration.comparisons += outcomes.iter().map(|(_, comparisons)| comparisons).sum::<usize>();
    }
    calibration
}
