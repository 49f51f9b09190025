//! `cargo xtask`: the commands of the product, and those of the workshop, which is started where it is asked for.
//!
//! The workshop is a package of its own, `xtask/workshop`, so that the first verdict does not wait until the parser of
//! Rust and what else only the workshop needs is compiled.
//!
//! Deliberately absent: mathematics, and the commands themselves.

use std::env;
use std::ffi::OsString;
use std::process::{self, ExitCode};

use anyhow::Context;
use clap::{Parser, Subcommand};

/// The matrices of the Lyapunov engine are large and live for a short time. The allocator of glibc gives their pages
/// back each time, and a seventh of the time went into getting them again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Judge the closed forms of "Strength of Minibatch Noise in SGD", and solve problems of your own.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", max_term_width = 120)]
enum Command {
    #[command(flatten)]
    Product(Box<cli::Command>),
    #[command(flatten)]
    Workshop(Workshop),
}

/// The commands of the workshop, for the help: in its own words, as a test checks.
#[derive(Subcommand)]
enum Workshop {
    /// Compare two verdict files: verdicts, evidence, digits, hypotheses, and the time that each step took
    Diff(Asked),
    /// Judge the claims that hold by Monte Carlo alone, many times with fresh seeds, and count false alarms
    Calibrate(Asked),
    /// Time the engines, one JSON object a line
    Bench(Asked),
    /// Check formatting, lints, tests, documentation and the invariants; stop at the first failure
    Test(Asked),
    /// Change the code, one operator, branch or result at a time, and list the changes that no test notices
    Mutants(Asked),
    /// Check the invariants of the workspace: who depends on whom, and what no source contains
    Tidy(Asked),
}

/// What a command of the workshop is asked, which the workshop reads itself.
#[derive(clap::Args)]
#[command(disable_help_flag = true)]
struct Asked {
    /// `--help` lists them
    #[arg(value_name = "OPTIONS", trailing_var_arg = true, allow_hyphen_values = true)]
    _options: Vec<OsString>,
}

fn main() -> ExitCode {
    cli::enter(|command| match command {
        Command::Product(command) => command.run(),
        Command::Workshop(_) => start_workshop(),
    })
}

/// Compiles the workshop where it is not, and runs it with the arguments of this program.
fn start_workshop() -> anyhow::Result<ExitCode> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = process::Command::new(cargo);
    command.args(["run", "--package", "workshop", "--"]).args(env::args_os().skip(1));
    take_my_place(&mut command).context("cargo run --package workshop")
}

/// Becomes the other program, which then hears Ctrl-C and has the exit code by itself.
#[cfg(unix)]
fn take_my_place(command: &mut process::Command) -> anyhow::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(command.exec().into())
}

/// Waits for the other program.
#[cfg(not(unix))]
fn take_my_place(command: &mut process::Command) -> anyhow::Result<ExitCode> {
    let code = command.status()?.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn the_help_has_the_words_of_the_workshop() {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("workshop/src");
        for command in Workshop::augment_subcommands(clap::Command::new("")).get_subcommands() {
            let source = fs::read_to_string(sources.join(command.get_name()).with_extension("rs")).unwrap();
            let about = command.get_about().unwrap();
            assert!(
                source.contains(&format!("/// {about}\n#[derive(clap::Args)]\n")),
                "{}: {about}",
                command.get_name()
            );
        }
    }
}
