//! The covariance of the minibatch gradient, averaged over v = w − w*: affine in Σ.
//!
//! A sample's gradient at w* + v is x̃e + Γw with e = x̃ᵀ(w* + v) − y = e* + x̃ᵀv. With E\[v\] = 0, and f = 1/S for independent
//! draws, (N − S)/(S(N − 1)) for distinct ones (for which the gradients in two slots are correlated by −1/(N − 1)),
//!
//! ```text
//! C(Σ) = f (E[x̃x̃ᵀ e*²] − E[x̃e*]E[x̃e*]ᵀ) + f (E[x̃x̃ᵀ (x̃ᵀΣx̃)] − MΣM),    M = E[x̃x̃ᵀ] = A + B
//! ```
//!
//! A data set takes its own means. Gaussian features pair up: E\[x̃x̃ᵀ(x̃ᵀΣx̃)\] = M Tr\[MΣ\] + 2MΣM, and likewise with e*.

use symbols::{Gaussian, Matrix, Population, Sampling, Setting, Vector, matrix};

/// Σ ↦ C(Σ) − C(0), and f.
pub(crate) struct Noise {
    /// f.
    factor: f64,
    /// M.
    second_moment: Matrix<f64>,
    /// Rows x̃ᵢᵀ of a data set.
    features: Option<Matrix<f64>>,
    /// What stands before MΣM and its like: 1 where Gaussian pairings outweigh the subtraction, else −1.
    sign: f64,
}

impl Noise {
    pub(crate) fn new(setting: &Setting<f64>) -> Self {
        let S = f64::from(setting.batch_size().get());
        let factor = match (setting.sampling(), setting.sample_count()) {
            (Sampling::WithoutReplacement, Some(1)) => 0.0,
            (Sampling::WithoutReplacement, Some(N)) => (N as f64 - S) / (S * (N as f64 - 1.0)),
            _ => 1.0 / S,
        };
        let (features, sign) = match setting.population() {
            Population::Gaussian(_) => (None, 1.0),
            Population::Data(data) => (Some(data.features.clone()), -1.0),
        };
        let second_moment = setting.feature_covariance() + setting.input_noise_covariance();
        Noise { factor, second_moment, features, sign }
    }

    /// The map whose value bounds every number that a value of this one is summed from.
    pub(crate) fn magnitude(&self) -> Self {
        let second_moment = match &self.features {
            None => self.second_moment.abs(),
            Some(X) => X.abs().transpose() * X.abs() / X.nrows() as f64,
        };
        let features = self.features.as_ref().map(Matrix::abs);
        Noise { factor: self.factor.abs(), second_moment, features, sign: 1.0 }
    }

    /// M, and of the magnitude that of M.
    pub(crate) fn second_moment(&self) -> &Matrix<f64> {
        &self.second_moment
    }

    /// C(Σ) − C(0).
    pub(crate) fn linear(&self, fluctuation: &Matrix<f64>) -> Matrix<f64> {
        let M = &self.second_moment;
        let product = M * fluctuation;
        let fourth = match &self.features {
            None => M * matrix::trace(&product),
            Some(X) => weighted_square(X, &(X * fluctuation).component_mul(X).column_sum()),
        };
        (fourth + product * M * self.sign) * self.factor
    }

    /// C at a point: C(0) at w*.
    pub(crate) fn at(&self, residual: &Residual) -> Matrix<f64> {
        let fourth = match &self.features {
            None => &self.second_moment * residual.mean_square,
            Some(X) if self.sign < 0.0 => {
                return covariance(&scaled(X, &residual.samples), &residual.slope) * self.factor;
            }
            Some(X) => weighted_square(X, &residual.samples.component_mul(&residual.samples)),
        };
        (fourth + matrix::outer(&residual.slope, &residual.slope) * self.sign) * self.factor
    }
}

/// (1/N) Σ cᵢ xᵢxᵢᵀ.
fn weighted_square(X: &Matrix<f64>, weights: &Vector<f64>) -> Matrix<f64> {
    let square = X.transpose() * scaled(X, weights) / X.nrows() as f64;
    (&square + square.transpose()) * 0.5
}

/// Rows cᵢ xᵢᵀ.
fn scaled(X: &Matrix<f64>, weights: &Vector<f64>) -> Matrix<f64> {
    Matrix::from_fn(X.nrows(), X.ncols(), |i, j| weights[i] * X[(i, j)])
}

/// (1/N) Σ gᵢgᵢᵀ − ḡḡᵀ, by differences to a rounded mean: two large squares would leave no digit of a small spread.
fn covariance(gradients: &Matrix<f64>, mean: &Vector<f64>) -> Matrix<f64> {
    let N = gradients.nrows() as f64;
    let differences = Matrix::from_fn(gradients.nrows(), gradients.ncols(), |i, j| gradients[(i, j)] - mean[j]);
    let rest = differences.row_sum().transpose();
    let square = (differences.transpose() * &differences - matrix::outer(&rest, &rest) / N) / N;
    (&square + square.transpose()) * 0.5
}

/// The residual e = x̃ᵀw − y at one w.
pub(crate) struct Residual {
    /// Of each sample of a data set.
    samples: Vector<f64>,
    /// E\[x̃e\].
    pub(crate) slope: Vector<f64>,
    /// E\[e²\].
    pub(crate) mean_square: f64,
}

impl Residual {
    pub(crate) fn at(setting: &Setting<f64>, w: &Vector<f64>) -> Self {
        match setting.population() {
            Population::Gaussian(model) => Self::gaussian(model, w, &(w - &model.true_weights)),
            Population::Data(data) => Self::of_samples(&data.features, &data.features * w - &data.labels),
        }
    }

    /// With every number that it is summed from in absolute value.
    pub(crate) fn magnitude_at(setting: &Setting<f64>, w: &Vector<f64>) -> Self {
        let w = w.abs();
        match setting.map(|v| v.abs()).population() {
            Population::Gaussian(model) => Self::gaussian(model, &w, &(&w + &model.true_weights)),
            Population::Data(data) => Self::of_samples(&data.features, &data.features * w + &data.labels),
        }
    }

    /// e = w·η + (w − u)·x − ε.
    fn gaussian(model: &Gaussian<f64>, w: &Vector<f64>, offset: &Vector<f64>) -> Self {
        let of_features = &model.feature_covariance * offset;
        let of_noise = &model.input_noise_covariance * w;
        let mean_square = offset.dot(&of_features) + w.dot(&of_noise) + model.label_noise_variance;
        Residual { samples: Vector::zeros(0), slope: of_features + of_noise, mean_square }
    }

    fn of_samples(X: &Matrix<f64>, e: Vector<f64>) -> Self {
        let N = e.len() as f64;
        Residual { slope: X.transpose() * &e / N, mean_square: e.dot(&e) / N, samples: e }
    }
}
