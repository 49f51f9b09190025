//! A closed form to any number of digits, each of them certain.

use claims::{Claim, Field};
use rug::Rational;
use symbols::{Interval, Matrix, Setting, decide};

use crate::engine;

/// The most digits that are asked for.
pub const DIGITS_LIMIT: u32 = 10_000;

/// The value of a claim's printed form at a setting: enclosures whose first `digits` significant digits are certain.
///
/// The setting is rounded outward to a precision that doubles until they are. A relation takes the stationary moments of the
/// exact engine. Where an entry of the form is zero no digit of it is ever certain: an entry that is certainly below 10^−`digits` of the
/// largest one is taken over ℚ.
///
/// # Errors
/// For a reader: the form has a pole or needs moments that do not exist; or `digits` is beyond [`DIGITS_LIMIT`].
pub fn enclose(claim: &Claim, setting: &Setting<Rational>, digits: u32) -> Result<Matrix<Interval>, String> {
    if !(1..=DIGITS_LIMIT).contains(&digits) {
        return Err(format!("digits = {digits}: expected 1 to {DIGITS_LIMIT}"));
    }
    let exact = match &claim.printed.interval {
        claims::Formula::Closed(_) => None,
        claims::Formula::Relation(_) => Some(exact::stationary(setting).map_err(|error| error.to_string())?),
    };
    let at = |bits: u32| {
        // Within MPFR's limits by far.
        let enclosing = |v: &Rational| Interval::enclosing(v, bits).unwrap_or_else(|_| Interval::from(v.clone()));
        let moments = exact.as_ref().map(|moments| moments.map(enclosing));
        Interval::of(&claim.printed).evaluate(&setting.map(enclosing), moments.as_ref())
    };
    let start = 64 + 4 * digits;
    let found = decide(start..=64 * start, |bits| match at(bits) {
        Ok(value) => is_certain(&value, digits).then_some(Ok(value)),
        Err(error) => Some(Err(error.to_string())),
    });
    // What no precision decides may have no value, as a denominator that is zero is zero over ℚ; or be zero throughout.
    let over_rationals = || claim.printed.rational.evaluate(setting, exact.as_ref());
    match found {
        Ok(Ok(value)) if value.iter().all(|entry| entry.digits() >= digits) => Ok(value),
        Ok(Ok(mut value)) => {
            // Where ℚ has no value, the enclosure is what there is.
            for (entry, exactly) in value.iter_mut().zip(over_rationals().iter().flatten()) {
                if entry.digits() < digits {
                    *entry = Interval::from(exactly.clone());
                }
            }
            Ok(value)
        }
        Ok(Err(error)) => Err(error),
        Err(undecided) => match over_rationals() {
            Ok(value) if value.iter().all(Rational::is_zero) => Ok(value.map(Interval::from)),
            Ok(_) => Err(undecided.to_string()),
            Err(error) => Err(error.to_string()),
        },
    }
}

fn is_certain(value: &Matrix<Interval>, digits: u32) -> bool {
    let size = |entry: &Interval| Some(entry.low()?.abs().max(entry.high()?.abs()));
    let Some(sizes) = value.iter().map(size).collect::<Option<Vec<_>>>() else { return false };
    let largest = sizes.iter().max().cloned().unwrap_or_default();
    let negligible = largest / Rational::from(rug::Integer::u_pow_u(10, digits));
    value.iter().zip(&sizes).all(|(entry, size)| entry.digits() >= digits || *size <= negligible)
}

/// The value of the same quantity by the exact engine.
///
/// # Errors
/// For a reader: the engine has no value.
pub fn exact_value(claim: &Claim, setting: &Setting<Rational>) -> Result<Matrix<Rational>, String> {
    let of_one_minibatch = claim.quantity.is_of_one_minibatch();
    let answer = engine::exact::ask(of_one_minibatch, setting).map_err(|error| error.to_string())?;
    answer.quantity(claim.quantity, setting).ok_or_else(|| format!("{} is not defined", claim.quantity))
}
