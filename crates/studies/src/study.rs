//! Claims that no single setting decides: limits over random data sets, transcendental equations, optima.
//!
//! A study judges each of them by one of its tables, from the numbers in it. Its verdict is recorded beneath that table.
//!
//! Deliberately absent: hypotheses, rivals and engines, which belong to a closed form ([`claims::Claim`]).

use crate::table::Maker;
use verify::Verdict;

/// A claim of the paper that a study judges.
#[derive(Debug)]
pub struct StudyClaim {
    /// The study and what the claim is of, as `study/quantity`.
    pub id: &'static str,
    /// A key of [`claims::paper`].
    pub source: &'static str,
    /// As numbered in PAPER.md; `"66–78"` is a range.
    pub equations: &'static [&'static str],
    /// The claim as printed.
    pub statement: &'static str,
    /// What holds in its place, where it does not, or beyond it.
    pub instead: Option<&'static str>,
}

/// What a table says of a claim.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The claim.
    pub claim: &'static StudyClaim,
    /// Whether it holds, as far as the table goes.
    pub verdict: Verdict,
    /// The figures behind it.
    pub measured: String,
}

/// A claim with its verdict and the figures behind it, as recorded.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The claim.
    pub claim: &'static StudyClaim,
    /// The name of a [`Verdict`], or «not recorded».
    pub verdict: String,
    /// The figures behind it.
    pub measured: String,
}

impl Judged {
    /// A word on a claim.
    pub(crate) fn new(claim: &'static StudyClaim, holds: bool, measured: String) -> Judged {
        Judged { claim, verdict: if holds { Verdict::Agrees } else { Verdict::Differs }, measured }
    }

    /// The line beneath a table.
    pub fn line(&self) -> String {
        format!("{}{}: {}", self.claim.opening(), self.verdict.name(), self.measured)
    }
}

impl StudyClaim {
    /// How the line of its verdict begins.
    fn opening(&self) -> String {
        format!("verdict on {}: ", self.id)
    }

    /// What the text of one of the tables holds for this claim.
    pub fn recorded(&'static self, texts: &[String]) -> Recorded {
        let opening = self.opening();
        let mut lines = texts.iter().flat_map(|text| text.lines());
        let found = lines.find_map(|line| line.strip_prefix(&opening)?.split_once(": "));
        let (verdict, measured) = found.unwrap_or(("not recorded", ""));
        Recorded { claim: self, verdict: verdict.into(), measured: measured.into() }
    }

    /// The study, which is its subcommand, too.
    pub fn study(&self) -> &'static str {
        claims::topic(self.id)
    }
}

/// A study, named by its subcommand.
#[derive(Debug)]
pub struct Study {
    /// The subcommand, and the first part of its snapshots and of its claims.
    pub name: &'static str,
    /// What it is about, for a reader.
    pub subject: &'static str,
    /// Its tables.
    pub tables: &'static [Maker],
    /// What they judge.
    pub claims: &'static [&'static StudyClaim],
}
