//! The text of a snapshot: one claim by one engine or by its study, to be reviewed by a person. Formulas in sentences
//! have no marks, as in a terminal.
//!
//! Rationals stand in full, doubles with the digits that the verdict supports, and draws rounded to their standard
//! error. So a snapshot is the same on every machine and for any number of threads.

use notation::prose::plain;
use numbers::decimal;
use verify::{Engine, Proofs, describe};
use verify::{Evidence, Finding, Record, StudyRecord, TableEvidence};

/// The name of the snapshots of a claim, `<topic>.<quantity>`; that of a file goes on with `@<engine>` or `@study`.
pub fn name(id: &str) -> String {
    id.replace('/', ".")
}

/// The text that is recorded of a claim for each engine that judged it.
pub fn texts(record: &Record) -> Vec<(Engine, String)> {
    Vec::from_iter(record.findings.iter().map(|finding| (finding.evidence.engine, text(record, finding))))
}

/// What stands in place of the name of an engine where a study judged a claim.
pub const STUDY: &str = "study";

/// The text that is recorded of a claim that a study judged.
pub fn study_text(record: &StudyRecord) -> String {
    // Counts are whole.
    let number = |value: f64| match value.fract() == 0.0 && value.abs() < 1e6 {
        true => format!("{value}"),
        false => decimal::measured(value, FIGURE_DIGITS),
    };
    let mut lines = vec![
        format!("{} ({})", record.statement, cite(record.source, record.equations)),
        format!("verdict: {}", record.verdict.name()),
    ];
    for TableEvidence { study, table, verdict, measured, figures } in &record.evidence {
        lines.push(format!("evidence: {}, table {table} of the study {study}: {measured}", verdict.name()));
        lines.extend(figures.iter().map(|(name, value)| format!("  {name} = {}", number(*value))));
    }
    for (title, companion) in [("corrected", &record.correction), ("beyond", &record.strengthened)] {
        lines.extend(companion.iter().map(|companion| format!("{title}: {}", companion.written())));
    }
    plain(&lines.join("\n")) + "\n"
}

/// Digits of a figure of a table, which may be computed in doubles.
const FIGURE_DIGITS: usize = 6;

fn text(record: &Record, finding: &Finding) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out += text;
        out.push('\n');
    };
    line(&format!("{} ({})", record.statement, source(record)));
    line(&format!("verdict: {}", finding.evidence.verdict.name()));
    line(&format!("evidence: {}", evidence(&finding.evidence)));
    if let (Some(rival), Some(found)) = (&record.rival, &finding.rival) {
        line(&format!("rival, {}: {}", rival.name, evidence(found)));
    }
    for (title, companion, found) in
        [("", &record.strengthened, &finding.strengthened), ("corrected, ", &record.correction, &finding.correction)]
    {
        if let (Some(companion), Some(found)) = (companion, found) {
            line(&format!("{title}{}: {}", companion.written(), evidence(found)));
        }
    }
    let Proofs { printed, strengthened, correction, rewritten } = &finding.proofs;
    let identities = [
        ("identities", printed),
        ("strengthened", strengthened),
        ("correction", correction),
        ("evaluated with fewer digits lost", rewritten),
    ];
    for (title, lines) in identities.into_iter().filter(|(_, lines)| !lines.is_empty()) {
        line(&format!("\n{title}:"));
        lines.iter().for_each(|identity| line(&format!("- {}", identity.text)));
    }
    if finding.evidence.engine == Engine::Exact {
        line("\nhypotheses:");
        for hypothesis in &record.hypotheses {
            line(&format!("- {}: {}; {}", hypothesis.statement, hypothesis.necessity(), hypothesis.witness));
        }
    }
    for case in finding.cases.iter().chain(&finding.beyond) {
        line(&format!("\n{}", describe(&case.setting)));
        for found in &case.lines {
            line(&format!("  {found}"));
        }
    }
    plain(&out)
}

/// The source of a claim with the numbers of its equations.
pub fn source(record: &Record) -> String {
    cite(&record.source, &record.equations)
}

/// A source with the numbers of its equations: «Theorem 2, eq. (6)».
pub fn cite(source: &str, equations: &[impl AsRef<str>]) -> String {
    let numbers = Vec::from_iter(equations.iter().map(|number| format!("({})", number.as_ref().replace('–', ")–("))));
    match &numbers[..] {
        [] => source.into(),
        [one] if !one.contains('–') => format!("{source}, eq. {one}"),
        many => format!("{source}, eqs. {}", many.join(", ")),
    }
}

fn evidence(evidence: &Evidence) -> String {
    let plural = if evidence.instances == 1 { "" } else { "s" };
    let (verdict, strength) = (evidence.verdict.name(), evidence.strength.name());
    format!("{verdict}, {strength}, {} setting{plural}: {}", evidence.instances, evidence.measured)
}
