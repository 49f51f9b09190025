//! Changes of edges, of indices and sums, and factors that units ask for, in texts as they are written.

use formula::Spelling::Unicode;
use formula::tree::{Name, Text};
use formula::{Context, LearningRate, Operator, missing, mutants, repairs};

fn read(statement: &str, definitions: &[&str]) -> Text {
    Text::read(&[statement], definitions).expect("a well-formed text")
}

fn none(_: &Name) -> Vec<Name> {
    Vec::new()
}

/// What is changed by an operator, in the order of the text.
fn changes(text: &Text, operator: Operator) -> Vec<String> {
    let mutants = mutants(text, &none).into_iter().filter(|mutant| mutant.operator == operator);
    mutants.map(|mutant| mutant.change).collect()
}

#[test]
fn an_edge_is_taken_in_or_left_out() {
    let relations = |statement: &str| changes(&read(statement, &[]), Operator::Relation);
    assert_eq!(
        relations("A ⪰ 0 iff K ≻ 0 and S > 1"),
        [
            "A ⪯ 0 for A ⪰ 0",
            "A ≻ 0 for A ⪰ 0",
            "K ≺ 0 for K ≻ 0",
            "K ⪰ 0 for K ≻ 0",
            "S < 1 for S > 1",
            "S ≥ 1 for S > 1",
        ]
    );
    assert_eq!(
        relations("L_test ≤ L_train"),
        ["L_test ≥ L_train for L_test ≤ L_train", "L_test < L_train for L_test ≤ L_train"]
    );
    // Nothing is stationary at the edge, so that both mean the same.
    assert_eq!(relations("stationary iff K ≻ 0"), ["K ≺ 0 for K ≻ 0"]);
}

#[test]
fn an_index_is_the_other_one() {
    let noise = read("C(w) = (1/N) ∑ᵢ ∇ℓᵢ∇ℓᵢᵀ", &[]);
    assert_eq!(changes(&noise, Operator::Index), ["∇ℓⱼ for ∇ℓᵢ in ∇ℓᵢ∇ℓᵢᵀ", "∇ℓⱼ for ∇ℓᵢ in ∇ℓᵢᵀ"]);
    let written = |mutant: formula::Mutant| mutant.text.written(Unicode);
    let without = mutants(&noise, &none).into_iter().find(|mutant| mutant.change == "∑ᵢ ∇ℓᵢ∇ℓᵢᵀ without its sum");
    assert_eq!(without.map(written).as_deref(), Some("C(w) = (1/N)(∇ℓᵢ∇ℓᵢᵀ)"));
    // By any other letter it would say the same; of pairs it would not.
    assert!(changes(&read("E[sᵢ] = S/N", &[]), Operator::Index).is_empty());
    assert_eq!(changes(&read("E[sᵢsⱼ] = 0", &[]), Operator::Index).len(), 2);
    // A sum, and an index, come back.
    for slip in ["C(w) = (1/N) ∇ℓᵢ∇ℓᵢᵀ", "C(w) = (1/N) ∑ᵢ ∇ℓᵢ∇ℓⱼᵀ"] {
        let slip = read(slip, &[]);
        assert!(repairs(&slip, &none, &[]).any(|mutant| written(mutant) == "C(w) = (1/N) ∑ᵢ ∇ℓᵢ∇ℓᵢᵀ"), "{slip:?}");
    }
}

#[test]
fn units_tell_which_factor_is_missing() {
    let context = Context { learning_rate: LearningRate::Scalar, ..Context::default() };
    let of = |statement: &str, context: &Context| {
        let missing = missing(&read(statement, &[]), context);
        Vec::from_iter(missing.iter().map(|factor| factor.written(Unicode)))
    };
    // Σ has the units weight², which no scalar has, but a product of two.
    assert_eq!(of("Σ = (1/(2S)) I", &context), ["σ²λ", "U", "Σ"]);
    assert_eq!(of("L_train = ½ Tr[A]", &context)[0], "σ²λ");
    assert_eq!(of("Σ = (σ²/(2S)) I", &context), ["λ", "Λ", "A", "B", "Γ", "K", "H₀"]);
    // Where units fit, or do not show it, nothing else can be missing.
    assert!(of("Σ = (λσ²/(2S)) I", &context).is_empty());
    assert_eq!(of("Σ = (λ/(2S)) I", &Context { natural_units: true, ..context }), ["σ²"]);
    let slip = read("Σ = (1/(2S)) I", &[]);
    let factors = missing(&slip, &context);
    let mended = repairs(&slip, &none, &factors).any(|mutant| mutant.text.written(Unicode) == "Σ = (σ²λ)(1/(2S)) I");
    assert!(mended);
}
