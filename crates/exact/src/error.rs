//! Why there is no exact answer.

use numbers::Undecided;
use numbers::matrix::Singular;
use rug::Rational;

/// No answer, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExactError {
    /// K = A + B + Γ has no inverse: the loss has no single minimizer.
    #[error("the hessian is singular, so no stationary state is the only one: {source}")]
    SingularHessian {
        /// The column without a pivot.
        source: Singular,
    },
    /// The second moments of (w, m) do not converge.
    #[error("nothing is stationary: the spectral radius of the second-moment recursion is at least 1")]
    Unstable,
    /// Second moments converge and higher ones do not.
    #[error("the moments of degree {degree} do not exist: the spectral radius of their recursion is at least 1")]
    HeavyTail {
        /// The degree.
        degree: u32,
    },
    /// A question that is asked in another dimension only.
    #[error("{found} weights: expected {expected}")]
    Dimension {
        /// D.
        found: usize,
        /// The number of weights that the question is about.
        expected: usize,
    },
    /// More minibatches than are enumerated.
    #[error(
        "{samples} samples have {} minibatches of {batch_size}: expected at most {limit}", in_words(*minibatches)
    )]
    TooManyMinibatches {
        /// N.
        samples: usize,
        /// S.
        batch_size: u32,
        /// How many of them differ, u128::MAX for that many and more.
        minibatches: u128,
        /// The most minibatches of this size that are enumerated.
        limit: u64,
    },
    /// A question that is asked of a data set only.
    #[error("a Gaussian population: expected a data set, whose samples can be shuffled")]
    NoDataSet,
    /// Epochs without a full minibatch, where the others are dropped.
    #[error("{samples} samples have no minibatch of {batch_size}: expected a batch size of at most {samples}")]
    NoMinibatch {
        /// N.
        samples: usize,
        /// S.
        batch_size: u32,
    },
    /// More minibatches of shuffled epochs than can be looked at.
    #[error(
        "{samples} samples in shuffled epochs have too many minibatches of {batch_size} to average over: \
         expected at most {limit} samples in all of them"
    )]
    TooManyEpochs {
        /// N.
        samples: usize,
        /// S.
        batch_size: u32,
        /// [`EPOCHS_LIMIT`](crate::EPOCHS_LIMIT).
        limit: usize,
    },
    /// A linear system whose parts do not fit.
    #[error(
        "a linear system of {}×{} with right sides of {}×{}: expected a square matrix and as many rows",
        left.0, left.1, right.0, right.1
    )]
    Shape {
        /// Rows and columns of the matrix.
        left: (usize, usize),
        /// Rows and columns of the right sides.
        right: (usize, usize),
    },
    /// A linear system without a unique solution.
    #[error("the linear system of order {order} is singular: no pivot in column {column}")]
    SingularSystem {
        /// Number of unknowns.
        order: usize,
        /// The first column (from 0) that depends on those before it.
        column: usize,
    },
    /// A number outside its range.
    #[error("{quantity} = {value}: expected {expected}")]
    OutOfRange {
        /// The name of the quantity.
        quantity: &'static str,
        /// Its value.
        value: Rational,
        /// The range, in words.
        expected: &'static str,
    },
    /// In one dimension, E log|1 − (L/S)X| ≥ 0: the weight does not stay bounded, and the tail index is 0.
    #[error(
        "nothing is stationary: with step size {step_size} and batch size {batch_size} \
         the mean log factor is not negative"
    )]
    NoStationaryLaw {
        /// L.
        step_size: Rational,
        /// S.
        batch_size: u32,
    },
    /// A sign that no precision told.
    #[error(transparent)]
    Undecided(#[from] Undecided),
}

/// A count that ends at [`u128::MAX`].
fn in_words(count: u128) -> String {
    if count == u128::MAX { "more than 10^38".into() } else { count.to_string() }
}
