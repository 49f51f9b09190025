//! `cargo xtask judge` at formulas that are false at few settings: a singular A, next to the edge of stability.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used)]

use crate::judge::judged;

/// False formulas that hold wherever steps are small and features independent. Each fails in a way of its own: at a
/// singular A, next to the edge of stability, at losses of both signs.
const RARELY_FALSE: &str = r#"
definitions = ["G = 2I − (1 + 1/S) ΛA", "t = Tr[ΛAG⁻¹]", "κ = t/(1 − t/S)"]

[[claim]]
id = "missed/inverse-of-features"
formula = "A⁺A = I"

[[claim]]
id = "missed/null-space-of-data"
formula = "(I − H₀⁺H₀)Σ = 0"
assume = ["data-set", "no-weight-decay"]

[[claim]]
id = "missed/isotropic-of-one-weight"
formula = "L_train(2 − (1 + 1/S)λ) ≤ σ²"
assume = ["gaussian-features", "no-weight-decay", "no-input-noise", "damped-newton", "no-momentum", "one-weight", "stationary"]

[[claim]]
id = "missed/leading-enhancement"
formula = "(1 + κ/S)(2 − (1 + 1/S)λ) > 2 iff S < D"
assume = ["gaussian-features", "no-weight-decay", "no-input-noise", "damped-newton", "no-momentum", "stationary"]

[[claim]]
id = "missed/spread-of-losses"
formula = "(1/N) ∑ᵢ (ℓᵢ − L)² ≤ (N − 1)L²"
assume = ["data-set"]
"#;

#[test]
fn a_formula_that_rarely_fails_is_refuted() {
    let (code, said, told) = judged(RARELY_FALSE, &["--engine", "exact"]);
    assert_eq!(code, 1, "{said}{told}");
    assert!(said.contains("\n5 claims: 5 differs;") && !said.contains("nearest formula"), "{said}");
    assert!(said.contains("A⁺A = 0, claimed 1") && !said.contains("proved"), "{said}");
}

#[test]
fn what_holds_next_to_formulas_that_rarely_fail_agrees() {
    let head = RARELY_FALSE.split("[[claim]]").next().unwrap();
    let newton = "\"gaussian-features\", \"no-weight-decay\", \"no-input-noise\", \"damped-newton\", \"no-momentum\", \"stationary\"";
    let claims = [
        ("A⁺A = I", "\"full-rank\""),
        ("AA⁺A = A", ""),
        ("(1 + κ/S)(2 − (1 + 1/S)λ) > 2 iff (S + 1)²λ > 2S(S + 1 − D)", newton),
        ("(1/N) ∑ᵢ (ℓᵢ − L)² ≤ (N − 1)L²", "\"data-set\", \"nonnegative-losses\""),
    ];
    let claims = claims.iter().enumerate().map(|(i, (formula, assume))| {
        format!("[[claim]]\nid = \"right/{i}\"\nformula = \"{formula}\"\nassume = [{assume}]\n")
    });
    let (_, said, told) = judged(&format!("{head}{}", claims.collect::<String>()), &["--engine", "exact"]);
    assert!(said.contains("\n4 claims: 4 agrees;"), "{said}{told}");
    // M⁺ jumps where the rank of M falls, so that a grid of others proves nothing there.
    let of = |id: &str| said.split("\n\n").find(|part| part.starts_with(id)).unwrap().contains("proved");
    assert!(of("right/0") && !of("right/1"), "{said}");
}

/// The smallest setting of one weight at which the bound fails has λ > 2/3, where nothing is stationary.
#[test]
fn a_counterexample_satisfies_hypotheses_that_only_an_engine_can_tell() {
    let bound = "(1 + κ/S)(2 − (1 + 1/S)λ) > 2";
    let file = RARELY_FALSE.replace(" iff S < D", "");
    let (_, said, told) = judged(&file, &["--engine", "exact"]);
    let of = said.split("\n\n").find(|part| part.contains(&format!("  {bound}\n"))).unwrap();
    let at = of.lines().find(|line| line.starts_with("  at A = ")).unwrap();
    let value = |name: &str| {
        let text = at.split(&format!("{name} = ")).nth(1).unwrap().split([',', ':']).next().unwrap();
        let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
        numerator.parse::<f64>().unwrap() / denominator.parse::<f64>().unwrap()
    };
    let (S, LA) = (value("S"), value("A") * value("Λ"));
    assert!(LA < 2.0 * S / (S + 2.0), "{of}{told}");
}

/// w₀ is no part of the stationary state, and no hypothesis need put it at w*.
#[test]
fn equal_residuals_at_the_minimum_are_there_for_the_stationary_state() {
    let claim = |i: u32, formula: &str, assume: &str| {
        format!(
            "[[claim]]\nid = \"own/{i}\"\nformula = \"{formula}\"\ndefinitions = [\"eᵢ = xᵢᵀw* − yᵢ\"]\nassume = \
             [\"data-set\", \"with-replacement\", {assume}]\n"
        )
    };
    let plain = "2L₀(w*)H₀ = (1/N) ∑ᵢ eᵢ² xᵢxᵢᵀ";
    let with_noise = "2L₀(w*)H₀ + C = (1/N) ∑ᵢ eᵢ² xᵢxᵢᵀ + C";
    let file = [
        claim(0, plain, "\"equal-residuals-at-minimum\", \"at-minimum\""),
        claim(1, with_noise, "\"equal-residuals-at-minimum\", \"stationary\""),
        claim(2, with_noise, "\"equal-residuals-at-minimum\", \"stationary\", \"no-weight-decay\""),
        claim(3, with_noise, "\"no-weight-decay\", \"equal-residuals-at-minimum\", \"stationary\""),
    ];
    let (_, said, told) = judged(&file.concat(), &["--engine", "exact"]);
    assert!(said.contains("\n4 claims: 4 agrees;"), "{said}{told}");
}
