//! A run on its way: a bar, checkpoints, and the ways to end.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use montecarlo::{CheckpointFile, Estimate, MonteCarloError, Plan, Run};

use crate::progress::Watch;

/// How often a checkpoint is written.
const BETWEEN_CHECKPOINTS: Duration = Duration::from_secs(10);
/// Looks at the error that nobody asked for take at most one part in so many of the time.
const SHARE_OF_LOOKS: u32 = 20;

/// The signal to stop of a run that nobody can stop.
static NEVER: AtomicBool = AtomicBool::new(false);

/// What happens on the way.
#[derive(Default)]
pub struct Course<'a> {
    /// The relative standard error that is enough.
    pub error: Option<f64>,
    /// Where the run is kept.
    pub checkpoint: Option<CheckpointFile>,
    /// Set from outside to stop the run.
    pub stop: Option<&'a AtomicBool>,
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum End {
    /// All steps are done.
    Complete,
    /// The error is small enough.
    Error,
    /// All steps are done, and the error is not small enough.
    Limit,
    /// The run was stopped before its last step.
    Stopped,
    /// Shards are missing.
    Partial,
}

impl End {
    /// How a run ended that goes on no more.
    pub fn of(run: &Run) -> Self {
        if run.is_complete() { End::Complete } else { End::Stopped }
    }
}

impl Course<'_> {
    /// Runs to the end, one segment after the other.
    ///
    /// Where the run ends does not depend on when it was stopped before: the error is looked at after fixed numbers of
    /// blocks, each a tenth more than the last.
    ///
    /// # Errors
    /// Those of [`Run::advance`], and those of the first [`CheckpointFile::write`] that nothing but another path cures.
    pub fn of(self, run: &mut Run, plan: &Plan) -> Result<End, MonteCarloError> {
        let bar = Bar::new(run, plan, self.error);
        let kept = |file| Checkpoint { file, is_current: true, last: Instant::now() };
        let mut file = self.checkpoint.map(kept);
        if let Some(file) = &mut file {
            file.open(run, &bar)?;
        }
        let (mut looked, mut cost) = (Instant::now(), Duration::ZERO);
        let end = loop {
            let is_due = self.error.is_some() || bar.lines.is_none() && looked.elapsed() > SHARE_OF_LOOKS * cost;
            if is_due && is_milestone(run.blocks_done()) {
                let start = Instant::now();
                let estimate = run.estimate();
                (looked, cost) = (Instant::now(), start.elapsed());
                if let Ok(estimate) = estimate {
                    bar.show(run, plan, &estimate, self.error);
                    if self.error.is_some_and(|most| is_enough(&estimate, most)) {
                        break End::Error;
                    }
                }
            }
            if run.is_complete() {
                break if self.error.is_some() { End::Limit } else { End::Complete };
            }
            if self.stop.is_some_and(|stop| stop.load(Ordering::Relaxed)) {
                break End::Stopped;
            }
            let before = run.chains() as u64 * run.steps_done();
            run.advance_unless(self.stop.unwrap_or(&NEVER), &|steps| bar.at(before + steps))?;
            if let Some(file) = file.as_mut().filter(|file| file.last.elapsed() > BETWEEN_CHECKPOINTS) {
                file.write(run, &bar);
            }
        };
        if let Some(file) = &mut file {
            file.write(run, &bar);
            if !file.is_current {
                eprintln!("warning: what this run found is not in {}", file.file.path().display());
            }
        }
        Ok(end)
    }
}

/// ‖standard error of Σ‖/‖Σ‖, which says something only where the estimate is trusted.
pub fn relative_error(estimate: &Estimate) -> f64 {
    estimate.mean(|moments| moments.fluctuation.clone()).relative_error()
}

fn is_enough(estimate: &Estimate, most: f64) -> bool {
    estimate.no_noise.is_some() || relative_error(estimate) <= most && estimate.trust().is_ok()
}

/// Whether the error is looked at after so many blocks: 1, 2, …, 10, 11, 12, …, 20, 22, ….
fn is_milestone(blocks: usize) -> bool {
    let mut milestones = std::iter::successors(Some(1), |last| Some(last + 1.max(last / 10)));
    milestones.find(|milestone| *milestone >= blocks) == Some(blocks)
}

/// A file that holds the run.
struct Checkpoint {
    file: CheckpointFile,
    /// Whether the last attempt to write it succeeded.
    is_current: bool,
    last: Instant,
}

impl Checkpoint {
    /// Writes it for the first time: a path that can never be written is told before hours have passed.
    fn open(&mut self, run: &Run, bar: &Bar) -> Result<(), MonteCarloError> {
        use io::ErrorKind::{NotADirectory, NotFound, PermissionDenied, ReadOnlyFilesystem};
        match self.file.write(run) {
            Err(error @ MonteCarloError::InUse { .. }) => Err(error),
            Err(MonteCarloError::File { kind, path, reason })
                if matches!(kind, NotADirectory | NotFound | PermissionDenied | ReadOnlyFilesystem) =>
            {
                Err(MonteCarloError::File { kind, path, reason })
            }
            outcome => {
                self.note(outcome, bar);
                Ok(())
            }
        }
    }

    /// Writes it if that is possible: a run is worth more than its checkpoint.
    fn write(&mut self, run: &Run, bar: &Bar) {
        let outcome = self.file.write(run);
        self.note(outcome, bar);
    }

    /// Tells the user when writing begins to fail, and when it succeeds again.
    fn note(&mut self, outcome: Result<(), MonteCarloError>, bar: &Bar) {
        let was_current = std::mem::replace(&mut self.is_current, outcome.is_ok());
        self.last = Instant::now();
        let message = match outcome {
            Err(error) if was_current => {
                format!("warning: no checkpoint was written, an older one is as it was: {error}")
            }
            Ok(()) if !was_current => format!("{}: written again", self.file.path().display()),
            _ => return,
        };
        bar.shown.suspend(|| eprintln!("{}", message.replace(char::is_control, " ")));
    }
}

/// Steps of all chains, the time left, and the error.
struct Bar {
    shown: ProgressBar,
    /// The lines that are written where there is no terminal.
    lines: Option<Watch>,
}

impl Bar {
    fn new(run: &Run, plan: &Plan, error: Option<f64>) -> Self {
        let style = ProgressStyle::with_template("{bar:40} {percent:>3} % of {len} steps, {eta} left{msg}");
        let bar = ProgressBar::new(run.chains() as u64 * (plan.burn_in + plan.steps) as u64)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
            .with_finish(ProgressFinish::AndClear);
        bar.set_position(run.chains() as u64 * run.steps_done());
        bar.reset_eta();
        bar.set_message(error.map_or(String::new(), |most| format!(", until the relative error is {most:.1e}")));
        let lines = bar.is_hidden().then(|| Watch::new("the first steps"));
        Bar { shown: bar, lines }
    }

    /// Shows that so many steps of all chains are done.
    fn at(&self, steps: u64) {
        self.shown.set_position(steps);
        if let Some(lines) = &self.lines {
            let all = self.shown.length().unwrap_or_default();
            let percent = 100.0 * steps as f64 / all.max(1) as f64;
            lines.say(format!("{steps} of {all} steps, {percent:.0} %{}", self.shown.message()));
        }
    }

    /// Shows the error so far. Where another is asked for, it also shows how many steps that is likely to need: the
    /// error falls with the square root of their number.
    fn show(&self, run: &Run, plan: &Plan, estimate: &Estimate, error: Option<f64>) {
        let found = relative_error(estimate);
        let doubt = if estimate.trust().is_ok() { "" } else { ", not trusted yet" };
        let goal = error.map_or(String::new(), |most| format!(" of {most:.1e}"));
        self.shown.set_message(format!(", relative error {found:.1e}{goal}{doubt}"));
        if let Some(most) = error {
            let counted = run.steps_done().saturating_sub(plan.burn_in as u64) as f64;
            let needed = (counted * (found / most).powi(2)).clamp(counted, plan.steps as f64);
            self.shown.set_length(run.chains() as u64 * (plan.burn_in as u64 + needed as u64));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milestones_are_a_tenth_apart() {
        let found = Vec::from_iter((1..=50).filter(|&blocks| is_milestone(blocks)));
        assert_eq!(found[..20], Vec::from_iter(1..=20));
        assert_eq!(found[20..], [22, 24, 26, 28, 30, 33, 36, 39, 42, 46, 50]);
        assert!(!is_milestone(0));
    }
}
