//! Claim files: claims as TOML, the registry's and anybody's.
//!
//! ```toml
//! [[claim]]
//! id = "mine/test-loss"
//! formula = "L_test = σ²λa/(2(2S − λa(S + 2)))"
//! assume = ["one weight", "gaussian features", "no weight decay", "no input noise", "no momentum"]
//! ```
//!
//! Only `id` and `formula` must be there. Every text may be Unicode, ASCII or, best between `'''`, LaTeX.
//!
//! The keys of a file, all optional:
//!
//! - `title`, `source`: the paper whose claims they are, and where it is found
//! - `notation`: a table of the paper's letters and those of the table of symbols that they stand for: `{ "η" = "λ" }`
//! - `definitions`: for all its claims
//!
//! The keys of a claim:
//!
//! - `id`: `topic/quantity`, unique in the file
//! - `source`, `equations`, `provenance`: where it stands: a text, a list of numbers, and `printed`, `reconstructed`,
//!   `text` or `own`
//! - `formula`, `definitions`: a text or a list of texts; a definition takes the place of one of the file, which has
//!   such a list, too
//! - `assume`: hypotheses by name, as "one weight" or "one-weight", or by statement, as "Γ = 0"; drawing imposes them
//!   in this order
//! - `units`: `natural` for weight · feature = 1, and otherwise `paper`
//! - `kind`, `quantity`: those of the formula, to be checked
//! - `order`, `path`: the order of the error beside ≈, if it is not 1; the parameter, where a limit has several paths
//! - `rival`: a wrong formula: a text, or a table of `formula`, `definitions`, `units` and `note`
//! - `strengthened`: a table of `without`, the hypotheses that it does not need, and `formula`, `definitions`, `note`,
//!   `proof`
//! - `corrected`: what holds in its place: a text, or a table of `formula`, `definitions`, `note` and `proof`
//! - `refutation`: a table of `refutes`, `claims` and `because`
//! - `rewritten`: an evaluation that keeps digits: a table of `formula`, `definitions` and `reason`
//! - `note`: words beside the formula
//! - `proof`: why it holds
//!
//! In a `note`, `proof`, `reason` or `because` a formula stands between backticks.
//!
//! A form without a `formula` has that of the claim. A formula about the stationary state assumes "stationary" without
//! saying so, a condition of stability "near the edge", and C(w*) without a moment "at minimum".
//!
//! A file is read from the outside in: `document` knows TOML and where everything stands, `form` makes formulas of
//! texts and the definitions around them, and `claim` makes claims of both. Whatever is wrong is told with its place.
//!
//! Deliberately absent: files themselves. The caller reads them, and names them for messages.

mod assumed;
mod claim;
mod document;
mod error;
mod form;
mod key;

pub use error::{Fault, FileError, Located};

use document::Document;

use crate::Claim;

/// The paper whose claims a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Its title.
    pub title: String,
    /// Its authors, and where it is found.
    pub source: Option<String>,
}

/// The paper that a file names, if it names one.
///
/// # Errors
/// [`FileError`] where the text is no TOML, or the name no text.
pub fn paper(name: &str, text: &str) -> Result<Option<Paper>, FileError> {
    let refused = |refusal| FileError::new(name, text, vec![refusal]);
    let document = Document::parse(text).map_err(refused)?;
    let root = document.root();
    let said = |key| root.text(key).map(|said| said.map(|said| said.text.to_owned())).map_err(refused);
    let (title, source) = (said("title")?, said("source")?);
    Ok(title.map(|title| Paper { title, source }))
}

/// The claims of a file, in its order. `name` is what messages call it.
///
/// # Errors
/// [`FileError`] with every mistake that was found.
///
/// # Example
/// ```
/// let text = r#"
/// [[claim]]
/// id = "mine/test-loss"
/// formula = "L_test = σ²λa/(2(2S − λa(S + 2)))"
/// assume = ["one weight", "gaussian features", "no weight decay", "no input noise", "no momentum"]
/// "#;
/// let claims = claims::file::read("mine.toml", text)?;
/// assert_eq!((claims[0].kind.name(), claims[0].provenance.name()), ("exact", "own"));
///
/// let mistaken = text.replace("one weight", "one wait");
/// let error = claims::file::read("mine.toml", &mistaken).unwrap_err().to_string();
/// assert!(error.starts_with("error: one wait is no hypothesis\n --> mine.toml:5:12"), "{error}");
/// # Ok::<(), claims::file::FileError>(())
/// ```
pub fn read(name: &str, text: &str) -> Result<Vec<Claim>, FileError> {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(refusal) => return Err(FileError::new(name, text, vec![refusal])),
    };
    claim::all(&document).map_err(|refusals| FileError::new(name, text, refusals))
}
