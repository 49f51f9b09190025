//! The evidence of the engines on a form, side by side in one row.

use maud::{Markup, html};
use numbers::decimal;
use verify::{Engine, Evidence, Verdict};

use super::line::line;

/// A cell for each engine: its verdict, in which sense its word is evidence, and the figures behind it.
pub(super) fn evidence(evidence: &[Evidence]) -> Markup {
    html! {
        div class="evidence" {
            @for engine in Engine::ALL {
                @let found = evidence.iter().filter(|evidence| evidence.engine == engine);
                div {
                    span class="engine" { (engine.name()) } " "
                    @if found.clone().next().is_none() { "–" } @else { (cell(found)) }
                }
            }
        }
    }
}

fn cell<'a>(found: impl Iterator<Item = &'a Evidence> + Clone) -> Markup {
    let verdict = Verdict::of_all(found.clone().map(|evidence| evidence.verdict)).name();
    let seen = found.clone().filter_map(|evidence| evidence.detectable).min_by(f64::total_cmp);
    html! {
        span class={ "verdict " (verdict) } { (verdict) } ": " (Evidence::strengths(found.clone()))
        div class="measured" {
            @for (i, Evidence { measured, .. }) in found.enumerate() { @if i > 0 { "; " } (line(measured)) }
            @if let Some(relative) = seen { ", sees " (decimal::measured(100.0 * relative, 2)) " %" }
        }
    }
}
