//! A search for counterexamples to claims about every setting. A counterexample shrinks to small fractions.

use claims::{Choices, Claim, Form, Kind};
use exact::ExactError;
use formula::Given;
use notation::tree::{Statement, When};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use registry::closed_forms;
use rug::Rational;
use symbols::Setting;

/// Choices from a list of numbers, and 0 behind its end. A list that shrinks shrinks the setting.
struct Listed<'a>(std::slice::Iter<'a, u32>);

impl Choices for Listed<'_> {
    fn integer(&mut self, low: i64, high: i64) -> i64 {
        low + i64::from(self.0.next().copied().unwrap_or(0)) % (high - low + 1)
    }
}

/// A description of the setting, if it refutes a form that is claimed of every setting; `None` where the form holds or
/// says nothing.
fn refutation(claim: &Claim, form: &Form, setting: &Setting<Rational>) -> Option<String> {
    let moments = match exact::stationary(setting) {
        Ok(moments) => Some(moments),
        Err(ExactError::Unstable) => None,
        Err(_) => return None,
    };
    let fails = match claim.kind {
        Kind::Stability => {
            let (holds, is_stationary) = (form.holds(setting).ok()?, moments.is_some());
            match when(form) {
                When::Iff => holds != is_stationary,
                When::If => holds && !is_stationary,
                When::OnlyIf => is_stationary && !holds,
            }
        }
        _ => {
            let given = Given { moments: Some(&moments?), ..Given::setting(setting) };
            let [found, claimed] = [form.found(&given).ok()?, form.claimed(&given).ok()?];
            found.iter().zip(&claimed).any(|(found, claimed)| found > claimed)
        }
    };
    fails.then(|| format!("{}: {}", claim.id, verify::describe(setting)))
}

/// Which way a condition of stability is claimed.
fn when(form: &Form) -> When {
    match form.text().statements.as_slice() {
        [Statement::Stationary { when, .. }] => *when,
        statements => panic!("{statements:?}"),
    }
}

fn universal() -> impl Iterator<Item = &'static Claim> {
    closed_forms().iter().copied().filter(|claim| matches!(claim.kind, Kind::Bound | Kind::Stability))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn nothing_refutes_what_is_claimed_of_every_setting(D in 1usize..4, list in prop::collection::vec(any::<u32>(), 120)) {
        for claim in universal() {
            let Ok(Some(setting)) = claim.draw(D, &[], &mut Listed(list.iter())) else { continue };
            prop_assert_eq!(refutation(claim, claim.believed(), &setting), None);
        }
    }
}

/// The search refutes wrong forms: every rival, and every printed form that a correction replaces.
#[test]
fn the_search_finds_what_is_wrong() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let lists = prop::collection::vec(any::<u32>(), 120);
    for claim in universal() {
        let mut wrong = Vec::from_iter(claim.rival.iter().map(|rival| &rival.form));
        wrong.extend(claim.correction.as_ref().map(|_| &claim.printed));
        for form in wrong {
            let found = (0..3000).any(|i| {
                let list = lists.new_tree(&mut runner).unwrap().current();
                let setting = claim.draw(1 + i % 3, &[], &mut Listed(list.iter()));
                setting.ok().flatten().is_some_and(|setting| refutation(claim, form, &setting).is_some())
            });
            assert!(found, "{}", claim.id);
        }
    }
}
