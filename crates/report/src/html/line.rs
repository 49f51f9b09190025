//! A line of prose and formulas in the report, and a formula that stands alone.

use maud::{Markup, PreEscaped, html};

use crate::typeset::{Stated, mathml};

/// The line, with its formulas as MathML.
pub fn line(text: &str) -> Markup {
    PreEscaped(mathml(text))
}

/// A formula that stands alone, with the definitions of its names beneath.
pub fn formula(statement: &str, definitions: &[String]) -> Markup {
    let [statements, definitions] = Stated { statement, definitions }.mathml();
    html! {
        div class="statement wide" { @for row in &statements { div { (PreEscaped(row)) } } }
        @if !definitions.is_empty() {
            div class="definitions wide" { @for row in &definitions { div { (PreEscaped(row)) } } }
        }
    }
}
