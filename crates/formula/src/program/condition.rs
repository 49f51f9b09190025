//! Conditions, which need an order: over ℚ.

use numbers::Scalar;
use numbers::matrix::{self, Definiteness, Matrix, definiteness};
use rug::Rational;

use super::Program;
use super::pseudoinverse::range;
use super::value::Value;
use crate::check::Compared;
use crate::{EvaluationError, Given};
use notation::tree::Relation;

/// How two sides are compared, and by how much they differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference<T> {
    /// How they are compared.
    pub relation: Relation,
    /// The left side less the right one.
    pub difference: Matrix<T>,
    /// The matrix on whose range they are compared, if there is one.
    pub on: Option<Matrix<T>>,
}

/// The sides of a comparison, over any field.
pub(crate) fn difference<T: Scalar>(
    program: &Program,
    compared: &Compared,
    given: &Given<T>,
) -> Result<Difference<T>, EvaluationError> {
    let results = Vec::from_iter([compared.left, compared.right].into_iter().chain(compared.on));
    let mut values = program.run(&program.schedule(&results), &results, given)?.into_iter().map(Value::into_matrix);
    let mut next = || values.next().unwrap_or_else(|| Matrix::zeros(1, 1));
    let (left, right, on) = (next(), next(), compared.on.map(|_| next()));
    Ok(Difference { relation: compared.relation, difference: left - right, on })
}

/// Whether all comparisons hold. Where an edge counts as outside, ≥ means > and ⪰ means ≻.
pub(crate) fn all(
    program: &Program,
    parts: &[Compared],
    given: &Given<Rational>,
    strict: bool,
) -> Result<bool, EvaluationError> {
    for part in parts {
        if !one(program, part, given, strict)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn one(program: &Program, compared: &Compared, given: &Given<Rational>, strict: bool) -> Result<bool, EvaluationError> {
    let Difference { relation, difference, on } = difference(program, compared, given)?;
    let relation = match relation {
        Relation::AtLeast if strict => Relation::Greater,
        Relation::AtMost if strict => Relation::Less,
        Relation::SucceedsOrEquals if strict => Relation::Succeeds,
        Relation::PrecedesOrEquals if strict => Relation::Precedes,
        relation => relation,
    };
    let is_positive = |M: Matrix<Rational>| {
        let M = symmetric(M, on.as_ref(), compared)?;
        Ok(matrix::is_positive_definite(&M))
    };
    let is_not_negative = |M: Matrix<Rational>| match definiteness(&symmetric(M, on.as_ref(), compared)?) {
        Definiteness::Semidefinite => Ok(true),
        Definiteness::Indefinite { .. } => Ok(false),
        Definiteness::Undecided => Err(EvaluationError::Sign { part: format!("the difference of {}", compared.text) }),
    };
    let size = difference.iter().next().cloned().unwrap_or_default();
    match relation {
        Relation::Less => Ok(size < 0),
        Relation::AtMost => Ok(size <= 0),
        Relation::Greater => Ok(size > 0),
        Relation::AtLeast => Ok(size >= 0),
        Relation::Equal => Ok(difference.iter().all(|entry| *entry == 0)),
        Relation::Unequal => Ok(difference.iter().any(|entry| *entry != 0)),
        Relation::Succeeds => is_positive(difference),
        Relation::Precedes => is_positive(-difference),
        Relation::SucceedsOrEquals => is_not_negative(difference),
        Relation::PrecedesOrEquals => is_not_negative(-difference),
    }
}

/// A symmetric matrix, or what it is on the range of another.
fn symmetric(
    M: Matrix<Rational>,
    on: Option<&Matrix<Rational>>,
    compared: &Compared,
) -> Result<Matrix<Rational>, EvaluationError> {
    if !matrix::is_symmetric(&M) {
        return Err(EvaluationError::Undefined {
            symbol: format!("the sign of the difference of {}", compared.text),
            reason: "it is not symmetric",
        });
    }
    match on {
        None => Ok(M),
        Some(on) => {
            let basis = range(on);
            Ok(basis.transpose() * M * basis)
        }
    }
}
