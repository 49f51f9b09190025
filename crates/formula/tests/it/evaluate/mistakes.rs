//! What is said about texts that mean nothing.

use formula::Formula;
use notation::{Context, LearningRate};

fn said(statement: &str, definitions: &[&str], context: &Context) -> Vec<(String, Option<String>, usize, usize)> {
    let text = reader::text(&[statement], definitions).unwrap();
    match Formula::new(text, context) {
        Ok(_) => Vec::new(),
        Err(mistakes) => Vec::from_iter(mistakes.into_iter().map(|mistake| {
            let place = mistake.place;
            (mistake.message, mistake.help, place.start, place.end)
        })),
    }
}

/// The first mistake and its advice.
#[track_caller]
fn says(statement: &str, definitions: &[&str], message: &str, help: &str) {
    let found = said(statement, definitions, &Context::default());
    let (first, advice, ..) = found.first().unwrap_or_else(|| panic!("{statement} is no mistake"));
    assert_eq!((first.as_str(), advice.as_deref().unwrap_or("")), (message, help), "{found:?}");
}

#[test]
fn an_unknown_name_is_told_with_the_nearest_ones() {
    says("Σ = (1 + τ/S) Λ", &[], "τ is no symbol, and no definition gives it", "add \"τ = …\"");
    says(
        "L_test = L_trian",
        &[],
        "L_trian is no symbol, and no definition gives it",
        "nearest: L_train; add \"L_trian = …\"",
    );
    says(
        "Σ = (η/S) Λ",
        &[],
        "η is no symbol, and no definition gives it",
        "add \"η = …\", or at the head of the file notation = { \"η\" = \"λ\" } if it is λ",
    );
    says(
        "Σ = A'",
        &[],
        "A' is no symbol, and no definition gives it; a prime is a part of the name, and a transpose is ᵀ",
        "nearest: A; add \"A' = …\"",
    );
}

#[test]
fn shapes_that_do_not_fit_are_told() {
    says("Σ = σ²/S + Λ", &[], "σ²/S is a scalar and Λ a D×D matrix", "times I?");
    says("Σ = Tr[A] − A", &[], "Tr[A] is a scalar and A a D×D matrix", "times I?");
    // A side that is found stays what it is.
    says("Σ = σ²/S", &[], "Σ is a D×D matrix and σ²/S a scalar", "times I?");
    says("σ²/S = Σ", &[], "σ²/S is a scalar and Σ a D×D matrix", "times I?");
    says("L_test = AΛ", &[], "L_test is a scalar and AΛ a D×D matrix", "Tr[…]?");
    says("AΛ = L_test", &[], "AΛ is a D×D matrix and L_test a scalar", "Tr[…]?");
    says("L_test < AΛ", &[], "L_test is a scalar and AΛ a D×D matrix", "Tr[…]?");
    says("L_test = Tr[A] − A", &[], "Tr[A] is a scalar and A a D×D matrix", "times I?");
    says("stationary iff S/σ² ≻ Λ", &[], "S/σ² is a scalar and Λ a D×D matrix", "times I?");
    says(
        "Σ = σ²Λ/(SG)",
        &["G = 2I − ΛA"],
        "SG is a D×D matrix, and below `/` stand scalars",
        "(SG)⁻¹ on the left or on the right?",
    );
    says("Σ = u w*", &[], "u is a vector and w* a vector", "the columns of the one must be the rows of the other; ᵀ?");
}

#[test]
fn units_that_do_not_fit_are_told() {
    let scalar = Context { learning_rate: LearningRate::Scalar, ..Context::default() };
    let message = |statement: &str, context: &Context| said(statement, &["κ = S"], context)[0].0.clone();
    assert_eq!(message("Σ = σ²(κ/S + λ)Λ", &scalar), "κ/S has no units and λ has feature⁻²");
    assert_eq!(message("Σ = κσ²I/S", &scalar), "Σ has weight² and κσ²I/S has weight² · feature²");
    // Where weight · feature = 1, a learning rate is a fluctuation.
    assert_eq!(message("Σ = κΛ", &scalar), "Σ has weight² and κΛ has feature⁻²");
    let natural = Context { natural_units: true, ..scalar };
    assert!(said("Σ = κΛ", &["κ = S"], &natural).is_empty());
}

#[test]
fn places_are_those_of_the_text() {
    let text = "Σ = (1 + τ/S) Λ";
    let found = said(text, &[], &Context::default());
    assert_eq!(&text[found[0].2..found[0].3], "τ");
}

#[test]
fn what_a_context_must_give_is_told() {
    says("Σ = (λσ²/(2S)) I", &[], "λ has a meaning where Λ = λI", "assume \"scalar learning rate\", or write Λ");
    let scalar = Context { learning_rate: LearningRate::Scalar, ..Context::default() };
    assert!(said("Σ = (λσ²/(2S)) I", &[], &scalar).is_empty());
    says("C(w) = (1/N) ∑ᵢ ∇ℓᵢ∇ℓᵢᵀ", &[], "samples are counted where there is a data set", "assume \"data set\"");
}

#[test]
fn definitions_go_in_no_circle_and_are_used() {
    says(
        "Σ = κΛ",
        &["κ = τ/(1 − κ/S)", "τ = σ²"],
        "κ is defined by itself",
        "for a linear equation write \"X solves … = …\"",
    );
    says("Σ = σ²Λ", &["κ = 1"], "κ is defined and not used", "use it, or leave it out");
    says(
        "Σ = σ²K",
        &["K = Λ"],
        "K is a symbol of the notation and cannot be defined",
        "K = A + B + Γ is the Hessian of the full loss. Leave the definition out if it says so, or choose another name.",
    );
    // A small letter may be defined anew.
    let text = reader::text(&["Σ = λΛ"], &["λ = σ²"]).unwrap();
    let formula = Formula::new(text, &Context::default()).unwrap();
    assert_eq!(Vec::from_iter(formula.redefined().map(|name| name.as_str())), ["λ"]);
    // In any order.
    assert!(said("Σ = σ²τΛ", &["τ = κ", "κ = 1/S"], &Context::default()).is_empty());
}

#[test]
fn w_is_either_given_or_random() {
    says("ΣA + AΣ = C(w)", &[], "C(w) depends on w, which is random in the stationary state", "C(w*) or E[C]?");
    says("Σ = (2L₀/S) Λ", &[], "L₀ depends on w, which is random in the stationary state", "L₀(w*) or E[L₀]?");
    says("L_test = L₀(w)", &[], "L₀(w) depends on w, which is random in the stationary state", "L₀(w*) or E[L₀]?");
    says("Σ = wwᵀ", &[], "w is random in the stationary state", "w* or E[w]?");
    says("E[m] = ∇L", &[], "m belongs to the stationary state, and here w is given", "put w under E[·], too");
    assert!(said("Σ = L₀(w*) Λ/S", &[], &Context::default()).is_empty());
}

#[test]
fn shared_definitions_may_stay_unused() {
    let shared = reader::text(&["A = A"], &["κ = 1/S", "τ = κ", "G = A"]).unwrap().definitions;
    let text = reader::text(&["Σ = σ²τΛ"], &["κ = 2/S"]).unwrap();
    let formula = Formula::with_shared(text, &shared, &Context::default()).unwrap();
    let heads = formula.text().definitions.iter().map(|definition| definition.written(notation::Spelling::Unicode));
    assert_eq!(Vec::from_iter(heads), ["κ = 2/S", "τ = κ"]);
}

#[test]
fn alternatives_have_the_shape_and_the_units() {
    let text = reader::text(&["Σ = (σ²/S)(1 + κ/S) ΛG⁻¹"], &["κ = μ", "G = I"]).unwrap();
    let formula = Formula::new(text, &Context::default()).unwrap();
    let names = |name: &str| {
        let found = formula.alternatives(&notation::tree::Name(name.into()));
        Vec::from_iter(found.into_iter().map(|name| name.0))
    };
    assert_eq!(names("κ"), ["μ", "S", "D"]);
    assert_eq!(names("μ"), ["S", "D", "κ"]);
    assert_eq!(names("Λ"), [""; 0]);
    assert_eq!(names("G"), ["I"]);
    assert_eq!(names("aᵢ"), ["bᵢ", "γᵢ", "kᵢ", "hᵢ"]);
}

#[test]
fn long_texts_and_deep_ones_are_mistakes_at_most() {
    let deep = (0..400).map(|i| format!("q_{{{i}a}}"));
    let definitions = Vec::from_iter(deep.clone().zip(deep.skip(1)).map(|(x, y)| format!("{x} = {y} + {y}")));
    let definitions = Vec::from_iter(definitions.iter().map(String::as_str));
    let Ok(text) = reader::text(&["μ = E[q_{0a}]"], &definitions) else { return };
    assert!(Formula::new(text, &Context::default()).is_err());
}

/// Exact numbers grow with every factor: no tower of powers is begun.
#[test]
fn what_would_never_end_is_refused() {
    let names = "abcdefghijkpqt";
    let chain = |last: &str, next: fn(&str) -> String| {
        let pairs = names.chars().zip(names.chars().skip(1));
        let mut chain = Vec::from_iter(pairs.map(|(x, y)| format!("{x}' = {}", next(&format!("{y}'")))));
        chain.push(format!("t' = {last}"));
        chain
    };
    let products = chain("S", |y| format!("{y}{y}{y}"));
    let sums = chain("1/S", |y| format!("1/(1 + {y}) + 1/(2 + {y}) + {y}"));
    for (statement, definitions) in [
        ("Σ = ((((2^64)^64)^64)^64) σ²Λ", vec![]),
        ("Σ = ((S^64)^64)^-64 Λ", vec![]),
        ("Σ = (((Λ^-64)^64)^64)", vec![]),
        ("Σ = a' Λ", products),
        ("Σ = a' Λ", sums),
    ] {
        let definitions = Vec::from_iter(definitions.iter().map(String::as_str));
        let found = said(statement, &definitions, &Context::default());
        assert!(found[0].0.starts_with("more than 20000 numbers are multiplied here"), "{statement}: {found:?}");
        assert_eq!(found.len(), 1, "{found:?}");
    }
    let long = said("D = (S^64)^64 + (0.1^60)^60", &[], &Context::default());
    assert!(long.is_empty(), "{long:?}");
}

#[test]
fn an_indexed_name_may_be_defined_beside_a_symbol() {
    let context = Context { data_set: true, ..Context::default() };
    assert!(said("H = (1/N) ∑ᵢ Hᵢ", &["Hᵢ = xᵢxᵢᵀ + Γ"], &context).is_empty());
    let found = said("C = G", &["Gᵢ = xᵢxᵢᵀ"], &context);
    assert_eq!(found[0].0, "G is defined with an index", "{found:?}");
}
