//! One problem, one form: everything that eq. (1) needs to run.
//!
//! A scalar λ is Λ = λI, plain SGD is μ = 0, one dimension is D = 1, an unregularized problem is Γ = 0. Nobody writes
//! a case twice. Bounds are checked once, at construction; [`Setting::map`] carries a checked setting into another
//! field without asking again.

use std::hash::{Hash, Hasher};

use crate::parameter::{BatchSize, Momentum, Sampling, SettingError};
use crate::population::{DataSet, Population};
use numbers::Scalar;
use numbers::matrix::{self, Matrix, Singular, Vector};

/// Everything that eq. (1) needs to run:
///
/// ```text
/// ĝ_t = (1/S) Σ_{i∈B_t} ∇ℓ_i(w_{t−1}),   m_t = μ m_{t−1} + ĝ_t,   w_t = w_{t−1} − Λ m_t
/// ℓ_i(w) = ½ (wᵀx̃_i − y_i)² + ½ wᵀΓw,     x̃ = x + η
/// ```
///
/// Shapes fit and Λ, Γ, A, B are symmetric: checked at construction. Positive semidefiniteness is not: a claim may be
/// tried outside it, and a problem file is checked where it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    population: Population<T>,
    learning_rate: Matrix<T>,
    batch_size: BatchSize,
    /// S as an element of the field; it differs from the count only where an identity is proved.
    draws: T,
    momentum: Momentum<T>,
    weight_decay: Matrix<T>,
    sampling: Sampling,
    initial_weights: Vector<T>,
}

/// Equal settings ask the same question, so that an answer can be kept under its setting.
impl<T: Scalar + Hash> Hash for Setting<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.population {
            Population::Gaussian(model) => {
                model.feature_covariance.hash(state);
                model.input_noise_covariance.hash(state);
                model.label_noise_variance.hash(state);
                model.true_weights.hash(state);
            }
            Population::Data(data) => {
                data.features.hash(state);
                data.labels.hash(state);
            }
        }
        let Setting { learning_rate, batch_size, momentum, weight_decay, sampling, initial_weights, .. } = self;
        (learning_rate, batch_size, self.draws(), momentum, weight_decay, sampling, initial_weights).hash(state);
    }
}

impl<T: Scalar> Setting<T> {
    /// Plain SGD: μ = 0, Γ = 0, sampling with replacement, w₀ = 0.
    ///
    /// # Errors
    /// [`SettingError`] where D = 0, shapes do not fit, or Λ, A or B is not symmetric.
    pub fn new(
        population: Population<T>,
        learning_rate: Matrix<T>,
        batch_size: BatchSize,
    ) -> Result<Self, SettingError> {
        let D = learning_rate.nrows();
        let setting = Setting {
            population,
            learning_rate,
            batch_size,
            draws: T::from_integer(batch_size.get().into()),
            momentum: Momentum::zero(),
            weight_decay: Matrix::zeros(D, D),
            sampling: Sampling::WithReplacement,
            initial_weights: Vector::zeros(D),
        };
        setting.checked()
    }

    fn checked(self) -> Result<Self, SettingError> {
        let D = self.learning_rate.nrows();
        if D == 0 {
            return Err(SettingError::OutOfRange {
                quantity: "dimension",
                value: "0".into(),
                expected: "at least 1 weight",
            });
        }
        symmetric("learning_rate", &self.learning_rate, D)?;
        symmetric("weight_decay", &self.weight_decay, D)?;
        shape("initial_weights", self.initial_weights.shape(), (D, 1))?;
        match &self.population {
            Population::Gaussian(model) => {
                symmetric("feature_covariance", &model.feature_covariance, D)?;
                symmetric("input_noise_covariance", &model.input_noise_covariance, D)?;
                shape("true_weights", model.true_weights.shape(), (D, 1))?;
                if self.sampling == Sampling::WithoutReplacement {
                    return Err(SettingError::OutOfRange {
                        quantity: "sampling",
                        value: self.sampling.to_string(),
                        expected: "with-replacement, unless the samples are a data set",
                    });
                }
            }
            Population::Data(data) => {
                let N = data.features.nrows();
                shape("features", data.features.shape(), (N, D))?;
                shape("labels", data.labels.shape(), (N, 1))?;
                if N == 0 {
                    return Err(SettingError::OutOfRange {
                        quantity: "number of samples",
                        value: "0".into(),
                        expected: "at least 1",
                    });
                }
                if self.sampling == Sampling::WithoutReplacement && self.batch_size.get() as usize > N {
                    return Err(SettingError::OutOfRange {
                        quantity: "batch_size",
                        value: self.batch_size.get().to_string(),
                        expected: "at most the number of samples, when drawn without replacement",
                    });
                }
            }
        }
        Ok(self)
    }

    /// With other samples.
    ///
    /// # Errors
    /// [`SettingError`] where they do not fit.
    pub fn with_population(self, population: Population<T>) -> Result<Self, SettingError> {
        Setting { population, ..self }.checked()
    }

    /// With another Λ.
    ///
    /// # Errors
    /// [`SettingError`] where Λ is not a symmetric D×D matrix.
    pub fn with_learning_rate(self, learning_rate: Matrix<T>) -> Result<Self, SettingError> {
        Setting { learning_rate, ..self }.checked()
    }

    /// With another S.
    ///
    /// # Errors
    /// [`SettingError`] where S > N and the sampling is without replacement.
    pub fn with_batch_size(self, batch_size: BatchSize) -> Result<Self, SettingError> {
        Setting { batch_size, draws: T::from_integer(batch_size.get().into()), ..self }.checked()
    }

    /// With elements of the field in place of μ and S, for identities between rational functions of them: no bound is
    /// checked, and what counts draws still counts [`batch_size`](Setting::batch_size).
    pub fn with_indeterminates(self, momentum: T, draws: T) -> Self {
        Setting { momentum: Momentum::indeterminate(momentum), draws, ..self }
    }

    /// With another μ.
    pub fn with_momentum(self, momentum: Momentum<T>) -> Self {
        Setting { momentum, ..self }
    }

    /// With another Γ.
    ///
    /// # Errors
    /// [`SettingError`] where Γ is not a symmetric D×D matrix.
    pub fn with_weight_decay(self, weight_decay: Matrix<T>) -> Result<Self, SettingError> {
        Setting { weight_decay, ..self }.checked()
    }

    /// With another sampling.
    ///
    /// # Errors
    /// [`SettingError`] for sampling without replacement from infinitely many samples, or of more than there are.
    pub fn with_sampling(self, sampling: Sampling) -> Result<Self, SettingError> {
        Setting { sampling, ..self }.checked()
    }

    /// With another w₀.
    ///
    /// # Errors
    /// [`SettingError`] where w₀ is not a column of D.
    pub fn with_initial_weights(self, initial_weights: Vector<T>) -> Result<Self, SettingError> {
        Setting { initial_weights, ..self }.checked()
    }

    /// The same setting over another field.
    pub fn map<U: Scalar>(&self, f: impl Fn(&T) -> U) -> Setting<U> {
        let matrix = |M: &Matrix<T>| M.map(|v| f(&v));
        let vector = |x: &Vector<T>| x.map(|v| f(&v));
        Setting {
            population: match &self.population {
                Population::Gaussian(model) => Population::Gaussian(model.map(&f)),
                Population::Data(data) => {
                    Population::Data(DataSet { features: matrix(&data.features), labels: vector(&data.labels) })
                }
            },
            learning_rate: matrix(&self.learning_rate),
            batch_size: self.batch_size,
            draws: f(&self.draws),
            momentum: self.momentum.map(&f),
            weight_decay: matrix(&self.weight_decay),
            sampling: self.sampling,
            initial_weights: vector(&self.initial_weights),
        }
    }

    /// D, the number of weights.
    pub fn dimension(&self) -> usize {
        self.learning_rate.nrows()
    }

    /// Where samples come from.
    pub fn population(&self) -> &Population<T> {
        &self.population
    }

    /// Λ.
    pub fn learning_rate(&self) -> &Matrix<T> {
        &self.learning_rate
    }

    /// S.
    pub fn batch_size(&self) -> BatchSize {
        self.batch_size
    }

    /// S, in the field.
    pub fn draws(&self) -> &T {
        &self.draws
    }

    /// μ.
    pub fn momentum(&self) -> &T {
        self.momentum.value()
    }

    /// Γ.
    pub fn weight_decay(&self) -> &Matrix<T> {
        &self.weight_decay
    }

    /// How a minibatch is drawn.
    pub fn sampling(&self) -> Sampling {
        self.sampling
    }

    /// w₀.
    pub fn initial_weights(&self) -> &Vector<T> {
        &self.initial_weights
    }

    /// N, or `None` for infinitely many samples.
    pub fn sample_count(&self) -> Option<usize> {
        match &self.population {
            Population::Gaussian(_) => None,
            Population::Data(data) => Some(data.features.nrows()),
        }
    }

    /// A = E\[xxᵀ\]; for a data set (1/N) Σ xᵢxᵢᵀ.
    pub fn feature_covariance(&self) -> Matrix<T> {
        match &self.population {
            Population::Gaussian(model) => model.feature_covariance.clone(),
            Population::Data(data) => data.features.transpose() * &data.features / count(data),
        }
    }

    /// B; zero for a data set.
    pub fn input_noise_covariance(&self) -> Matrix<T> {
        match &self.population {
            Population::Gaussian(model) => model.input_noise_covariance.clone(),
            Population::Data(_) => Matrix::zeros(self.dimension(), self.dimension()),
        }
    }

    /// u; for a data set the least-squares weights, A u = (1/N) Σ xᵢyᵢ.
    ///
    /// # Errors
    /// [`Singular`] where a data set does not determine them.
    pub fn true_weights(&self) -> Result<Vector<T>, Singular> {
        match &self.population {
            Population::Gaussian(model) => Ok(model.true_weights.clone()),
            Population::Data(data) => {
                let u = matrix::solve(&self.feature_covariance(), &Matrix::from_columns(&[label_moment(data)]))?;
                Ok(u.column(0).into_owned())
            }
        }
    }

    /// σ²; for a data set the mean squared residual (1/N) Σ (uᵀxᵢ − yᵢ)² of the least-squares weights.
    ///
    /// # Errors
    /// [`Singular`] where a data set does not determine them.
    pub fn label_noise_variance(&self) -> Result<T, Singular> {
        match &self.population {
            Population::Gaussian(model) => Ok(model.label_noise_variance.clone()),
            Population::Data(data) => {
                let residuals = &data.features * self.true_weights()? - &data.labels;
                Ok(residuals.dot(&residuals) / count(data))
            }
        }
    }

    /// E\[x̃y\], a column of D, with which ∇L(w) = Kw − E\[x̃y\]: A u; for a data set (1/N) Σ xᵢyᵢ.
    pub fn label_moment(&self) -> Vector<T> {
        match &self.population {
            Population::Gaussian(model) => &model.feature_covariance * &model.true_weights,
            Population::Data(data) => label_moment(data),
        }
    }

    /// K = A + B + Γ, the Hessian of the full loss.
    pub fn hessian(&self) -> Matrix<T> {
        self.feature_covariance() + self.input_noise_covariance() + &self.weight_decay
    }

    /// w*, where the gradient of the full loss vanishes: K w* = E\[x̃y\]. It is the only minimizer of the loss if K is
    /// positive definite.
    ///
    /// # Errors
    /// [`Singular`] where K has no inverse, so that there is not exactly one such point.
    pub fn minimizer(&self) -> Result<Vector<T>, Singular> {
        let w = matrix::solve(&self.hessian(), &Matrix::from_columns(&[self.label_moment()]))?;
        Ok(w.column(0).into_owned())
    }
}

fn count<T: Scalar>(data: &DataSet<T>) -> T {
    T::from_integer(data.features.nrows() as i64)
}

fn label_moment<T: Scalar>(data: &DataSet<T>) -> Vector<T> {
    data.features.transpose() * &data.labels / count(data)
}

fn shape(quantity: &'static str, found: (usize, usize), expected: (usize, usize)) -> Result<(), SettingError> {
    if found == expected {
        return Ok(());
    }
    Err(SettingError::Shape {
        quantity,
        rows: found.0,
        columns: found.1,
        expected_rows: expected.0,
        expected_columns: expected.1,
    })
}

fn symmetric<T: Scalar>(quantity: &'static str, M: &Matrix<T>, D: usize) -> Result<(), SettingError> {
    shape(quantity, M.shape(), (D, D))?;
    for row in 0..D {
        for column in 0..row {
            if M[(row, column)] != M[(column, row)] {
                return Err(SettingError::NotSymmetric { quantity, row, column });
            }
        }
    }
    Ok(())
}
