//! Every claim can be tried: its hypotheses can be satisfied together, and broken one at a time.

use crate::choices::Seeded;
use claims::draw::any_singular_setting;
use claims::hypotheses::{FULL_RANK, ONE_WEIGHT};
use claims::{Breaking, Choices, Claim, Hypothesis, Kind};
use numbers::{Matrix, matrix};
use registry::{REGISTRY, closed_forms};
use rug::Rational;
use symbols::Setting;

/// How often a setting is drawn, for each list of hypotheses and each dimension.
const DRAWS: usize = 60;

/// How often a setting of a family is tried, at points where nothing is equal by chance: matrices of three dimensions
/// are seldom positive definite by chance.
const POINTS: usize = 20_000;

fn draws(claim: &Claim, without: &[&Hypothesis], dimension: usize) -> Vec<Setting<Rational>> {
    let mut choices = Seeded::new(dimension as u64);
    let drawn = (0..DRAWS).filter_map(|_| claim.draw(dimension, without, &mut choices).ok().flatten());
    drawn.collect()
}

/// A claim for each list of hypotheses: nothing else of a claim matters to what is drawn.
fn claims() -> Vec<&'static Claim> {
    let names = |claim: &Claim| Vec::from_iter(claim.hypotheses.iter().map(|hypothesis| hypothesis.name));
    let mut claims = closed_forms().to_vec();
    claims.sort_by_key(|claim| names(claim));
    claims.dedup_by_key(|claim| names(claim));
    claims
}

/// Whether A ⪰ 0 and B ⪰ 0: no features and no noise are without.
fn has_covariances(setting: &Setting<Rational>) -> bool {
    let D = setting.dimension();
    let lifted = |M: Matrix<Rational>| M + matrix::identity::<Rational>(D) * Rational::from((1, 1_000_000_000));
    [setting.feature_covariance(), setting.input_noise_covariance()]
        .map(lifted)
        .iter()
        .all(|M| matrix::is_symmetric(M) && matrix::is_positive_definite(M))
}

/// `dimension`, or 1 for a claim that speaks of one weight alone.
fn most(claim: &Claim, dimension: usize) -> usize {
    if claim.hypotheses.iter().any(|h| h.name == ONE_WEIGHT.name) { 1 } else { dimension }
}

#[test]
fn hypotheses_can_be_satisfied_together() {
    for claim in claims() {
        for dimension in 1..=most(claim, 3) {
            let drawn = draws(claim, &[], dimension);
            assert!(
                drawn.len() >= DRAWS / 3,
                "{} in {dimension} dimensions: {} of {DRAWS} draws",
                claim.id,
                drawn.len()
            );
            for setting in &drawn {
                assert!(claim.hypotheses.iter().all(|h| h.may_hold(setting)), "{}: {setting:?}", claim.id);
                assert!(has_covariances(setting), "{}: {setting:?}", claim.id);
            }
        }
    }
}

#[test]
fn a_hypothesis_can_be_broken_and_nothing_else_with_it() {
    for claim in claims() {
        for &hypothesis in &claim.hypotheses {
            let drawn = Vec::from_iter((1..=3).flat_map(|dimension| draws(claim, &[hypothesis], dimension)));
            let breakable = matches!(hypothesis.breaking, Breaking::By(_));
            assert_eq!(breakable, !drawn.is_empty(), "{}: {}", claim.id, hypothesis.name);
            for setting in &drawn {
                assert!(has_covariances(setting), "{} without {}: {setting:?}", claim.id, hypothesis.name);
                for other in &claim.hypotheses {
                    let broken = !other.may_hold(setting);
                    let meant = other.name == hypothesis.name && other.holds.is_some();
                    assert_eq!(broken, meant, "{}: {} at {setting:?}", claim.id, other.name);
                }
            }
        }
    }
}

/// An equation that a family does not respect is broken almost everywhere in it; an inequality holds at some of its
/// points.
#[test]
fn families_satisfy_the_hypotheses() {
    let mut choices = Seeded::new(1);
    // Only equalities are proved over families.
    for claim in claims().into_iter().filter(|claim| matches!(claim.kind, Kind::Exact)) {
        let all = |dimension| [false, true].map(|diagonal| claim.families(dimension, diagonal, &[]));
        for family in (1..=3).flat_map(all).flatten() {
            let count = family.parameters().len();
            let mut point = || {
                Vec::from_iter((0..count).map(|_| Rational::from((choices.integer(-3_000_000, 12_000_000), 1_000_000))))
            };
            for hypothesis in &claim.hypotheses {
                let holds =
                    (0..POINTS).any(|_| family.setting(&point()).is_ok_and(|setting| hypothesis.may_hold(&setting)));
                assert!(holds, "{}: {} in no setting of {family}", claim.id, hypothesis.name);
            }
        }
    }
}

#[test]
fn what_is_drawn_varies() {
    for claim in claims() {
        let drawn = draws(claim, &[], most(claim, 2));
        assert!(drawn.windows(2).any(|pair| pair[0] != pair[1]), "{} is always drawn alike", claim.id);
    }
}

#[test]
fn identifiers_are_unique_and_name_a_topic() {
    let ids = Vec::from_iter(REGISTRY.iter().map(|claim| claim.id()));
    for (i, id) in ids.iter().enumerate() {
        assert_eq!(id.split('/').count(), 2, "{id}");
        assert!(!ids[..i].contains(id), "{id} twice");
    }
}

/// A setting with a singular A satisfies all that is assumed. Where A ≻ 0 is, there is none.
#[test]
fn a_singular_setting_satisfies_the_hypotheses() {
    let mut reached = 0;
    for claim in claims() {
        let mut choices = Seeded::new(1);
        for dimension in 1..=most(claim, 2) {
            let draw = |_| claim.draw_singular(dimension, &[], &mut choices).ok().flatten();
            let drawn = Vec::from_iter((0..DRAWS).filter_map(draw));
            reached += usize::from(!drawn.is_empty());
            assert!(drawn.is_empty() || !claim.assumes(&FULL_RANK, &[]), "{}", claim.id);
            for setting in &drawn {
                assert!(claim.hypotheses.iter().all(|h| h.may_hold(setting)), "{}: {setting:?}", claim.id);
                assert!(has_covariances(setting), "{}: {setting:?}", claim.id);
                assert!(matrix::inverse(&setting.feature_covariance()).is_err(), "{}: {setting:?}", claim.id);
            }
        }
    }
    assert!(reached > 10, "{reached}");
}

#[test]
fn full_rank_is_imposed_on_dependent_features() {
    let mut choices = Seeded::new(1);
    for dimension in 1..=3 {
        for _ in 0..DRAWS {
            let setting = any_singular_setting(dimension, &mut choices).unwrap();
            assert!(!FULL_RANK.may_hold(&setting));
            assert!(FULL_RANK.may_hold(&(FULL_RANK.impose)(setting, &mut choices).unwrap()));
        }
    }
}
