//! How often draws reject what is right.

use claims::Claim;

use crate::engine::Engine;
use crate::engine::lyapunov::Lyapunov;
use crate::engine::montecarlo::MonteCarlo;
use crate::settings::Settings;
use crate::{Effort, Options, Progress};

/// Runs on the same settings, before others are drawn.
const RUNS_OF_SETTINGS: usize = 50;

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

/// Judges what holds of claims (a correction in place of what it corrects) `runs` times, each time with another seed and other
/// draws, and every fifty times at other settings.
///
/// A run takes a thirtieth of the draws of a default run: what is asked is whether a standard error means what it says, and for
/// that a short run is the harder test.
pub fn calibrate(claims: &[&Claim], seed: u64, runs: usize, progress: &dyn Progress) -> Calibration {
    let claims = Vec::from_iter(claims.iter().copied().filter(|claim| Engine::MonteCarlo.applies(claim)));
    progress.begin(runs as u64);
    let mut calibration = Calibration { adjusted: Vec::new(), comparisons: 0 };
    let mut settings = Vec::new();
    for i in 0..runs {
        progress.step(&format!("seed {}", seed.wrapping_add(i as u64)));
        let options =
            Options { seed: seed.wrapping_add(i as u64), effort: Effort::Brief, engines: vec![Engine::MonteCarlo] };
        if i % RUNS_OF_SETTINGS == 0 {
            let lyapunov = &mut Lyapunov::default();
            settings = Vec::from_iter(claims.iter().map(|claim| Settings::drawn(claim, &options, lyapunov)));
        }
        let mut montecarlo = MonteCarlo::new(options.seed, options.effort);
        for (claim, drawn) in claims.iter().zip(&settings) {
            montecarlo.prepare_correct(claim, drawn);
        }
        let p_values = montecarlo.p_values();
        let least = p_values.iter().copied().fold(1.0, f64::min);
        calibration.adjusted.push(least * p_values.len() as f64);
        calibration.comparisons += p_values.len();
    }
    calibration
}
