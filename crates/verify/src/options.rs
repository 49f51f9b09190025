//! What a run is asked for, and who watches it.

use claims::{Claim, Kind};
use serde::Serialize;

use crate::allowances::GRID;

/// Who judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// ℚ.
    Exact,
    /// Doubles.
    Lyapunov,
    /// Draws.
    MonteCarlo,
}

impl Engine {
    /// All of them.
    pub const ALL: [Engine; 3] = [Engine::Exact, Engine::Lyapunov, Engine::MonteCarlo];

    /// The word used in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Exact => "exact",
            Engine::Lyapunov => "lyapunov",
            Engine::MonteCarlo => "montecarlo",
        }
    }

    /// Whether it can judge a claim. Draws resolve no order of convergence and no inequality.
    pub fn applies(self, claim: &Claim) -> bool {
        match claim.kind {
            Kind::Exact => true,
            _ => self != Engine::MonteCarlo,
        }
    }
}

/// How much work a run does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// As [`Effort::Standard`], with a hundredth of its draws: for many runs.
    Brief,
    /// What snapshots record: under three minutes for a whole registry.
    Standard,
    /// More settings, and Monte Carlo runs of more steps.
    Full,
}

impl Effort {
    /// The dimensions at which exact and Lyapunov engine try a claim.
    pub(crate) fn dimensions(self) -> &'static [usize] {
        match self {
            Effort::Brief | Effort::Standard => &[1, 1, 2, 2, 3],
            Effort::Full => &[1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4],
        }
    }

    /// Dimensions in which draws may try a claim, from the last of them on.
    ///
    /// In six the trace of a matrix is more than its largest entry and the tail still light, in two most matrices are
    /// full. One weight tells no order of a product, and its tail is the heaviest: it is for what holds, or is
    /// believed, there alone.
    pub(crate) fn drawn_dimensions(self) -> &'static [usize] {
        match self {
            Effort::Brief | Effort::Standard => &[1, 2, 6],
            Effort::Full => &[1, 3, 2, 6],
        }
    }

    /// In so many of them an estimate is to be believed.
    pub(crate) fn believed_dimensions(self) -> usize {
        match self {
            Effort::Brief | Effort::Standard => 2,
            Effort::Full => 4,
        }
    }

    /// The largest grid that is evaluated for a proof.
    pub(crate) fn grid(self) -> u64 {
        match self {
            Effort::Brief | Effort::Standard => GRID[0],
            Effort::Full => GRID[1],
        }
    }

    /// Settings that break a hypothesis, by dimension.
    pub(crate) fn ablations(self) -> usize {
        match self {
            Effort::Brief | Effort::Standard => 6,
            Effort::Full => 40,
        }
    }
}

/// What to run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// From which every draw follows.
    pub seed: u64,
    /// How much work.
    pub effort: Effort,
    /// By which engines.
    pub engines: Vec<Engine>,
}

/// Seed 1, [`Effort::Standard`], all engines: what snapshots record.
impl Default for Options {
    fn default() -> Self {
        Options { seed: 1, effort: Effort::Standard, engines: Engine::ALL.to_vec() }
    }
}

impl Options {
    /// With another seed.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Options { seed, ..self }
    }

    /// With more or less work.
    #[must_use]
    pub fn with_effort(self, effort: Effort) -> Self {
        Options { effort, ..self }
    }

    /// By these engines alone.
    #[must_use]
    pub fn with_engines(self, engines: impl Into<Vec<Engine>>) -> Self {
        Options { engines: engines.into(), ..self }
    }
}

/// Who watches a run; `()` looks away.
pub trait Progress: Sync {
    /// A run of so many steps begins.
    fn begin(&self, steps: u64);
    /// A step begins.
    fn step(&self, what: &str);
}

impl Progress for () {
    fn begin(&self, _steps: u64) {}

    fn step(&self, _what: &str) {}
}
