//! Recorded texts under `snapshots/`, compared by insta.
//!
//! A text that differs is left beside the recorded one as `.snap.new` for `cargo insta review`. In continuous
//! integration nothing is written.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::PathBuf;

use crate::root;

/// The folder of the snapshots.
pub fn folder() -> PathBuf {
    root().join("snapshots")
}

/// The file name of a snapshot.
pub fn file_name(name: &str, suffix: &str) -> String {
    format!("{name}@{suffix}.snap")
}

/// The recorded text; `None` where nothing is recorded.
pub fn text(name: &str, suffix: &str) -> Option<String> {
    let text = fs::read_to_string(folder().join(file_name(name, suffix))).ok()?;
    // insta writes what it knows of a text above it, between two lines of dashes.
    let (_, text) = text.strip_prefix("---\n")?.split_once("---\n")?;
    Some(text.into())
}

/// Whether a text is as recorded; insta prints the difference.
fn matches(name: &str, suffix: &str, description: String, text: &str) -> anyhow::Result<bool> {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(fs::canonicalize(folder())?);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_suffix(suffix);
    settings.set_omit_expression(true);
    settings.set_description(description);
    // After the difference insta panics, and nobody wants to read that message, too.
    let hook = take_hook();
    set_hook(Box::new(|_| ()));
    let outcome = settings.bind(|| catch_unwind(AssertUnwindSafe(|| insta::assert_snapshot!(name, text))));
    set_hook(hook);
    Ok(outcome.is_ok())
}

/// The line of a failure, where a text is not as recorded, or nothing is recorded.
///
/// # Errors
/// Where the folder of snapshots is missing.
pub fn change(name: &str, suffix: &str, description: String, found: &str) -> anyhow::Result<Option<String>> {
    let is_recorded = text(name, suffix).is_some();
    let is_same = matches(name, suffix, description, found)?;
    Ok(failure(&file_name(name, suffix), is_recorded, is_same))
}

fn failure(file: &str, is_recorded: bool, is_same: bool) -> Option<String> {
    match (is_recorded, is_same) {
        (_, true) => None,
        (true, false) => Some(format!("snapshots/{file}: changed")),
        (false, false) => Some(format!("snapshots/{file}: missing")),
    }
}

/// Snapshots that nobody compares with.
///
/// # Errors
/// Where the folder cannot be read.
pub fn left_over(expected: &BTreeSet<String>) -> anyhow::Result<Vec<String>> {
    let mut left_over = Vec::new();
    for entry in fs::read_dir(folder())? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".snap") && !expected.contains(&name) {
            left_over.push(format!("snapshots/{name}: nothing is compared with it"));
        }
    }
    left_over.sort();
    Ok(left_over)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_that_is_missing_is_not_called_changed() {
        let told = |is_recorded, is_same| failure("a@exact.snap", is_recorded, is_same);
        assert_eq!(told(true, false).unwrap(), "snapshots/a@exact.snap: changed");
        assert_eq!(told(false, false).unwrap(), "snapshots/a@exact.snap: missing");
        assert_eq!((told(true, true), told(false, true)), (None, None));
    }
}
