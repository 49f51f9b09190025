//! `tidy`: the invariants of the workspace, from its dependency graph and its sources.
//!
//! Each invariant is a function from a [`Workspace`] to the list of its violations, named in [`checks`], with a test
//! that plants a violation. The whole list also runs as a test, on this workspace.

mod code;
mod graph;
mod manifests;
mod registry;
mod sources;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;

use cli::say;
use graph::Graph;
use report::root;

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

/// What the checks read.
#[derive(Default)]
pub struct Workspace {
    /// Who depends on whom.
    pub graph: Graph,
    /// Every file that people write, but for data.
    pub files: Vec<File>,
}

/// A file of the workspace.
pub struct File {
    /// Its path from the root, with `/` between folders.
    pub path: String,
    /// Its content.
    pub text: String,
}

/// An invariant, and the function that lists its violations, one line each.
pub type Check = (&'static str, fn(&Workspace) -> Vec<String>);

/// Every invariant.
pub fn checks() -> Vec<Check> {
    vec![
        ("no engine depends on the claims or on another engine", graph::engines_stand_alone),
        ("the claims depend on no engine and on no randomness", graph::claims_stand_alone),
        ("nothing depends on the crate of Fig. 1", graph::nobody_needs_networks),
        ("the claims have no input, output or randomness", sources::claims_are_pure),
        ("the claims have no float literals", sources::claims_have_no_float_literals),
        ("the exact engine has no f64", sources::exact_has_no_floats),
        ("every claim is one file and registered", registry::claims_are_registered),
        ("every claim has a snapshot from each engine that applies", registry::snapshots_are_complete),
        ("every equation of docs/PAPER.md is judged by a claim", registry::equations_are_covered),
        ("the table of docs/claims.md is current", registry::claim_table_is_current),
        ("no file is longer than 400 lines", sources::files_are_short),
        ("nothing is left for later", sources::nothing_is_left_for_later),
        ("every ignored test says why", sources::ignored_tests_say_why),
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

impl Workspace {
    /// The workspace in the folder `root`.
    pub fn load(root: &Path) -> anyhow::Result<Self> {
        let mut files = Vec::new();
        collect(root, "", &mut files)?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Workspace { graph: Graph::load(root)?, files })
    }

    /// The file at `path`.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The Rust sources in the folder `folder`.
    pub fn rust(&self, folder: &str) -> impl Iterator<Item = &File> {
        self.files.iter().filter(move |file| file.path.starts_with(folder) && file.path.ends_with(".rs"))
    }
}

/// The files below `folder` that are written by hand.
fn collect(root: &Path, folder: &str, files: &mut Vec<File>) -> anyhow::Result<()> {
    let here = root.join(folder);
    for entry in fs::read_dir(&here).with_context(|| here.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{folder}{name}");
        if entry.file_type()?.is_dir() {
            let generated = name == "target" || name.starts_with('.') && ![".ci", ".cargo"].contains(&name.as_str());
            if !generated {
                collect(root, &format!("{path}/"), files)?;
            }
        } else if ["rs", "toml", "md", "snap"].iter().any(|end| path.ends_with(&format!(".{end}")))
            || path.starts_with(".c")
        {
            let text = fs::read_to_string(entry.path()).with_context(|| path.clone())?;
            files.push(File { path, text });
        }
    }
    Ok(())
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
