use std::time::Instant;

use claims::closed_forms;

use super::*;

#[test]
fn figures() {
    let mut sum = Mutants::default();
    let start = Instant::now();
    for claim in closed_forms() {
        let begin = Instant::now();
        let Some(found) = Mutants::of(claim, 1) else {
            println!("{} ({}): not tried", claim.id, claim.kind.name());
            continue;
        };
        let (told, of) = found.told_of();
        println!(
            "{} ({}): {} = caught {} dup {} no value {} told {} equal {}; told {told}/{of}; {:?}",
            claim.id,
            claim.kind.name(),
            found.total(),
            found.caught,
            found.duplicates,
            found.without_value,
            found.told,
            found.equal.len(),
            begin.elapsed()
        );
        for (reason, count) in found.reasons() {
            println!("    {count} {reason}");
        }
        for equal in found.equal.iter().filter(|e| {
            matches!(e.because, Because::Unknown | Because::Remainder)
                || claim.kind.name() == "stability"
                || claim.id == "second-order/natural-gradient"
        }) {
            println!("    ! {}: {} [{}]", equal.change, equal.formula, equal.because);
        }
        sum.caught += found.caught;
        sum.duplicates += found.duplicates;
        sum.without_value += found.without_value;
        sum.told += found.told;
        sum.equal.extend(found.equal);
    }
    println!(
        "all: {} = caught {} dup {} no value {} told {} equal {} in {:?}",
        sum.total(),
        sum.caught,
        sum.duplicates,
        sum.without_value,
        sum.told,
        sum.equal.len(),
        start.elapsed()
    );
    for (reason, count) in sum.reasons() {
        println!("    {count} {reason}");
    }
}
