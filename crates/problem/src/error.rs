//! What can be wrong with a problem file.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use rug::Rational;

use super::echo;
use super::source::STANDARD_INPUT;
use numbers::decimal::towards_zero;
use symbols::SettingError;

/// A problem file that states no problem, and why. Its message is one line.
#[derive(Debug, thiserror::Error)]
#[error("{}: {fault}", path_name(path))]
pub struct ProblemError {
    /// The problem file.
    pub path: PathBuf,
    /// What is wrong in it.
    pub fault: Box<Fault>,
}

/// What is wrong in a problem file. Rows, columns and lines count from 1.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The problem file itself cannot be read.
    #[error("cannot be read: {}", echo::sentence(&source.to_string()))]
    Unreadable {
        /// Why.
        source: io::Error,
    },
    /// The file is not TOML.
    #[error("line {line}, column {column}: {message}")]
    Syntax {
        /// The line of the first offence.
        line: usize,
        /// Its column, in characters.
        column: usize,
        /// What the parser expected.
        message: String,
    },
    /// A key that means nothing here.
    #[error("{key} = {value}: unknown key, expected one of {}", expected.join(", "))]
    UnknownKey {
        /// The key, with its table.
        key: String,
        /// The value as written, shortened if long.
        value: String,
        /// The keys of that table.
        expected: Vec<&'static str>,
    },
    /// A key without which there is no problem.
    #[error("{key} is missing: expected {expected}")]
    MissingKey {
        /// The key, with its table.
        key: String,
        /// What it should hold.
        expected: Cow<'static, str>,
    },
    /// The file does not have exactly one of the tables `[model]` and `[data]`.
    #[error("expected exactly one of [model] and [data], found {found}")]
    Samples {
        /// `both` or `neither`.
        found: &'static str,
    },
    /// A value of the wrong type, or out of its range.
    #[error("{key} = {value}: expected {expected}")]
    Wrong {
        /// The key, with its table.
        key: String,
        /// The value as written, shortened if long.
        value: String,
        /// What was expected.
        expected: Cow<'static, str>,
    },
    /// A matrix that differs from its transpose.
    #[error(
        "{key} is not symmetric: row {row}, column {column} = {entry}, row {column}, column {row} = {mirrored}: \
         expected the same number twice, not {} apart",
        towards_zero(difference)
    )]
    NotSymmetric {
        /// The key, with its table.
        key: String,
        /// The row of the first such entry below the diagonal.
        row: usize,
        /// Its column.
        column: usize,
        /// The entry, as written.
        entry: String,
        /// The entry with row and column exchanged.
        mirrored: String,
        /// How far they are from each other.
        difference: Rational,
    },
    /// A covariance or learning rate with a negative direction.
    #[error(
        "{key} is not positive semidefinite: its smallest eigenvalue is at most {}, expected ≥ 0 (if rounding made it \
         so, add a little more than that to each entry of the diagonal, or round no entry)",
        towards_zero(eigenvalue)
    )]
    NotPositiveSemidefinite {
        /// The key, with its table.
        key: String,
        /// A negative number, which the smallest eigenvalue does not exceed: proved over ℚ, of the numbers as written.
        eigenvalue: Rational,
    },
    /// A covariance or learning rate of which it takes too long to prove that it has no negative direction.
    #[error(
        "{key} is too close to a singular matrix for a proof that it is positive semidefinite to end in seconds, with \
         {order} rows and so many digits: expected eigenvalues that doubles can tell from 0 (add a little to each \
         entry of the diagonal), or fewer rows or digits"
    )]
    NearlySingular {
        /// The key, with its table.
        key: String,
        /// The number of rows.
        order: usize,
    },
    /// A data file that cannot be opened or decoded.
    #[error("{key} = \"{file}\": {message}")]
    DataFile {
        /// The key, with its table.
        key: String,
        /// The name of the file, as written.
        file: String,
        /// What is wrong with it.
        message: String,
    },
    /// A data file that no key names, and that cannot be opened or decoded.
    #[error("{message}")]
    Undecodable {
        /// What is wrong with it.
        message: String,
    },
    /// A column of a data file that has no name.
    #[error(
        "\"{file}\", column {column} has no name: expected one, as each column but the label is a feature (an index that \
         pandas wrote is left out by to_csv(index=False))"
    )]
    NamelessColumn {
        /// The name of the file, as written.
        file: String,
        /// The number of the column.
        column: usize,
    },
    /// A number of a data file that is none.
    #[error("\"{file}\", line {line}, column {column} = {value}: expected {expected}")]
    Cell {
        /// The name of the file, as written.
        file: String,
        /// The line (of an array: the row).
        line: u64,
        /// The column: its name, or its number.
        column: String,
        /// What stands there, shortened if long.
        value: String,
        /// What was expected.
        expected: &'static str,
    },
    /// A feature that does not vary cannot have standard deviation 1.
    #[error(
        "\"{file}\", column {column} = {value} in every row: expected a varying feature, as data.standardize = true \
         (data.center = true takes any)"
    )]
    ConstantColumn {
        /// The name of the file, as written.
        file: String,
        /// The column: its name, or its number.
        column: String,
        /// The one value of the column.
        value: f64,
    },
    /// Parts that do not make a setting together.
    #[error(transparent)]
    Setting(#[from] SettingError),
}

fn path_name(path: &Path) -> String {
    if path.as_os_str() == STANDARD_INPUT { "standard input".into() } else { echo::sentence(&path.to_string_lossy()) }
}

impl Fault {
    pub(super) fn missing(key: impl Into<String>, expected: impl Into<Cow<'static, str>>) -> Self {
        Fault::MissingKey { key: key.into(), expected: expected.into() }
    }

    /// A syntax error right after `before`.
    pub(super) fn syntax(before: &[u8], message: &str) -> Self {
        let before = String::from_utf8_lossy(before);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
        Fault::Syntax { line, column, message: echo::sentence(message) }
    }
}
