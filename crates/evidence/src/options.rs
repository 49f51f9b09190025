//! The options of a run, and the watcher of its progress.

use claims::{Claim, Kind};
use formula::Subject;
use serde::Serialize;

use crate::allowances::GRID;

/// An engine that judges claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// The exact engine, over ℚ.
    Exact,
    /// The Lyapunov engine, in doubles with certified bounds.
    Lyapunov,
    /// The Monte Carlo engine, by draws.
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

    /// Whether the engine can judge a claim. Draws resolve no order of convergence and no inequality, and say nothing of
    /// an identity without moments. Two conditions are evaluated over ℚ, and doubles have nothing to add.
    pub fn applies(self, claim: &Claim) -> bool {
        match claim.kind {
            Kind::Exact if claim.printed.subject() != Subject::Setting => true,
            Kind::Equivalence => self == Engine::Exact,
            _ => self != Engine::MonteCarlo,
        }
    }
}

/// How much work a run does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// [`Effort::Standard`] with a hundredth of its draws, for many runs.
    Brief,
    /// [`Effort::Standard`] with a twentieth of its draws and a fifth of its grids, for a formula that somebody waits
    /// for.
    Prompt,
    /// The default, which snapshots record.
    Standard,
    /// More settings than the default, and Monte Carlo runs of more steps.
    Full,
}

impl Effort {
    /// The dimensions in which the exact and the Lyapunov engine try a claim: at one setting for each entry of the
    /// list, an inequality at four.
    pub(crate) fn dimensions(self) -> &'static [usize] {
        match self {
            Effort::Brief | Effort::Prompt | Effort::Standard => &[1, 1, 2, 2, 3],
            Effort::Full => &[1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4],
        }
    }

    /// The dimensions in which draws may try a claim, the preferred one last.
    ///
    /// In six dimensions the trace of a matrix is more than its largest entry and the tail still light; in two most
    /// matrices are full. With one weight the order of a product does not show, and the tail is the heaviest. So one
    /// dimension comes last, for claims that hold there alone or whose draws are believed in no two others.
    pub(crate) fn drawn_dimensions(self) -> &'static [usize] {
        match self {
            Effort::Brief | Effort::Prompt | Effort::Standard => &[1, 2, 6],
            Effort::Full => &[1, 3, 2, 6],
        }
    }

    /// The number of dimensions in which an estimate is to be believed.
    pub(crate) fn believed_dimensions(self) -> usize {
        match self {
            Effort::Brief | Effort::Prompt | Effort::Standard => 2,
            Effort::Full => 4,
        }
    }

    /// The largest number of points of a grid that is evaluated for a proof.
    pub fn grid(self) -> u64 {
        match self {
            Effort::Prompt => GRID[0] / 5,
            Effort::Brief | Effort::Standard => GRID[0],
            Effort::Full => GRID[1],
        }
    }

    /// The number of settings in each dimension that break a hypothesis.
    pub fn ablations(self) -> usize {
        match self {
            Effort::Brief | Effort::Prompt | Effort::Standard => 6,
            Effort::Full => 40,
        }
    }
}

/// The options of a run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// The seed from which every draw follows.
    pub seed: u64,
    /// How much work the run does.
    pub effort: Effort,
    /// The engines that judge.
    pub engines: Vec<Engine>,
}

/// The run that snapshots record: seed 1, [`Effort::Standard`], all engines.
impl Default for Options {
    fn default() -> Self {
        Options { seed: 1, effort: Effort::Standard, engines: Engine::ALL.to_vec() }
    }
}

impl Options {
    /// Whether an engine is asked, and can judge a claim.
    pub fn asks(&self, engine: Engine, claim: &Claim) -> bool {
        self.engines.contains(&engine) && engine.applies(claim)
    }

    /// The options with another seed.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Options { seed, ..self }
    }

    /// The options with more or less work.
    #[must_use]
    pub fn with_effort(self, effort: Effort) -> Self {
        Options { effort, ..self }
    }

    /// The options with these engines alone.
    #[must_use]
    pub fn with_engines(self, engines: impl Into<Vec<Engine>>) -> Self {
        Options { engines: engines.into(), ..self }
    }
}

/// A watcher of a run's progress; `()` ignores it.
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

#[cfg(test)]
mod tests {
    use claims::file;
    use registry::closed_forms;

    use super::*;

    #[test]
    fn an_identity_of_settings_and_an_equivalence_have_fewer_judges() {
        let of = |formula: &str| {
            let text = format!("[[claim]]\nid = \"a/b\"\nformula = \"{formula}\"\n");
            file::read("a.toml", &text).unwrap().remove(0)
        };
        assert!(Engine::MonteCarlo.applies(&of("C = σ²K/S")) && Engine::MonteCarlo.applies(&of("E[ĝ] = ∇L")));
        assert!(!Engine::MonteCarlo.applies(&of("K = A + B + Γ")) && Engine::Exact.applies(&of("K = A + B + Γ")));
        let equivalence = of("A ≻ 0 iff 2A ≻ 0");
        let judging = Engine::ALL.into_iter().filter(|engine| engine.applies(&equivalence));
        assert!(judging.eq([Engine::Exact]));
        let equalities = closed_forms().iter().filter(|claim| matches!(claim.kind, Kind::Exact));
        let of_moments = equalities.filter(|claim| claim.printed.subject() != Subject::Setting);
        assert!(of_moments.into_iter().all(|claim| Engine::MonteCarlo.applies(claim)));
    }
}
