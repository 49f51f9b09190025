//! The Monte Carlo engine: z-scores, where their standard error can be believed.

use std::collections::{HashMap, HashSet};

use claims::{Claim, Form, Kind};
use formula::Subject;
use montecarlo::{Diagnostics, Distrust, Draws, Estimate, Jackknife, MeanEstimate, MinibatchEstimate, Plan, Run, holm};
use numbers::{Matrix, decimal, nearest_f64};
use rayon::prelude::*;
use rug::Rational;
use symbols::{Minibatch, Moments, Population, Setting};

use super::{Answer, Judge, Outcome, Remark, magnitude, subject};
use crate::allowances::{BIAS, ROUNDING};
use crate::evidence::Budget;
use crate::instance::in_brackets;
use crate::options::{Effort, Engine};
use crate::settings::Drawn as Candidates;
use crate::verdict::{Strength, Verdict};

/// The number of chains in every run; their spread is the standard error.
const CHAINS: usize = 128;
/// A run ends after one part in so many where its tail is clearly heavy.
const PILOT: usize = 6;

/// The Monte Carlo engine, with its estimates, each drawn once.
pub struct MonteCarlo {
    seed: u64,
    effort: Effort,
    estimates: HashMap<Asked, Result<Drawn, String>>,
    /// The p-values of all comparisons that share the false-alarm probability.
    p_values: Vec<f64>,
    /// A difference whose p-value is at most this is rejected.
    level: f64,
}

/// A draw that is asked for: of minibatches or of chains, at a setting.
type Asked = (Subject, Setting<Rational>);

/// An estimate, with the plan by which it was drawn.
enum Drawn {
    Stationary(Estimate, Plan),
    Minibatch(MinibatchEstimate, Plan),
}

/// Found − claimed, as the column that [`entries`] makes of it.
struct Discrepancy {
    estimate: MeanEstimate,
    /// ‖claimed‖, Frobenius.
    size: f64,
    /// A difference up to this size is rounding.
    unit: f64,
}

impl Discrepancy {
    /// The p-value of each entry: the probability of a difference at least so large by chance.
    fn p_values(&self) -> Matrix<f64> {
        self.estimate.mean.zip_map(&self.estimate.p_values(), |mean, p| if mean.abs() <= self.unit { 1.0 } else { p })
    }

    /// The largest |z|; infinite where there is no number.
    fn worst(&self) -> f64 {
        let scores = self.estimate.mean.zip_map(&self.estimate.z_scores(), |mean, z| match mean.abs() <= self.unit {
            true => 0.0,
            false if z.is_nan() => f64::INFINITY,
            false => z.abs(),
        });
        scores.max()
    }

    /// The smallest relative change of the claimed value that would be rejected with a probability of 99 %.
    fn detectable(&self, level: f64) -> Option<f64> {
        let smallest = self.estimate.detectable(level).iter().next_back().copied()? / self.size;
        smallest.is_finite().then_some(smallest)
    }
}

impl MonteCarlo {
    /// The engine, with nothing drawn yet.
    pub fn new(seed: u64, effort: Effort) -> Self {
        MonteCarlo { seed, effort, estimates: HashMap::new(), p_values: Vec::new(), level: 0.0 }
    }

    /// Draws side by side what claims will ask for whatever is drawn, so that cores seldom wait for each other; `begin`
    /// is told of a claim as its draws begin. The rest is drawn one by one, as it depends on what is believed.
    pub fn draw_first(&mut self, claims: &[(&Claim, &Candidates)], begin: impl Fn(&Claim) + Sync) {
        let mut known = HashSet::new();
        let groups = Vec::from_iter(claims.iter().map(|(claim, drawn)| {
            let of = |dimensions: &Vec<Vec<Setting<Rational>>>| {
                let first = dimensions.iter().rev().filter_map(|candidates| candidates.first().cloned());
                Vec::from_iter(first.take(self.effort.believed_dimensions()))
            };
            let asked = drawn.iter().flat_map(of).map(|setting| (subject(claim), setting));
            (*claim, Vec::from_iter(asked.filter(|asked| known.insert(asked.clone()))))
        }));
        let (seed, effort) = (self.seed, self.effort);
        let drawn = groups.into_par_iter().flat_map_iter(|(claim, asked)| {
            begin(claim);
            asked.into_iter().map(move |asked| {
                let drawn = draw(&asked, seed, effort);
                (asked, drawn)
            })
        });
        self.estimates.par_extend(drawn);
    }

    /// Draws all that a claim will ask for, and notes the p-values of its forms; those of the printed form only where
    /// `printed`.
    pub fn prepare(&mut self, claim: &Claim, drawn: &Candidates, printed: bool) {
        let [satisfying, breaking] = self.trusted(claim, drawn);
        self.note(claim, printed.then_some(&claim.printed), &satisfying);
        self.note(claim, claim.correction.as_ref().map(|correction| &correction.form), &satisfying);
        self.note(claim, claim.strengthened.as_ref().map(|strengthened| &strengthened.form), &breaking);
    }

    fn note(&mut self, claim: &Claim, form: Option<&Form>, settings: &[Setting<Rational>]) {
        for (form, setting) in form.into_iter().flat_map(|form| settings.iter().map(move |setting| (form, setting))) {
            if let Ok(discrepancy) = self.discrepancy(claim, form, setting) {
                self.p_values.extend(discrepancy.p_values().iter());
            }
        }
    }

    /// The p-values that were noted so far.
    pub fn p_values(&self) -> &[f64] {
        &self.p_values
    }

    /// Shares a false-alarm probability over all that was noted so far, by Holm's procedure.
    ///
    /// The procedure rejects the least j of k p-values, and these are just those that are at most
    /// `false_alarm`/(k − j). So that quotient is a level for rivals, too, which take no part in the procedure.
    pub fn share(&mut self, false_alarm: f64) -> Budget {
        let comparisons = self.p_values.len();
        let rejected = holm(&self.p_values, false_alarm).into_iter().filter(|rejected| *rejected).count();
        self.level = false_alarm / (comparisons - rejected).max(1) as f64;
        let threshold = montecarlo::threshold(CHAINS, self.level);
        Budget { false_alarm_probability: false_alarm, comparisons, rejected, threshold }
    }

    /// In each list of candidates, those up to the first one whose standard error can be believed. The search ends when
    /// as many are believed as the effort wants.
    pub fn trusted(&mut self, claim: &Claim, drawn: &Candidates) -> [Vec<Setting<Rational>>; 2] {
        drawn.each_ref().map(|dimensions| {
            let mut all = Vec::<Setting<Rational>>::new();
            let mut believed = 0;
            for candidates in dimensions.iter().rev() {
                if believed == self.effort.believed_dimensions() {
                    break;
                }
                // One dimension has two lists of the same candidates.
                let untried = Vec::from_iter(candidates.iter().filter(|setting| !all.contains(setting)));
                for setting in untried {
                    all.push(setting.clone());
                    if self.estimate(claim, setting).is_ok() {
                        believed += 1;
                        break;
                    }
                }
            }
            all
        })
    }

    /// The estimate for a setting, or why it means nothing.
    fn estimate(&mut self, claim: &Claim, setting: &Setting<Rational>) -> Result<&Drawn, String> {
        let (seed, effort) = (self.seed, self.effort);
        let asked = (subject(claim), setting.clone());
        let drawn = self.estimates.entry(asked).or_insert_with_key(|asked| draw(asked, seed, effort));
        drawn.as_ref().map_err(Clone::clone)
    }

    /// A quantity that is computed from an answer, by the jackknife over chains or blocks: sides of a relation need not
    /// be affine in the moments.
    fn value(
        &mut self,
        claim: &Claim,
        setting: &Setting<Rational>,
        of_answer: impl Fn(Answer<f64>) -> Result<Matrix<f64>, String>,
    ) -> Result<Jackknife, String> {
        // A form without a value has none at the first chain either, where its reason is returned.
        let missing = |_| Matrix::from_element(1, 1, f64::NAN);
        match self.estimate(claim, setting)? {
            Drawn::Stationary(estimate, _) => {
                let of = |moments: &_| of_answer(Answer::Stationary(Moments::clone(moments)));
                estimate.chains.first().map(of).transpose()?;
                Ok(estimate.jackknife(|moments| of(moments).unwrap_or_else(missing)))
            }
            Drawn::Minibatch(estimate, _) => {
                let of = |minibatch: &_| of_answer(Answer::Minibatch(Minibatch::clone(minibatch)));
                estimate.blocks.first().map(of).transpose()?;
                Ok(estimate.jackknife(|minibatch| of(minibatch).unwrap_or_else(missing)))
            }
        }
    }

    fn discrepancy(&mut self, claim: &Claim, form: &Form, setting: &Setting<Rational>) -> Result<Discrepancy, String> {
        let nearest = setting.map(nearest_f64);
        let compare = |answer: Answer<f64>| answer.compare(form, &nearest).map_err(|reason| reason.to_string());
        let claimed = self.value(claim, setting, |answer| compare(answer).map(|c| c.claimed))?.estimate.mean;
        let size = claimed.norm();
        // Sides of a relation are as large as what they are made of; a quantity may be a small difference.
        let unit = if form.quantity().is_some() { magnitude(form, &nearest) } else { size };
        let unit = unit * ROUNDING;
        let Jackknife { estimate, bias, .. } =
            self.value(claim, setting, |answer| compare(answer).map(|c| entries(&(c.found - c.claimed), &claimed)))?;
        let most = estimate.standard_error.map(|error| unit.max(error * BIAS));
        match bias.iter().zip(&most).all(|(bias, most)| bias.abs() <= *most) {
            true => Ok(Discrepancy { estimate, size, unit }),
            false => Err(format!("a bias of more than {BIAS} standard errors: the relation bends within the spread")),
        }
    }
}

/// A column with the entries of a difference; of a square matrix, which is symmetric, those on and below the diagonal.
///
/// Where there are several entries and the claimed value is not zero, the part of the difference along the claimed
/// value follows: a wrong factor shows there better than in any entry.
fn entries(difference: &Matrix<f64>, claimed: &Matrix<f64>) -> Matrix<f64> {
    let square = difference.is_square();
    let (rows, columns) = difference.shape();
    let places = (0..columns).flat_map(|j| (if square { j } else { 0 }..rows).map(move |i| (i, j)));
    let mut entries = Vec::from_iter(places.map(|place| difference[place]));
    let size = claimed.norm();
    if entries.len() > 1 && size > 0.0 {
        entries.push(difference.dot(claimed) / size);
    }
    Matrix::from_vec(entries.len(), 1, entries)
}

/// Runs the engine, long enough for a part in a few hundred.
///
/// One minibatch is drawn literally, as eq. (1) has it. Chains draw the gradients of Gaussian features in law, which
/// the tests of `montecarlo` compare with literal draws: hundreds of times as many steps tell a wrong coefficient from
/// a right one.
fn draw((subject, setting): &Asked, seed: u64, effort: Effort) -> Result<Drawn, String> {
    let (first_step, setting) = (*subject == Subject::Minibatch, &setting.map(nearest_f64));
    let text = |error: montecarlo::MonteCarloError| error.to_string();
    let (D, S) = (setting.dimension(), setting.batch_size().get() as usize);
    let in_law = !first_step && matches!(setting.population(), Population::Gaussian(_));
    let numbers_of_step = match setting.population() {
        // What is seen of one weight is seen of each: six weights take a sixth of the steps of two, in a third of the
        // time, and a hundredth of any coefficient of Theorem 2 is still told in one of the two dimensions.
        Population::Gaussian(_) if in_law => (4 * D + 8) * D.max(2) / 2,
        Population::Gaussian(_) => S * (2 * D + 1) + D * D,
        Population::Data(_) => S * (2 * D + 2) + D * D,
    };
    let numbers = match effort {
        Effort::Brief => 2_000_000,
        Effort::Prompt => 10_000_000,
        Effort::Standard => 200_000_000,
        Effort::Full => 600_000_000,
    };
    // A step in law needs few numbers, and a tenth of a percent is not enough to see every coefficient.
    let numbers = if in_law { 10 * numbers } else { numbers };
    let draws = if in_law { Draws::InDistribution } else { Draws::default() };
    let mut plan = Plan::new()
        .with_chains(CHAINS)
        .with_burn_in(0)
        .with_steps(numbers / CHAINS / numbers_of_step)
        .with_seed(seed)
        .with_draws(draws);
    if first_step {
        plan.steps /= 4;
        return Ok(Drawn::Minibatch(montecarlo::minibatch(setting, &plan, &()).map_err(text)?, plan));
    }
    let radius = lyapunov::stability(setting).map_err(|error| error.to_string())?.spectral_radius;
    plan.burn_in = montecarlo::burn_in(radius).ok_or("no stationary state")?.clamp(100, 1_000_000);
    plan.steps = plan.steps.max(20 * plan.burn_in);
    let mut run = Run::new(setting, &plan).map_err(text)?;
    if effort != Effort::Brief {
        run.advance(run.segments() / PILOT, &()).map_err(text)?;
        // So early there are too few blocks to ask for the whole margin. An index that is not above the limit by one
        // standard error now will hardly be so by three in the end.
        if let Ok(Diagnostics { tail_index, .. }) = run.estimate().map(|estimate| estimate.diagnostics)
            && tail_index.estimate - tail_index.standard_error < Estimate::TAIL_INDEX
        {
            return Err(Distrust::HeavyTail { tail_index }.to_string());
        }
    }
    run.advance(usize::MAX, &()).map_err(text)?;
    let estimate = run.estimate().map_err(text)?;
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
        let nearest = setting.map(nearest_f64);
        let unit = magnitude(&claim.printed, &nearest) * ROUNDING;
        let found = |answer: Answer<f64>| answer.found(&claim.printed, &nearest).map_err(|error| error.to_string());
        match self.value(claim, setting, found) {
            Ok(Jackknife { estimate, .. }) => {
                format!("{} = {} ({about})", claim.printed.found_side(), with_errors(&estimate, unit))
            }
            Err(reason) => format!("undecided: {reason}"),
        }
    }

    fn judge(&mut self, claim: &Claim, form: &Form, setting: &Setting<Rational>) -> Outcome {
        if !matches!(claim.kind, Kind::Exact) {
            return Outcome::undecided("draws resolve no order of convergence".into());
        }
        let discrepancy = match self.discrepancy(claim, form, setting) {
            Ok(discrepancy) => discrepancy,
            Err(reason) => return Outcome::undecided(reason),
        };
        let rejected = discrepancy.p_values().iter().any(|p| *p <= self.level);
        let worst = discrepancy.worst();
        Outcome {
            verdict: if rejected { Verdict::Differs } else { Verdict::Agrees },
            figure: worst,
            detectable: discrepancy.detectable(self.level),
            line: Remark::Says(format!("|z| = {worst:.1}")),
        }
    }

    fn measured(&self, _: &Claim, outcomes: &[Outcome]) -> String {
        let undecided = Vec::from_iter(outcomes.iter().filter(|o| o.verdict == Verdict::Undecided));
        let worst = outcomes.iter().map(|o| o.figure).fold(0.0, f64::max);
        let besides = match undecided.as_slice() {
            [] => String::new(),
            [one] => format!("; undecided at one more: {}", one.line),
            [first, ..] => format!("; undecided at {} more, the first: {}", undecided.len(), first.line),
        };
        format!("|z| up to {worst:.1}{besides}")
    }
}

/// Mean ± standard error, the error to two digits and the mean to its last.
fn with_errors(estimate: &MeanEstimate, floor: f64) -> String {
    let entry = |mean: f64, error: f64| {
        if error.is_nan() || error <= floor {
            return if mean.abs() <= floor { "0".into() } else { format!("{mean:.6e}") };
        }
        decimal::with_error(mean, error)
    };
    in_brackets(&estimate.mean.zip_map(&estimate.standard_error, entry))
}
