//! A formula, and what it may take for granted.

use formula::{EvaluationError, Formula, Given, Kind, Subject};
use notation::tree::{Definition, Text};
use notation::{Context, LearningRate, Mistake, Spelling, Weights, prose};
use numbers::{Matrix, Scalar};
use rug::Rational;
use symbols::{Quantity, Setting};

use crate::Hypothesis;
use crate::hypotheses::{
    ALIGNED_MINIMUM, ALIGNED_TRUE_WEIGHTS, AT_MINIMUM, COMMUTING_INPUT_NOISE, COMMUTING_LEARNING_RATE,
    COMMUTING_WEIGHT_DECAY, DAMPED_NEWTON, DATA_SET, ISOTROPIC_FEATURES, NO_INPUT_NOISE, NO_WEIGHT_DECAY,
    ONE_DIRECTION, ONE_WEIGHT, SCALAR_LEARNING_RATE, SCALAR_WEIGHT_DECAY,
};

/// A checked formula of a claim.
#[derive(Debug, Clone)]
pub struct Form {
    formula: Formula,
    context: Context,
}

impl Form {
    /// Checks a text under what it may take for granted.
    ///
    /// # Errors
    /// The mistakes, in the order of the text.
    pub fn new(text: Text, context: Context) -> Result<Form, Vec<Mistake>> {
        Form::with_shared(text, &[], context)
    }

    /// The same with definitions that several texts share, of which it takes those that it uses.
    ///
    /// # Errors
    /// The mistakes, in the order of the text.
    pub fn with_shared(text: Text, shared: &[Definition], context: Context) -> Result<Form, Vec<Mistake>> {
        Ok(Form { formula: Formula::with_shared(text, shared, &context)?, context })
    }

    /// Another text, such as a mutant, under the same conditions and with the same order.
    ///
    /// # Errors
    /// The mistakes, in the order of the text.
    pub fn with_text(&self, text: Text) -> Result<Form, Vec<Mistake>> {
        self.with_context(text, self.context)
    }

    /// Why the text has no meaning under fewer hypotheses: a sum runs over eigenvalues of matrices that have no common
    /// basis, or a is no number where A is no multiple of I. `None` where it has one.
    pub fn lost_under<'a>(&self, hypotheses: impl IntoIterator<Item = &'a Hypothesis>) -> Option<Mistake> {
        let fewer = context(hypotheses, false);
        let context = Context {
            weights: self.context.weights,
            learning_rate: self.context.learning_rate,
            natural_units: self.context.natural_units,
            data_set: self.context.data_set,
            at_minimum: self.context.at_minimum,
            ..fewer
        };
        Form::new(self.text().clone(), context).err()?.into_iter().next()
    }

    /// Another text under other conditions, with the same order.
    ///
    /// # Errors
    /// The mistakes, in the order of the text.
    pub fn with_context(&self, text: Text, context: Context) -> Result<Form, Vec<Mistake>> {
        let form = Form::new(text, context)?;
        Ok(match self.kind() {
            Kind::Approximation(_, order) => form.with_order(order),
            _ => form,
        })
    }

    /// With another order of the relative error than 1, for an approximation.
    pub(crate) fn with_order(self, order: u32) -> Form {
        Form { formula: self.formula.with_order(order), ..self }
    }

    /// The formula.
    pub fn formula(&self) -> &Formula {
        &self.formula
    }

    /// What was read.
    pub fn text(&self) -> &Text {
        self.formula.text()
    }

    /// What it takes for granted.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The statements, with commas between them and without definitions, as a terminal shows them.
    pub fn statement(&self) -> String {
        joined(self.text().statements.iter().map(|statement| statement.written(Spelling::Unicode)))
    }

    /// The definitions, as a terminal shows them.
    pub fn definitions(&self) -> Vec<String> {
        Vec::from_iter(self.text().definitions.iter().map(|definition| definition.written(Spelling::Unicode)))
    }

    /// The statements and the definitions, with commas between them.
    pub fn written(&self) -> String {
        joined([self.statement()].into_iter().chain(self.definitions()))
    }

    /// The statements and the definitions as parts of a sentence, each between marks.
    pub fn marked(&self) -> String {
        joined([self.statement()].into_iter().chain(self.definitions()).map(|formula| prose::marked(&formula)))
    }

    /// In which sense it claims to hold.
    pub fn kind(&self) -> Kind {
        self.formula.kind()
    }

    /// Whose answer it speaks about.
    pub fn subject(&self) -> Subject {
        self.formula.subject()
    }

    /// Whether it speaks about the first step, and not about the stationary state.
    pub fn is_of_one_minibatch(&self) -> bool {
        self.subject() == Subject::Minibatch
    }

    /// The quantity that it is a closed form of, if it is one.
    pub fn quantity(&self) -> Option<Quantity> {
        self.formula.quantity()
    }

    /// The side of each statement that is found, as it is written.
    pub fn found_side(&self) -> String {
        self.formula.found_side()
    }

    /// Whether the claimed side reads moments, so that an engine must be asked first.
    pub fn needs_moments(&self) -> bool {
        self.formula.needs_moments()
    }

    /// The side that an engine finds.
    ///
    /// # Errors
    /// [`EvaluationError`] where it has no value.
    pub fn found<T: Scalar>(&self, given: &Given<T>) -> Result<Matrix<T>, EvaluationError> {
        self.formula.found(given)
    }

    /// The side that is claimed.
    ///
    /// # Errors
    /// [`EvaluationError`] where it has no value.
    pub fn claimed<T: Scalar>(&self, given: &Given<T>) -> Result<Matrix<T>, EvaluationError> {
        self.formula.claimed(given)
    }

    /// Whether the condition of a formula of stability holds.
    ///
    /// # Errors
    /// [`EvaluationError`] where a side of it has no value.
    pub fn holds(&self, setting: &Setting<Rational>) -> Result<bool, EvaluationError> {
        self.formula.holds(setting)
    }
}

/// What a formula may take for granted under hypotheses.
pub fn context<'a>(hypotheses: impl IntoIterator<Item = &'a Hypothesis>, natural_units: bool) -> Context {
    let mut context = Context { natural_units, ..Context::default() };
    for hypothesis in hypotheses {
        match hypothesis.name {
            name if name == ONE_WEIGHT.name => context.weights = Weights::One,
            name if name == ONE_DIRECTION.name => context.weights = Weights::OneDirection,
            name if name == SCALAR_LEARNING_RATE.name => context.learning_rate = LearningRate::Scalar,
            name if name == DAMPED_NEWTON.name => context.learning_rate = LearningRate::Newton,
            name if name == ISOTROPIC_FEATURES.name => context.isotropic_features = true,
            name if name == SCALAR_WEIGHT_DECAY.name => context.scalar_weight_decay = true,
            // The samples of a data set are what they are: B = 0.
            name if name == DATA_SET.name => (context.data_set, context.no_input_noise) = (true, true),
            name if name == NO_INPUT_NOISE.name => context.no_input_noise = true,
            name if name == NO_WEIGHT_DECAY.name => context.no_weight_decay = true,
            name if name == AT_MINIMUM.name => context.at_minimum = true,
            name if name == COMMUTING_INPUT_NOISE.name => context.commuting.input_noise = true,
            name if name == COMMUTING_WEIGHT_DECAY.name => context.commuting.weight_decay = true,
            name if name == ALIGNED_TRUE_WEIGHTS.name => context.commuting.weight_decay = true,
            name if name == COMMUTING_LEARNING_RATE.name => context.commuting.learning_rate = true,
            name if name == ALIGNED_MINIMUM.name => context.commuting.hessian = true,
            _ => {}
        }
    }
    context
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    Vec::from_iter(parts).join(", ")
}

#[cfg(test)]
mod tests {
    use crate::file;
    use crate::hypotheses::{ISOTROPIC_FEATURES, SCALAR_WEIGHT_DECAY};

    /// Eigenvalues have a common order where A = aI or Γ = γI, and a is a number where A = aI.
    #[test]
    fn without_a_hypothesis_a_form_may_have_no_meaning() {
        let of = |formula: &str, assume: &str| {
            let text = format!("[[claim]]\nid = \"a/b\"\nformula = \"{formula}\"\nassume = [{assume}]\n");
            file::read("a.toml", &text).unwrap().remove(0).printed
        };
        let (isotropic, scalar) = ("\"isotropic features\"", "\"scalar weight decay\"");
        for (formula, assume) in
            [("∑ᵢ aᵢγᵢ = Tr[AΓ]", scalar), ("∑ᵢ aᵢγᵢ = Tr[AΓ]", isotropic), ("Tr[A] = aD", isotropic)]
        {
            assert!(of(formula, assume).lost_under([]).is_some(), "{formula} without {assume}");
        }
        assert!(of("∑ᵢ aᵢγᵢ = Tr[AΓ]", scalar).lost_under([&SCALAR_WEIGHT_DECAY]).is_none());
        assert!(of("Tr[A] = aD", isotropic).lost_under([&ISOTROPIC_FEATURES]).is_none());
        assert!(of("Tr[AΓ] = Tr[ΓA]", isotropic).lost_under([]).is_none());
    }
}
