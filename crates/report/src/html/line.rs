//! A line of prose and formulas in the report.

use maud::{Markup, PreEscaped};

use crate::typeset::mathml;

/// The line, with its formulas as MathML.
pub fn line(text: &str) -> Markup {
    PreEscaped(mathml(text))
}
