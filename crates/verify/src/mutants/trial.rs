//! Points at which the exact engine was asked once, so that hundreds of texts are tried there.
//!
//! An equality is tried at random points of the families, over 𝔽ₚ: one that does not hold passes with a probability
//! below 2⁻¹⁰⁰. An order of convergence is tried there over power series in the parameter. A condition is tried at
//! settings over ℚ, many of which lie on either side of the edge.

use std::sync::OnceLock;

use claims::family::{Decay, Samples};
use claims::hypotheses::EQUAL_RESIDUALS_AT_MINIMUM;
use claims::{Claim, Family, Form, Hypothesis, Kind};
use formula::Subject;
use numbers::{Matrix, Residue, Scalar};
use rayon::prelude::*;
use rug::Rational;
use symbols::Setting;

use super::series::{NOTHING, Order, Series};
use crate::choices::Seeded;
use crate::engine::exact::Exact;
use crate::engine::{Answer, Comparison, subject};
use crate::inequality;
use crate::instance::Draw;
use crate::verdict::Verdict;

/// What a text says at some points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    Holds,
    Fails,
    NoValue,
}

/// The dimensions and shapes that are tried, the cheapest ones first.
const SHAPES: [(usize, bool); 5] = [(1, true), (2, true), (2, false), (3, true), (3, false)];
/// As above, where two functions are compared.
const FEW_SHAPES: [(usize, bool); 3] = [(1, true), (2, true), (2, false)];

/// How many settings are drawn for a condition, in each dimension.
const DRAWN: usize = 6;
/// By what their learning rates are multiplied.
const SIZES: [(u32, u32); 5] = [(1, 4), (1, 1), (3, 2), (3, 1), (8, 1)];
/// How often the interval in which the edge lies is halved.
const HALVINGS: usize = 5;

/// The points of a claim.
pub(crate) enum Trial {
    /// Of an equality.
    Equal(Points<Residue>),
    /// Of an order of convergence.
    Order(Points<Series>),
    /// Of a condition: settings, and whether they are stationary.
    Condition(Vec<(Setting<Rational>, Option<bool>)>),
}

/// A field over which points are tried.
pub(crate) trait Field: Scalar + Send + Sync {
    fn is_defined(&self) -> bool;
    /// The order in the small parameter; without one, 0.
    fn order(&self) -> Order;
}

impl Field for Residue {
    fn is_defined(&self) -> bool {
        Residue::is_defined(*self)
    }

    fn order(&self) -> Order {
        if *self == Residue::default() { Order::AtLeast(NOTHING) } else { Order::Exactly(0) }
    }
}

impl Field for Series {
    fn is_defined(&self) -> bool {
        Series::is_defined(self)
    }

    fn order(&self) -> Order {
        Series::order(self)
    }
}

/// The order that an error must have.
#[derive(Debug, Clone, Copy)]
enum Required {
    /// This one.
    Absolute(i32),
    /// This one beyond that of what is claimed.
    Relative(i32),
}

/// Points of families, one each.
pub(crate) struct Points<T: Scalar> {
    required: Required,
    points: Vec<Point<T>>,
}

struct Point<T: Scalar> {
    family: Family,
    subject: Subject,
    values: Vec<T>,
    /// The setting and the engine's answer there, if there is one.
    asked: OnceLock<Option<(Setting<T>, Answer<T>)>>,
}

/// Both sides of a text at a point.
pub(crate) struct Sides<T>(Comparison<T>);

impl<T: Field> PartialEq for Sides<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0.found == other.0.found && self.0.claimed == other.0.claimed
    }
}

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
            all.map(|family| at_equal_residuals(claim, family)).filter(commutes)
        };
        let required = match claim.kind {
            Kind::Exact => Required::Absolute(NOTHING),
            Kind::Limit { order, .. } => Required::Absolute(i32::try_from(order).ok()?),
            Kind::Approximation { order, .. } => Required::Relative(i32::try_from(order).ok()?),
            Kind::Stability | Kind::Equivalence => {
                let ask = without.is_empty() && matches!(claim.kind, Kind::Stability);
                return Some(Trial::Condition(conditions(claim, without, ask, seed))).filter(|trial| !trial.is_empty());
            }
            Kind::Bound | Kind::Existence => return None,
        };
        let trial = match claim.kind.path() {
            None => Trial::Equal(Points::new(required, claim, families(), seed, |_, value| Some(value))),
            Some((path, _)) => {
                let place = |name: &str, value| Some(Series::monomial(value, exponent(path.parameter, name)?));
                let families = families().filter(|family| {
                    let parameters = family.parameters();
                    parameters.iter().any(|parameter| exponent(path.parameter, &parameter.name).is_some_and(|e| e != 0))
                });
                Trial::Order(Points::new(required, claim, families, seed, place))
            }
        };
        (!trial.is_empty()).then_some(trial)
    }

    /// Whether there is no point at all.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Trial::Equal(points) => points.points.is_empty(),
            Trial::Order(points) => points.points.is_empty(),
            Trial::Condition(settings) => settings.is_empty(),
        }
    }

    /// What a text says: that it fails at some point, or that it has no value at one, or that it holds at all of them.
    pub(crate) fn word(&self, form: &Form) -> Word {
        match self {
            Trial::Equal(points) => points.word(form),
            Trial::Order(points) => points.word(form),
            Trial::Condition(settings) => {
                let words = settings.iter().map(|(setting, stable)| condition(form, setting, *stable));
                all(words)
            }
        }
    }

    /// Whether a text says nothing, as L = L: it holds at a setting with the answer of another one.
    pub(crate) fn says_nothing(&self, form: &Form) -> bool {
        match self {
            Trial::Equal(points) => points.says_nothing(form),
            Trial::Order(points) => points.says_nothing(form),
            Trial::Condition(settings) => {
                let holds = Vec::from_iter(settings.iter().map(|(setting, _)| form.holds(setting).ok()));
                holds.iter().all(|word| *word == holds[0])
            }
        }
    }

    /// Leaves the points at which a text holds.
    pub(crate) fn retain(&mut self, form: &Form) {
        match self {
            Trial::Equal(points) => points.retain(form),
            Trial::Order(points) => points.retain(form),
            Trial::Condition(settings) => {
                settings.retain(|(setting, stable)| condition(form, setting, *stable) == Word::Holds);
            }
        }
    }

    /// For each of several texts, whether one before it is the same function, as far as one point of at most two
    /// dimensions tells.
    pub(crate) fn duplicates(&self, forms: &[Option<&Form>]) -> Vec<bool> {
        match self {
            Trial::Equal(points) => points.duplicates(forms),
            Trial::Order(points) => points.duplicates(forms),
            Trial::Condition(settings) => {
                let holds = |form: &Form| Vec::from_iter(settings.iter().map(|(setting, _)| form.holds(setting).ok()));
                let all = Vec::from_par_iter(forms.par_iter().map(|form| form.map(holds)));
                repeated(&all)
            }
        }
    }

    /// Whether two texts are different functions; `None` where nothing can be said.
    pub(crate) fn differ(&self, one: &Form, other: &Form) -> Option<bool> {
        match self {
            Trial::Equal(points) => points.differ(one, other),
            Trial::Order(points) => points.differ(one, other),
            Trial::Condition(settings) => {
                let pairs = settings
                    .iter()
                    .filter_map(|(setting, _)| Some((one.holds(setting).ok()?, other.holds(setting).ok()?)));
                let pairs = Vec::from_iter(pairs);
                (!pairs.is_empty()).then(|| pairs.iter().any(|(one, other)| one != other))
            }
        }
    }
}

/// A family with equal residuals at w*, where a claim about the stationary state asks for them: w₀, at which families
/// have them, is put there, and without weight decay the features come in pairs.
fn at_equal_residuals(claim: &Claim, family: Family) -> Family {
    let asked = claim.hypotheses.iter().any(|hypothesis| hypothesis.name == EQUAL_RESIDUALS_AT_MINIMUM.name);
    match family.samples {
        Samples::Data { batch_size: None, sampling, .. } if asked && family.equal_residuals => {
            let pairs = family.weight_decay == Decay::None;
            let count = if pairs { 2 * family.dimension } else { family.dimension + 1 };
            Family { samples: Samples::Data { count, batch_size: None, sampling }, at_minimum: true, ..family }
        }
        _ => family,
    }
}

/// Whether everything commutes with A, where a family is diagonal. The A of a data set is not, so that a diagonal Λ or Γ
/// does not commute with it.
fn commutes(family: &Family) -> bool {
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

fn all(words: impl Iterator<Item = Word>) -> Word {
    let mut found = Word::Holds;
    for word in words {
        match word {
            Word::Fails => return Word::Fails,
            Word::NoValue => found = Word::NoValue,
            Word::Holds => {}
        }
    }
    found
}

/// For each, whether it stands before, too.
fn repeated<S: PartialEq>(all: &[Option<S>]) -> Vec<bool> {
    let before = |i: usize| all[i].is_some() && all[..i].contains(&all[i]);
    Vec::from_iter((0..all.len()).map(before))
}

fn condition(form: &Form, setting: &Setting<Rational>, stable: Option<bool>) -> Word {
    let outcome = match stable {
        Some(stable) => inequality::stability(Ok(stable), form, setting),
        None => inequality::equivalence(form, setting),
    };
    match outcome.verdict {
        Verdict::Agrees => Word::Holds,
        Verdict::Differs => Word::Fails,
        _ => Word::NoValue,
    }
}

/// Settings that were drawn, with learning rates of several sizes. Where the engine is asked, there are more of them
/// about the edge.
fn conditions(claim: &Claim, without: &[&Hypothesis], ask: bool, seed: u64) -> Vec<(Setting<Rational>, Option<bool>)> {
    let drawn = (1..=2).flat_map(|dimension| (0..DRAWN).map(move |i| (dimension, i)));
    let of_one = |(dimension, i)| {
        let name = format!("condition {i}");
        let draw = Draw { claim, without, dimension, seed, name: &name, sparse: false };
        let drawn = draw.setting(|_| true)?;
        let scaled = |size: &Rational| drawn.clone().with_learning_rate(drawn.learning_rate() * size.clone()).ok();
        let sizes = SIZES.map(Rational::from);
        if !ask {
            return Some(Vec::from_iter(sizes.iter().filter_map(scaled).map(|setting| (setting, None))));
        }
        let exact = &mut Exact::default();
        let mut asked = Vec::new();
        let mut is_stable = |size: &Rational| {
            let setting = scaled(size)?;
            let stable = exact.is_stable(claim, &setting).ok()?;
            asked.push((setting, Some(stable)));
            Some(stable)
        };
        let (mut low, mut high) = (Rational::new(), None);
        for size in sizes {
            match is_stable(&size) {
                Some(true) => low = size,
                Some(false) => high = high.or(Some(size)),
                None => {}
            }
        }
        for _ in 0..HALVINGS {
            let Some(above) = high.clone() else { break };
            let middle = (low.clone() + above) / Rational::from(2);
            match is_stable(&middle) {
                Some(true) => low = middle,
                Some(false) => high = Some(middle),
                None => break,
            }
        }
        Some(asked)
    };
    let drawn = Vec::from_par_iter(Vec::from_iter(drawn).into_par_iter().filter_map(of_one));
    let kept = |setting: &Setting<Rational>| {
        claim
            .hypotheses
            .iter()
            .all(|hypothesis| without.iter().any(|other| other.name == hypothesis.name) || hypothesis.may_hold(setting))
    };
    Vec::from_iter(drawn.into_iter().flatten().filter(|(setting, _)| kept(setting)))
}

impl<T: Field> Points<T> {
    fn new(
        required: Required,
        claim: &Claim,
        families: impl Iterator<Item = Family>,
        seed: u64,
        place: impl Fn(&str, Residue) -> Option<T>,
    ) -> Self {
        let point = |family: Family| {
            let names = Vec::from_iter(claim.hypotheses.iter().map(|hypothesis| hypothesis.name)).join(" ");
            let mut random = Seeded::new(seed, &format!("trial / {names} / {family}"));
            let mut draw = || Residue::new(random.integer_of_127_bits().to_u128_wrapping());
            let parameters = family.parameters();
            let values = parameters.iter().map(|parameter| place(&parameter.name, draw()));
            let values = values.collect::<Option<Vec<T>>>()?;
            Some(Point { family, subject: subject(claim), values, asked: OnceLock::new() })
        };
        Points { required, points: Vec::from_iter(families.filter_map(point)) }
    }

    fn word(&self, form: &Form) -> Word {
        all(self.points.iter().filter_map(|point| point.word(form, self.required)))
    }

    fn says_nothing(&self, form: &Form) -> bool {
        self.points.iter().find_map(|point| point.says_nothing(form, self.required)).unwrap_or(false)
    }

    fn retain(&mut self, form: &Form) {
        let required = self.required;
        self.points.retain(|point| point.word(form, required) == Some(Word::Holds));
    }

    fn duplicates(&self, forms: &[Option<&Form>]) -> Vec<bool> {
        let cheap = |point: &&Point<T>| point.family.dimension <= 2;
        let richest = self
            .points
            .iter()
            .filter(cheap)
            .max_by_key(|point| (point.family.dimension, !point.family.diagonal, point.family.counts()));
        let Some(point) = richest else { return vec![false; forms.len()] };
        let all = Vec::from_par_iter(forms.par_iter().map(|form| point.sides((*form)?)));
        repeated(&all)
    }

    fn differ(&self, one: &Form, other: &Form) -> Option<bool> {
        let mut said = None;
        for point in &self.points {
            if let (Some(one), Some(other)) = (point.sides(one), point.sides(other)) {
                if one != other {
                    return Some(true);
                }
                said = Some(false);
            }
        }
        said
    }
}

impl<T: Field> Point<T> {
    fn asked(&self) -> Option<&(Setting<T>, Answer<T>)> {
        self.asked.get_or_init(|| self.ask(&self.values)).as_ref()
    }

    fn ask(&self, values: &[T]) -> Option<(Setting<T>, Answer<T>)> {
        let setting = self.family.setting(values).ok()?;
        let answer = match self.subject {
            Subject::Setting => Answer::Nothing,
            Subject::Minibatch => Answer::Minibatch(exact::minibatch(&setting).ok()?),
            Subject::Stationary => Answer::Stationary(exact::formal_moments(&setting).ok()?),
        };
        Some((setting, answer))
    }

    /// Whether a text holds here with the answer of another point of the family.
    fn says_nothing(&self, form: &Form, required: Required) -> Option<bool> {
        let (setting, _) = self.asked()?;
        let other = Vec::from_iter(self.values.iter().map(|value| value.clone() * T::from_integer(3)));
        let (_, answer) = self.ask(&other)?;
        Some(word(&sides(form, setting, &answer)?, required) == Word::Holds)
    }

    /// Both sides, if they have values.
    fn sides(&self, form: &Form) -> Option<Sides<T>> {
        let (setting, answer) = self.asked()?;
        sides(form, setting, answer)
    }

    /// What a text says here; nothing, where the engine has no answer.
    fn word(&self, form: &Form, required: Required) -> Option<Word> {
        self.asked()?;
        Some(self.sides(form).map_or(Word::NoValue, |sides| word(&sides, required)))
    }
}

fn sides<T: Field>(form: &Form, setting: &Setting<T>, answer: &Answer<T>) -> Option<Sides<T>> {
    let comparison = answer.compare(form, setting).ok()?;
    let mut entries = comparison.found.iter().chain(&comparison.claimed);
    entries.all(Field::is_defined).then_some(Sides(comparison))
}

/// Whether the error has the order that is required.
fn word<T: Field>(Sides(Comparison { found, claimed }): &Sides<T>, required: Required) -> Word {
    let least = |M: &Matrix<T>| {
        let orders = M.iter().filter_map(|entry| match entry.order() {
            Order::Exactly(order) => Some(order),
            Order::AtLeast(_) => None,
        });
        orders.min()
    };
    let required = match required {
        Required::Absolute(order) => order,
        Required::Relative(order) => least(claimed).map_or(NOTHING, |size| size + order),
    };
    let error = found - claimed;
    if least(&error).is_some_and(|order| order < required) {
        return Word::Fails;
    }
    // An error of no known order is none where nothing else would do.
    let unknown = |order: Order| matches!(order, Order::AtLeast(order) if order < required);
    let undecided = required < NOTHING && error.iter().any(|entry| unknown(entry.order()));
    if undecided { Word::NoValue } else { Word::Holds }
}
