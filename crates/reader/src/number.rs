//! Numbers: whole ones, and finite decimals.

use rug::{Integer, Rational};

use super::atom::Atom;
use super::source::Source;
use notation::Mistake;

/// More digits than a number may have.
pub(super) const DIGITS: usize = 60;

/// Reads a number from its first digit on: 2, 0.1. Spaces end it, and so does a full stop without a digit behind it.
pub(super) fn number(source: Source, atoms: &[Atom], at: &mut usize) -> Result<Rational, Mistake> {
    let first = *at;
    let char = |at: usize| atoms.get(at).and_then(Atom::char);
    let tight = |at: usize| atoms.get(at).is_some_and(|next| next.start == atoms[at - 1].end);
    let is_digit = |at: usize| char(at).is_some_and(|digit| digit.is_ascii_digit());
    let mut digits = String::new();
    let mut places: Option<u32> = None;
    while *at == first || tight(*at) {
        match char(*at) {
            Some(digit) if digit.is_ascii_digit() => {
                digits.push(digit);
                places = places.map(|places| places + 1);
            }
            Some('.') if places.is_none() && tight(*at + 1) && is_digit(*at + 1) => places = Some(0),
            _ => break,
        }
        *at += 1;
        if digits.len() > DIGITS {
            let message = format!("this number has more than {DIGITS} digits");
            return Err(source.mistake(atoms[first].start, atoms[*at - 1].end, message));
        }
    }
    let numerator: Integer = digits.parse().unwrap_or_default();
    Ok(Rational::from((numerator, Integer::from(Integer::u_pow_u(10, places.unwrap_or(0))))))
}
