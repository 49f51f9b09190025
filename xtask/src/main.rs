//! The workshop: what whoever works on the workspace runs, and the commands of the product handed on.
//!
//! Deliberately absent: mathematics, and the product's commands themselves, which are in `cli`.

mod bench;
mod calibrate;
mod diff;
mod mutants;
mod test;
mod tidy;

use clap::Parser;

/// The matrices of the Lyapunov engine are large and live for a short time. The allocator of glibc gives their pages
/// back each time, and a seventh of the time went into getting them again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Judge the closed forms of "Strength of Minibatch Noise in SGD", and solve problems of your own.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", max_term_width = 120)]
enum Command {
    #[command(flatten)]
    Product(cli::Command),
    Diff(diff::Args),
    Calibrate(calibrate::Args),
    Bench(bench::Args),
    Test(test::Args),
    Mutants(mutants::Args),
    Tidy(tidy::Args),
}

fn main() -> std::process::ExitCode {
    cli::enter(|command| match command {
        Command::Product(command) => command.run(),
        Command::Diff(args) => diff::run(&args),
        Command::Calibrate(args) => calibrate::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Mutants(args) => mutants::run(&args),
        Command::Tidy(args) => tidy::run(&args),
    })
}
