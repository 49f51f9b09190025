//! Changes of edges, of indices and sums, and factors that units ask for, in texts as they are written.

use notation::Spelling::Unicode;
use notation::tree::{Name, Text};
use notation::{Commuting, Context, LearningRate, Weights};
use rivals::{Operator, missing, mutants, repairs};

fn read(statement: &str, definitions: &[&str]) -> Text {
    reader::text(&[statement], definitions).expect("a well-formed text")
}

fn none(_: &Name) -> Vec<Name> {
    Vec::new()
}

/// What is changed by an operator, in the order of the text.
fn changes(text: &Text, operator: Operator) -> Vec<String> {
    changes_in(&Context::default(), text, operator)
}

fn changes_in(context: &Context, text: &Text, operator: Operator) -> Vec<String> {
    let mutants = mutants(text, context, &none).into_iter().filter(|mutant| mutant.operator == operator);
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
    let written = |mutant: rivals::Mutant| mutant.text.written(Unicode);
    let without = mutants(&noise, &Context::default(), &none)
        .into_iter()
        .find(|mutant| mutant.change == "∑ᵢ ∇ℓᵢ∇ℓᵢᵀ without its sum");
    assert_eq!(without.map(written).as_deref(), Some("C(w) = (1/N)(∇ℓᵢ∇ℓᵢᵀ)"));
    // By any other letter it would say the same; of pairs it would not.
    assert!(changes(&read("E[sᵢ] = S/N", &[]), Operator::Index).is_empty());
    assert_eq!(changes(&read("E[sᵢsⱼ] = 0", &[]), Operator::Index).len(), 2);
    // A sum, and an index, come back.
    for slip in ["C(w) = (1/N) ∇ℓᵢ∇ℓᵢᵀ", "C(w) = (1/N) ∑ᵢ ∇ℓᵢ∇ℓⱼᵀ"] {
        let slip = read(slip, &[]);
        assert!(
            repairs(&slip, &Context::default(), &none, &[]).any(|mutant| written(mutant) == "C(w) = (1/N) ∑ᵢ ∇ℓᵢ∇ℓᵢᵀ"),
            "{slip:?}"
        );
    }
}

/// In Tr[AK⁻²Γ²U] the first three commute, and U, which commutes with none, may as well stand before them.
#[test]
fn factors_that_commute_stay_in_their_order() {
    let orders = |context: &Context, statement: &str, definitions: &[&str]| {
        changes_in(context, &read(statement, definitions), Operator::Order)
    };
    let any = Context::default();
    let plain = Context { no_weight_decay: true, no_input_noise: true, ..any };
    let commuting = |commuting| Context { commuting, ..plain };
    let rate = commuting(Commuting { learning_rate: true, ..Commuting::default() });
    let fluctuation = |context| orders(context, "Σ = ΛG⁻¹", &["G = 2I − (1/S) ΛK"]);
    assert_eq!(
        fluctuation(&any),
        ["order of Λ and G⁻¹ in ΛG⁻¹", "order of Λ and K in (1/S) ΛK, in the definition of G"]
    );
    assert_eq!(fluctuation(&plain), fluctuation(&any));
    assert!(fluctuation(&rate).is_empty());
    // With input noise K is not A.
    assert_eq!(fluctuation(&Context { no_input_noise: false, ..rate }), fluctuation(&any));
    let decay =
        Context { no_weight_decay: false, ..commuting(Commuting { weight_decay: true, ..Commuting::default() }) };
    assert_eq!(orders(&decay, "Σ = AK⁻²Γ²U", &[]), ["order of Γ² and U in AK⁻²Γ²U"]);
    assert!(orders(&decay, "L_test = Tr[AK⁻²Γ²U]", &[]).is_empty());
    assert_eq!(orders(&decay, "L_test = Tr[AK⁻²UΓ²Λ]", &[]).len(), 3);
    // A trace is cyclic; with one weight nothing has an order.
    assert!(orders(&any, "L_test = Tr[AΣ]", &[]).is_empty());
    assert_eq!(orders(&any, "Σ = AU", &[]).len(), 1);
    assert!(orders(&Context { weights: Weights::One, ..any }, "Σ = AU", &[]).is_empty());
    // What solves an equation, and what defines itself, may be anything.
    assert_eq!(orders(&rate, "Σ = AX", &["X solves AX + XA = I"]).len(), 1 + 2);
    assert_eq!(orders(&rate, "Σ = AM", &["M = AM"]), Vec::<String>::new());
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
    // Of damped Newton steps λ has no units.
    let newton = Context { learning_rate: LearningRate::Newton, ..context };
    assert_eq!(of("Σ(2 − λ − 1/S) = (λσ²/S) A⁻¹", &newton), ["λ"]);
    assert!(of("Σ = (σ²/S) A⁻¹", &newton).is_empty());
    let slip = read("Σ = (1/(2S)) I", &[]);
    let factors = missing(&slip, &context);
    let mended =
        repairs(&slip, &context, &none, &factors).any(|mutant| mutant.text.written(Unicode) == "Σ = (σ²λ)(1/(2S)) I");
    assert!(mended);
}
