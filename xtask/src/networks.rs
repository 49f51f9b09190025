//! `networks`: the formulas of section 6 on small networks.

use std::process::ExitCode;

use verify::networks::TABLES;

use crate::tables;

/// Noise near minima of a two-layer tanh network: eqs. (14) to (17) of section 6, and the orders of their errors
#[derive(clap::Args)]
#[command(
    after_help = "The tables are compared with snapshots/networks@*.snap; tanh is rounded at 256 bits, all else is exact.

Example:
  cargo xtask networks      exit code 0 only if all is as recorded"
)]
pub struct Args {}

/// The snapshots of the tables.
pub fn expected_names() -> impl Iterator<Item = String> {
    tables::file_names("networks", &TABLES)
}

pub fn run(Args {}: &Args) -> anyhow::Result<ExitCode> {
    tables::run("networks", "small networks", &TABLES)
}
