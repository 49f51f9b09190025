//! The gradient of the first minibatch, over all minibatches.

use symbols::matrix::{self, Matrix, Vector};
use symbols::{DataSet, Minibatch, Population, Sampling, Scalar, Setting};

use crate::ExactError;
use crate::noise::Noise;

/// The most minibatches that [`minibatch`] enumerates.
pub const MINIBATCH_LIMIT: usize = 1_000_000;

/// Mean and covariance of ĝ at w₀.
///
/// ```text
/// E[ĝ] = mean over minibatches,    C(w₀) = E[ĝĝᵀ] − E[ĝ]E[ĝ]ᵀ
/// ```
///
/// For a data set every minibatch is formed: all Nˢ tuples of indices, or all S-subsets. For a Gaussian population, Wick's
/// theorem for one sample, divided by S.
///
/// # Errors
/// [`ExactError::TooManyMinibatches`].
pub fn minibatch<T: Scalar>(setting: &Setting<T>) -> Result<Minibatch<T>, ExactError> {
    match setting.population() {
        Population::Data(data) => enumerate(setting, data),
        Population::Gaussian(_) => {
            let w = setting.initial_weights();
            let gradient = setting.hessian() * w - setting.label_moment();
            let noise_covariance = Noise::new(setting, w.clone()).constant();
            Ok(Minibatch { gradient, noise_covariance })
        }
    }
}

fn enumerate<T: Scalar>(setting: &Setting<T>, data: &DataSet<T>) -> Result<Minibatch<T>, ExactError> {
    let (N, D) = (data.labels.len(), setting.dimension());
    // However often one sample is drawn, its minibatch is the same.
    let S = if N == 1 { 1 } else { setting.batch_size().get() };
    let w = setting.initial_weights();
    let decay = setting.weight_decay() * w;
    let gradients = Vec::from_iter(data.features.row_iter().zip(&data.labels).map(|(x, y)| {
        let residual = (&x * w)[0].clone() - y;
        x.transpose() * residual + &decay
    }));
    let too_many = ExactError::TooManyMinibatches { samples: N, batch_size: S, limit: MINIBATCH_LIMIT };
    let is_countable = || N.checked_pow(S).is_some_and(|count| count <= MINIBATCH_LIMIT);
    if setting.sampling() == Sampling::WithReplacement && !is_countable() {
        return Err(too_many);
    }
    let mut sum: Vector<T> = Vector::zeros(D);
    let mut squares: Matrix<T> = Matrix::zeros(D, D);
    let mut count = 0_usize;
    let mut batch = match setting.sampling() {
        Sampling::WithReplacement => vec![0; S as usize],
        Sampling::WithoutReplacement => Vec::from_iter(0..S as usize),
    };
    loop {
        let total = batch.iter().fold(Vector::zeros(D), |total, &i| total + &gradients[i]);
        let gradient = total / T::from_integer(S.into());
        squares += matrix::outer(&gradient, &gradient);
        sum += gradient;
        count += 1;
        if count > MINIBATCH_LIMIT {
            return Err(too_many);
        }
        if !advance(&mut batch, N, setting.sampling()) {
            break;
        }
    }
    let gradient = sum / T::from_integer(count as i64);
    let noise_covariance = squares / T::from_integer(count as i64) - matrix::outer(&gradient, &gradient);
    Ok(Minibatch { gradient, noise_covariance })
}

/// The next minibatch in lexicographic order; `false` after the last.
fn advance(batch: &mut [usize], N: usize, sampling: Sampling) -> bool {
    let S = batch.len();
    for slot in (0..S).rev() {
        // In a subset the indices rise, and those behind this slot need room.
        let last = match sampling {
            Sampling::WithReplacement => N - 1,
            Sampling::WithoutReplacement => N + slot - S,
        };
        if batch[slot] < last {
            let next = batch[slot] + 1;
            for (after, index) in batch[slot..].iter_mut().enumerate() {
                *index = match sampling {
                    Sampling::WithReplacement => {
                        if after == 0 {
                            next
                        } else {
                            0
                        }
                    }
                    Sampling::WithoutReplacement => next + after,
                };
            }
            return true;
        }
    }
    false
}
