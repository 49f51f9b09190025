//! Points at which the exact engine was asked once, so that hundreds of texts are tried there.
//!
//! An equality is tried at random points of the families, over 𝔽ₚ: one that does not hold passes with a probability
//! below 2⁻¹⁰⁰. An order of convergence is tried there over power series in the parameter. A condition is tried at
//! settings over ℚ, many of which lie on either side of the edge.

mod condition;
mod points;
mod series;
mod word;

use claims::family::Samples;
use claims::hypotheses::ONE_WEIGHT;
use claims::{Claim, Family, Form, Hypothesis, Kind};
use evidence::{Draw, inequality};
use notation::tree::When;
use num_traits::One;
use numbers::Residue;
use rayon::prelude::*;
use rug::{Integer, Rational};
use symbols::{Gaussian, Population, Setting};

pub(crate) use word::Word;

use condition::{Conditions, condition};
use points::{Points, Required};
use series::{NOTHING, Series};
use word::{all, repeated};

/// The dimensions and shapes that are tried, the cheapest ones first.
const SHAPES: [(usize, bool); 5] = [(1, true), (2, true), (2, false), (3, true), (3, false)];
/// As above, where two functions are compared.
const FEW_SHAPES: [(usize, bool); 3] = [(1, true), (2, true), (2, false)];

/// How many settings are drawn beside the families, which may be narrower than the hypotheses: w* = 0 where a minimum is
/// zero, and one weight where several move in one direction.
const DRAWN_BESIDE: usize = 6;

/// The points of a claim.
pub(crate) enum Trial {
    /// Of an equality.
    Equal(Points<Residue>),
    /// Of an order of convergence.
    Order(Points<Series>),
    /// Of a condition.
    Condition(Conditions),
}

/// What one text says at the settings of a trial: of a condition, whether it holds at each, where it has a value; of
/// other kinds nothing, because their points evaluate two texts together.
pub(crate) struct Known(Vec<Option<bool>>);

impl Trial {
    /// The points of a claim of which the hypotheses in `without` are dropped; `None` for kinds that are not tried.
    pub(crate) fn of(claim: &Claim, without: &[&Hypothesis], seed: u64) -> Option<Trial> {
        Trial::over(claim, without, &SHAPES, seed)
    }

    /// As above at fewer points, where functions are compared.
    pub(crate) fn beyond(claim: &Claim, without: &[&Hypothesis], seed: u64) -> Option<Trial> {
        Trial::over(claim, without, &FEW_SHAPES, seed)
    }

    fn over(claim: &Claim, without: &[&Hypothesis], shapes: &[(usize, bool)], seed: u64) -> Option<Trial> {
        let families = || {
            let all = shapes.iter().flat_map(|&(dimension, diagonal)| claim.families(dimension, diagonal, without));
            all.filter(commutes)
        };
        let required = match claim.kind {
            Kind::Exact => Required::Absolute(NOTHING),
            Kind::Limit { order, .. } => Required::Absolute(i32::try_from(order).ok()?),
            Kind::Approximation { order, .. } => Required::Relative(i32::try_from(order).ok()?),
            Kind::Stability | Kind::Equivalence => {
                let ask = without.is_empty() && matches!(claim.kind, Kind::Stability);
                let conditions = Conditions::new(claim, without, families(), ask, seed);
                return Some(Trial::Condition(conditions)).filter(|trial| !trial.is_empty());
            }
            Kind::Bound | Kind::Existence => return None,
        };
        let dimension = if claim.assumes(&ONE_WEIGHT, without) { 1 } else { 2 };
        let drawn = || {
            let draw = |i| {
                let name = format!("trial {i}");
                Draw { claim, without, dimension, seed, name: &name, sparse: false }.setting(|_| true)
            };
            (0..DRAWN_BESIDE).filter_map(draw)
        };
        let trial = match claim.kind.path() {
            None => {
                let drawn = drawn().map(|setting| setting.map(residue));
                Trial::Equal(Points::new(required, claim, families(), drawn, seed, |_, value| Some(value)))
            }
            Some((path, _)) => {
                let place = |name: &str, value| Some(Series::monomial(value, exponent(path.parameter, name)?));
                let families = families().filter(|family| {
                    let parameters = family.parameters();
                    parameters.iter().any(|parameter| exponent(path.parameter, &parameter.name).is_some_and(|e| e != 0))
                });
                let drawn = drawn().filter_map(|setting| along(path.parameter, &setting));
                Trial::Order(Points::new(required, claim, families, drawn, seed, place))
            }
        };
        (!trial.is_empty()).then_some(trial)
    }

    /// Whether there is no point at all.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Trial::Equal(points) => points.is_empty(),
            Trial::Order(points) => points.is_empty(),
            Trial::Condition(Conditions { settings, .. }) => settings.is_empty(),
        }
    }

    /// What a text says: that it fails at some point, or that it has no value at one, or that it holds at all of them.
    pub(crate) fn word(&self, form: &Form) -> Word {
        match self {
            Trial::Equal(points) => points.word(form),
            Trial::Order(points) => points.word(form),
            Trial::Condition(Conditions { settings, .. }) => {
                let words = settings.iter().map(|(setting, stable)| condition(form, setting, *stable));
                all(words)
            }
        }
    }

    /// Whether a text holds at all points. A condition may have a pole on the edge, where some settings are; it holds where it
    /// has a value, and that is nearly everywhere.
    pub(crate) fn holds(&self, form: &Form) -> bool {
        let Trial::Condition(Conditions { settings, .. }) = self else { return self.word(form) == Word::Holds };
        let mut without_value = 0;
        for (setting, stable) in settings {
            match condition(form, setting, *stable) {
                Word::Fails => return false,
                Word::NoValue => without_value += 1,
                Word::Holds => {}
            }
        }
        10 * without_value <= settings.len()
    }

    /// Whether a text says nothing, as L = L: it holds at a setting with the answer of another one.
    pub(crate) fn says_nothing(&self, form: &Form) -> bool {
        match self {
            Trial::Equal(points) => points.says_nothing(form),
            Trial::Order(points) => points.says_nothing(form),
            Trial::Condition(Conditions { settings, .. }) => {
                let holds = Vec::from_iter(settings.iter().map(|(setting, _)| form.holds(setting).ok()));
                holds.iter().all(|word| *word == holds[0])
            }
        }
    }

    /// Whether a condition follows from another one that is claimed to be necessary, or that one from it where it is claimed
    /// to be sufficient, at all settings that were drawn.
    pub(crate) fn says_less(&self, form: &Form, changed: &Form) -> bool {
        let Trial::Condition(Conditions { settings, .. }) = self else { return false };
        let when = inequality::direction(form);
        settings.iter().all(|(setting, _)| match (when, form.holds(setting), changed.holds(setting)) {
            (When::OnlyIf, Ok(claimed), Ok(changed)) => changed || !claimed,
            (When::If, Ok(claimed), Ok(changed)) => claimed || !changed,
            _ => false,
        })
    }

    /// Leaves the points at which a text holds.
    pub(crate) fn retain(&mut self, form: &Form) {
        match self {
            Trial::Equal(points) => points.retain(form),
            Trial::Order(points) => points.retain(form),
            Trial::Condition(Conditions { settings, .. }) => {
                settings.retain(|(setting, stable)| condition(form, setting, *stable) == Word::Holds);
            }
        }
    }

    /// For each of several texts, whether one before it is the same function, as far as one random point of at most two
    /// dimensions and the settings that were drawn tell.
    pub(crate) fn duplicates(&self, forms: &[Option<&Form>]) -> Vec<bool> {
        match self {
            Trial::Equal(points) => points.duplicates(forms),
            Trial::Order(points) => points.duplicates(forms),
            Trial::Condition(conditions) => {
                let all = Vec::from_par_iter(forms.par_iter().map(|form| form.map(|form| conditions.holds(form))));
                repeated(&all)
            }
        }
    }

    /// Whether two texts that differ at no point are known to be the same function: an equality is tried at random
    /// points, a condition at drawn ones, so that its sides have to be the same at random ones.
    pub(crate) fn same(&self, one: &Form, other: &Form) -> bool {
        match self {
            Trial::Equal(_) | Trial::Order(_) => true,
            Trial::Condition(conditions) => conditions.same(one, other),
        }
    }

    /// Whether two texts are different functions; `None` where nothing can be said.
    pub(crate) fn differ(&self, one: &Form, other: &Form) -> Option<bool> {
        self.differ_from(one, &self.known(one), other)
    }

    /// What one text says at the settings of this trial. Whoever compares many texts with it evaluates it once so.
    pub(crate) fn known(&self, form: &Form) -> Known {
        match self {
            Trial::Equal(_) | Trial::Order(_) => Known(Vec::new()),
            Trial::Condition(conditions) => Known(conditions.holds(form)),
        }
    }

    /// Whether two texts are different functions, where `known` is what this trial [knows](Trial::known) of `one`; `None`
    /// where nothing can be said.
    pub(crate) fn differ_from(&self, one: &Form, known: &Known, other: &Form) -> Option<bool> {
        match self {
            Trial::Equal(points) => points.differ(one, other),
            Trial::Order(points) => points.differ(one, other),
            Trial::Condition(Conditions { settings, .. }) => {
                let pairs = settings.iter().zip(&known.0);
                let mut pairs =
                    pairs.filter_map(|((setting, _), one)| Some(((*one)?, other.holds(setting).ok()?))).peekable();
                pairs.peek()?;
                Some(pairs.any(|(one, other)| one != other))
            }
        }
    }
}

/// Whether everything commutes with A, where a family is diagonal. The A of a data set is not, so that a diagonal Λ or Γ
/// does not commute with it.
pub(crate) fn commutes(family: &Family) -> bool {
    !family.diagonal || family.dimension == 1 || family.samples == Samples::Gaussian
}

/// The power of ε that a parameter takes along a path; `None` for paths that no parameter follows.
fn exponent(path: &str, name: &str) -> Option<i32> {
    match path {
        "λ" => Some(i32::from(name.starts_with('λ'))),
        "1/S" => Some(if name == "S" { -1 } else { 0 }),
        "σ²" => Some(i32::from(name == "σ²")),
        _ => None,
    }
}

/// A setting whose parameter is multiplied by ε; `None` for paths that are not tried.
fn along(path: &str, setting: &Setting<Rational>) -> Option<Setting<Series>> {
    let power = |exponent| Series::monomial(Residue::one(), exponent);
    let setting = setting.map(|value| Series::monomial(residue(value), 0));
    match (path, setting.population().clone()) {
        ("λ", _) => {
            let L = setting.learning_rate() * power(1);
            setting.with_learning_rate(L).ok()
        }
        ("1/S", _) => {
            let (momentum, draws) = (*setting.momentum(), *setting.draws() * power(-1));
            Some(setting.with_indeterminates(momentum, draws))
        }
        ("σ²", Population::Gaussian(model)) => {
            let label_noise_variance = model.label_noise_variance * power(1);
            setting.with_population(Population::Gaussian(Gaussian { label_noise_variance, ..model })).ok()
        }
        _ => None,
    }
}

/// A fraction modulo p.
fn residue(value: &Rational) -> Residue {
    let part = |part: &Integer| {
        let size = Integer::from(part.abs_ref()) % Integer::from(Residue::MODULUS);
        Residue::new(size.to_u128_wrapping())
    };
    let size = part(value.numer()) / part(value.denom());
    if *value < 0 { -size } else { size }
}
