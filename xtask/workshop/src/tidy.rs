//! `tidy`: the invariants of the workspace, from its dependency graph and its sources.
//!
//! Each invariant is a function from a [`Workspace`] to the list of its violations, named in [`checks`], with a test
//! that plants a violation. The whole list also runs as a test, on this workspace.

mod circles;
mod code;
mod exclusions;
mod graph;
mod manifests;
mod map;
mod modules;
mod names;
mod operators;
mod registry;
mod sources;
mod workspace;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;

use cli::say;
use report::root;
use workspace::Workspace;

/// Check the invariants of the workspace: who depends on whom, and what no source contains
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask tidy            lists every violation, one a line; `cargo xtask test` runs it last
  cargo xtask tidy --write    first makes the table of docs/claims.md anew")]
#[derive(Default)]
pub struct Args {
    /// Write what is generated: the table of docs/claims.md
    #[arg(long)]
    write: bool,
}

/// An invariant, and the function that lists its violations, one line each.
type Check = (&'static str, fn(&Workspace) -> Vec<String>);

/// Every invariant.
fn checks() -> Vec<Check> {
    vec![
        ("every crate knows only what the map allows", map::crates_keep_to_the_map),
        ("no crate is built with what the map keeps from it", map::trees_are_light),
        ("tests compile no dependency anew", map::features_are_the_same),
        ("no files name each other in a circle", circles::files_have_no_circles),
        ("the claims have no input, output or randomness", sources::claims_are_pure),
        ("the claims have no float literals", sources::claims_have_no_float_literals),
        ("the exact engine has no f64", sources::exact_has_no_floats),
        ("every claim is one file and registered", registry::claims_are_registered),
        ("every claim has a snapshot from each engine that applies", registry::snapshots_are_complete),
        ("every equation of docs/PAPER.md is judged by a claim", registry::equations_are_covered),
        ("every line of what the text asserts is judged by a claim", registry::assertions_are_covered),
        ("the table of docs/claims.md is current", registry::claim_table_is_current),
        ("no file is longer than 400 lines", sources::files_are_short),
        ("nothing is left for later", sources::nothing_is_left_for_later),
        ("every ignored test says why", sources::ignored_tests_say_why),
        ("mutation tests leave out only what there is", exclusions::exclusions_exclude),
        ("no source names a path of one machine", sources::no_machine_paths),
        ("all versions are pinned in the root manifest", manifests::versions_are_pinned_once),
    ]
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if args.write {
        write_claim_table(&root().join(registry::CLAIM_TABLE))?;
    }
    let workspace = Workspace::load(root())?;
    let mut failed = 0;
    for (invariant, violations) in checks() {
        let violations = violations(&workspace);
        say(&format!("{} {invariant}", if violations.is_empty() { "ok    " } else { "BROKEN" }))?;
        violations.iter().try_for_each(|violation| say(&format!("       {violation}")))?;
        failed += usize::from(!violations.is_empty());
    }
    anyhow::ensure!(failed == 0, "{failed} invariants are broken");
    Ok(ExitCode::SUCCESS)
}

fn write_claim_table(page: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(page)?;
    let current = registry::with_claim_table(&text).context("no place for the claim table")?;
    Ok(fs::write(page, current)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_workspace_is_tidy() {
        let workspace = Workspace::load(root()).unwrap();
        assert!(workspace.rust("crates/symbols/").count() >= 5, "the sources were not found");
        let violations: Vec<_> = checks().into_iter().flat_map(|(_, violations)| violations(&workspace)).collect();
        assert!(violations.is_empty(), "{}", violations.join("\n"));
    }
}
