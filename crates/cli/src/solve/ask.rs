//! The engines, asked for the stationary state.

use std::ops::ControlFlow;
use std::path::Path;

use anyhow::bail;
use exact::{ExactError, State};
use lyapunov::{DOUBLE_DOUBLE_ROWS, Enclosures, Errors, LyapunovError, Problem, Progress, Stability};
use montecarlo::{Distrust, Run};
use numbers::{DoubleDouble, Matrix, Vector, nearest_f64};
use problem::{ProblemError, Source};
use rug::Rational;
use serde::Serialize;
use symbols::{Moments, Population, Setting};

use super::engine::Engine;
use crate::progress::Watch;
use crate::sample::{self, Choice, Course, Refusal};

/// A data set of up to this many numbers is read to twice the digits of doubles.
const DOUBLE_DOUBLE_ENTRIES: usize = 1 << 22;
/// Unknowns over ℚ, and numbers of a data set, up to which what doubles cannot decide is decided in seconds.
const DECIDED_UNKNOWNS: usize = 78;
const DECIDED_ENTRIES: usize = 20_000;
/// Components of (w, m), and numbers of a data set, up to which fourth moments take a second.
const KURTOSIS_ROWS: usize = 4;
const KURTOSIS_ENTRIES: usize = 64;
/// Unknowns over ℚ that take no more than minutes.
const QUICK_UNKNOWNS: usize = 500;

/// What an engine answers.
pub enum Outcome {
    /// A stationary state.
    Stationary(Box<Answer>),
    /// It is proven that there is none. Holds how far from the edge the problem is, where doubles tell.
    Unstable(Option<Stability>),
    /// Nobody could tell, for this reason.
    Undecided(LyapunovError),
}

/// A stationary state, and how far to trust it.
pub struct Answer {
    /// Who answered in the end.
    pub engine: Engine,
    /// Stability, where it is known.
    pub stability: Option<Stability>,
    /// Proven bounds on the numbers of its stability.
    pub enclosures: Option<Enclosures>,
    /// A proven lower bound on 1 less the spectral radius.
    pub gap: Option<f64>,
    /// Σ, C and the losses.
    pub moments: Moments<f64>,
    /// w* and L(w*), where they are known.
    pub minimum: Option<(Vector<f64>, f64)>,
    /// The moments, where they are known exactly.
    pub in_full: Option<Moments<Rational>>,
    /// The kurtosis of each weight, where the exact engine knows it.
    pub kurtosis: Option<Kurtosis<Rational>>,
    /// Relative residual of the stationary equation; `None` where none is solved.
    pub residual: Option<f64>,
    /// Bounds on absolute errors, beyond the rounding of what is exact to doubles.
    pub errors: Option<Errors>,
    /// Relative error of Σ, Frobenius; `None` where nothing is known about it, or Σ is zero as far as is known.
    pub error_bound: Option<f64>,
    /// A bound on the condition number of Σ.
    pub condition: Option<f64>,
    /// Directions in which the weights never move.
    pub still: usize,
    /// An orthonormal basis of these directions, as columns, where it is known.
    pub null_space: Option<Matrix<f64>>,
    /// Why another engine than the one that was asked answered.
    pub remark: Option<String>,
    /// Why the answer should not be trusted.
    pub doubt: Option<String>,
}

/// The kurtosis of each weight: in JSON a list, or the word `infinite`.
#[derive(Serialize)]
pub enum Kurtosis<T> {
    /// The fourth moments diverge.
    #[serde(rename = "infinite")]
    Infinite,
    /// E\[vᵢ⁴\]/Σᵢᵢ²; `None` for a weight that does not fluctuate.
    #[serde(untagged)]
    Finite(Vec<Option<T>>),
}

impl<T> Kurtosis<T> {
    /// The same with each number as `written` makes it.
    pub fn map<U>(&self, written: impl Fn(&T) -> U) -> Kurtosis<U> {
        match self {
            Kurtosis::Infinite => Kurtosis::Infinite,
            Kurtosis::Finite(values) => Kurtosis::Finite(values.iter().map(|v| v.as_ref().map(&written)).collect()),
        }
    }
}

impl Kurtosis<Rational> {
    fn of(setting: &Setting<Rational>) -> Option<Self> {
        match exact::central_moments(setting) {
            Ok(moments) => Some(Kurtosis::Finite((0..setting.dimension()).map(|i| moments.kurtosis(i)).collect())),
            Err(ExactError::HeavyTail { .. }) => Some(Kurtosis::Infinite),
            Err(_) => None,
        }
    }
}

impl Outcome {
    /// The stability of the problem, where it is known.
    pub fn stability(&self) -> Option<Stability> {
        match self {
            Outcome::Stationary(answer) => answer.stability,
            Outcome::Unstable(stability) => *stability,
            Outcome::Undecided(LyapunovError::Undecided(stability)) => Some(*stability),
            Outcome::Undecided(_) => None,
        }
    }
}

/// A problem file, and who is asked about it.
pub struct Question {
    engine: Engine,
    source: Source,
    seed: u64,
    /// Whether an answer may take hours.
    long: bool,
    /// The problem in doubles, each the nearest to what the file says.
    nearest: Setting<f64>,
}

impl Question {
    /// The problem in a file.
    pub fn read(engine: Engine, path: &Path, seed: u64, long: bool) -> Result<Self, ProblemError> {
        let watch = Watch::new("reading");
        let source = Source::open(path)?;
        let nearest = match engine {
            // Not every problem over ℚ is one in doubles.
            Engine::Exact => source.read::<Rational>()?.map(nearest_f64),
            Engine::Lyapunov | Engine::Montecarlo => source.read()?,
        };
        drop(watch);
        Ok(Question { engine, source, seed, long, nearest })
    }

    /// The problem, to the nearest doubles.
    pub fn nearest(&self) -> &Setting<f64> {
        &self.nearest
    }

    /// The stationary state.
    pub fn ask(&self) -> anyhow::Result<Outcome> {
        match self.engine {
            Engine::Lyapunov => self.lyapunov(),
            Engine::Exact => {
                let unknowns = self.unknowns();
                if unknowns > QUICK_UNKNOWNS && !self.long {
                    let D = self.nearest.dimension();
                    bail!(
                        "{D} weights are {unknowns} unknowns over ℚ, which can take hours and more: expected at most \
                         {QUICK_UNKNOWNS}, or --long"
                    );
                }
                self.exact(None)
            }
            Engine::Montecarlo => montecarlo(&self.nearest, self.seed),
        }
    }

    /// Rows of the joint second moments.
    fn rows(&self) -> usize {
        self.nearest.dimension() * if *self.nearest.momentum() == 0.0 { 1 } else { 2 }
    }

    fn unknowns(&self) -> usize {
        self.rows() * (self.rows() + 1) / 2
    }

    fn entries(&self) -> usize {
        self.nearest.dimension() * self.nearest.sample_count().unwrap_or(1)
    }

    /// Answers in doubles. What they cannot decide is decided over ℚ where that takes seconds.
    fn lyapunov(&self) -> anyhow::Result<Outcome> {
        let double_double: Setting<DoubleDouble>;
        let problem = if self.rows() <= DOUBLE_DOUBLE_ROWS && self.entries() <= DOUBLE_DOUBLE_ENTRIES {
            double_double = self.source.read()?;
            Problem::written(&double_double)
        } else {
            Problem::nearest(&self.nearest)
        };
        let told = match solved(&problem)? {
            Ok(answer) => return Ok(Outcome::Stationary(Box::new(answer))),
            Err(LyapunovError::Unstable(stability)) => return Ok(Outcome::Unstable(Some(stability))),
            Err(
                told @ (LyapunovError::Undecided(_)
                | LyapunovError::Rank { .. }
                | LyapunovError::OutOfRange { .. }
                | LyapunovError::NotFinite { .. }),
            ) => told,
            Err(error) => return Err(error.into()),
        };
        if self.unknowns() <= DECIDED_UNKNOWNS && self.entries() <= DECIDED_ENTRIES {
            return self.exact(Some(&told));
        }
        Ok(Outcome::Undecided(told))
    }

    /// Answers over ℚ; `told` is why doubles failed, if they were asked before.
    fn exact(&self, told: Option<&LyapunovError>) -> anyhow::Result<Outcome> {
        let setting: Setting<Rational> = self.source.read()?;
        // Where doubles have lost a direction, their radius is that of the other directions.
        let in_doubles = |told: &LyapunovError| match told {
            LyapunovError::Rank { .. } => None,
            _ => lyapunov::stability(&self.nearest).ok(),
        };
        let stability = match told {
            Some(told) => in_doubles(told),
            None => match lyapunov::solve(&Problem::nearest(&self.nearest), &mut ()) {
                Ok(solution) => Some(solution.stability),
                Err(told) => in_doubles(&told),
            },
        };
        let watch = Watch::new(format!("{} linear equations over ℚ", self.unknowns()));
        let answer = exact::stationary_state(&setting);
        drop(watch);
        let State { moments, minimizer, least_loss, gap, moving, .. } = match answer {
            Ok(state) => state,
            Err(ExactError::Unstable) => return Ok(Outcome::Unstable(stability.map(Stability::unstable))),
            Err(error) => return Err(error.into()),
        };
        let is_quick = self.rows() <= KURTOSIS_ROWS && self.entries() <= KURTOSIS_ENTRIES;
        let kurtosis = is_quick.then(|| Kurtosis::of(&setting)).flatten();
        // Rounded down, a lower bound stays one.
        let gap = nearest_f64(&gap).next_down();
        Ok(Outcome::Stationary(Box::new(Answer {
            engine: Engine::Exact,
            stability: stability.map(|stability| stability.stable(gap)),
            enclosures: None,
            gap: Some(gap),
            moments: moments.map(nearest_f64),
            minimum: Some((minimizer.map(|v| nearest_f64(&v)), nearest_f64(&least_loss))),
            in_full: Some(moments),
            kurtosis,
            residual: Some(0.0),
            errors: None,
            error_bound: Some(0.0),
            condition: None,
            still: setting.dimension() - moving.ncols(),
            null_space: None,
            remark: told.map(|told| format!("doubles could not answer, and fractions did: {told}")),
            doubt: None,
        })))
    }
}

/// The answer of the Lyapunov engine.
fn solved(problem: &Problem) -> anyhow::Result<Result<Answer, LyapunovError>> {
    let setting = problem.setting();
    let gibibytes = lyapunov::memory(setting) as f64 / f64::from(1 << 30);
    if gibibytes > 0.25 {
        eprintln!("about {gibibytes:.1} GiB of memory for the solution, beside what reading the file takes");
    }
    let watch = Watch::new("eigenvectors");
    let observe = &mut |progress: Progress| {
        watch.say(format!("iteration {}, residual {:.1e}", progress.iteration, progress.residual));
        ControlFlow::Continue(())
    };
    let approximation = match lyapunov::approximate(problem, observe) {
        Ok(approximation) => approximation,
        Err(error) => return Ok(Err(error)),
    };
    watch.say("stability and bounds on the errors");
    let solution = match approximation.certify() {
        Ok(solution) => solution,
        Err(error) => return Ok(Err(error)),
    };
    let enclosures = approximation.enclosures(&solution);
    Ok(Ok(Answer {
        engine: Engine::Lyapunov,
        stability: Some(enclosures.nearest(solution.stability).stable(solution.gap)),
        enclosures: Some(enclosures),
        gap: Some(solution.gap),
        moments: solution.moments,
        minimum: Some((solution.minimizer, solution.least_loss)),
        in_full: None,
        kurtosis: None,
        residual: Some(solution.residual),
        error_bound: Some(solution.error_bound).filter(|bound| bound.is_finite()),
        errors: Some(solution.errors),
        condition: solution.condition,
        still: solution.null_space.as_ref().map_or(0, Matrix::ncols),
        null_space: solution.null_space,
        remark: None,
        doubt: None,
    }))
}

/// The answer of the Monte Carlo engine, with the plan that `sample` has by default.
fn montecarlo(setting: &Setting<f64>, seed: u64) -> anyhow::Result<Outcome> {
    let chosen = match Choice::with_seed(seed).chosen(setting, false) {
        Ok(chosen) => chosen,
        Err(Refusal::Unstable(stability)) => return Ok(Outcome::Unstable(Some(stability))),
        Err(Refusal::Undecided(stability)) => return Ok(Outcome::Undecided(LyapunovError::Undecided(stability))),
        Err(Refusal::Failed(error)) => return Err(error),
    };
    let mut run = Run::new(setting, &chosen.plan)?;
    Course::default().of(&mut run, &chosen.plan)?;
    let sampled = sample::Answer::of(&run.estimate()?);
    Ok(Outcome::Stationary(Box::new(Answer {
        engine: Engine::Montecarlo,
        stability: chosen.stability(),
        enclosures: None,
        gap: None,
        moments: sampled.mean,
        minimum: None,
        in_full: None,
        kurtosis: None,
        residual: None,
        errors: None,
        error_bound: sampled.relative_error.filter(|_| sampled.distrust.is_none()),
        condition: None,
        still: 0,
        null_space: None,
        remark: None,
        doubt: sampled.distrust.map(|distrust| match distrust {
            Distrust::NoNoise { .. } => distrust.to_string(),
            _ => format!("do not trust this estimate, its error is unknown: {distrust}"),
        }),
    })))
}

/// Why a problem has no test loss.
pub fn no_test_loss(setting: &Setting<f64>) -> Option<&'static str> {
    match setting.population() {
        Population::Gaussian(_) => None,
        Population::Data(_) => Some("of a data set: it has no true weights"),
    }
}
