//! What a claim is.

use rug::Rational;
use symbols::{DataSet, Quantity, Setting, SettingError};

use crate::{Choices, ClaimError, Family, Form, Provenance, Refutation};

/// A closed form for a quantity, under hypotheses.
pub struct Claim {
    /// Permanent name, `<topic>/<quantity>`; numbers move between versions of a paper, names need not.
    pub id: &'static str,
    /// Where it is printed, a key of [`paper`](crate::paper).
    pub source: &'static str,
    /// Equation numbers, as PAPER.md numbers them.
    pub equations: &'static [&'static str],
    /// How the wording of `statement` came about.
    pub provenance: Provenance,
    /// The formula, for a reader.
    pub statement: &'static str,
    /// In which sense it claims to hold.
    pub kind: Kind,
    /// The quantity it speaks about.
    pub quantity: Quantity,
    /// Under which hypotheses. Drawing imposes them in this order.
    pub hypotheses: &'static [&'static Hypothesis],
    /// The closed form as printed.
    pub printed: Form,
    /// The nearest plausible wrong formula.
    pub rival: Rival,
    /// A form that holds under fewer hypotheses.
    pub strengthened: Option<Strengthened>,
    /// The right form, where the printed one is refuted.
    pub correction: Option<Correction>,
    /// The part of the claim that the correction puts right.
    pub refutation: Option<Refutation>,
    /// An evaluation of the printed form that keeps digits.
    pub rewritten: Option<Rewritten>,
}

/// In which sense a claim holds.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Equality.
    Exact,
    /// The relative error vanishes along `path` with the given order in the parameter that each step halves.
    Approximation {
        /// How the parameter shrinks.
        path: &'static Path,
        /// The order of the relative error.
        order: u32,
    },
    /// The absolute error vanishes along `path` with the given order.
    Limit {
        /// How the parameter shrinks.
        path: &'static Path,
        /// The order of the absolute error.
        order: u32,
    },
    /// Found ≤ claimed, entry by entry, at every setting.
    Bound,
    /// Found > claimed in some entry, at some setting.
    Existence,
    /// A stationary state exists just where the claimed matrix is positive definite.
    Stability,
}

impl Kind {
    /// The word used in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Exact => "exact",
            Kind::Approximation { .. } => "approximation",
            Kind::Limit { .. } => "limit",
            Kind::Bound => "bound",
            Kind::Existence => "existence",
            Kind::Stability => "stability",
        }
    }

    /// Whether it says that something is larger, or exists: no equality, and so never proved by an identity.
    pub fn is_inequality(self) -> bool {
        matches!(self, Kind::Bound | Kind::Existence | Kind::Stability)
    }

    /// The path along which a parameter shrinks, and the order claimed; `None` for equalities.
    pub fn path(self) -> Option<(&'static Path, u32)> {
        match self {
            Kind::Approximation { path, order } | Kind::Limit { path, order } => Some((path, order)),
            Kind::Exact | Kind::Bound | Kind::Existence | Kind::Stability => None,
        }
    }
}

/// A small parameter, and how to halve it.
#[derive(Debug)]
pub struct Path {
    /// The parameter, for a reader.
    pub parameter: &'static str,
    /// Returns the setting in which the parameter is half as large.
    pub halve: fn(Setting<Rational>) -> Result<Setting<Rational>, SettingError>,
}

/// A wrong formula that a judge must be able to tell from the right one.
pub struct Rival {
    /// What it is, for a reader.
    pub name: &'static str,
    /// The formula.
    pub form: Form,
}

/// A form that holds although some hypotheses of the claim are dropped: the project's own claim.
pub struct Strengthened {
    /// What it says, for a reader.
    pub statement: &'static str,
    /// The formula; the printed one where it already holds more generally.
    pub form: Form,
    /// The hypotheses that it does not need; its instances break them.
    pub without: &'static [&'static Hypothesis],
}

/// What holds in place of a refuted form: the project's own claim.
pub struct Correction {
    /// What it says, for a reader.
    pub statement: &'static str,
    /// The formula.
    pub form: Form,
}

/// The same function as printed, evaluated another way.
pub struct Rewritten {
    /// The subtraction that loses digits as printed, and what stands in its place.
    pub reason: &'static str,
    /// The evaluation.
    pub form: Form,
}

/// A change of a setting, with choices where there are several.
pub type Change = fn(Setting<Rational>, &mut dyn Choices) -> Result<Setting<Rational>, ClaimError>;

/// A change of a setting that also returns a data set, which stands beside the model of the setting.
pub type Twin = fn(Setting<Rational>, &mut dyn Choices) -> Result<(Setting<Rational>, DataSet<Rational>), ClaimError>;

/// A condition on the setting, which can be imposed and broken.
pub struct Hypothesis {
    /// Permanent name.
    pub name: &'static str,
    /// The condition, for a reader.
    pub statement: &'static str,
    /// Whether a setting satisfies it; `None` where only an engine can tell.
    pub holds: Option<fn(&Setting<Rational>) -> bool>,
    /// The setting, changed so that it does.
    pub impose: Change,
    /// The part of a family that satisfies it: an equation between parameters narrows a family, an inequality does not.
    pub narrow: fn(Family) -> Option<Family>,
    /// How to break it.
    pub breaking: Breaking,
}

/// How a hypothesis is broken, and nothing else with it.
pub enum Breaking {
    /// By changing the setting.
    By(Change),
    /// Beside the setting: closed forms still read the model, and engines are asked at a population with the same first
    /// and second moments. The model is changed for that, and with it the learning rate, so that steps stay as large.
    Beside(Twin),
    /// Not within a setting, for this reason.
    Never(&'static str),
}

impl Hypothesis {
    /// Whether a setting satisfies the hypothesis, as far as that can be told without an engine.
    pub fn may_hold(&self, setting: &Setting<Rational>) -> bool {
        self.holds.is_none_or(|holds| holds(setting))
    }
}

/// The part of a permanent name before the quantity: the topic of a claim.
pub fn topic(id: &str) -> &str {
    id.split_once('/').map_or(id, |(topic, _)| topic)
}

impl Claim {
    /// An equality without hypotheses, of the project's own: the base of a record whose other fields follow by struct
    /// update.
    ///
    /// ```
    /// use claims::hypotheses::{FULL_RANK, GAUSSIAN_FEATURES};
    /// use claims::{Claim, ClaimError, Rival, closed};
    /// use numbers::{Matrix, Scalar};
    /// use symbols::{Quantity, Setting};
    ///
    /// fn nothing<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    ///     Ok(Matrix::zeros(setting.dimension(), setting.dimension()))
    /// }
    ///
    /// fn hessian<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    ///     Ok(setting.hessian())
    /// }
    ///
    /// const STILL: Claim = Claim {
    ///     hypotheses: &[&GAUSSIAN_FEATURES, &FULL_RANK],
    ///     ..Claim::new(
    ///         "mine/stillness",
    ///         "Σ = 0",
    ///         Quantity::Fluctuation,
    ///         closed!(nothing),
    ///         Rival { name: "Σ = K", form: closed!(hessian) },
    ///     )
    /// };
    /// assert_eq!((STILL.provenance.name(), STILL.kind.name()), ("own", "exact"));
    /// ```
    pub const fn new(
        id: &'static str,
        statement: &'static str,
        quantity: Quantity,
        printed: Form,
        rival: Rival,
    ) -> Claim {
        Claim {
            id,
            source: crate::paper::OWN,
            equations: &[],
            provenance: Provenance::Own,
            statement,
            kind: Kind::Exact,
            quantity,
            hypotheses: &[],
            printed,
            rival,
            strengthened: None,
            correction: None,
            refutation: None,
            rewritten: None,
        }
    }

    /// The form that is believed: the correction where the printed one is refuted.
    pub fn believed(&self) -> &Form {
        self.correction.as_ref().map_or(&self.printed, |correction| &correction.form)
    }

    /// The families of the given dimension that satisfy the hypotheses, except for those in `without`.
    pub fn families(&self, dimension: usize, diagonal: bool, without: &[&Hypothesis]) -> Vec<Family> {
        let kept = self.hypotheses.iter().filter(|h| without.iter().all(|w| w.name != h.name));
        let narrowed = |family| kept.clone().try_fold(family, |family, hypothesis| (hypothesis.narrow)(family));
        let all = Family::all(dimension, diagonal, self.quantity.is_of_one_minibatch());
        Vec::from_iter(all.into_iter().filter_map(narrowed))
    }

    /// A setting of the given dimension that satisfies the hypotheses, except for those in `without`, which it breaks.
    /// `None` where the choices led to none: the caller chooses again.
    ///
    /// # Errors
    /// [`ClaimError`] where a hypothesis could not be imposed on what was drawn.
    pub fn draw(
        &self,
        dimension: usize,
        without: &[&Hypothesis],
        choices: &mut dyn Choices,
    ) -> Result<Option<Setting<Rational>>, ClaimError> {
        let dropped = |h: &Hypothesis| without.iter().any(|w| w.name == h.name);
        let mut setting = crate::draw::any_setting(dimension, choices)?;
        for hypothesis in self.hypotheses {
            setting = match &hypothesis.breaking {
                Breaking::By(violate) if dropped(hypothesis) => violate(setting, choices)?,
                Breaking::Never(_) | Breaking::Beside(_) if dropped(hypothesis) => return Ok(None),
                _ => (hypothesis.impose)(setting, choices)?,
            };
        }
        let as_wanted = |h: &&Hypothesis| h.holds.is_none_or(|holds| holds(&setting) != dropped(h));
        Ok(self.hypotheses.iter().all(as_wanted).then_some(setting))
    }
}

#[cfg(test)]
mod tests {
    use std::mem::discriminant;

    use crate::{closed_forms, topic};

    #[test]
    fn a_topic_is_what_stands_before_the_quantity() {
        assert_eq!(topic("label-noise/fluctuation"), "label-noise");
    }

    #[test]
    fn a_name_tells_the_kind() {
        for one in closed_forms() {
            for other in closed_forms() {
                let alike = discriminant(&one.kind) == discriminant(&other.kind);
                assert_eq!(one.kind.name() == other.kind.name(), alike, "{} and {}", one.id, other.id);
            }
        }
    }
}
