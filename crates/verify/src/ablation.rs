//! Which hypotheses a claim needs: each is broken alone, and the exact engine asked again.

use claims::{Breaking, Claim, Hypothesis, Kind};
use rug::Rational;
use symbols::Setting;

use crate::engine::Judge;
use crate::engine::exact::Exact;
use crate::instance::{Draw, describe};
use crate::verdict::{HypothesisRecord, Verdict};

/// Every hypothesis of a claim, with a witness where it is needed. Small dimensions first, so that the witness is small.
pub(crate) fn of_all(claim: &Claim, seed: u64, tries: usize, exact: &mut Exact) -> Vec<HypothesisRecord> {
    Vec::from_iter(claim.hypotheses.iter().map(|hypothesis| {
        let (needed, witness) = of_one(claim, hypothesis, seed, tries, exact);
        HypothesisRecord { name: hypothesis.name, statement: hypothesis.statement, needed, witness }
    }))
}

fn of_one(
    claim: &Claim,
    hypothesis: &Hypothesis,
    seed: u64,
    tries: usize,
    exact: &mut Exact,
) -> (Option<bool>, String) {
    if let Breaking::Never(reason) = hypothesis.breaking {
        return (None, reason.into());
    }
    if matches!(claim.kind, Kind::Existence) {
        return (None, "a witness stays one where less is assumed".into());
    }
    let mut search = Search { claim, without: &[hypothesis], name: "ablation", seed, tries, exact };
    let mut agreed = 0;
    let mut without_answer: Option<String> = None;
    for dimension in 1..=2 {
        let found = search.at(dimension);
        if let Some(witness) = found.witness {
            return (Some(true), witness);
        }
        agreed += found.agreed;
        without_answer = without_answer.or(found.without_answer);
    }
    match (agreed, without_answer) {
        (0, Some(witness)) => (Some(true), witness),
        (0, None) => (None, "no setting was found that breaks it alone".into()),
        // An inequality may well hold at some points and not be true.
        _ if claim.kind.is_inequality() => (None, format!("no counterexample among {agreed} settings that break it")),
        _ => (Some(false), format!("the claim holds at {agreed} settings that break it")),
    }
}

/// The easiest setting that satisfies all hypotheses of a claim and at which it fails, of the least dimension up to three.
pub(crate) fn counterexample(claim: &Claim, seed: u64, tries: usize, exact: &mut Exact) -> Option<String> {
    let mut search = Search { claim, without: &[], name: "counterexample", seed, tries, exact };
    (1..=3).find_map(|dimension| search.at(dimension).witness)
}

/// Settings drawn one after the other, each judged by the exact engine.
struct Search<'a> {
    claim: &'a Claim,
    without: &'a [&'a Hypothesis],
    name: &'a str,
    seed: u64,
    tries: usize,
    exact: &'a mut Exact,
}

/// What a search found.
struct Found {
    /// The shortest setting at which the claim fails: it is the easiest to check by hand.
    witness: Option<String>,
    /// At how many it holds.
    agreed: usize,
    /// One at which nothing can be said, and why.
    without_answer: Option<String>,
}

impl Search<'_> {
    fn at(&mut self, dimension: usize) -> Found {
        let (claim, without, seed) = (self.claim, self.without, self.seed);
        let mut witnesses = Vec::new();
        let mut found = Found { witness: None, agreed: 0, without_answer: None };
        for i in 0..self.tries {
            let name = &format!("{} {i}", self.name);
            let draw = Draw { claim, without, dimension, seed, name, sparse: false };
            let Some(setting) = draw.setting(|_| true) else { continue };
            let outcome = self.exact.judge(claim, &claim.printed, &setting);
            match outcome.verdict {
                Verdict::Agrees => found.agreed += 1,
                Verdict::Differs => witnesses.push(witness(claim, &setting, &outcome.line, self.exact)),
                _ => {
                    let text = || format!("{}: {}", describe(&setting), outcome.line);
                    found.without_answer = found.without_answer.take().or_else(|| Some(text()));
                }
            }
        }
        found.witness = witnesses.into_iter().min_by_key(String::len);
        found
    }
}

fn witness(claim: &Claim, setting: &Setting<Rational>, line: &str, exact: &mut Exact) -> String {
    format!("{}: {}, claimed {line}", describe(setting), exact.found(claim, setting))
}
