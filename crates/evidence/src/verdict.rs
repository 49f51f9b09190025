//! The verdict on a claim, and in which sense the evidence is evidence.

use serde::Serialize;

/// The verdict on a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The claim holds wherever it could be decided.
    Agrees,
    /// The claim fails somewhere.
    Differs,
    /// The claim was tried, and no engine could tell.
    Undecided,
    /// The claim was tried nowhere.
    Vacuous,
    /// Nothing satisfies the hypotheses of the claim, so that it is neither true nor false.
    Unsatisfiable,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Verdict; 5] =
        [Verdict::Agrees, Verdict::Differs, Verdict::Undecided, Verdict::Vacuous, Verdict::Unsatisfiable];

    /// The word used in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Agrees => "agrees",
            Verdict::Differs => "differs",
            Verdict::Undecided => "undecided",
            Verdict::Vacuous => "vacuous",
            Verdict::Unsatisfiable => "unsatisfiable",
        }
    }

    /// The verdict that several verdicts make together: one failure refutes; otherwise one success is enough.
    pub fn of_all(verdicts: impl Iterator<Item = Verdict> + Clone) -> Verdict {
        let found = |verdict| verdicts.clone().any(|v| v == verdict);
        [Verdict::Differs, Verdict::Agrees, Verdict::Undecided]
            .into_iter()
            .find(|v| found(*v))
            .unwrap_or(Verdict::Vacuous)
    }
}

/// In which sense an engine's evidence is evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// An identity of rational functions, by a complete grid of exact evaluations.
    Proved,
    /// Exact equality at rational points: at settings that the hypotheses draw, or at a random point with a stated
    /// probability of error.
    Identity,
    /// An inequality, decided at rational points, or in doubles where certified bounds decide it.
    Points,
    /// Agreement in doubles, within a certified bound.
    Digits,
    /// The measured order of convergence of a limit.
    Order,
    /// A Monte Carlo z-score.
    Z,
}

impl Strength {
    /// The word used in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Strength::Proved => "proved",
            Strength::Identity => "identity",
            Strength::Points => "points",
            Strength::Digits => "digits",
            Strength::Order => "order",
            Strength::Z => "z",
        }
    }
}
