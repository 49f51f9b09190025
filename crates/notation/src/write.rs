//! From tree to text.
//!
//! Whoever reads what was written gets the same tree, in each spelling: brackets stand about every denominator of more
//! than one factor, about every fraction and every sum inside a product, and about whatever has an exponent already; a
//! dot stands before a number, and a space where a bracket could be an argument or a run of letters a word. Otherwise
//! factors stand side by side, as in the paper: (σ²/S)(1 + κ/S) ΛG⁻¹.

mod expr;
mod name;
mod number;
mod spelling;
mod statement;

use crate::tree::{Comparison, Definition, Expr, Passage, Statement, Text};
use expr::Writer;
pub use spelling::Spelling;

impl Expr {
    /// The expression in a spelling.
    pub fn written(&self, spelling: Spelling) -> String {
        Writer { spelling }.expr(self)
    }
}

impl Statement {
    /// The statement in a spelling.
    pub fn written(&self, spelling: Spelling) -> String {
        Writer { spelling }.statement(self)
    }
}

impl Comparison {
    /// The comparison in a spelling.
    pub fn written(&self, spelling: Spelling) -> String {
        Writer { spelling }.comparison(self)
    }
}

impl Definition {
    /// The definition in a spelling.
    pub fn written(&self, spelling: Spelling) -> String {
        Writer { spelling }.definition(self)
    }
}

impl Text {
    /// The statements, and behind "where" the definitions, in a spelling.
    pub fn written(&self, spelling: Spelling) -> String {
        Writer { spelling }.text(self)
    }
}

impl Passage {
    /// The passage in a spelling.
    pub fn written(&self, spelling: Spelling) -> String {
        let writer = Writer { spelling };
        match self {
            Passage::Claim(text) => writer.text(text),
            Passage::Expr(expr) => writer.expr(expr),
            Passage::Limit(limit) => writer.limit(*limit),
            Passage::Remainder(remainder) => writer.remainder(remainder),
        }
    }
}
