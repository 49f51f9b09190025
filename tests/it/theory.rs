//! The theorems of docs/THEORY.md leave out hypotheses that a run breaks one at a time. Here they are broken together.

use claims::{Claim, Hypothesis, Strengthened};
use evidence::{Engine, Evidence, Exact, Judge, Lyapunov, Options, Settings, Verdict};
use notation::prose::plain;
use registry::closed_forms;
use report::{record, snapshot};

/// The hypotheses that a run found not to be needed, as recorded.
fn not_needed(claim: &Claim) -> Vec<&'static Hypothesis> {
    let recorded = record::text(&snapshot::name(&claim.id), Engine::Exact.name()).unwrap_or_default();
    let is_not_needed =
        |h: &&'static Hypothesis| recorded.contains(&format!("\n- {}: not needed;", plain(h.statement)));
    claim.hypotheses.iter().copied().filter(is_not_needed).collect()
}

/// A claim whose theorem leaves these out, as one with a strengthened form, which a run judges where all are broken.
fn without(claim: &Claim, without: Vec<&'static Hypothesis>) -> Claim {
    let form = claim.believed().clone();
    Claim {
        printed: form.clone(),
        rival: None,
        correction: None,
        refutation: None,
        strengthened: Some(Strengthened { form, without, note: None, proof: None }),
        ..claim.clone()
    }
}

fn judged(claim: &Claim) -> Option<Evidence> {
    let options = Options::default().with_engines(vec![Engine::Exact]);
    let (exact, lyapunov) = (&mut Exact::default(), &mut Lyapunov::default());
    let Settings { satisfying, breaking, .. } = Settings::draw(claim, &options, exact, lyapunov);
    exact.find(claim, &satisfying, &breaking).strengthened
}

/// No setting breaks both: a data set has no model of input noise.
const APART: [&str; 2] = ["gaussian-features", "no-input-noise"];

#[test]
fn hypotheses_that_are_left_out_are_not_needed_together() {
    // A run judges a strengthened form as it is.
    let stated = closed_forms().iter().filter(|claim| claim.correction.is_some() || claim.strengthened.is_none());
    let mut tried = 0;
    let mut failed = Vec::new();
    for (claim, spared) in stated.map(|claim| (claim, not_needed(claim))).filter(|(_, spared)| spared.len() > 1) {
        let is_apart = APART.iter().all(|name| spared.iter().any(|hypothesis| hypothesis.name == *name));
        let parts = match is_apart {
            true => Vec::from_iter(APART.map(|name| Vec::from_iter(spared.iter().copied().filter(|h| h.name != name)))),
            false => vec![spared],
        };
        for part in parts {
            let found = judged(&without(claim, part));
            if found.as_ref().is_none_or(|evidence| evidence.verdict != Verdict::Agrees) {
                failed.push(format!("{}: {found:?}", claim.id));
            }
            tried += 1;
        }
    }
    assert_eq!(failed, [""; 0]);
    assert!(tried > 5, "{tried}");
}
