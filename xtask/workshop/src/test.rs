//! `test`: everything that must pass before a change lands, short of the verdicts themselves.

use std::env;
use std::ffi::OsString;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::Context;

use cli::say;
use report::root;

use crate::tidy;

/// Check formatting, lints, tests, documentation and the invariants; stop at the first failure
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask test               everything but Fig. 1
  cargo xtask test --with-fig1   what continuous integration runs, before `cargo xtask verify`")]
pub struct Args {
    /// Fig. 1 too: its framework of deep learning, which nothing else needs, takes minutes to compile
    #[arg(long)]
    with_fig1: bool,
}

/// Each is a cargo command line; `cargo test` includes the doc tests.
const STEPS: [&str; 4] = [
    "fmt --all --check",
    "clippy --workspace --exclude fig1 --all-targets -- -D warnings",
    "test --workspace --exclude fig1",
    "doc --workspace --exclude fig1 --no-deps",
];

/// The steps of Fig. 1, by themselves: together with it, the other crates would be compiled with its features.
const STEPS_OF_FIG1: [&str; 3] =
    ["clippy --package fig1 --all-targets -- -D warnings", "test --package fig1", "doc --package fig1 --no-deps"];

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let of_fig1 = if args.with_fig1 { &STEPS_OF_FIG1[..] } else { &[] };
    for step in STEPS.iter().chain(of_fig1) {
        timed(&format!("cargo {step}"), || {
            let status = Command::new(&cargo)
                .args(step.split_whitespace())
                .env("RUSTDOCFLAGS", "-D warnings")
                .current_dir(root())
                .status()
                .with_context(|| format!("cargo {step}"))?;
            anyhow::ensure!(status.success(), "`cargo {step}` failed: {status}");
            Ok(())
        })?;
    }
    timed("cargo xtask tidy", || tidy::run(&tidy::Args::default()))
}

/// Runs a step; says that it begins, and in which time it passed.
fn timed<T>(step: &str, run: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    say(&format!("\n── {step}"))?;
    let start = Instant::now();
    let result = run()?;
    say(&format!("── passed in {}: {step}", minutes(start.elapsed())))?;
    Ok(result)
}

fn minutes(time: Duration) -> String {
    match time.as_secs() {
        seconds @ ..60 => format!("{seconds} s"),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_minutes_and_seconds() {
        let told = [0, 59, 60, 605].map(|seconds| minutes(Duration::from_secs(seconds)));
        assert_eq!(told, ["0 s", "59 s", "1 min 00 s", "10 min 05 s"]);
    }
}
