//! An answer before it is a [`Solution`](crate::Solution), and how its parts follow from each other.

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
    /// For Σ, in the Frobenius norm.
    pub fluctuation: f64,
    /// For each entry of Σ.
    pub fluctuation_entries: Matrix<f64>,
    /// For C, in the Frobenius norm.
    pub noise_covariance: f64,
    /// For each entry of C.
    pub noise_covariance_entries: Matrix<f64>,
    /// For L_train.
    pub train_loss: f64,
    /// For L_test; `None` where there is none.
    pub test_loss: Option<f64>,
}

/// A stationary state with its bounds.
pub(crate) struct Answer {
    pub(crate) moments: Moments<f64>,
    pub(crate) minimizer: Vector<f64>,
    pub(crate) least_loss: f64,
    pub(crate) residual: f64,
    pub(crate) errors: Errors,
    /// The Frobenius norm of the error of Σ, over the relative error of the numbers that makes it.
    pub(crate) condition: Option<f64>,
    pub(crate) gap: f64,
    pub(crate) null_space: Option<Matrix<f64>>,
}

/// A bound on the Frobenius norm of a matrix, also where squares of its entries are no doubles.
pub(crate) fn norm(M: &Matrix<f64>) -> f64 {
    let size = M.amax();
    if size > 0.0 && size.is_finite() { (M / size).norm() * size * SAFETY } else { size }
}

/// A bound on what rounding to the nearest double can do to a number.
pub(crate) fn last_place(value: f64) -> f64 {
    value.abs() * f64::UNIT * SAFETY
}

/// part/whole; 0/0 is 0.
pub(crate) fn quotient(part: f64, whole: f64) -> f64 {
    if part == 0.0 { 0.0 } else { part / whole }
}

/// L(w*), the regularizer included.
pub(crate) fn least_loss<T: Arithmetic>(setting: &Setting<T>, center: &Center<T>) -> T {
    let w = &center.weights;
    (center.residual.mean_square.clone() + w.dot(&(setting.weight_decay() * w))) / T::from_integer(2)
}

/// The moments that follow from Σ and C around w*.
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
    Moments { mean: None, noise_covariance, fluctuation, train_loss, test_loss, buffer: None }
}
