//! Formulas and sentences, typeset: in LaTeX for Markdown, as MathML for HTML.
//!
//! ```text
//! "any `Λ ≻ 0`, with `G⁻¹Λ` in place of `ΛG⁻¹`"
//!      ──> any $\Lambda \succ 0$, with $G^{-1}\Lambda$ in place of $\Lambda G^{-1}$
//! ```
//!
//! A formula is set from its tree, which `formula` reads and writes. In a sentence only what stands between marks is a
//! formula. What the language of formulas has not, such as `x ~ N(0, A)`, is set as code, as it stands.
//!
//! Deliberately absent: guesses at what a word or a letter means.

mod setting;

use maud::html;
use notation::Spelling;
use notation::prose::{self, Piece};
use pulldown_latex::config::DisplayMode;
use pulldown_latex::{Parser, RenderConfig, Storage, push_mathml};

pub use setting::setting;

/// What stands between two paragraphs of a proof.
pub const BETWEEN_PARAGRAPHS: &str = "\n\n";

/// A formula that stands alone, with the definitions of its names.
#[derive(Debug, Clone, Copy)]
pub struct Stated<'a> {
    /// The statements.
    pub statement: &'a str,
    /// The definitions; none where the names are those of the notation.
    pub definitions: &'a [String],
}

impl Stated<'_> {
    /// The statements and the definitions in LaTeX; `None` where it is no text of the language.
    fn rows(&self) -> Option<[Vec<String>; 2]> {
        let definitions = Vec::from_iter(self.definitions.iter().map(String::as_str));
        let text = reader::text(&[self.statement], &definitions).ok()?;
        let statements = text.statements.iter().map(|statement| statement.written(Spelling::Latex));
        let definitions = text.definitions.iter().map(|definition| definition.written(Spelling::Latex));
        Some([statements.map(without_bars).collect(), definitions.map(without_bars).collect()])
    }

    /// A block in Markdown, each definition on a row of its own.
    pub fn block(&self) -> String {
        match self.rows().map(|rows| rows.concat()).as_deref() {
            Some([row]) => format!("```math\n{row}\n```"),
            Some(rows) => format!("```math\n\\begin{{gathered}} {} \\end{{gathered}}\n```", rows.join(r" \\ ")),
            None => format!("```text\n{}\n```", Vec::from_iter(self.texts()).join("\n")),
        }
    }

    /// The formula in a line of Markdown, definitions behind it.
    pub fn markdown(&self) -> String {
        let set = match self.rows() {
            Some(rows) => Vec::from_iter(rows.iter().flatten().map(|row| inline(row))),
            None => Vec::from_iter(self.texts().map(code)),
        };
        set.join(", ")
    }

    /// The statements and the definitions as rows of MathML, in display style.
    pub fn mathml(&self) -> [Vec<String>; 2] {
        let set = |row: &String| rendered(row, DisplayMode::Block);
        match self.rows() {
            Some(rows) => rows.map(|rows| Vec::from_iter(rows.iter().map(set))),
            None => [self.texts().map(|text| html! { code { (text) } }.into_string()).collect(), Vec::new()],
        }
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        [self.statement].into_iter().chain(self.definitions.iter().map(String::as_str))
    }
}

/// A marked formula of a sentence in LaTeX; `None` where the language has it not.
pub fn latex(formula: &str) -> Option<String> {
    reader::passage(formula).ok().map(|passage| without_bars(passage.written(Spelling::Latex)))
}

/// A sentence in Markdown, formulas as ``$`…`$``: in this form of GitHub and GitLab neither `_` nor `*` nor a backslash
/// is Markdown. It works in a table, too.
pub fn markdown(sentence: &str) -> String {
    let set = |piece| match piece {
        Piece::Words(text) => escaped(text),
        Piece::Formula(text) => latex(text).map_or_else(|| code(text), |latex| inline(&latex)),
    };
    String::from_iter(prose::pieces(sentence).into_iter().map(set))
}

/// A text of several paragraphs in Markdown, those behind the first with an indent, as in an item of a list.
pub fn paragraphs(text: &str, indent: &str) -> String {
    Vec::from_iter(text.split(BETWEEN_PARAGRAPHS).map(markdown)).join(&format!("\n\n{indent}"))
}

/// A sentence in HTML, formulas as MathML.
pub fn mathml(sentence: &str) -> String {
    let set = |piece| match piece {
        Piece::Words(text) => html! { (text) }.into_string(),
        Piece::Formula(text) => match latex(text) {
            Some(latex) => rendered(&latex, DisplayMode::Inline),
            None => html! { code { (text) } }.into_string(),
        },
    };
    String::from_iter(prose::pieces(sentence).into_iter().map(set))
}

/// A text in Markdown as it stands, to be copied. Code has no escapes, and a bar would end the cell of a table.
pub fn code(text: &str) -> String {
    match text.contains(['|', '`']) {
        true => format!("<code>{}</code>", escaped(text)),
        false => format!("`{text}`"),
    }
}

fn inline(latex: &str) -> String {
    format!("$`{latex}`$")
}

/// LaTeX without `|`, `<` and `>`, which Markdown and HTML take for their own.
fn without_bars(latex: String) -> String {
    let signs = [(r"\|", r"\Vert "), ("|", r"\vert "), ("<", r"\lt "), (">", r"\gt ")];
    signs.into_iter().fold(latex, |latex, (sign, command)| latex.replace(sign, command))
}

/// A formula as MathML; what is no LaTeX shows where it went wrong, as `merror`.
fn rendered(latex: &str, display_mode: DisplayMode) -> String {
    let mut mathml = String::new();
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    // Writing to a string does not fail.
    let _ = push_mathml(&mut mathml, Parser::new(latex, &Storage::new()), config);
    // pulldown-latex does not escape these three characters, and a space that does not break it escapes twice.
    mathml
        .replace("&amp;nbsp;", "\u{a0}")
        .replace("<mo><</mo>", "<mo>&lt;</mo>")
        .replace("<mo>></mo>", "<mo>&gt;</mo>")
        .replace(">&<", ">&amp;<")
}

/// Words without what Markdown would take for markup.
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

#[cfg(test)]
mod tests;
