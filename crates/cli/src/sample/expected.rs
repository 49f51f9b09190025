//! The standard error that a run should have, by exact fourth moments, which no chain had a part in.

use exact::{ExactError, time_average_variance};
use montecarlo::{Draws, LabelNoise};
use numbers::{Matrix, nearest_f64};
use problem::Source;
use rug::Rational;
use symbols::Setting;

/// Components of (w, m), and numbers of a data set, up to which fourth moments take a fraction of a second.
const COMPONENTS: usize = 4;
const ENTRIES: usize = 64;

/// The relative standard error of Σ, Frobenius, after so many stationary steps of all chains together.
///
/// It is infinite where the fourth moment diverges, and `None` where the problem is too large, minibatches are not
/// independent, label noise is no Gaussian, or nothing fluctuates.
pub fn relative_error(source: &Source, setting: &Setting<f64>, draws: Draws, steps: f64) -> Option<f64> {
    if !matches!(draws, Draws::InDistribution | Draws::Literal(LabelNoise::Gaussian)) {
        return None;
    }
    let D = setting.dimension();
    let components = if *setting.momentum() == 0.0 { D } else { 2 * D };
    if components > COMPONENTS || setting.sample_count().unwrap_or(1) * D > ENTRIES {
        return None;
    }
    match variance(&source.read().ok()?) {
        Ok(variance) => Some((variance? / steps).sqrt()),
        Err(ExactError::HeavyTail { .. }) => Some(f64::INFINITY),
        Err(_) => None,
    }
}

/// That of one step, squared, correlation of the chain included.
fn variance(setting: &Setting<Rational>) -> Result<Option<f64>, ExactError> {
    let D = setting.dimension();
    let fluctuation = exact::stationary(setting)?.fluctuation;
    let mut sum = Rational::new();
    for (i, j) in (0..D).flat_map(|i| (0..=i).map(move |j| (i, j))) {
        let mut quadratic: Matrix<Rational> = Matrix::zeros(D, D);
        quadratic[(i, j)] += 1;
        let twice = u32::from(i != j) + 1;
        // vᵀQv = vᵢvⱼ whether Q is symmetric or not.
        sum += time_average_variance(setting, &quadratic)? * twice;
    }
    let square = fluctuation.iter().fold(Rational::new(), |sum, entry| sum + Rational::from(entry * entry));
    Ok((!square.is_zero()).then(|| nearest_f64(&(sum / square))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use numbers::{Vector, matrix::scalar};
    use symbols::{BatchSize, Gaussian, Population};

    /// a = σ² = 1, S = 2, λ = ½: Σ = ½, v² has the variance 5/16, and remembers half of itself in each step.
    #[test]
    fn the_variance_of_one_weight_is_that_by_hand() {
        let q = |n, d| Rational::from((n, d));
        let population = Population::Gaussian(Gaussian {
            feature_covariance: scalar(q(1, 1)),
            input_noise_covariance: scalar(q(0, 1)),
            label_noise_variance: q(1, 1),
            true_weights: Vector::from_element(1, q(0, 1)),
        });
        let setting = Setting::new(population, scalar(q(1, 2)), BatchSize::new(2).unwrap()).unwrap();
        let fluctuation = exact::stationary(&setting).unwrap().fluctuation[(0, 0)].clone();
        let expected = nearest_f64(&(q(15, 16) / &fluctuation / &fluctuation));
        assert_eq!(variance(&setting).unwrap(), Some(expected));
    }
}
