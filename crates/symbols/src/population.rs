//! Where samples come from.

use numbers::{Matrix, Scalar, Vector};

/// Gaussian features, infinitely many samples.
///
/// A sample is x ~ N(0, A), η ~ N(0, B), ε of mean 0 and variance σ², independent; SGD sees the input x + η and the
/// label y = uᵀx + ε.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gaussian<T> {
    /// A, symmetric D×D.
    pub feature_covariance: Matrix<T>,
    /// B, symmetric D×D.
    pub input_noise_covariance: Matrix<T>,
    /// σ².
    pub label_noise_variance: T,
    /// u.
    pub true_weights: Vector<T>,
}

impl<T: Scalar> Gaussian<T> {
    /// The model over another field.
    pub fn map<U: Scalar>(&self, f: impl Fn(&T) -> U) -> Gaussian<U> {
        Gaussian {
            feature_covariance: self.feature_covariance.map(|v| f(&v)),
            input_noise_covariance: self.input_noise_covariance.map(|v| f(&v)),
            label_noise_variance: f(&self.label_noise_variance),
            true_weights: self.true_weights.map(|v| f(&v)),
        }
    }
}

/// N samples (xᵢ, yᵢ); expectations are means over them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSet<T> {
    /// Row i is xᵢᵀ: N×D.
    pub features: Matrix<T>,
    /// yᵢ: a column of N.
    pub labels: Vector<T>,
}

/// Where samples come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Population<T> {
    /// Infinitely many, Gaussian.
    Gaussian(Gaussian<T>),
    /// Finitely many, given.
    Data(DataSet<T>),
}
