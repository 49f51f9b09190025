//! Fig. 1 of the paper: what it observes of minibatch noise in deep learning, tried on images.
//!
//! The theory of the paper is of linear regression; Fig. 1 is why it should matter beyond. It makes two observations.
//!
//! - *Left and middle.* A network with one layer of d tanh units is trained on images. The noise of SGD grows with the
//!   number of features that a weight reads. So with a fixed learning rate the training loss should fluctuate the more
//!   the wider the network is, and SGD at λ = 0.5 becomes unstable beyond d ≈ 200; with λ ∝ 1/d it does not. The left
//!   panel is about SGD and the middle one about Adam.
//! - *Right.* With a large learning rate, λ = 1.5 and S = 32, the weight decay γ of logistic regression that is best
//!   for the test is negative.
//!
//! Neither is a theorem, and neither has a closed form to be judged by. Each figure states in its caption whether the
//! observation reproduces on the data set at hand, computed from its points ([`verdict`]). The answer may be no.
//!
//! What the paper leaves open is fixed here and stated in the captions:
//!
//! - The variance of the training loss is that of the losses of the minibatches over the steps of the first epoch, the
//!   descent in their course included.
//! - S is 32, and the rate of Adam is 0.01 (see [`train`]).
//! - A rate λ ∝ 1/d is the constant rate at d = 64, and from there on the two are compared.
//! - Unstable is a variance above (ln C)²/4 for C classes. Losses between 0 and ln C, the loss of a guess, cannot vary
//!   more, so that some were worse than a guess.
//! - The decay (γ/2)|W|² leaves the biases out.
//!
//! The right panel depends on when one stops: images that a line tells apart let the weights grow for ever, and a
//! negative decay hurries them. So the number of epochs is an option, and the digits are drawn after 20 and after 100.
//!
//! The parts: [`data`] reads images, [`model`] has the two models, [`train`] is one run from its seed, [`state`] keeps
//! finished runs so that a stopped command goes on, [`verdict`] judges and [`figure`] draws.
//!
//! All random numbers are those of ChaCha with the stated seeds. Products of matrices are not the same to the last bit
//! on every machine, and training amplifies that. So these figures, unlike the others, are not compared byte by byte
//! with what the command makes.
//!
//! Deliberately absent: a download of data sets, and any use by the rest of the workspace, which need not build this
//! crate.

mod data;
mod figure;
mod model;
mod state;
mod train;
mod verdict;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};

use data::DataSet;
use figure::Setting;
use state::{Parameters, State};
use train::{ADAM_RATE, BASE_WIDTH, BATCH_SIZE, LOGISTIC_RATE, Panel, SGD_RATE};

/// Every step makes and drops tensors, some of them megabytes; the allocator of glibc gives their pages back each time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Stopped by a signal: 128 and the number of SIGINT.
const INTERRUPTED: u8 = 130;

/// Fig. 1: networks and logistic regression on images, and whether the paper's observations reproduce
#[derive(Parser)]
#[command(bin_name = "cargo fig1", max_term_width = 120)]
#[command(after_help = "Examples:
  cargo fig1                                     all panels on data/digits.csv: prints the verdicts
  cargo fig1 --write                             and writes figures/1-*-digits.svg and .csv
  cargo fig1 --figure right --epochs 100 --name digits-100-epochs --write
  cargo fig1 --name fashion-mnist --images train-images-idx3-ubyte.gz --labels train-labels-idx1-ubyte.gz \\
      --test-images t10k-images-idx3-ubyte.gz --test-labels t10k-labels-idx1-ubyte.gz --largest-width 1024 --seeds 3 --epochs 2

Finished runs are kept, and the same command goes on after Ctrl-C: the first lets the runs on their way end, the second does not.

Exit codes: 0 done, whatever the verdicts; 1 a file that cannot be used; 130 stopped.")]
struct Args {
    /// Only this panel (may be repeated)
    #[arg(long, value_name = "PANEL", value_enum)]
    figure: Vec<Panel>,
    /// Images to learn from, an IDX file, gzipped or not, instead of data/digits.csv
    #[arg(long, value_name = "FILE", requires_all = ["labels", "test_images", "test_labels", "name"])]
    images: Option<PathBuf>,
    /// Their classes
    #[arg(long, value_name = "FILE", requires = "images")]
    labels: Option<PathBuf>,
    /// Images for the test
    #[arg(long, value_name = "FILE", requires = "images")]
    test_images: Option<PathBuf>,
    /// Their classes
    #[arg(long, value_name = "FILE", requires = "images")]
    test_labels: Option<PathBuf>,
    /// Of the data set, for the names of files and the captions
    #[arg(long, default_value = "digits")]
    name: String,
    /// Runs at each point, with seeds 1 to N
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u64).range(2..))]
    seeds: u64,
    /// Widths of networks are powers of two from 8 to D
    #[arg(long, value_name = "D", default_value_t = 4096, value_parser = clap::value_parser!(u32).range(128..=1 << 20))]
    largest_width: u32,
    /// Epochs of the logistic regression
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    epochs: u32,
    /// Where finished runs are kept, from the root of the workspace
    #[arg(long, value_name = "DIR", default_value = "target/fig1")]
    state: PathBuf,
    /// Write the figures
    #[arg(long)]
    write: bool,
}

impl Args {
    fn data(&self) -> anyhow::Result<DataSet> {
        let files = [&self.images, &self.labels, &self.test_images, &self.test_labels].map(Option::as_deref);
        let data = match files {
            [Some(images), Some(labels), Some(test_images), Some(test_labels)] => {
                DataSet::idx([images, labels, test_images, test_labels])?
            }
            _ => DataSet::digits(&root().join("data/digits.csv"))?,
        };
        let images = data.train.labels.len();
        ensure!(images >= 4 * BATCH_SIZE, "{images} images to learn from: expected four minibatches of {BATCH_SIZE}");
        Ok(data)
    }

    fn parameters(&self, panel: Panel, data: &DataSet) -> Parameters {
        let (learning_rate, epochs) = match panel {
            Panel::Left => (SGD_RATE, 1),
            Panel::Middle => (ADAM_RATE, 1),
            Panel::Right => (LOGISTIC_RATE, self.epochs as usize),
        };
        let images = [data.train.labels.len(), data.test.labels.len()];
        let (batch_size, base_width) = (BATCH_SIZE, BASE_WIDTH);
        Parameters { panel, images, checksum: data.checksum(), epochs, batch_size, learning_rate, base_width }
    }
}

fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    let start = Instant::now();
    let data = args.data()?;
    let stop = heard()?;
    let panels =
        if args.figure.is_empty() { vec![Panel::Left, Panel::Middle, Panel::Right] } else { args.figure.clone() };
    for panel in panels {
        let runs = figure::runs(panel, args.seeds, args.largest_width);
        let parameters = args.parameters(panel, &data);
        let file =
            root().join(&args.state).join(format!("{}-{}.jsonl", args.name, format!("{panel:?}").to_lowercase()));
        let bar = ProgressBar::new(runs.len() as u64);
        bar.set_style(ProgressStyle::with_template("{bar:40} {pos} of {len} runs, {eta} left")?);
        bar.enable_steady_tick(Duration::from_millis(200));
        let train = |run: &train::Run| Ok(train::train(panel, run, &data, parameters.epochs)?);
        let finished = State::open(&file, &parameters)?.complete(&runs, stop, || bar.inc(1), train)?;
        bar.finish_and_clear();
        let Some(finished) = finished else {
            eprintln!("stopped; the same command goes on");
            return Ok(ExitCode::from(INTERRUPTED));
        };
        let (seeds, largest_width) = (args.seeds, args.largest_width);
        let setting = Setting { name: &args.name, data: &data, seeds, epochs: parameters.epochs, largest_width };
        for made in figure::figures(panel, &setting, &finished)? {
            writeln!(io::stdout(), "Fig. {}, {}: {}", made.name, args.name, plot::plain(&made.judged.to_string()))?;
            for (kind, text) in [("svg", &made.svg), ("csv", &made.csv)].into_iter().filter(|_| args.write) {
                let path = format!("figures/{}-{}.{kind}", made.name, args.name);
                fs::write(root().join(&path), text).context(path)?;
            }
        }
    }
    writeln!(io::stdout(), "{:.1} s", start.elapsed().as_secs_f64())?;
    Ok(ExitCode::SUCCESS)
}

/// The folder of the workspace.
fn root() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).unwrap_or(own)
}

/// Set by the first signal that asks the program to end; the second ends it.
fn heard() -> anyhow::Result<&'static AtomicBool> {
    static STOP: AtomicBool = AtomicBool::new(false);
    ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            process::exit(INTERRUPTED.into());
        }
        eprintln!("\nstopping after the runs on their way; once more, and these are lost");
    })?;
    Ok(&STOP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_set_of_files_is_given_as_a_whole() {
        let parse = |line: &str| Args::try_parse_from(format!("fig1 {line}").split_whitespace());
        assert!(parse("--figure left --figure right --write").is_ok());
        let files = "--images a --labels b --test-images c --test-labels d";
        assert!(parse(&format!("{files} --name mnist")).is_ok());
        for line in [files, "--images a --name mnist", "--labels b", "--figure up", "--seeds 1", "--epochs 0"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
