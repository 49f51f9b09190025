//! Who depends on whom, as cargo tells it.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use cargo_metadata::{DependencyKind, MetadataCommand};

/// The crates of the workspace, and what they need to build and run. What only their tests need is left out: a test may compare.
#[derive(Default)]
pub struct Graph {
    /// Each crate with those that its manifest names, optional ones included.
    pub direct: BTreeMap<String, BTreeSet<String>>,
    /// Each crate with every package that is compiled with it, where it is built alone with its default features.
    pub trees: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    /// The graph of the workspace in the folder `root`.
    pub fn load(root: &Path) -> anyhow::Result<Self> {
        let metadata = MetadataCommand::new().current_dir(root).no_deps().exec()?;
        let mut graph = Graph::default();
        for package in metadata.packages {
            let name = package.name.to_string();
            let needed = package.dependencies.into_iter().filter(|needed| needed.kind != DependencyKind::Development);
            graph.direct.insert(name.clone(), needed.map(|needed| needed.name).collect());
            graph.trees.insert(name.clone(), tree(root, &name)?);
        }
        Ok(graph)
    }
}

/// `cargo tree` resolves the features of one package, where `cargo metadata` unites those of all.
fn tree(root: &Path, package: &str) -> anyhow::Result<BTreeSet<String>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.args(["tree", "--edges=normal", "--prefix=none", "--format={p}", "--package", package]).current_dir(root);
    let output = command.output().context("cargo tree")?;
    anyhow::ensure!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).context("cargo tree")?;
    // The package itself comes first.
    Ok(lines.lines().skip(1).filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect())
}
