//! Rationals as decimals, for tables.

use rug::{Float, Integer, Rational};

/// So many significant digits in plain notation; a number that is a shorter decimal stands without zeros at the end.
pub fn decimal(value: &Rational, digits: usize) -> String {
    if value.is_zero() {
        return "0".into();
    }
    let rounded = Float::with_val(64 + 4 * digits as u32, value);
    let (negative, figures, exponent) = rounded.to_sign_string_exp(10, Some(digits));
    // 0.figures × 10^exponent.
    let exponent = exponent.unwrap_or_default();
    let leading = if exponent > 0 { 0 } else { exponent.unsigned_abs() as usize };
    let places = exponent.max(0) as usize;
    let figures = "0".repeat(leading) + &figures;
    let (whole, part) = figures.split_at(places.min(figures.len()));
    let whole = if whole.is_empty() { "0" } else { whole };
    let exact = (Rational::from(value * Integer::from(Integer::u_pow_u(10, digits as u32)))).is_integer();
    let part = if exact { part.trim_end_matches('0') } else { part };
    let point = if part.is_empty() { "" } else { "." };
    format!("{}{whole}{point}{part}", if negative { "-" } else { "" })
}

/// √q to some 38 digits.
pub(crate) fn square_root(q: &Rational) -> Rational {
    Float::with_val(128, q).sqrt().to_rational().unwrap_or_default()
}

/// The least and the largest of some values, in the words of `text`; empty where there is none.
pub(crate) fn ends<T: PartialOrd>(values: &[T], text: impl Fn(&T) -> String) -> [String; 2] {
    let least = values.iter().reduce(|one, other| if other < one { other } else { one });
    let most = values.iter().reduce(|one, other| if other > one { other } else { one });
    [least, most].map(|end| end.map_or_else(String::new, &text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_plain() {
        let text = |n: i64, d: i64, digits| decimal(&Rational::from((n, d)), digits);
        assert_eq!(text(1, 10, 6), "0.1");
        assert_eq!(text(2, 3, 6), "0.666667");
        assert_eq!(text(1, 300, 3), "0.00333");
        assert_eq!(text(-7, 2, 6), "-3.5");
        assert_eq!(text(200, 1, 6), "200");
        assert_eq!(text(1000001, 3, 7), "333333.7");
        assert_eq!(text(301, 300, 3), "1.00");
    }
}
