//! Symbols by what is typed for them.

use notation::symbol::{Symbol, indexed, symbol, written_elsewhere};
use notation::tree::{Name, Node, Statement};

/// The lines of a name in any spelling, without an index or with one; none where it is no symbol.
///
/// ```
/// use reader::symbol::spelled;
///
/// let found = |text| Vec::from_iter(spelled(text).into_iter().map(|symbol| (symbol.name, symbol.indexed)));
/// assert_eq!(found(r"\Lambda"), [("Λ", false)]);
/// assert_eq!(found("lambda"), [("λ", false), ("λ", true)]);
/// assert!(found("x_i") == [("x", true)] && found("x₁") == [("x", true)] && found("τ").is_empty());
/// ```
pub fn spelled(text: &str) -> Vec<&'static Symbol> {
    match alone(text) {
        Some(Node::Name(Name(name))) => {
            // x₁ is the first sample.
            let sample = name.strip_suffix('₁').unwrap_or(&name);
            [symbol(&name), indexed(sample)].into_iter().flatten().collect()
        }
        Some(Node::At(name, None, _)) => symbol(name.as_str()).into_iter().collect(),
        Some(Node::Indexed(name, _) | Node::At(name, Some(_), _)) => indexed(name.as_str()).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The one expression of a text.
fn alone(text: &str) -> Option<Node> {
    let read = crate::text(&[&format!("{text} = 0")], &[]).ok()?;
    match <[Statement; 1]>::try_from(read.statements) {
        Ok([Statement::Equation { left, .. }]) => Some(left.node),
        _ => None,
    }
}

/// A letter in any spelling that has no meaning here, and the letter of the table for which other papers write it: η
/// and λ.
pub fn elsewhere(text: &str) -> Option<(String, &'static str)> {
    let Some(Node::Name(Name(letter))) = alone(text) else { return None };
    written_elsewhere(&letter).map(|ours| (letter, ours))
}

#[cfg(test)]
mod tests {
    use notation::Spelling;
    use notation::symbol::TABLE;

    use super::*;

    #[test]
    fn every_symbol_is_found_in_every_spelling() {
        for symbol in TABLE {
            for spelling in [Spelling::Unicode, Spelling::Ascii, Spelling::Latex] {
                let written = symbol.written(spelling);
                assert!(spelled(&written).contains(&symbol), "{}: {written}", symbol.name);
            }
        }
        for nothing in ["", "τ", "σ", "A + B", "= A", "A = B, C", "2"] {
            assert!(spelled(nothing).is_empty(), "{nothing}");
        }
    }
}
