//! A search for counterexamples to claims about every setting. A counterexample shrinks to small fractions.

use claims::{Choices, Claim, Form, Kind};
use evidence::{Exact, Judge, Verdict};
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
    let outcome = Exact::default().judge(claim, form, setting);
    (outcome.verdict == Verdict::Differs).then(|| format!("{}: {}", claim.id, evidence::describe(setting)))
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
