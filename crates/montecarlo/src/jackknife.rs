//! The jackknife over chains: the error of what is not affine in the moments, and its bias.
//!
//! A function f of means is biased where it bends: over n chains by about b/n, and over single chains n times as much.
//! With m̄ the mean of all chains and m̄₋ᵢ that of all but one,
//!
//! ```text
//! Pᵢ = n f(m̄) − (n − 1) f(m̄₋ᵢ)
//! ```
//!
//! is f(mᵢ) where f is affine. Otherwise the mean of the Pᵢ is without that part of the bias, and their spread is its
//! error. Source: Miller, *The jackknife — a review*, Biometrika 61 (1974).

use numbers::Matrix;
use symbols::{Minibatch, Moments};

use crate::mean::MeanEstimate;

/// An estimate of a function of means.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Jackknife {
    /// The value without its bias, and its standard error.
    pub estimate: MeanEstimate,
    /// What was taken off, entry by entry: the function of the mean of all chains, less the estimate.
    pub bias: Matrix<f64>,
}

impl Jackknife {
    /// Of a function of the mean of these values.
    pub(crate) fn over<M: Average>(all: &[M], of: impl Fn(&M) -> Matrix<f64>) -> Self {
        let n = all.len() as f64;
        let mean = |skipped: Option<usize>| {
            let kept = all.iter().enumerate().filter(move |(i, _)| Some(*i) != skipped).map(|(_, value)| value);
            M::average(kept)
        };
        let whole = mean(None).map_or_else(|| Matrix::zeros(0, 0), |mean| of(&mean));
        let missing = || Matrix::from_element(whole.nrows(), whole.ncols(), f64::NAN);
        let pseudovalues = (0..all.len()).map(|i| {
            let rest = mean(Some(i)).map(|mean| of(&mean)).filter(|rest| rest.shape() == whole.shape());
            &whole * n - rest.unwrap_or_else(missing) * (n - 1.0)
        });
        let estimate = MeanEstimate::over(pseudovalues);
        let bias = match estimate.mean.shape() == whole.shape() {
            true => &whole - &estimate.mean,
            false => missing(),
        };
        Jackknife { estimate, bias }
    }
}

/// Values of which there is a mean.
pub(crate) trait Average: Sized {
    /// The mean; of nothing, none.
    fn average<'a>(all: impl Iterator<Item = &'a Self>) -> Option<Self>
    where
        Self: 'a;
}

impl Average for Moments<f64> {
    fn average<'a>(all: impl Iterator<Item = &'a Self>) -> Option<Self> {
        let mut count = 0.0;
        let sum = all.inspect(|_| count += 1.0).cloned().reduce(|mut sum, other| {
            sum.fluctuation += other.fluctuation;
            sum.noise_covariance += other.noise_covariance;
            sum.train_loss += other.train_loss;
            sum.test_loss = sum.test_loss.zip(other.test_loss).map(|(sum, other)| sum + other);
            sum.buffer = sum.buffer.zip(other.buffer).map(|(mut sum, other)| {
                sum.with_weights += other.with_weights;
                sum.square += other.square;
                sum
            });
            sum
        })?;
        Some(sum.map(|value| value / count))
    }
}

impl Average for Minibatch<f64> {
    fn average<'a>(all: impl Iterator<Item = &'a Self>) -> Option<Self> {
        let mut count = 0.0;
        let mut sum = all.inspect(|_| count += 1.0).cloned().reduce(|mut sum, other| {
            sum.gradient += other.gradient;
            sum.noise_covariance += other.noise_covariance;
            sum
        })?;
        sum.gradient /= count;
        sum.noise_covariance /= count;
        Some(sum)
    }
}

#[cfg(test)]
mod tests {
    use numbers::{Vector, matrix};
    use proptest::prelude::*;
    use symbols::BufferMoments;

    use super::*;

    fn of(gradient: f64) -> Minibatch<f64> {
        Minibatch { gradient: Vector::from_element(1, gradient), noise_covariance: matrix::scalar(0.0) }
    }

    fn jackknife(values: &[f64], f: impl Fn(f64) -> f64) -> Jackknife {
        let all = Vec::from_iter(values.iter().map(|value| of(*value)));
        Jackknife::over(&all, |mean| matrix::scalar(f(mean.gradient[0])))
    }

    /// The square of the mean of 1, 2 and 6 is 9, the means without one are 4, 7/2 and 3/2, so that P is −5, 5/2 and
    /// 45/2: their mean is 20/3, and the bias 7/3 is the square of the standard error of 3, as it has to be.
    #[test]
    fn a_square_by_hand() {
        let found = jackknife(&[1.0, 2.0, 6.0], |x| x * x);
        assert!((found.estimate.mean[(0, 0)] - 20.0 / 3.0).abs() < 1e-14, "{found:?}");
        assert!((found.bias[(0, 0)] - 7.0 / 3.0).abs() < 1e-14, "{found:?}");
        let deviations = [-5.0, 2.5, 22.5].map(|value: f64| (value - 20.0 / 3.0).powi(2));
        let error = (deviations.iter().sum::<f64>() / 6.0).sqrt();
        assert!((found.estimate.standard_error[(0, 0)] - error).abs() < 1e-13, "{found:?}");
    }

    /// Each number of the mean is twice its number in the first of 1 and 3 times.
    #[test]
    fn a_mean_has_every_moment() {
        let times = |factor: f64| Moments {
            mean: None,
            fluctuation: matrix::scalar(factor),
            noise_covariance: matrix::scalar(2.0 * factor),
            train_loss: 3.0 * factor,
            test_loss: Some(4.0 * factor),
            buffer: Some(BufferMoments {
                with_weights: matrix::scalar(5.0 * factor),
                square: matrix::scalar(6.0 * factor),
            }),
        };
        let average = |all: &[Moments<f64>]| Moments::average(all.iter());
        assert_eq!(average(&[times(1.0), times(3.0)]), Some(times(2.0)));
        assert_eq!(average(&[]), None);
        let without = Moments { test_loss: None, buffer: None, ..times(3.0) };
        assert_eq!(average(&[times(1.0), without]), Some(Moments { test_loss: None, buffer: None, ..times(2.0) }));
    }

    #[test]
    fn nothing_has_no_estimate() {
        let found = Jackknife::over(&Vec::<Moments<f64>>::new(), |moments| matrix::scalar(moments.train_loss));
        assert_eq!(found.estimate.mean.shape(), (0, 0));
        assert!(jackknife(&[1.0], |x| x).estimate.mean[(0, 0)].is_nan());
    }

    proptest! {
        #[test]
        fn what_is_affine_has_no_bias(values in prop::collection::vec(-4.0f64..4.0, 2..9), a in -3.0f64..3.0, b in -3.0f64..3.0) {
            let found = jackknife(&values, |x| a * x + b);
            let mean = MeanEstimate::over(values.iter().map(|x| matrix::scalar(a * x + b)));
            prop_assert!(found.bias[(0, 0)].abs() < 1e-12);
            prop_assert!((&found.estimate.mean - &mean.mean).norm() < 1e-12);
            prop_assert!((&found.estimate.standard_error - &mean.standard_error).norm() < 1e-12);
        }
    }
}
