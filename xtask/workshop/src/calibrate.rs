//! `calibrate`: how often draws reject claims that hold.

use std::process::ExitCode;

use registry::closed_forms;
use verify::allowances::FALSE_ALARM;
use verify::calibrate;

use cli::Bar;
use cli::say;
use report::tables::laid_out;

/// Judge the claims that hold by Monte Carlo alone, many times with fresh seeds, and count false alarms
#[derive(clap::Args)]
#[command(
    after_help = "Exit code 0 only if no run rejects a claim at the false-alarm probability of `cargo xtask verify`.

Examples:
  cargo xtask calibrate                     1000 runs, about a quarter of an hour
  cargo xtask calibrate --runs 50 --seed 7"
)]
pub struct Args {
    /// How many runs
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// The seed of the first; each takes the next
    #[arg(long, value_name = "N", default_value_t = 1000)]
    seed: u64,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let bar = Bar::default();
    let calibration = calibrate(closed_forms(), args.seed, args.runs as usize, &bar);
    drop(bar);
    let header = ["family-wise false-alarm probability", "runs that reject", "at most expected"].map(String::from);
    let rows = [0.5, 0.1, 0.01, 1e-3, FALSE_ALARM].map(|level| {
        let rejecting = calibration.rejecting(level);
        vec![level.to_string(), rejecting.to_string(), format!("{:.3}", level * f64::from(args.runs))]
    });
    say(&laid_out(header.to_vec(), rows.to_vec()))?;
    let least = calibration.adjusted.iter().copied().fold(f64::INFINITY, f64::min);
    say(&format!(
        "{} runs from seed {}, {} z-scores; the least probable run would be rejected at {least:.1e}",
        args.runs, args.seed, calibration.comparisons
    ))?;
    Ok(if calibration.rejecting(FALSE_ALARM) == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
