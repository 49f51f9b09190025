//! Random points of families, and settings that were drawn, over 𝔽ₚ or over power series, with the answers there.

use std::sync::OnceLock;

use claims::{Claim, Family, Form};
use evidence::{Answer, Comparison, Seeded, subject};
use formula::Subject;
use numbers::{Matrix, Residue, Scalar};
use rayon::prelude::*;
use symbols::Setting;

use super::series::{NOTHING, Order, Series};
use super::word::{Word, all, repeated};

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
pub(super) enum Required {
    /// This one.
    Absolute(i32),
    /// This one beyond that of what is claimed.
    Relative(i32),
}

/// Points of families, one each, and settings that were drawn besides.
pub(crate) struct Points<T: Scalar> {
    required: Required,
    /// Whether the claim is about an engine's answer, and not about settings alone.
    reads_answer: bool,
    points: Vec<Point<T>>,
}

struct Point<T: Scalar> {
    place: Place<T>,
    subject: Subject,
    /// The setting and the engine's answer there, if there is one.
    asked: OnceLock<Option<(Setting<T>, Answer<T>)>>,
}

enum Place<T: Scalar> {
    /// Values of the parameters of a family.
    Family(Family, Vec<T>),
    /// A setting that was drawn.
    Drawn(Setting<T>),
}

/// Both sides of a text at a point.
struct Sides<T>(Comparison<T>);

impl<T: Field> PartialEq for Sides<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0.found == other.0.found && self.0.claimed == other.0.claimed
    }
}

impl<T: Field> Points<T> {
    pub(super) fn new(
        required: Required,
        claim: &Claim,
        families: impl Iterator<Item = Family>,
        drawn: impl Iterator<Item = Setting<T>>,
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
            Some(Place::Family(family, values))
        };
        let places = families.filter_map(point).chain(drawn.map(Place::Drawn));
        let point = |place| Point { place, subject: subject(claim), asked: OnceLock::new() };
        let reads_answer = claim.printed.formula().reads_answer();
        Points { required, reads_answer, points: Vec::from_iter(places.map(point)) }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    pub(super) fn word(&self, form: &Form) -> Word {
        all(self.points.iter().filter_map(|point| point.word(form, self.required)))
    }

    /// Whether a text holds with the answer of another point: of a family, and of settings that were drawn, each with the
    /// answer of the next one. In the family of one weight alone the form itself may say nothing. Where the claim reads no
    /// answer, a text says nothing whose sides are one expression.
    pub(super) fn says_nothing(&self, form: &Form) -> bool {
        if !self.reads_answer {
            return form.formula().is_tautology();
        }
        let of_family = self.points.iter().find_map(|point| point.says_nothing(form, self.required));
        let drawn = || self.points.iter().filter(|point| matches!(point.place, Place::Drawn(_)));
        let of_next = drawn().zip(drawn().skip(1)).filter_map(|(point, next)| {
            let ((setting, _), (_, answer)) = (point.asked()?, next.asked()?);
            Some(word(&sides(form, setting, answer)?, self.required) == Word::Holds)
        });
        let mut held = of_family.into_iter().chain(of_next).peekable();
        held.peek().is_some() && held.all(|holds| holds)
    }

    pub(super) fn retain(&mut self, form: &Form) {
        let required = self.required;
        self.points.retain(|point| point.word(form, required) == Some(Word::Holds));
    }

    pub(super) fn duplicates(&self, forms: &[Option<&Form>]) -> Vec<bool> {
        let rank = |point: &&Point<T>| match &point.place {
            Place::Family(family, _) if family.dimension > 2 => None,
            Place::Family(family, _) => Some((family.dimension, !family.diagonal, family.counts())),
            Place::Drawn(_) => None,
        };
        let richest = self.points.iter().filter(|point| rank(point).is_some()).max_by_key(rank);
        let drawn = self.points.iter().filter(|point| matches!(point.place, Place::Drawn(_)));
        let points = Vec::from_iter(richest.into_iter().chain(drawn));
        let sides = |form: &Form| {
            let sides = Vec::from_iter(points.iter().map(|point| point.sides(form)));
            sides.iter().any(Option::is_some).then_some(sides)
        };
        let all = Vec::from_par_iter(forms.par_iter().map(|form| sides((*form)?)));
        repeated(&all)
    }

    pub(super) fn differ(&self, one: &Form, other: &Form) -> Option<bool> {
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
        let ask = || {
            let setting = match &self.place {
                Place::Family(family, values) => family.setting(values).ok()?,
                Place::Drawn(setting) => setting.clone(),
            };
            let answer = self.ask(&setting)?;
            Some((setting, answer))
        };
        self.asked.get_or_init(ask).as_ref()
    }

    fn ask(&self, setting: &Setting<T>) -> Option<Answer<T>> {
        Some(match self.subject {
            Subject::Setting => Answer::Nothing,
            Subject::Minibatch => Answer::Minibatch(exact::minibatch(setting).ok()?),
            Subject::Stationary => {
                let moments = exact::formal_moments(setting).ok();
                Answer::Stationary(moments.or_else(|| exact::formal_moments_where_moving(setting).ok()?)?)
            }
        })
    }

    /// Whether a text holds here with the answer of another point of the family, which is no change of units.
    fn says_nothing(&self, form: &Form, required: Required) -> Option<bool> {
        let Place::Family(family, values) = &self.place else { return None };
        let (setting, _) = self.asked()?;
        let other = (2..).zip(values).map(|(factor, value)| value.clone() * T::from_integer(factor * factor + 1));
        let answer = self.ask(&family.setting(&Vec::from_iter(other)).ok()?)?;
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
