//! Verdicts as recorded, in one snapshot for each claim and who judged it, and the pages of findings.
//!
//! The first lines of a snapshot hold the verdict, so that it can be compared with that of a run with another seed,
//! whose figures differ.

use std::fs;

use anyhow::Context;
use verify::{Finding, Report, Verdict};

use crate::assertions::assertions;
use crate::snapshot::STUDY;
use crate::{generated, pages, record, root, snapshot, theory};

/// The recorded verdict on a claim; `by` is who judged it, the name of an engine or [`STUDY`].
pub fn recorded_verdict(id: &str, by: &str) -> Option<String> {
    let text = record::text(&snapshot::name(id), by)?;
    text.lines().find_map(|line| line.strip_prefix("verdict: ").map(str::to_owned))
}

/// Lists what differs from the record, a line each. Unless `whole`, only the verdicts on closed forms are compared, not
/// their snapshots; what a study judged is always compared as a whole.
///
/// # Errors
/// Where the folder of snapshots is missing.
pub fn changes(report: &Report, whole: bool) -> anyhow::Result<Vec<String>> {
    let mut changes = Vec::new();
    for claim in &report.claims {
        for Finding { evidence, .. } in &claim.findings {
            // A claim that is refuted in two dimensions may well be proved in one.
            let refuted = claim.evidence.iter().find(|e| e.engine == evidence.engine && e.verdict == Verdict::Differs);
            let (engine, found) = (evidence.engine.name(), refuted.unwrap_or(evidence).verdict.name());
            match recorded_verdict(&claim.id, engine) {
                Some(recorded) if recorded != found => {
                    changes.push(format!("{}: {engine} says {found}, recorded is {recorded}", claim.id));
                }
                None if !whole => changes.push(format!("{}: no verdict by {engine} is recorded", claim.id)),
                _ => {}
            }
        }
        for (engine, text) in snapshot::texts(claim).into_iter().filter(|_| whole) {
            let description = format!("{} by {}, seed {}", claim.id, engine.name(), report.seed);
            changes.extend(record::change(&snapshot::name(&claim.id), engine.name(), description, &text)?);
        }
    }
    for claim in &report.studied {
        let (recorded, found) = (recorded_verdict(claim.id, STUDY), claim.verdict.name());
        changes.extend(
            recorded
                .filter(|recorded| recorded != found)
                .map(|recorded| format!("{}: its study says {found}, recorded is {recorded}", claim.id)),
        );
        let description = format!("{} by a study", claim.id);
        changes.extend(record::change(&snapshot::name(claim.id), STUDY, description, &snapshot::study_text(claim))?);
    }
    Ok(changes)
}

/// Checks that FINDINGS.md, THEORY.md and the pages that are there can be written.
///
/// # Errors
/// The path, and the reason of the operating system.
pub fn check_places() -> anyhow::Result<()> {
    let folder = root().join("findings");
    let entries = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
    let names = entries.map(|entry| Ok(format!("findings/{}", entry?.file_name().to_string_lossy())));
    generated::check_places(
        names.collect::<anyhow::Result<Vec<_>>>()?.into_iter().chain(["FINDINGS.md".into(), theory::PATH.into()]),
    )
}

/// The page of the paper's claims.
const PAPER: &str = "docs/PAPER.md";

/// Compares FINDINGS.md, the pages of the topics and THEORY.md with what a run found, or writes them: a line for each that
/// differs, and for each page that belongs to no topic.
///
/// # Errors
/// Where a page cannot be read or written.
pub fn findings(report: &Report, write: bool) -> anyhow::Result<Vec<String>> {
    let folder = root().join("findings");
    let paper = fs::read_to_string(root().join(PAPER)).context(PAPER)?;
    let pages = pages(report, &assertions(&paper));
    let mut changes = Vec::new();
    for page in &pages {
        changes.extend(generated::check(&page.path, &page.text, "verify", write)?);
    }
    for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = format!("findings/{}", entry?.file_name().to_string_lossy());
        if pages.iter().all(|page| page.path != path) {
            changes.push(format!("{path}: no topic has this page"));
        }
    }
    Ok(changes)
}
