//! The limits of the tail index for small steps and for large minibatches.

use numbers::{Interval, Scalar};
use rug::Rational;

use super::root::root;
use super::sums::ln;
use super::{check_digits, out_of_range};
use crate::ExactError;

/// lim α L/S of the tail index α as the step size L = λa of the stiffest direction tends to 0.
///
/// ```text
/// y/2,    y ln y = 1 + y,    y = 3.59112…
/// ```
///
/// Any number of weights, features of any covariance and any S have this limit: neither the dimension nor the other
/// directions matter. Dimensionless; at least `digits` significant digits are certain.
///
/// # Uniqueness
/// y ln y − y − 1 falls from −1 at 0 to −2 at 1, then rises.
///
/// # Errors
/// [`ExactError::OutOfRange`] beyond [`DIGITS_LIMIT`](super::DIGITS_LIMIT).
///
/// # Example
/// ```
/// assert!(exact::tail::small_steps(20)?.to_string().starts_with("1.79556"));
/// # Ok::<(), exact::ExactError>(())
/// ```
pub fn small_steps(digits: u32) -> Result<Interval, ExactError> {
    check_digits(digits)?;
    let function = |y: &Rational, precision: u32| {
        let y = Interval::from(y.clone()).rounded(precision);
        y.clone() * ln(&y) - &y - Interval::from_integer(1)
    };
    Ok(root(function, Rational::from((7, 2)), digits)? / Interval::from_integer(2))
}

/// lim α/S of the tail index α as S → ∞ at the fixed step size L = λa, for features of one variance in all directions.
///
/// ```text
/// c = (x − 1)(Lx − 1)/(2Lx),    (x − 1)(Lx − 1)/(Lx) ln(Lx − 1) = x − 1 − ln x,    x > 2/L
/// ```
///
/// The dimension does not matter. Dimensionless; at least `digits` significant digits are certain. As L → 0 it tends to
/// [`small_steps`] divided by L, as L → 2 to (2 − L)/4.
///
/// # Uniqueness
/// The difference of the sides is negative at x = 2/L, and has the derivative (1 − 1/(Lx²)) ln(Lx − 1), positive beyond.
///
/// # Errors
/// [`ExactError::OutOfRange`] unless 0 < L < 2, and beyond [`DIGITS_LIMIT`](super::DIGITS_LIMIT).
///
/// # Example
/// ```
/// use rug::Rational;
/// assert!(exact::tail::large_batch(&Rational::from(1), 12)?.to_string().starts_with("6.4998"));
/// # Ok::<(), exact::ExactError>(())
/// ```
pub fn large_batch(step_size: &Rational, digits: u32) -> Result<Interval, ExactError> {
    check_digits(digits)?;
    if *step_size <= 0 || *step_size >= 2 {
        return Err(out_of_range("step size", step_size, "more than 0 and less than 2"));
    }
    // With x = 2/L + t neither x − 1 nor Lx − 1 is a small difference.
    let least = Rational::from(2) / step_size - Rational::from(1);
    let parts = |t: &Interval, precision: u32| {
        let [L, least] = [step_size, &least].map(|x| Interval::from(x.clone()).rounded(precision));
        let one = Interval::from_integer(1);
        let excess = least + t;
        let x = excess.clone() + &one;
        let argument = L.clone() * t + one;
        let half = excess.clone() * &argument / (L * &x);
        [half, argument, excess, x]
    };
    let function = |t: &Rational, precision: u32| {
        let [half, argument, excess, x] = parts(&Interval::from(t.clone()).rounded(precision), precision);
        half * ln(&argument) - (excess - ln(&x))
    };
    let precision = 32 + 4 * digits;
    let t = root(function, step_size.clone().recip(), digits + 2)?;
    let [low, high] = [t.low(), t.high()].map(|end| {
        let end = Interval::from(end.unwrap_or_default()).rounded(precision);
        let [half, ..] = parts(&end, precision);
        half / Interval::from_integer(2)
    });
    Ok(low.hull(&high, precision))
}
