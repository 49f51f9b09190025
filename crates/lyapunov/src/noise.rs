//! The covariance of the minibatch gradient, averaged over v = w − w*: affine in Σ.
//!
//! A sample's gradient at w* + v is x̃e + Γw with e = x̃ᵀ(w* + v) − y = e* + x̃ᵀv. With E\[v\] = 0, and f = 1/S for
//! independent draws, (N − S)/(S(N − 1)) for distinct ones (for which the gradients in two slots are correlated by
//! −1/(N − 1)),
//!
//! ```text
//! C(Σ) = f (E[x̃x̃ᵀ e*²] − E[x̃e*]E[x̃e*]ᵀ) + f (E[x̃x̃ᵀ (x̃ᵀΣx̃)] − MΣM),    M = E[x̃x̃ᵀ] = A + B
//! ```
//!
//! A data set takes its own means. Gaussian features pair up: E\[x̃x̃ᵀ(x̃ᵀΣx̃)\] = M Tr\[MΣ\] + 2MΣM, and likewise with
//! e*.

use std::borrow::Cow;

use numbers::{Matrix, Vector, matrix};
use symbols::{Gaussian, Population, Sampling, Setting};

use crate::arithmetic::{Arithmetic, CHUNK};

/// Σ ↦ C(Σ) − C(0), and f.
#[derive(Clone)]
pub(crate) struct Noise<'a, T: Arithmetic> {
    /// f.
    pub(crate) factor: T,
    /// M.
    pub(crate) second_moment: Matrix<T>,
    /// Rows x̃ᵢᵀ of a data set.
    pub(crate) features: Option<Cow<'a, Matrix<T>>>,
}

impl<'a, T: Arithmetic> Noise<'a, T> {
    pub(crate) fn new(setting: &'a Setting<T>) -> Self {
        let features = match setting.population() {
            Population::Gaussian(_) => None,
            Population::Data(data) => Some(Cow::Borrowed(&data.features)),
        };
        Noise { factor: factor(setting), second_moment: second_moment(setting), features }
    }

    /// C(Σ) − C(0).
    pub(crate) fn linear(&self, fluctuation: &Matrix<T>) -> Matrix<T> {
        let M = &self.second_moment;
        let product = T::product(M, fluctuation);
        let sandwich = T::symmetric_product(&product, M);
        let change = match &self.features {
            None => M * matrix::trace(&product) + sandwich,
            Some(X) => mean_square(X, &T::quadratic_forms(X, fluctuation)) - sandwich,
        };
        change * self.factor.clone()
    }

    /// C at a point: C(0) at w*.
    pub(crate) fn at(&self, residual: &Residual<T>) -> Matrix<T> {
        let slope = &residual.slope;
        let covariance = match &self.features {
            None => &self.second_moment * residual.mean_square.clone() + matrix::outer(slope, slope),
            Some(X) => covariance(X, residual),
        };
        covariance * self.factor.clone()
    }
}

/// f.
fn factor<T: Arithmetic>(setting: &Setting<T>) -> T {
    let (n, S) = (T::from_integer, setting.draws().clone());
    match (setting.sampling(), setting.sample_count()) {
        // One sample makes no noise, however it is drawn.
        (_, Some(1)) => T::zero(),
        (Sampling::WithoutReplacement, Some(count)) => {
            let N = n(count as i64);
            (N.clone() - &S) / (S * (N - n(1)))
        }
        _ => n(1) / S,
    }
}

fn second_moment<T: Arithmetic>(setting: &Setting<T>) -> Matrix<T> {
    match setting.population() {
        Population::Gaussian(model) => &model.feature_covariance + &model.input_noise_covariance,
        Population::Data(data) => {
            let X = &data.features;
            mean_square(X, &Vector::from_element(X.nrows(), T::one()))
        }
    }
}

/// (1/N) Σ cᵢ xᵢxᵢᵀ.
fn mean_square<T: Arithmetic>(X: &Matrix<T>, weights: &Vector<T>) -> Matrix<T> {
    let square = T::weighted_gram(X.shape(), |n, i| X[(n, i)].clone(), |n| weights[n].clone());
    square / T::from_integer(X.nrows() as i64)
}

/// (1/N) Σ gᵢgᵢᵀ − ḡḡᵀ of the gradients xe, by differences to a rounded mean: two large squares would leave no digit of
/// a small spread.
fn covariance<T: Arithmetic>(X: &Matrix<T>, residual: &Residual<T>) -> Matrix<T> {
    let (mean, e) = (&residual.slope, &residual.samples);
    let N = T::from_integer(X.nrows() as i64);
    let difference = |n: usize, i: usize| X[(n, i)].clone() * &e[n] - &mean[i];
    let square = T::weighted_gram(X.shape(), difference, |_| T::one());
    let rest = Vector::from_fn(X.ncols(), |i, _| (0..X.nrows()).fold(T::zero(), |sum, n| sum + difference(n, i)));
    (square - matrix::outer(&rest, &rest) / N.clone()) / N
}

/// The residual e = x̃ᵀw − y at one w.
pub(crate) struct Residual<T> {
    /// e of each sample of a data set; empty for Gaussian samples.
    pub(crate) samples: Vector<T>,
    /// E\[x̃e\].
    pub(crate) slope: Vector<T>,
    /// E\[e²\].
    pub(crate) mean_square: T,
}

impl<T: Arithmetic> Residual<T> {
    pub(crate) fn at(setting: &Setting<T>, w: &Vector<T>) -> Self {
        match setting.population() {
            Population::Gaussian(model) => Self::gaussian(model, w),
            Population::Data(data) => {
                let (N, e) = (T::from_integer(data.labels.len() as i64), T::image(&data.features, w) - &data.labels);
                let slope = Vector::from_fn(w.len(), |i, _| dot(data.features.column(i).iter(), e.iter()) / &N);
                Residual { slope, mean_square: dot(e.iter(), e.iter()) / N, samples: e }
            }
        }
    }

    /// The residual with the slope along some of the weights only.
    pub(crate) fn among(&self, active: &[usize]) -> Self {
        Residual {
            samples: self.samples.clone(),
            slope: self.slope.select_rows(active),
            mean_square: self.mean_square.clone(),
        }
    }

    /// The residual in doubles.
    pub(crate) fn nearest(&self) -> Residual<f64> {
        Residual {
            samples: self.samples.map(|v| v.to_f64()),
            slope: self.slope.map(|v| v.to_f64()),
            mean_square: self.mean_square.to_f64(),
        }
    }

    /// e = w·η + (w − u)·x − ε.
    fn gaussian(model: &Gaussian<T>, w: &Vector<T>) -> Self {
        let offset = w - &model.true_weights;
        let of_features = T::image(&model.feature_covariance, &offset);
        let of_noise = T::image(&model.input_noise_covariance, w);
        let mean_square =
            dot(offset.iter(), of_features.iter()) + dot(w.iter(), of_noise.iter()) + &model.label_noise_variance;
        Residual { samples: Vector::zeros(0), slope: of_features + of_noise, mean_square }
    }
}

/// Σ xᵢyᵢ, over as many terms on the way to the sum as [`terms_of_samples`](crate::arithmetic::terms_of_samples) says.
pub(crate) fn dot<'a, T: Arithmetic>(x: impl Iterator<Item = &'a T>, y: impl Iterator<Item = &'a T>) -> T {
    let (mut whole, mut part) = (T::zero(), T::zero());
    for (n, (x, y)) in x.zip(y).enumerate() {
        if n % CHUNK == 0 {
            whole += std::mem::replace(&mut part, T::zero());
        }
        part += x.clone() * y;
    }
    whole + part
}
