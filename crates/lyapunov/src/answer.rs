//! What is answered before it is a solution, and how its parts follow from each other.

use matrix_equations::rounding::SAFETY;
use numbers::{Matrix, Vector};
use symbols::{Moments, Population, Setting};

use crate::arithmetic::Arithmetic;
use crate::center::Center;
use crate::noise::Noise;

/// Bounds on absolute errors.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Errors {
    /// Of Σ, Frobenius.
    pub fluctuation: f64,
    /// Of each entry of Σ.
    pub fluctuation_entries: Matrix<f64>,
    /// Of C, Frobenius.
    pub noise_covariance: f64,
    /// Of each entry of C.
    pub noise_covariance_entries: Matrix<f64>,
    /// Of L_train.
    pub train_loss: f64,
    /// Of L_test.
    pub test_loss: Option<f64>,
}

/// A stationary state with its bounds.
pub(crate) struct Answer {
    pub(crate) moments: Moments<f64>,
    pub(crate) minimizer: Vector<f64>,
    pub(crate) least_loss: f64,
    pub(crate) residual: f64,
    pub(crate) errors: Errors,
    /// The error of Σ, Frobenius, over a relative error of the numbers that makes it.
    pub(crate) condition: Option<f64>,
    pub(crate) gap: f64,
    pub(crate) null_space: Option<Matrix<f64>>,
}

/// A bound on the Frobenius norm of a matrix, also where squares of its entries are no doubles.
pub(crate) fn norm(M: &Matrix<f64>) -> f64 {
    let size = M.amax();
    if size > 0.0 && size.is_finite() { (M / size).norm() * size * SAFETY } else { size }
}

/// What rounding to the nearest double can do to a number.
pub(crate) fn last_place(value: f64) -> f64 {
    value.abs() * f64::UNIT * SAFETY
}

/// part/whole, and 0 where nothing is a part of nothing.
pub(crate) fn quotient(part: f64, whole: f64) -> f64 {
    if part == 0.0 { 0.0 } else { part / whole }
}

/// L(w*), the regularizer included.
pub(crate) fn least_loss<T: Arithmetic>(setting: &Setting<T>, center: &Center<T>) -> T {
    let w = &center.weights;
    (center.residual.mean_square.clone() + w.dot(&(setting.weight_decay() * w))) / T::from_integer(2)
}

/// What follows from Σ and C around w*.
pub(crate) fn moments<T: Arithmetic>(
    setting: &Setting<T>,
    noise: &Noise<T>,
    center: &Center<T>,
    fluctuation: Matrix<T>,
    noise_covariance: Matrix<T>,
) -> Moments<T> {
    let half = T::one() / T::from_integer(2);
    let hessian = &noise.second_moment + setting.weight_decay();
    let train_loss = least_loss(setting, center) + hessian.dot(&fluctuation) * &half;
    let test_loss = match setting.population() {
        Population::Gaussian(model) => {
            let (A, offset) = (&model.feature_covariance, &center.weights - &model.true_weights);
            Some((A.dot(&fluctuation) + offset.dot(&(A * &offset))) * half)
        }
        Population::Data(_) => None,
    };
    Moments { noise_covariance, fluctuation, train_loss, test_loss }
}
