//! `study`: the tables from which claims are judged that no single setting decides.

use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use report::tables;
use studies::STUDIES;

use crate::bar::Bar;
use crate::say;

/// Print the tables of a study: claims that no single setting decides
#[derive(clap::Args)]
#[command(
    after_help = "The tables are compared with snapshots/NAME@*.snap; `cargo xtask verify` has the verdicts among all others.

  approximation   the Hessian approximation of Table 2 beside the exact stationary state of SGD
  high-dimension  Proposition 4, Theorem 6 and the stability condition, on random data sets of growing dimension
  networks        the noise near minima of two-layer tanh networks: eqs. (14) to (17), and the orders of their errors
  tail            the tail index of one weight, and the formulas of section 6.6 for it
  weight-decay    the best weight decay without label noise, negative or not

Examples:
  cargo xtask study tail              exit code 0 only if all tables are as recorded
  cargo xtask study tail networks     two of them
  cargo xtask study                   all of them"
)]
pub struct Args {
    /// Its name (all studies where none is given)
    #[arg(value_name = "NAME", value_parser = PossibleValuesParser::new(STUDIES.map(|study| study.name)))]
    names: Vec<String>,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let is_asked = |name: &str| args.names.is_empty() || args.names.iter().any(|asked| asked == name);
    let studies = Vec::from_iter(STUDIES.iter().copied().filter(|study| is_asked(study.name)));
    let bar = Bar::default();
    let made = studies::make(&studies, &bar)?;
    drop(bar);
    let mut failures = Vec::new();
    for made in &made {
        let text = tables::text(&made.table);
        say(&text)?;
        failures.extend(tables::change(made, &text)?);
    }
    failures.iter().try_for_each(|failure| say(&format!("FAILED  {failure}")))?;
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
