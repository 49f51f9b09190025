//! The Lyapunov engine beside the exact one, on whose Σ a table rests: at how many of its settings the two have the same.

use numbers::Matrix;
use rug::Rational;
use symbols::Setting;
use tables::{Judged, StudyError};
use verify::certifies;

/// The settings at which the Lyapunov engine was asked, too.
#[derive(Default)]
pub struct Certified {
    settings: usize,
    equal: usize,
}

impl Certified {
    /// Asks the engine about the Σ that was found at a setting.
    ///
    /// # Errors
    /// [`StudyError::Lyapunov`] where it has no answer.
    pub fn compare(&mut self, setting: &Setting<Rational>, fluctuation: &Matrix<Rational>) -> Result<(), StudyError> {
        self.settings += 1;
        self.equal += usize::from(certifies(setting, fluctuation)?);
        Ok(())
    }

    /// Whether it was asked, and has the same Σ everywhere.
    pub fn agrees(&self) -> bool {
        self.settings > 0 && self.equal == self.settings
    }

    /// The figures in words.
    pub fn said(&self) -> String {
        format!("certified doubles have the exact `Σ` at {} of {} settings", self.equal, self.settings)
    }

    /// A verdict with the figures.
    pub fn figures(&self, judged: Judged) -> Judged {
        judged.with("settings", self.settings as f64).with("settings_where_certified_doubles_agree", self.equal as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use numbers::{Vector, matrix};
    use symbols::{BatchSize, Gaussian, Population};

    /// A Σ that is off by a billionth is another, and one other Σ is enough.
    #[test]
    fn another_fluctuation_is_told() {
        let q = |n: i32, d: u32| Rational::from((n, d));
        let model = Gaussian {
            feature_covariance: Matrix::from_diagonal(&Vector::from_vec(vec![q(3, 2), q(1, 3)])),
            input_noise_covariance: Matrix::zeros(2, 2),
            label_noise_variance: q(1, 5),
            true_weights: Vector::zeros(2),
        };
        let rate = matrix::identity::<Rational>(2) * q(1, 10);
        let setting = Setting::new(Population::Gaussian(model), rate, BatchSize::new(3).unwrap()).unwrap();
        let found = exact::stationary(&setting).unwrap().fluctuation;
        let mut certified = Certified::default();
        assert!(!certified.agrees(), "nothing was compared");
        certified.compare(&setting, &found).unwrap();
        assert!(certified.agrees());
        certified.compare(&setting, &(found * q(1_000_000_001, 1_000_000_000))).unwrap();
        assert!(!certified.agrees());
        assert_eq!(certified.said(), "certified doubles have the exact `Σ` at 1 of 2 settings");
    }
}
