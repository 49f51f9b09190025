//! The tables of a study: text, cell by cell, to be compared with a snapshot.

use claims::ClaimError;
use exact::ExactError;
use lyapunov::LyapunovError;
use montecarlo::MonteCarloError;
use numbers::matrix::Singular;
use symbols::SettingError;

use crate::judged::Judged;

/// A table as text.
#[derive(Debug)]
pub struct Table {
    /// What it shows, for a reader.
    pub title: String,
    /// Column heads.
    pub header: Vec<String>,
    /// Cells.
    pub rows: Vec<Vec<String>>,
    /// What is found in it, in sentences; empty where the title says all.
    pub finding: &'static str,
    /// What it says of claims.
    pub judged: Vec<Judged>,
}

/// A table by its short name, for files, and how to make it.
pub type Maker = (&'static str, fn() -> Result<Table, StudyError>);

/// No table, and why: none of it can be caused by a caller.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// Of the exact engine.
    #[error(transparent)]
    Exact(#[from] ExactError),
    /// Of the Lyapunov engine.
    #[error(transparent)]
    Lyapunov(#[from] LyapunovError),
    /// Of the Monte Carlo engine.
    #[error(transparent)]
    MonteCarlo(#[from] MonteCarloError),
    /// Of a closed form.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// Of a setting.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// Of a linear system.
    #[error(transparent)]
    Singular(#[from] Singular),
    /// Of a data set that was to have a minimum at given weights.
    #[error("no inputs make the given weights stationary: Newton's method has not converged in {steps} steps")]
    NoMinimum {
        /// How many it was given.
        steps: usize,
    },
}

/// Column heads.
pub(crate) fn heads<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(String::from).to_vec()
}
