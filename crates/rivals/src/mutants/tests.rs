use claims::Kind;
use registry::closed_forms;

use super::*;

/// The claims whose mutants are not tried: bounds and existence have no value that a mutant could miss, and N → ∞, the
/// spread of residuals and σ²/λ → 0 are no powers of a parameter.
const NOT_TRIED: [&str; 13] = [
    "minibatch/samplings-of-many",
    "label-noise/linear-scaling",
    "label-noise/isotropic-enhancement-of-single-draws",
    "label-noise/isotropic-over-anisotropic-of-single-draws",
    "regularization/test-loss-exceeding",
    "input-noise/test-loss-bound",
    "generic/noise-of-nearly-equal-residuals",
    "generic/spread-of-losses",
    "second-order/natural-gradient-without-label-noise",
    "second-order/natural-gradient-by-dimension",
    "second-order/natural-gradient-least",
    "second-order/natural-gradient-most",
    "approximation/underestimates",
];

/// Mutants of equalities that say nothing: of weights that are given E[w] is w, and without momentum, which its claim
/// assumes, the last one is 0 = 0.
const NOTHING: [(&str, &str); 5] = [
    ("generic/null-space", "w for w₀ in (I − H₀⁺H₀)w₀"),
    ("generic/null-space", "w for w₀ in (I − H₀⁺H₀) w₀ E[wᵀ]"),
    ("generic/null-space", "w₀ for w everywhere"),
    ("generic/null-space", "w for w₀ everywhere"),
    ("second-order/natural-gradient-rate", "μ for ℓ everywhere"),
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
    [("high-dimension/sign-of-fluctuation", 19), ("high-dimension/sign-of-fluctuation-of-one-curvature", 8)];

#[test]
fn mutants_of_the_registry_are_told_or_explained() {
    let (mut untried, mut all, mut drawn, mut nothing) = (Vec::new(), Mutants::default(), Vec::new(), Vec::new());
    for claim in closed_forms() {
        let Some(found) = Mutants::of(claim, 1) else {
            untried.push(claim.id.as_str());
            continue;
        };
        let unexplained = Vec::from_iter(found.unexplained());
        assert!(unexplained.is_empty(), "{}: {unexplained:?}", claim.id);
        let because = |because| found.equal.iter().filter(move |equal| equal.because == because);
        if matches!(claim.kind, Kind::Exact) {
            let (told, all) = found.told_of();
            assert_eq!(told + because(Because::Nothing).count(), all, "{}: {:?}", claim.id, found.equal);
            nothing.extend(because(Because::Nothing).map(|equal| (claim.id.as_str(), equal.change.clone())));
        }
        drawn.extend(because(Because::Drawn).map(|equal| (claim.id.as_str(), equal.change.clone())));
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
    assert!(nothing.iter().map(|(id, change)| (*id, change.as_str())).eq(NOTHING), "{nothing:?}");
    assert_eq!(untried, NOT_TRIED);
    assert!(all.total() > 6000 && 20 * all.equal.len() < all.total());
}

/// The claims of equality of which fewer than 95 % of all mutants are told, other spellings of the formula among them: how
/// many are told, and the hypothesis under which each of the others is the same function, or none for those that say
/// nothing. S = 1, so that factors of S count for nothing; E[w] is w₀ where nothing moves, and so is what stands there in
/// E[wwᵀ]; with H₀ of rank 1 (H₀Λ)² is Tr[H₀Λ] H₀Λ.
const FEW_ARE_TOLD: [(&str, usize, &[&str]); 3] = [
    ("minibatch/samplings-of-one", 38, &["single-draws"; 3]),
    ("generic/null-space", 82, &["no-weight-decay", "", "no-weight-decay", "", "", ""]),
    ("generic/null-space-of-any-learning-rate", 30, &["no-input-noise"; 2]),
];

#[test]
fn most_of_all_mutants_are_told() {
    let exact = closed_forms().iter().filter(|claim| matches!(claim.kind, Kind::Exact));
    let few = exact.filter_map(|claim| {
        let found = Mutants::of(claim, 1)?;
        let (told, _) = found.told_of();
        let because = found.equal.iter().map(|equal| match &equal.because {
            Because::Hypotheses(names) => names.join(" and "),
            Because::Nothing => String::new(),
            other => other.to_string(),
        });
        let few = 100 * told < 95 * (told + found.equal.len());
        few.then(|| (claim.id.as_str(), told, Vec::from_iter(because)))
    });
    let expected =
        FEW_ARE_TOLD.map(|(id, told, because)| (id, told, Vec::from_iter(because.iter().map(|&b| b.into()))));
    assert_eq!(Vec::from_iter(few), expected);
}

/// Without label noise the loss of a new sample is that without its noise.
#[test]
fn a_mutant_that_holds_names_the_hypothesis_that_makes_it_hold() {
    let found = Mutants::of(registry::claim("regularization/noise-by-train-loss").unwrap(), 1).unwrap();
    let equal = found.equal.iter().find(|equal| equal.change == "L_test for L₀ in E[L₀]").unwrap();
    assert_eq!(equal.because, Because::Hypotheses(vec!["no-label-noise"]));
}

#[test]
fn mutants_do_not_depend_on_the_seed() {
    let found = Mutants::of(registry::claim("label-noise/fluctuation").unwrap(), 1).unwrap();
    assert_eq!(found, Mutants::of(registry::claim("label-noise/fluctuation").unwrap(), 1).unwrap());
    let other = Mutants::of(registry::claim("label-noise/fluctuation").unwrap(), 2).unwrap();
    assert_eq!((found.told, found.equal), (other.told, other.equal));
}

/// Eq. (12) holds for one weight, and where u is an eigenvector of A: the order of its matrices does not matter there.
#[test]
fn a_form_is_told_from_its_mutants_where_it_holds() {
    let mut claim = registry::claim("regularization/fluctuation").unwrap().clone();
    claim.correction = None;
    let found = Mutants::of(&claim, 1).unwrap();
    let changes = Vec::from_iter(found.equal.iter().map(|equal| equal.change.as_str()));
    let expected = [
        "order of A²K⁻²Γ²U + (λr/S) A and K⁻¹ in (λ/S)(A²K⁻²Γ²U + (λr/S) A) K⁻¹G⁻¹",
        "order of Γ² and U in A²K⁻²Γ²U",
        "without I in 2I, in the definition of G",
    ];
    assert_eq!(changes, expected);
    assert_eq!(found.spellings(), expected.len());
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

/// What is stable has λa < 2, and so λa < 3.
#[test]
fn a_weaker_necessary_condition_says_less() {
    let text = r#"
[[claim]]
id = "mine/edge"
formula = "stationary only if λa < 2"
assume = ["one weight", "gaussian features", "no weight decay", "no input noise", "no momentum"]
"#;
    let claim = &claims::file::read("mine.toml", text).unwrap()[0];
    let found = Mutants::of(claim, 1).unwrap();
    let weaker = found.equal.iter().find(|equal| equal.formula == "stationary only if λa < 3").unwrap();
    assert_eq!(weaker.because, Because::Less);
}
