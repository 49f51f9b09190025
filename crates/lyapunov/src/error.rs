//! Why there is no answer.

use crate::edge::Stability;

/// The magnitudes of the largest entry of a matrix for which rounding is understood; see [`LyapunovError::OutOfRange`].
pub(crate) const RANGE_LEAST: f64 = 1e-100;
pub(crate) const RANGE_LARGEST: f64 = 1e100;

/// No answer, and why.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LyapunovError {
    /// The second moments do not converge.
    #[error(
        "nothing is stationary: the spectral radius of the second-moment recursion is {}, stable below a learning rate \
         {} times as large",
        .0.spectral_radius, .0.margin
    )]
    Unstable(Stability),
    /// Stable or not: doubles cannot tell.
    #[error(
        "undecided in doubles, too close to the limit of stability: the spectral radius of the second-moment recursion is \
         about {}",
        .0.spectral_radius
    )]
    Undecided(Stability),
    /// Directions of the weights with neither a pull nor noise in doubles, and no proof that they have none.
    #[error(
        "undecided in doubles: whether the weights move in {directions} of {dimension} directions, whose curvature and noise \
         are lost beside the largest"
    )]
    Rank {
        /// How many directions.
        directions: usize,
        /// The number of weights that could move.
        dimension: usize,
    },
    /// K = A + B + Γ has no inverse to working precision: the loss has no single minimizer.
    #[error("hessian: expected an invertible matrix, its eigenvalues are {smallest:e} to {largest:e} in magnitude")]
    SingularHessian {
        /// The smallest magnitude of an eigenvalue.
        smallest: f64,
        /// The largest magnitude.
        largest: f64,
    },
    /// A covariance of features with a negative eigenvalue.
    #[error("A + B: expected a positive semidefinite matrix, its smallest eigenvalue is {eigenvalue:e}")]
    Indefinite {
        /// The smallest eigenvalue.
        eigenvalue: f64,
    },
    /// An entry of the setting that is not finite.
    #[error("{quantity}[({row}, {column})] = {value}: expected finite numbers")]
    Entry {
        /// The matrix.
        quantity: &'static str,
        /// Counted from 0.
        row: usize,
        /// Counted from 0.
        column: usize,
        /// The entry.
        value: f64,
    },
    /// A number that is not finite, met on the way.
    #[error("{quantity} is not finite")]
    NotFinite {
        /// The quantity.
        quantity: &'static str,
    },
    /// A quantity whose squares, and what rounding leaves of them, would leave the range of doubles.
    #[error(
        "{quantity} has entries up to {largest:e}: expected {RANGE_LEAST:e} to {RANGE_LARGEST:e}, or zero throughout"
    )]
    OutOfRange {
        /// The quantity.
        quantity: &'static str,
        /// Its largest entry, in magnitude.
        largest: f64,
    },
    /// A Λ for which there are only the stationary state and its stability.
    #[error("learning_rate: expected a positive or negative semidefinite matrix, it has eigenvalues of both signs")]
    BothSigns,
    /// The observer ended the iterations.
    #[error("interrupted before the descent reached its end")]
    Interrupted,
    /// A Λ for which no fast route is known, and more entries of second moments than a dense matrix can take.
    #[error(
        "Λ has eigenvalues of both signs, and the second moments of {dimension} weights have {order} entries: expected at \
         most {limit}"
    )]
    TooLarge {
        /// D.
        dimension: usize,
        /// Entries of the lower triangle of P.
        order: usize,
        /// [`ORDER_LIMIT`](crate::ORDER_LIMIT).
        limit: usize,
    },
}

impl LyapunovError {
    /// Whether the largest entry of M is in range, or M is zero.
    ///
    /// # Errors
    /// [`LyapunovError::OutOfRange`], also for an M that is not finite.
    pub(crate) fn unless_in_range(quantity: &'static str, M: &[f64]) -> Result<(), LyapunovError> {
        let largest = M.iter().fold(0.0, |largest: f64, v| if v.is_nan() { *v } else { largest.max(v.abs()) });
        if largest == 0.0 || (RANGE_LEAST..=RANGE_LARGEST).contains(&largest) {
            return Ok(());
        }
        Err(LyapunovError::OutOfRange { quantity, largest })
    }
}
