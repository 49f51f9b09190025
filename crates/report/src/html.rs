//! The report: one HTML file that needs nothing beside it.
//!
//! ```text
//! Report  ┐
//! Paper   │
//!         ├──> page ──> text of a file
//! Section ┘
//! ```
//!
//! The page opens with the answer: how many claims of each section have which verdict, and what differs, a line each. All
//! else unfolds in place. Formulas are MathML, figures are inline SVG, and the filter is the only script.
//!
//! Deliberately absent: files, and whatever is not in a [`Report`]; figures and tables come as [`Section`]s.

mod claim;
mod evidence;
mod line;
mod overview;

use claim::Again;
use itertools::Itertools;
use line::line;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use claims::Provenance;

use crate::snapshot::STUDY;
use verify::Engine;
use verify::{Report, Verdict};

const STYLE: &str = include_str!("html/style.css");
const FILTER: &str = include_str!("html/filter.js");

/// Figures or tables that are made by one command.
#[derive(Debug)]
pub struct Section {
    /// Its name in an address, such as `"figures"`.
    pub anchor: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// Sentences on what its exhibits have in common.
    pub lead: &'static str,
    /// The figures or tables, in order.
    pub exhibits: Vec<Exhibit>,
}

/// A figure or a table.
#[derive(Debug)]
pub struct Exhibit {
    /// Its heading.
    pub title: String,
    /// The text of an SVG file.
    pub figure: Option<String>,
    /// Sentences on what it says of claims.
    pub notes: Vec<String>,
    /// Its data or its table, laid out; unfolds where there is a figure.
    pub table: String,
    /// The command that makes it again.
    pub command: String,
}

/// Another paper, whose claims were judged from a claim file.
pub struct Paper {
    /// Its title.
    pub title: String,
    /// Its authors, and where it is found.
    pub source: String,
    /// Its claim file, and so the argument of `judge`.
    pub file: String,
    /// What was found.
    pub report: Report,
}

/// How the report came about.
#[derive(Debug)]
pub struct Origin {
    /// The command that makes the report again.
    pub command: String,
    /// The versions of what the run depends on, by name.
    pub versions: Vec<(String, String)>,
    /// The reasons for which the run is a failure, a line each.
    pub failures: Vec<String>,
    /// Whether the claims are those of the registry, which `verify` knows by name, and not of a file for `judge`.
    pub registered: bool,
}

/// The text of the file.
pub fn page<'p>(report: &Report, papers: &'p [Paper], sections: &[Section], origin: &Origin) -> String {
    let ids =
        report.claims.iter().map(|record| record.id.as_str()).chain(report.studied.iter().map(|record| record.id));
    let topics = Vec::from_iter(ids.map(claims::topic).unique());
    // The command of `judge` names its files.
    let files = origin.command.split_once(" judge ").map_or("", |(_, arguments)| arguments);
    let again = if origin.registered { Again::ByName } else { Again::WithFiles(files) };
    let title = if origin.registered { "Strength of minibatch noise, verified" } else { "Formulas, judged" };
    let named = |paper: &'p Paper| Some((claims::topic(&paper.report.claims.first()?.id), paper));
    let papers = Vec::from_iter(papers.iter().filter_map(named));
    let names = topics.iter().copied().chain(papers.iter().map(|(name, _)| *name));
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                // The page asks for nothing, and a browser would ask for an icon.
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (title) }
                    p {
                        @if origin.registered {
                            "Every closed form of " em { "Strength of Minibatch Noise in SGD" }
                            " (Ziyin, Liu, Mori, Ueda, ICLR 2022), judged by engines that start from the update rule of SGD and know none \
                             of them."
                        } @else {
                            "The claims of a file, judged by engines that start from the update rule of SGD and know none of them."
                        }
                    }
                    (summary(report, origin))
                    (overview::matrix(report, &topics))
                    (overview::differences(report))
                    nav {
                        @for topic in &topics { a href={ "#" (topic) } { (overview::title(topic)) } " " }
                        @for (name, _) in &papers { a href={ "#" (name) } { (name) } " " }
                        @for section in sections { a href={ "#" (section.anchor) } { (section.title) } " " }
                    }
                    (filter(names))
                }
                main {
                    @for topic in &topics {
                        (folded(topic, overview::title(topic), self::topic(topic, report, again)))
                    }
                    @for (name, Paper { title, source, file, report }) in &papers {
                        (folded(name, title, html! {
                            p class="source" { (source) }
                            p class="counts" { (counts(report)) }
                            @for record in &report.claims { (claim::of_record(record, report, Again::WithFiles(file))) }
                        }))
                    }
                    @for section in sections { (exhibits(section)) }
                }
                script { (PreEscaped(FILTER)) }
            }
        }
    };
    page.into_string()
}

/// The claims of a topic or of a paper, which unfold.
fn folded(name: &str, title: &str, claims: Markup) -> Markup {
    html! { section id=(name) class="claims" { details { summary { h2 { (title) } } (claims) } } }
}

/// The claims of a topic, by verdict.
fn topic(topic: &str, report: &Report, again: Again) -> Markup {
    let by_engines = |verdict| report.claims.iter().filter(move |record| record.verdict == verdict);
    let by_studies = |verdict| report.studied.iter().filter(move |record| record.verdict == verdict);
    html! {
        @for verdict in Verdict::ALL {
            @let judged = Vec::from_iter(by_engines(verdict).filter(|record| claims::topic(&record.id) == topic));
            @let studied = Vec::from_iter(by_studies(verdict).filter(|record| claims::topic(record.id) == topic));
            @if judged.len() + studied.len() > 0 {
                div id=(overview::group(topic, verdict)) class="group" {
                    @for record in judged { (claim::of_record(record, report, again)) }
                    @for record in studied { (claim::of_study(record, report)) }
                }
            }
        }
    }
}

fn summary(report: &Report, origin: &Origin) -> Markup {
    let budget = &report.budget;
    html! {
        p class="counts" { (counts(report)) }
        @for failure in &origin.failures { p class="failure" { "Failed: " (failure) } }
        details {
            summary { "How these verdicts came about" }
            dl {
                dt { "command" } dd { code { (origin.command) } }
                dt { "seed" } dd { (report.seed) }
                dt { "false alarms" }
                dd {
                    (budget.comparisons) " z-scores share a probability of " (format!("{:e}", budget.false_alarm_probability))
                    "; |z| > " (format!("{:.2}", budget.threshold)) " rejects; rejected: " (budget.rejected)
                }
                @for (name, version) in &origin.versions { dt { (name) } dd { (version) } }
            }
            dl {
                @for (word, meaning) in STRENGTHS { dt { (word) } dd { (meaning) } }
            }
        }
    }
}

/// The number of claims by verdict.
fn counts(report: &Report) -> Markup {
    let verdicts = Vec::from_iter(report.verdicts().map(Verdict::name));
    let count = |name: &str| verdicts.iter().filter(|verdict| **verdict == name).count();
    html! {
        (verdicts.len()) " claims: "
        @for name in Verdict::ALL.map(Verdict::name) {
            @if count(name) > 0 { span class={ "verdict " (name) } { (count(name)) " " (name) } " " }
        }
    }
}

/// What the words of the evidence mean.
const STRENGTHS: [(&str, &str); 6] = [
    (
        "proved",
        "an identity of rational functions of all parameters, by exact evaluation on a complete grid, for the numbers of weights D in brackets and no others",
    ),
    ("identity", "exact equality at rational settings"),
    ("points", "an inequality, decided at single settings"),
    ("digits", "agreement in doubles"),
    ("order", "the measured order of convergence of a limit, in exact arithmetic or in doubles"),
    (
        "z",
        "agreement with draws, as a z-score; «sees» is the smallest relative error that the draws would have found with a power of 99 %",
    ),
];

/// A form that shows only some of the claims.
fn filter<'a>(topics: impl Iterator<Item = &'a str>) -> Markup {
    let verdicts = Verdict::ALL.map(Verdict::name);
    let engines = Engine::ALL.map(Engine::name).into_iter().chain([STUDY]);
    let provenances = Provenance::ALL.map(Provenance::name);
    html! {
        form id="filter" {
            (choice("verdict", "verdict", verdicts.into_iter()))
            (choice("section", "topic", topics))
            (choice("engine", "engine", engines))
            (choice("provenance", "provenance", provenances.into_iter()))
            label { "text " input type="search" name="text"; }
            output aria-live="polite" {}
        }
    }
}

/// A choice of one value of an attribute of claims, or of any; `name` is the attribute.
fn choice<'a>(label: &str, name: &str, values: impl Iterator<Item = &'a str>) -> Markup {
    html! {
        label {
            (label) " "
            select name=(name) {
                option value="" { "any " (label) }
                @for value in values { option value=(value) { (value) } }
            }
        }
    }
}

fn exhibits(section: &Section) -> Markup {
    html! {
        section id=(section.anchor) {
            details {
                summary { h2 { (section.title) } }
                p { (section.lead) }
                @for exhibit in &section.exhibits {
                    figure {
                        figcaption { (line(&exhibit.title)) }
                        @if let Some(figure) = &exhibit.figure {
                            div class="wide picture" { (PreEscaped(figure)) }
                            @for note in &exhibit.notes { p { (line(note)) } }
                            details { summary { "data" } pre class="wide" { (exhibit.table) } }
                        } @else {
                            @for note in &exhibit.notes { p { (line(note)) } }
                            pre class="wide" { (exhibit.table) }
                        }
                        p { "again: " code { (exhibit.command) } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use verify::Budget;

    fn page_of(sections: &[Section], origin: &Origin) -> String {
        let budget = Budget { false_alarm_probability: 1e-6, comparisons: 3, rejected: 0, threshold: 5.0 };
        page(&Report { claims: Vec::new(), studied: Vec::new(), budget, seed: 7 }, &[], sections, origin)
    }

    fn origin() -> Origin {
        Origin {
            command: "make < it".into(),
            versions: vec![("GMP".into(), "6".into())],
            failures: Vec::new(),
            registered: true,
        }
    }

    #[test]
    fn a_page_asks_for_nothing() {
        let page = page_of(&[], &origin());
        for tie in ["src=", "http:", "https:", "@import", "url("] {
            assert!(!page.contains(tie), "{tie}");
        }
        assert!(page.contains("make &lt; it") && page.contains("<dt>seed</dt><dd>7</dd>"));
    }

    #[test]
    fn an_exhibit_shows_its_figure_and_unfolds_its_data() {
        let exhibit = |figure: Option<&str>| Exhibit {
            title: "Σ against S".into(),
            figure: figure.map(str::to_owned),
            notes: vec!["a < b".into()],
            table: "x & y".into(),
            command: "cargo xtask figures".into(),
        };
        let section =
            |figure| Section { anchor: "figures", title: "Figures", lead: "All.", exhibits: vec![exhibit(figure)] };
        let [with, without] = [Some("<svg></svg>"), None].map(|figure| page_of(&[section(figure)], &origin()));
        assert!(
            with.contains("<svg></svg>") && with.contains("<summary>data</summary><pre class=\"wide\">x &amp; y</pre>")
        );
        assert!(without.contains("<pre class=\"wide\">x &amp; y</pre>") && !without.contains("<summary>data"));
        assert!(with.contains("<a href=\"#figures\">Figures</a>") && with.contains("<section id=\"figures\">"));
    }

    #[test]
    fn what_failed_stands_on_top() {
        let failed = Origin { failures: vec!["a/b: refuted".into()], ..origin() };
        let [good, bad] = [origin(), failed].map(|provenance| page_of(&[], &provenance));
        assert!(!good.contains("class=\"failure\"") && bad.contains("<p class=\"failure\">Failed: a/b: refuted</p>"));
    }
}
