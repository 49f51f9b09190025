//! From text to tree.
//!
//! ```text
//! text ──atoms──> characters ──tokens──> words ──grammar──> tree
//!   Unicode, ASCII or LaTeX   names, numbers
//! ```
//!
//! The first two steps are written by hand, as they are peculiar to this language; the grammar is a parser of winnow
//! over the tokens, which are the same for every spelling.
//!
//! For whoever has a formula as text. Deliberately absent: files, and what a tree means.

mod atom;
mod commands;
mod definition;
mod expr;
mod fraction;
mod input;
mod latex;
mod letters;
mod lex;
mod name;
mod number;
mod renaming;
mod script;
mod settle;
mod sign;
mod source;
mod statement;
pub mod symbol;
#[cfg(test)]
mod tests;
mod token;

use std::collections::BTreeMap;

pub use renaming::{Notation, NotationError};
use source::Source;
use statement::Item;
use token::Token;

use notation::Mistake;
use notation::tree::{Passage, Text};

impl Notation {
    /// Whether a text in these letters says the same as one in those of the table, in any spelling of both: `None` where
    /// one of them is no text of the language.
    ///
    /// ```
    /// let notation = reader::Notation::default().with("η", "λ")?;
    /// assert_eq!(notation.is_alike(r"\Lambda = \eta I", "Λ = λI"), Some(true));
    /// # Ok::<(), reader::NotationError>(())
    /// ```
    pub fn is_alike(&self, theirs: &str, ours: &str) -> Option<bool> {
        let table = Notation::default();
        let tokens = |text, notation| tokens_of(Source { text, number: 0, notation }).ok();
        let (theirs, ours) = (tokens(theirs, self)?, tokens(ours, &table)?);
        Some(theirs.iter().map(|token| &token.kind).eq(ours.iter().map(|token| &token.kind)))
    }
}

/// Reads what stands inside a sentence: a limit, a remainder, an expression or statements, in any spelling. Names and
/// indices may be free, as the sentence says what they are.
///
/// # Errors
/// The first [`Mistake`], where it is neither.
pub fn passage(text: &str) -> Result<Passage, Mistake> {
    let notation = Notation::default();
    let source = Source { text, number: 0, notation: &notation };
    let tokens = tokens_of(source)?;
    let functions = BTreeMap::from_iter(definition::functions(&tokens, false));
    // Letters before a bracket are else a factor: o(L) is none.
    match input::read_all(source, &tokens, &functions, statement::small) {
        Ok((passage, _)) => return Ok(passage),
        Err(mistake) if statement::begins_remainder(&tokens) => return Err(mistake),
        Err(_) => {}
    }
    // Which factors before ⊗ are scalars is known of statements alone.
    match input::read_all(source, &tokens, &functions, expr::expr) {
        Ok((expr, tensors)) if tensors.is_empty() => return Ok(Passage::Expr(expr)),
        _ => {}
    }
    let (items, tensors) = input::read_all(source, &tokens, &functions, statement::claim)?;
    let mut text = Text { statements: Vec::new(), definitions: Vec::new() };
    items.into_iter().for_each(|item| take(&mut text, item));
    claims_something(&text, source)?;
    settle::front_scalars(&mut text, &tensors);
    Ok(Passage::Claim(text))
}

/// Reads statements and definitions, each in Unicode, in ASCII or in LaTeX. A statement may bring definitions of its
/// own, after "where" or ";", or by :=.
///
/// A text that holds a backslash is LaTeX. Spaces mean nothing in it, so that all letters and numbers behind a stroke
/// are below it, and a bracket behind them is refused, as 1/2S(…) is in every spelling.
///
/// # Errors
/// The first [`Mistake`].
pub fn text(statements: &[&str], definitions: &[&str]) -> Result<Text, Mistake> {
    text_in(&Notation::default(), statements, definitions)
}

/// The same of texts in another paper's letters.
///
/// # Errors
/// The first [`Mistake`].
pub fn text_in(notation: &Notation, statements: &[&str], definitions: &[&str]) -> Result<Text, Mistake> {
    read(notation, statements, definitions).map_err(|mistake| Mistake {
        message: shortened(mistake.message),
        help: mistake.help.map(shortened),
        ..mistake
    })
}

fn take(text: &mut Text, item: Item) {
    match item {
        Item::Statement(statement) => text.statements.push(statement),
        Item::Definition(definition) => text.definitions.push(definition),
    }
}

/// More characters than a sentence of a message has.
const LONG: usize = 300;

/// A sentence that repeats less of what was typed.
fn shortened(mut sentence: String) -> String {
    if let Some((end, _)) = sentence.char_indices().nth(LONG) {
        sentence.truncate(end);
        sentence.push('…');
    }
    sentence
}

fn read(notation: &Notation, statements: &[&str], definitions: &[&str]) -> Result<Text, Mistake> {
    let texts = statements.iter().chain(definitions).enumerate();
    let sources: Vec<Source> = texts.map(|(number, text)| Source { text, number, notation }).collect();
    let mut tokens = Vec::new();
    for source in &sources {
        tokens.push(tokens_of(*source)?);
    }
    let mut functions = BTreeMap::new();
    for (number, tokens) in tokens.iter().enumerate() {
        functions.extend(definition::functions(tokens, number >= statements.len()));
    }
    let mut text = Text { statements: Vec::new(), definitions: Vec::new() };
    let mut tensors = Vec::new();
    for (source, tokens) in sources.iter().zip(&tokens) {
        if source.number < statements.len() {
            let (items, places) = input::read_all(*source, tokens, &functions, statement::claim)?;
            tensors.extend(places);
            for item in items {
                take(&mut text, item);
            }
        } else {
            let (read, places) = input::read_all(*source, tokens, &functions, definition::definitions)?;
            tensors.extend(places);
            text.definitions.extend(read);
        }
    }
    claims_something(&text, sources.first().copied().unwrap_or(Source { text: "", number: 0, notation }))?;
    settle::front_scalars(&mut text, &tensors);
    settle::indices_are_inside(&mut text)?;
    Ok(text)
}

fn claims_something(text: &Text, all: Source) -> Result<(), Mistake> {
    if text.statements.is_empty() {
        let mistake = all.mistake(0, all.text.len(), "nothing is claimed, as := defines");
        return Err(mistake.help("A claim has = in place of :=, and its definitions stand behind it."));
    }
    Ok(())
}

fn tokens_of(source: Source) -> Result<Vec<Token>, Mistake> {
    let latex = source.text.contains('\\');
    let atoms = if latex { latex::latex(source)? } else { atom::plain(source)? };
    let tokens = name::with_squares(source, lex::tokens(source, &atoms, latex)?)?;
    if tokens.is_empty() { Err(statement::empty(source)) } else { Ok(tokens) }
}
