//! `high-dimension`: section 7 on random data sets of growing dimension.

use std::process::ExitCode;

use verify::high_dimension::STUDY;

use crate::tables;

/// Whether Proposition 4, Theorem 6 and the stability condition become exact in high dimension, on random data sets
#[derive(clap::Args)]
#[command(
    after_help = "The tables are compared with snapshots/high-dimension@*.snap. The first of them waits for most data sets.

Example:
  cargo xtask high-dimension      exit code 0 only if all is as recorded"
)]
pub struct Args {}

pub fn run(Args {}: &Args) -> anyhow::Result<ExitCode> {
    tables::run(&STUDY)
}
