//! The pages that a run makes: FINDINGS.md, and for each topic a page with all that was found of its claims.
//!
//! Deliberately absent: files. The paths are relative to the workspace, and whoever runs compares or writes.

use crate::findings::{findings, said};
use crate::snapshot::source;
use crate::study::Recorded;
use crate::typeset::{display, markdown};
use crate::verdict::{HypothesisRecord, Record, Report};

/// A page, in the Markdown of GitHub.
pub struct Page {
    /// Where it belongs, from the root of the workspace on.
    pub path: String,
    /// Its content.
    pub text: String,
}

/// All pages, FINDINGS.md first, with what the studies have recorded, and then the topics in the order of their claims.
pub fn pages(report: &Report, studied: &[Recorded]) -> Vec<Page> {
    let mut pages = vec![Page { path: "FINDINGS.md".into(), text: findings(report, studied) }];
    for records in report.claims.chunk_by(|one, next| topic(one) == topic(next)) {
        pages.extend(records.first().map(|first| Page { path: path(first), text: page(first, records) }));
    }
    pages
}

/// The name of a claim in FINDINGS.md, where it links to the claim on the page of its topic.
pub(crate) fn link(record: &Record) -> String {
    format!("[{}]({}#{})", record.id, path(record), anchor(record))
}

fn topic(record: &Record) -> &str {
    record.id.split_once('/').map_or(record.id, |(topic, _)| topic)
}

fn path(record: &Record) -> String {
    format!("findings/{}.md", topic(record))
}

/// What GitHub makes of a heading that is the name of a claim.
fn anchor(record: &Record) -> String {
    record.id.replace('/', "")
}

fn page(first: &Record, records: &[Record]) -> String {
    let mut lines = vec![
        format!("# Claims: {}", topic(first)),
        String::new(),
        format!(
            "What `cargo xtask verify --claim {}` finds of them; made by `cargo xtask verify --write`, never by hand. \
             [FINDINGS.md](../FINDINGS.md) sums up all topics.",
            topic(first)
        ),
        String::new(),
        "| claim | source | statement | verdict |".into(),
        "|---|---|---|---|".into(),
    ];
    lines.extend(records.iter().map(|record| {
        let (id, anchor, verdict) = (record.id, anchor(record), record.verdict.name());
        format!("| [{id}](#{anchor}) | {} | {} | {verdict} |", source(record), markdown(record.statement))
    }));
    lines.extend(records.iter().flat_map(claim));
    lines.join("\n") + "\n"
}

/// The lines of one claim.
fn claim(record: &Record) -> Vec<String> {
    let (kind, verdict) = (record.kind, record.verdict.name());
    let mut lines = vec![
        format!("\n## {}\n", record.id),
        format!("{}; {kind}; **{verdict}**\n", source(record)),
        format!("```math\n{}\n```\n", display(record.statement)),
        "| engine | evidence | instances | verdict | measured |".into(),
        "|---|---|---|---|---|".into(),
    ];
    lines.extend(record.evidence.iter().map(|evidence| {
        let (engine, strength) = (evidence.engine.name(), evidence.strength.name());
        let (verdict, measured) = (evidence.verdict.name(), markdown(&evidence.measured));
        format!("| {engine} | {strength} | {} | {verdict} | {measured} |", evidence.instances)
    }));
    lines.push(String::new());
    let mut item = |title: &str, text: String| lines.push(format!("- {title}: {text}"));
    if let Some(setting) = &record.counterexample {
        item("counterexample", markdown(setting));
    }
    for (title, companion) in [
        ("corrected", &record.correction),
        ("the project's own", &record.strengthened),
        ("evaluated with fewer digits lost", &record.rewritten),
    ] {
        companion.iter().for_each(|companion| item(title, said(companion)));
    }
    let rejected = if record.rival.rejected { "rejected" } else { "not told from the claim" };
    item("rival", format!("{} ({rejected})", markdown(record.rival.name)));
    item("again", format!("`cargo xtask verify --claim {}`", record.id));
    if !record.hypotheses.is_empty() {
        lines.push("\nUnder these hypotheses:\n".into());
        lines.extend(record.hypotheses.iter().map(hypothesis));
    }
    lines
}

fn hypothesis(hypothesis: &HypothesisRecord) -> String {
    let statement = markdown(hypothesis.statement);
    // A setting is there to be copied, and stands as it is.
    let witness = match hypothesis.needed {
        Some(true) => format!("`{}`", hypothesis.witness),
        _ => markdown(&hypothesis.witness),
    };
    format!("- {statement}: {}; {witness}", hypothesis.necessity())
}
