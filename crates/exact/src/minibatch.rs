//! The gradient of the first minibatch, over all minibatches.
//!
//! The order in which samples are drawn does not matter to a minibatch. So minibatches drawn with replacement are
//! multisets, each weighted with the number S!/(k₁! k₂! …) of its orders where sample i is drawn kᵢ times: (N + S − 1
//! choose S) of them and not Nˢ.

use itertools::Itertools;
use numbers::Scalar;
use numbers::matrix::{self, Matrix, Vector};
use rug::integer::Order;
use rug::{Complete, Integer};
use symbols::{DataSet, Minibatch, Population, Sampling, Setting};

use crate::noise::Noise;
use crate::{ExactError, counting};

/// The most minibatches that [`minibatch`] enumerates, counted without regard to the order of their samples. Of
/// minibatches with more than 100 samples it enumerates fewer: as many as have 100 times this number of samples
/// together.
pub const MINIBATCH_LIMIT: u64 = 1_000_000;

/// The most samples that all minibatches may have together.
const DRAWS_LIMIT: u64 = 100 * MINIBATCH_LIMIT;

/// Mean and covariance of ĝ at w₀.
///
/// ```text
/// E[ĝ] = mean over minibatches,    C(w₀) = E[ĝĝᵀ] − E[ĝ]E[ĝ]ᵀ
/// ```
///
/// For a data set every minibatch is formed: all multisets of S indices, or all S-subsets. They are counted first. For
/// a Gaussian population, Wick's theorem for one sample, divided by S.
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
    let count = match setting.sampling() {
        Sampling::WithReplacement => counting::multisets(N, S as usize),
        Sampling::WithoutReplacement => counting::subsets(N, S as usize),
    };
    let limit = MINIBATCH_LIMIT.min(DRAWS_LIMIT / u64::from(S));
    if count > u128::from(limit) {
        return Err(ExactError::TooManyMinibatches { samples: N, batch_size: S, minibatches: count, limit });
    }
    let w = setting.initial_weights();
    let decay = setting.weight_decay() * w;
    let gradients = Vec::from_iter(data.features.row_iter().zip(&data.labels).map(|(x, y)| {
        let residual = (&x * w)[0].clone() - y;
        x.transpose() * residual + &decay
    }));
    // Σ weight, Σ weight Sĝ and the lower triangle of Σ weight Sĝ (Sĝ)ᵀ.
    let (mut mass, mut sum, mut squares) = (T::zero(), Vector::zeros(D), Matrix::zeros(D, D));
    let mut totals = Totals { gradients: &gradients, none: Vector::zeros(D), known: Vec::new() };
    for Batch { draws, orders } in batches(N, S, setting.sampling()) {
        let (total, weight) = (totals.of(&draws), whole::<T>(&orders));
        for i in 0..D {
            let weighted = weight.clone() * &total[i];
            for j in 0..=i {
                squares[(i, j)] += weighted.clone() * &total[j];
            }
            sum[i] += weighted;
        }
        mass += weight;
    }
    squares.fill_upper_triangle_with_lower_triangle();
    let draws = T::from_integer(S.into());
    let gradient = sum / (mass.clone() * &draws);
    let noise_covariance = squares / (mass * &draws * &draws) - matrix::outer(&gradient, &gradient);
    Ok(Minibatch { gradient, noise_covariance })
}

/// Sums of gradients. Each batch shares its first samples with the one before it, and their sum.
struct Totals<'a, T> {
    gradients: &'a [Vector<T>],
    /// The sum over no samples.
    none: Vector<T>,
    /// How often each sample of the last batch is drawn, which it is, and the sum up to there.
    known: Vec<((u32, usize), Vector<T>)>,
}

impl<T: Scalar> Totals<'_, T> {
    /// Sĝ.
    fn of(&mut self, draws: &[(u32, usize)]) -> &Vector<T> {
        let shared = self.known.iter().zip(draws).take_while(|((known, _), drawn)| known == *drawn).count();
        self.known.truncate(shared);
        for &(times, i) in &draws[shared..] {
            let gradient = &self.gradients[i];
            let part = if times == 1 { gradient.clone() } else { gradient * T::from_integer(times.into()) };
            let total = self.known.last().map_or(&self.none, |(_, total)| total) + part;
            self.known.push(((times, i), total));
        }
        self.known.last().map_or(&self.none, |(_, total)| total)
    }
}

/// A minibatch, whatever the order of its samples.
struct Batch {
    /// How often each of its samples is drawn, and which sample that is.
    draws: Vec<(u32, usize)>,
    /// In how many orders, up to a factor that all minibatches share.
    orders: Integer,
}

/// All minibatches of S out of N samples.
fn batches(N: usize, S: u32, sampling: Sampling) -> Box<dyn Iterator<Item = Batch>> {
    match sampling {
        Sampling::WithReplacement => Box::new((0..N).combinations_with_replacement(S as usize).map(|indices| {
            let runs = indices.into_iter().dedup_with_count();
            let draws = Vec::from_iter(runs.map(|(times, sample)| (times as u32, sample)));
            let orders = multinomial(draws.iter().map(|(times, _)| *times));
            Batch { draws, orders }
        })),
        // The orders of a subset are S! for each.
        Sampling::WithoutReplacement => Box::new((0..N).combinations(S as usize).map(|indices| {
            let draws = Vec::from_iter(indices.into_iter().map(|sample| (1, sample)));
            Batch { draws, orders: Integer::from(1) }
        })),
    }
}

/// (k₁ + k₂ + …)!/(k₁! k₂! …), a product of binomial coefficients.
fn multinomial(counts: impl Iterator<Item = u32>) -> Integer {
    let mut drawn = 0;
    counts.fold(Integer::from(1), |orders, times| {
        drawn += times;
        orders * Integer::binomial_u(drawn, times).complete()
    })
}

/// The image of an integer of any length, not negative, in the field.
fn whole<T: Scalar>(value: &Integer) -> T {
    if let Some(value) = value.to_i64() {
        return T::from_integer(value);
    }
    let base = T::from_integer(1 << 32);
    let digits = value.to_digits::<u32>(Order::Msf);
    digits.into_iter().fold(T::zero(), |sum, digit| sum * &base + T::from_integer(digit.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Multisets weigh as much as there are tuples, and are as many as were counted.
        #[test]
        fn weights_count_the_tuples(N in 1usize..7, S in 1u32..7) {
            let all = Vec::from_iter(batches(N, S, Sampling::WithReplacement));
            prop_assert_eq!(all.len() as u128, counting::multisets(N, S as usize));
            let tuples = all.iter().map(|batch| &batch.orders).sum::<Integer>();
            prop_assert_eq!(tuples, Integer::u_pow_u(N as u32, S).complete());
            prop_assert!(all.iter().all(|batch| batch.draws.iter().map(|(times, _)| times).sum::<u32>() == S));
        }

        #[test]
        fn subsets_are_as_many_as_were_counted(N in 1usize..9, S in 1u32..9) {
            let all = batches(N, S, Sampling::WithoutReplacement);
            prop_assert_eq!(all.count() as u128, counting::subsets(N, S as usize));
        }

        #[test]
        fn a_long_integer_keeps_its_digits(high: u64, low: u64) {
            let value = (Integer::from(high) << 70) + low;
            prop_assert_eq!(whole::<rug::Rational>(&value), value);
        }
    }
}
