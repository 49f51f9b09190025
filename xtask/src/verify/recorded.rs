//! Verdicts as recorded: one snapshot a claim and engine.
//!
//! The first lines of a snapshot hold the verdict, so that a run with another seed, whose figures differ, can still be held
//! to it.

use std::fs;

use anyhow::Context;
use claims::closed_forms;
use verify::{Engine, Finding, Report, Verdict, snapshot};

use crate::snapshots::file_name;
use crate::{generated, root, snapshots, tables};

/// The files that `snapshots/` should hold.
pub fn expected_names() -> impl Iterator<Item = String> {
    closed_forms().iter().flat_map(|claim| {
        let applying = Engine::ALL.into_iter().filter(|engine| engine.applies(claim));
        applying.map(|engine| file_name(&snapshot::name(claim.id), engine.name()))
    })
}

/// The verdict of an engine on a claim, as recorded.
pub fn recorded_verdict(id: &str, engine: Engine) -> Option<String> {
    let text = snapshots::text(&snapshot::name(id), engine.name())?;
    text.lines().find_map(|line| line.strip_prefix("verdict: ").map(str::to_owned))
}

/// What differs from the record, a line each: whole snapshots, or verdicts alone.
pub fn changes(report: &Report, whole: bool) -> anyhow::Result<Vec<String>> {
    let mut changes = Vec::new();
    for record in &report.claims {
        for Finding { evidence, .. } in &record.findings {
            // A claim that is refuted in two dimensions may well be proved in one.
            let refuted = record.evidence.iter().find(|e| e.engine == evidence.engine && e.verdict == Verdict::Differs);
            let (engine, found) = (evidence.engine.name(), refuted.unwrap_or(evidence).verdict.name());
            match recorded_verdict(record.id, evidence.engine) {
                Some(recorded) if recorded != found => {
                    changes.push(format!("{}: {engine} says {found}, recorded is {recorded}", record.id));
                }
                None if !whole => changes.push(format!("{}: no verdict by {engine} is recorded", record.id)),
                _ => {}
            }
        }
        for (engine, text) in snapshot::texts(record).into_iter().filter(|_| whole) {
            let description = format!("{} by {}, seed {}", record.id, engine.name(), report.seed);
            changes.extend(snapshots::change(&snapshot::name(record.id), engine.name(), description, &text)?);
        }
    }
    Ok(changes)
}

/// Whether FINDINGS.md and the pages that are there can be written.
pub fn check_places() -> anyhow::Result<()> {
    let folder = root().join("findings");
    let entries = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
    let names = entries.map(|entry| Ok(format!("findings/{}", entry?.file_name().to_string_lossy())));
    generated::check_places(names.collect::<anyhow::Result<Vec<_>>>()?.into_iter().chain(["FINDINGS.md".into()]))
}

/// FINDINGS.md and the pages of the topics against what a run found: a line for each that differs, unless they are written.
pub fn findings(report: &Report, write: bool) -> anyhow::Result<Vec<String>> {
    let folder = root().join("findings");
    let pages = verify::pages(report, &tables::recorded());
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
