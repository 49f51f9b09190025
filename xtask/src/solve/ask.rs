//! The engines, asked for the stationary state.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use exact::ExactError;
use indicatif::{ProgressBar, ProgressStyle};
use lyapunov::{LyapunovError, Progress, Stability};
use montecarlo::Run;
use rug::Rational;
use symbols::problem::{self, ProblemError};
use symbols::{Matrix, Moments, Setting, nearest_f64};

use super::Engine;
use crate::sample::{self, Choice, Course, Refusal};

/// What an engine answers.
pub enum Outcome {
    /// A stationary state.
    Stationary(Box<Answer>),
    /// There is none.
    Unstable(Stability),
}

/// A stationary state, and how far to trust it.
pub struct Answer {
    /// Stability, where it is known.
    pub stability: Option<Stability>,
    /// Σ, C and the losses.
    pub moments: Moments<f64>,
    /// The same, where they are known exactly.
    pub in_full: Option<Moments<Rational>>,
    /// Of the one weight, where it was asked for and is finite; `Some(None)` where it is infinite.
    pub kurtosis: Option<Option<Rational>>,
    /// Relative residual of the stationary equation; `None` where none is solved.
    pub residual: Option<f64>,
    /// Relative error of Σ, Frobenius; `None` where nothing is known about it.
    pub error_bound: Option<f64>,
    /// Directions in which the weights never move, as columns.
    pub null_space: Option<Matrix<f64>>,
    /// Why the answer should not be trusted.
    pub doubt: Option<String>,
}

impl Outcome {
    /// Stability, whatever it is, where it is known.
    pub fn stability(&self) -> Option<Stability> {
        match self {
            Outcome::Stationary(answer) => answer.stability,
            Outcome::Unstable(stability) => Some(*stability),
        }
    }
}

/// A problem, over the numbers in which its engine computes.
pub enum Question {
    /// To the Lyapunov engine.
    Lyapunov(Setting<f64>),
    /// To the exact engine; and the nearest doubles, for what is told about the problem.
    Exact(Box<Setting<Rational>>, Setting<f64>),
    /// To the Monte Carlo engine, with its seed.
    Montecarlo(Setting<f64>, u64),
}

impl Question {
    /// The problem in a file. A data set is held over ℚ only where the engine needs it so.
    pub fn read(engine: Engine, path: &Path, seed: u64) -> Result<Self, ProblemError> {
        Ok(match engine {
            Engine::Lyapunov => Question::Lyapunov(problem::read(path)?),
            Engine::Exact => {
                let setting = problem::read::<Rational>(path)?;
                let nearest = setting.map(nearest_f64);
                Question::Exact(Box::new(setting), nearest)
            }
            Engine::Montecarlo => Question::Montecarlo(problem::read(path)?, seed),
        })
    }

    /// The problem, to the nearest doubles.
    pub fn nearest(&self) -> &Setting<f64> {
        match self {
            Question::Lyapunov(setting) | Question::Exact(_, setting) | Question::Montecarlo(setting, _) => setting,
        }
    }

    /// The stationary state.
    pub fn ask(&self) -> anyhow::Result<Outcome> {
        match self {
            Question::Lyapunov(setting) => lyapunov(setting),
            Question::Exact(setting, nearest) => exact(setting, nearest),
            Question::Montecarlo(setting, seed) => montecarlo(setting, *seed),
        }
    }
}

fn lyapunov(setting: &Setting<f64>) -> anyhow::Result<Outcome> {
    let gibibytes = lyapunov::memory(setting) as f64 / f64::from(1 << 30);
    if gibibytes > 0.25 {
        eprintln!("about {gibibytes:.1} GiB of memory");
    }
    let bar = spinner()?;
    bar.set_message("eigenvectors");
    let observe = &mut |progress: Progress| {
        bar.set_message(format!("iteration {}, residual {:.1e}", progress.iteration, progress.residual));
        ControlFlow::Continue(())
    };
    let solution = lyapunov::approximate(setting, observe).and_then(|answer| {
        bar.set_message("stability and a bound on the error");
        answer.certify()
    });
    bar.finish_and_clear();
    let solution = match solution {
        Ok(solution) => solution,
        Err(LyapunovError::Unstable(stability)) => return Ok(Outcome::Unstable(stability)),
        Err(error) => return Err(error.into()),
    };
    Ok(Outcome::Stationary(Box::new(Answer {
        stability: Some(solution.stability),
        moments: solution.moments,
        in_full: None,
        kurtosis: None,
        residual: Some(solution.residual),
        error_bound: Some(solution.error_bound),
        null_space: solution.null_space,
        doubt: None,
    })))
}

fn spinner() -> anyhow::Result<ProgressBar> {
    let bar = ProgressBar::new_spinner().with_style(ProgressStyle::with_template("{spinner} {msg}, {elapsed}")?);
    bar.enable_steady_tick(Duration::from_millis(200));
    Ok(bar)
}

/// Whether there is a stationary state is decided over ℚ; how far from the edge it is, in doubles.
fn exact(setting: &Setting<Rational>, nearest: &Setting<f64>) -> anyhow::Result<Outcome> {
    let stability = lyapunov::stability(nearest)?;
    let bar = spinner()?;
    bar.set_message("a linear system over ℚ; many weights with long decimals may take hours");
    let answer = exact::stationary(setting);
    bar.finish_and_clear();
    let moments = match answer {
        Ok(moments) => moments,
        Err(ExactError::Unstable) => return Ok(Outcome::Unstable(stability)),
        Err(error) => return Err(error.into()),
    };
    let kurtosis = match exact::central_moments(setting) {
        Ok(moments) => moments.kurtosis().map(Some),
        Err(ExactError::HeavyTail { .. }) => Some(None),
        // More weights than one.
        Err(_) => None,
    };
    Ok(Outcome::Stationary(Box::new(Answer {
        stability: Some(stability),
        moments: moments.map(nearest_f64),
        in_full: Some(moments),
        kurtosis,
        residual: Some(0.0),
        error_bound: Some(0.0),
        null_space: None,
        doubt: None,
    })))
}

/// As `sample` does when nothing is asked of it.
fn montecarlo(setting: &Setting<f64>, seed: u64) -> anyhow::Result<Outcome> {
    let chosen = match Choice::with_seed(seed).chosen(setting, false) {
        Ok(chosen) => chosen,
        Err(Refusal::Unstable(stability)) => return Ok(Outcome::Unstable(stability)),
        Err(Refusal::Failed(error)) => return Err(error),
    };
    let mut run = Run::new(setting, &chosen.plan)?;
    Course::default().of(&mut run, &chosen.plan)?;
    let sampled = sample::Answer::of(&run.estimate()?);
    Ok(Outcome::Stationary(Box::new(Answer {
        stability: chosen.stability(),
        moments: sampled.mean,
        in_full: None,
        kurtosis: None,
        residual: None,
        error_bound: sampled.relative_error.filter(|_| sampled.distrust.is_none()),
        null_space: None,
        doubt: sampled.distrust.map(|distrust| format!("do not trust this estimate, its error is unknown: {distrust}")),
    })))
}
