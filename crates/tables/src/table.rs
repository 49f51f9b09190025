//! The tables of a study: text, cell by cell, to be compared with a snapshot.

use claims::ClaimError;
use exact::ExactError;
use formula::EvaluationError;
use lyapunov::LyapunovError;
use montecarlo::MonteCarloError;
use numbers::matrix::Singular;
use symbols::SettingError;

use crate::judged::Judged;

/// A table as text.
#[derive(Debug)]
pub struct Table {
    /// The title, for a reader.
    pub title: String,
    /// The heads of the columns.
    pub header: Vec<String>,
    /// The cells, row by row.
    pub rows: Vec<Vec<String>>,
    /// The finding, in sentences; empty where the title says all.
    pub finding: &'static str,
    /// The verdicts that the table gives on claims.
    pub judged: Vec<Judged>,
}

/// The short name of a table, for files, and the function that makes it.
pub type Maker = (&'static str, fn() -> Result<Table, StudyError>);

/// The reason why a table could not be made. No input of a caller leads here.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// An error of the exact engine.
    #[error(transparent)]
    Exact(#[from] ExactError),
    /// An error of the Lyapunov engine.
    #[error(transparent)]
    Lyapunov(#[from] LyapunovError),
    /// An error of the Monte Carlo engine.
    #[error(transparent)]
    MonteCarlo(#[from] MonteCarloError),
    /// An error of a closed form.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// A formula without a value.
    #[error(transparent)]
    Formula(#[from] EvaluationError),
    /// An error of a setting.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The registry has no claim of a name.
    #[error("no claim is registered as {id}")]
    Unregistered {
        /// The name.
        id: &'static str,
    },
    /// A linear system is singular.
    #[error(transparent)]
    Singular(#[from] Singular),
    /// No data set was found that has a minimum at given weights.
    #[error("no inputs make the given weights stationary: Newton's method has not converged in {steps} steps")]
    NoMinimum {
        /// The number of steps that Newton's method was given.
        steps: usize,
    },
}

/// Column heads.
pub fn heads<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(String::from).to_vec()
}
