//! The word of a table on a claim: a verdict, and the figures behind it.

use std::collections::BTreeMap;

use claims::StudyClaim;
use verify::Verdict;

/// The verdict of a table on a claim, with the figures behind it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The claim.
    pub claim: &'static StudyClaim,
    /// Whether the claim holds, as far as the table goes.
    pub verdict: Verdict,
    /// The figures behind the verdict, in words.
    pub measured: String,
    /// The figures as numbers, by name.
    pub figures: BTreeMap<String, f64>,
}

impl Judged {
    /// A verdict on a claim: *agrees* where it holds, *differs* otherwise.
    pub fn new(claim: &'static StudyClaim, holds: bool, measured: String) -> Judged {
        let verdict = if holds { Verdict::Agrees } else { Verdict::Differs };
        Judged { claim, verdict, measured, figures: BTreeMap::new() }
    }

    /// The verdict with one more figure.
    pub fn with(mut self, name: &str, value: f64) -> Judged {
        self.figures.insert(name.into(), value);
        self
    }

    /// The verdict with the least and the largest of some values as figures, where there are any.
    pub fn with_range(self, name: &str, values: impl Iterator<Item = f64> + Clone) -> Judged {
        let (Some(least), Some(most)) = (values.clone().reduce(f64::min), values.reduce(f64::max)) else { return self };
        self.with(&format!("least_{name}"), least).with(&format!("largest_{name}"), most)
    }

    /// The line beneath a table.
    pub fn line(&self) -> String {
        format!("verdict on {}: {}: {}", self.claim.id, self.verdict.name(), self.measured)
    }
}
