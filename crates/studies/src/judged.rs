//! The word of a table on a claim: a verdict, and the figures behind it.

use std::collections::BTreeMap;

use claims::StudyClaim;
use numbers::nearest_f64;
use rug::Rational;
use verify::Verdict;

use crate::rational::extremes;

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

/// A number that can be a figure of a verdict.
pub(crate) trait Number: PartialOrd {
    /// The nearest double.
    fn double(&self) -> f64;
}

impl Number for f64 {
    fn double(&self) -> f64 {
        *self
    }
}

impl Number for Rational {
    fn double(&self) -> f64 {
        nearest_f64(self)
    }
}

impl Judged {
    /// A verdict on a claim: *agrees* where it holds, *differs* otherwise.
    pub(crate) fn new(claim: &'static StudyClaim, holds: bool, measured: String) -> Judged {
        let verdict = if holds { Verdict::Agrees } else { Verdict::Differs };
        Judged { claim, verdict, measured, figures: BTreeMap::new() }
    }

    /// The verdict with one more figure.
    pub(crate) fn with(mut self, name: &str, value: f64) -> Judged {
        self.figures.insert(name.into(), value);
        self
    }

    /// The verdict with the least and the largest of some values as figures, where there are any.
    pub(crate) fn with_range<T: Number>(self, name: &str, values: &[T]) -> Judged {
        let [least, most] = extremes(values);
        let some = [("least", least), ("largest", most)].into_iter().filter_map(|(end, value)| Some((end, value?)));
        some.fold(self, |judged, (end, value)| judged.with(&format!("{end}_{name}"), value.double()))
    }

    /// The line beneath a table.
    pub fn line(&self) -> String {
        format!("verdict on {}: {}: {}", self.claim.id, self.verdict.name(), self.measured)
    }
}
