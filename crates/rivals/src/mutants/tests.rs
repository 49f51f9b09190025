use claims::{Kind, closed_forms};

use super::*;

/// The claims whose mutants are not tried: bounds and existence have no value that a mutant could miss, and N → ∞, the
/// spread of residuals and σ²/λ → 0 are no
/// powers of a parameter.
const NOT_TRIED: [&str; 6] = [
    "minibatch/samplings-of-many",
    "label-noise/linear-scaling",
    "regularization/test-loss-exceeding",
    "input-noise/test-loss-bound",
    "generic/noise-of-nearly-equal-residuals",
    "second-order/natural-gradient-without-label-noise",
];

/// Mutants of conditions that are met at the same settings, by a proof that is no identity: the claim and the change.
///
/// Where 2I − λ(1 + 1/S)A ≻ 0, each summand 1/(2/(λaᵢ) − 1 − 1/S) is positive, and so is below S with their sum. Then
/// 2/(λaᵢ) > 1 + 2/S, which is 2I − λ(1 + 2/S)A ≻ 0. Likewise for G.
///
/// Of a necessary condition the weaker ones are true as well: with a + γ > 0 and a ≥ 0 it is 2a + γ > 0, and a + γ/2 > 0.
const BY_HAND: [(&str, &str); 7] = [
    ("label-noise/stability", "2 for 1 in 1/S"),
    ("generic/singular-full-hessian", "2 times a in a + γ"),
    ("generic/singular-full-hessian", "½ times γ in a + γ"),
    ("generic/singular-full-hessian", "K for γ in a + γ"),
    ("high-dimension/summand", "2 for 1 in 1/S"),
    ("high-dimension/largest-rate-at-fixed-batch", "2 for 1 in 1/S"),
    ("own/stability", "2 for 1 in 1/S"),
];

/// Equivalences with a matrix that they define themselves, and how many of their mutants are true. With any Ĝ ≻ 0 and any
/// 0 ≤ g < 1, both sides hold, and so they do for another Ĝ or another multiple of g.
const OF_ANY_MATRIX: [(&str, usize); 2] =
    [("high-dimension/sign-of-fluctuation", 26), ("high-dimension/sign-of-fluctuation-of-one-curvature", 8)];

#[test]
fn mutants_of_the_registry_are_told_or_explained() {
    let (mut untried, mut all, mut drawn, mut nothing) = (Vec::new(), Mutants::default(), Vec::new(), 0);
    for claim in closed_forms() {
        let Some(found) = Mutants::of(claim, 1) else {
            untried.push(claim.id.as_str());
            continue;
        };
        let unexplained = Vec::from_iter(found.unexplained());
        assert!(unexplained.is_empty(), "{}: {unexplained:?}", claim.id);
        if matches!(claim.kind, Kind::Exact) {
            let (told, all) = found.told_of();
            let empty = found.equal.iter().filter(|equal| equal.because == Because::Nothing).count();
            assert_eq!(told + empty, all, "{}: {:?}", claim.id, found.equal);
            nothing += empty;
        }
        let of_claim = found.equal.iter().filter(|equal| equal.because == Because::Drawn);
        drawn.extend(of_claim.map(|equal| (claim.id.as_str(), equal.change.clone())));
        all.caught += found.caught;
        all.duplicates += found.duplicates;
        all.without_value += found.without_value;
        all.told += found.told;
        all.equal.extend(found.equal);
    }
    for (id, count) in OF_ANY_MATRIX {
        assert_eq!(drawn.extract_if(.., |(of, _)| *of == id).count(), count, "{id}");
    }
    assert!(drawn.iter().map(|(id, change)| (*id, change.as_str())).eq(BY_HAND), "{drawn:?}");
    // Such as 0 = 0 at μ = 0.
    assert_eq!(nothing, 1);
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

/// Eq. (12) holds for one weight, and where u is an eigenvector of A: the order of its matrices does not matter there.
#[test]
fn a_form_is_told_from_its_mutants_where_it_holds() {
    let mut claim = claims::claim("regularization/fluctuation").unwrap().clone();
    claim.correction = None;
    let found = Mutants::of(&claim, 1).unwrap();
    assert!(found.equal.len() > 20 && found.spellings() == found.equal.len(), "{:?}", found.equal);
    // What says something about no point at all has no mutants that could be told from it.
    claim.hypotheses.retain(|hypothesis| hypothesis.name != "no-momentum");
    assert_eq!(Mutants::of(&claim, 1), None);
}

/// λa < 1 and λa ≤ 1 differ at λa = 1 alone.
#[test]
fn the_edge_tells_what_is_strict() {
    let text = r#"
[[claim]]
id = "mine/edge"
formula = "λa < 1 iff 2λa < 2"
assume = ["one weight", "gaussian features", "near the edge"]
"#;
    let claim = &claims::file::read("mine.toml", text).unwrap()[0];
    let found = Mutants::of(claim, 1).unwrap();
    let relations = found.equal.iter().filter(|equal| equal.operator == Operator::Relation);
    assert_eq!(relations.count(), 0, "{:?}", found.equal);
    assert!(found.told > 5);
}
