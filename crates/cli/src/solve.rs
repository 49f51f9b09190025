//! `solve`: the stationary state of a problem file, by the engine of one's choice.

mod ask;
mod engine;
mod json;
mod summary;

use std::path::PathBuf;
use std::process::ExitCode;

use symbols::Moments;

use crate::output::{Destination, MALFORMED, UNDECIDED, UNSTABLE, refuse};
use crate::words::proven_unstable;
use ask::Question;
use engine::Engine;

/// Solve a problem file: stability, fluctuation, noise covariance and losses
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask solve data/gaussian.toml
  cargo xtask solve data/label_noise.toml --engine exact       rational numbers
  cargo xtask solve data/diabetes.toml --json - | jq .train_loss
  cargo xtask solve data/diabetes.toml --npy out               out/fluctuation.npy, out/noise_covariance.npy
  cargo xtask solve data/gaussian.toml --engine montecarlo --seed 7
  cargo xtask solve - < data/gaussian.toml                     from the standard input

Bounds on errors are of the problem as the file states it: the rounding of its decimals to doubles is in them. Doubles that
were measured, as in .npy files, are taken as they are. What doubles cannot decide, fractions do, where that takes seconds.

Exit codes: 0 solved, 2 malformed problem file, 3 unstable problem, 4 undecided: too close to the edge of stability, or to
a direction in which nothing moves, for doubles.
The keys of a problem file: docs/problem-files.md; examples are under data/.")]
pub struct Args {
    /// The problem file
    file: PathBuf,
    /// Write the answer as one JSON object; `-` is the standard output, instead of the summary
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Who answers
    #[arg(long, value_name = "ENGINE", default_value = "lyapunov")]
    engine: Engine,
    /// Write fluctuation.npy and noise_covariance.npy into a folder
    #[arg(long, value_name = "DIR")]
    npy: Option<PathBuf>,
    /// The seed of the Monte Carlo engine
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Let the exact engine take as long as it needs: hours and more for many weights
    #[arg(long)]
    long: bool,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let question = match Question::read(args.engine, &args.file, args.seed, args.long) {
        Ok(question) => question,
        Err(error) => return Ok(refuse(MALFORMED, &error.to_string())),
    };
    let destination = Destination::new(args.json.as_deref(), args.npy.as_deref())?;
    let outcome = match question.ask() {
        Ok(outcome) => outcome,
        Err(error) => return Ok(refuse(MALFORMED, &format!("{}: {error}", args.file.display()))),
    };
    let json = json::Answer::of(args.engine, &outcome);
    let answer = match &outcome {
        ask::Outcome::Stationary(answer) => answer,
        ask::Outcome::Unstable(stability) => {
            destination.write_json(&json)?;
            return Ok(refuse(UNSTABLE, &format!("{}: {}", args.file.display(), proven_unstable(stability.as_ref()))));
        }
        ask::Outcome::Undecided(why) => {
            destination.write_json(&json)?;
            let message = format!("{}: {why}; --engine exact decides, however long it takes", args.file.display());
            return Ok(refuse(UNDECIDED, &message));
        }
    };
    let Moments { fluctuation, noise_covariance, .. } = &answer.moments;
    let arrays = [("fluctuation", fluctuation), ("noise_covariance", noise_covariance)];
    if let Some(doubt) = &answer.doubt {
        eprintln!("warning: {doubt}");
    }
    destination.write(&json, arrays, || summary::summary(&args.file, question.nearest(), answer))?;
    Ok(ExitCode::SUCCESS)
}
