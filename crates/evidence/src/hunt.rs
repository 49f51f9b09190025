//! A search for settings at which a claim fails that holds wherever it was drawn.
//!
//! Draws are tame: features are independent, and steps are small. A claim may fail elsewhere alone:
//!
//! - at a singular A, where M⁺ jumps, and with it the stationary state: along the null space weights stand still;
//! - in settings of a kind that draws seldom need: Γ of another sign or 0, σ² = 0, B = 0, large S and N, μ near 1;
//! - if it is an inequality, at few minibatches' draws, next to the edge of stability, or wherever its slack is small.
//!   From the settings with the smallest slack a descent over their numbers goes on;
//! - if it is a condition, between the edge that it claims and the true one, however near they are;
//! - if it has a positive part (x)₊, on the other side of x = 0.
//!
//! The search is deterministic, and its work is bounded.

use std::ops::RangeInclusive;

use claims::hypotheses::STATIONARY;
use claims::{Claim, Form, Hypothesis, Kind};
use formula::{Difference, Given, Subject};
use numbers::matrix::{is_positive_definite, is_positive_semidefinite};
use numbers::{Matrix, matrix};
use rug::Rational;
use symbols::{BatchSize, Population, Setting};

use crate::admission::{admits, is_stationary, is_stationary_as_assumed};
use crate::change::{Change, simple, simplest};
use crate::draw::Draw;
use crate::edge::{edge, halved, next_to};
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
/// How often the interval in which the edge lies is halved: to a part in a hundred.
const HALVINGS: usize = 7;
/// How often it is halved further where a claim says where it lies: to a part in two thousand.
const FINER: usize = 4;
/// How often it is halved further for a bound, which may be broken next to a pole alone: to a part in a million.
const FINEST: usize = 13;
/// From how many seeds a condition is searched that nothing but the search stands for, and from how many a bound, which
/// takes longer.
const SEEDS: [u64; 2] = [4, 2];
/// The numbers of weights at which it goes on about the edge of stability, which depends on how many there are.
const MANY_WEIGHTS: RangeInclusive<usize> = 4..=5;
/// The learning rates, as multiples of one that was drawn, between which a condition is followed to where it changes.
const SIZES: [(u32, u32); 7] = [(1, 8), (1, 4), (1, 2), (1, 1), (2, 1), (4, 1), (8, 1)];
/// The values that one number of a setting takes after the other, where a formula may be another one beyond some value.
const VALUES: [(u32, u32); 6] = [(0, 1), (1, 12), (1, 3), (3, 1), (12, 1), (40, 1)];
/// The number of settings whose numbers take them.
const VARIED: usize = 2;
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
    fn dimensions(claim: &Claim) -> RangeInclusive<usize> {
        if matches!(claim.kind, Kind::Stability) { 1..=3 } else { 1..=2 }
    }

    /// A setting with the verdict that is sought, of any of the dimensions at which one is sought, if one is found.
    pub fn anywhere(
        claim: &Claim,
        form: &Form,
        without: &[&Hypothesis],
        seed: u64,
        exact: &mut Exact,
    ) -> Option<Setting<Rational>> {
        let hunt = |dimension| Hunt { claim, form, without, dimension, seed };
        Hunt::dimensions(claim).find_map(|dimension| hunt(dimension).find(exact))
    }

    /// As [`Hunt::anywhere`], and for an inequality from several seeds: it has no proof, and the search is all that
    /// stands for it.
    pub fn thoroughly(claim: &Claim, form: &Form, seed: u64, exact: &mut Exact) -> Option<Setting<Rational>> {
        let seeds = match claim.kind {
            Kind::Stability | Kind::Equivalence => SEEDS[0],
            Kind::Bound | Kind::Existence => SEEDS[1],
            _ => 1,
        };
        let found = (0..seeds).find_map(|i| Hunt::anywhere(claim, form, &[], seed.wrapping_add(i), exact));
        let of_many = || {
            let hunt = |dimension| Hunt { claim, form, without: &[], dimension, seed };
            MANY_WEIGHTS.filter(|_| matches!(claim.kind, Kind::Stability)).find_map(|dimension| {
                let hunt = hunt(dimension);
                hunt.sought_among(hunt.about_the_edge().into_iter(), exact).into_iter().next()
            })
        };
        found.or_else(of_many)
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
        let is_in_parts = self.claim.kind.is_inequality() || self.form.formula().has_positive_part();
        if found.is_empty() && is_in_parts { self.find_inequality(rare, exact) } else { found }
    }

    /// Settings with the verdict that is sought, among those with a singular A and those of a kind that draws seldom need.
    pub fn find_rare(&self, exact: &mut Exact) -> Vec<Setting<Rational>> {
        self.sought_among(self.singular().chain(self.rare()), exact)
    }

    fn singular(&self) -> impl Iterator<Item = Setting<Rational>> {
        (0..SINGULAR * self.dimension).map_while(|i| self.draw(&format!("singular {i}")).singular())
    }

    fn rare(&self) -> impl Iterator<Item = Setting<Rational>> {
        (0..RARE).filter_map(|i| self.draw(&format!("rare {i}")).rare())
    }

    /// Settings with the verdict that is sought, among those at which inequalities fail, and formulas with a positive
    /// part. From `rare` ones, none of which is sought, a descent may start.
    fn find_inequality(&self, rare: Vec<Setting<Rational>>, exact: &mut Exact) -> Vec<Setting<Rational>> {
        let plain = (0..PLAIN).filter_map(|i| self.draw(&format!("plain {i}")).setting(|_| true));
        let tried = Vec::from_iter(plain.chain(rare).chain(self.about_the_edge()));
        let found = self.sought_among(tried.iter().cloned(), exact);
        if !found.is_empty() {
            return found;
        }
        if matches!(self.claim.kind, Kind::Equivalence) {
            return self.sought_among(tried.iter().flat_map(|setting| self.about_the_condition(setting)), exact);
        }
        if self.form.formula().has_positive_part() {
            let varied = tried.iter().take(VARIED).flat_map(|setting| self.varied(setting));
            let found = self.sought_among(varied, exact);
            if !found.is_empty() {
                return found;
            }
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

    /// Whether a setting with Λ times a factor is stable, in the sense of the claim.
    fn is_stable(&self, setting: &Setting<Rational>, factor: &Rational) -> bool {
        let of_mean = matches!(self.claim.kind, Kind::Stability) && inequality::is_of_mean(&self.claim.printed);
        match scaled(setting, factor) {
            Some(setting) if of_mean => inequality::is_stable_in_mean(&setting) == Ok(true),
            Some(setting) => is_stationary(&setting),
            None => false,
        }
    }

    /// Settings with several learning rates about the largest stable one, and several S.
    fn about_the_edge(&self) -> Vec<Setting<Rational>> {
        let is_assumed = self.claim.assumes(&STATIONARY, self.without);
        if !is_assumed && subject(self.claim) == Subject::Minibatch {
            return Vec::new();
        }
        let is_condition = matches!(self.claim.kind, Kind::Stability | Kind::Equivalence);
        let speaks_beyond = !is_assumed && is_condition;
        let finer = match self.claim.kind {
            Kind::Stability => Some(FINER),
            Kind::Bound | Kind::Existence if self.dimension == 1 => Some(FINEST),
            Kind::Bound | Kind::Existence => Some(FINER),
            _ => None,
        };
        let parts = BELOW.iter().chain(BEYOND.iter().filter(|_| speaks_beyond)).map(|&part| Rational::from(part));
        let parts = Vec::from_iter(parts);
        let drawn = (0..SCALED).filter_map(|i| self.draw(&format!("edge {i}")).setting(|_| true));
        let drawn = Vec::from_iter(drawn);
        let equal = drawn.first().filter(|_| self.dimension > 1 && is_condition).and_then(isotropic);
        let still = drawn.iter().find_map(without_momentum);
        let drawn = drawn.into_iter().chain(equal).chain(still);
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
            let is_stable = |factor: &Rational| self.is_stable(&setting, factor);
            let Some(edge) = edge(HALVINGS, is_stable) else { return Vec::new() };
            // A simple number, so that a witness stays readable.
            let at = |part: &Rational| {
                let size = Rational::from(&edge[0] * part);
                let lower = &size * Rational::from((99, 100));
                scaled(&setting, &simplest(lower, size))
            };
            let finer = finer.map(|times| halved(edge.clone(), times, |factor| Some(is_stable(factor))));
            let next = finer.map_or_else(Vec::new, next_to);
            let next = next.iter().filter_map(|size| scaled(&setting, size));
            Vec::from_iter(parts.iter().filter_map(at).chain(next))
        });
        Vec::from_iter(scaled.filter(|setting| self.admits(setting)))
    }

    /// Learning rates on both sides of each place where a comparison of the form changes.
    fn about_the_condition(&self, setting: &Setting<Rational>) -> Vec<Setting<Rational>> {
        let signs = |size: &Rational| {
            let setting = scaled(setting, size)?;
            let differences = self.form.formula().differences(&Given::setting(&setting)).ok()?;
            // The sign of a number, or those of all eigenvalues.
            let sign = |of: &Difference<Rational>| {
                [of.difference.clone(), -&of.difference]
                    .map(|M| (is_positive_definite(&M), is_positive_semidefinite(&M)))
            };
            let is_square = |of: &Difference<Rational>| of.on.is_none() && matrix::is_symmetric(&of.difference);
            differences.iter().all(is_square).then(|| Vec::from_iter(differences.iter().map(sign)))
        };
        let sizes = Vec::from_iter(SIZES.iter().map(|size| Rational::from(*size)));
        let mut found = Vec::new();
        for pair in sizes.windows(2) {
            let [Some(first), Some(last)] = [&pair[0], &pair[1]].map(&signs) else { continue };
            for i in (0..first.len().min(last.len())).filter(|&i| first[i] != last[i]) {
                let is_low = |size: &Rational| Some(signs(size)?.get(i) == first.get(i));
                found.extend(next_to(halved([pair[0].clone(), pair[1].clone()], HALVINGS + FINER, is_low)));
            }
        }
        let found = found.iter().filter_map(|size| scaled(setting, size));
        Vec::from_iter(found.filter(|setting| self.admits(setting)))
    }

    /// The settings with another value of one number.
    fn varied(&self, setting: &Setting<Rational>) -> Vec<Setting<Rational>> {
        let values = VALUES.map(Rational::from);
        let changes = Change::all(setting, &values).into_iter().flatten();
        Vec::from_iter(changes.filter_map(|change| change.apply(setting)).filter(|varied| self.admits(varied)))
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

/// The setting with μ = 0, if it had momentum: the pull of few draws is the strongest there.
fn without_momentum(setting: &Setting<Rational>) -> Option<Setting<Rational>> {
    (!setting.momentum().is_zero()).then(|| Part::Momentum.put(setting.clone(), Matrix::zeros(1, 1)))?
}

/// The setting with Λ multiplied by a factor.
fn scaled(setting: &Setting<Rational>, factor: &Rational) -> Option<Setting<Rational>> {
    let L: Matrix<Rational> = setting.learning_rate() * factor.clone();
    Part::LearningRate.put(setting.clone(), L)
}

#[cfg(test)]
mod tests;
