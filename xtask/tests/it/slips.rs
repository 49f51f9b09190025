//! `cargo xtask judge` finds twenty slips in a file of formulas, and mends most of them.
// Helpers of tests are tests too.
#![allow(clippy::unwrap_used)]

use serde_json::Value;

use crate::judge::judged;

const FILE: &str = include_str!("slips.toml");

/// Each slip in a text that has a meaning, and the change that takes it back.
const MENDED: [(&str, Option<&str>); 16] = [
    ("sign/label-noise-fluctuation", Some("+ for − before 1/S in (1−μ)/(1+μ) − 1/S, in the definition of G")),
    (
        "sign/stationary-equation",
        Some(
            "− for + before ((1+μ²)/(1−μ²)) ΛHΣHΛ in (1−μ)(ΛHΣ + ΣHΛ) + ((1+μ²)/(1−μ²)) ΛHΣHΛ + (μ/(1−μ²))(ΛHΛHΣ + \
             ΣHΛHΛ)",
        ),
    ),
    (
        "sign/input-noise-fluctuation",
        Some("− for + before (λ/S) Tr[KG⁻¹] in 1 + (λ/S) Tr[KG⁻¹], in the definition of κ"),
    ),
    ("sign/minibatch-noise", Some("− for + before (1/S) ∇L∇Lᵀ in (1/(SN)) ∑ᵢ ∇ℓᵢ∇ℓᵢᵀ + (1/S) ∇L∇Lᵀ")),
    ("order/stationary-equation", Some("order of H and Λ in HΛΛHΣ")),
    ("order/regularization-noise-given-fluctuation", Some("order of U and A' in ΓUA'A'Γ")),
    // A square is two changes away.
    ("order/label-noise-noise-given-fluctuation", None),
    ("factor/label-noise-train-loss", Some("right side over 2")),
    ("factor/label-noise-test-loss", Some("right side over 2")),
    ("factor/regularization-test-loss-in-one-dimension", Some("2 times λa²/S in k(2 − λk) − λa²/S")),
    ("factor/minibatch-noise-without-replacement", Some("− 1 behind N")),
    ("factor/second-order-damped-newton", Some("without 2 in 2λD")),
    ("factor/regularization-stability-in-one-dimension", Some("2 times a²/S in (a + γ)² + a²/S")),
    ("index/minibatch-noise-with-replacement", Some("∇ℓᵢ for ∇ℓⱼ in ∇ℓⱼᵀ")),
    ("index/input-noise-test-loss", Some("A for K in KG⁻¹")),
    ("sum/minibatch-noise-with-replacement", Some("a sum over ∇ℓᵢ∇ℓᵢᵀ in (1/N) ∇ℓᵢ∇ℓᵢᵀ")),
];

/// The message on each slip of units, in the order of the file.
const REFUSED: [&str; 4] = [
    "error: Σ has weight² and (1/S)(1 + κ/S) ΛG⁻¹ has feature⁻²",
    "error: Tr[AK⁻¹Γ²U]κ has weight² · feature⁶ and r has weight² · feature⁴",
    "error: 1 has no units and κ/S has feature²",
    "error: Σ has weight² and (1/(2S)) I has no units",
];

/// A slip of units has no value to judge: the file is refused, with the place of each. Without these, every slip is
/// refuted.
#[test]
fn twenty_slips_are_found_and_fifteen_are_mended() {
    let (code, said, told) = judged(FILE, &["--json", "-"]);
    assert_eq!((code, said.as_str()), (2, ""), "{told}");
    let errors = told.lines().filter(|line| line.starts_with("error: "));
    assert_eq!(Vec::from_iter(errors), REFUSED);
    assert_eq!(told.matches("mine.toml:").count(), REFUSED.len(), "{told}");

    let (with_meaning, without) = FILE.split_once("# A unit.\n").unwrap();
    assert_eq!(without.matches("[[claim]]").count(), REFUSED.len());
    let (code, said, told) = judged(with_meaning, &["--engine", "exact", "--json", "-"]);
    assert_eq!(code, 1, "{told}");
    let file: Value = serde_json::from_str(&said).unwrap();
    let found = file["claims"].as_array().unwrap().iter().map(|claim| {
        assert_eq!(claim["verdict"], "differs", "{claim}");
        let repairs = claim["repairs"].as_array().unwrap();
        assert!(repairs.len() <= 1, "{claim}");
        (claim["id"].as_str().unwrap(), repairs.first().map(|repair| repair["change"].as_str().unwrap()))
    });
    assert_eq!(Vec::from_iter(found), MENDED);
}
