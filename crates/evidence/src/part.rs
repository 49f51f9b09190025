//! The parts of a setting under their symbols: read, and replaced.

use numbers::Matrix;
use rug::Rational;
use symbols::{BatchSize, Momentum, Population, Setting};

/// A part of a setting. A number is a 1×1 matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A, of a Gaussian model.
    FeatureCovariance,
    /// B, of a Gaussian model.
    InputNoise,
    /// σ², of a Gaussian model.
    LabelNoise,
    /// u, of a Gaussian model.
    TrueWeights,
    /// xᵢ, row by row, of a data set.
    Features,
    /// yᵢ, of a data set.
    Labels,
    /// Λ.
    LearningRate,
    /// Γ.
    WeightDecay,
    /// μ.
    Momentum,
    /// S.
    BatchSize,
    /// w₀.
    InitialWeights,
}

impl Part {
    /// All of them, in the order in which a setting is described.
    pub const ALL: [Part; 11] = [
        Part::FeatureCovariance,
        Part::InputNoise,
        Part::LabelNoise,
        Part::TrueWeights,
        Part::Features,
        Part::Labels,
        Part::LearningRate,
        Part::WeightDecay,
        Part::Momentum,
        Part::BatchSize,
        Part::InitialWeights,
    ];

    /// The symbol.
    pub fn symbol(self) -> &'static str {
        match self {
            Part::FeatureCovariance => "A",
            Part::InputNoise => "B",
            Part::LabelNoise => "σ²",
            Part::TrueWeights => "u",
            Part::Features => "x",
            Part::Labels => "y",
            Part::LearningRate => "Λ",
            Part::WeightDecay => "Γ",
            Part::Momentum => "μ",
            Part::BatchSize => "S",
            Part::InitialWeights => "w₀",
        }
    }

    /// Whether it equals its transpose in every setting.
    pub fn is_symmetric(self) -> bool {
        matches!(self, Part::FeatureCovariance | Part::InputNoise | Part::LearningRate | Part::WeightDecay)
    }

    /// Its value; `None` where the samples are of the other kind.
    pub fn of(self, setting: &Setting<Rational>) -> Option<Matrix<Rational>> {
        let column = |x: &[Rational]| Matrix::from_column_slice(x.len(), 1, x);
        let number = |value: &Rational| Matrix::from_element(1, 1, value.clone());
        Some(match (self, setting.population()) {
            (Part::FeatureCovariance, Population::Gaussian(model)) => model.feature_covariance.clone(),
            (Part::InputNoise, Population::Gaussian(model)) => model.input_noise_covariance.clone(),
            (Part::LabelNoise, Population::Gaussian(model)) => number(&model.label_noise_variance),
            (Part::TrueWeights, Population::Gaussian(model)) => column(model.true_weights.as_slice()),
            (Part::Features, Population::Data(data)) => data.features.clone(),
            (Part::Labels, Population::Data(data)) => column(data.labels.as_slice()),
            (Part::LearningRate, _) => setting.learning_rate().clone(),
            (Part::WeightDecay, _) => setting.weight_decay().clone(),
            (Part::Momentum, _) => number(setting.momentum()),
            (Part::BatchSize, _) => number(&Rational::from(setting.batch_size().get())),
            (Part::InitialWeights, _) => column(setting.initial_weights().as_slice()),
            _ => return None,
        })
    }

    /// The setting with another value of it; `None` where the value does not fit.
    pub fn put(self, setting: Setting<Rational>, value: Matrix<Rational>) -> Option<Setting<Rational>> {
        let column = |value: Matrix<Rational>| (value.ncols() == 1).then(|| value.column(0).into_owned());
        let number = |value: Matrix<Rational>| (value.len() == 1).then(|| value[(0, 0)].clone());
        match self {
            Part::LearningRate => setting.with_learning_rate(value).ok(),
            Part::WeightDecay => setting.with_weight_decay(value).ok(),
            Part::Momentum => Some(setting.with_momentum(Momentum::new(number(value)?).ok()?)),
            Part::BatchSize => {
                let count = number(value).filter(Rational::is_integer)?.numer().to_u32()?;
                setting.with_batch_size(BatchSize::new(count).ok()?).ok()
            }
            Part::InitialWeights => setting.with_initial_weights(column(value)?).ok(),
            _ => {
                let mut population = setting.population().clone();
                match (self, &mut population) {
                    (Part::FeatureCovariance, Population::Gaussian(model)) => model.feature_covariance = value,
                    (Part::InputNoise, Population::Gaussian(model)) => model.input_noise_covariance = value,
                    (Part::LabelNoise, Population::Gaussian(model)) => model.label_noise_variance = number(value)?,
                    (Part::TrueWeights, Population::Gaussian(model)) => model.true_weights = column(value)?,
                    (Part::Features, Population::Data(data)) => data.features = value,
                    (Part::Labels, Population::Data(data)) => data.labels = column(value)?,
                    _ => return None,
                }
                setting.with_population(population).ok()
            }
        }
    }
}
