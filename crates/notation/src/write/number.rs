//! The spellings of numbers and exponents.

use rug::{Integer, Rational};

use super::spelling::Spelling;

/// The number in a spelling: ½, 0.1, 12.
pub(super) fn number(number: &Rational, spelling: Spelling) -> String {
    match (number.numer().to_u32(), number.denom().to_u32(), spelling) {
        (Some(1), Some(2), Spelling::Unicode) => "½".to_string(),
        (Some(1), Some(4), Spelling::Unicode) => "¼".to_string(),
        (Some(1), Some(2), Spelling::Latex) => "\\tfrac12".to_string(),
        (Some(1), Some(4), Spelling::Latex) => "\\tfrac14".to_string(),
        _ => decimal(number),
    }
}

/// All digits of a finite decimal; of another number, which a tree does not hold, the quotient.
fn decimal(number: &Rational) -> String {
    let mut denominator = number.denom().clone();
    let twos = denominator.remove_factor_mut(&Integer::from(2));
    let fives = denominator.remove_factor_mut(&Integer::from(5));
    if denominator != 1 || *number < 0 {
        return format!("({number})");
    }
    let places = twos.max(fives);
    let digits = (number.clone() * Integer::from(Integer::u_pow_u(10, places))).numer().to_string();
    let places = places as usize;
    if places == 0 {
        return digits;
    }
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    format!("{whole}.{fraction}")
}

/// The number above the line: ⁻¹.
pub(super) fn superscript(exponent: i32) -> String {
    exponent
        .to_string()
        .chars()
        .map(|digit| match digit {
            '-' => '⁻',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            other => other.to_digit(10).and_then(|digit| char::from_u32('⁰' as u32 + digit)).unwrap_or(other),
        })
        .collect()
}
