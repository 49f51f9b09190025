//! Numbers on the command line.

use problem::decimal;
use rug::Rational;

/// What a message expects of a number.
pub const EXPECTED: &str = "a decimal or a fraction, such as 0.7 or 1/500";

/// A decimal, or a fraction of two of them.
pub fn fraction(text: &str) -> Option<Rational> {
    let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
    let parts = decimal(numerator.trim()).zip(decimal(denominator.trim()).filter(|denominator| !denominator.is_zero()));
    parts.map(|(numerator, denominator)| numerator / denominator)
}

/// A number above 0.
///
/// # Errors
/// What was expected in its place.
pub fn positive(text: &str) -> Result<Rational, String> {
    match fraction(text) {
        Some(fraction) if fraction > 0 => Ok(fraction),
        Some(_) => Err("expected a number above 0".into()),
        None => Err(format!("expected {EXPECTED}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_decimals_or_fractions_of_them() {
        for (text, value) in
            [("0.7", (7, 10)), ("1/500", (1, 500)), ("0.7/2", (7, 20)), ("1e3", (1000, 1)), ("-1/-2", (1, 2))]
        {
            assert_eq!(positive(text), Ok(Rational::from(value)));
        }
        for text in ["", "abc", "1/0", "1/2/3", "nan", "1e999999999", "0", "-1", "1/-2"] {
            assert!(positive(text).is_err(), "{text}");
        }
    }
}
