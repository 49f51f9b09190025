//! The commands of the product, one a file: as a library, which `cargo xtask` hands on, and as the binary `sgd-noise`.
//!
//! Every number that a command prints was computed by a library crate, and every judgement belongs to `verify` or
//! `studies`.
//!
//! Deliberately absent: mathematics, and the tools of whoever works on the workspace.

mod atlas;
mod bar;
mod design;
mod evaluate;
mod figures;
mod front;
mod judge;
mod number;
mod output;
mod precision;
mod progress;
mod quantities;
mod report;
mod sample;
mod say;
mod solve;
mod study;
mod tail_index;
mod verify;
mod words;

use std::process::ExitCode;

use clap::Subcommand;

pub use bar::Bar;
pub use front::enter;
pub use say::say;

/// A command, with what it is asked.
#[derive(Subcommand)]
#[expect(missing_docs, reason = "clap would show the comment of a variant in place of that of its arguments")]
pub enum Command {
    Verify(verify::Args),
    Judge(judge::Args),
    Solve(solve::Args),
    Sample(sample::Args),
    Atlas(atlas::Args),
    Design(design::Args),
    Evaluate(evaluate::Args),
    TailIndex(tail_index::Args),
    Study(study::Args),
    Figures(figures::Args),
    Precision(precision::Args),
    Report(report::Args),
}

impl Command {
    /// Does what is asked.
    ///
    /// # Errors
    /// Whatever kept the command from an answer; an answer that is «no» is an exit code.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        if self.compares() {
            ::report::check_root()?;
        }
        match self {
            Command::Verify(args) => verify::run(args),
            Command::Judge(args) => judge::run(args),
            Command::Solve(args) => solve::run(args),
            Command::Sample(args) => sample::run(args),
            Command::Atlas(args) => atlas::run(args),
            Command::Design(args) => design::run(args),
            Command::Evaluate(args) => evaluate::run(args),
            Command::TailIndex(args) => tail_index::run(args),
            Command::Study(args) => study::run(args),
            Command::Figures(args) => figures::run(args),
            Command::Precision(args) => precision::run(args),
            Command::Report(args) => report::run(args),
        }
    }

    /// Whether it compares with what is recorded in a checkout, or writes there.
    fn compares(&self) -> bool {
        match self {
            Command::Verify(args) => args.compares(),
            Command::Study(_) | Command::Figures(_) | Command::Precision(_) | Command::Report(_) => true,
            Command::Judge(_)
            | Command::Solve(_)
            | Command::Sample(_)
            | Command::Atlas(_)
            | Command::Design(_)
            | Command::Evaluate(_)
            | Command::TailIndex(_) => false,
        }
    }
}
