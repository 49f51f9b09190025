//! Verdicts as recorded: one snapshot a claim and engine.
//!
//! The first lines of a snapshot hold the verdict, so that a run with another seed, whose figures differ, can still be held
//! to it.

use std::fs;

use anyhow::Context;
use claims::REGISTRY;
use verify::{Engine, Finding, Report, Verdict, snapshot};

use crate::snapshots::{file_name, folder, matches};
use crate::{root, tables};

/// The files that `snapshots/` should hold.
pub fn expected_names() -> impl Iterator<Item = String> {
    REGISTRY.iter().flat_map(|claim| {
        let applying = Engine::ALL.into_iter().filter(|engine| engine.applies(claim));
        applying.map(|engine| file_name(&snapshot::name(claim.id), engine.name()))
    })
}

/// The verdict of an engine on a claim, as recorded.
pub fn recorded_verdict(id: &str, engine: Engine) -> Option<String> {
    let text = fs::read_to_string(folder().join(file_name(&snapshot::name(id), engine.name()))).ok()?;
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
            if !matches(&snapshot::name(record.id), engine.name(), description, &text)? {
                changes.push(format!("{}: the snapshot of {} changed", record.id, engine.name()));
            }
        }
    }
    Ok(changes)
}

/// FINDINGS.md and the pages of the topics against what a run found: a line for each that differs, unless they are written.
pub fn findings(report: &Report, write: bool) -> anyhow::Result<Vec<String>> {
    let folder = root().join("findings");
    let pages = verify::pages(report, &tables::recorded());
    let mut changes = Vec::new();
    for page in &pages {
        let path = root().join(&page.path);
        if write {
            fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
            fs::write(&path, &page.text).with_context(|| path.display().to_string())?;
        }
        if fs::read_to_string(&path).unwrap_or_default() != page.text {
            changes.push(format!("{} is not current; `cargo xtask verify --write` mends it", page.path));
        }
    }
    for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = format!("findings/{}", entry?.file_name().to_string_lossy());
        if pages.iter().all(|page| page.path != path) {
            changes.push(format!("{path}: no topic has this page"));
        }
    }
    Ok(changes)
}
