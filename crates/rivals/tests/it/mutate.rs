//! Mutants and repairs: counted by hand, found by name, and for random texts by their invariants.

use std::collections::HashSet;

use crate::common::build::*;
use crate::common::strategy;
use crate::common::well_formed::is_well_formed;
use notation::Context;
use notation::Spelling::Unicode;
use notation::tree::{Expr, Name, Node, Point, Relation, Text, When};
use proptest::prelude::*;
use rivals::{LARGEST_TEXT, Mutant, Operator, mutants, repairs};

/// No symbol may stand for another.
fn none(_: &Name) -> Vec<Name> {
    Vec::new()
}

/// Λ and K, κ and μ, aᵢ and bᵢ, ∇L and ∇L₀ may stand for each other.
fn some(name: &Name) -> Vec<Name> {
    let others: &[&str] = match name.as_str() {
        "Λ" => &["Λ", "K"],
        "K" => &["Λ"],
        "κ" => &["μ", "S"],
        "aᵢ" => &["bᵢ", "γ"],
        "∇L" => &["∇L₀"],
        "L₀" => &["L"],
        "w*" => &["w", "w₀", "u"],
        _ => &[],
    };
    others.iter().map(|other| named(other)).collect()
}

fn written(mutant: &Mutant) -> String {
    mutant.text.written(Unicode)
}

fn of_kind(text: &Text, operator: Operator) -> Vec<(String, String, u32)> {
    let mutants = mutants(text, &Context::default(), &some).into_iter().filter(|mutant| mutant.operator == operator);
    mutants.map(|mutant| (mutant.change.clone(), written(&mutant), mutant.cost)).collect()
}

fn assert_mutants(text: &Text, operator: Operator, expected: &[(&str, &str, u32)]) {
    let expected: Vec<(String, String, u32)> =
        expected.iter().map(|(change, text, cost)| (change.to_string(), text.to_string(), *cost)).collect();
    assert_eq!(of_kind(text, operator), expected);
}

/// Σ = X
fn sigma(right: Expr) -> Text {
    text(vec![equation(n("Σ"), right)], Vec::new())
}

fn batch() -> Expr {
    over([q(1)], n("S"))
}

#[test]
fn a_product_of_scalars_has_ten() {
    // Three factors to leave out, and seven changes of the whole right side.
    assert_eq!(mutants(&sigma(over([n("λ"), n("σ²")], n("S"))), &Context::default(), &none).len(), 10);
}

#[test]
fn a_product_of_matrices_has_fourteen() {
    // Seven of the right side, two left out, one order, one trace, one symbol, two exponents.
    let text = sigma(p([n("Λ"), inv(n("G"))]));
    assert_eq!(mutants(&text, &Context::default(), &some).len(), 14);
}

#[test]
fn a_condition_with_a_definition_has_30() {
    let conditions =
        vec![compared(n("g"), Relation::Greater, q(0)), compared(n("S"), Relation::Greater, add(q(1), n("κ")))];
    let text = text(vec![stationary(When::Iff, conditions)], vec![is("κ", tr(letters("AΣ")))]);
    let count = |operator| {
        mutants(&text, &Context::default(), &none).iter().filter(|mutant| mutant.operator == operator).count()
    };
    // 1 for 0; 2 and ½ for 1.
    assert_eq!(count(Operator::Number), 3);
    // 1 + κ and Tr[AΣ].
    assert_eq!(count(Operator::Scale), 14);
    assert_eq!(count(Operator::Sign), 2);
    // 1, κ; A, Σ.
    assert_eq!(count(Operator::Dropped), 4);
    // 2κ, ½κ.
    assert_eq!(count(Operator::Coefficient), 2);
    assert_eq!(count(Operator::Trace), 1);
    // Tr[ΣA] is the same.
    assert_eq!(count(Operator::Order), 0);
    assert_eq!(count(Operator::Relation), 2);
    assert_eq!(count(Operator::Conjunct), 2);
    assert_eq!(mutants(&text, &Context::default(), &none).len(), 30);
}

#[test]
fn signs_and_summands() {
    let text = sigma(sub(n("A"), n("B")));
    assert_mutants(
        &text,
        Operator::Sign,
        &[("− for + before A in A − B", "Σ = −A − B", 1), ("+ for − before B in A − B", "Σ = A + B", 1)],
    );
    assert_mutants(
        &text,
        Operator::Dropped,
        &[("without A in A − B", "Σ = −B", 2), ("without B in A − B", "Σ = A", 2)],
    );
    assert_mutants(
        &text,
        Operator::Coefficient,
        &[
            ("2 times A in A − B", "Σ = 2A − B", 3),
            ("½ times A in A − B", "Σ = ½ A − B", 3),
            ("2 times B in A − B", "Σ = A − 2B", 3),
            ("½ times B in A − B", "Σ = A − ½ B", 3),
        ],
    );
}

#[test]
fn numbers_and_exponents() {
    let text = sigma(p([add(n("S"), q(1)), pow(n("K"), -2)]));
    assert_mutants(
        &text,
        Operator::Number,
        &[("2 for 1 in S + 1", "Σ = (S + 2) K⁻²", 1), ("½ for 1 in S + 1", "Σ = (S + ½) K⁻²", 1)],
    );
    assert_mutants(
        &text,
        Operator::Exponent,
        &[
            ("K⁻¹ for K⁻²", "Σ = (S + 1) K⁻¹", 2),
            ("K⁻³ for K⁻²", "Σ = (S + 1) K⁻³", 2),
            ("K² for K⁻²", "Σ = (S + 1) K²", 2),
        ],
    );
}

#[test]
fn order_and_traces() {
    assert_mutants(
        &sigma(p([n("λ"), n("Λ"), inv(n("G"))])),
        Operator::Order,
        &[("order of Λ and G⁻¹ in λΛG⁻¹", "Σ = λG⁻¹Λ", 1)],
    );
    assert_mutants(
        &sigma(p([tr(letters("AΣ")), n("A")])),
        Operator::Trace,
        &[("Tr[AΣ] without its trace in Tr[AΣ]A", "Σ = AΣA", 2)],
    );
    assert_mutants(
        &sigma(letters("AΣA")),
        Operator::Trace,
        &[
            ("Tr[AΣ] for AΣ in AΣA", "Σ = Tr[AΣ]A", 2),
            ("Tr[ΣA] for ΣA in AΣA", "Σ = A Tr[ΣA]", 2),
            ("Tr[AΣA] for AΣA in AΣA", "Σ = Tr[AΣA]", 2),
        ],
    );
}

#[test]
fn factors_and_divisors_left_out() {
    assert_mutants(
        &sigma(over([n("κ"), n("A")], n("S"))),
        Operator::Dropped,
        &[
            ("without κ in κA/S", "Σ = A/S", 2),
            ("without A in κA/S", "Σ = κ/S", 2),
            ("without the divisor S in κA/S", "Σ = κA", 2),
        ],
    );
    assert_mutants(
        &sigma(p([batch(), n("A")])),
        Operator::Dropped,
        &[("without 1/S in (1/S) A", "Σ = A", 2), ("without A in (1/S) A", "Σ = 1/S", 2)],
    );
}

#[test]
fn right_sides() {
    assert_mutants(
        &sigma(over([n("A")], n("S"))),
        Operator::Scale,
        &[
            ("right side times S", "Σ = SA/S", 3),
            ("right side over S", "Σ = A/(SS)", 3),
            ("right side times D", "Σ = DA/S", 3),
            ("right side over D", "Σ = A/(SD)", 3),
            ("right side times 2", "Σ = 2A/S", 3),
            ("right side over 2", "Σ = A/(2S)", 3),
            ("right side with the other sign", "Σ = −A/S", 3),
        ],
    );
}

#[test]
fn symbols_of_the_claim_are_nearer() {
    let one = text(vec![equation(n("Σ"), p([n("κ"), n("S"), n("Λ")]))], vec![is("κ", tr(n("A")))]);
    assert_mutants(
        &one,
        Operator::Symbol,
        &[
            // κ is read no longer, so that its definition goes.
            ("μ for κ in κSΛ", "Σ = μSΛ", 2),
            ("S for κ in κSΛ", "Σ = SSΛ", 1),
            ("K for Λ in κSΛ", "Σ = κSK where κ = Tr[A]", 2),
        ],
    );
    let indexed = sigma(over_i(i("a")));
    assert_mutants(
        &indexed,
        Operator::Symbol,
        &[("bᵢ for aᵢ in ∑ᵢ aᵢ", "Σ = ∑ᵢ bᵢ", 2), ("γ for aᵢ in ∑ᵢ aᵢ", "Σ = ∑ᵢ γ", 2)],
    );
}

#[test]
fn symbols_everywhere() {
    assert_mutants(
        &sigma(p([n("∇L"), t(n("∇L"))])),
        Operator::Everywhere,
        &[("∇L₀ for ∇L everywhere", "Σ = ∇L₀∇L₀ᵀ", 2)],
    );
    assert_mutants(&sigma(p([n("∇L"), n("U")])), Operator::Everywhere, &[]);
}

#[test]
fn a_definition_does_not_become_circular() {
    let text = text(vec![equation(n("Σ"), n("κ"))], vec![is("κ", p([n("S"), n("t")])), is("t", n("μ"))]);
    let to_kappa =
        |name: &Name| if name.as_str() == "μ" || name.as_str() == "S" { vec![named("κ")] } else { Vec::new() };
    assert!(mutants(&text, &Context::default(), &to_kappa).iter().all(|mutant| mutant.operator != Operator::Symbol));
}

#[test]
fn what_nothing_reads_is_left_as_it_is() {
    let used = sigma(n("A"));
    let unused = text(used.statements.clone(), vec![is("κ", add(n("S"), q(1)))]);
    assert_eq!(mutants(&unused, &Context::default(), &some).len(), mutants(&used, &Context::default(), &some).len());
    assert!(mutants(&unused, &Context::default(), &some).iter().all(|mutant| mutant.text.definitions.len() == 1));
}

#[test]
fn points_relations_and_conditions() {
    assert_mutants(
        &sigma(at("L₀", Point::Minimizer)),
        Operator::Point,
        &[
            ("L₀(w) for L₀(w*)", "Σ = L₀(w)", 1),
            ("L₀(w₀) for L₀(w*)", "Σ = L₀(w₀)", 1),
            ("L₀(u) for L₀(w*)", "Σ = L₀(u)", 1),
        ],
    );
    let conditions =
        vec![compared(p([n("g"), n("S")]), Relation::Greater, n("λ")), compared(n("K"), Relation::Succeeds, q(0))];
    let text = text(vec![stationary(When::Iff, conditions)], Vec::new());
    assert_mutants(
        &text,
        Operator::Relation,
        &[
            ("gS < λ for gS > λ", "stationary iff gS < λ and K ≻ 0", 1),
            ("K ≺ 0 for K ≻ 0", "stationary iff gS > λ and K ≺ 0", 1),
        ],
    );
    assert_mutants(
        &text,
        Operator::Conjunct,
        &[
            ("without the condition gS > λ", "stationary iff K ≻ 0", 3),
            ("without the condition K ≻ 0", "stationary iff gS > λ", 3),
        ],
    );
}

#[test]
fn a_quantity_on_the_left_is_left_as_it_is() {
    let relation = text(vec![equation(p([n("K"), n("Σ")]), q(0))], Vec::new());
    assert!(mutants(&relation, &Context::default(), &some).iter().any(|mutant| mutant.change == "without K in KΣ"));
    let closed = text(vec![equation(letters("ΛCΛ"), q(0))], Vec::new());
    assert!(mutants(&closed, &Context::default(), &some).iter().all(|mutant| written(mutant).starts_with("ΛCΛ = ")));
}

#[test]
fn a_very_long_text_has_no_mutants() {
    let summands = |count| Expr::of(Node::Sum((0..count).map(|_| plus(n("A"))).collect()));
    assert!(mutants(&sigma(summands(LARGEST_TEXT)), &Context::default(), &none).is_empty());
    assert!(repairs(&sigma(summands(LARGEST_TEXT)), &Context::default(), &none, &[]).next().is_none());
    assert!(!mutants(&sigma(summands(100)), &Context::default(), &none).is_empty());
}

/// The repair with a text, its change and its cost.
fn repaired(text: &Text, expected: &str) -> Option<(String, u32)> {
    let context = Context::default();
    let mut found = repairs(text, &context, &some, &[]);
    found.find(|mutant| written(mutant) == expected).map(|mutant| (mutant.change, mutant.cost))
}

#[test]
fn the_sample_formula_is_repaired_by_a_number() {
    let below = sub(p([q(2), n("S")]), p([n("λ"), n("a"), add(n("S"), q(1))]));
    let loss = over([n("σ²"), n("λ"), n("a")], p([q(2), below]));
    let text = text(vec![equation(n("L_test"), loss)], Vec::new());
    assert_eq!(text.written(Unicode), "L_test = σ²λa/(2(2S − λa(S + 1)))");
    let repair = repaired(&text, "L_test = σ²λa/(2(2S − λa(S + 2)))");
    assert_eq!(repair, Some(("2 for 1 in S + 1".to_string(), 1)));
}

#[test]
fn the_stability_of_section_6_2_is_repaired_by_two_signs() {
    let below = sum([plus(over([q(2)], p([n("λ"), i("a")]))), minus(q(1)), plus(batch())]);
    let trace = compared(over_i(over([q(1)], below)), Relation::Less, n("S"));
    let mean = sub(p([q(2), n("I")]), p([n("λ"), sub(q(1), batch()), n("A")]));
    let text = text(vec![stationary(When::Iff, vec![trace, compared(mean, Relation::Succeeds, q(0))])], Vec::new());
    assert_eq!(text.written(Unicode), "stationary iff ∑ᵢ 1/(2/(λaᵢ) − 1 + 1/S) < S and 2I − λ(1 − 1/S)A ≻ 0");
    let repair = repaired(&text, "stationary iff ∑ᵢ 1/(2/(λaᵢ) − 1 − 1/S) < S and 2I − λ(1 + 1/S)A ≻ 0");
    assert_eq!(repair.map(|(_, cost)| cost), Some(2));
}

#[test]
fn repairs_put_in_what_was_left_out() {
    let text = text(
        vec![stationary(When::Iff, vec![compared(n("S"), Relation::AtLeast, over([n("λ"), n("D")], n("g")))])],
        Vec::new(),
    );
    let repair = repaired(&text, "stationary iff S ≥ λD/g and g > 0");
    assert_eq!(repair, Some(("with the condition g > 0".to_string(), 3)));
    let text = sigma(add(letters("AΣA"), n("A")));
    for expected in [
        "Σ = AΣA + 2A",
        "Σ = AΣA + A/S",
        "Σ = AΣA + (1−μ)A",
        "Σ = S(AΣA + A)",
        "Σ = (AΣA + A)/D",
        "Σ = AΣA + A + 1/S",
        "Σ = AΣA + A − AΣA",
        "Σ = A²ΣA + A",
        "Σ = AΣA⁻¹ + A",
        // Two changes: an order, and a factor.
        "Σ = ΣAA + A/S",
    ] {
        assert!(repaired(&text, expected).is_some(), "{expected}");
    }
}

#[test]
fn repairs_come_by_cost_one_change_first() {
    let text = sigma(add(p([n("Λ"), inv(n("G"))]), n("K")));
    let all: Vec<Mutant> = repairs(&text, &Context::default(), &some, &[]).collect();
    let singles = all.iter().take_while(|mutant| !mutant.change.contains("; ")).count();
    let (singles, pairs) = all.split_at(singles);
    for part in [singles, pairs] {
        assert!(part.is_sorted_by_key(|mutant| mutant.cost));
    }
    assert!(pairs.iter().all(|mutant| mutant.change.contains("; ") && (2..=4).contains(&mutant.cost)));
    let texts: HashSet<String> = all.iter().map(written).collect();
    assert_eq!(texts.len(), all.len());
    assert!(!texts.contains(&text.written(Unicode)));
    assert!(all.iter().all(|mutant| is_well_formed(&mutant.text)));
    assert!(mutants(&text, &Context::default(), &some).iter().all(|mutant| texts.contains(&written(mutant))));
}

/// Any name for a few.
fn many(name: &Name) -> Vec<Name> {
    let others: &[&str] = match name.as_str() {
        name if name.ends_with('ᵢ') => &["xᵢ", "aᵢ", "λ"],
        _ => &["Λ", "κ", "G", "S", "u"],
    };
    others.iter().map(|other| named(other)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn mutants_are_new_and_well_formed(text in strategy::text()) {
        let mutants = mutants(&text, &Context::default(), &many);
        let texts: HashSet<String> = mutants.iter().map(written).collect();
        prop_assert_eq!(texts.len(), mutants.len());
        prop_assert!(!texts.contains(&text.written(Unicode)));
        for mutant in &mutants {
            prop_assert!(is_well_formed(&mutant.text), "{}: {}", mutant.change, written(mutant));
            prop_assert!((1..=3).contains(&mutant.cost));
            prop_assert!(!mutant.change.is_empty());
        }
    }

    #[test]
    fn the_first_repairs_are_new_and_well_formed(text in strategy::text()) {
        let repairs: Vec<Mutant> = repairs(&text, &Context::default(), &many, &[]).take(500).collect();
        let texts: HashSet<String> = repairs.iter().map(written).collect();
        prop_assert_eq!(texts.len(), repairs.len());
        prop_assert!(!texts.contains(&text.written(Unicode)));
        for repair in &repairs {
            prop_assert!(is_well_formed(&repair.text), "{}: {}", repair.change, written(repair));
        }
    }
}
