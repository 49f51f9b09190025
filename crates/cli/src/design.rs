//! `design`: the learning rate that has a given stationary state, and how it depends on the batch size.

mod rules;
mod target;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use claims::design::admit;
use exact::ExactError;
use numbers::{Matrix, decimal, nearest_f64};
use report::tables::laid_out;
use rug::Rational;
use serde::Serialize;
use symbols::Setting;

use crate::number::positive;
use crate::output::{Destination, MALFORMED, UNSTABLE, refuse};
use crate::progress::Watch;
use crate::quantities::rows;
use crate::words::{DIGITS, listed, problem as describe, titled};
use rules::{Designed, Refusal, Row, Scaled, Target, loss_of, row};
use target::Written;

/// Unknowns over ℚ of the largest problem: several such systems take seconds.
const LARGEST: usize = 120;
/// Digits of a number in the table.
const DIGITS_OF_RULES: usize = 6;
/// Characters of the longest fraction that is printed in full.
const LONGEST_FRACTION: usize = 14;

/// Find the learning rate that has a given stationary state, and what it is at other batch sizes
#[derive(clap::Args)]
#[command(
    group = clap::ArgGroup::new("asked").args(["target", "target_loss", "batch_size"]).required(true).multiple(true),
    after_help = "The closed form is the claim own/design: Λ⁻¹ = [(q/S)Σ⁻¹ + ((1−μ)/(1+μ) + 1/S)K]/(2(1−μ)), for Gaussian features without \
weight decay. It is evaluated in fractions, and the exact engine, which starts from the update rule, solves for Σ again. \
Data sets are refused. For them own/scaling-of-data says how Λ⁻¹ − K/2 depends on S at a fixed Σ, without momentum.
The learning rate of the file counts only where no target is given: the target is then the Σ that it has.

The table of --batch-size has the exact rule beside the linear one, Λ times S/S₁, and the square-root one, Λ times √(S/S₁).

Examples:
  cargo xtask design data/label_noise.toml --target 1/71                         a number means times the identity
  cargo xtask design data/label_noise.toml --target '[[0.1, 0], [0, 1/5]]'       or the numbers of FILE.npy, FILE.csv
  cargo xtask design data/label_noise.toml --target-loss 0.05                    a scalar λ with this test loss
  cargo xtask design data/label_noise.toml --batch-size 1,4,16,64                keeps the Σ of the file
  cargo xtask design data/label_noise.toml --target 0.02 --batch-size 1,100 --json - | jq .by_batch_size

Exit codes: 0 designed; 2 malformed options or problem file, or no closed form for the problem; 3 the problem of the file is
unstable, so that it has no Σ to keep."
)]
pub struct Args {
    /// The problem file
    file: PathBuf,
    /// The fluctuation Σ: a matrix, a number times the identity, or a data file
    #[arg(long, value_name = "MATRIX", conflicts_with = "target_loss")]
    target: Option<Written>,
    /// The test loss of a scalar learning rate
    #[arg(long, value_name = "NUMBER", value_parser = positive, allow_hyphen_values = true)]
    target_loss: Option<Rational>,
    /// Batch sizes of the table, with commas between them
    #[arg(long, value_name = "S", value_delimiter = ',', value_parser = clap::value_parser!(u32).range(1..))]
    batch_size: Vec<u32>,
    /// Write the answer as one JSON object; `-` is the standard output, instead of the text
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// The keys of the object, in order; fractions are texts.
#[derive(Serialize)]
struct Answer {
    batch_size: u32,
    learning_rate: Vec<Vec<f64>>,
    exact_learning_rate: Option<Vec<Vec<String>>>,
    learning_rate_bounds: Option<[String; 2]>,
    fluctuation: Vec<Vec<f64>>,
    train_loss: f64,
    test_loss: Option<f64>,
    by_batch_size: Vec<Sizes>,
}

/// A row of the table.
#[derive(Serialize)]
struct Sizes {
    batch_size: u32,
    learning_rate: Vec<Vec<f64>>,
    exact_learning_rate: Option<Vec<Vec<String>>>,
    learning_rate_bounds: Option<[String; 2]>,
    linear: Rule,
    square_root: Rule,
}

/// What another rule does: a factor on the learning rate, and Tr[AΣ] over that of the target, null where nothing is
/// stationary.
#[derive(Serialize)]
struct Rule {
    factor: f64,
    fluctuation_ratio: Option<f64>,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let malformed = |why: String| Ok(refuse(MALFORMED, &format!("{}: {why}", args.file.display())));
    let setting: Setting<Rational> = match problem::read(&args.file) {
        Ok(setting) => setting,
        Err(error) => return Ok(refuse(MALFORMED, &error.to_string())),
    };
    if let Err(error) = admit(&setting) {
        return malformed(error.to_string());
    }
    let D = setting.dimension();
    let moments = D * if setting.momentum().is_zero() { 1 } else { 2 };
    let unknowns = moments * (moments + 1) / 2;
    if unknowns > LARGEST {
        return malformed(format!("{D} weights are {unknowns} unknowns over ℚ: expected at most {LARGEST}"));
    }
    let given = match (&args.target, &args.target_loss) {
        (Some(written), _) => match written.matrix(D) {
            Ok(target) => Some(Target::Fluctuation(target)),
            Err(error) => return Ok(refuse(MALFORMED, &error.to_string())),
        },
        (None, Some(loss)) => Some(Target::TestLoss(loss.clone())),
        (None, None) => None,
    };
    let destination = match Destination::new(args.json.as_deref(), None) {
        Ok(destination) => destination,
        Err(error) => return Ok(refuse(MALFORMED, &format!("{error:#}"))),
    };
    let watch = Watch::steps(args.batch_size.len() as u64 + 1, "the learning rate");
    let target = match given {
        Some(target) => target,
        None => match exact::stationary(&setting) {
            Ok(moments) => Target::Fluctuation(moments.fluctuation),
            Err(error @ ExactError::Unstable) => {
                drop(watch);
                return Ok(refuse(UNSTABLE, &format!("{}: {error}", args.file.display())));
            }
            Err(error) => return malformed(error.to_string()),
        },
    };
    let designed = || -> Result<(Designed, Vec<Row>), Refusal> {
        let designed = target.design(&setting)?;
        watch.step();
        let size = loss_of(&setting, &designed.moments.fluctuation);
        let rows = args.batch_size.iter().map(|&S| {
            watch.say(format!("S = {S}"));
            let row = row(&setting, &target, &designed.learning_rate, &size, S);
            watch.step();
            row
        });
        let rows = rows.collect::<Result<_, _>>()?;
        Ok((designed, rows))
    };
    let (designed, rows) = match designed() {
        Ok(found) => found,
        Err(error @ Refusal::Contradicted(_)) => return Err(error.into()),
        Err(error) => {
            drop(watch);
            return malformed(error.to_string());
        }
    };
    drop(watch);
    let text = || text(&args.file, &setting, &target, &designed, &rows);
    destination.write(&Answer::of(&setting, &designed, &rows), [], text)?;
    Ok(ExitCode::SUCCESS)
}

impl Answer {
    fn of(setting: &Setting<Rational>, designed: &Designed, table: &[Row]) -> Self {
        let rule = |Scaled { factor, ratio }: &Scaled| Rule {
            factor: nearest_f64(factor),
            fluctuation_ratio: ratio.as_ref().map(nearest_f64),
        };
        let sizes = table.iter().map(|row| Sizes {
            batch_size: row.batch_size,
            learning_rate: rows(&row.exact.learning_rate, nearest_f64),
            exact_learning_rate: row.exact.in_full(),
            learning_rate_bounds: row.exact.written_bounds(),
            linear: rule(&row.linear),
            square_root: rule(&row.square_root),
        });
        Answer {
            batch_size: setting.batch_size().get(),
            learning_rate: rows(&designed.learning_rate, nearest_f64),
            exact_learning_rate: designed.in_full(),
            learning_rate_bounds: designed.written_bounds(),
            fluctuation: rows(&designed.moments.fluctuation, nearest_f64),
            train_loss: nearest_f64(&designed.moments.train_loss),
            test_loss: designed.moments.test_loss.as_ref().map(nearest_f64),
            by_batch_size: sizes.collect(),
        }
    }
}

impl Designed {
    /// Λ in fractions, where it is known exactly.
    fn in_full(&self) -> Option<Vec<Vec<String>>> {
        self.bounds.is_none().then(|| rows(&self.learning_rate, Rational::to_string))
    }

    fn written_bounds(&self) -> Option<[String; 2]> {
        self.bounds.as_ref().map(|bounds| bounds.each_ref().map(Rational::to_string))
    }
}

fn text(file: &Path, setting: &Setting<Rational>, target: &Target, designed: &Designed, table: &[Row]) -> String {
    let (what, found) = match (target, &designed.bounds) {
        (Target::Fluctuation(_), _) => ("Σ", "the exact engine finds Σ there, to the last digit"),
        (Target::TestLoss(_), None) => ("test loss", "the exact engine finds this test loss there, to the last digit"),
        (Target::TestLoss(_), Some(_)) => ("test loss", "the exact engine finds smaller and larger ones at its bounds"),
    };
    let loss = designed.moments.test_loss.as_ref().map_or_else(|| "–".into(), short);
    let mut lines = vec![
        ("target", what.to_owned(), "stable, proven".to_owned()),
        ("solved again", "yes".into(), found.into()),
        ("train loss", short(&designed.moments.train_loss), String::new()),
        ("test loss", loss, String::new()),
    ];
    if let Some([low, high]) = &designed.bounds {
        let width = decimal::exact(&Rational::from(high - low), 2);
        lines.push(("λ", decimal::exact(low, 17), format!("a lower bound; an upper one is {width} above it")));
    }
    let mut text = format!("{}: {}\n\n{}", file.display(), describe(&setting.map(nearest_f64)), listed(&lines));
    let matrix = |title: &str, M: &Matrix<Rational>| {
        titled(title, &M.map(|entry| nearest_f64(&entry)), DIGITS, |i, j| short(&M[(i, j)]))
    };
    text += &matrix("learning rate Λ", &designed.learning_rate);
    if let Target::Fluctuation(_) = target {
        text += &matrix("fluctuation Σ", &designed.moments.fluctuation);
    }
    if table.is_empty() { text } else { text + &rules(setting, designed, table) }
}

/// The table: Λ by its trace over D, which is λ for Λ = λI, and Tr[AΣ] over that of the target.
fn rules(setting: &Setting<Rational>, designed: &Designed, table: &[Row]) -> String {
    let D = Rational::from(setting.dimension() as u64);
    let mean = |M: &Matrix<Rational>| numbers::matrix::trace(M) / &D;
    let first = mean(&designed.learning_rate);
    let rule = |Scaled { factor, ratio }: &Scaled| {
        let ratio = ratio.as_ref().map_or_else(|| "unstable".into(), |ratio| decimal::exact(ratio, DIGITS_OF_RULES));
        [decimal::exact(&(first.clone() * factor), DIGITS_OF_RULES), ratio]
    };
    let cells = table.iter().map(|row| {
        let exact = decimal::exact(&mean(&row.exact.learning_rate), DIGITS_OF_RULES);
        let [linear, square_root] = [rule(&row.linear), rule(&row.square_root)];
        Vec::from_iter([row.batch_size.to_string(), exact].into_iter().chain(linear).chain(square_root))
    });
    let heads = ["S", "exact Λ", "linear Λ", "Tr[AΣ]", "square-root Λ", "Tr[AΣ]"].map(str::to_owned);
    let title = "Tr[Λ]/D with the target at each batch size, and by two rules of thumb, with their Tr[AΣ] over that of the target";
    format!("\n{title}\n{}\n", laid_out(heads.into(), cells.collect()))
}

/// A fraction in full where it is short, or else as a decimal.
fn short(value: &Rational) -> String {
    let text = value.to_string();
    if text.len() <= LONGEST_FRACTION { text } else { decimal::exact(value, DIGITS) }
}
