//! Problem files: a user's own problem, read from TOML.
//!
//! ```toml
//! [sgd]
//! batch_size = 4
//! learning_rate = 0.5               # or a D×D matrix
//! momentum = 0.3                    # default 0
//! sampling = "with-replacement"     # default; "without-replacement" for data sets
//!
//! [model]                           # Gaussian features, infinitely many samples
//! feature_covariance = [[1.0, 0.2], [0.2, 0.8]]
//! label_noise_variance = 0.7        # default 0
//! weight_decay = 0.1                # or a D×D matrix; default 0; may be negative
//! input_noise_covariance = [[0.1, 0.0], [0.0, 0.1]]   # or a number; default 0
//! true_weights = [0.4, -1.1]        # needed with weight decay or input noise
//!
//! [data]                            # instead of [model]
//! features = "diabetes.csv"         # CSV with a header, .npy, .npz or IDX; absolute, or beside the problem file
//! label = "target"                  # a column; with .npy, .npz and IDX a second file
//! standardize = true                # features: mean 0, population standard deviation 1; label: mean 0; default false
//! center = true                     # features and label: mean 0; default false
//! weight_decay = 0.1
//! ```
//!
//! A number is the decimal that the file spells: `0.1` is 1/10, in TOML and in CSV; a number of an array is exactly
//! what is stored. Where a matrix may be a number, the number means times the identity. A problem is read over ℚ, over
//! doubles or over double-double numbers ([`Number`]), and these are the nearest to the numbers over ℚ, each rounded
//! once.
//!
//! A standard deviation is irrational, so a standardized feature is rounded to the nearest double, and taken exactly
//! from there; a mean is rational and is subtracted exactly. A feature that never varies, such as a pixel in the corner
//! of an image, has no standard deviation: it can be centred only.
//!
//! IDX is the format of MNIST: `train-images-idx3-ubyte` with `train-labels-idx1-ubyte`. The first dimension counts the
//! samples, and an image is flattened row by row. Pixels stay 0 to 255: the problem of pixels c times as small is the
//! same with a learning rate c² times as large and a weight decay 1/c² times as large. `samples.npz:x` is the array x
//! of an archive of NumPy's. The first bytes tell the format of a file that is named neither `.csv`, `.npy`, `.npz` nor
//! `-ubyte`, and all but archives may be gzipped (`.csv.gz`). Arrays hold booleans, integers of 8 to 64 bits, or floats
//! of 16, 32 or 64 bits.
//!
//! Only regular files are read, as nobody knows when a pipe or a device ends; the problem alone may come from the
//! standard input. A problem may have 128 MiB, and a data file 4 GiB of unpacked bytes. A data file takes about as much
//! memory, and twice as much while it grows; the numbers made of it take 8 bytes each over doubles. A number may have
//! 10000 characters, and a line of CSV 16 MiB. What is longer is refused when so much of it is read.
//!
//! A covariance and a learning rate have no negative eigenvalue: that is proved over ℚ, of the numbers as written
//! ([`matrix::definiteness`](numbers::matrix::definiteness)). A singular matrix is let in, one that rounding made
//! indefinite is not.
//!
//! Deliberately absent: whether the problem is stable, which is for an engine to find; and a writer.

mod array;
mod column;
mod data;
mod delimited;
mod echo;
mod error;
mod file;
mod number;
mod source;
mod table;

use std::io;
use std::path::{Path, PathBuf};

use rug::Rational;
use toml::de::DeTable;

use numbers::matrix::{Matrix, Vector};
use symbols::{BatchSize, Gaussian, Momentum, Population, Sampling, Setting};

pub use error::{Fault, ProblemError};
use file::File;
pub use number::{Number, decimal};
use source::{LARGEST_PROBLEM, STANDARD_INPUT};
use table::Section;

const SGD: [&str; 4] = ["batch_size", "learning_rate", "momentum", "sampling"];
const MODEL: [&str; 5] =
    ["feature_covariance", "input_noise_covariance", "label_noise_variance", "true_weights", "weight_decay"];
const DATA: [&str; 5] = ["center", "features", "label", "standardize", "weight_decay"];

/// The problem in the file at `path`, over the numbers of one's choice.
///
/// `read::<f64>` is `read::<Rational>` with [`nearest_f64`](numbers::nearest_f64) of every number, but holds no
/// rational data set. Data files are looked for beside the problem file. The path `-` is the standard input, and its
/// data files are looked for in the current folder.
///
/// # Errors
/// [`ProblemError`], one line that names the file, the key, its value and what was expected: for a file that cannot be
/// read, a syntax error, an unknown or missing key, a number outside its range, a matrix that has the wrong shape, is
/// not symmetric or not positive semidefinite, and data that are not numbers.
pub fn read<T: Number>(path: &Path) -> Result<Setting<T>, ProblemError> {
    Source::open(path)?.read()
}

/// The text of a problem file, to be read over several kinds of numbers; the standard input can be opened once only.
#[derive(Debug, Clone)]
pub struct Source {
    path: PathBuf,
    text: Vec<u8>,
}

impl Source {
    /// The text at `path`, by the rules of [`read`].
    ///
    /// # Errors
    /// [`ProblemError`], for a file that cannot be read.
    pub fn open(path: &Path) -> Result<Self, ProblemError> {
        let failed = |source| ProblemError { path: path.to_owned(), fault: Box::new(Fault::Unreadable { source }) };
        Ok(Source { path: path.to_owned(), text: contents(path).map_err(failed)? })
    }

    /// The problem over the numbers of one's choice.
    ///
    /// # Errors
    /// [`ProblemError`], for the reasons of [`read`].
    pub fn read<T: Number>(&self) -> Result<Setting<T>, ProblemError> {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        parse(&self.text, folder).map_err(|fault| ProblemError { path: self.path.clone(), fault: Box::new(fault) })
    }
}

/// The numbers of a data file alone, in the formats and by the rules of those that a problem names.
///
/// # Errors
/// [`ProblemError`], for a file that cannot be read or decoded, and an entry that is no number.
pub fn numbers<T: Number>(path: &Path) -> Result<Matrix<T>, ProblemError> {
    let name = path.to_string_lossy();
    File::open(&name, path)
        .map_err(|message| Fault::Undecodable { message })
        .and_then(|file| file.numbers())
        .map_err(|fault| ProblemError { path: path.to_owned(), fault: Box::new(fault) })
}

fn contents(path: &Path) -> io::Result<Vec<u8>> {
    if path.as_os_str() != STANDARD_INPUT {
        return source::whole(source::regular(path)?, LARGEST_PROBLEM);
    }
    source::whole(io::stdin().lock(), LARGEST_PROBLEM)
}

/// The problem that a text states, with data files looked for in `folder`.
///
/// # Errors
/// [`Fault`], for the reasons for which [`read`] refuses a file that it could read.
pub fn parse<T: Number>(bytes: &[u8], folder: &Path) -> Result<Setting<T>, Fault> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Fault::syntax(&bytes[..error.valid_up_to()], "expected UTF-8 text"))?;
    let document = DeTable::parse(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start).min(bytes.len());
        // For a number such as 0.25f the parser only says what it cannot read, and not that this does not belong there.
        match error.message().strip_suffix(", expected nothing") {
            None => Fault::syntax(&bytes[..start], error.message()),
            Some(message) => {
                let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}' | '#');
                let rest = text.get(start..).and_then(|rest| rest.split(is_end).next()).unwrap_or_default();
                Fault::syntax(&bytes[..start], &format!("{message}: {} does not belong there", echo::quoted(rest)))
            }
        }
    })?;
    let document = document.get_ref();
    table::only_keys("", document, &["sgd", "model", "data"])?;

    let sgd = Section::find(document, "sgd", &SGD)?
        .ok_or_else(|| Fault::missing("[sgd]", "a table with batch_size and learning_rate"))?;
    let model = Section::find(document, "model", &MODEL)?;
    let data = Section::find(document, "data", &DATA)?;
    let (population, samples) = match (model, data) {
        (Some(model), None) => (Population::Gaussian(gaussian(&model)?.map(T::nearest)), model),
        (None, Some(data)) => (Population::Data(data::read(&data, folder)?), data),
        (Some(_), Some(_)) => return Err(Fault::Samples { found: "both" }),
        (None, None) => return Err(Fault::Samples { found: "neither" }),
    };
    let D = match &population {
        Population::Gaussian(model) => model.feature_covariance.nrows(),
        Population::Data(data) => data.features.ncols(),
    };

    let entry = sgd.require("learning_rate", "a number or a D×D matrix")?;
    let learning_rate = entry.number_or_matrix(D)?;
    entry.positive_semidefinite(&learning_rate)?;
    let (batch_size, sampling) = batch(&sgd, &population)?;
    let mut setting =
        Setting::new(population, learning_rate.map(|v| T::nearest(&v)), batch_size)?.with_sampling(sampling)?;
    if let Some(entry) = sgd.get("momentum") {
        let momentum = Momentum::new(entry.number()?).map_err(|_| entry.wrong("0 ≤ momentum < 1"))?.map(T::nearest);
        if *momentum.value() == T::one() {
            return Err(entry.wrong("a momentum that does not round to 1, or fractions (solve --engine exact)"));
        }
        setting = setting.with_momentum(momentum);
    }
    if let Some(entry) = samples.get("weight_decay") {
        setting = setting.with_weight_decay(entry.number_or_matrix(D)?.map(|v| T::nearest(&v)))?;
    }
    needs_true_weights(&samples, &setting)?;
    Ok(setting)
}

fn gaussian(model: &Section) -> Result<Gaussian<Rational>, Fault> {
    let covariance = model.require("feature_covariance", "a D×D matrix, [[…], …]")?;
    let feature_covariance = covariance.symmetric_matrix()?;
    covariance.positive_semidefinite(&feature_covariance)?;
    let D = feature_covariance.nrows();

    let input_noise_covariance = match model.get("input_noise_covariance") {
        None => Matrix::zeros(D, D),
        Some(entry) => {
            let B = entry.number_or_matrix(D)?;
            entry.positive_semidefinite(&B)?;
            B
        }
    };
    let label_noise_variance = match model.get("label_noise_variance") {
        None => Rational::new(),
        Some(entry) => entry
            .number()
            .and_then(|value| if value < 0 { Err(entry.wrong("label_noise_variance ≥ 0")) } else { Ok(value) })?,
    };
    let true_weights = match model.get("true_weights") {
        None => Vector::zeros(D),
        Some(entry) => entry.vector(D)?,
    };
    Ok(Gaussian { feature_covariance, input_noise_covariance, label_noise_variance, true_weights })
}

/// The batch size S, and how minibatches are drawn.
fn batch<T: Number>(sgd: &Section, population: &Population<T>) -> Result<(BatchSize, Sampling), Fault> {
    let entry = sgd.require("batch_size", "an integer ≥ 1")?;
    let batch_size = entry.count()?;
    let Some(word) = sgd.get("sampling") else {
        return Ok((batch_size, Sampling::WithReplacement));
    };
    let sampling = [Sampling::WithReplacement, Sampling::WithoutReplacement]
        .into_iter()
        .find(|sampling| word.text() == Some(&sampling.to_string()))
        .ok_or_else(|| word.wrong("\"with-replacement\" or \"without-replacement\""))?;
    if sampling == Sampling::WithoutReplacement {
        match population {
            Population::Gaussian(_) => {
                return Err(word.wrong("\"with-replacement\": the samples of [model] are infinitely many"));
            }
            Population::Data(data) if batch_size.get() as usize > data.labels.len() => {
                let N = data.labels.len();
                return Err(entry.wrong(format!("at most the {N} samples of the data set, drawn without replacement")));
            }
            Population::Data(_) => {}
        }
    }
    Ok((batch_size, sampling))
}

/// Without weight decay and input noise, every u gives the same Σ, C and losses, and 0 will do. Otherwise it matters.
fn needs_true_weights<T: Number>(samples: &Section, setting: &Setting<T>) -> Result<(), Fault> {
    let Population::Gaussian(model) = setting.population() else {
        return Ok(());
    };
    let D = setting.dimension();
    let zero = Matrix::zeros(D, D);
    let shrinks = *setting.weight_decay() != zero || model.input_noise_covariance != zero;
    if shrinks && samples.get("true_weights").is_none() {
        let expected = format!("{D} numbers, as weight_decay or input_noise_covariance is not zero");
        return Err(Fault::missing("model.true_weights", expected));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
