//! The Lyapunov engine beside the exact one, whose Σ the quotients have.

use lyapunov::{Problem, solve};
use numbers::DoubleDouble;
use rug::Rational;
use symbols::{Moments, Setting};
use tables::StudyError;
use verify::allowances::AGREEMENT;

/// Whether the Σ of the exact engine lies within the bounds of the Lyapunov engine, entry by entry, and these are narrow.
pub fn has_fluctuation(setting: &Setting<Rational>, exact: &Moments<Rational>) -> Result<bool, StudyError> {
    let solution = solve(&Problem::written(&setting.map(DoubleDouble::from_rational)), &mut ())?;
    let found = &solution.moments.fluctuation;
    let is_narrow = solution.errors.fluctuation < AGREEMENT * found.norm();
    // No bound is one that is not finite.
    let number = |value: f64| Rational::from_f64(value).unwrap_or(Rational::from(-1));
    let is_within =
        |((found, exact), bound): ((&f64, &Rational), &f64)| (number(*found) - exact).abs() <= number(*bound);
    let entries = found.iter().zip(&exact.fluctuation).zip(&solution.errors.fluctuation_entries);
    Ok(is_narrow && entries.into_iter().all(is_within))
}

#[cfg(test)]
mod tests {
    use super::*;
    use numbers::{Matrix, Vector, matrix};
    use symbols::{BatchSize, Gaussian, Population};

    /// A Σ that is off by a billionth is another.
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
        let mut found = exact::stationary(&setting).unwrap();
        assert!(has_fluctuation(&setting, &found).unwrap());
        found.fluctuation *= q(1_000_000_001, 1_000_000_000);
        assert!(!has_fluctuation(&setting, &found).unwrap());
    }
}
