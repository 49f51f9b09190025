//! Another paper's letters.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use super::letters::{greek, is_letter, meant};
use notation::symbol::TABLE;

/// Letters of another paper, and the letters of the [table](notation::symbol) that they stand for.
///
/// A letter is exchanged wherever it stands in a text, with all that belongs to it: where θ is w, θ* is w*, and L₀(θ) is
/// L₀(w). What stands below the line is left as it is. A letter of the table that is spelled otherwise there has no
/// meaning left, so that nothing is read in two ways.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notation(Vec<(char, char)>);

/// A pair of letters that is no part of a notation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotationError {
    /// More than a letter, or none.
    #[error("{text} is no name of one letter")]
    NoLetter {
        /// What stands in its place.
        text: String,
    },
    /// No symbol of the table has this letter.
    #[error("{letter} is the letter of no symbol")]
    NoSymbol {
        /// The letter.
        letter: char,
    },
    /// A letter that stands for two, or two that stand for one.
    #[error("{letter} stands twice in the notation")]
    Twice {
        /// The letter.
        letter: char,
    },
}

impl Notation {
    /// With one more letter: `theirs` stands for `ours`, each spelled as in η, eta or \eta.
    ///
    /// ```
    /// use reader::Notation;
    /// use notation::tree::Text;
    ///
    /// let notation = Notation::default().with("η", "λ")?.with("B", "S")?;
    /// let theirs = reader::text_in(&notation, &["Σ ≈ (ησ²/(2B)) I, η → 0"], &[]);
    /// assert_eq!(theirs, reader::text(&["Σ ≈ (λσ²/(2S)) I, λ → 0"], &[]));
    /// # Ok::<(), reader::NotationError>(())
    /// ```
    ///
    /// # Errors
    /// [`NotationError`] for what is no letter, for a letter that no symbol has, and for one that was given before.
    pub fn with(mut self, theirs: &str, ours: &str) -> Result<Self, NotationError> {
        let letter = |text: &str| letter(text).ok_or_else(|| NotationError::NoLetter { text: shown(text) });
        let (theirs, ours) = (letter(theirs)?, letter(ours)?);
        if !TABLE.iter().any(|symbol| symbol.name.nfd().find(|c| *c != '∇') == Some(ours)) {
            return Err(NotationError::NoSymbol { letter: ours });
        }
        for (before, letter) in self.0.iter().flat_map(|pair| [(pair.0, theirs), (pair.1, ours)]) {
            if before == letter {
                return Err(NotationError::Twice { letter });
            }
        }
        self.0.push((theirs, ours));
        Ok(self)
    }

    /// Whether no letter stands for another.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The letter that is meant by one; the error is the one that has to be written for it.
    pub(super) fn meant(&self, written: char) -> Result<char, char> {
        let written = if written == 'l' { 'ℓ' } else { written };
        match self.0.iter().find(|(theirs, _)| *theirs == written) {
            Some((_, ours)) => Ok(*ours),
            None => match self.0.iter().find(|(_, ours)| *ours == written) {
                Some((theirs, _)) => Err(*theirs),
                None => Ok(written),
            },
        }
    }
}

/// «η is λ, B is S».
impl fmt::Display for Notation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs = Vec::from_iter(self.0.iter().map(|(theirs, ours)| format!("{theirs} is {ours}")));
        f.write_str(&pairs.join(", "))
    }
}

/// Characters that a message repeats.
const SHORT: usize = 20;

fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHORT).collect()
}

/// The letter of a name that has no more than one.
fn letter(text: &str) -> Option<char> {
    let word = text.trim().trim_start_matches('\\');
    let mut letters = word.chars();
    let letter = match (letters.next().map(meant), letters.next()) {
        (Some(letter), None) => letter,
        _ => greek(word)?,
    };
    match letter {
        // E is the expectation, and no name.
        'E' => None,
        'l' => Some('ℓ'),
        _ => is_letter(letter).then_some(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notation(pairs: &[(&str, &str)]) -> Notation {
        pairs.iter().fold(Notation::default(), |notation, (theirs, ours)| notation.with(theirs, ours).unwrap())
    }

    fn error(pairs: &[(&str, &str)]) -> String {
        let made = pairs.iter().try_fold(Notation::default(), |notation, (theirs, ours)| notation.with(theirs, ours));
        made.unwrap_err().to_string()
    }

    #[test]
    fn a_letter_is_exchanged_with_all_that_belongs_to_it() {
        let notation =
            notation(&[("eta", "λ"), (r"\theta", "w"), ("b", "S"), ("n", "N"), ("f", "ℓ"), ("F", "L"), ("τ", "σ")]);
        for (theirs, ours) in [
            ("F_0(θ*) = 1/b θ*ᵀθ*", "L₀(w*) = 1/S w*ᵀw*"),
            (
                r"\frac{\eta^2}{n b} \sum_{i=1}^n \nabla f_i = \theta^{*}",
                r"\frac{\lambda^2}{N S} \sum_i \nabla \ell_i = \mathbf{w}^*",
            ),
            ("Sigma = eta tau^2/2b + O(η²)", "Σ = λσ²/2S + O(λ²)"),
            ("C(θ) = (1/n) sum_i grad f_i grad f_i^T − grad F grad F^T", "C(w) = (1/N) ∑ᵢ ∇ℓᵢ∇ℓᵢᵀ − ∇L∇Lᵀ"),
            ("C ≈ nηb I, b → inf", "C ≈ NλS I, S → ∞"),
            ("E[θθᵀ] = Tr A", "E[wwᵀ] = Tr A"),
        ] {
            assert_eq!(crate::text_in(&notation, &[theirs], &[]), crate::text(&[ours], &[]), "{theirs}");
        }
        // What stands below the line belongs to the name.
        assert_eq!(crate::text_in(&notation, &["G_η = κ_b"], &[]), crate::text(&["G_η = κ_b"], &[]));
    }

    #[test]
    fn letters_are_exchanged_all_at_once() {
        let notation = notation(&[("η", "λ"), ("λ", "γ")]);
        assert_eq!(crate::text_in(&notation, &["a = ηλ"], &[]), crate::text(&["a = λγ"], &[]));
    }

    #[test]
    fn a_letter_that_is_spelled_otherwise_is_told() {
        let notation = notation(&[("η", "λ"), ("B", "S")]);
        for (text, message) in [("Σ = λI", "λ is written η here"), ("Σ = AS", "S is written B here")] {
            let mistake = crate::text_in(&notation, &[text], &[]).unwrap_err();
            assert_eq!(mistake.message, message);
            assert_eq!(&text[mistake.place.start..mistake.place.end], &message[..message.find(' ').unwrap()]);
        }
    }

    #[test]
    fn what_is_no_pair_of_letters_is_refused() {
        for (pairs, message) in [
            (&[("ηη", "λ")][..], "ηη is no name of one letter"),
            (&[("", "λ")], " is no name of one letter"),
            (&[("E", "λ")], "E is no name of one letter"),
            (&[("η", "σ²")], "σ² is no name of one letter"),
            (&[("η", "τ")], "τ is the letter of no symbol"),
            (&[("η", "λ"), ("eta", "S")], "η stands twice in the notation"),
            (&[("η", "λ"), ("ε", "lambda")], "λ stands twice in the notation"),
        ] {
            assert_eq!(error(pairs), message);
        }
        assert_eq!(notation(&[("η", "λ"), ("B", "S")]).to_string(), "η is λ, B is S");
    }
}
