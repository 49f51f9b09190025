//! How hard a setting is to check by hand.

use numbers::Matrix;
use rug::{Assign, Integer, Rational};
use symbols::{Population, Setting};

/// The size of a setting and of what is computed from it: the number of weights counts first, then that of samples,
/// then the largest height of a fraction, then all heights together.
///
/// The height of a fraction in lowest terms is the larger one of its numerator, without sign, and its denominator.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Size {
    weights: usize,
    samples: usize,
    /// The largest height.
    pub(crate) height: Integer,
    /// Numerators and denominators together, with one for each minus sign.
    total: Integer,
}

impl Size {
    /// The size of a setting alone.
    pub(crate) fn of(setting: &Setting<Rational>) -> Size {
        let (weights, samples) = (setting.dimension(), setting.sample_count().unwrap_or(0));
        let mut size = Size { weights, samples, height: Integer::new(), total: Integer::new() };
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
