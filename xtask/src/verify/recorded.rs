//! What is recorded: one snapshot a claim and engine, under `snapshots/`.
//!
//! A snapshot that differs is left beside the recorded one as `.snap.new` for `cargo insta review`, except in CI, which
//! writes nothing. The first lines of a snapshot hold the verdict, so that a run with another seed, whose figures differ,
//! can still be held to it.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::PathBuf;

use claims::REGISTRY;
use verify::{Engine, Report, snapshot};

fn folder() -> PathBuf {
    crate::root().join("snapshots")
}

fn file_name(id: &str, engine: Engine) -> String {
    format!("{}@{}.snap", snapshot::name(id), engine.name())
}

/// The files that `snapshots/` should hold.
pub fn expected_names() -> BTreeSet<String> {
    let names = |claim: &&claims::Claim| {
        let id = claim.id;
        let applying = Engine::ALL.into_iter().filter(|engine| engine.applies(claim));
        Vec::from_iter(applying.map(|engine| file_name(id, engine)))
    };
    REGISTRY.iter().flat_map(names).collect()
}

/// The verdict of an engine on a claim, as recorded.
pub fn recorded_verdict(id: &str, engine: Engine) -> Option<String> {
    let text = fs::read_to_string(folder().join(file_name(id, engine))).ok()?;
    text.lines().find_map(|line| line.strip_prefix("verdict: ").map(str::to_owned))
}

/// What differs from the record, a line each: whole snapshots, or verdicts alone.
pub fn changes(report: &Report, whole: bool) -> anyhow::Result<Vec<String>> {
    let folder = fs::canonicalize(folder())?;
    let mut changes = Vec::new();
    for record in &report.claims {
        for evidence in &record.evidence {
            let (engine, found) = (evidence.engine.name(), evidence.verdict.name());
            match recorded_verdict(record.id, evidence.engine) {
                Some(recorded) if recorded != found => {
                    changes.push(format!("{}: {engine} says {found}, recorded is {recorded}", record.id));
                }
                None if !whole => changes.push(format!("{}: no verdict by {engine} is recorded", record.id)),
                _ => {}
            }
        }
        for (engine, text) in snapshot::texts(record).into_iter().filter(|_| whole) {
            let mut settings = insta::Settings::new();
            settings.set_snapshot_path(&folder);
            settings.set_prepend_module_to_snapshot(false);
            settings.set_snapshot_suffix(engine.name());
            settings.set_omit_expression(true);
            settings.set_description(format!("{} by {}, seed {}", record.id, engine.name(), report.seed));
            let name = snapshot::name(record.id);
            if !settings.bind(|| matches(&name, &text)) {
                changes.push(format!("{}: the snapshot of {} changed", record.id, engine.name()));
            }
        }
    }
    Ok(changes)
}

/// insta prints the difference and panics; nobody wants to read the panic too.
fn matches(name: &str, text: &str) -> bool {
    let hook = take_hook();
    set_hook(Box::new(|_| ()));
    let outcome = catch_unwind(AssertUnwindSafe(|| insta::assert_snapshot!(name, text)));
    set_hook(hook);
    outcome.is_ok()
}

/// Snapshots that belong to no claim, or to an engine that does not judge it.
pub fn left_over() -> anyhow::Result<Vec<String>> {
    let expected = expected_names();
    let mut left_over = Vec::new();
    for entry in fs::read_dir(folder())? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".snap") && !expected.contains(&name) {
            left_over.push(format!("snapshots/{name}: no claim is judged by it"));
        }
    }
    left_over.sort();
    Ok(left_over)
}
