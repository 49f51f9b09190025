//! Sentences with formulas in them, between backticks: "any `Λ ≻ 0`, with `G⁻¹Λ` in place of `ΛG⁻¹`".
//!
//! Nobody guesses which words of a sentence are a formula: whoever writes it says so. A page sets what stands between
//! the marks, and a terminal shows the sentence without them.

/// A part of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words, with the spaces and punctuation around them.
    Words(&'a str),
    /// What stands between two marks.
    Formula(&'a str),
}

/// The mark on both sides of a formula.
const MARK: char = '`';

/// The parts of a sentence, in order and none of them empty. A mark without a partner marks nothing.
///
/// ```
/// use notation::prose::{Piece, pieces};
///
/// let found = pieces("any `Λ ≻ 0`");
/// assert_eq!(found, [Piece::Words("any "), Piece::Formula("Λ ≻ 0")]);
/// ```
pub fn pieces(sentence: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = sentence;
    while let Some((words, behind)) = rest.split_once(MARK)
        && let Some((formula, behind)) = behind.split_once(MARK)
    {
        pieces.extend([Piece::Words(words), Piece::Formula(formula)]);
        rest = behind;
    }
    pieces.push(Piece::Words(rest));
    pieces.retain(|(Piece::Words(text) | Piece::Formula(text))| !text.is_empty());
    pieces
}

/// The sentence without marks, for a terminal.
pub fn plain(sentence: &str) -> String {
    sentence.replace(MARK, "")
}

/// The formula with its marks, to stand in a sentence.
pub fn marked(formula: &str) -> String {
    format!("{MARK}{formula}{MARK}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_mark_without_a_partner_marks_nothing() {
        assert_eq!(pieces("a `b` c`d"), [Piece::Words("a "), Piece::Formula("b"), Piece::Words(" c`d")]);
        assert_eq!(pieces("``"), []);
        assert_eq!(pieces(""), []);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_but_marks(sentence in "[a`Σ ]{0,12}") {
            let shown = pieces(&sentence).into_iter().map(|(Piece::Words(text) | Piece::Formula(text))| text);
            prop_assert_eq!(plain(&String::from_iter(shown)), plain(&sentence));
        }
    }
}
