//! `tail`: the tail index of one weight, to any digit, and the formulas of the paper beside it.

use std::process::ExitCode;

use anyhow::bail;
use exact::tail::Threshold;
use rug::Rational;
use symbols::problem::decimal;
use verify::tail::{self, STUDY};

use crate::progress::Watch;
use crate::{laid_out, say, tables};

/// The tail index of SGD in one dimension, certain to the last digit, and the paper's formulas for it
#[derive(clap::Args)]
#[command(after_help = "Without arguments the tables for Figs. 2 and 7 are compared with snapshots/tail@*.snap.

Examples:
  cargo xtask tail                                       the tables
  cargo xtask tail --batch-size 3 --step-size 0.7        index and thresholds at S = 3, aλ = 0.7
  cargo xtask tail --batch-size 1 --step-size 1/500 --digits 100")]
pub struct Args {
    /// S
    #[arg(long, value_name = "S", requires = "step_size")]
    batch_size: Option<u32>,
    /// aλ, as a decimal or a fraction
    #[arg(long, value_name = "NUMBER", requires = "batch_size", value_parser = number, allow_hyphen_values = true)]
    step_size: Option<Rational>,
    /// Significant digits
    #[arg(long, value_name = "N", default_value_t = tail::DIGITS)]
    digits: usize,
}

fn number(text: &str) -> Result<Rational, String> {
    let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
    let parts = decimal(numerator).zip(decimal(denominator).filter(|denominator| !denominator.is_zero()));
    let fraction = parts.map(|(numerator, denominator)| numerator / denominator);
    fraction.ok_or_else(|| format!("{text}: expected a decimal or a fraction, such as 0.7 or 1/500"))
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if let (Some(S), Some(step_size)) = (args.batch_size, &args.step_size) {
        return one(S, step_size, args.digits);
    }
    tables::run(&STUDY)
}

fn one(S: u32, step_size: &Rational, digits: usize) -> anyhow::Result<ExitCode> {
    if digits == 0 || digits as u64 > 100 {
        bail!("digits = {digits}: expected 1 to 100");
    }
    let watch = Watch::new("the tail index");
    let cells = tail::row(step_size, S, digits)?;
    drop(watch);
    say(&laid_out(tail::row_heads(), vec![cells]))?;
    for (which, words) in [
        (Threshold::Kurtosis, "the kurtosis exists below aλ ="),
        (Threshold::Variance, "the variance exists below aλ ="),
        (Threshold::Stationarity, "a law is stationary below aλ ="),
    ] {
        say(&format!("{words} {}", tail::threshold_text(which, S, digits)?))?;
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_decimals_or_fractions_of_them() {
        for (text, value) in
            [("0.7", (7, 10)), ("1/500", (1, 500)), ("0.7/2", (7, 20)), ("-1", (-1, 1)), ("1e3", (1000, 1))]
        {
            assert_eq!(number(text), Ok(Rational::from(value)));
        }
        for text in ["", "abc", "1/0", "1/2/3", "nan", "1e999999999"] {
            assert!(number(text).is_err(), "{text}");
        }
    }
}
