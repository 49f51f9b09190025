//! FINDINGS.md: what the engines found that the paper does not say.

use std::fmt::Write as _;

use crate::assertions::Assertion;
use crate::differing::{Differing, Witness, differing};
use crate::link::link;
use crate::snapshot::{cite, source};
use crate::typeset::{Stated, code, markdown, paragraphs};
use crate::wording::{by_engines, refuted, stated};
use verify::{Companion, Evidence, Record, Report, Verdict};

/// The page in Markdown: what differs, in a table; claims that differ, that hold more generally, and that are approximations or limits;
/// hypotheses that are not needed; the lines of what the text asserts; then what studies say.
pub fn findings(report: &Report, lines: &[Assertion]) -> String {
    let mut page = Text::default();
    page.line("# Findings");
    page.line("");
    page.line(
        "What the engines found of the claims beyond a plain yes; made by `cargo xtask verify --write`, never by hand. The name of a claim leads to all that was found of it. «Printed» is the formula of the paper, «reconstructed» one of its appendix that was rebuilt from the statement and proof around it, «text» an assertion in words as the project reads it, «own» the project's. [THEORY.md](docs/THEORY.md) states what holds.",
    );
    page.differences(report);
    page.section("Claims that do not hold as stated", report, differs);
    page.section("Claims that hold more generally", report, generalizes);
    page.table("Approximations and limits", "order of the error, measured", report, |record| {
        let measured = |evidence: &Evidence| evidence.measured.clone();
        (record.kind != "exact").then(|| record.evidence.first().map(measured)).flatten()
    });
    page.table("Hypotheses that are stated and not needed", "not needed", report, |record| {
        let spare = record.hypotheses.iter().filter(|hypothesis| hypothesis.needed == Some(false));
        let spare = Vec::from_iter(spare.map(|hypothesis| hypothesis.statement));
        let of = if record.correction.is_some() { "by the correction: " } else { "" };
        (!spare.is_empty()).then(|| format!("{of}{}", spare.join("; ")))
    });
    page.asserted(report, lines);
    page.studies(report);
    page.0
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn line(&mut self, text: &str) {
        // Writing to a string does not fail.
        let _ = writeln!(self.0, "{text}");
    }

    /// A row for each claim that differs.
    fn differences(&mut self, report: &Report) {
        self.line("\n## What differs\n");
        self.line("| claim | provenance | why it fails | smallest witness | what holds instead |");
        self.line("|---|---|---|---|---|");
        for Differing { id, source, provenance, because, witness, correction, .. } in differing(report) {
            let (link, witness, correction) = match witness {
                Witness::Setting(setting) => (link(id), code(setting), correction.map(said_alone)),
                Witness::Measured(measured) => {
                    let correction = correction.map(|correction| markdown(&correction.statement));
                    (format!("`{id}`"), markdown(measured), correction)
                }
            };
            let cells = [
                format!("{link}: {source}"),
                provenance.name().into(),
                markdown(because),
                witness,
                correction.unwrap_or_else(|| "–".into()),
            ];
            self.line(&format!("| {} |", cells.join(" | ")));
        }
    }

    /// A paragraph for each claim about which there is something to say.
    fn section(&mut self, title: &str, report: &Report, lines: fn(&Record, &Report) -> Vec<String>) {
        self.line(&format!("\n## {title}"));
        for record in &report.claims {
            let lines = lines(record, report);
            if lines.is_empty() {
                continue;
            }
            self.line(&format!("\n### {}: {}\n", link(&record.id), source(record)));
            let formula = Stated { statement: &record.statement, definitions: &record.definitions }.markdown();
            self.line(&format!("- {}: {formula}", stated(record.provenance)));
            record.note.iter().for_each(|note| self.line(&format!("- note: {}", markdown(note))));
            lines.iter().for_each(|line| self.line(&format!("- {line}")));
            self.line(&format!("- again: `cargo xtask verify --claim {}`", record.id));
        }
    }

    /// A row for each claim about which there is something to say.
    fn table(&mut self, title: &str, column: &str, report: &Report, cell: fn(&Record) -> Option<String>) {
        self.line(&format!("\n## {title}\n"));
        self.line(&format!("| claim | source | provenance | statement | verdict | {column} |"));
        self.line("|---|---|---|---|---|---|");
        for record in &report.claims {
            if let Some(cell) = cell(record) {
                let (link, source, verdict) = (link(&record.id), source(record), record.verdict.name());
                let provenance = record.provenance.name();
                let (statement, cell) = (summary(record), markdown(&cell));
                self.line(&format!("| {link} | {source} | {provenance} | {statement} | {verdict} | {cell} |"));
            }
        }
    }

    /// A row for each line of the text and each claim that judges it, with the setting at which it fails and what holds
    /// in its place.
    fn asserted(&mut self, report: &Report, lines: &[Assertion]) {
        self.line("\n## What the text asserts, line by line");
        self.line("\nThe lines of section 12 of [PAPER.md](docs/PAPER.md), each with the claims that judge it, the project's own among them.\n");
        self.line("| line | claim | verdict | witness | corrected |");
        self.line("|---|---|---|---|---|");
        for (key, id) in lines.iter().flat_map(|line| line.claims.iter().map(move |id| (&line.key, id))) {
            let (record, studied) =
                (report.claims.iter().find(|r| r.id == *id), report.studied.iter().find(|r| r.id == id));
            let none = || "–".to_owned();
            let cells = match (record, studied) {
                (Some(record), _) => [
                    link(&record.id),
                    record.verdict.name().into(),
                    record.counterexample.as_deref().map_or_else(none, code),
                    record.correction.as_ref().map_or_else(none, said_alone),
                ],
                (None, Some(record)) => [
                    format!("`{id}`"),
                    record.verdict.name().into(),
                    record.evidence.first().map_or_else(none, |evidence| markdown(&evidence.measured)),
                    record.correction.as_ref().map_or_else(none, |correction| markdown(&correction.statement)),
                ],
                (None, None) => [format!("`{id}`"), "not judged".into(), none(), none()],
            };
            self.line(&format!("| `{key}` | {} |", cells.join(" | ")));
        }
    }

    /// A paragraph for each claim that a study judges.
    fn studies(&mut self, report: &Report) {
        self.line("\n## Claims judged by a study");
        self.line("\nLimits over random data sets, transcendental equations, optima: see the tables that each command prints.");
        for record in &report.studied {
            self.line(&format!("\n### {}: {}\n", record.id, cite(record.source, record.equations)));
            self.line(&format!("- {}: {}", stated(record.provenance), markdown(record.statement)));
            for evidence in &record.evidence {
                self.line(&format!("- {}: {}", record.verdict.name(), markdown(&evidence.measured)));
            }
            if let Some(refutation) = &record.refutation {
                self.line(&format!("- refuted: {}", markdown(&refuted(refutation, report))));
            }
            for (title, companion) in [("corrected", &record.correction), ("beyond", &record.strengthened)] {
                companion
                    .iter()
                    .for_each(|companion| self.line(&format!("- {title}: {}", markdown(&companion.statement))));
            }
            let of_correction = record.correction.as_ref().and_then(|correction| correction.proof.as_deref());
            for (title, proof) in [("proof", record.proof), ("proof of the correction", of_correction)] {
                proof.iter().for_each(|proof| self.line(&format!("- {title}: {}", paragraphs(proof, "  "))));
            }
            let study = claims::topic(record.id);
            self.line(&format!(
                "- again: `cargo xtask verify --claim {}`; tables: `cargo xtask study {study}`",
                record.id
            ));
        }
    }
}

fn differs(record: &Record, report: &Report) -> Vec<String> {
    if record.verdict != Verdict::Differs {
        return Vec::new();
    }
    let mut lines =
        Vec::from_iter(record.counterexample.iter().map(|setting| format!("counterexample: {}", code(setting))));
    let refuted =
        record.refutation.iter().map(|refutation| format!("refuted: {}", markdown(&refuted(refutation, report))));
    lines.extend(refuted);
    lines.extend(record.correction.iter().map(|correction| format!("corrected: {}", said(correction))));
    lines
}

fn generalizes(record: &Record, _: &Report) -> Vec<String> {
    Vec::from_iter(record.strengthened.iter().map(|strengthened| format!("the project's own: {}", said(strengthened))))
}

/// A companion without its evidence, in Markdown.
fn said_alone(companion: &Companion) -> String {
    said(&Companion { evidence: Vec::new(), ..companion.clone() })
}

/// A companion with its evidence, in Markdown.
pub(crate) fn said(companion: &Companion) -> String {
    let Companion { note, statement, definitions, evidence, .. } = companion;
    let note = note.as_ref().map(|note| markdown(note) + ": ").unwrap_or_default();
    let (said, evidence) = (note + &Stated { statement, definitions }.markdown(), by_engines(evidence));
    if evidence.is_empty() { said } else { format!("{said} ({evidence})") }
}

/// What a claim says, in a line of Markdown: its formula, and the note beside it.
pub(crate) fn summary(record: &Record) -> String {
    let formula = Stated { statement: &record.statement, definitions: &[] }.markdown();
    record.note.as_ref().map_or_else(|| formula.clone(), |note| format!("{formula}; {}", markdown(note)))
}
