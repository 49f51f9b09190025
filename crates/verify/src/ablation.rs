//! Which hypotheses a claim needs: each is broken alone, and the exact engine asked again.

use claims::{Breaking, Claim, Hypothesis};
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
    let mut agreed = 0;
    let mut without_answer: Option<String> = None;
    for dimension in 1..=2 {
        let mut witnesses = Vec::new();
        for i in 0..tries {
            let name = format!("ablation {i}");
            let draw = Draw { claim, without: &[hypothesis], dimension, seed, name: &name, sparse: false };
            let Some(setting) = draw.setting(|_| true) else { continue };
            let outcome = exact.judge(claim, &claim.printed, &setting);
            match outcome.verdict {
                Verdict::Agrees => agreed += 1,
                Verdict::Differs => witnesses.push(witness(claim, &setting, &outcome.line, exact)),
                _ => without_answer = without_answer.or(Some(format!("{}: {}", describe(&setting), outcome.line))),
            }
        }
        // The shortest is the easiest to check by hand.
        if let Some(shortest) = witnesses.into_iter().min_by_key(String::len) {
            return (Some(true), shortest);
        }
    }
    match (agreed, without_answer) {
        (0, Some(witness)) => (Some(true), witness),
        (0, None) => (None, "no setting was found that breaks it alone".into()),
        _ => (Some(false), format!("the claim holds at {agreed} settings that break it")),
    }
}

fn witness(claim: &Claim, setting: &Setting<Rational>, line: &str, exact: &mut Exact) -> String {
    format!("{}: {}, claimed {line}", describe(setting), exact.found(claim, setting))
}
