//! Where a program loses digits: the local error of every operation.
//!
//! The local error of an operation f with the exact operands x, y in a field of rounded numbers is that of
//!
//! ```text
//! fl(f)(fl(x), fl(y))    against    f(x, y)
//! ```
//!
//! where fl(x) is the number nearest to x, and fl(f) is the operation as the field carries it out. A subtraction of
//! nearly equal numbers is exact on rounded operands; what counts is that it makes the rounding of its operands large
//! beside its own value. Errors are relative, in the norm of Frobenius; those of an operation inside a loop are taken
//! over all of its turns together.
//!
//! A local error says nothing about the result: the digits of a small summand are missed by nobody, and an error above
//! a stroke may cancel against the same one below. So the program is run once more, exactly but for this one operation,
//! and the error of the result tells how much of the local error arrives there.
//!
//! # Source
//! Panchekha, Sanchez-Stern, Wilcox, Tatlock, Automatically improving accuracy for floating point expressions, PLDI 2015,
//! have the local error; that it must arrive is added here.

use numbers::Scalar;
use rug::Rational;
use symbols::Minibatch;

use super::pair::Pair;
use super::run::Formed;
use super::value::Value;
use super::{Id, Program};
use crate::digits::{Digits, Gap, Rounding};
use crate::{EvaluationError, Given};

/// The errors of operations by themselves.
pub(crate) struct Errors {
    /// The correct digits of the results where every operation is rounded.
    pub(crate) whole: Digits,
    /// The operations with an error, in the order of the program.
    pub(crate) operations: Vec<Local>,
}

/// The error of one operation by itself.
pub(crate) struct Local {
    pub(crate) id: Id,
    /// The correct digits of its value.
    pub(crate) own: Digits,
    /// The correct digits of the results where only this operation is rounded; `None` where nobody asked.
    pub(crate) arriving: Option<Digits>,
}

/// A program beside the field in which it is rounded.
struct Measured<'a, T> {
    program: &'a Program,
    schedule: &'a [Id],
    results: &'a [Id],
    given: Given<'a, Pair<T>>,
    rounding: &'a Rounding<'a, T>,
}

/// Measures all operations, and what arrives at the results of those that lose `least` digits or more. If that explains
/// no loss of so many digits although the results have one, it measures what arrives of every operation.
///
/// # Errors
/// [`EvaluationError`] where a result has no exact value, or an operation has none in this field.
pub(crate) fn errors<T: Scalar>(
    program: &Program,
    (schedule, results): (&[Id], &[Id]),
    given: &Given<Rational>,
    rounding: &Rounding<T>,
    least: f64,
) -> Result<Errors, EvaluationError> {
    let pair = |value: &Rational| Pair { exact: value.clone(), found: (rounding.nearest)(value) };
    let (setting, moments) = (given.setting.map(pair), given.moments.map(|moments| moments.map(pair)));
    let minibatch = given.minibatch.map(|minibatch| Minibatch {
        gradient: minibatch.gradient.map(|value| pair(&value)),
        noise_covariance: minibatch.noise_covariance.map(|value| pair(&value)),
    });
    let given = Given { setting: &setting, moments: moments.as_ref(), minibatch: minibatch.as_ref() };
    let measured = Measured { program, schedule, results, given, rounding };

    let whole = measured.digits(&measured.run(None)?);
    let (exact, mut operations) = measured.local()?;
    let lost = |digits: Digits| digits.lost(rounding.digits);
    for local in operations.iter_mut().filter(|local| lost(local.own) >= least) {
        local.arriving = Some(measured.arriving(local.id, &exact));
    }
    let explained = operations.iter().filter_map(|local| local.arriving).any(|arriving| lost(arriving) >= least);
    if lost(whole) >= least && !explained {
        for local in operations.iter_mut().filter(|local| local.arriving.is_none()) {
            local.arriving = Some(measured.arriving(local.id, &exact));
        }
    }
    Ok(Errors { whole, operations })
}

impl<T: Scalar> Measured<'_, T> {
    fn run(&self, formed: Option<Formed<Pair<T>>>) -> Result<Vec<Value<Pair<T>>>, EvaluationError> {
        self.program.run_with(self.schedule, self.results, &self.given, formed)
    }

    /// The exact results, and the operations that have an error by themselves.
    fn local(&self) -> Result<(Vec<Rational>, Vec<Local>), EvaluationError> {
        let mut gaps: Vec<Option<Gap>> = vec![None; self.program.len()];
        let mut renew = |id: Id, value: Value<Pair<T>>| {
            let gap = gaps[id].get_or_insert_default();
            value.entries().iter().for_each(|pair| self.add(gap, pair));
            self.renewed(&value)
        };
        let results = self.run(Some(&mut renew))?;
        let digits = gaps.into_iter().enumerate().filter_map(|(id, gap)| Some((id, gap?.digits())));
        let with_error = digits.filter(|(_, own)| *own != Digits::All);
        let operations = with_error.map(|(id, own)| Local { id, own, arriving: None });
        Ok((Vec::from_iter(exact_entries(&results).cloned()), operations.collect()))
    }

    /// The correct digits of the results where one operation alone is rounded.
    fn arriving(&self, operation: Id, exact: &[Rational]) -> Digits {
        let mut missing = false;
        let mut round_one = |id: Id, value: Value<Pair<T>>| {
            if id != operation {
                return self.renewed(&value);
            }
            missing |= value.entries().iter().any(|pair| (self.rounding.exact)(&pair.found).is_none());
            self.renewed(&value.map(|pair| Pair {
                exact: (self.rounding.exact)(&pair.found).unwrap_or_default(),
                found: pair.found.clone(),
            }))
        };
        let results = self.run(Some(&mut round_one));
        let Some(results) = results.ok().filter(|_| !missing) else { return Digits::None };
        let mut gap = Gap::default();
        exact.iter().zip(exact_entries(&results)).for_each(|(exact, found)| gap.add(exact, Some(found)));
        gap.digits()
    }

    /// The correct digits of values.
    fn digits(&self, values: &[Value<Pair<T>>]) -> Digits {
        let mut gap = Gap::default();
        values.iter().flat_map(Value::entries).for_each(|pair| self.add(&mut gap, pair));
        gap.digits()
    }

    fn add(&self, gap: &mut Gap, pair: &Pair<T>) {
        gap.add(&pair.exact, (self.rounding.exact)(&pair.found).as_ref());
    }

    /// A value whose entries are the nearest to the exact ones.
    fn renewed(&self, value: &Value<Pair<T>>) -> Value<Pair<T>> {
        value.map(|pair| Pair { exact: pair.exact.clone(), found: (self.rounding.nearest)(&pair.exact) })
    }
}

fn exact_entries<T: Scalar>(values: &[Value<Pair<T>>]) -> impl Iterator<Item = &Rational> {
    values.iter().flat_map(Value::entries).map(|pair| &pair.exact)
}
