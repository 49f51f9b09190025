use claims::Provenance;
use verify::{Companion, Engine, Evidence, HypothesisRecord, Record, Strength, StudyRecord, Verdict};

use super::theory;
use crate::example;

fn evidence(strength: Strength) -> Evidence {
    let (engine, verdict) = (Engine::Exact, Verdict::Agrees);
    let dimensions = [1, 2].into_iter().filter(|_| strength == Strength::Proved).collect();
    Evidence { engine, strength, instances: 3, dimensions, verdict, measured: String::new(), detectable: None }
}

fn companion(statement: &str) -> Option<Companion> {
    let (statement, definitions) = (statement.to_owned(), Vec::new());
    Some(Companion { note: None, proof: None, statement, definitions, evidence: vec![evidence(Strength::Identity)] })
}

/// A claim with a hypothesis that is needed and one that is not.
fn record(id: &str, kind: &'static str, verdict: Verdict, statement: &str) -> Record {
    let hypothesis = |statement, needed| HypothesisRecord { name: "any", statement, needed, witness: String::new() };
    Record {
        id: id.into(),
        source: "Theorem 2".into(),
        equations: vec!["6".into()],
        provenance: Provenance::Printed,
        statement: statement.into(),
        definitions: Vec::new(),
        note: None,
        proof: None,
        kind,
        verdict,
        evidence: vec![evidence(Strength::Identity), evidence(Strength::Proved)],
        hypotheses: vec![hypothesis("`Γ = 0`", Some(true)), hypothesis("`B = 0`", Some(false))],
        rival: None,
        strengthened: None,
        witness: None,
        counterexample: None,
        correction: None,
        refutation: None,
        rewritten: None,
        mutants: None,
        repairs: Vec::new(),
        repairs_tried: 0,
        findings: Vec::new(),
    }
}

fn page(claims: Vec<Record>, studied: Vec<StudyRecord>) -> String {
    theory(&example::report(claims, studied))
}

/// The claims of a page, in order.
fn names(page: &str) -> Vec<&str> {
    page.lines().filter_map(|line| line.strip_prefix("### [")?.split(']').next()).collect()
}

#[test]
fn a_theorem_has_the_hypotheses_that_it_needs() {
    let page = page(vec![record("own/c", "exact", Verdict::Agrees, "Σ = I")], Vec::new());
    let theorem = "### [own/c](../findings/own.md#ownc): Theorem 2, eq. (6)\n\nAssume $`\\Gamma = 0`$.\n\n```math\n\\Sigma = I\n```\n\n\
                   - Evidence: **proved for D = 1, 2** (exact agrees: identity (3), proved (D = 1, 2))\n\
                   - Provenance: printed, under fewer hypotheses than stated\n\
                   - Check: `cargo xtask verify --claim own/c`\n";
    assert!(page.contains(theorem), "{page}");
}

#[test]
fn what_fails_is_left_out_and_its_correction_stands_in_its_place() {
    let alone = record("own/a", "exact", Verdict::Differs, "Σ = 2I");
    let corrected = Record { correction: companion("Σ = I"), ..record("own/b", "exact", Verdict::Differs, "Σ = 3I") };
    let undecided = record("own/d", "exact", Verdict::Undecided, "Σ = 4I");
    let page = page(vec![alone, corrected, undecided], Vec::new());
    assert_eq!(names(&page), ["own/b"]);
    assert!(page.contains("```math\n\\Sigma = I\n```") && !page.contains("\\Sigma = 3 I"), "{page}");
    assert!(page.contains("- Provenance: the project's own; what is printed does not hold\n"), "{page}");
}

#[test]
fn a_strengthened_form_replaces_the_weaker_one() {
    let stronger = companion("Σ = A");
    let page =
        page(vec![Record { strengthened: stronger, ..record("own/a", "exact", Verdict::Agrees, "Σ = I") }], vec![]);
    assert!(page.contains("\\Sigma = A\n") && !page.contains("\\Sigma = I\n"), "{page}");
    // What a run found of the weaker form says nothing of the stronger one.
    assert!(page.contains("Assume $`\\Gamma = 0`$; $`B = 0`$.\n"), "{page}");
}

#[test]
fn a_limit_stands_behind_what_it_is_a_limit_of() {
    let registered = |id: &str, kind, statement| record(id, kind, Verdict::Agrees, statement);
    let page = page(
        vec![
            registered("label-noise/fluctuation-large-batch", "approximation", "Σ ≈ I, S → ∞"),
            registered("label-noise/train-loss-limit", "limit", "L_train → σ²/2, λ → 0"),
            registered("label-noise/fluctuation", "exact", "Σ = A"),
            registered("label-noise/train-loss", "exact", "L_train = σ²"),
        ],
        Vec::new(),
    );
    let quantities = ["fluctuation", "fluctuation-large-batch", "train-loss", "train-loss-limit"];
    assert_eq!(names(&page), quantities.map(|quantity| format!("label-noise/{quantity}")));
}

#[test]
fn what_is_said_twice_stands_once() {
    let corrected = Record { correction: companion("Σ = I"), ..record("own/a", "exact", Verdict::Differs, "Σ = 2I") };
    let page = page(vec![corrected, record("own/b", "exact", Verdict::Agrees, "Σ = I")], Vec::new());
    assert_eq!(names(&page), ["own/b"]);
    assert!(page.contains("- The same: [own/a](../findings/own.md#owna), Theorem 2, eq. (6)\n"), "{page}");
}

#[test]
fn a_study_says_what_holds() {
    let proof = "As `S + 1`.\n\nAnd so on.";
    let record = |id, verdict, correction: Option<&str>| StudyRecord {
        proof: Some(proof).filter(|_| correction.is_none()),
        correction: correction
            .and_then(companion)
            .map(|companion| Companion { proof: Some(proof.replace("As", "Here")), ..companion }),
        ..example::studied(id, verdict)
    };
    let page = page(
        Vec::new(),
        vec![
            record("tail/a", Verdict::Differs, Some("the index is `S + 1`")),
            record("tail/b", Verdict::Unsatisfiable, Some("nothing")),
            record("tail/c", Verdict::Agrees, None),
        ],
    );
    assert_eq!(names(&page), ["tail/a", "tail/c"]);
    let proved = |word: &str| format!("- Proof: {word} $`S + 1`$.\n\n  And so on.\n");
    let corrected = format!("\nThe index is $`S + 1`$.\n\n{}- What it corrects, measured: ", proved("Here"));
    assert!(page.contains(&corrected), "{page}");
    assert!(page.contains(&format!("\n{}- Evidence: ", proved("As"))), "{page}");
}
