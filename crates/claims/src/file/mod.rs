//! Claim files: claims as TOML, the registry's and anybody's.
//!
//! ```toml
//! [[claim]]
//! id = "mine/test-loss"
//! formula = "L_test = σ²λa/(2(2S − λa(S + 2)))"
//! assume = ["one weight", "gaussian features", "no weight decay", "no input noise", "no momentum"]
//! ```
//!
//! A file is read from the outside in: [`document`] knows TOML and where everything stands, [`form`] makes formulas of
//! texts and the definitions around them, and [`claim`] makes claims of both. Whatever is wrong is told with its place.
//!
//! Deliberately absent: files themselves. The caller reads them, and names them for messages.

mod claim;
mod document;
mod error;
mod form;
mod key;

pub use error::{Fault, FileError, Located};

use document::Document;

use crate::Claim;

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
