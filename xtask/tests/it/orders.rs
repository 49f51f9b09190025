//! `cargo xtask judge` at formulas that an order decides: of matrices, of eigenvalues, of an error.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used)]

use crate::judge::judged;

/// A file of claims with formulas and hypotheses.
fn claims(of: &[(&str, &str)]) -> String {
    let one = |(i, (formula, assume)): (usize, &(&str, &str))| {
        let assume = assume.split(", ").filter(|name| !name.is_empty()).map(|name| format!("\"{name}\""));
        let assume = Vec::from_iter(assume).join(", ");
        format!("[[claim]]\nid = \"order/{i}\"\nformula = \"{formula}\"\nassume = [{assume}]\n")
    };
    of.iter().enumerate().map(one).collect()
}

/// Judges by one engine, and asks for the summary.
fn expect(of: &[(&str, &str)], engine: &str, summary: &str) -> String {
    let (_, said, told) = judged(&claims(of), &["--engine", engine]);
    assert!(said.contains(&format!("\n{summary};")), "{said}{told}");
    said
}

const SEMIDEFINITE: [(&str, &str); 6] = [
    ("Σ ⪰ 0", ""),
    ("C ⪰ 0", ""),
    ("Λ ⪰ 0", ""),
    ("A ⪯ Tr[A] I", ""),
    ("U ⪯ (uᵀu) I", "gaussian features"),
    ("2A ⪰ A", ""),
];

#[test]
fn matrices_are_compared_by_eigenvalues_and_not_by_entries() {
    for engine in ["exact", "lyapunov"] {
        expect(&SEMIDEFINITE, engine, "6 claims: 6 agrees");
    }
}

#[test]
fn a_matrix_that_is_not_definite_is_no_witness() {
    let of = [("Λ ≺ 0 somewhere", ""), ("U ≻ (uᵀu) I somewhere", "gaussian features")];
    expect(&of, "exact", "2 claims: 2 undecided");
    let of = [("A ≻ B somewhere", "gaussian features"), ("U ⪰ (uᵀu) I somewhere", "gaussian features")];
    expect(&of, "exact", "2 claims: 2 agrees");
    expect(
        &[("A ⪯ B", "gaussian features"), ("A ≻ A", ""), ("U ≺ (uᵀu) I", "gaussian features")],
        "exact",
        "3 claims: 3 differs",
    );
}

#[test]
fn eigenvalues_of_one_index_need_a_common_basis() {
    for (formula, assume, name) in [
        ("Tr[AΓ] = ∑ᵢ aᵢγᵢ", "", "commuting weight decay"),
        ("Tr[AB] = ∑ᵢ aᵢbᵢ", "gaussian features", "commuting input noise"),
        ("Tr[AΛ] = ∑ᵢ aᵢλᵢ", "", "commuting learning rate"),
        ("Tr[AK] = ∑ᵢ aᵢkᵢ", "gaussian features", "commuting input noise"),
        ("Tr[A] = ∑ᵢ (aᵢ + γᵢ)²/(aᵢ + γᵢ)", "", "commuting weight decay"),
    ] {
        let (code, said, told) = judged(&claims(&[(formula, assume)]), &["--engine", "exact"]);
        assert_eq!(code, 2, "{said}{told}");
        assert!(told.contains("need not commute") && told.contains(&format!("assume \"{name}\"")), "{said}{told}");
    }
    let of = [
        ("Tr[AΓ] = ∑ᵢ aᵢγᵢ", "commuting weight decay"),
        ("Tr[AB] = ∑ᵢ aᵢbᵢ", "gaussian features, commuting input noise"),
        ("Tr[A²] = ∑ᵢ aᵢkᵢ", "gaussian features, no weight decay, no input noise"),
        ("Tr[A] + Tr[Γ] = ∑ᵢ (aᵢ + γᵢ)", ""),
        ("Tr[A] Tr[Γ] = ∑ᵢ ∑ⱼ aᵢγⱼ", ""),
    ];
    let said = expect(&of, "exact", "5 claims: 5 agrees");
    assert!(said.contains("has no meaning") && !said.contains("does not need [A, Γ] = 0"), "{said}");
    let needed = Vec::from_iter(said.lines().filter(|line| line.starts_with("  needs: ")));
    assert!(needed.iter().all(|line| !line.contains("Γ] = 0") && !line.contains("Γ = 0")), "{said}");
}

const ONE: &str = "one weight, gaussian features, no weight decay, no input noise, no momentum";

#[test]
fn a_better_approximation_satisfies_a_claim() {
    let of = [
        ("L_test = σ²λa/(4S) + O(λ)", ONE),
        ("L_test ≈ (σ²λa/(4S))(1 + λa(S + 2)/(2S)), λ → 0", ONE),
        ("L_test = σ²λa/(4S) + O(λ²)", ONE),
    ];
    expect(&of, "exact", "3 claims: 3 agrees");
}

#[test]
fn a_small_error_of_too_low_an_order_refutes() {
    let of = [("L_test = σ²λa/(4S) + σ²λa/1000000 + O(λ²)", ONE), ("L_test ≈ (σ²λa/(4S))(1 + 1/10000), λ → 0", ONE)];
    expect(&of, "exact", "2 claims: 2 differs");
}

/// Halving σ² leaves a data set as it is.
#[test]
fn a_path_that_changes_nothing_decides_nothing() {
    expect(&[("Σ → 0, σ² → 0", "data set, no weight decay")], "exact", "1 claim: 1 undecided");
}

#[test]
fn an_existence_is_decided_by_any_witness_and_by_nothing_else() {
    let of =
        [("L_test > 3L_train somewhere", "one weight, gaussian features, no input noise"), ("S > 50 somewhere", "")];
    expect(&of, "exact", "2 claims: 1 agrees, 1 undecided");
}

#[test]
fn a_pseudoinverse_is_no_inverse_where_there_is_nothing() {
    expect(&[("ΓΓ⁺ = I", ""), ("BB⁺ = I", "gaussian features")], "exact", "2 claims: 2 differs");
    expect(&[("ΓΓ⁺Γ = Γ", "")], "exact", "1 claim: 1 agrees");
}

const WITHOUT_REST: &str = "gaussian features, no weight decay, no input noise, no momentum";

/// The edge of equal eigenvalues is 2S/(S + 1 + D).
#[test]
fn conditions_fail_at_many_draws_or_many_weights() {
    let one = format!("one weight, {WITHOUT_REST}");
    let scalar = format!("scalar learning rate, {WITHOUT_REST}");
    let of = [
        ("stationary only if 3/2 − λa > 0", one.as_str()),
        ("stationary only if S − λTr[A] > 0", &scalar),
        ("stationary if 2I − λK ≻ 0", "scalar learning rate, gaussian features, no momentum"),
        ("stationary in mean iff 2(1+μ)Λ⁻¹ − K ≻ 0", ""),
    ];
    let said = expect(&of, "exact", "4 claims: 4 differs");
    assert!(!said.contains("2I − 2λK ≻ 1") && !said.contains("2(2(1 + μ)Λ⁻¹"), "{said}");
}
