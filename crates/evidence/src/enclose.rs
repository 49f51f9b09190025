//! A closed form to any number of digits, each of them certain.

use std::ops::RangeInclusive;

use claims::{Claim, Form};
use exact::ExactError;
use formula::{EvaluationError, Given};
use numbers::{Interval, Matrix, decide};
use rug::Rational;
use symbols::{Moments, Setting};

use crate::engine::{self, subject};

/// The most digits that are asked for.
pub const DIGITS_LIMIT: u32 = 10_000;

/// Why there is no value.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum EncloseError {
    /// More digits, or fewer, than can be asked for.
    #[error("digits = {digits}: expected 1 to {DIGITS_LIMIT}")]
    Digits {
        /// What was asked for.
        digits: u32,
    },
    /// The closed form has none.
    #[error(transparent)]
    Form(#[from] EvaluationError),
    /// The exact engine has none.
    #[error(transparent)]
    Engine(#[from] ExactError),
}

/// The value of a claim's printed form at a setting: enclosures whose first `digits` significant digits are certain.
///
/// The setting is rounded outward to a precision that doubles until the digits are certain. A relation takes the
/// stationary moments of the exact engine. No digit of zero is ever certain, so an entry that is certainly below
/// 10^−`digits` of the largest one is taken over ℚ.
///
/// # Errors
/// [`EncloseError`] where the form has a pole or needs moments that do not exist, or `digits` is beyond [`DIGITS_LIMIT`].
pub fn enclose(claim: &Claim, setting: &Setting<Rational>, digits: u32) -> Result<Matrix<Interval>, EncloseError> {
    if !(1..=DIGITS_LIMIT).contains(&digits) {
        return Err(EncloseError::Digits { digits });
    }
    let exact = claim.printed.needs_moments().then(|| exact::stationary(setting)).transpose()?;
    let start = 64 + 4 * digits;
    let mut value = value(&claim.printed, setting, exact.as_ref(), digits, start..=64 * start)?;
    if value.iter().any(|entry| entry.digits() < digits) {
        // Where the form has no value over ℚ, the enclosure stays.
        let exactly = claim.printed.claimed(&given(setting, exact.as_ref()));
        for (entry, exactly) in value.iter_mut().zip(exactly.iter().flatten()) {
            if entry.digits() < digits {
                *entry = Interval::from(exactly.clone());
            }
        }
    }
    Ok(value)
}

/// The value of a form at a setting that is rounded outward to the first of the `precisions`, in bits, at which
/// `digits` digits of each entry are certain. Entries that are negligible beside the largest one need not be so
/// certain.
///
/// Where none of the precisions decides, the value is taken over ℚ: only there is a denominator that is zero known to
/// be zero, and no digit of zero is ever certain. So it is where intervals have no value: a matrix without an inverse
/// has a pseudoinverse over ℚ alone.
pub(crate) fn value(
    form: &Form,
    setting: &Setting<Rational>,
    moments: Option<&Moments<Rational>>,
    digits: u32,
    precisions: RangeInclusive<u32>,
) -> Result<Matrix<Interval>, EvaluationError> {
    let at = |bits: u32| {
        let moments = moments.map(|moments| moments.map(|v| enclosing(v, bits)));
        form.claimed(&given(&setting.map(|v| enclosing(v, bits)), moments.as_ref()))
    };
    let found = decide(precisions, |bits| match at(bits) {
        Ok(value) => is_certain(&value, digits).then_some(Some(value)),
        Err(_) => Some(None),
    });
    match found {
        Ok(Some(value)) => Ok(value),
        _ => Ok(form.claimed(&given(setting, moments))?.map(Interval::from)),
    }
}

fn given<'a, T>(setting: &'a Setting<T>, moments: Option<&'a Moments<T>>) -> Given<'a, T> {
    Given { moments, ..Given::setting(setting) }
}

/// A number, rounded outward to `bits` bits.
pub(crate) fn enclosing(value: &Rational, bits: u32) -> Interval {
    // The precision is far within MPFR's limits, so that the default is never taken.
    Interval::enclosing(value, bits).unwrap_or_else(|_| Interval::from(value.clone()))
}

fn is_certain(value: &Matrix<Interval>, digits: u32) -> bool {
    let size = |entry: &Interval| Some(entry.low()?.abs().max(entry.high()?.abs()));
    let Some(sizes) = value.iter().map(size).collect::<Option<Vec<_>>>() else { return false };
    let largest = sizes.iter().max().cloned().unwrap_or_default();
    let negligible = largest / Rational::from(rug::Integer::u_pow_u(10, digits));
    value.iter().zip(&sizes).all(|(entry, size)| entry.digits() >= digits || *size <= negligible)
}

/// The side of a claim's printed form that is found, by the exact engine.
///
/// # Errors
/// [`EncloseError`] where the engine has no value.
pub fn exact_value(claim: &Claim, setting: &Setting<Rational>) -> Result<Matrix<Rational>, EncloseError> {
    let answer = engine::exact::ask(subject(claim), setting)?;
    Ok(answer.found(&claim.printed, setting)?)
}
