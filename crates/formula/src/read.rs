//! From text to tree.

use crate::Mistake;
use crate::tree::Text;

impl Text {
    /// Reads statements and definitions, each in Unicode, in ASCII or in LaTeX. A statement may bring definitions of
    /// its own, after "where" or ";".
    ///
    /// # Errors
    /// The first [`Mistake`].
    pub fn read(statements: &[&str], definitions: &[&str]) -> Result<Text, Mistake> {
        let _ = (statements, definitions);
        todo!()
    }
}
