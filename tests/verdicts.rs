//! A verdict can come out negative: claims that are false, vacuous or too close to their rival, planted and found.

use claims::hypotheses::{
    COMMUTING_LEARNING_RATE, FULL_RANK, GAUSSIAN_FEATURES, NO_INPUT_NOISE, NO_WEIGHT_DECAY, STATIONARY,
};
use claims::{Breaking, Claim, ClaimError, Hypothesis, Kind, Rival, Strengthened, closed, label_noise};
use symbols::{Matrix, Quantity, Scalar, Setting};
use verify::{Effort, Engine, Options, Progress, Report, Verdict};

struct Silent;

impl Progress for Silent {
    fn begin(&self, _: u64) {}
    fn step(&self, _: &str) {}
}

fn judge(claim: &Claim, engines: &[Engine]) -> Report {
    verify::run(&[claim], &Options { seed: 5, effort: Effort::Quick, engines: engines.to_vec() }, &Silent)
}

/// Theorem 2, to be changed by each test.
const CLAIM: Claim = Claim {
    id: "test/fluctuation",
    source: "this test",
    equations: &[],
    statement: "Σ = …",
    kind: Kind::Exact,
    quantity: Quantity::Fluctuation,
    hypotheses: &[
        &GAUSSIAN_FEATURES,
        &NO_WEIGHT_DECAY,
        &NO_INPUT_NOISE,
        &FULL_RANK,
        &COMMUTING_LEARNING_RATE,
        &STATIONARY,
    ],
    printed: closed!(label_noise::fluctuation::printed),
    rival: Rival { name: "1 % off", form: closed!(one_percent_off) },
    strengthened: None,
    correction: None,
    rewritten: None,
};

fn one_percent_off<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(label_noise::fluctuation::printed(setting)? * (T::from_integer(101) / T::from_integer(100)))
}

#[test]
fn every_engine_alone_tells_one_percent() {
    for engine in Engine::ALL {
        let report = judge(&CLAIM, &[engine]);
        assert_eq!(report.failures(), Vec::<String>::new(), "{engine:?}");
        let wrong = Claim { printed: CLAIM.rival.form, rival: Rival { name: "none", form: CLAIM.printed }, ..CLAIM };
        assert_eq!(judge(&wrong, &[engine]).claims[0].verdict, Verdict::Differs, "{engine:?}");
    }
}

/// Right at every momentum that settings are drawn with, and nowhere else.
fn right_where_it_is_tried<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let drawn = [(0, 1), (1, 2), (1, 3), (1, 4), (2, 3)];
    let vanishing = drawn.iter().fold(T::one(), |product, (n, d)| {
        product * (setting.momentum().clone() - T::from_integer(*n) / T::from_integer(*d))
    });
    Ok(label_noise::fluctuation::printed(setting)? * (T::one() + vanishing))
}

/// All drawn settings agree; the complete grid does not.
#[test]
fn a_form_that_is_right_wherever_it_is_tried_is_refuted_by_the_proof() {
    let near = Claim { printed: closed!(right_where_it_is_tried), ..CLAIM };
    let report = judge(&near, &[Engine::Exact]);
    let record = &report.claims[0];
    assert_eq!(record.findings[0].evidence.verdict, Verdict::Agrees);
    assert_eq!(record.verdict, Verdict::Differs);
    let proofs = &record.findings[0].proofs.printed;
    assert!(!proofs.is_empty() && proofs.iter().all(|line| line.verdict == Verdict::Differs));
}

/// What holds in one dimension is proved, and in more at least tested at random.
#[test]
fn what_agrees_is_proved_in_one_dimension() {
    let report = judge(&CLAIM, &[Engine::Exact]);
    let proofs = &report.claims[0].findings[0].proofs.printed;
    assert_eq!(proofs.iter().map(|line| line.family.dimension).collect::<Vec<_>>(), [1, 2, 3, 2, 3]);
    let proved = |line: &&verify::Line| line.strength == verify::Strength::Proved;
    assert_eq!(proofs.iter().filter(proved).count(), 3);
    assert!(proofs.iter().all(|line| line.verdict == Verdict::Agrees));
}

#[test]
fn a_refuted_claim_needs_a_correction_and_gets_a_counterexample() {
    let wrong = Claim { printed: CLAIM.rival.form, rival: Rival { name: "none", form: CLAIM.printed }, ..CLAIM };
    let report = judge(&wrong, &[Engine::Exact]);
    assert!(report.claims[0].counterexample.as_ref().is_some_and(|c| c.contains("A = ")), "no counterexample");
    assert!(report.failures().iter().any(|f| f.contains("no correction")), "{:?}", report.failures());
    let corrected = Claim { correction: Some(CLAIM.printed), rival: Rival { name: "none", ..CLAIM.rival }, ..wrong };
    assert_eq!(judge(&corrected, &[Engine::Exact, Engine::Lyapunov]).failures(), Vec::<String>::new());
    let badly = Claim { correction: Some(CLAIM.rival.form), ..corrected };
    assert_ne!(judge(&badly, &[Engine::Exact]).failures(), Vec::<String>::new());
}

#[test]
fn a_rival_that_is_the_claim_slips_through() {
    for engine in Engine::ALL {
        let same = Claim { rival: Rival { name: "the claim itself", form: CLAIM.printed }, ..CLAIM };
        assert!(judge(&same, &[engine]).failures().iter().any(|f| f.contains("slipped through")), "{engine:?}");
    }
}

#[test]
fn hypotheses_that_contradict_each_other_leave_a_claim_vacuous() {
    const NEVER: Hypothesis = Hypothesis {
        name: "never",
        statement: "false",
        holds: Some(|_| false),
        impose: |setting, _| Ok(setting),
        narrow: |_| None,
        breaking: Breaking::Never("it always is"),
    };
    let vacuous = Claim { hypotheses: &[&GAUSSIAN_FEATURES, &NEVER, &STATIONARY], ..CLAIM };
    let report = judge(&vacuous, &Engine::ALL);
    assert_eq!(report.claims[0].verdict, Verdict::Vacuous);
    assert!(report.failures().iter().any(|f| f.contains("no instance")));
}

#[test]
fn a_strengthened_form_that_needs_what_it_drops_fails() {
    let strengthened = Strengthened {
        statement: "without Γ = 0",
        form: closed!(label_noise::fluctuation::printed),
        without: &[&NO_WEIGHT_DECAY],
    };
    let wrong = Claim { strengthened: Some(strengthened), ..CLAIM };
    for engine in Engine::ALL {
        assert!(judge(&wrong, &[engine]).failures().iter().any(|f| f.contains("without Γ")), "{engine:?}");
    }
}

#[test]
fn ablation_tells_needed_hypotheses_from_others() {
    let report = judge(&CLAIM, &[Engine::Exact]);
    for hypothesis in &report.claims[0].hypotheses {
        assert_eq!(hypothesis.needed, Some(true), "{}: {}", hypothesis.name, hypothesis.witness);
    }
}

#[test]
fn the_same_seed_gives_the_same_report() {
    let text = || {
        let report = judge(&CLAIM, &Engine::ALL);
        verify::snapshot::texts(&report.claims[0])
    };
    assert_eq!(text(), text());
}
