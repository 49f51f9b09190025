//! The front door: one binary, one subcommand a file.
//!
//! Deliberately absent: mathematics. Every number that a subcommand prints was computed by a library crate, and every
//! judgement belongs to `verify`.

mod approximation;
mod atlas;
mod bench;
mod calibrate;
mod diff;
mod evaluate;
mod figures;
mod generated;
mod high_dimension;
mod mutants;
mod networks;
mod output;
mod precision;
mod progress;
mod report;
mod sample;
mod snapshots;
mod solve;
mod tables;
mod tail;
mod test;
mod tidy;
mod verify;
mod weight_decay;

use std::env;
use std::io::{self, Write};
use std::num::NonZero;
use std::path::Path;
use std::process::ExitCode;
use std::thread;

use clap::error::ContextKind;
use clap::{Arg, CommandFactory, Parser};
use comfy_table::{CellAlignment, Table, presets};

/// The matrices of the Lyapunov engine live shortly and are large; the allocator of glibc gives their pages back each time, and a
/// seventh of the time went into getting them again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Judge the closed forms of "Strength of Minibatch Noise in SGD", and solve problems of your own.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", max_term_width = 120)]
enum Command {
    Verify(verify::Args),
    Diff(diff::Args),
    Solve(solve::Args),
    Sample(sample::Args),
    Atlas(atlas::Args),
    Evaluate(evaluate::Args),
    Figures(figures::Args),
    Precision(precision::Args),
    Report(report::Args),
    Tail(tail::Args),
    Approximation(approximation::Args),
    HighDimension(high_dimension::Args),
    WeightDecay(weight_decay::Args),
    Networks(networks::Args),
    Calibrate(calibrate::Args),
    Bench(bench::Args),
    Test(test::Args),
    Mutants(mutants::Args),
    Tidy(tidy::Args),
}

/// The command line, or clap's refusal.
///
/// Beside an option that it does not know, clap tips to put `--` before it, as a file may have such a name. That is of use only
/// where what follows `--` goes to another program.
fn parse() -> Command {
    Command::try_parse().unwrap_or_else(|mut error| {
        let root = Command::command();
        let command = env::args().nth(1).and_then(|name| root.find_subcommand(name));
        if command.is_none_or(|command| !command.get_arguments().any(Arg::is_last_set)) {
            error.remove(ContextKind::Suggested);
        }
        error.exit()
    })
}

fn main() -> ExitCode {
    limit_threads();
    let outcome = match parse() {
        Command::Verify(args) => verify::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Solve(args) => solve::run(&args),
        Command::Sample(args) => sample::run(&args),
        Command::Atlas(args) => atlas::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Figures(args) => figures::run(&args),
        Command::Precision(args) => precision::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Tail(args) => tail::run(&args),
        Command::Approximation(args) => approximation::run(&args),
        Command::HighDimension(args) => high_dimension::run(&args),
        Command::WeightDecay(args) => weight_decay::run(&args),
        Command::Networks(args) => networks::run(&args),
        Command::Calibrate(args) => calibrate::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Mutants(args) => mutants::run(&args),
        Command::Tidy(args) => tidy::run(&args),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

/// At most as many threads as there are cores, whatever RAYON_NUM_THREADS asks for: more only wait for each other.
fn limit_threads() {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let asked = env::var("RAYON_NUM_THREADS").ok().and_then(|asked| asked.parse().ok()).filter(|&asked| asked > 0);
    // Nothing has made threads yet.
    _ = rayon::ThreadPoolBuilder::new()
        .num_threads(asked.map_or(cores, |asked: usize| asked.min(cores)))
        .build_global();
}

/// The folder of the workspace.
fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Prints a text and ends the line. A reader that closes the pipe early has seen enough.
fn say(text: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{text}").or_else(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(error),
    })
}

/// A table of columns aligned to the right, without blanks at the ends of its lines.
fn laid_out(header: Vec<String>, rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header).add_rows(rows);
    table.column_iter_mut().for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    let text = table.to_string();
    Vec::from_iter(text.lines().map(str::trim_end)).join("\n")
}
