//! The answers of an engine, and the names of their parts.

use std::fmt;

use crate::Setting;
use numbers::{Matrix, Scalar, Vector, matrix};

/// The stationary state of SGD.
#[derive(Debug, Clone, PartialEq)]
pub struct Moments<T> {
    /// lim E\[w_t\], a column of D; `None` where an engine takes it to be w* and does not bound it.
    pub mean: Option<Vector<T>>,
    /// Σ = lim cov(w_t), symmetric D×D.
    pub fluctuation: Matrix<T>,
    /// C = lim E\[C(w_t)\], the covariance of ĝ_t given w_{t−1}, symmetric D×D.
    pub noise_covariance: Matrix<T>,
    /// L_train = lim E\[L(w_t)\], of the full loss, regularizer included.
    pub train_loss: T,
    /// L_test = lim E\[½ (w_t − u)ᵀ A (w_t − u)\]; `None` for a data set, whose labels come from no true weights.
    pub test_loss: Option<T>,
    /// The second moments of the buffer; `None` where an engine has none.
    pub buffer: Option<BufferMoments<T>>,
}

/// The second moments of the buffer m of the momentum in the stationary state, where its mean is zero. Of one time, the
/// buffer is that of the step that led to the weights: m_t = μ m_{t−1} + ĝ_t and w_t = w_{t−1} − Λ m_t.
#[derive(Debug, Clone, PartialEq)]
pub struct BufferMoments<T> {
    /// E\[(w_t − w*) m_tᵀ\], D×D.
    pub with_weights: Matrix<T>,
    /// E\[m_t m_tᵀ\], symmetric D×D.
    pub square: Matrix<T>,
}

impl<T: Scalar> BufferMoments<T> {
    /// The moments over another field.
    pub fn map<U: Scalar>(&self, f: impl Fn(&T) -> U) -> BufferMoments<U> {
        BufferMoments { with_weights: self.with_weights.map(|v| f(&v)), square: self.square.map(|v| f(&v)) }
    }
}

impl<T: Scalar> Moments<T> {
    /// The moments over another field.
    pub fn map<U: Scalar>(&self, f: impl Fn(&T) -> U) -> Moments<U> {
        Moments {
            mean: self.mean.as_ref().map(|mean| mean.map(|v| f(&v))),
            fluctuation: self.fluctuation.map(|v| f(&v)),
            noise_covariance: self.noise_covariance.map(|v| f(&v)),
            train_loss: f(&self.train_loss),
            test_loss: self.test_loss.as_ref().map(&f),
            buffer: self.buffer.as_ref().map(|buffer| buffer.map(&f)),
        }
    }
}

/// The gradient ĝ of one minibatch at the initial weights w₀, over all minibatches.
#[derive(Debug, Clone, PartialEq)]
pub struct Minibatch<T> {
    /// E\[ĝ\], a column of D.
    pub gradient: Vector<T>,
    /// C(w₀) = cov(ĝ), symmetric D×D.
    pub noise_covariance: Matrix<T>,
}

/// A quantity that a claim speaks about and an engine measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// Σ.
    Fluctuation,
    /// C.
    NoiseCovariance,
    /// ΛCΛ, the covariance that one step adds.
    StepCovariance,
    /// L_train.
    TrainLoss,
    /// L_test.
    TestLoss,
    /// E\[ĝ\] at w₀.
    MinibatchGradient,
    /// C(w₀).
    MinibatchNoise,
}

impl Quantity {
    /// All of them.
    pub const ALL: [Quantity; 7] = [
        Quantity::Fluctuation,
        Quantity::NoiseCovariance,
        Quantity::StepCovariance,
        Quantity::TrainLoss,
        Quantity::TestLoss,
        Quantity::MinibatchGradient,
        Quantity::MinibatchNoise,
    ];

    /// Whether the quantity belongs to the first step and not to the stationary state.
    pub fn is_of_one_minibatch(self) -> bool {
        matches!(self, Quantity::MinibatchGradient | Quantity::MinibatchNoise)
    }

    /// The quantity, read off a stationary state; `None` where that state does not hold it.
    pub fn of_moments<T: Scalar>(self, setting: &Setting<T>, moments: &Moments<T>) -> Option<Matrix<T>> {
        let L = setting.learning_rate();
        match self {
            Quantity::Fluctuation => Some(moments.fluctuation.clone()),
            Quantity::NoiseCovariance => Some(moments.noise_covariance.clone()),
            Quantity::StepCovariance => Some(L * &moments.noise_covariance * L),
            Quantity::TrainLoss => Some(matrix::scalar(moments.train_loss.clone())),
            Quantity::TestLoss => moments.test_loss.clone().map(matrix::scalar),
            Quantity::MinibatchGradient | Quantity::MinibatchNoise => None,
        }
    }

    /// The quantity, read off the first step; `None` where it belongs to the stationary state.
    pub fn of_minibatch<T: Scalar>(self, minibatch: &Minibatch<T>) -> Option<Matrix<T>> {
        match self {
            Quantity::MinibatchGradient => {
                let gradient = &minibatch.gradient;
                Some(Matrix::from_column_slice(gradient.len(), 1, gradient.as_slice()))
            }
            Quantity::MinibatchNoise => Some(minibatch.noise_covariance.clone()),
            _ => None,
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Quantity::Fluctuation => "Σ",
            Quantity::NoiseCovariance => "C",
            Quantity::StepCovariance => "ΛCΛ",
            Quantity::TrainLoss => "L_train",
            Quantity::TestLoss => "L_test",
            Quantity::MinibatchGradient => "E[ĝ]",
            Quantity::MinibatchNoise => "C(w₀)",
        })
    }
}
