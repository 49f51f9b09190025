//! From tree to text.

use crate::tree::{Definition, Expr, Statement};

/// How a formula is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// As in the paper: σ²ΛG⁻¹.
    Unicode,
    /// For a keyboard: sigma^2 Lambda G^-1.
    Ascii,
    /// For a typesetter: \sigma^2 \Lambda G^{-1}.
    Latex,
}

impl Expr {
    /// The expression in a spelling.
    pub fn written(&self, spelling: Spelling) -> String {
        let _ = spelling;
        todo!()
    }
}

impl Statement {
    /// The statement in a spelling.
    pub fn written(&self, spelling: Spelling) -> String {
        let _ = spelling;
        todo!()
    }
}

impl Definition {
    /// The definition in a spelling.
    pub fn written(&self, spelling: Spelling) -> String {
        let _ = spelling;
        todo!()
    }
}
