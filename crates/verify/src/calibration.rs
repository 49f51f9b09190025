//! How often the Monte Carlo engine rejects claims that hold: its rate of false alarms.

use claims::Claim;
use evidence::{Effort, Engine, Lyapunov, MonteCarlo, Options, Progress, Settings};
use rayon::prelude::*;

/// The number of runs that share their settings, before others are drawn.
const RUNS_OF_SETTINGS: usize = 100;

/// Many runs of the Monte Carlo engine over claims that hold.
#[derive(Debug, Clone)]
pub struct Calibration {
    /// For each run, its smallest p-value times the number of its comparisons: the run rejects something at every
    /// family-wise false-alarm probability that is at least so large.
    pub adjusted: Vec<f64>,
    /// The number of comparisons in all runs.
    pub comparisons: usize,
}

impl Calibration {
    /// How many runs reject something at a family-wise false-alarm probability.
    pub fn rejecting(&self, false_alarm: f64) -> usize {
        self.adjusted.iter().filter(|adjusted| **adjusted <= false_alarm).count()
    }
}

/// Judges forms that hold (the correction in place of a refuted one) `runs` times, each time with another seed and
/// other draws, and at other settings after every hundred runs.
///
/// A run takes a hundredth of the draws of a default run. The question is whether a standard error means what it says,
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
                // A printed form beside which a correction stands is refuted.
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
