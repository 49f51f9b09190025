//! What is read inside a sentence.

use notation::Spelling;
use notation::tree::{Limit, Passage, Remainder};

fn read(text: &str) -> Passage {
    crate::passage(text).unwrap_or_else(|mistake| panic!("{}", mistake.render(&[text], None)))
}

#[test]
fn a_passage_is_a_limit_a_remainder_an_expression_or_a_claim() {
    assert_eq!(read("λ → 0"), Passage::Limit(Limit::LearningRate));
    assert_eq!(read("S -> inf"), Passage::Limit(Limit::BatchSize));
    assert_eq!(read("O(λ²)"), Passage::Remainder(Remainder { limit: Limit::LearningRate, order: 2 }));
    for text in ["Λ", "G⁻¹Λ", "− ∇L∇Lᵀ", "∇ℓᵢ∇ℓᵢᵀ", "2S/(aλ) − S", "½ E[wᵀΓw]"] {
        assert!(matches!(read(text), Passage::Expr(_)), "{text}");
    }
    for text in ["κ = 1", "L_test → 0, λ → 0", "aᵢ > 0", "β < 2S/(aλ) + 1", "Σ = zA⁻¹, z = 2", "p H⊗H = H⊗H"]
    {
        assert!(matches!(read(text), Passage::Claim(_)), "{text}");
    }
}

#[test]
fn a_passage_is_read_again_in_every_spelling() {
    for text in ["λ → 0", "|L₀ − ℓᵢ| → 0", "O(S⁻²)", "ΛG⁻¹", "∑ᵢ xᵢxᵢᵀ", "Λ ≻ 0", "C(w*) = 0", "∇Linfif", "∇L·i n"]
    {
        for spelling in [Spelling::Unicode, Spelling::Ascii, Spelling::Latex] {
            let written = read(text).written(spelling);
            assert_eq!(read(&written), read(text), "{written}");
        }
    }
}

#[test]
fn what_is_no_formula_is_told() {
    for text in ["", "x ~ N(0, A)", "D → ∞", "O(κ)", "o(L)", "[A, Γ] = 0", "2 +", "0 ≤", "where κ = 1"] {
        assert!(crate::passage(text).is_err(), "{text}");
    }
}
