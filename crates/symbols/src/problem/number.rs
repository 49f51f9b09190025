//! Decimal text as an exact rational.

use rug::ops::Pow;
use rug::{Integer, Rational};

/// The rational that a decimal such as `-1.5e-3` spells; `None` unless it is finite and within the range of doubles.
///
/// The range keeps a short text such as `1e-999999999` from becoming a number of a billion digits, and the setting
/// from losing a number on the way to `f64`.
pub fn decimal(text: &str) -> Option<Rational> {
    let double: f64 = text.parse().ok()?;
    if !double.is_finite() {
        return None;
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = Integer::from_str_radix(&format!("{whole}{fraction}"), 10).ok()?;
    if digits.is_zero() {
        return Some(Rational::new());
    }
    if double == 0.0 {
        return None;
    }
    let exponent = exponent.parse::<i64>().ok()?.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    let power = Integer::from(10).pow(u32::try_from(exponent.unsigned_abs()).ok()?);
    Some(if exponent < 0 { Rational::from((digits, power)) } else { Rational::from(digits * power) })
}

/// The integer of base `radix`, as a rational within the range of doubles.
pub(super) fn integer(text: &str, radix: u32) -> Option<Rational> {
    let value = Integer::from_str_radix(text, i32::try_from(radix).ok()?).ok()?;
    value.to_f64().is_finite().then(|| Rational::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nearest_f64;
    use proptest::prelude::*;

    #[test]
    fn a_decimal_is_what_it_spells() {
        assert_eq!(decimal("0.1"), Some(Rational::from((1, 10))));
        assert_eq!(decimal("-1.50e-3"), Some(Rational::from((-3, 2000))));
        assert_eq!(decimal("+2E3"), Some(Rational::from(2000)));
        assert_eq!(decimal(".5"), Some(Rational::from((1, 2))));
        assert_eq!(decimal("-0.0"), Some(Rational::new()));
        assert_eq!(decimal("0e999999999999999999999"), Some(Rational::new()));
    }

    #[test]
    fn what_no_double_holds_is_refused_before_it_is_built() {
        for text in ["nan", "inf", "-inf", "1e400", "1e-400", "1e-999999999", "1e999999999", "", "x", "1,5", "0x10"] {
            assert_eq!(decimal(text), None, "{text}");
        }
        assert_eq!(integer(&"9".repeat(400), 10), None);
    }

    proptest! {
        #[test]
        fn the_nearest_double_of_a_printed_double_is_that_double(bits in any::<u64>()) {
            let double = f64::from_bits(bits);
            for text in [format!("{double}"), format!("{double:e}")] {
                match decimal(&text) {
                    // Zeros differ in sign, subnormals in what `nearest_f64` keeps of them.
                    Some(value) if double.is_normal() => prop_assert_eq!(nearest_f64(&value), double),
                    found => prop_assert!(found.is_some() == double.is_finite(), "{}", text),
                }
            }
        }
    }
}
