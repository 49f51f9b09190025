//! The parameters of SGD that have bounds, checked where they are made.

use std::fmt;

use numbers::Scalar;

/// A part of a setting that breaks its bound or does not fit the others.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingError {
    /// A number outside its range.
    #[error("{quantity} = {value}: expected {expected}")]
    OutOfRange {
        /// The name of the quantity.
        quantity: &'static str,
        /// Its value.
        value: String,
        /// The range, in words.
        expected: &'static str,
    },
    /// A matrix or column of the wrong shape.
    #[error("{quantity} is {rows}×{columns}: expected {expected_rows}×{expected_columns}")]
    Shape {
        /// The name of the quantity.
        quantity: &'static str,
        /// Its rows.
        rows: usize,
        /// Its columns.
        columns: usize,
        /// The rows it should have.
        expected_rows: usize,
        /// The columns it should have.
        expected_columns: usize,
    },
    /// A matrix that should equal its transpose and does not.
    #[error("{quantity} is not symmetric: entry ({row}, {column}) differs from ({column}, {row})")]
    NotSymmetric {
        /// The name of the quantity.
        quantity: &'static str,
        /// Row of the first such entry, from 0.
        row: usize,
        /// Its column, from 0.
        column: usize,
    },
}

/// μ ∈ \[0, 1): how much of the last step the next one keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Momentum<T>(T);

impl<T: Scalar + PartialOrd> Momentum<T> {
    /// # Errors
    /// [`SettingError::OutOfRange`] unless 0 ≤ μ < 1 (NaN is not).
    pub fn new(value: T) -> Result<Self, SettingError> {
        if value >= T::zero() && value < T::one() {
            Ok(Momentum(value))
        } else {
            Err(SettingError::OutOfRange {
                quantity: "momentum",
                value: format!("{value:?}"),
                expected: "0 ≤ momentum < 1",
            })
        }
    }
}

impl<T: Scalar> Momentum<T> {
    /// No momentum.
    pub(crate) fn zero() -> Self {
        Momentum(T::zero())
    }

    /// Any element of the field, unchecked: it is good for field operations only.
    pub(crate) fn indeterminate(value: T) -> Self {
        Momentum(value)
    }

    /// μ.
    pub fn value(&self) -> &T {
        &self.0
    }

    /// The momentum in another field.
    pub fn map<U>(&self, f: impl Fn(&T) -> U) -> Momentum<U> {
        Momentum(f(&self.0))
    }
}

/// S ≥ 1: how many samples share a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchSize(u32);

impl BatchSize {
    /// # Errors
    /// [`SettingError::OutOfRange`] for 0.
    pub fn new(value: u32) -> Result<Self, SettingError> {
        if value >= 1 {
            Ok(BatchSize(value))
        } else {
            Err(SettingError::OutOfRange {
                quantity: "batch_size",
                value: value.to_string(),
                expected: "batch_size ≥ 1",
            })
        }
    }

    /// S as a count.
    pub fn get(self) -> u32 {
        self.0
    }
}

/// How a minibatch is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sampling {
    /// S independent uniform indices (Definition 2).
    WithReplacement,
    /// A uniform S-subset (Definition 3); for data sets only.
    WithoutReplacement,
}

impl fmt::Display for Sampling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Sampling::WithReplacement => "with-replacement",
            Sampling::WithoutReplacement => "without-replacement",
        })
    }
}
