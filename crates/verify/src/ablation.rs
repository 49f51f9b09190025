//! Which hypotheses a claim needs: each is broken alone, and the exact engine asked again.

use claims::{Breaking, Claim, Form, Hypothesis, Kind};
use rug::Rational;
use symbols::Setting;

use crate::choices::Seeded;
use crate::engine::exact::Exact;
use crate::engine::{Judge, Outcome};
use crate::instance::{Draw, describe, matrix, row};
use crate::record::HypothesisRecord;
use crate::verdict::Verdict;

/// Every hypothesis of a claim, with a witness where it is needed.
///
/// Small dimensions are tried first, so that the witness is small.
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
    // A form that fails anyway needs nothing. So the question is what its correction needs.
    let form = claim.believed();
    let mut search = Search { claim, form, broken: Some(hypothesis), seed, tries, exact };
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
        _ if claim.kind.is_inequality() => {
            let nothing = format!("no counterexample among {agreed} settings that break it");
            // An inequality that holds at some settings need not hold at all of them.
            match claim.strengthened.as_ref().filter(|s| s.without.iter().any(|h| h.name == hypothesis.name)) {
                Some(strengthened) => (Some(false), format!("{nothing}; {}", strengthened.statement)),
                None => (None, nothing),
            }
        }
        _ => {
            let what = if claim.correction.is_some() { "the correction" } else { "the claim" };
            (Some(false), format!("{what} holds at {agreed} settings that break it"))
        }
    }
}

/// The easiest setting that satisfies all hypotheses of a claim and at which it fails, of the least dimension up to
/// three.
pub(crate) fn counterexample(claim: &Claim, seed: u64, tries: usize, exact: &mut Exact) -> Option<String> {
    let mut search = Search { claim, form: &claim.printed, broken: None, seed, tries, exact };
    (1..=3).find_map(|dimension| search.at(dimension).witness)
}

/// How many times as often an inequality is tried: it may hold at most settings and fail at some.
const PATIENCE: usize = 20;

/// Settings drawn one after the other, each judged by the exact engine.
struct Search<'a> {
    claim: &'a Claim,
    form: &'a Form,
    /// The hypothesis that is broken; `None` where all hold.
    broken: Option<&'a Hypothesis>,
    seed: u64,
    tries: usize,
    exact: &'a mut Exact,
}

/// The result of a search.
struct Found {
    /// The shortest setting at which the claim fails: it is the easiest to check by hand.
    witness: Option<String>,
    /// The number of settings at which it holds.
    agreed: usize,
    /// The first setting at which nothing can be said, and why.
    without_answer: Option<String>,
}

impl Search<'_> {
    fn at(&mut self, dimension: usize) -> Found {
        let mut witnesses = Vec::new();
        let mut found = Found { witness: None, agreed: 0, without_answer: None };
        let most = if self.claim.kind.is_inequality() { PATIENCE * self.tries } else { self.tries };
        for i in 0..most {
            if i >= self.tries && !witnesses.is_empty() {
                break;
            }
            let Some((outcome, text)) = self.try_one(dimension, i) else { continue };
            match outcome.verdict {
                Verdict::Agrees => found.agreed += 1,
                Verdict::Differs => witnesses.push(text),
                _ => found.without_answer = found.without_answer.or(Some(text)),
            }
        }
        found.witness = witnesses.into_iter().min_by_key(String::len);
        found
    }

    /// Draws a setting and judges the claim there; returns the outcome with a text for a reader.
    fn try_one(&mut self, dimension: usize, i: usize) -> Option<(Outcome, String)> {
        let &mut Search { claim, form, broken, seed, ref mut exact, .. } = self;
        let draw = |without: &[&Hypothesis], name: &str| {
            let name = &format!("{name} {i}");
            Draw { claim, without, dimension, seed, name, sparse: false }.setting(|_| true)
        };
        match broken.map(|hypothesis| (hypothesis, &hypothesis.breaking)) {
            None => Some(judge(claim, form, &draw(&[], "counterexample")?, exact)),
            Some((hypothesis, Breaking::Beside(twin))) => {
                let choices = &mut Seeded::new(seed, &format!("beside {} {dimension} {i}", hypothesis.name));
                let (setting, data) = twin(draw(&[], "ablation")?, choices).ok()?;
                if !claim.hypotheses.iter().all(|other| other.may_hold(&setting)) {
                    return None;
                }
                let samples = format!("x̃ = {}, y = {}", matrix(&data.features), row(data.labels.iter()));
                let (outcome, text) = judge(claim, form, &setting, &mut Exact::beside(data));
                Some((outcome, format!("{samples}, with the first and second moments of {text}")))
            }
            Some((hypothesis, _)) => Some(judge(claim, form, &draw(&[hypothesis], "ablation")?, exact)),
        }
    }
}

fn judge(claim: &Claim, form: &Form, setting: &Setting<Rational>, exact: &mut Exact) -> (Outcome, String) {
    let outcome = exact.judge(claim, form, setting);
    let text = match outcome.verdict {
        Verdict::Differs => {
            format!("{}: {}", describe(setting), outcome.line.after(&exact.found(claim, setting)))
        }
        _ => format!("{}: {}", describe(setting), outcome.line),
    };
    (outcome, text)
}
