//! `networks`: the formulas of section 6 on small networks.

use std::process::ExitCode;

use verify::networks::STUDY;

use crate::tables;

/// Noise near minima of a two-layer tanh network: eqs. (14) to (17) of section 6, and the orders of their errors
#[derive(clap::Args)]
#[command(
    after_help = "The tables are compared with snapshots/networks@*.snap; networks are rounded at 256 bits, the rest is exact.

Example:
  cargo xtask networks      exit code 0 only if all is as recorded"
)]
pub struct Args {}

pub fn run(Args {}: &Args) -> anyhow::Result<ExitCode> {
    tables::run(&STUDY)
}
