//! `mutants`: which changes of the code no test notices, by cargo-mutants.
//!
//! A mutant is the code with one operator, one branch or one result changed. It is caught by the tests of its package or by
//! `cargo xtask verify --quick` (`tests/quick.rs`). What is excluded, and why, stands in `.cargo/mutants.toml`.

use std::ffi::OsString;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;
use std::{env, fs};

use anyhow::Context;
use clap::ValueEnum;

use crate::root;

/// Change the code, one operator, branch or result at a time, and list the changes that no test notices
#[derive(clap::Args)]
#[command(after_help = "Needs `cargo install cargo-mutants`. Exit code 0 only if every mutant is caught.
Results are under target/mutation/<PART>/mutants.out: caught.txt, missed.txt, timeout.txt, unviable.txt.

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

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let installed = Command::new(&cargo).args(["mutants", "--version"]).output().context("cargo mutants --version")?;
    anyhow::ensure!(installed.status.success(), "cargo-mutants is missing: `cargo install cargo-mutants` installs it");

    let package = args.part.package();
    let tests = args.part.tests().iter().map(|test| format!("--test={test}"));
    let targets = Vec::from_iter(["--lib".into(), "--test=quick".into()].into_iter().chain(tests));

    // cargo-mutants would try the unchanged tree without `quick`, which belongs to another package.
    let test = |more: &[&str]| {
        let mut command = Command::new(&cargo);
        command.args(["test", "--profile=mutants", "--package", package, "--package=xtask"]).args(&targets).args(more);
        command.stdout(Stdio::null()).current_dir(root()).status().context("cargo test")
    };
    anyhow::ensure!(test(&["--no-run"])?.success(), "the unchanged code does not compile");
    let start = Instant::now();
    anyhow::ensure!(test(&[])?.success(), "the unchanged code fails its tests");
    let timeout = 20.0 + SLOWER * start.elapsed().as_secs_f64();

    let output = root().join("target/mutation").join(args.part.name());
    fs::create_dir_all(&output).with_context(|| output.display().to_string())?;
    let mut command = Command::new(&cargo);
    command.args(["mutants", "--profile=mutants", "--package", package, "--test-package", &format!("{package},xtask")]);
    command.args(args.part.files());
    command.args(targets.iter().map(|target| format!("--cargo-arg={target}")));
    command.args(["--baseline=skip", "--timeout", &format!("{timeout:.0}"), "--output"]).arg(output);
    if let Some(shard) = &args.shard {
        command.args(["--sharding=round-robin", "--shard", shard]);
    }
    let status = command.args(&args.more).current_dir(root()).status().context("cargo mutants")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
