//! The workshop: what whoever works on the workspace runs, as `cargo xtask NAME`.
//!
//! Deliberately absent: mathematics, and the commands of the product, which are in `cli`.

mod bench;
mod calibrate;
mod diff;
mod mutants;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::Parser;

/// As of the product, whose engines are timed here.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The workshop of the workspace.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", max_term_width = 120)]
enum Command {
    Diff(diff::Args),
    Calibrate(calibrate::Args),
    Bench(bench::Args),
    Test(test::Args),
    Mutants(mutants::Args),
    Tidy(tidy::Args),
}

fn main() -> ExitCode {
    cli::enter(|command| match command {
        Command::Diff(args) => diff::run(&args),
        Command::Calibrate(args) => calibrate::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Mutants(args) => mutants::run(&args),
        Command::Tidy(args) => tidy::run(&args),
    })
}
