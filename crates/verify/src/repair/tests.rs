use std::time::Instant;

use claims::{Kind, closed_forms, file};

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

#[test]
fn forms() {
    for claim in closed_forms() {
        println!("{}: {}", claim.id, claim.printed.written());
    }
}
