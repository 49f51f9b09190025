//! What a claim is.

use numbers::matrix;
use reader::Notation;
use rug::Rational;
use symbols::{Quantity, Setting, SettingError};

use crate::draw::{Rare, any_setting, any_singular_setting};
use crate::hypotheses::{
    EQUAL_RESIDUALS_AT_MINIMUM, FULL_RANK, ISOTROPIC_FEATURES, ONE_WEIGHT, SCALAR_WEIGHT_DECAY,
    TRUE_WEIGHTS_IN_WEIGHT_DECAY, ZERO_MINIMUM,
};
use crate::{Breaking, Choices, ClaimError, Family, Form, Hypothesis, Kind, Provenance, Refutation};

/// A formula under hypotheses, with what a judge needs to know of it.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Permanent name, `<topic>/<quantity>`; numbers move between versions of a paper, names need not.
    pub id: String,
    /// Where it is printed; for claims of the registry a key of its bibliography.
    pub source: String,
    /// Equation numbers, as the paper has them.
    pub equations: Vec<String>,
    /// How the wording of the formula came about.
    pub provenance: Provenance,
    /// In which sense it claims to hold, in all its forms.
    pub kind: Kind,
    /// Under which hypotheses. Drawing imposes them in this order.
    pub hypotheses: Vec<&'static Hypothesis>,
    /// The formula as printed.
    pub printed: Form,
    /// The nearest plausible wrong formula, if one was chosen by hand.
    pub rival: Option<Rival>,
    /// A form that holds under fewer hypotheses.
    pub strengthened: Option<Strengthened>,
    /// The right form, where the printed one is refuted.
    pub correction: Option<Correction>,
    /// The part of the claim that the correction puts right.
    pub refutation: Option<Refutation>,
    /// An evaluation of the printed form that keeps digits.
    pub rewritten: Option<Rewritten>,
    /// The letters in which its formulas were written; they are shown in those of the table.
    pub notation: Notation,
    /// A sentence beside the formula, with formulas of its own between backticks, as all sentences of a claim.
    pub note: Option<String>,
    /// Why the printed form holds, in such sentences.
    pub proof: Option<String>,
}

/// A wrong formula that a judge must be able to tell from the right one.
#[derive(Debug, Clone)]
pub struct Rival {
    /// What it is, for a reader: a note, or the formula; a sentence with marked formulas.
    pub name: String,
    /// The formula.
    pub form: Form,
}

/// A form that holds although some hypotheses of the claim are dropped: the project's own claim.
#[derive(Debug, Clone)]
pub struct Strengthened {
    /// The formula; the printed one where it already holds more generally.
    pub form: Form,
    /// The hypotheses that it does not need; its instances break them.
    pub without: Vec<&'static Hypothesis>,
    /// Where it holds, in words.
    pub note: Option<String>,
    /// Why it holds.
    pub proof: Option<String>,
}

/// What holds in place of a refuted form: the project's own claim.
#[derive(Debug, Clone)]
pub struct Correction {
    /// The formula.
    pub form: Form,
    /// The same in words, or in other words.
    pub note: Option<String>,
    /// Why it holds.
    pub proof: Option<String>,
}

/// The same function as printed, evaluated another way.
#[derive(Debug, Clone)]
pub struct Rewritten {
    /// The subtraction that loses digits as printed, and what stands in its place.
    pub reason: String,
    /// The evaluation.
    pub form: Form,
}

/// The part of a permanent name before the quantity: the topic of a claim.
pub fn topic(id: &str) -> &str {
    id.split_once('/').map_or(id, |(topic, _)| topic)
}

impl Strengthened {
    /// Where it holds, and what it says: a sentence with marked formulas.
    pub fn statement(&self) -> String {
        noted(&self.note, &self.form)
    }
}

impl Correction {
    /// What it says, behind the words beside it: a sentence with marked formulas.
    pub fn statement(&self) -> String {
        noted(&self.note, &self.form)
    }
}

fn noted(note: &Option<String>, form: &Form) -> String {
    match note {
        Some(note) => format!("{note}: {}", form.marked()),
        None => form.marked(),
    }
}

impl Claim {
    /// The formula as printed, in one line, without definitions.
    pub fn statement(&self) -> String {
        self.printed.statement()
    }

    /// The quantity of which the printed form is a closed form, if it is one.
    pub fn quantity(&self) -> Option<Quantity> {
        self.printed.quantity()
    }

    /// Whether it speaks about the first step, and not about the stationary state.
    pub fn is_of_one_minibatch(&self) -> bool {
        self.printed.is_of_one_minibatch()
    }

    /// The form that is believed: the correction where the printed one is refuted.
    pub fn believed(&self) -> &Form {
        self.correction.as_ref().map_or(&self.printed, |correction| &correction.form)
    }

    /// All its forms with the names that their tables have in a claim file, the printed one first.
    pub fn forms(&self) -> Vec<(&'static str, &Form)> {
        let mut forms = vec![("printed", &self.printed)];
        forms.extend(self.rival.iter().map(|rival| ("rival", &rival.form)));
        forms.extend(self.strengthened.iter().map(|strengthened| ("strengthened", &strengthened.form)));
        forms.extend(self.correction.iter().map(|correction| ("corrected", &correction.form)));
        forms.extend(self.rewritten.iter().map(|rewritten| ("rewritten", &rewritten.form)));
        forms
    }

    /// The families of the given dimension that satisfy the hypotheses, except for those in `without`.
    pub fn families(&self, dimension: usize, diagonal: bool, without: &[&Hypothesis]) -> Vec<Family> {
        let kept = self.hypotheses.iter().filter(|h| without.iter().all(|w| w.name != h.name));
        let mut kept = Vec::from_iter(kept);
        // Which residuals there are at w*, and how they are made equal, depends on the weight decay, and on whether w₀
        // is w*; along how many axes u may lie, on what is diagonal; and what commutes, on what is a multiple of I.
        let first = [ISOTROPIC_FEATURES.name, SCALAR_WEIGHT_DECAY.name];
        let last = [TRUE_WEIGHTS_IN_WEIGHT_DECAY.name, ZERO_MINIMUM.name, EQUAL_RESIDUALS_AT_MINIMUM.name];
        kept.sort_by_key(|h| (!first.contains(&h.name), last.contains(&h.name)));
        let narrowed = |families: Vec<Family>, hypothesis: &&&'static Hypothesis| {
            Vec::from_iter(families.into_iter().flat_map(hypothesis.narrow))
        };
        let mut families = kept.iter().fold(Family::all(dimension, diagonal, self.is_of_one_minibatch()), narrowed);
        families.retain(|family| family.is_whole() && !family.is_repeated());
        families.iter_mut().for_each(|family| family.nonnegative = false);
        families.dedup();
        families
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
        self.draw_from(any_setting, dimension, without, choices)
    }

    /// A setting as of [`Claim::draw`] with a singular A. There is none where A ≻ 0 is assumed, and few where hypotheses draw
    /// samples anew.
    ///
    /// # Errors
    /// [`ClaimError`] where a hypothesis could not be imposed on what was drawn.
    pub fn draw_singular(
        &self,
        dimension: usize,
        without: &[&Hypothesis],
        choices: &mut dyn Choices,
    ) -> Result<Option<Setting<Rational>>, ClaimError> {
        if self.assumes(&FULL_RANK, without) {
            return Ok(None);
        }
        let drawn = self.draw_from(any_singular_setting, dimension, without, choices)?;
        Ok(drawn.filter(|setting| !matrix::is_positive_definite(&setting.feature_covariance())))
    }

    /// A setting as of [`Claim::draw`] of any kind that the hypotheses admit, those included that draws seldom need.
    ///
    /// # Errors
    /// [`ClaimError`] where a hypothesis could not be imposed on what was drawn.
    pub fn draw_rare(
        &self,
        dimension: usize,
        without: &[&Hypothesis],
        choices: &mut dyn Choices,
    ) -> Result<Option<Setting<Rational>>, ClaimError> {
        self.draw_from(any_setting, dimension, without, &mut Rare(choices))
    }

    /// Whether a hypothesis is among those of the claim, and not among those in `without`.
    pub fn assumes(&self, hypothesis: &Hypothesis, without: &[&Hypothesis]) -> bool {
        self.hypotheses.iter().any(|other| other.name == hypothesis.name)
            && without.iter().all(|other| other.name != hypothesis.name)
    }

    fn draw_from(
        &self,
        start: fn(usize, &mut dyn Choices) -> Result<Setting<Rational>, SettingError>,
        dimension: usize,
        without: &[&Hypothesis],
        choices: &mut dyn Choices,
    ) -> Result<Option<Setting<Rational>>, ClaimError> {
        let dropped = |h: &Hypothesis| without.iter().any(|w| w.name == h.name);
        // Nothing that is drawn changes the number of weights, and drawing takes time.
        if dimension > 1 && self.assumes(&ONE_WEIGHT, without) {
            return Ok(None);
        }
        let mut setting = start(dimension, choices)?;
        for hypothesis in &self.hypotheses {
            setting = match &hypothesis.breaking {
                Breaking::By(violate) if dropped(hypothesis) => violate(setting, choices)?,
                Breaking::Never(_) | Breaking::Beside(_) if dropped(hypothesis) => return Ok(None),
                _ => (hypothesis.impose)(setting, choices)?,
            };
        }
        let as_wanted = |h: &&'static Hypothesis| h.holds.is_none_or(|holds| holds(&setting) != dropped(h));
        Ok(self.hypotheses.iter().all(as_wanted).then_some(setting))
    }
}

#[cfg(test)]
mod tests {
    use crate::topic;

    #[test]
    fn a_topic_is_what_stands_before_the_quantity() {
        assert_eq!(topic("label-noise/fluctuation"), "label-noise");
    }
}
