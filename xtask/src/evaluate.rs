//! `evaluate`: one closed form at a problem of one's own, to any number of digits.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use claims::{Kind, REGISTRY};
use clap::builder::PossibleValuesParser;
use symbols::{Interval, Matrix, decimal, problem};
use verify::{enclose, exact_value};

use crate::say;

/// Evaluate the printed closed form of a claim at a problem file, certain to the last digit
#[derive(clap::Args)]
#[command(
    after_help = "The form is evaluated whether or not the problem satisfies its hypotheses; the exact engine's answer stands beside it.

Examples:
  cargo xtask evaluate label-noise/fluctuation data/label_noise.toml
  cargo xtask evaluate label-noise/test-loss data/label_noise.toml --digits 100"
)]
pub struct Args {
    /// The claim, as in the table of `cargo xtask verify`
    #[arg(value_parser = PossibleValuesParser::new(REGISTRY.iter().map(|claim| claim.id)), hide_possible_values = true)]
    claim: String,
    /// The problem file
    file: PathBuf,
    /// Significant digits
    #[arg(long, value_name = "N", default_value_t = 30)]
    digits: u32,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let claim = REGISTRY.iter().find(|claim| claim.id == args.claim).context("the name was checked")?;
    if matches!(claim.kind, Kind::Stability) {
        bail!(
            "{} is a condition of stability, and no value: `cargo xtask atlas {}` tells the edge",
            claim.id,
            args.file.display()
        );
    }
    let setting = problem::read(&args.file)?;
    let value = enclose(claim, &setting, args.digits).map_err(anyhow::Error::msg).context(claim.id)?;
    say(claim.statement)?;
    let digits = args.digits as usize;
    // All digits of the middle are certain; what is certainly negligible is nothing.
    let certain = |entry: Interval| match entry.midpoint() {
        Some(middle) if entry.digits() >= args.digits => decimal::exact(&middle, digits),
        _ => "0".into(),
    };
    say(&format!("printed  {} =\n{}", claim.quantity, rows(&value.map(certain))))?;
    match exact_value(claim, &setting) {
        Some(exact) => {
            let inside = value.iter().zip(&exact).all(|(entry, exact)| entry.contains(exact));
            say(&format!("exact    {} =\n{}", claim.quantity, rows(&exact.map(|v| decimal::exact(&v, digits)))))?;
            say(if inside {
                "The exact value lies within the enclosure."
            } else {
                "They differ: the form is wrong, or the problem breaks a hypothesis."
            })?;
        }
        None => say("The exact engine has no answer here.")?,
    }
    Ok(ExitCode::SUCCESS)
}

fn rows(entries: &Matrix<String>) -> String {
    let row = |i: usize| Vec::from_iter(entries.row(i).iter().cloned()).join("  ");
    Vec::from_iter((0..entries.nrows()).map(|i| format!("  {}", row(i)))).join("\n")
}
