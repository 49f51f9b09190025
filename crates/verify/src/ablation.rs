//! Which hypotheses a claim needs: each is broken alone, and the exact engine asked again.

use std::iter::successors;

use claims::{Breaking, Claim, Hypothesis, Kind};
use evidence::{Exact, Verdict, ask_exact, subject};
use rayon::prelude::*;
use rug::Rational;
use symbols::Setting;

use crate::record::HypothesisRecord;
use crate::search::{Place, Search};
use crate::witness::Question;

/// How often the parameter of a limit is halved to see whether there is a stationary state on the way.
const STEPS: usize = 12;

/// Every hypothesis of a claim, with a witness where it is needed.
///
/// Small dimensions are tried first, so that the witness is small.
pub(crate) fn of_all(claim: &Claim, seed: u64, tries: usize, exact: &mut Exact) -> Vec<HypothesisRecord> {
    let found = claim.hypotheses.iter().map(|hypothesis| (hypothesis, of_one(claim, hypothesis, seed, tries, exact)));
    let found = Vec::from_iter(found);
    let records = found.into_par_iter().map(|(hypothesis, (needed, witness))| {
        let witness = match witness {
            Witness::Reason(reason) => reason,
            Witness::Places(question, places) => question.witness(&places),
        };
        HypothesisRecord { name: hypothesis.name, statement: hypothesis.statement, needed, witness }
    });
    records.collect()
}

/// Every hypothesis of a claim of which none can be asked for, with the reason.
pub(crate) fn of_none(claim: &Claim, reason: &str) -> Vec<HypothesisRecord> {
    let record = |hypothesis: &&Hypothesis| HypothesisRecord {
        name: hypothesis.name,
        statement: hypothesis.statement,
        needed: None,
        witness: reason.into(),
    };
    claim.hypotheses.iter().map(record).collect()
}

/// What is known of a hypothesis that was broken.
enum Witness<'a> {
    /// Why there is no setting to show.
    Reason(String),
    /// Settings with one answer to a question.
    Places(Question<'a>, Vec<Place>),
}

/// Whether the exact engine has an answer at a setting, and along the first steps of the path of a limit.
fn has_answers(claim: &Claim, setting: &Setting<Rational>) -> bool {
    let steps = claim.kind.path().map_or(0, |_| STEPS);
    let next = |setting: &Setting<Rational>| (claim.kind.path()?.0.halve)(setting.clone()).ok();
    let along = successors(Some(setting.clone()), next).take(1 + steps);
    along.map(|setting| ask_exact(subject(claim), &setting)).all(|answer| answer.is_ok())
}

/// Whether a hypothesis is needed, and by what that is known.
fn of_one<'a>(
    claim: &'a Claim,
    hypothesis: &'a Hypothesis,
    seed: u64,
    tries: usize,
    exact: &mut Exact,
) -> (Option<bool>, Witness<'a>) {
    let because = |needed, reason: String| (needed, Witness::Reason(reason));
    if let Breaking::Never(reason) = hypothesis.breaking {
        return because(None, reason.into());
    }
    if matches!(claim.kind, Kind::Existence) {
        return because(None, "a witness stays one where less is assumed".into());
    }
    // A form that fails anyway needs nothing. So the question is what its correction needs.
    let form = claim.believed();
    let others = claim.hypotheses.iter().filter(|other| other.name != hypothesis.name).copied();
    if let Some(mistake) = form.lost_under(others) {
        // It says nothing then that could be false.
        return because(None, format!("without it the formula has no meaning: {}", mistake.message));
    }
    let mut search = Search { claim, form, broken: Some(hypothesis), sought: Verdict::Differs, seed, tries, exact };
    let mut agreed = 0;
    let mut without_answer: Option<Place> = None;
    for dimension in 1..=2 {
        let found = search.at(dimension);
        if !found.sought.is_empty() {
            return (Some(true), Witness::Places(search.question(Verdict::Differs), found.sought));
        }
        agreed += found.agreed;
        without_answer = without_answer.or(found.without_answer);
    }
    match (agreed, without_answer) {
        (0, Some(place)) => {
            // What has no value is not false. But a limit that does not exist is none that the formula could be.
            let needed = if place.beside.is_some() || has_answers(claim, &place.setting) { None } else { Some(true) };
            (needed, Witness::Places(search.question(Verdict::Undecided), vec![place]))
        }
        (0, None) => because(None, "no setting was found that breaks it alone".into()),
        _ if claim.kind.is_inequality() => {
            let nothing = format!("no counterexample among {agreed} settings that break it");
            // An inequality that holds at some settings need not hold at all of them.
            match claim.strengthened.as_ref().filter(|s| s.without.iter().any(|h| h.name == hypothesis.name)) {
                Some(strengthened) => because(Some(false), format!("{nothing}; {}", strengthened.statement())),
                None => because(None, nothing),
            }
        }
        _ => {
            let what = if claim.correction.is_some() { "the correction" } else { "the claim" };
            because(Some(false), format!("{what} holds at {agreed} settings that break it"))
        }
    }
}
