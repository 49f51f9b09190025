//! Lines of Unicode mathematics, typeset.
//!
//! ```text
//! "any Λ ≻ 0, with G⁻¹Λ in place of ΛG⁻¹"
//!      ──> any $\Lambda \succ 0$, with $G^{-1}\Lambda$ in place of $\Lambda G^{-1}$
//! ```
//!
//! A formula is written once, as the line that a terminal shows; pages that render mathematics are made from that line.
//! [`segments`] tells its prose from its formulas and gives these in LaTeX, in plain ASCII without `|`, `<` and `>`, so
//! that neither Markdown nor HTML has anything to mistake. It takes three steps: `words` cuts the line, `formula` reads
//! a formula as factors, brackets and fractions, and `latex` writes it; `symbols` is their table of characters.
//!
//! Deliberately absent: mathematics. `(a)(b)/c` is typeset, whatever it means; a line that cannot be read is set as it
//! stands and is no error.

mod formula;
mod latex;
mod symbols;
#[cfg(test)]
mod tests;
mod words;

use maud::html;
use pulldown_latex::{Parser, RenderConfig, Storage, push_mathml};
use words::Piece;

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment<'a> {
    /// Words, with the spaces and punctuation around them.
    Prose(&'a str),
    /// A formula, in LaTeX.
    Math(String),
}

/// The parts of a line, in order.
pub fn segments(line: &str) -> Vec<Segment<'_>> {
    Vec::from_iter(words::pieces(line).into_iter().map(|piece| match piece {
        Piece::Prose(text) => Segment::Prose(text),
        Piece::Formula(text) => Segment::Math(latex::write(&formula::read(text))),
    }))
}

/// A line in Markdown, formulas as ``$`…`$``: in this form of GitHub and GitLab neither `_` nor `*` nor a backslash is
/// Markdown. It works in a table, too.
pub fn markdown(line: &str) -> String {
    let set = |segment| match segment {
        Segment::Prose(text) => escaped(text),
        Segment::Math(latex) => format!("$`{latex}`$"),
    };
    String::from_iter(segments(line).into_iter().map(set))
}

/// A line in LaTeX as a whole, to be displayed: prose as text, and each equation that follows the first on a row of its
/// own.
pub fn display(line: &str) -> String {
    let mut rows = vec![String::new()];
    for segment in segments(line) {
        let Some(row) = rows.last_mut() else { break };
        match segment {
            Segment::Prose(", ") => *row += r",\quad ",
            Segment::Prose(text) => *row += &latex::text(text),
            Segment::Math(latex) if row.ends_with(r",\quad ") && latex.contains('=') => {
                row.truncate(row.len() - r"\quad ".len());
                rows.push(latex);
            }
            Segment::Math(latex) => latex::push(row, &latex),
        }
    }
    match <[String; 1]>::try_from(rows) {
        Ok([row]) => row,
        Err(rows) => format!(r"\begin{{gathered}} {} \end{{gathered}}", rows.join(r" \\ ")),
    }
}

/// A line in HTML, formulas as MathML.
pub fn mathml(line: &str) -> String {
    let set = |segment| match segment {
        Segment::Prose(text) => html! { (text) }.into_string(),
        Segment::Math(latex) => rendered(&latex),
    };
    String::from_iter(segments(line).into_iter().map(set))
}

/// A formula as MathML; what is no LaTeX shows where it went wrong, as `merror`.
fn rendered(latex: &str) -> String {
    let mut mathml = String::new();
    // Writing to a string does not fail.
    let _ = push_mathml(&mut mathml, Parser::new(latex, &Storage::new()), RenderConfig::default());
    // pulldown-latex does not escape these three characters.
    mathml.replace("<mo><</mo>", "<mo>&lt;</mo>").replace("<mo>></mo>", "<mo>&gt;</mo>").replace(">&<", ">&amp;<")
}

/// Prose without what Markdown would take for markup.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if r"\`*_[]<>|$~#".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
