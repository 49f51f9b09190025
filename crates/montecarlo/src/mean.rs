//! Means over independent values, and what their spread says of their error.

use numbers::Matrix;

use crate::budget::{POWER, p_value, threshold};

/// A mean over independent chains or blocks.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MeanEstimate {
    /// The mean, entry by entry.
    pub mean: Matrix<f64>,
    /// Its standard error, from the spread between the chains.
    pub standard_error: Matrix<f64>,
    /// How many chains.
    pub chains: usize,
}

impl MeanEstimate {
    /// From one value a chain. A value whose shape is not that of the first counts as NaN.
    pub fn over(values: impl Iterator<Item = Matrix<f64>>) -> Self {
        let values: Vec<_> = values.collect();
        let (rows, columns) = values.first().map_or((0, 0), |value| value.shape());
        let entry = |value: &Matrix<f64>, place: (usize, usize)| value.get(place).copied().unwrap_or(f64::NAN);
        let chains = values.len() as f64;
        let mean = Matrix::from_fn(rows, columns, |i, j| {
            values.iter().map(|value| entry(value, (i, j))).sum::<f64>() / chains
        });
        let standard_error = Matrix::from_fn(rows, columns, |i, j| {
            let squares: f64 = values.iter().map(|value| (entry(value, (i, j)) - mean[(i, j)]).powi(2)).sum();
            (squares / (chains - 1.0) / chains).sqrt()
        });
        MeanEstimate { mean, standard_error, chains: values.len() }
    }

    /// The size of the standard error against that of the mean: ‖standard error‖/‖mean‖, Frobenius; 0 where both are 0.
    pub fn relative_error(&self) -> f64 {
        let error = self.standard_error.norm();
        if error == 0.0 { 0.0 } else { error / self.mean.norm() }
    }

    /// Mean over standard error, entry by entry: how far each entry is from zero. 0 where both are 0.
    pub fn z_scores(&self) -> Matrix<f64> {
        let z = |mean: f64, error: f64| if mean == 0.0 && error == 0.0 { 0.0 } else { mean / error };
        self.mean.zip_map(&self.standard_error, z)
    }

    /// The |z| that one entry whose expectation is zero exceeds with probability `false_alarm`:
    /// [`threshold`](crate::threshold) for so many chains. For k entries together, ask with `false_alarm`/k, or see
    /// [`holm`](crate::holm).
    pub fn threshold(&self, false_alarm: f64) -> f64 {
        threshold(self.chains, false_alarm)
    }

    /// The probability of a |z| at least that large where the expectation is zero, entry by entry; 0 for NaN.
    pub fn p_values(&self) -> Matrix<f64> {
        self.z_scores().map(|z| p_value(self.chains, z))
    }

    /// The smallest discrepancy that a test at `false_alarm` finds with a probability of 99 %, entry by entry:
    ///
    /// ```text
    /// (threshold + t₀.₉₉) · standard error,    P(T ≤ t₀.₉₉) = 0.99
    /// ```
    ///
    /// The T of a mean that is not zero is taken to be Student's law, shifted.
    pub fn detectable(&self, false_alarm: f64) -> Matrix<f64> {
        // One-sided: the other tail is nowhere near.
        let factor = self.threshold(false_alarm) + threshold(self.chains, 2.0 * (1.0 - POWER));
        self.standard_error.map(|error| factor * error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use numbers::matrix;

    fn over(values: &[f64]) -> MeanEstimate {
        MeanEstimate::over(values.iter().map(|&value| matrix::scalar(value)))
    }

    #[test]
    fn mean_and_standard_error_of_three_chains() {
        let estimate = over(&[1.0, 2.0, 6.0]);
        assert_eq!(estimate.mean[(0, 0)], 3.0);
        // Deviations −2, −1, 3: variance 14/2, of the mean 7/3.
        assert_eq!(estimate.standard_error[(0, 0)], (7.0f64 / 3.0).sqrt());
        assert_eq!(estimate.z_scores()[(0, 0)], 3.0 / (7.0f64 / 3.0).sqrt());
        assert_eq!(estimate.relative_error(), (7.0f64 / 3.0).sqrt() / 3.0);
    }

    #[test]
    fn an_identity_that_holds_exactly_scores_zero() {
        assert_eq!(over(&[0.0, 0.0]).z_scores()[(0, 0)], 0.0);
        assert_eq!(over(&[0.0, 0.0]).relative_error(), 0.0);
        assert_eq!(over(&[1.0, 1.0]).z_scores()[(0, 0)], f64::INFINITY);
    }

    #[test]
    fn a_detectable_discrepancy_is_detected_99_times_in_100() {
        let (chains, false_alarm, runs) = (128, 1e-3, 20_000);
        let mut numbers = vec![0.0; chains * runs];
        crate::stream::standard_normals(8, &mut numbers);
        // Of chains with variance 1, so that the standard error of the mean is known.
        let unit = MeanEstimate {
            mean: matrix::scalar(0.0),
            standard_error: matrix::scalar((chains as f64).powf(-0.5)),
            chains,
        };
        let shift = unit.detectable(false_alarm)[(0, 0)];
        let detected = numbers.chunks_exact(chains).filter(|run| {
            let found = over(&run.iter().map(|x| x + shift).collect::<Vec<_>>());
            found.z_scores()[(0, 0)].abs() > found.threshold(false_alarm)
        });
        let rate = detected.count() as f64 / runs as f64;
        // Five standard deviations; and the law of a shifted T is a little skew.
        assert!((rate - 0.99).abs() < 0.0035 + 0.002, "{rate}");
    }

    /// 1 and 5 have the mean 3 and the error 2. Two chains have Cauchy's law: P(|T| > t) = 1 − (2/π) arctan t, which is
    /// p for t = cot(πp/2).
    #[test]
    fn two_chains_are_judged_by_cauchys_law() {
        use std::f64::consts::FRAC_PI_2;
        let estimate = over(&[1.0, 5.0]);
        assert_eq!(
            [estimate.mean[(0, 0)], estimate.standard_error[(0, 0)], estimate.z_scores()[(0, 0)]],
            [3.0, 2.0, 1.5]
        );
        let p = 1.0 - 1.5_f64.atan() / FRAC_PI_2;
        assert!((estimate.p_values()[(0, 0)] / p - 1.0).abs() < 1e-9);
        let exceeded = |p: f64| 1.0 / (FRAC_PI_2 * p).tan();
        assert!((estimate.threshold(1e-3) / exceeded(1e-3) - 1.0).abs() < 1e-9);
        // The upper hundredth is half of what |T| exceeds with probability 1/50.
        let detectable = 2.0 * (exceeded(1e-3) + exceeded(0.02));
        assert!((estimate.detectable(1e-3)[(0, 0)] / detectable - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_value_of_another_shape_counts_as_nan() {
        let values = [Matrix::from_element(2, 1, 1.0), matrix::scalar(3.0)];
        let estimate = MeanEstimate::over(values.into_iter());
        assert_eq!(estimate.mean[(0, 0)], 2.0);
        assert!(estimate.mean[(1, 0)].is_nan() && estimate.standard_error[(1, 0)].is_nan());
        assert_eq!(estimate.chains, 2);
    }
}
