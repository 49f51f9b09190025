//! `solve`: the stationary state of a problem file, by the engine of one's choice.

mod ask;
mod json;
mod summary;

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use npyz::WriterBuilder;
use serde::Serialize;
use symbols::{Matrix, Moments};

pub use json::Quantities;
pub use summary::{decimal, listed, problem as describe, titled, unstable};

use crate::say;
use ask::Question;

/// Malformed: the file states no problem that the engine can take.
pub const MALFORMED: u8 = 2;
/// Unstable: the problem has no stationary state.
pub const UNSTABLE: u8 = 3;

/// Solve a problem file: stability, fluctuation, noise covariance and losses
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask solve data/gaussian.toml
  cargo xtask solve data/label_noise.toml --engine exact       rational numbers
  cargo xtask solve data/diabetes.toml --json - | jq .train_loss
  cargo xtask solve data/diabetes.toml --npy out               out/fluctuation.npy, out/noise_covariance.npy
  cargo xtask solve data/gaussian.toml --engine montecarlo --seed 7

Exit codes: 0 solved, 2 malformed problem file, 3 unstable problem.
The keys of a problem file: section «A problem file» of docs/DESIGN.md; examples are under data/.")]
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
}

/// The engines.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// Doubles, with a bound on their error
    Lyapunov,
    /// Rational numbers
    Exact,
    /// Draws: runs SGD itself
    Montecarlo,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let question = match Question::read(args.engine, &args.file, args.seed) {
        Ok(question) => question,
        Err(error) => return Ok(refuse(MALFORMED, &error.to_string())),
    };
    let outcome = match question.ask() {
        Ok(outcome) => outcome,
        Err(error) => return Ok(refuse(MALFORMED, &format!("{}: {error}", args.file.display()))),
    };
    if let Some(path) = &args.json {
        write_json(path, &json::Answer::of(args.engine, &outcome))?;
    }
    let answer = match &outcome {
        ask::Outcome::Stationary(answer) => answer,
        ask::Outcome::Unstable(stability) => {
            return Ok(refuse(UNSTABLE, &format!("{}: {}", args.file.display(), summary::unstable(stability))));
        }
    };
    if let Some(folder) = &args.npy {
        let Moments { fluctuation, noise_covariance, .. } = &answer.moments;
        write_arrays(folder, [("fluctuation", fluctuation), ("noise_covariance", noise_covariance)])?;
    }
    if let Some(doubt) = &answer.doubt {
        eprintln!("warning: {doubt}");
    }
    if !args.json.as_deref().is_some_and(is_standard_output) {
        say(summary::summary(&args.file, args.engine, question.nearest(), answer).trim_end())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// One line on the standard error, whatever the message quotes.
pub fn refuse(code: u8, message: &str) -> ExitCode {
    eprintln!("error: {}", message.replace(char::is_control, " "));
    ExitCode::from(code)
}

pub fn is_standard_output(path: &Path) -> bool {
    path == Path::new("-")
}

pub fn write_json(path: &Path, answer: &impl Serialize) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(answer)? + "\n";
    if is_standard_output(path) {
        return Ok(say(text.trim_end())?);
    }
    fs::write(path, text).with_context(|| path.display().to_string())
}

/// Writes NAME.npy for each matrix into a folder, which is made where it is missing.
pub fn write_arrays<'a>(
    folder: &Path,
    arrays: impl IntoIterator<Item = (&'static str, &'a Matrix<f64>)>,
) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    arrays.into_iter().try_for_each(|(name, M)| write_npy(&folder.join(format!("{name}.npy")), M))
}

fn write_npy(path: &Path, M: &Matrix<f64>) -> anyhow::Result<()> {
    let write = || {
        let file = BufWriter::new(File::create(path)?);
        let shape = [M.nrows() as u64, M.ncols() as u64];
        let options = npyz::WriteOptions::new().default_dtype().shape(&shape).order(npyz::Order::Fortran);
        let mut writer = options.writer(file).begin_nd()?;
        writer.extend(M.iter())?;
        writer.finish()
    };
    write().with_context(|| path.display().to_string())
}
