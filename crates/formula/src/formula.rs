//! A text that was checked: what it claims, and its value at a setting.

use numbers::{Matrix, Scalar, matrix};
use rug::Rational;
use symbols::{Quantity, Setting};

use crate::check::{self, Asserted, Checked, Defined};

use crate::program::condition::{self, Difference};
use crate::program::{Id, Program};
use crate::{EvaluationError, Given, Kind, Subject};
use notation::symbol::{self, Meaning, Units};
use notation::tree::{Definition, Name, Relation, Statement, Text};
use notation::{Context, Mistake, Spelling};

/// A checked text, ready to be evaluated over any field.
#[derive(Debug, Clone)]
pub struct Formula {
    text: Text,
    context: Context,
    defined: Vec<Defined>,
    program: Program,
    asserted: Vec<Asserted>,
    subject: Subject,
    /// The order of an approximation, where another than 1 was stated.
    order: Option<u32>,
    found: Side,
    claimed: Side,
}

/// One side of all statements.
#[derive(Debug, Clone)]
pub(crate) struct Side {
    pub(crate) results: Vec<Id>,
    pub(crate) schedule: Vec<Id>,
}

impl Side {
    fn of(program: &Program, results: Vec<Id>) -> Self {
        Side { schedule: program.schedule(&results), results }
    }

    fn value<T: Scalar>(&self, program: &Program, given: &Given<T>) -> Result<Matrix<T>, EvaluationError> {
        let mut values =
            program.run(&self.schedule, &self.results, given)?.into_iter().map(|value| value.into_matrix());
        let first = values.next().unwrap_or_else(|| Matrix::zeros(0, 1));
        if self.results.len() == 1 {
            return Ok(first);
        }
        let column = |M: Matrix<T>| Matrix::from_column_slice(M.len(), 1, M.as_slice());
        Ok(values.fold(column(first), |above, below| matrix::stacked(&above, &column(below))))
    }
}

impl Formula {
    /// Checks names, shapes and units, and prepares the evaluation.
    ///
    /// # Errors
    /// The mistakes, in the order of the text.
    pub fn new(text: Text, context: &Context) -> Result<Self, Vec<Mistake>> {
        let Checked { program, asserted, subject, defined } = check::check(&text, context)?;
        let sides = asserted.iter().filter_map(|asserted| match asserted {
            Asserted::Sides { found, claimed, .. } => Some((*found, *claimed)),
            _ => None,
        });
        let (found, claimed) = sides.unzip();
        let (found, claimed) = (Side::of(&program, found), Side::of(&program, claimed));
        Ok(Formula { text, context: *context, defined, program, asserted, subject, order: None, found, claimed })
    }

    /// The same with definitions that several texts share. The text takes over those that it uses; its own definitions
    /// replace shared ones of the same name, and those that it does not use are no mistake.
    ///
    /// # Errors
    /// The mistakes, in the order of the text.
    pub fn with_shared(mut text: Text, shared: &[Definition], context: &Context) -> Result<Self, Vec<Mistake>> {
        text.definitions = check::used(&text, shared);
        Formula::new(text, context)
    }

    /// With another order of the relative error than 1, for an approximation.
    pub fn with_order(self, order: u32) -> Self {
        Formula { order: Some(order), ..self }
    }

    /// What was read.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// The symbols of the notation that this text defines anew, which a reader should be told.
    pub fn redefined(&self) -> impl Iterator<Item = &Name> {
        let own = self.defined.iter().filter(|own| symbol::find(own.name.as_str(), own.indexed).is_some());
        own.map(|own| &own.name)
    }

    /// The names that may stand in place of a name of this text: symbols of the notation, of which the first stands for
    /// all that are equal in the context, and names that the text defines, of the same shape and units. A name with an
    /// index is asked for, and answered, as "aᵢ".
    pub fn alternatives(&self, name: &Name) -> Vec<Name> {
        let (base, suffix) = match name.as_str().char_indices().last() {
            Some((end, letter @ ('ᵢ' | 'ⱼ'))) => (&name.as_str()[..end], Some(letter)),
            _ => (name.as_str(), None),
        };
        let indexed = suffix.is_some();
        let own = self.defined.iter().find(|own| own.name.as_str() == base && own.indexed == indexed);
        let (shape, units) = match own {
            Some(own) => (own.shape, own.units),
            None => match symbol::find(base, indexed) {
                Some(symbol) => (symbol.shape_in(&self.context), Some(symbol.units_in(&self.context))),
                None => return Vec::new(),
            },
        };
        let symbols = match own {
            Some(_) => symbol::of_type(shape, units.unwrap_or(Units::NONE), indexed, &self.context),
            None => symbol::alternatives(base, indexed, &self.context),
        };
        // A symbol that is defined anew has the meaning of its definition.
        let is_defined = |name: &str| self.defined.iter().any(|own| own.name.as_str() == name);
        // The first minibatch is drawn at w₀: given weights are these.
        let is_given = |name: &str| self.subject == Subject::Minibatch && matches!(name, "w" | "w₀");
        let repeated = |name: &str| is_given(name) && (is_given(base) || name == "w₀");
        let symbols = symbols.into_iter().map(|symbol| symbol.name).filter(|name| !is_defined(name) && !repeated(name));
        let others = self.defined.iter().filter(|other| {
            let agree = match (other.units, units) {
                (Some(one), Some(other)) => one.agree(other, self.context.natural_units),
                _ => true,
            };
            other.name.as_str() != base && other.indexed == indexed && other.shape == shape && agree
        });
        let names = symbols.chain(others.map(|other| other.name.as_str()));
        Vec::from_iter(
            names.map(|name| Name(suffix.map_or_else(|| name.to_owned(), |letter| format!("{name}{letter}")))),
        )
    }

    /// In which sense it claims to hold.
    pub fn kind(&self) -> Kind {
        match (self.asserted.first().map_or(Kind::Exact, Asserted::kind), self.order) {
            (Kind::Approximation(limit, _), Some(order)) => Kind::Approximation(limit, order),
            (kind, _) => kind,
        }
    }

    /// Whose answer it speaks about.
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// The quantity that it is a closed form of, or a relation for: one side of its only statement.
    pub fn quantity(&self) -> Option<Quantity> {
        match self.asserted.as_slice() {
            [Asserted::Sides { quantity, .. }] => *quantity,
            _ => None,
        }
    }

    /// How what is found is to compare with what is claimed, statement by statement.
    pub fn relations(&self) -> impl Iterator<Item = Relation> {
        self.asserted.iter().filter_map(|asserted| match asserted {
            Asserted::Sides { relation, .. } => Some(*relation),
            _ => None,
        })
    }

    /// The side of each statement that is found, as it is written. A quantity has its own name, as C(w*) is found at w₀.
    pub fn found_side(&self) -> String {
        if let Some(quantity) = self.quantity() {
            return quantity.to_string();
        }
        let side = |(statement, asserted): (&Statement, &Asserted)| {
            let (left, right) = match statement {
                Statement::Equation { left, right, .. } | Statement::Limit { left, right, .. } => (left, Some(right)),
                Statement::Comparison { comparison, .. } | Statement::Equivalence { left: comparison, .. } => {
                    (&comparison.first, comparison.rest.first().map(|(_, right)| right))
                }
                Statement::Stationary { .. } => return String::new(),
            };
            let side = match asserted {
                Asserted::Sides { turned: true, .. } => right.unwrap_or(left),
                _ => left,
            };
            side.written(Spelling::Unicode)
        };
        Vec::from_iter(self.text.statements.iter().zip(&self.asserted).map(side)).join(", ")
    }

    /// Whether the claimed side reads moments, so that an engine must be asked first: no closed form.
    pub fn needs_moments(&self) -> bool {
        self.program.reads(&self.claimed.results).anything()
    }

    /// Whether either side reads the answer of an engine, and not the setting alone.
    pub fn reads_answer(&self) -> bool {
        self.needs_moments() || self.program.reads(&self.found.results).anything()
    }

    /// Whether D stands in one of its sides.
    pub fn reads_dimension(&self) -> bool {
        [&self.found, &self.claimed].into_iter().any(|side| self.program.reads(&side.results).dimension)
    }

    /// Whether both sides of all equations are the same operations, as in K = H: nothing is said then.
    pub fn is_tautology(&self) -> bool {
        !self.found.results.is_empty() && self.found.results == self.claimed.results
    }

    /// For each pseudoinverse M⁺ the symbol M, or `None` where M is anything else. M⁺ is continuous only where the rank
    /// of M does not change.
    pub fn pseudoinverses(&self) -> impl Iterator<Item = Option<Meaning>> {
        self.program.pseudoinverses()
    }

    /// Whether it has a positive part (x)₊, which is one rational function where x is positive and another one elsewhere.
    pub fn has_positive_part(&self) -> bool {
        self.program.has_positive_part()
    }

    /// The most rows that a matrix has which is inverted, or by which an equation is solved, for D weights; 0 without any.
    pub fn largest_inverse(&self, D: usize) -> usize {
        self.program.largest_inverse(D)
    }

    /// The side that an engine finds: the quantity, or the left side. Several equations stand below each other, in one
    /// column.
    ///
    /// # Errors
    /// [`EvaluationError`] where it has no value.
    pub fn found<T: Scalar>(&self, given: &Given<T>) -> Result<Matrix<T>, EvaluationError> {
        self.found.value(&self.program, given)
    }

    /// The side that is claimed.
    ///
    /// # Errors
    /// [`EvaluationError`] where it has no value.
    pub fn claimed<T: Scalar>(&self, given: &Given<T>) -> Result<Matrix<T>, EvaluationError> {
        self.claimed.value(&self.program, given)
    }

    /// The comparisons of all conditions, in the order of the text.
    ///
    /// # Errors
    /// [`EvaluationError`] where a side has no value.
    pub fn differences<T: Scalar>(&self, given: &Given<T>) -> Result<Vec<Difference<T>>, EvaluationError> {
        let parts = self.asserted.iter().flat_map(|asserted| match asserted {
            Asserted::Sides { .. } => Vec::new(),
            Asserted::Stability(parts) => Vec::from_iter(parts),
            Asserted::Equivalence(left, right) => Vec::from_iter(left.iter().chain(right)),
        });
        parts.map(|part| condition::difference(&self.program, part, given)).collect()
    }

    /// The operations of the claimed side.
    pub(crate) fn claimed_side(&self) -> (&Program, &Side) {
        (&self.program, &self.claimed)
    }

    /// What it takes for granted.
    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    /// Whether the condition of a formula of stability holds; of an equivalence, whether both conditions hold, or
    /// neither. Beside "stationary", ≥ means > and ⪰ means ≻, as nothing is stationary at the edge.
    ///
    /// # Errors
    /// [`EvaluationError`] where a side has no value.
    pub fn holds(&self, setting: &Setting<Rational>) -> Result<bool, EvaluationError> {
        let given = Given::setting(setting);
        for asserted in &self.asserted {
            let holds = match asserted {
                Asserted::Sides { .. } => true,
                Asserted::Stability(parts) => condition::all(&self.program, parts, &given, true)?,
                Asserted::Equivalence(left, right) => {
                    let [left, right] = [left, right].map(|parts| condition::all(&self.program, parts, &given, false));
                    left? == right?
                }
            };
            if !holds {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
