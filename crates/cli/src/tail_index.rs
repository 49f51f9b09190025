//! `tail-index`: the tail index of one weight, to any digit, and the formulas of the paper beside it.

use std::process::ExitCode;

use exact::ExactError;
use exact::tail::Threshold;
use numbers::decimal as printed;
use report::tables::laid_out;
use rug::Rational;

use crate::number::positive;
use crate::output::{MALFORMED, UNSTABLE, refuse};
use crate::progress::Watch;
use crate::say;

/// The tail index of SGD in one dimension, certain to the last digit, and the paper's formulas for it
#[derive(clap::Args)]
#[command(after_help = "`cargo xtask study tail` has tables of it.

Examples:
  cargo xtask tail-index --batch-size 3 --step-size 0.7        index and thresholds at S = 3, aλ = 0.7
  cargo xtask tail-index --batch-size 1 --step-size 1/500 --digits 100

Exit codes: 0 found; 2 malformed options; 3 nothing is stationary.")]
pub struct Args {
    /// S
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u32).range(1..))]
    batch_size: u32,
    /// aλ, as a decimal or a fraction
    #[arg(long, value_name = "NUMBER", value_parser = positive, allow_hyphen_values = true)]
    step_size: Rational,
    /// Significant digits
    #[arg(long, value_name = "N", default_value_t = tails::DIGITS as u32, value_parser = clap::value_parser!(u32).range(1..=100))]
    digits: u32,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match one(args.batch_size, &args.step_size, args.digits as usize) {
        Ok(text) => say(&text).map(|()| ExitCode::SUCCESS).map_err(Into::into),
        Err(error @ ExactError::NoStationaryLaw { .. }) => Ok(refuse(UNSTABLE, &error.to_string())),
        Err(ExactError::OutOfRange { quantity, value, expected }) => {
            // The value may have hundreds of digits, and some are enough.
            let value = printed::exact(&value, 6);
            Ok(refuse(MALFORMED, &format!("{quantity} = {value}: expected {expected}")))
        }
        Err(error) => Err(error.into()),
    }
}

/// The tail index beside the formulas, and where moments cease to exist.
fn one(S: u32, step_size: &Rational, digits: usize) -> Result<String, ExactError> {
    let watch = Watch::new("the tail index");
    let mut text = laid_out(tails::row_heads(), vec![tails::row(step_size, S, digits)?]);
    for (which, words) in [
        (Threshold::Kurtosis, "the kurtosis exists below aλ ="),
        (Threshold::Variance, "the variance exists below aλ ="),
        (Threshold::Stationarity, "a law is stationary below aλ ="),
    ] {
        watch.say(words.trim_end_matches(" ="));
        text += &format!("\n{words} {}", tails::threshold_text(which, S, digits)?);
    }
    Ok(text)
}
