//! Texts in each spelling, read again.

use notation::Spelling::{self, Ascii, Latex, Unicode};
use notation::tree::Text;
use proptest::prelude::*;

use super::places::without_places;

pub const SPELLINGS: [Spelling; 3] = [Unicode, Ascii, Latex];

pub fn read(statements: &[&str], definitions: &[&str]) -> Result<Text, TestCaseError> {
    let shown = format!("{statements:?} where {definitions:?}");
    match reader::text(statements, definitions) {
        Ok(text) => Ok(without_places(&text)),
        Err(mistake) => Err(TestCaseError::fail(format!("{shown}: {mistake:?}"))),
    }
}

/// Writes each statement and each definition by itself, and reads them.
pub fn again(text: &Text, spelling: Spelling) -> Result<Text, TestCaseError> {
    let statements: Vec<String> = text.statements.iter().map(|statement| statement.written(spelling)).collect();
    let definitions: Vec<String> = text.definitions.iter().map(|definition| definition.written(spelling)).collect();
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    let definitions: Vec<&str> = definitions.iter().map(String::as_str).collect();
    read(&statements, &definitions)
}

pub fn shown(text: &Text) -> String {
    SPELLINGS.map(|spelling| text.written(spelling)).join("\n")
}
