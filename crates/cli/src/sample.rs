//! `sample`: eq. (1) itself, run on a problem file. It can be stopped, resumed and split over machines.
//!
//! Deliberately absent: anything that depends on the clock or on the number of threads in what is reported.

mod answer;
mod choice;
mod course;
mod expected;
mod json;
mod refusal;
mod report;
mod sampled;

use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use montecarlo::{CheckpointFile, MonteCarloError, Run, Shard};
use problem::{ProblemError, Source};
use symbols::Setting;

pub use answer::Answer;
pub use choice::Choice;
pub use course::{Course, End};
pub use refusal::Refusal;

use crate::output::{Destination, INTERRUPTED, MALFORMED, NOT_REACHED, refuse};
use sampled::Sampled;

/// Run SGD on a problem file: fluctuation, noise covariance and losses with their standard errors
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask sample data/gaussian.toml
  cargo xtask sample data/gaussian.toml --error 1e-3                        until Σ is known to one in a thousand
  cargo xtask sample data/gaussian.toml --label-noise laplace               another law of the same variance
  cargo xtask sample data/digits.toml --draws shuffled-epochs --json -
  cargo xtask sample data/digits.toml --steps 10000000 --checkpoint run.mc  Ctrl-C, and the same command goes on
On three machines, and what they found as if by one:
  cargo xtask sample data/digits.toml --shard 1/3 --checkpoint 1.mc         likewise 2/3 and 3/3
  cargo xtask sample data/digits.toml --merge 1.mc 2.mc 3.mc                with the other options as they were

The answer depends on the problem, the options and the seed, to the last bit: not on the number of threads
(RAYON_NUM_THREADS), on being stopped and resumed, or on shards. The first Ctrl-C stops the run within seconds and reports
what it found, the second at once.

Exit codes: 0 done, 1 not written, 2 malformed problem, option or checkpoint, 3 unstable or divergent, 4 too close to the edge of stability for doubles, 5 the error that
--error asked for was not reached within --steps, 130 stopped.")]
pub struct Args {
    /// The problem file
    file: PathBuf,
    #[command(flatten)]
    choice: Choice,
    /// Stop as soon as the standard error of Σ is at most R (relative, Frobenius) and the estimate is trusted; --steps is the limit
    #[arg(long, value_name = "R", allow_hyphen_values = true, conflicts_with_all = ["shard", "merge"])]
    error: Option<f64>,
    /// Run only the k-th of n shares of the chains
    #[arg(long, value_name = "K/N", conflicts_with = "merge")]
    shard: Option<String>,
    /// Resume from this file if it is there, and keep the run in it: every ten seconds, when stopped and at the end
    #[arg(long, value_name = "FILE", conflicts_with = "merge")]
    checkpoint: Option<PathBuf>,
    /// Run nothing: report what the checkpoints of shards hold together
    #[arg(long, value_name = "FILE", num_args = 1..)]
    merge: Vec<PathBuf>,
    /// Merge although shards are missing: the report names them
    #[arg(long, requires = "merge")]
    partial: bool,
    /// Write the answer as one JSON object; `-` is the standard output, instead of the report
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write Σ and C, and their standard errors where they are valid, as .npy files into a folder
    #[arg(long, value_name = "DIR")]
    npy: Option<PathBuf>,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let (source, setting) = match read(&args.file) {
        Ok(read) => read,
        Err(error) => return Ok(refuse(MALFORMED, &error.to_string())),
    };
    let destination = Destination::new(args.json.as_deref(), args.npy.as_deref())?;
    let sampled = match sampled(args, &source, &setting) {
        Ok(Ok(sampled)) => sampled,
        Ok(Err(too_short)) => {
            return Ok(refuse(INTERRUPTED, &format!("stopped, with nothing to report yet: {too_short}")));
        }
        Err(refusal) if refusal.names_a_file() => return Ok(refuse(refusal.code(), &refusal.to_string())),
        Err(refusal) => return Ok(refuse(refusal.code(), &format!("{}: {refusal}", args.file.display()))),
    };
    let Answer { mean, standard_error, .. } = &sampled.answer;
    let errors = standard_error.as_ref();
    let arrays = [
        ("fluctuation", Some(&mean.fluctuation)),
        ("noise_covariance", Some(&mean.noise_covariance)),
        ("fluctuation_standard_error", errors.map(|errors| &errors.fluctuation)),
        ("noise_covariance_standard_error", errors.map(|errors| &errors.noise_covariance)),
    ];
    let arrays = arrays.into_iter().filter_map(|(name, M)| Some((name, M?)));
    let text = || report::report(&args.file, &setting, args.error, &sampled);
    destination.write(&json::Object::of(&sampled), arrays, text)?;
    Ok(match sampled.end {
        End::Stopped => ExitCode::from(INTERRUPTED),
        End::Limit => ExitCode::from(NOT_REACHED),
        End::Complete | End::Error | End::Partial => ExitCode::SUCCESS,
    })
}

/// The problem in doubles, and its text.
fn read(file: &Path) -> Result<(Source, Setting<f64>), ProblemError> {
    let source = Source::open(file)?;
    let setting = source.read()?;
    Ok((source, setting))
}

/// Does the run that the options ask for. The inner error is that of a run stopped before anything could be said.
fn sampled(args: &Args, source: &Source, setting: &Setting<f64>) -> Result<Result<Sampled, MonteCarloError>, Refusal> {
    if let Some(error) = args.error.filter(|error| error.is_nan() || *error <= 0.0) {
        return Err(Refusal::Failed(anyhow::anyhow!("error = {error}: expected a number above 0")));
    }
    let shard = args.shard.as_deref().map_or(Ok(Shard::WHOLE), shard)?;
    // It is opened before anything is computed, as another process may have it.
    let checkpoint = args.checkpoint.as_deref().map(CheckpointFile::open).transpose()?;
    let chosen = args.choice.chosen(setting, args.error.is_some())?;
    let (run, end, missing) = if args.merge.is_empty() {
        let mut run = Run::shard(setting, &chosen.plan, shard)?;
        if let Some(file) = checkpoint.as_ref().filter(|file| file.is_there()) {
            run = run.resume(file.path())?;
            eprintln!("{}: resumed after {} steps", file.path().display(), run.steps_done());
        }
        let course = Course { error: args.error, checkpoint, stop: Some(heard()?) };
        let end = course.of(&mut run, &chosen.plan)?;
        (run, end, Vec::new())
    } else {
        // A pipe would wait for somebody to write into it.
        if let Some(file) = args.merge.iter().find(|file| file.exists() && !file.is_file()) {
            return Err(Refusal::Failed(anyhow::anyhow!("merge = {}: expected a file", file.display())));
        }
        let load = |file: &PathBuf| Run::load(file, setting, &chosen.plan);
        let shards = args.merge.iter().map(load).collect::<Result<Vec<_>, _>>()?;
        let (run, missing) = if args.partial { Run::merge_some(shards)? } else { (Run::merge(shards)?, Vec::new()) };
        let end = if missing.is_empty() { End::of(&run) } else { End::Partial };
        (run, end, missing)
    };
    match run.estimate() {
        Ok(estimate) => {
            let answer = Answer::of(&estimate);
            let steps = run.steps_done().saturating_sub(chosen.plan.burn_in as u64) as f64 * answer.chains as f64;
            let expected_error = expected::relative_error(source, setting, chosen.plan.draws, steps);
            Ok(Ok(Sampled { chosen, run, end, missing, answer, expected_error }))
        }
        Err(too_short @ MonteCarloError::TooShort { .. }) if end == End::Stopped => Ok(Err(too_short)),
        Err(error) => Err(error.into()),
    }
}

fn shard(text: &str) -> Result<Shard, Refusal> {
    let parts = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
    let (k, n) =
        parts.with_context(|| format!("shard = {text}: expected k/n, such as 1/3")).map_err(Refusal::Failed)?;
    Ok(Shard::new(k, n)?)
}

/// Set by the first signal that asks the program to end; the second ends it.
fn heard() -> Result<&'static AtomicBool, Refusal> {
    static STOP: AtomicBool = AtomicBool::new(false);
    ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            process::exit(INTERRUPTED.into());
        }
        eprintln!("\nstopping within seconds; once more, and the run is lost since its last checkpoint");
    })?;
    Ok(&STOP)
}
