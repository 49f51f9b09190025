//! The errors of what is imposed on a setting.

use numbers::matrix::Singular;
use symbols::SettingError;

/// A setting that could not be drawn, or a function of a study that has no value at one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimError {
    /// A denominator vanishes.
    #[error("there is a pole: {denominator} = 0")]
    Pole {
        /// The denominator.
        denominator: &'static str,
    },
    /// A matrix that is inverted has no inverse.
    #[error("{matrix} is inverted: {source}")]
    Inverse {
        /// The matrix.
        matrix: &'static str,
        /// Why it has none.
        source: Singular,
    },
    /// Samples are asked for, and there are infinitely many.
    #[error("this needs the samples of a data set, and the population is Gaussian")]
    NeedsDataSet,
    /// A drawn setting does not fit together.
    #[error(transparent)]
    Setting(#[from] SettingError),
}
