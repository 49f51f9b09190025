//! `test`: everything that must pass before a change lands, short of the verdicts themselves.

use std::env;
use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::Context;

use cli::say;
use report::root;

use crate::tidy;

/// Check formatting, lints, tests, documentation and the invariants; stop at the first failure
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask test          what continuous integration runs, before `cargo xtask verify`")]
pub struct Args {}

/// Each is a cargo command line; `cargo test` includes the doc tests.
const STEPS: [&str; 4] = [
    "fmt --all --check",
    "clippy --workspace --all-targets -- -D warnings",
    "test --workspace",
    "doc --workspace --no-deps",
];

pub fn run(_: &Args) -> anyhow::Result<ExitCode> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    for step in STEPS {
        say(&format!("\n── cargo {step}"))?;
        let status = Command::new(&cargo)
            .args(step.split_whitespace())
            .env("RUSTDOCFLAGS", "-D warnings")
            .current_dir(root())
            .status()
            .with_context(|| format!("cargo {step}"))?;
        anyhow::ensure!(status.success(), "`cargo {step}` failed: {status}");
    }
    say("\n── cargo xtask tidy")?;
    tidy::run(&tidy::Args::default())
}
