//! Symbols by their spelling, and their spellings.

use super::{Symbol, indexed, symbol};
use crate::Spelling;
use crate::tree::{Expr, Index, Name, Node, Statement, Text};

impl Symbol {
    /// The symbol in a spelling, with the index i where it stands with one.
    pub fn written(&self, spelling: Spelling) -> String {
        let name = Name(self.name.into());
        Expr::of(if self.indexed { Node::Indexed(name, Index::I) } else { Node::Name(name) }).written(spelling)
    }
}

/// The lines of a name in any spelling, without an index or with one; none where it is no symbol.
///
/// ```
/// use formula::symbol::spelled;
///
/// let found = |text| Vec::from_iter(spelled(text).into_iter().map(|symbol| (symbol.name, symbol.indexed)));
/// assert_eq!(found(r"\Lambda"), [("Λ", false)]);
/// assert_eq!(found("lambda"), [("λ", false), ("λ", true)]);
/// assert!(found("x_i") == [("x", true)] && found("x₁") == [("x", true)] && found("τ").is_empty());
/// ```
pub fn spelled(text: &str) -> Vec<&'static Symbol> {
    let read = Text::read(&[&format!("{text} = 0")], &[]);
    let left = read.ok().and_then(|text| match <[Statement; 1]>::try_from(text.statements) {
        Ok([Statement::Equation { left, .. }]) => Some(left.node),
        _ => None,
    });
    match left {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::symbol::TABLE;

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
