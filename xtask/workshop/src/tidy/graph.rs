//! Who depends on whom, as cargo tells it.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use cargo_metadata::{DependencyKind, MetadataCommand};

/// The crates of the workspace, and what they need to build and run. What only their tests need is left out: a test may
/// compare.
#[derive(Default)]
pub struct Graph {
    /// Each crate with those that its manifest names, optional ones included.
    pub direct: BTreeMap<String, BTreeSet<String>>,
    /// Each crate with every package that is compiled with it, where it is built alone with its default features.
    pub trees: BTreeMap<String, BTreeSet<String>>,
    /// Every package that `cargo xtask` compiles, for the product or the workshop, with its version and features.
    pub built: BTreeSet<String>,
    /// Every package that `cargo xtask test` compiles.
    pub tested: BTreeSet<String>,
}

impl Graph {
    /// The graph of the workspace in the folder `root`.
    pub fn load(root: &Path) -> anyhow::Result<Self> {
        let metadata = MetadataCommand::new().current_dir(root).no_deps().exec()?;
        // One by one, as they are built.
        let of_product = tree(root, &["--package=xtask", "--edges=normal,build"])?;
        let of_workshop = tree(root, &["--package=workshop", "--edges=normal,build"])?;
        let mut graph = Graph {
            built: &of_product | &of_workshop,
            tested: tree(root, &["--workspace", "--exclude=fig1", "--edges=normal,build,dev"])?,
            ..Graph::default()
        };
        for package in metadata.packages {
            let name = package.name.to_string();
            let needed = package.dependencies.into_iter().filter(|needed| needed.kind != DependencyKind::Development);
            graph.direct.insert(name.clone(), needed.map(|needed| needed.name).collect());
            let with_it = tree(root, &["--package", &name, "--edges=normal"])?;
            let names = with_it.iter().filter_map(|package| package.split_whitespace().next());
            graph.trees.insert(name.clone(), names.filter(|other| *other != name).map(str::to_owned).collect());
        }
        Ok(graph)
    }
}

/// The packages that are compiled, as "name version \[features\]". `cargo tree` resolves features as a build of these
/// packages does, where `cargo metadata` unites those of the workspace.
fn tree(root: &Path, of: &[&str]) -> anyhow::Result<BTreeSet<String>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.args(["tree", "--prefix=none", "--format={p} [{f}]"]).args(of).current_dir(root);
    let output = command.output().context("cargo tree")?;
    anyhow::ensure!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).context("cargo tree")?;
    let packages = lines.lines().filter_map(|line| {
        // Between version and features may stand a path, or that it is a procedural macro.
        let (mut words, features) = (line.split_whitespace(), line.rsplit_once(" [")?.1.split_once(']')?.0);
        Some(format!("{} {} [{features}]", words.next()?, words.next()?))
    });
    Ok(packages.collect())
}
