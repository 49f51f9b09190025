use claims::file;

use super::*;

fn claim(formula: &str, assume: &[&str]) -> Claim {
    let assume = assume.join("\", \"");
    let text = format!("[[claim]]\nid = \"a/b\"\nformula = \"{formula}\"\nassume = [\"{assume}\"]\n");
    file::read("a.toml", &text).unwrap().remove(0)
}

fn found(claim: &Claim, dimension: usize) -> Option<Setting<Rational>> {
    let hunt = Hunt { claim, form: &claim.printed, without: &[], dimension, seed: 1 };
    let found = hunt.find(&mut Exact::default())?;
    assert!(hunt.admits(&found) && is_stationary(&found), "{found:?}");
    Some(found)
}

const NEWTON: [&str; 6] =
    ["gaussian-features", "no-weight-decay", "no-input-noise", "damped-newton", "no-momentum", "stationary"];

/// The edge of damped Newton steps is 2S/(S + 1 + D).
#[test]
fn the_edge_is_within_a_part_in_a_hundred() {
    let claim = claim("2 − (1 + 1/S)λ > 0", &NEWTON);
    for dimension in 1..=2 {
        let draw = Draw { claim: &claim, without: &[], dimension, seed: 1, name: "edge", sparse: false };
        let setting = draw.setting(|_| true).unwrap();
        let LA = setting.learning_rate() * setting.feature_covariance();
        let S = setting.batch_size().get();
        let hunt = Hunt { claim: &claim, form: &claim.printed, without: &[], dimension, seed: 1 };
        let [edge, _] = edge(HALVINGS, |factor| hunt.is_stable(&setting, factor)).unwrap();
        let edge = edge * LA[(0, 0)].clone();
        let expected = Rational::from((2 * S, S + 1 + dimension as u32));
        assert!(edge < expected && edge * Rational::from((101, 100)) > expected);
    }
}

/// With one weight the losses have a pole at the edge, so that they exceed any bound.
#[test]
fn a_bound_fails_at_a_pole() {
    let of = |formula: &str, assume: &[&str]| claim(formula, &[&["gaussian-features", "full-rank"], assume].concat());
    let plain = ["no-weight-decay", "no-input-noise", "no-momentum"];
    assert!(found(&of("L_test ≤ 1000σ²", &[&plain[..], &["one-weight"]].concat()), 1).is_some());
    assert!(found(&of("L_test ≤ 30σ²", &plain), 1).is_some());
}

/// The edge is λa = 2(1 − μ²)/(3 + μ) at S = 1: below 1 − 2μ for μ < 1/5 alone.
#[test]
fn a_condition_fails_without_momentum_alone() {
    let assume = ["gaussian-features", "no-weight-decay", "no-input-noise", "one-weight"];
    let claim = claim("stationary if λa < 2(1/2 − μ)", &assume);
    for seed in 1..=8 {
        let found = Hunt::thoroughly(&claim, &claim.printed, seed, &mut Exact::default());
        assert!(found.is_some_and(|setting| *setting.momentum() < Rational::from((1, 5))), "seed {seed}");
    }
}

/// The edge is λa(1 + (D + 1)/S) = 2.
#[test]
fn a_condition_fails_for_four_weights_alone() {
    let assume = [&NEWTON[..3], &["isotropic-features", "scalar-learning-rate", "no-momentum", "full-rank"]].concat();
    let claim = claim("stationary if 2 − λa(1 + (S + 3)/S) > 0", &assume);
    let found = Hunt::thoroughly(&claim, &claim.printed, 1, &mut Exact::default());
    assert_eq!(found.map(|setting| setting.dimension()), Some(4));
}

#[test]
fn a_pseudoinverse_fails_at_dependent_features() {
    let claim = claim("A⁺A = I", &["no-input-noise"]);
    assert!(!is_positive_definite(&found(&claim, 1).unwrap().feature_covariance()));
    let claim = self::claim("(I − H₀⁺H₀)Σ = 0", &["data-set", "no-weight-decay"]);
    assert!(found(&claim, 1).is_none() && found(&claim, 2).is_some());
}

#[test]
fn full_rank_leaves_no_singular_setting() {
    assert_eq!(found(&claim("A⁺A = I", &["full-rank", "no-input-noise"]), 2), None);
}

/// L_train = σ²/2 · (2S − (S − 1)λ)/(2S − (S + 2)λ) for one weight, so that the first fails for λ > 1/2 at S = 1,
/// and the second one nowhere.
#[test]
fn a_bound_fails_next_to_the_edge() {
    let one_weight = |formula: &str| claim(formula, &[&NEWTON[..], &["one-weight"]].concat());
    assert!(found(&one_weight("L_train(2 − (1 + 1/S)λ) ≤ σ²"), 1).is_some());
    assert_eq!(found(&one_weight("σ² ≤ 2L_train"), 1), None);
}

#[test]
fn a_border_fails_between_half_the_edge_and_the_edge() {
    let text = "[[claim]]\nid = \"a/b\"\nformula = \"(1 + κ/S)(2 − (1 + 1/S)λ) > 2 iff RIGHT\"\ndefinitions = \
                [\"G = 2I − (1 + 1/S) ΛA\", \"t = Tr[ΛAG⁻¹]\", \"κ = t/(1 − t/S)\"]\nassume = [\"ASSUME\"]\n";
    let text = text.replace("ASSUME", &NEWTON.join("\", \""));
    let claim = |right: &str| file::read("a.toml", &text.replace("RIGHT", right)).unwrap().remove(0);
    assert!(found(&claim("S < D"), 1).is_some());
    let right = claim("(S + 1)²λ > 2S(S + 1 − D)");
    assert!(found(&right, 1).is_none() && found(&right, 2).is_none());
}

#[test]
fn a_bound_fails_where_losses_have_both_signs() {
    let claim = claim("(1/N) ∑ᵢ (ℓᵢ − L)² ≤ (N − 1)L²", &["data-set"]);
    let found = [1, 2].into_iter().find_map(|dimension| {
        Hunt { claim: &claim, form: &claim.printed, without: &[], dimension, seed: 1 }.find(&mut Exact::default())
    });
    assert!(found.is_some());
    let claim = self::claim("(1/N) ∑ᵢ (ℓᵢ − L)² ≤ (N − 1)L²", &["data-set", "no-weight-decay"]);
    assert_eq!(self::found(&claim, 1), None);
}

/// One weight is stationary just for λa(1 + 2/S) < 2. Claimed is an edge that is one percent too far or too near.
#[test]
fn an_edge_that_is_one_percent_off_is_found() {
    let assume = ["one-weight", "gaussian-features", "no-weight-decay", "no-input-noise", "no-momentum"];
    let claim = |formula: &str| claim(formula, &assume);
    assert_eq!(found_any(&claim("stationary iff λa(S + 2) < 2S"), 1), None);
    for factor in ["1.01", "0.99"] {
        assert!(found_any(&claim(&format!("stationary iff λa(S + 2) < 2·{factor} S")), 1).is_some(), "{factor}");
    }
    let claim = |factor: &str| {
        let text = format!("2Λ⁻¹ − A ≻ 0 iff 2·{factor} A⁻¹ − Λ ≻ 0");
        self::claim(&text, &["gaussian-features", "full-rank"])
    };
    for dimension in 1..=2 {
        assert_eq!(found_any(&claim("1"), dimension), None);
        assert!(found_any(&claim("1.01"), dimension).is_some(), "{dimension}");
    }
}

fn found_any(claim: &Claim, dimension: usize) -> Option<Setting<Rational>> {
    Hunt { claim, form: &claim.printed, without: &[], dimension, seed: 1 }.find(&mut Exact::default())
}

/// The claims hold wherever settings are drawn, where σ² and S are small.
#[test]
fn a_positive_part_fails_beyond_its_kink() {
    let assume = ["gaussian-features", "no-input-noise"];
    let claim = |formula: &str| {
        let text = format!(
            "[[claim]]\nid = \"a/b\"\nformula = \"{formula}\"\nassume = [\"{}\"]\nunits = \"natural\"\n",
            assume.join("\", \"")
        );
        file::read("a.toml", &text).unwrap().remove(0)
    };
    assert!(found_any(&claim("K = A + Γ + (σ² − 10)₊ A"), 1).is_some());
    assert!(found_any(&claim("K = A + Γ + (S − 30)₊ A"), 2).is_some());
    assert_eq!(found_any(&claim("K = A + Γ + (−σ²)₊ A"), 2), None);
}
