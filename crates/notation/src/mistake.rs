//! What is wrong with a text, and where.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::place::Place;
use crate::symbol::Units;

/// One mistake: a sentence that says what is wrong, and one that says what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Mistake {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
    /// By which units the two sides or summands differ, where they do: those of the first over those of the second.
    pub units: Option<Units>,
}

impl Mistake {
    /// A mistake without advice.
    pub fn new(place: Place, message: impl Into<String>) -> Self {
        Mistake { place, message: message.into(), help: None, units: None }
    }

    /// With advice.
    pub fn help(self, help: impl Into<String>) -> Self {
        Mistake { help: Some(help.into()), ..self }
    }

    /// With the units by which two parts differ.
    pub fn units(self, units: Units) -> Self {
        Mistake { units: Some(units), ..self }
    }

    /// The message with a caret under the place, without colours, for a reader.
    ///
    /// `texts` are those that were read, statements first. `origin` is the file that the text of this mistake comes
    /// from, and the line on which the text starts there, counted from 1.
    ///
    /// ```
    /// use notation::tree::Text;
    ///
    /// let texts = ["Σ = 1/S(1 + κ/S)"];
    /// let mistake = reader::text(&texts, &[]).unwrap_err();
    /// assert_eq!(
    ///     mistake.render(&texts, Some(("mine.toml", 4))),
    ///     "\
    /// error: is the bracket below the stroke?
    ///  --> mine.toml:4:8
    ///   |
    /// 4 | Σ = 1/S(1 + κ/S)
    ///   |        ^^^^^^^^^
    ///   |
    ///   = help: Write (1/S)(1 + κ/S) or 1/(S(1 + κ/S))."
    /// );
    /// ```
    pub fn render(&self, texts: &[&str], origin: Option<(&str, usize)>) -> String {
        let mut group = Group::with_title(Level::ERROR.primary_title(self.message.as_str()));
        if let Some(text) = texts.get(self.place.text) {
            let start = boundary(text, self.place.start);
            let end = boundary(text, self.place.end.max(start));
            let mut snippet = Snippet::source(*text).annotation(AnnotationKind::Primary.span(start..end));
            if let Some((path, line)) = origin {
                snippet = snippet.path(path).line_start(line);
            }
            group = group.element(snippet);
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        Renderer::plain().render(&[group])
    }
}

/// The nearest byte at which a character starts, not behind the end.
fn boundary(text: &str, byte: usize) -> usize {
    let byte = byte.min(text.len());
    (0..=byte).rev().find(|byte| text.is_char_boundary(*byte)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_letters_of_several_bytes() {
        let mistake = Mistake::new(Place { text: 1, start: 4, end: 6 }, "τ is no symbol").help("Nearest: t.");
        let rendered = mistake.render(&["κ = 1", "1 + τ/S"], None);
        let expected = "error: τ is no symbol\n  |\n1 | 1 + τ/S\n  |     ^\n  |\n  = help: Nearest: t.";
        assert_eq!(rendered, expected);
    }

    #[test]
    fn places_outside_of_the_text_are_moved_into_it() {
        for (start, end) in [(0, 100), (50, 60), (5, 1), (1, 1), (usize::MAX, usize::MAX)] {
            let mistake = Mistake::new(Place { text: 0, start, end }, "message");
            assert!(mistake.render(&["Σ = τ"], None).starts_with("error: message"));
            assert_eq!(mistake.render(&[], None), "error: message");
        }
    }

    #[test]
    fn long_texts_are_cut() {
        let text = "Σ + ".repeat(100_000);
        let mistake = Mistake::new(Place { text: 0, start: 250_000, end: 250_002 }, "message");
        let rendered = mistake.render(&[&text], Some(("a.toml", 7)));
        assert!(rendered.len() < 2_000, "{}", rendered.len());
        assert!(rendered.contains('^'), "{rendered}");
    }
}
