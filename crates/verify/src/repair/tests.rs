use std::time::Instant;

use claims::{Kind, closed_forms, file};
use formula::Spelling;

use super::*;

fn shown(repairs: &Repairs) -> String {
    let lines = repairs.found.iter().map(|repair| {
        let evidence = Evidence::strengths(repair.evidence.iter());
        format!("    {} [{}, {}] {evidence}\n", repair.form.written(), repair.change, repair.cost)
    });
    format!("{} tried\n{}", repairs.tried, lines.collect::<String>())
}

#[test]
fn the_nearest_formula_that_holds_is_found_and_proved() {
    let text = r#"
[[claim]]
id = "mine/test-loss"
formula = "L_test = σ²λa/(2(2S − λa(S + 1)))"
assume = ["one weight", "gaussian features", "no weight decay", "no input noise", "no momentum"]
"#;
    let claim = &file::read("mine.toml", text).unwrap()[0];
    let start = Instant::now();
    let repairs = Repairs::of(claim, Budget::default(), 1);
    println!("{:?} {}", start.elapsed(), shown(&repairs));
    let repair = &repairs.found[0];
    assert_eq!(repair.form.written(), "L_test = σ²λa/(2(2S − λa(S + 2)))");
    assert_eq!(repair.change, "2 for 1 in S + 1");
    assert!(repair.is_proved() && repairs.found.len() == 1);
}

#[test]
fn corrections() {
    for claim in closed_forms().iter().filter(|claim| claim.correction.is_some()) {
        let start = Instant::now();
        let repairs = Repairs::of(claim, Budget::default(), 1);
        let correction = &claim.correction.as_ref().unwrap().form;
        let trial = Trial::of(claim, &[], 1);
        let same = repairs
            .found
            .iter()
            .any(|r| trial.as_ref().is_some_and(|trial| trial.differ(&r.form, correction) == Some(false)));
        println!("{}: {:?} {same} {}", claim.id, start.elapsed(), shown(&repairs));
    }
}

#[test]
fn strengthenings() {
    for claim in closed_forms().iter().filter(|claim| matches!(claim.kind, Kind::Exact)) {
        let Some(strengthened) = &claim.strengthened else { continue };
        let start = Instant::now();
        let budget = Budget { texts: 3000, ..Budget::default() };
        let repairs = Repairs::without(claim, &strengthened.without, budget, 1);
        println!("{} without {:?}: {:?} {}", claim.id, strengthened.without, start.elapsed(), shown(&repairs));
    }
}

/// Slips as they are made in writing: the claim, what it says, and what is written instead.
const SLIPS: [(&str, &str, &str); 20] = [
    // A sign.
    ("label-noise/fluctuation", "(1−μ)/(1+μ) + 1/S", "(1−μ)/(1+μ) − 1/S"),
    ("stationary/equation", "− ((1+μ²)/(1−μ²)) ΛHΣHΛ", "+ ((1+μ²)/(1−μ²)) ΛHΣHΛ"),
    ("input-noise/fluctuation", "1 − (λ/S) Tr[KG⁻¹]", "1 + (λ/S) Tr[KG⁻¹]"),
    ("minibatch/noise", "− (1/S) ∇L∇Lᵀ", "+ (1/S) ∇L∇Lᵀ"),
    // An order.
    ("stationary/equation", "ΛHΛHΣ", "HΛΛHΣ"),
    ("input-noise/noise-given-fluctuation", "KΣK", "K²Σ"),
    ("regularization/noise-given-fluctuation", "ΓA'UA'Γ", "ΓUA'A'Γ"),
    ("label-noise/noise-given-fluctuation", "AΣA", "ΣA²"),
    // A factor.
    ("label-noise/train-loss", "(σ²/2)", "σ²"),
    ("label-noise/test-loss", "σ²κ/(2S)", "σ²κ/S"),
    ("regularization/test-loss-in-one-dimension", "2λa²/S", "λa²/S"),
    ("minibatch/noise-without-replacement", "/(N − 1))", "/N)"),
    ("second-order/damped-newton", "gS − λD", "gS − 2λD"),
    ("second-order/natural-gradient-step", "Tr[ΣA]/D", "Tr[ΣA]"),
    ("regularization/stability-in-one-dimension", "2a²/S", "a²/S"),
    // An index, or a letter.
    ("minibatch/noise-with-replacement", "∇ℓᵢ∇ℓᵢᵀ", "∇ℓᵢ∇ℓⱼᵀ"),
    ("input-noise/test-loss", "Tr[AG⁻¹]", "Tr[KG⁻¹]"),
    // A unit.
    ("label-noise/fluctuation", "(σ²/S)", "(1/S)"),
    ("regularization/test-loss", "Tr[AK⁻²Γ²U]κ", "Tr[AK⁻¹Γ²U]κ"),
    ("input-noise/train-loss", "λκ/S", "κ/S"),
];

#[test]
fn slips_are_found_and_most_are_repaired() {
    let mut repaired = 0;
    let start = Instant::now();
    for (id, right, wrong) in SLIPS {
        let claim = claims::claim(id).unwrap();
        let text = claim.printed.text();
        let mut slipped = false;
        let mut slip = |written: String| match !slipped && written.contains(right) {
            true => {
                slipped = true;
                written.replacen(right, wrong, 1)
            }
            false => written,
        };
        let statements = Vec::from_iter(text.statements.iter().map(|part| slip(part.written(Spelling::Unicode))));
        let definitions = Vec::from_iter(text.definitions.iter().map(|part| slip(part.written(Spelling::Unicode))));
        assert!(slipped, "{id} says {right}");
        let all = |texts: &[String]| Vec::from_iter(texts.iter().cloned());
        let (statements, definitions) = (all(&statements), all(&definitions));
        let refs = |texts: &'static [String]| Vec::from_iter(texts.iter().map(String::as_str));
        let (statements, definitions) = (refs(statements.leak()), refs(definitions.leak()));
        let Ok(text) = Text::read(&statements, &definitions) else {
            println!("{id}: {wrong} is not read");
            continue;
        };
        let trial = Trial::of(claim, &[], 1).unwrap();
        let found = match claim.printed.with_text(text.clone()) {
            Ok(form) => trial.word(&form) == Word::Fails,
            Err(_) => true,
        };
        assert!(found, "{id}: {wrong}");
        let repairs = Repairs::of_text(claim, &text, Budget::default(), 1);
        let is_right = |repair: &Repair| trial.differ(&repair.form, &claim.printed) == Some(false);
        let mended = repairs.found.iter().any(is_right);
        repaired += usize::from(mended);
        println!("{mended} {id}: {wrong} {}", shown(&repairs));
    }
    println!("{repaired} in {:?}", start.elapsed());
    assert!(repaired >= 15);
}

#[test]
fn singles() {
    for claim in closed_forms().iter().filter(|claim| claim.correction.is_none()) {
        for hypothesis in &claim.hypotheses {
            let budget = Budget { texts: 400, ..Budget::default() };
            let repairs = Repairs::without(claim, &[hypothesis], budget, 1);
            if !repairs.found.is_empty() && repairs.found[0].cost > 0 {
                println!("{} without {}: {}", claim.id, hypothesis.name, shown(&repairs));
            }
        }
    }
}
