//! The Monte Carlo engine: z-scores, where their standard error can be believed.

use std::collections::HashMap;

use claims::{Claim, Form, Kind};
use montecarlo::{Draws, Estimate, MeanEstimate, MinibatchEstimate, Plan};
use rug::Rational;
use symbols::{Matrix, Population, Setting, nearest_f64};

use super::{Answer, Engine, Judge, Outcome, magnitude};
use crate::allowances::RELATIVE_DISTANCE;
use crate::instance::{describe, in_brackets};
use crate::run::{Effort, Settings};
use crate::verdict::{Strength, Verdict};

/// Chains of every run; their spread is the standard error.
const CHAINS: usize = 128;

/// Estimates, each drawn once.
pub(crate) struct MonteCarlo {
    seed: u64,
    effort: Effort,
    estimates: HashMap<(bool, String), Result<Drawn, String>>,
    comparisons: usize,
    threshold: f64,
}

/// What was drawn, with the plan it was drawn by.
enum Drawn {
    Stationary(Estimate, Plan),
    Minibatch(MinibatchEstimate, Plan),
}

impl MonteCarlo {
    pub(crate) fn new(seed: u64, effort: Effort) -> Self {
        MonteCarlo { seed, effort, estimates: HashMap::new(), comparisons: 0, threshold: f64::INFINITY }
    }

    /// Draws what a claim will ask for, and counts its z-scores.
    pub(crate) fn prepare(&mut self, claim: &Claim, settings: &Settings) {
        let [satisfying, breaking] = self.trusted(claim, settings);
        let forms = [(Some(&claim.printed), &satisfying), (claim.correction.as_ref(), &satisfying)];
        let strengthened = claim.strengthened.as_ref().map(|s| &s.form);
        for (form, settings) in forms.into_iter().chain([(strengthened, &breaking)]) {
            for setting in settings.iter().filter(|_| form.is_some()) {
                if let Some(Ok(mean)) = form.map(|form| self.discrepancy(claim, Some(form), setting)) {
                    self.comparisons += mean.mean.len();
                }
            }
        }
    }

    /// Shares a false-alarm probability over the z-scores counted so far; returns the |z| that rejects.
    pub(crate) fn set_threshold(&mut self, false_alarm: f64) -> f64 {
        let nothing = Matrix::zeros(0, 0);
        let law = MeanEstimate { mean: nothing.clone(), standard_error: nothing, chains: CHAINS };
        self.threshold = law.threshold(false_alarm / self.comparisons.max(1) as f64);
        self.threshold
    }

    pub(crate) fn comparisons(&self) -> usize {
        self.comparisons
    }

    /// In each dimension the first setting whose standard error can be believed, and those before it.
    pub(crate) fn trusted(&mut self, claim: &Claim, settings: &Settings) -> [Vec<Setting<Rational>>; 2] {
        settings.drawn.each_ref().map(|dimensions| {
            let mut all = Vec::new();
            for candidates in dimensions {
                for setting in candidates {
                    all.push(setting.clone());
                    if self.estimate(claim, setting).is_ok() {
                        break;
                    }
                }
            }
            all
        })
    }

    /// The estimate for a setting, or why it means nothing.
    fn estimate(&mut self, claim: &Claim, setting: &Setting<Rational>) -> Result<&Drawn, String> {
        let first_step = claim.quantity.is_of_one_minibatch();
        let (seed, effort) = (self.seed, self.effort);
        let drawn = self.estimates.entry((first_step, describe(setting))).or_insert_with(|| {
            let setting = setting.map(nearest_f64);
            draw(&setting, first_step, seed, effort)
        });
        drawn.as_ref().map_err(Clone::clone)
    }

    /// The estimate of found − claimed; of what is found alone without a form.
    fn discrepancy(
        &mut self,
        claim: &Claim,
        form: Option<&Form>,
        setting: &Setting<Rational>,
    ) -> Result<MeanEstimate, String> {
        let drawn = self.estimate(claim, setting)?;
        let setting = setting.map(nearest_f64);
        let of_answer = |answer: Answer<f64>| match form {
            None => answer.quantity(claim.quantity, &setting).ok_or_else(|| "not answered".into()),
            Some(form) => answer.compare(claim.quantity, &form.float, &setting).map(|c| c.found - c.claimed),
        };
        // A form without a value has none at the first chain either, and says why.
        let missing = || Matrix::from_element(1, 1, f64::NAN);
        match drawn {
            Drawn::Stationary(estimate, _) => {
                estimate.chains.first().map(|m| of_answer(Answer::Stationary(m.clone()))).transpose()?;
                Ok(estimate.mean(|m| of_answer(Answer::Stationary(m.clone())).unwrap_or_else(|_| missing())))
            }
            Drawn::Minibatch(estimate, _) => {
                estimate.blocks.first().map(|m| of_answer(Answer::Minibatch(m.clone()))).transpose()?;
                Ok(estimate.mean(|m| of_answer(Answer::Minibatch(m.clone())).unwrap_or_else(|_| missing())))
            }
        }
    }
}

/// Runs the engine, long enough for a part in a few hundred.
///
/// One minibatch is drawn as eq. (1) has it. The chains draw theirs in law where there is one: the law is that of the
/// literal draws, against which the engine tests it, and hundreds of times as many steps tell a wrong coefficient from a
/// right one.
fn draw(setting: &Setting<f64>, first_step: bool, seed: u64, effort: Effort) -> Result<Drawn, String> {
    let text = |error: montecarlo::MonteCarloError| error.to_string();
    let (D, S) = (setting.dimension(), setting.batch_size().get() as usize);
    let in_law = !first_step && matches!(setting.population(), Population::Gaussian(_));
    let numbers_of_step = match setting.population() {
        Population::Gaussian(_) if in_law => 2 * D + 8 + D * D,
        Population::Gaussian(_) => S * (2 * D + 1) + D * D,
        Population::Data(_) => S * (2 * D + 2) + D * D,
    };
    let numbers = match effort {
        Effort::Quick => 200_000_000,
        Effort::Full => 1_000_000_000,
    };
    // A step in law needs few numbers, and a tenth of a percent is not enough to see every coefficient.
    let numbers = if in_law { 8 * numbers } else { numbers };
    let draws = if in_law { Draws::InLaw } else { Draws::default() };
    let mut plan = Plan { chains: CHAINS, burn_in: 0, steps: numbers / CHAINS / numbers_of_step, seed, draws };
    if first_step {
        plan.steps /= 4;
        return Ok(Drawn::Minibatch(montecarlo::minibatch(setting, &plan, &|_| ()).map_err(text)?, plan));
    }
    let radius = lyapunov::stability(setting).map_err(|error| error.to_string())?.spectral_radius;
    plan.burn_in = montecarlo::burn_in(radius).ok_or("no stationary state")?.clamp(100, 1_000_000);
    plan.steps = plan.steps.max(20 * plan.burn_in);
    let estimate = montecarlo::stationary(setting, &plan, &|_| ()).map_err(text)?;
    estimate.trust().map_err(|distrust| distrust.to_string())?;
    Ok(Drawn::Stationary(estimate, plan))
}

impl Judge for MonteCarlo {
    const ENGINE: Engine = Engine::MonteCarlo;

    fn strength(&self, _: &Claim) -> Strength {
        Strength::Z
    }

    fn found(&mut self, claim: &Claim, setting: &Setting<Rational>) -> String {
        let about = match self.estimate(claim, setting) {
            Err(reason) => return format!("undecided: {reason}"),
            Ok(Drawn::Minibatch(_, plan)) => format!("{} × {} minibatches", plan.chains, plan.steps),
            Ok(Drawn::Stationary(estimate, plan)) => format!(
                "{} chains of {} steps after {}, R̂ {:.3}, effective sample size {:.1e}, tail index {:.1}",
                plan.chains,
                plan.steps,
                plan.burn_in,
                estimate.diagnostics.r_hat,
                estimate.diagnostics.effective_sample_size,
                estimate.diagnostics.tail_index.estimate,
            ),
        };
        let unit = magnitude(claim.quantity, &setting.map(nearest_f64)) * RELATIVE_DISTANCE;
        match self.discrepancy(claim, None, setting) {
            Ok(found) => format!("{} = {} ({about})", claim.quantity, with_errors(&found, unit)),
            Err(reason) => format!("undecided: {reason}"),
        }
    }

    fn judge(&mut self, claim: &Claim, form: &Form, setting: &Setting<Rational>) -> Outcome {
        if !matches!(claim.kind, Kind::Exact) {
            return Outcome::undecided("draws resolve no order of convergence".into());
        }
        let unit = magnitude(claim.quantity, &setting.map(nearest_f64)) * RELATIVE_DISTANCE;
        let difference = match self.discrepancy(claim, Some(form), setting) {
            Ok(difference) => difference,
            Err(reason) => return Outcome::undecided(reason),
        };
        let scores =
            difference.mean.zip_map(&difference.z_scores(), |mean, z| if mean.abs() <= unit { 0.0 } else { z });
        let worst =
            scores.iter().fold(0.0, |worst: f64, z| if z.is_nan() { f64::INFINITY } else { worst.max(z.abs()) });
        let verdict = if worst <= self.threshold { Verdict::Agrees } else { Verdict::Differs };
        Outcome { verdict, figure: worst, line: format!("|z| = {worst:.1}") }
    }

    fn measured(&self, _: &Claim, outcomes: &[Outcome]) -> String {
        let undecided = outcomes.iter().filter(|o| o.verdict == Verdict::Undecided);
        let worst = outcomes.iter().map(|o| o.figure).fold(0.0, f64::max);
        let reasons = Vec::from_iter(undecided.map(|o| format!("; undecided once: {}", o.line)));
        format!("|z| up to {worst:.1}{}", reasons.concat())
    }
}

/// Mean ± standard error, the error to two digits and the mean to its last.
fn with_errors(estimate: &MeanEstimate, floor: f64) -> String {
    let entry = |mean: f64, error: f64| {
        if error.is_nan() || error <= floor {
            return if mean.abs() <= floor { "0".into() } else { format!("{mean:.6e}") };
        }
        let decimals = (1.0 - error.log10().floor()).clamp(0.0, 30.0) as usize;
        format!("{mean:.decimals$} ± {error:.decimals$}")
    };
    in_brackets(&estimate.mean.zip_map(&estimate.standard_error, entry))
}
