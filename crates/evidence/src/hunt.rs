//! A search for settings at which a claim fails that holds wherever it was drawn.
//!
//! Draws are tame: features are independent, and steps are small. A claim may fail elsewhere alone:
//!
//! - at a singular A, where M⁺ jumps, and with it the stationary state: along the null space weights stand still;
//! - in settings of a kind that draws seldom need: Γ of another sign or 0, σ² = 0, B = 0, large S and N, μ near 1;
//! - if it is an inequality, at few minibatches' draws, next to the edge of stability, or wherever its slack is small.
//!   From the settings with the smallest slack a descent over their numbers goes on.
//!
//! The search is deterministic, and its work is bounded.

use std::ops::RangeInclusive;

use claims::hypotheses::STATIONARY;
use claims::{Claim, Form, Hypothesis, Kind};
use formula::Subject;
use numbers::{Matrix, matrix};
use rug::Rational;
use symbols::{BatchSize, Population, Setting};

use crate::admission::{admits, is_stationary, is_stationary_as_assumed};
use crate::change::{Change, simple, simplest};
use crate::draw::Draw;
use crate::engine::exact::Exact;
use crate::engine::{Judge, subject};
use crate::inequality;
use crate::part::Part;
use crate::verdict::Verdict;

/// The number of settings with a singular A, for each weight.
const SINGULAR: usize = 3;
/// The number of settings of a kind that draws seldom need.
const RARE: usize = 12;
/// The number of settings of an inequality that are drawn as any others are.
const PLAIN: usize = 8;
/// The number of settings of an inequality whose learning rates are brought to the edge of stability.
const SCALED: usize = 3;
/// The largest S at which each of them is tried, besides its own.
const BATCH_SIZES: u32 = 3;
/// A large S at which each of them is tried besides, where features are Gaussian: with few draws the edge is far below
/// that of the mean.
const LARGE_BATCH_SIZE: u32 = 10;
/// The learning rates, as parts of the largest stable one.
const BELOW: [(u32, u32); 4] = [(1, 2), (3, 4), (9, 10), (99, 100)];
/// The same beyond it, where a claim speaks of what is not stable.
const BEYOND: [(u32, u32); 3] = [(101, 100), (5, 4), (2, 1)];
/// How often a learning rate is doubled or halved until the edge is passed.
const DOUBLINGS: usize = 12;
/// How often the interval in which the edge lies is halved then: to a part in a hundred.
const HALVINGS: usize = 7;
/// The number of settings from which a descent starts.
const STARTS: usize = 4;
/// The number of settings that a descent asks for, by the number of weights.
const EVALUATIONS: [usize; 2] = [500, 120];
/// By what a descent multiplies learning rates besides.
const STEPS: [(u32, u32); 4] = [(9, 10), (10, 9), (1, 2), (2, 1)];

/// A search under the hypotheses of a claim.
pub struct Hunt<'a> {
    /// The claim whose hypotheses the settings satisfy, except for those in `without`.
    pub claim: &'a Claim,
    /// Its form that may fail.
    pub form: &'a Form,
    /// The hypotheses that the settings break.
    pub without: &'a [&'a Hypothesis],
    /// D.
    pub dimension: usize,
    /// The seed from which all choices follow.
    pub seed: u64,
}

impl Hunt<'_> {
    /// The verdict that is sought: that a claim of existence has its witness, that any other one fails.
    pub fn sought(claim: &Claim) -> Verdict {
        if matches!(claim.kind, Kind::Existence) { Verdict::Agrees } else { Verdict::Differs }
    }

    /// The numbers of weights at which a setting is sought. The edge of stability depends on many eigenvalues.
    pub fn dimensions(claim: &Claim) -> RangeInclusive<usize> {
        if matches!(claim.kind, Kind::Stability) { 1..=3 } else { 1..=2 }
    }

    /// A setting with the verdict that is sought, if one is found.
    pub fn find(&self, exact: &mut Exact) -> Option<Setting<Rational>> {
        self.find_all(exact).into_iter().next()
    }

    /// Settings with the verdict that is sought, those with few draws in a minibatch first; a descent goes on where
    /// there would be none.
    pub fn find_all(&self, exact: &mut Exact) -> Vec<Setting<Rational>> {
        let rare = Vec::from_iter(self.rare());
        let found = self.sought_among(self.singular().chain(rare.iter().cloned()), exact);
        if found.is_empty() && self.claim.kind.is_inequality() { self.find_inequality(rare, exact) } else { found }
    }

    /// The same among settings with a singular A and those of a kind that draws seldom need.
    pub fn find_rare(&self, exact: &mut Exact) -> Vec<Setting<Rational>> {
        self.sought_among(self.singular().chain(self.rare()), exact)
    }

    fn singular(&self) -> impl Iterator<Item = Setting<Rational>> {
        (0..SINGULAR * self.dimension).map_while(|i| self.draw(&format!("singular {i}")).singular())
    }

    fn rare(&self) -> impl Iterator<Item = Setting<Rational>> {
        (0..RARE).filter_map(|i| self.draw(&format!("rare {i}")).rare())
    }

    /// The same among settings at which inequalities fail; from `rare` ones, none of which is sought, a descent may start.
    fn find_inequality(&self, rare: Vec<Setting<Rational>>, exact: &mut Exact) -> Vec<Setting<Rational>> {
        let plain = (0..PLAIN).filter_map(|i| self.draw(&format!("plain {i}")).setting(|_| true));
        let tried = Vec::from_iter(plain.chain(rare).chain(self.about_the_edge()));
        let found = self.sought_among(tried.iter().cloned(), exact);
        if !found.is_empty() {
            return found;
        }
        let slack = |setting| Some((self.slack(setting, exact)?, setting));
        let mut starts = Vec::from_iter(tried.iter().filter_map(slack).filter(|(slack, _)| !slack.is_zero()));
        starts.sort_by(|one, other| one.0.cmp(&other.0));
        starts.truncate(STARTS);
        Vec::from_iter(starts.into_iter().find_map(|(slack, start)| self.descend(start.clone(), slack)))
    }

    fn draw<'b>(&'b self, name: &'b str) -> Draw<'b> {
        let &Hunt { claim, without, dimension, seed, .. } = self;
        Draw { claim, without, dimension, seed, name, sparse: false }
    }

    fn sought_among(
        &self,
        settings: impl Iterator<Item = Setting<Rational>>,
        exact: &mut Exact,
    ) -> Vec<Setting<Rational>> {
        Vec::from_iter(settings.filter(|setting| self.is_sought(setting, exact)))
    }

    fn is_sought(&self, setting: &Setting<Rational>, exact: &mut Exact) -> bool {
        exact.judge(self.claim, self.form, setting).verdict == Hunt::sought(self.claim)
    }

    fn admits(&self, setting: &Setting<Rational>) -> bool {
        admits(self.claim, self.without, setting) && is_stationary_as_assumed(self.claim, self.without, setting)
    }

    /// Settings with several learning rates about the largest stable one, and several S.
    fn about_the_edge(&self) -> Vec<Setting<Rational>> {
        let is_assumed = self.claim.assumes(&STATIONARY, self.without);
        if !is_assumed && subject(self.claim) == Subject::Minibatch {
            return Vec::new();
        }
        let is_condition = matches!(self.claim.kind, Kind::Stability | Kind::Equivalence);
        let speaks_beyond = !is_assumed && is_condition;
        let parts = BELOW.iter().chain(BEYOND.iter().filter(|_| speaks_beyond)).map(|&part| Rational::from(part));
        let parts = Vec::from_iter(parts);
        let drawn = (0..SCALED).filter_map(|i| self.draw(&format!("edge {i}")).setting(|_| true));
        let drawn = Vec::from_iter(drawn);
        let equal = drawn.first().filter(|_| self.dimension > 1 && is_condition).and_then(isotropic);
        let drawn = drawn.into_iter().chain(equal);
        let sizes = drawn.flat_map(|drawn| {
            let own = drawn.batch_size().get();
            let large = matches!(drawn.population(), Population::Gaussian(_)).then_some(LARGE_BATCH_SIZE);
            let sizes = (1..=BATCH_SIZES).chain(Some(own).filter(|S| *S > BATCH_SIZES)).chain(large);
            Vec::from_iter(sizes.filter_map(|S| drawn.clone().with_batch_size(BatchSize::new(S).ok()?).ok()))
        });
        let mut sizes = Vec::from_iter(sizes);
        sizes.sort_by_key(|setting| setting.batch_size());
        let sizes = sizes.into_iter();
        let scaled = sizes.filter(|setting| admits(self.claim, self.without, setting)).flat_map(|setting| {
            let edge = edge(&setting);
            // A simple number, so that a witness stays readable.
            let at = move |part: &Rational| {
                let size = edge.clone()? * part;
                let lower = &size * Rational::from((99, 100));
                scaled(&setting, &simplest(lower, size))
            };
            Vec::from_iter(parts.iter().filter_map(at))
        });
        Vec::from_iter(scaled.filter(|setting| self.admits(setting)))
    }

    /// How far a bound is from being broken, or a claim of existence from having its witness, relative to both sides.
    /// `None` for conditions, and where there is no answer.
    fn slack(&self, setting: &Setting<Rational>, exact: &mut Exact) -> Option<Rational> {
        if !matches!(self.claim.kind, Kind::Bound | Kind::Existence) {
            return None;
        }
        inequality::slack(self.claim.kind, self.form, &exact.compare(self.claim, self.form, setting).ok()?)
    }

    /// Goes from a setting to others with less slack, number by number, until the bound is broken.
    fn descend(&self, mut setting: Setting<Rational>, mut slack: Rational) -> Option<Setting<Rational>> {
        let (numbers, exact) = (simple(3, 3), &mut Exact::default());
        let mut evaluations = EVALUATIONS[usize::from(self.dimension > 1)];
        loop {
            let mut is_better = false;
            let rates = STEPS.iter().map(|&step| scaled(&setting, &Rational::from(step)));
            let changed = Change::all(&setting, &numbers).into_iter().flatten().map(|change| change.apply(&setting));
            let candidates = Vec::from_iter(rates.chain(changed).flatten());
            for candidate in candidates.into_iter().filter(|candidate| admits(self.claim, self.without, candidate)) {
                evaluations = evaluations.checked_sub(1)?;
                let Some(less) = self.slack(&candidate, exact).filter(|less| *less < slack && !less.is_zero()) else {
                    continue;
                };
                if !is_stationary_as_assumed(self.claim, self.without, &candidate) {
                    continue;
                }
                (setting, slack, is_better) = (candidate, less, true);
                if slack < 0 {
                    return self.is_sought(&setting, exact).then_some(setting);
                }
                break;
            }
            if !is_better {
                return None;
            }
        }
    }
}

/// The setting with A = I, where the most directions come to the edge at once.
fn isotropic(setting: &Setting<Rational>) -> Option<Setting<Rational>> {
    Part::FeatureCovariance.put(setting.clone(), matrix::identity(setting.dimension()))
}

/// The setting with Λ multiplied by a factor.
fn scaled(setting: &Setting<Rational>, factor: &Rational) -> Option<Setting<Rational>> {
    let L: Matrix<Rational> = setting.learning_rate() * factor.clone();
    Part::LearningRate.put(setting.clone(), L)
}

/// A factor on Λ with which there is a stationary state, next to a larger one with which there is none; `None` where
/// either is not found.
fn edge(setting: &Setting<Rational>) -> Option<Rational> {
    let is_stable = |factor: &Rational| scaled(setting, factor).is_some_and(|setting| is_stationary(&setting));
    let mut low = Rational::from(1);
    let outward = if is_stable(&low) { Rational::from(2) } else { Rational::from((1, 2)) };
    let mut high = (0..DOUBLINGS).find_map(|_| {
        let next = Rational::from(&low * &outward);
        let is_passed = is_stable(&next) != (outward > 1);
        let last = std::mem::replace(&mut low, next);
        is_passed.then_some(last)
    })?;
    if outward > 1 {
        std::mem::swap(&mut low, &mut high);
    }
    for _ in 0..HALVINGS {
        let middle = Rational::from(&low + &high) / 2;
        if is_stable(&middle) { low = middle } else { high = middle }
    }
    Some(low)
}

#[cfg(test)]
mod tests {
    use claims::file;
    use numbers::matrix::is_positive_definite;

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
            let edge = edge(&setting).unwrap() * LA[(0, 0)].clone();
            let expected = Rational::from((2 * S, S + 1 + dimension as u32));
            assert!(edge < expected && edge * Rational::from((101, 100)) > expected);
        }
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
}
