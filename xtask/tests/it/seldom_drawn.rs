//! `cargo xtask judge` at formulas that hold in the simplest kind of settings that their hypotheses allow, and not in
//! all: a weight decay of either sign, or none, larger minibatches, momentum near 1, aligned data sets.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used)]

use crate::judge::judged;

/// Formulas with hypotheses, as they stand in a claim file.
fn file(claims: &[(&str, &str)]) -> String {
    let claims = claims.iter().enumerate().map(|(i, (formula, assume))| {
        format!("[[claim]]\nid = \"own/{i}\"\nformula = \"{formula}\"\nassume = [{assume}]\n")
    });
    claims.collect()
}

/// Asserts that each formula has the verdict, and returns what is said.
fn all_are(verdict: &str, claims: &[(&str, &str)]) -> String {
    let (_, said, told) = judged(&file(claims), &["--engine", "exact"]);
    let others = Vec::from_iter(said.split("\n\n").filter(|part| part.starts_with("own/")));
    let others = others.into_iter().filter(|part| !part.lines().next().unwrap().ends_with(&format!(": {verdict}")));
    assert_eq!(Vec::from_iter(others), Vec::<&str>::new(), "{told}");
    assert!(
        said.contains(&format!("\n{} claim{}: ", claims.len(), if claims.len() == 1 { "" } else { "s" })),
        "{said}"
    );
    said
}

const NEVER_NEGATIVE: &str = "\"data-set\", \"nonnegative-losses\"";
const GAUSSIAN: &str = "\"gaussian-features\", \"nonnegative-losses\", \"no-input-noise\"";
const ONE_WEIGHT: &str = "\"one-weight\", \"gaussian-features\", \"no-input-noise\", \"no-momentum\"";
const DECAY_AND_WEIGHTS: &str = "\"gaussian-features\", \"commuting-weight-decay\", \"true-weights-in-weight-decay\"";
const ALIGNED_DATA: &str = "\"data-set\", \"aligned-true-weights\", \"scalar-learning-rate\", \"no-momentum\"";

/// Losses are not negative for every Γ ⪰ 0, and not for Γ = 0 alone.
#[test]
fn nonnegative_losses_may_have_weight_decay() {
    let claims = [("Γ = 0", NEVER_NEGATIVE), ("L_train = L_test + σ²/2", GAUSSIAN)];
    let said = all_are("differs", &claims);
    assert!(!said.contains("proved"), "{said}");
    all_are("agrees", &[("L(w) ≥ 0", NEVER_NEGATIVE), ("Γ ⪰ 0", "\"nonnegative-losses\", \"one-weight\"")]);
}

/// Where A, Γ and uuᵀ commute, Γ need not be γI; and where Γ and uuᵀ do, B need not commute with Γ.
#[test]
fn true_weights_may_be_an_eigenvector_of_any_weight_decay() {
    let claims = [
        ("Γ = (Tr[Γ]/D) I", DECAY_AND_WEIGHTS),
        ("BΓ = ΓB", "\"gaussian-features\", \"true-weights-in-weight-decay\""),
        ("Γ = (Tr[Γ]/D) I", "\"gaussian-features\", \"true-weights-in-weight-decay\""),
    ];
    all_are("differs", &claims);
    all_are("agrees", &[("Γuuᵀ = uuᵀΓ", DECAY_AND_WEIGHTS), ("AΓuuᵀ = ΓAuuᵀ", DECAY_AND_WEIGHTS)]);
}

/// Γ may be negative up to where K is singular, and beyond for one minibatch.
#[test]
fn weight_decay_may_be_negative_and_indefinite() {
    let claims = [
        ("L_test ≤ L_train", ONE_WEIGHT),
        ("L_train ≥ 0", "\"gaussian-features\""),
        ("L(w) ≥ 0", "\"data-set\""),
        ("Γ ≻ 0 iff Tr[Γ] > 0", "\"gaussian-features\""),
    ];
    all_are("differs", &claims);
}

/// Without weight decay and without input noise, pseudoinverses are 0.
#[test]
fn matrices_that_may_vanish_have_no_inverse() {
    let claims = [
        ("ΓΓ⁺ = I", "\"gaussian-features\""),
        ("BB⁺ = I", "\"gaussian-features\""),
        ("ΓΓ⁺BB⁺ = I", "\"gaussian-features\", \"full-rank\""),
    ];
    all_are("differs", &claims);
    all_are("agrees", &[("ΓΓ⁺Γ = Γ", "\"gaussian-features\"")]);
}

/// The minimum of a Gaussian model may be aligned, and B is any matrix then.
#[test]
fn gaussian_features_may_have_an_aligned_minimum() {
    let claims = [("AB = BA", "\"aligned-minimum\""), ("w*uᵀ = uw*ᵀ", "\"aligned-minimum\"")];
    all_are("differs", &claims);
    all_are("agrees", &[("AΓ = ΓA", "\"aligned-minimum\", \"gaussian-features\"")]);
}

/// Data sets of several weights may have aligned true weights. The noise need not commute with A.
#[test]
fn a_data_set_may_be_aligned() {
    all_are("differs", &[("CA = AC", ALIGNED_DATA)]);
    let claims = [("Auuᵀ = uuᵀA", ALIGNED_DATA)];
    all_are("agrees", &claims);
}

/// More samples, larger minibatches and more momentum than in the draws that come first.
#[test]
fn counts_and_momentum_may_be_large() {
    let claims = [
        ("S ≤ 5", ""),
        ("N ≤ 5", "\"data-set\""),
        ("3/4 − μ > 0", ""),
        ("(9/10 − μ)₊ = 9/10 − μ", ""),
        ("C(w) = (1/S)((1/N) ∑ᵢ ∇ℓᵢ∇ℓᵢᵀ − ∇L∇Lᵀ)(1 + (S − 1)(S − 2)(S − 3))", "\"data-set\", \"with-replacement\""),
        ("Tr[C(w)] = Tr[C(w)](1 + (N−1)(N−2)(N−3)(N−4)(N−5)(N−6)(N−7))", "\"data-set\""),
    ];
    all_are("differs", &claims);
}

/// What holds without weight decay, and with any Γ ⪰ 0, may fail with a negative one: so it needs Γ = 0, or says more.
#[test]
fn a_form_without_the_hypothesis_of_no_weight_decay_is_tried_with_a_negative_one() {
    let assume = "\"input-noise\", \"no-weight-decay\", \"invertible-hessian\", \"stationary\"";
    for (formula, verdict) in [("L_test ≤ L_train", "differs"), ("L_test ≤ L_train − ½ E[wᵀΓw]", "agrees")] {
        let strengthened = format!("strengthened = {{ formula = \"{formula}\", without = [\"no-weight-decay\"] }}\n");
        let claim = file(&[("L_test ≤ L_train", assume)]) + &strengthened;
        let (_, said, told) = judged(&claim, &["--engine", "exact"]);
        assert!(said.contains(&format!("with fewer hypotheses: {formula}\n    exact {verdict}")), "{said}{told}");
        assert!(said.contains("needs: Γ = 0; "), "{said}");
    }
}
