//! The errors of a closed form at a setting.

use numbers::matrix::Singular;
use symbols::SettingError;

/// A closed form that has no value at a setting, or a setting that could not be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimError {
    /// A denominator of the formula vanishes.
    #[error("the closed form has a pole: {denominator} = 0")]
    Pole {
        /// The denominator.
        denominator: &'static str,
    },
    /// A matrix that the formula inverts has no inverse.
    #[error("the closed form inverts {matrix}: {source}")]
    Inverse {
        /// The matrix.
        matrix: &'static str,
        /// Why it has none.
        source: Singular,
    },
    /// The formula is a sum over samples, and there are infinitely many.
    #[error("the closed form is a sum over the samples of a data set, and the population is Gaussian")]
    NeedsDataSet,
    /// The formula speaks of the test loss, which a data set does not have.
    #[error("the closed form speaks of the test loss, and a data set has none")]
    NeedsGaussian,
    /// The formula relates stationary moments, and there are none.
    #[error("the closed form is a relation between stationary moments, and none were given")]
    NeedsMoments,
    /// A drawn setting does not fit together.
    #[error(transparent)]
    Setting(#[from] SettingError),
}
