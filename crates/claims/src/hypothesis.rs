//! What a hypothesis is.

use rug::Rational;
use symbols::{DataSet, Setting};

use crate::{Choices, ClaimError, Family};

/// A change of a setting, with choices where there are several.
pub type Change = fn(Setting<Rational>, &mut dyn Choices) -> Result<Setting<Rational>, ClaimError>;

/// A change of a setting that also returns a data set, which stands beside the model of the setting.
pub type Twin = fn(Setting<Rational>, &mut dyn Choices) -> Result<(Setting<Rational>, DataSet<Rational>), ClaimError>;

/// A condition on the setting, which can be imposed and broken.
pub struct Hypothesis {
    /// Permanent name.
    pub name: &'static str,
    /// The condition, for a reader: a sentence with formulas between backticks.
    pub statement: &'static str,
    /// Whether a setting satisfies it; `None` where only an engine can tell.
    pub holds: Option<fn(&Setting<Rational>) -> bool>,
    /// The setting, changed so that it does; where [`Choices::rarely`] asks for it, in any of the ways that `holds`
    /// admits.
    pub impose: Change,
    /// The part of a family that satisfies it, up to rotations, as the union of several families; none where it is no
    /// such union. An equation between parameters narrows a family, an inequality does not. Nothing less than the whole
    /// part will do, or else a proof would be one under another hypothesis.
    pub narrow: fn(Family) -> Vec<Family>,
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
    /// The name in words: "one weight".
    pub fn words(&self) -> String {
        self.name.replace('-', " ")
    }

    /// Whether a setting satisfies the hypothesis, as far as that can be told without an engine.
    pub fn may_hold(&self, setting: &Setting<Rational>) -> bool {
        self.holds.is_none_or(|holds| holds(setting))
    }
}

impl std::fmt::Debug for Hypothesis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}
