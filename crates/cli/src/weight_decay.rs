//! `weight-decay`: the best weight decay of section 4.

use std::process::ExitCode;

use verify::weight_decay::STUDY;

use crate::tables;

/// The best weight decay without label noise: where it is negative (Corollary 1), and what it is for several weights
#[derive(clap::Args)]
#[command(
    after_help = "The tables are compared with snapshots/weight-decay@*.snap; stability is decided over the rationals.

Example:
  cargo xtask weight-decay      exit code 0 only if all is as recorded"
)]
pub struct Args {}

pub fn run(Args {}: &Args) -> anyhow::Result<ExitCode> {
    tables::run(&STUDY)
}
