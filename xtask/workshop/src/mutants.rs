//! `mutants`: which changes of the code no test notices, by cargo-mutants.
//!
//! A mutant is the code with one operator, one branch or one result changed. It is caught by the tests of its package
//! or by `cargo xtask verify --quick` (`xtask/tests/quick.rs`). Mutants of an engine, of `numbers` and of
//! `matrix-equations` are tried by the tests of their own package first, which need neither `verify` nor this package
//! to be compiled anew. `verify` tries only those that are left, and none of `matrix-equations`. `.cargo/mutants.toml`
//! says what is excluded, and why.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;
use std::{env, fs};

use anyhow::Context;
use clap::ValueEnum;

use report::root;

/// Change the code, one operator, branch or result at a time, and list the changes that no test notices
#[derive(clap::Args)]
#[command(after_help = "Needs `cargo install cargo-mutants`. Exit code 0 only if every mutant is caught.
Results are under target/mutation/<PART>/mutants.out: caught.txt, missed.txt, timeout.txt, unviable.txt; of an engine those of
its own tests, and under target/mutation/<PART>/missed those of verify on what these missed.

Examples:
  cargo xtask mutants claims                      hypotheses, how settings are drawn, claim files; formulas are texts,
                                                  whose mutants `cargo xtask verify` tells
  cargo xtask mutants lyapunov --shard 1/24       each 24th mutant of an engine
  cargo xtask mutants claims -- --jobs 2 --iterate
                                                  two at a time, without those caught before")]
pub struct Args {
    /// What is changed
    part: Part,
    /// Only part K of N, from 1, dealt out one by one
    #[arg(long, value_name = "K/N", value_parser = shard)]
    shard: Option<(u32, u32)>,
    /// For cargo-mutants
    #[arg(last = true)]
    more: Vec<OsString>,
}

/// How much longer than the unchanged code a mutant may run, before it counts as one that waits for ever.
const SLOWER: f64 = 3.0;

#[derive(Clone, Copy, ValueEnum)]
enum Part {
    Claims,
    Exact,
    Formula,
    Lyapunov,
    MatrixEquations,
    Montecarlo,
    Notation,
    Numbers,
    Reader,
    Rivals,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Part::Claims => "claims",
            Part::Exact => "exact",
            Part::Formula => "formula",
            Part::Lyapunov => "lyapunov",
            Part::MatrixEquations => "matrix-equations",
            Part::Montecarlo => "montecarlo",
            Part::Notation => "notation",
            Part::Numbers => "numbers",
            Part::Reader => "reader",
            Part::Rivals => "rivals",
        }
    }

    /// What else notices a mutant that its own tests miss.
    fn last_resort(self) -> Option<Tests> {
        match self {
            Part::Exact
            | Part::Formula
            | Part::Lyapunov
            | Part::Montecarlo
            | Part::Notation
            | Part::Numbers
            | Part::Reader
            | Part::Rivals => Some(Tests::verify()),
            // Verdicts depend on nothing of it but its bounds on rounding, and its own tests compare its answers.
            Part::MatrixEquations => None,
            // `verify` tries these together with the tests of the package, not after them.
            Part::Claims => None,
        }
    }

    /// The integration tests of its package; the unit tests run besides.
    fn tests(self) -> &'static [&'static str] {
        match self {
            Part::Numbers => &[],
            _ => &["it"],
        }
    }
}

/// Test targets, and the packages to which they belong.
struct Tests {
    packages: Vec<&'static str>,
    targets: Vec<String>,
}

impl Tests {
    /// The tests of the package: its unit tests, and the integration tests that concern the part.
    fn own(part: Part) -> Self {
        let targets = ["--lib".into()].into_iter().chain(part.tests().iter().map(|test| format!("--test={test}")));
        Tests { packages: vec![part.name()], targets: targets.collect() }
    }

    /// The test that runs `verify --quick`.
    fn verify() -> Self {
        Tests { packages: vec!["xtask"], targets: vec!["--test=quick".into()] }
    }

    fn and(mut self, mut more: Self) -> Self {
        self.packages.append(&mut more.packages);
        self.targets.append(&mut more.targets);
        self
    }

    /// How long a mutant may run, measured on the unchanged code, which must pass.
    fn timeout(&self) -> anyhow::Result<f64> {
        // cargo-mutants would try the unchanged tree without `quick`, which belongs to another package.
        let test = |more: &[&str]| {
            let mut command = cargo();
            command.args(["test", "--profile=mutants"]);
            command.args(self.packages.iter().map(|name| format!("--package={name}")));
            command.args(&self.targets).args(more).stdout(Stdio::null()).status().context("cargo test")
        };
        anyhow::ensure!(test(&["--no-run"])?.success(), "the unchanged code does not compile");
        let start = Instant::now();
        anyhow::ensure!(test(&[])?.success(), "the unchanged code fails its tests");
        Ok(20.0 + SLOWER * start.elapsed().as_secs_f64())
    }
}

/// The cargo that runs this, in the folder of the workspace.
fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.current_dir(root());
    command
}

/// Tries those mutants of the part that `choice` leaves, with these tests; whether every one was caught.
fn trial(args: &Args, tests: &Tests, choice: &[String], output: &Path) -> anyhow::Result<bool> {
    let timeout = tests.timeout()?;
    fs::create_dir_all(output).with_context(|| output.display().to_string())?;
    let mut command = cargo();
    command.args(["mutants", "--profile=mutants", "--package", args.part.name()]);
    command.args(["--test-package", &tests.packages.join(",")]);
    command.args(tests.targets.iter().map(|target| format!("--cargo-arg={target}")));
    command.args(["--baseline=skip", "--timeout", &format!("{timeout:.0}"), "--output"]).arg(output);
    Ok(command.args(choice).args(&args.more).status().context("cargo mutants")?.success())
}

/// The names of the mutants that the trial missed.
fn missed(output: &Path) -> anyhow::Result<Vec<String>> {
    let path = output.join("mutants.out/missed.txt");
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// The choice of these mutants alone: cargo-mutants is told that all others were caught before. It ignores `--re`, as of
/// 27.1, for fields that are left out.
fn only(args: &Args, names: &[String], output: &Path) -> anyhow::Result<Vec<String>> {
    let mut command = cargo();
    command.args(["mutants", "--list", "--colors=never", "--package", args.part.name()]);
    let list = command.output().context("cargo mutants --list")?;
    anyhow::ensure!(list.status.success(), "cargo mutants --list: {}", String::from_utf8_lossy(&list.stderr));
    let list = String::from_utf8(list.stdout).context("cargo mutants --list")?;

    let folder = output.join("mutants.out");
    let iterates = args.more.iter().any(|more| more == "--iterate");
    if !iterates && folder.exists() {
        // What an earlier run caught is tried again.
        fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    }
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let path = folder.join("previously_caught.txt");
    let others = String::from_iter(others(&list, names).flat_map(|name| [name, "\n"]));
    fs::write(&path, others).with_context(|| path.display().to_string())?;
    Ok(if iterates { Vec::new() } else { vec!["--iterate".into()] })
}

/// The lines that are none of these names.
fn others<'a>(list: &'a str, names: &[String]) -> impl Iterator<Item = &'a str> {
    list.lines().filter(|line| !names.iter().any(|name| name == line))
}

/// Reads `K/N`.
fn shard(text: &str) -> Result<(u32, u32), String> {
    let parts = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
    let within = parts.filter(|(k, n)| (1..=*n).contains(k));
    within.ok_or_else(|| "expected K/N with K from 1 to N, such as 1/24".into())
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let installed = cargo().args(["mutants", "--version"]).output().context("cargo mutants --version")?;
    anyhow::ensure!(installed.status.success(), "cargo-mutants is missing: `cargo install cargo-mutants` installs it");

    let output = root().join("target/mutation").join(args.part.name());
    // cargo-mutants counts from 0.
    let of_theirs = |(k, n): &(u32, u32)| ["--sharding=round-robin".into(), format!("--shard={}/{n}", k - 1)];
    let shard = Vec::from_iter(args.shard.iter().flat_map(of_theirs));
    let own = Tests::own(args.part);
    let caught = if matches!(args.part, Part::Claims) {
        trial(args, &own.and(Tests::verify()), &shard, &output)?
    } else {
        let names = if trial(args, &own, &shard, &output)? { Vec::new() } else { missed(&output)? };
        let Some(more) = args.part.last_resort().filter(|_| !names.is_empty()) else {
            return Ok(if names.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        };
        let output = output.join("missed");
        trial(args, &more, &only(args, &names, &output)?, &output)?
    };
    Ok(if caught { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_those_with_another_name() {
        let list = "a.rs:1:2: replace + with -\na.rs:1:20: replace + with -\na.rs:3:4: delete field x";
        let names = ["a.rs:1:2: replace + with -".to_owned()];
        assert!(others(list, &names).eq(["a.rs:1:20: replace + with -", "a.rs:3:4: delete field x"]));
    }

    #[test]
    fn shards_count_from_1() {
        assert_eq!((shard("1/24"), shard("24/24")), (Ok((1, 24)), Ok((24, 24))));
        for text in ["0/24", "25/24", "1/0", "4/0", "1", "a/b", "-1/2", "1/2/3"] {
            assert!(shard(text).is_err(), "{text}");
        }
    }
}
