//! Numbers that are enclosed, and the errors of formulas for them, as text.

use exact::ExactError;
use numbers::{Interval, decimal};
use rug::Rational;

use tables::rational::ends;

/// A number to `digits` digits, all of them certain, and a value between its bounds.
///
/// # Errors
/// Those of `enclose`, which is asked for the number to some digits.
pub fn certain(
    digits: usize,
    enclose: impl Fn(u32) -> Result<Interval, ExactError>,
) -> Result<(String, Rational), ExactError> {
    let mut wanted = digits as u32 + 2;
    loop {
        let enclosed = enclose(wanted)?;
        let ends = [enclosed.low(), enclosed.high()].map(|end| end.map(|end| decimal::exact(&end, digits)));
        match (ends, enclosed.midpoint()) {
            ([Some(low), Some(high)], Some(middle)) if low == high => return Ok((low, middle)),
            // The bounds lie on both sides of a digit's boundary. The number may lie on it, as 2 does.
            ([Some(_), Some(_)], Some(middle)) if wanted > 2 * digits as u32 => {
                return Ok((decimal::exact(&middle, digits), middle));
            }
            _ => wanted += digits as u32,
        }
    }
}

/// claimed/found − 1.
pub fn error(claimed: &Rational, found: &Rational) -> Rational {
    Rational::from(claimed / found) - 1
}

/// Whether `digits` certain digits do not tell an error from zero.
pub(crate) fn is_none(error: &Rational, digits: usize) -> bool {
    let certain = Rational::from(rug::Integer::u_pow_u(10, digits.saturating_sub(1) as u32)).recip();
    error.clone().abs() < certain
}

/// An error in percent, to one place, or to two digits where that would be zero. An error that `digits` certain digits
/// do not tell from zero is printed as zero.
pub(crate) fn percent(error: &Rational, digits: usize) -> String {
    if is_none(error, digits) {
        return "0 %".into();
    }
    let sign = if *error > 0 { "+" } else { "" };
    let tenths = Rational::from(error * 1000).round();
    if tenths.is_zero() {
        return format!("{sign}{}", decimal::percent(error, 2));
    }
    format!("{sign}{} %", decimal::exact(&(tenths / Rational::from(10)), 8))
}

pub(crate) fn off(errors: &[Rational], digits: usize) -> String {
    format!("`β` is off by {}", range(errors, digits))
}

/// The least and the largest of some errors.
pub(crate) fn range(errors: &[Rational], digits: usize) -> String {
    let [least, most] = ends(errors, |error| percent(error, digits));
    if least == most { least } else { format!("{least} to {most}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_signs() {
        let of = |claimed: u32, found: u32| error(&claimed.into(), &found.into());
        assert_eq!(percent(&of(3, 2), 12), "+50 %");
        assert_eq!(percent(&of(1, 3), 12), "-66.7 %");
        assert_eq!(percent(&of(2, 2), 12), "0 %");
        assert_eq!(range(&[of(3, 2), of(2, 2), of(1, 3)], 12), "-66.7 % to +50 %");
    }

    /// An error that is certain is not printed as zero, however small it is.
    #[test]
    fn a_small_error_is_no_zero() {
        let error = Rational::from((-1, 300_000));
        assert_eq!(percent(&error, 12), "-0.00033 %");
        assert_eq!(percent(&error, 7), "-0.00033 %");
        assert_eq!(percent(&error, 6), "0 %");
    }
}
