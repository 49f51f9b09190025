//! `approximation`: the Hessian approximation of Table 2 beside the exact stationary state.

use std::process::ExitCode;

use verify::approximation::STUDY;

use crate::tables;

/// How wrong it is to replace the noise by (1/S)·Hessian: Table 2 beside the exact stationary state of SGD
#[derive(clap::Args)]
#[command(
    after_help = "The tables are compared with snapshots/approximation@*.snap; every number is a rounded fraction.

Example:
  cargo xtask approximation      exit code 0 only if all is as recorded"
)]
pub struct Args {}

pub fn run(Args {}: &Args) -> anyhow::Result<ExitCode> {
    tables::run(&STUDY)
}
