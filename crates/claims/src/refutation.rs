//! What it is that fails where a claim does not hold as stated.

use std::borrow::Cow;

/// What a counterexample to a claim refutes, and what it leaves standing.
///
/// A claim has one exactly where it has a correction. It says nothing of how anything was found: `because` gives the
/// argument from the paper's own equations and from what engines and studies tabulate.
#[derive(Debug, Clone)]
pub struct Refutation {
    /// What fails.
    pub refutes: Refutes,
    /// Why that and no more, for a reader: whole sentences, with formulas between backticks.
    pub because: Cow<'static, str>,
}

/// What fails where a claim does not hold as stated.
///
/// The names of claims are those of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refutes {
    /// The formula, under the hypotheses that the paper gives it, also in the limit of which it may speak.
    Formula,
    /// The hypotheses: the same formula holds under those of another claim, which has more of them.
    Hypotheses {
        /// The claim that adds what is missing.
        holds_as: Cow<'static, str>,
    },
    /// A reading of an asymptotic statement away from its limit; in the limit it agrees.
    AwayFromTheLimit {
        /// The claim that has the limit and its order.
        agrees_as: Cow<'static, str>,
    },
    /// One of two statements of the paper that contradict each other, of which the others hold.
    Contradiction {
        /// The claims that it contradicts.
        with: Cow<'static, [Cow<'static, str>]>,
    },
    /// Nothing new: the paper itself says that it fails, and where.
    StatedByThePaper,
    /// Nothing: what the claim assumes is satisfied nowhere, so that it is neither true nor false; without the
    /// assumption it fails.
    Unsatisfiable,
}

impl Refutes {
    /// The word used in tables and files.
    pub fn name(&self) -> &'static str {
        match self {
            Refutes::Formula => "formula",
            Refutes::Hypotheses { .. } => "hypotheses",
            Refutes::AwayFromTheLimit { .. } => "away from the limit",
            Refutes::Contradiction { .. } => "contradiction",
            Refutes::StatedByThePaper => "stated by the paper",
            Refutes::Unsatisfiable => "unsatisfiable",
        }
    }

    /// The claims of the registry that it names.
    pub fn others(&self) -> Vec<&str> {
        match self {
            Refutes::Hypotheses { holds_as: other } | Refutes::AwayFromTheLimit { agrees_as: other } => vec![other],
            Refutes::Contradiction { with } => with.iter().map(AsRef::as_ref).collect(),
            Refutes::Formula | Refutes::StatedByThePaper | Refutes::Unsatisfiable => Vec::new(),
        }
    }
}
