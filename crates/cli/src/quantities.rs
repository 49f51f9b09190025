//! Σ, C and the losses as JSON.

use numbers::{Matrix, Scalar};
use serde::Serialize;
use symbols::Moments;

/// Σ, C and the losses.
#[derive(Serialize)]
pub struct Quantities<T> {
    fluctuation: Vec<Vec<T>>,
    noise_covariance: Vec<Vec<T>>,
    train_loss: T,
    test_loss: Option<T>,
}

impl<T> Quantities<T> {
    /// The quantities of these moments, with each number as `written` makes it.
    pub fn of<S: Scalar>(moments: &Moments<S>, written: impl Fn(&S) -> T) -> Self {
        Quantities {
            fluctuation: rows(&moments.fluctuation, &written),
            noise_covariance: rows(&moments.noise_covariance, &written),
            train_loss: written(&moments.train_loss),
            test_loss: moments.test_loss.as_ref().map(&written),
        }
    }
}

/// A matrix, row by row.
pub fn rows<S: Scalar, T>(M: &Matrix<S>, written: impl Fn(&S) -> T) -> Vec<Vec<T>> {
    M.row_iter().map(|row| row.iter().map(&written).collect()).collect()
}
