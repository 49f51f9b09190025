//! Square roots and extremes, for the tables.

use rug::{Float, Rational};

/// √q to some 38 digits.
pub fn square_root(q: &Rational) -> Rational {
    Float::with_val(128, q).sqrt().to_rational().unwrap_or_default()
}

/// The least and the largest of some values, in the words of `text`; empty where there are no values.
pub fn ends<T: PartialOrd>(values: &[T], text: impl Fn(&T) -> String) -> [String; 2] {
    let least = values.iter().reduce(|one, other| if other < one { other } else { one });
    let most = values.iter().reduce(|one, other| if other > one { other } else { one });
    [least, most].map(|end| end.map_or_else(String::new, &text))
}
