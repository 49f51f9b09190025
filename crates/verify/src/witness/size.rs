//! How hard a setting is to check by hand.

use numbers::Matrix;
use numbers::matrix::is_positive_definite;
use rug::{Assign, Integer, Rational};
use symbols::{Population, Setting};

/// The size of a setting and of what is computed from it: where that is asked for, what is degenerate counts first, then
/// the number of weights, then that of samples, then the largest height of a fraction, then all heights together.
///
/// The height of a fraction in lowest terms is the larger one of its numerator, without sign, and its denominator.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Size {
    /// How much is degenerate; see [`Size::shunning_the_degenerate`].
    pub(crate) degenerate: usize,
    weights: usize,
    samples: usize,
    /// The largest height.
    pub(crate) height: Integer,
    /// Numerators and denominators together, with one for each minus sign.
    total: Integer,
}

/// Whether A is singular.
pub(crate) fn is_singular(setting: &Setting<Rational>) -> bool {
    !is_positive_definite(&setting.feature_covariance())
}

impl Size {
    /// The size of a setting alone.
    pub(crate) fn of(setting: &Setting<Rational>) -> Size {
        let (weights, samples) = (setting.dimension(), setting.sample_count().unwrap_or(0));
        let mut size = Size { degenerate: 0, weights, samples, height: Integer::new(), total: Integer::new() };
        match setting.population() {
            Population::Gaussian(model) => {
                size.add(&model.feature_covariance);
                size.add(&model.input_noise_covariance);
                size.add([&model.label_noise_variance]);
                size.add(&model.true_weights);
            }
            Population::Data(data) => {
                size.add(&data.features);
                size.add(&data.labels);
            }
        }
        size.add(setting.learning_rate());
        size.add(setting.weight_decay());
        size.add([setting.momentum(), setting.draws()]);
        size.add(setting.initial_weights());
        size
    }

    /// The size with what is degenerate in a setting, each before all else: A ⊁ 0, and σ² = 0. What fails there may fail
    /// there alone.
    pub(crate) fn shunning_the_degenerate(mut self, setting: &Setting<Rational>) -> Size {
        let is_noiseless =
            matches!(setting.population(), Population::Gaussian(model) if model.label_noise_variance.is_zero());
        self.degenerate = usize::from(is_singular(setting)) + usize::from(is_noiseless);
        self
    }

    /// The size of a setting and of these values besides.
    pub(crate) fn with(mut self, values: &Matrix<Rational>) -> Size {
        self.add(values);
        self
    }

    fn add<'a>(&mut self, values: impl IntoIterator<Item = &'a Rational>) {
        for value in values.into_iter().filter(|value| !value.is_zero()) {
            let (numerator, denominator) = (value.numer().as_abs(), value.denom());
            self.total += &*numerator;
            self.total += denominator;
            self.total -= u32::from(*value > 0);
            for part in [&*numerator, denominator] {
                if *part > self.height {
                    self.height.assign(part);
                }
            }
        }
    }
}
