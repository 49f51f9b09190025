//! Whether chains have forgotten where they started, and how many independent draws they are worth.

use crate::chain::{Half, Record};
use crate::tail::TailIndex;

/// What a run says about itself. [`Estimate::trust`](crate::Estimate::trust) draws the conclusion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Diagnostics {
    /// Split R̂, the largest over the v_i and v_i². With W the mean variance within half a chain of n steps, and V the
    /// variance of the means of the 2M halves,
    ///
    /// ```text
    /// R̂² = (n − 1)/n + V/W
    /// ```
    ///
    /// Source: Gelman et al., *Bayesian Data Analysis* (3rd ed., 2013), §11.4.
    pub r_hat: f64,
    /// How many independent draws have means as precise as those of all chains together, the least over the v_i and
    /// v_i². With W the mean variance within a chain and V the variance of the means of the M chains,
    ///
    /// ```text
    /// M W / V,    at most the number of steps.
    /// ```
    ///
    /// Source: Vats and Knudson, *Revisiting the Gelman–Rubin diagnostic*, Statist. Sci. 36 (2021), §2.
    pub effective_sample_size: f64,
    /// How heavy the tail of ‖v‖ is.
    pub tail_index: TailIndex,
}

impl Diagnostics {
    pub(crate) fn of(records: &[Record], rounding: f64) -> Self {
        let D = records.first().and_then(|record| record.halves.first()).map_or(0, |half| half.first.len());
        let (mut r_hat, mut effective_sample_size) = (1.0, f64::INFINITY);
        for i in 0..D {
            for power in [1, 2] {
                let halves: Vec<_> = records.iter().flat_map(|r| &r.halves).map(|h| Sample::of(h, i, power)).collect();
                let chains: Vec<_> = halves.chunks_exact(2).map(|halves| halves[0].join(halves[1])).collect();
                r_hat = f64::max(r_hat, split_r_hat(&halves));
                effective_sample_size = f64::min(effective_sample_size, independent_draws(&chains));
            }
        }
        let maxima: Vec<&[f64]> = records.iter().map(|record| record.maxima.as_slice()).collect();
        Diagnostics { r_hat, effective_sample_size, tail_index: TailIndex::of(&maxima, rounding) }
    }
}

/// A stretch of one quantity: its length, mean and sum of squared deviations.
#[derive(Debug, Clone, Copy)]
struct Sample {
    count: f64,
    mean: f64,
    deviations: f64,
}

impl Sample {
    /// v_i or v_i² over half a chain.
    fn of(half: &Half, i: usize, power: u32) -> Self {
        let (sum, squares) =
            if power == 1 { (half.first[i], half.second[i]) } else { (half.second[i], half.fourth[i]) };
        let mean = sum / half.steps;
        Sample { count: half.steps, mean, deviations: non_negative(squares - sum * mean) }
    }

    fn join(self, other: Self) -> Self {
        let count = self.count + other.count;
        let gap = other.mean - self.mean;
        Sample {
            count,
            mean: self.mean + gap * (other.count / count),
            deviations: self.deviations + other.deviations + gap * gap * (self.count * other.count / count),
        }
    }

    fn variance(&self) -> f64 {
        self.deviations / (self.count - 1.0)
    }
}

/// Zero for what rounding made negative. NaN, left by an overflow, stays NaN: `f64::max` would hide it.
fn non_negative(value: f64) -> f64 {
    if value < 0.0 { 0.0 } else { value }
}

/// V/W, and n. The ratio is 0 for a quantity that varies neither within nor between, and infinite after an overflow.
fn between_over_within(samples: &[Sample]) -> (f64, f64) {
    let M = samples.len() as f64;
    let steps = samples.iter().map(|sample| sample.count).fold(f64::INFINITY, f64::min);
    let within = samples.iter().map(Sample::variance).sum::<f64>() / M;
    let mean = samples.iter().map(|sample| sample.mean).sum::<f64>() / M;
    let between = samples.iter().map(|sample| (sample.mean - mean).powi(2)).sum::<f64>() / (M - 1.0);
    let ratio = if between == 0.0 && within.is_finite() { 0.0 } else { between / within };
    (if ratio.is_nan() { f64::INFINITY } else { ratio }, steps)
}

fn split_r_hat(halves: &[Sample]) -> f64 {
    let (ratio, n) = between_over_within(halves);
    ((n - 1.0) / n + ratio).sqrt()
}

fn independent_draws(chains: &[Sample]) -> f64 {
    let (ratio, n) = between_over_within(chains);
    let M = chains.len() as f64;
    (M / ratio).min(M * n)
}
