//! The binary `sgd-noise`: the commands of the product outside of the workspace.

use clap::Parser;

/// The matrices of the Lyapunov engine are large and live for a short time. The allocator of glibc gives their pages
/// back each time, and a seventh of the time went into getting them again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Judge the closed forms of "Strength of Minibatch Noise in SGD", and solve problems of your own.
#[derive(Parser)]
#[command(bin_name = "sgd-noise", version, max_term_width = 120)]
struct Line {
    #[command(subcommand)]
    command: cli::Command,
}

fn main() -> std::process::ExitCode {
    cli::enter(|line: Line| line.command.run())
}
