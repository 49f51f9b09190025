//! Problems and numbers of the unit tests.

use numbers::{Matrix, Vector, matrix::scalar};
use symbols::{BatchSize, Gaussian, Population, Setting};

/// σ² = 1 and u = 0, without noise in the features.
pub(crate) fn gaussian(feature_covariance: Matrix<f64>, learning_rate: Matrix<f64>, S: u32) -> Setting<f64> {
    let D = feature_covariance.nrows();
    let population = Population::Gaussian(Gaussian {
        feature_covariance,
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance: 1.0,
        true_weights: Vector::zeros(D),
    });
    Setting::new(population, learning_rate, BatchSize::new(S).unwrap()).unwrap()
}

/// A = 1: h = λ, and Ĉ multiplies by 2λ²/S.
pub(crate) fn one_weight(lambda: f64, S: u32) -> Setting<f64> {
    gaussian(scalar(1.0), scalar(lambda), S)
}

/// h = 3/2, 1/2 and M̂ = diag(1, 1/2), S = 1.
pub(crate) fn two_weights() -> Setting<f64> {
    gaussian(diagonal(&[2.0, 1.0]), diagonal(&[0.5, 0.5]), 1).with_weight_decay(diagonal(&[1.0, 0.0])).unwrap()
}

pub(crate) fn diagonal(entries: &[f64]) -> Matrix<f64> {
    Matrix::from_diagonal(&Vector::from_row_slice(entries))
}
