use claims::{Kind, closed_forms};

use super::*;

/// The claims whose mutants are not tried: bounds and existence have no value that a mutant could miss, and N → ∞, the
/// spread of residuals, σ²/λ → 0 and aligned minima have no family.
const NOT_TRIED: [&str; 7] = [
    "minibatch/samplings-of-many",
    "label-noise/linear-scaling",
    "regularization/test-loss-exceeding",
    "input-noise/test-loss-bound",
    "generic/noise-of-nearly-equal-residuals",
    "generic/fluctuation-aligned",
    "second-order/natural-gradient-without-label-noise",
];

#[test]
fn mutants_of_the_registry_are_told_or_explained() {
    let (mut untried, mut all) = (Vec::new(), Mutants::default());
    for claim in closed_forms() {
        let Some(found) = Mutants::of(claim, 1) else {
            untried.push(claim.id.as_str());
            continue;
        };
        let unexplained = Vec::from_iter(found.unexplained());
        assert!(unexplained.is_empty(), "{}: {unexplained:?}", claim.id);
        if matches!(claim.kind, Kind::Exact) {
            let unproved = [Because::Drawn, Because::Remainder, Because::Nothing];
            let explained = found.equal.iter().all(|equal| !unproved.contains(&equal.because));
            assert!(explained, "{}: {:?}", claim.id, found.equal);
        }
        println!(
            "{}: {} told, {} of {} equal, {:?}",
            claim.id,
            found.told,
            found.equal.len(),
            found.total(),
            found.reasons()
        );
        all.caught += found.caught;
        all.duplicates += found.duplicates;
        all.without_value += found.without_value;
        all.told += found.told;
        all.equal.extend(found.equal);
    }
    println!("{} {:?} {:?}", all.total(), Mutants { equal: Vec::new(), ..all.clone() }, all.reasons());
    assert_eq!(untried, NOT_TRIED);
    assert!(all.total() > 6000 && 20 * all.equal.len() < all.total());
}

/// Theorem 2 says ΛG⁻¹ where G⁻¹Λ is the same as long as ΛA = AΛ.
#[test]
fn a_mutant_that_holds_names_the_hypothesis_that_makes_it_hold() {
    let found = Mutants::of(claims::claim("label-noise/fluctuation").unwrap(), 1).unwrap();
    let because = |change: &str| &found.equal.iter().find(|equal| equal.change == change).unwrap().because;
    let commuting = Because::Hypotheses(vec!["commuting-learning-rate"]);
    assert_eq!(*because("order of Λ and G⁻¹ in (σ²/S)(1 + κ/S) ΛG⁻¹"), commuting);
    assert_eq!(found, Mutants::of(claims::claim("label-noise/fluctuation").unwrap(), 1).unwrap());
    let other = Mutants::of(claims::claim("label-noise/fluctuation").unwrap(), 2).unwrap();
    assert_eq!((found.told, found.equal), (other.told, other.equal));
}

/// With Γ = 0 in 2 − λ(a + γ) a claim would be told from none of its mutants.
#[test]
fn a_form_that_fails_has_no_mutants() {
    let claim = claims::claim("regularization/fluctuation").unwrap();
    let mut refuted = claim.clone();
    refuted.correction = None;
    let of_one_weight = Mutants::of(&refuted, 1).unwrap();
    // Where it holds, with one weight, less is told from it than from its correction.
    assert!(of_one_weight.equal.len() > Mutants::of(claim, 1).unwrap().equal.len());
}
