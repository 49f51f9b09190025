//! A setting that can be run.

use symbols::{Population, Setting};

use crate::error::MonteCarloError;

/// Refuses a setting with an entry that is infinite or NaN.
pub(crate) fn check_finite(setting: &Setting<f64>) -> Result<(), MonteCarloError> {
    all_finite("learning_rate", setting.learning_rate())?;
    all_finite("momentum", &[*setting.momentum()])?;
    all_finite("weight_decay", setting.weight_decay())?;
    all_finite("initial_weights", setting.initial_weights())?;
    match setting.population() {
        Population::Gaussian(model) => {
            all_finite("feature_covariance", &model.feature_covariance)?;
            all_finite("input_noise_covariance", &model.input_noise_covariance)?;
            all_finite("label_noise_variance", &[model.label_noise_variance])?;
            all_finite("true_weights", &model.true_weights)?;
        }
        Population::Data(data) => {
            all_finite("features", &data.features)?;
            all_finite("labels", &data.labels)?;
        }
    }
    all_finite("hessian", &setting.hessian())
}

/// Refuses a quantity with such an entry.
pub(crate) fn all_finite<'a>(
    quantity: &'static str,
    entries: impl IntoIterator<Item = &'a f64>,
) -> Result<(), MonteCarloError> {
    match entries.into_iter().find(|entry| !entry.is_finite()) {
        Some(&value) => Err(MonteCarloError::NotFinite { quantity, value }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use numbers::{Vector, matrix};
    use symbols::{BatchSize, DataSet, Gaussian, Momentum};

    #[test]
    fn the_first_entry_that_is_no_number_is_named() {
        assert_eq!(all_finite("numbers", &[1.0, -2.0, f64::MAX]), Ok(()));
        assert_eq!(all_finite("numbers", &[]), Ok(()));
        let infinite = MonteCarloError::NotFinite { quantity: "numbers", value: f64::NEG_INFINITY };
        assert_eq!(all_finite("numbers", &[1.0, f64::NEG_INFINITY, f64::INFINITY]), Err(infinite));
        assert!(all_finite("numbers", &[f64::NAN]).is_err());
    }

    /// The name of what is infinite in a setting with one number for each quantity.
    fn refused(index: usize) -> Option<&'static str> {
        let x: Vec<f64> = (0..6).map(|i| if i == index { f64::INFINITY } else { 0.5 }).collect();
        let population = Population::Gaussian(Gaussian {
            feature_covariance: matrix::scalar(x[0]),
            input_noise_covariance: matrix::scalar(x[1]),
            label_noise_variance: x[2],
            true_weights: Vector::from_element(1, x[3]),
        });
        let setting = Setting::new(population, matrix::scalar(x[4]), BatchSize::new(1).unwrap())
            .unwrap()
            .with_momentum(Momentum::new(0.5).unwrap())
            .with_weight_decay(matrix::scalar(x[5]))
            .unwrap();
        match check_finite(&setting) {
            Ok(()) => None,
            Err(MonteCarloError::NotFinite { quantity, .. }) => Some(quantity),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn every_part_of_a_setting_has_to_be_finite() {
        let names = ["feature_covariance", "input_noise_covariance", "label_noise_variance", "true_weights"];
        let names = names.into_iter().chain(["learning_rate", "weight_decay"]);
        names.enumerate().for_each(|(i, name)| assert_eq!(refused(i), Some(name)));
        assert_eq!(refused(6), None);
        let samples = |x: f64, y: f64| {
            let data = DataSet { features: matrix::scalar(x), labels: Vector::from_element(1, y) };
            let setting = Setting::new(Population::Data(data), matrix::scalar(1.0), BatchSize::new(1).unwrap());
            check_finite(&setting.unwrap())
        };
        let infinite = |quantity| Err(MonteCarloError::NotFinite { quantity, value: f64::INFINITY });
        assert_eq!(samples(1.0, 1.0), Ok(()));
        assert_eq!(samples(f64::INFINITY, 1.0), infinite("features"));
        assert_eq!(samples(1.0, f64::INFINITY), infinite("labels"));
        // Its square overflows.
        assert_eq!(samples(1e200, 1.0), infinite("hessian"));
    }
}
