//! `mutants`: which changes of the code no test notices, by cargo-mutants.
//!
//! A mutant is the code with one operator, one branch or one result changed. It is caught by the tests of its package or by
//! `cargo xtask verify --quick` (`tests/quick.rs`). Those of an engine are tried by its own tests first, which need neither
//! `verify` nor this package to be compiled anew, and `verify` tries only those that are left. What is excluded, and why, stands
//! in `.cargo/mutants.toml`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;
use std::{env, fs};

use anyhow::Context;
use clap::ValueEnum;

use crate::root;

/// Change the code, one operator, branch or result at a time, and list the changes that no test notices
#[derive(clap::Args)]
#[command(after_help = "Needs `cargo install cargo-mutants`. Exit code 0 only if every mutant is caught.
Results are under target/mutation/<PART>/mutants.out: caught.txt, missed.txt, timeout.txt, unviable.txt; of an engine those of
its own tests, and under target/mutation/<PART>/missed those of verify on what these missed.

Examples:
  cargo xtask mutants claims                      every mutant of the closed forms
  cargo xtask mutants drawing                     the rest of `claims`: hypotheses, and how settings are drawn
  cargo xtask mutants lyapunov --shard 0/24       each 24th mutant of an engine
  cargo xtask mutants claims -- --jobs 2 --iterate
                                                  two at a time, without those caught before")]
pub struct Args {
    /// What is changed
    part: Part,
    /// Only part K of N, dealt out one by one
    #[arg(long, value_name = "K/N")]
    shard: Option<String>,
    /// For cargo-mutants
    #[arg(last = true)]
    more: Vec<OsString>,
}

/// How much longer than the unchanged code a mutant may run, before it counts as one that waits for ever.
const SLOWER: f64 = 3.0;

#[derive(Clone, Copy, ValueEnum)]
enum Part {
    Claims,
    Drawing,
    Exact,
    Lyapunov,
    Montecarlo,
}

/// The files of `claims` that hold no closed form.
const DRAWING: [&str; 5] = ["lib.rs", "claim.rs", "draw.rs", "family.rs", "hypotheses/*.rs"];

impl Part {
    fn name(self) -> &'static str {
        match self {
            Part::Claims => "claims",
            Part::Drawing => "drawing",
            Part::Exact => "exact",
            Part::Lyapunov => "lyapunov",
            Part::Montecarlo => "montecarlo",
        }
    }

    fn is_engine(self) -> bool {
        matches!(self, Part::Exact | Part::Lyapunov | Part::Montecarlo)
    }

    fn package(self) -> &'static str {
        match self {
            Part::Drawing => "claims",
            part => part.name(),
        }
    }

    /// The option of cargo-mutants that chooses files of the package, and its values.
    fn files(self) -> Vec<OsString> {
        let option = match self {
            Part::Claims => "--exclude",
            Part::Drawing => "--file",
            Part::Exact | Part::Lyapunov | Part::Montecarlo => return Vec::new(),
        };
        Vec::from_iter(DRAWING.map(|file| format!("{option}=crates/claims/src/{file}").into()))
    }

    /// The integration tests of its package that take seconds and concern it; beside them run the unit tests and `quick`.
    fn tests(self) -> &'static [&'static str] {
        match self {
            Part::Claims => &[],
            Part::Drawing => &["draw"],
            Part::Exact => &["central", "literal", "proof", "tail"],
            Part::Lyapunov => &["atlas", "by_hand", "routes", "singular", "standard"],
            Part::Montecarlo => &["exact_values", "robustness", "runs", "trust"],
        }
    }
}

/// Who tries a mutant.
#[derive(Clone, Copy, PartialEq)]
enum Jury {
    /// The tests of the package.
    Tests,
    /// These, and `verify --quick`.
    Verify,
}

/// One call of cargo-mutants.
struct Trial<'a> {
    args: &'a Args,
    jury: Jury,
    /// Only mutants of these names; all where there are none.
    names: Vec<String>,
}

/// The cargo that runs this, in the folder of the workspace.
fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.current_dir(root());
    command
}

impl Trial<'_> {
    fn output(&self) -> PathBuf {
        let folder = root().join("target/mutation").join(self.args.part.name());
        if self.names.is_empty() { folder } else { folder.join("missed") }
    }

    /// The packages whose tests are run, and these tests.
    fn tests(&self) -> (Vec<&'static str>, Vec<String>) {
        let part = self.args.part;
        let (mut packages, mut targets) = (vec![part.package()], vec![String::from("--lib")]);
        targets.extend(part.tests().iter().map(|test| format!("--test={test}")));
        if self.jury == Jury::Verify {
            packages.push("xtask");
            targets.push("--test=quick".into());
        }
        (packages, targets)
    }

    /// How long a mutant may run; from the unchanged code, which must pass.
    fn timeout(&self) -> anyhow::Result<f64> {
        let (packages, targets) = self.tests();
        // cargo-mutants would try the unchanged tree without `quick`, which belongs to another package.
        let test = |more: &[&str]| {
            let mut command = cargo();
            command.args(["test", "--profile=mutants"]).args(packages.iter().map(|name| format!("--package={name}")));
            command.args(&targets).args(more).stdout(Stdio::null()).status().context("cargo test")
        };
        anyhow::ensure!(test(&["--no-run"])?.success(), "the unchanged code does not compile");
        let start = Instant::now();
        anyhow::ensure!(test(&[])?.success(), "the unchanged code fails its tests");
        Ok(20.0 + SLOWER * start.elapsed().as_secs_f64())
    }

    /// Whether every mutant was caught.
    fn run(&self) -> anyhow::Result<bool> {
        let timeout = self.timeout()?;
        let (packages, targets) = self.tests();
        let output = self.output();
        fs::create_dir_all(&output).with_context(|| output.display().to_string())?;
        let mut command = cargo();
        command.args(["mutants", "--profile=mutants", "--package", self.args.part.package()]);
        command.args(["--test-package", &packages.join(",")]).args(self.args.part.files());
        command.args(targets.iter().map(|target| format!("--cargo-arg={target}")));
        command.args(["--baseline=skip", "--timeout", &format!("{timeout:.0}"), "--output"]).arg(output);
        match &self.args.shard {
            Some(shard) if self.names.is_empty() => command.args(["--sharding=round-robin", "--shard", shard]),
            _ => command.args(self.names.iter().flat_map(|name| ["--re".into(), format!("^{}$", escaped(name))])),
        };
        Ok(command.args(&self.args.more).status().context("cargo mutants")?.success())
    }

    /// The names of the mutants that were missed.
    fn missed(&self) -> anyhow::Result<Vec<String>> {
        let path = self.output().join("mutants.out/missed.txt");
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        Ok(text.lines().map(str::to_owned).collect())
    }
}

/// A pattern that matches the text alone.
fn escaped(text: &str) -> String {
    let special = |c: char| r"\.+*?()|[]{}^$".contains(c);
    text.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let installed = cargo().args(["mutants", "--version"]).output().context("cargo mutants --version")?;
    anyhow::ensure!(installed.status.success(), "cargo-mutants is missing: `cargo install cargo-mutants` installs it");

    let jury = if args.part.is_engine() { Jury::Tests } else { Jury::Verify };
    let first = Trial { args, jury, names: Vec::new() };
    let mut caught = first.run()?;
    if !caught && jury == Jury::Tests {
        let second = Trial { args, jury: Jury::Verify, names: first.missed()? };
        // Without a name every mutant would be tried anew: what was not caught timed out.
        caught = !second.names.is_empty() && second.run()?;
    }
    Ok(if caught { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_patterns_of_themselves() {
        assert_eq!(escaped("a/b.rs:1:2: replace + with -> ()"), r"a/b\.rs:1:2: replace \+ with -> \(\)");
    }
}
