//! Whether chains have forgotten where they started, and how many independent draws they are worth.

use crate::rank::RankDiagnostics;
use crate::tail::TailIndex;

/// What a run says about itself. [`Estimate::trust`](crate::Estimate::trust) draws the conclusion.
///
/// The v_i are those of the coordinates that the chains ran in: linear combinations of the weights, minus their means.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Diagnostics {
    /// Split R̂, the largest over the v_i and v_i², of all steps. With W the mean variance within half a chain of n
    /// steps, and V the variance of the means of the 2M halves,
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
    /// Rank-normalized split R̂ of the v_i, folded and not, the largest over them: of the draws that are kept, one a
    /// block of steps. 1 where none vary.
    ///
    /// Source, also for the next two: Vehtari et al., *Rank-normalization, folding, and localization*, Bayesian Anal.
    /// 16 (2021).
    pub rank_r_hat: f64,
    /// The least effective sample size of the normal scores of these draws: of at most 256 a chain.
    pub bulk_sample_size: f64,
    /// The least effective sample size of their 5 % and 95 % quantiles.
    pub tail_sample_size: f64,
    /// How many draws of a chain are kept.
    pub draws_of_chain: usize,
    /// The standard error of the mean of ‖v‖² by means of batches, over that by the spread between chains. The batches
    /// are runs of blocks, 16 a chain: where they are longer than the chain's memory, the two agree.
    ///
    /// Source: Flegal and Jones, *Batch means and spectral variance estimators*, Ann. Statist. 38 (2010).
    pub batch_error_ratio: f64,
    /// The mean over the chains of ‖v‖² in the later half of the blocks minus that in the earlier half, in standard
    /// errors: a start that is not forgotten shows here long before R̂ can see it. 0 where nothing varies.
    pub drift: f64,
    /// How heavy the tail of ‖v‖ is, by the estimate of Hill.
    pub tail_index: TailIndex,
    /// How heavy the tail of ‖v‖ is, by the estimate of moments, which has less bias where the tail is light and more
    /// scatter everywhere.
    pub moment_tail_index: TailIndex,
}

/// The part of one chain that the diagnostics look at.
pub(crate) struct ChainRecord {
    pub(crate) halves: [HalfSums; 2],
    /// The largest ‖v‖² in each block.
    pub(crate) maxima: Vec<f64>,
    /// The mean ‖v‖² in each block.
    pub(crate) means: Vec<f64>,
    /// v_i at the end of each block, for each i.
    pub(crate) draws: Vec<Vec<f64>>,
}

/// Sums over half a chain.
pub(crate) struct HalfSums {
    pub(crate) steps: f64,
    /// Σ v_i.
    pub(crate) first: Vec<f64>,
    /// Σ v_i².
    pub(crate) second: Vec<f64>,
    /// Σ v_i⁴.
    pub(crate) fourth: Vec<f64>,
}

impl Diagnostics {
    pub(crate) fn of(records: &[ChainRecord], rounding: f64) -> Self {
        let D = records.first().map_or(0, |record| record.draws.len());
        let (mut r_hat, mut effective_sample_size) = (1.0, f64::INFINITY);
        let (mut rank_r_hat, mut bulk_sample_size, mut tail_sample_size) = (1.0, f64::INFINITY, f64::INFINITY);
        for i in 0..D {
            for power in [1, 2] {
                let halves: Vec<_> = records.iter().flat_map(|r| &r.halves).map(|h| Sample::of(h, i, power)).collect();
                let chains: Vec<_> = halves.chunks_exact(2).map(|halves| halves[0].join(halves[1])).collect();
                r_hat = f64::max(r_hat, split_r_hat(&halves));
                effective_sample_size = f64::min(effective_sample_size, independent_draws(&chains));
            }
            let draws: Vec<&[f64]> = records.iter().map(|record| record.draws[i].as_slice()).collect();
            if let Some(ranks) = RankDiagnostics::of(&draws) {
                rank_r_hat = f64::max(rank_r_hat, ranks.r_hat);
                bulk_sample_size = f64::min(bulk_sample_size, ranks.bulk);
                tail_sample_size = f64::min(tail_sample_size, ranks.tail);
            }
        }
        let maxima: Vec<&[f64]> = records.iter().map(|record| record.maxima.as_slice()).collect();
        Diagnostics {
            r_hat,
            effective_sample_size,
            rank_r_hat,
            bulk_sample_size,
            tail_sample_size,
            draws_of_chain: records.iter().map(|record| record.means.len()).min().unwrap_or(0),
            batch_error_ratio: batch_error_ratio(records),
            drift: drift(records),
            tail_index: TailIndex::of(&maxima, rounding),
            moment_tail_index: TailIndex::by_moments(&maxima, rounding),
        }
    }
}

/// The error of the mean of ‖v‖² by batches over that by chains; 1 where neither varies, and where there are no
/// batches.
fn batch_error_ratio(records: &[ChainRecord]) -> f64 {
    let blocks = records.iter().map(|record| record.means.len()).min().unwrap_or(0);
    let length = blocks.div_ceil(BATCHES).max(1);
    let chains: Vec<f64> = records.iter().map(|record| mean(&record.means)).collect();
    // Within each chain, so that nothing between chains enters: a chain has the mean of its batches' squared errors.
    let of_chain =
        |record: &ChainRecord| squared_error(&record.means.chunks_exact(length).map(mean).collect::<Vec<_>>());
    let by_batches = records.iter().map(of_chain).sum::<f64>() / (records.len() as f64).powi(2);
    let ratio = (by_batches / squared_error(&chains)).sqrt();
    // 0/0: of one batch, or one chain, there is no error.
    if ratio.is_nan() { 1.0 } else { ratio }
}

fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

/// The squared standard error of the mean.
fn squared_error(values: &[f64]) -> f64 {
    let centre = mean(values);
    values.iter().map(|x| (x - centre).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0) / values.len() as f64
}

/// The mean difference between the halves of chains, over its standard error.
fn drift(records: &[ChainRecord]) -> f64 {
    let difference = |record: &ChainRecord| {
        let (early, late) = record.means.split_at(record.means.len() / 2);
        mean(late) - mean(early)
    };
    let differences: Vec<f64> = records.iter().map(difference).collect();
    let drift = mean(&differences) / squared_error(&differences).sqrt();
    if drift.is_nan() { 0.0 } else { drift }
}

/// Batches of a chain.
const BATCHES: usize = 16;

/// A stretch of one quantity: its length, mean and sum of squared deviations.
#[derive(Debug, Clone, Copy)]
struct Sample {
    count: f64,
    mean: f64,
    deviations: f64,
}

impl Sample {
    /// v_i or v_i² over half a chain.
    fn of(half: &HalfSums, i: usize, power: u32) -> Self {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(values: &[f64]) -> Sample {
        let mean = mean(values);
        let deviations = values.iter().map(|value| (value - mean).powi(2)).sum();
        Sample { count: values.len() as f64, mean, deviations }
    }

    #[test]
    fn stretches_of_any_lengths_join_to_one() {
        let values = [1.0, -2.0, 4.0, 7.0, 0.5, 3.0, -1.0];
        for cut in 1..values.len() {
            let (before, after) = values.split_at(cut);
            let (joined, whole) = (sample(before).join(sample(after)), sample(&values));
            assert_eq!(joined.count, whole.count);
            assert!((joined.mean - whole.mean).abs() < 1e-14, "{cut}");
            assert!((joined.deviations - whole.deviations).abs() < 1e-12, "{cut}");
            assert!((joined.variance() - whole.deviations / 6.0).abs() < 1e-12, "{cut}");
        }
    }

    /// Squares of ±1 and ±2 around 3.
    #[test]
    fn the_error_of_a_mean_is_that_computed_by_hand() {
        assert_eq!(squared_error(&[1.0, 2.0, 4.0, 5.0]), 10.0 / 3.0 / 4.0);
    }

    #[test]
    fn only_what_is_negative_becomes_zero() {
        assert_eq!([-1e-18, 0.0, 2.0].map(non_negative), [0.0, 0.0, 2.0]);
        assert!(non_negative(f64::NAN).is_nan());
    }

    /// Three draws each around 0 and 2: W = 1 and V = 2.
    #[test]
    fn chains_that_disagree_are_worth_few_draws() {
        let chains = [sample(&[-1.0, 0.0, 1.0]), sample(&[1.0, 2.0, 3.0])];
        assert_eq!(between_over_within(&chains), (2.0, 3.0));
        assert_eq!(independent_draws(&chains), 1.0);
        assert_eq!(split_r_hat(&chains), (2.0 / 3.0 + 2.0_f64).sqrt());
        let agreeing = [sample(&[-1.0, 0.0, 1.0]); 2];
        assert_eq!((independent_draws(&agreeing), split_r_hat(&agreeing)), (6.0, (2.0_f64 / 3.0).sqrt()));
    }

    fn half_sums(columns: &[&[f64]]) -> HalfSums {
        let sums = |power: i32| columns.iter().map(|v| v.iter().map(|v| v.powi(power)).sum()).collect();
        HalfSums { steps: columns[0].len() as f64, first: sums(1), second: sums(2), fourth: sums(4) }
    }

    fn of_means(means: &[f64]) -> ChainRecord {
        let halves = [half_sums(&[&[]]), half_sums(&[&[]])];
        ChainRecord { halves, maxima: Vec::new(), means: means.to_vec(), draws: Vec::new() }
    }

    /// 1, −1, 3, 1: Σv = 4, Σv² = 12, Σv⁴ = 84, so that v has the mean 1 and v² the mean 3.
    #[test]
    fn half_a_chain_is_a_sample_of_v_and_of_its_square() {
        let half = half_sums(&[&[9.0; 4], &[1.0, -1.0, 3.0, 1.0]]);
        let of = |power| {
            let Sample { count, mean, deviations } = Sample::of(&half, 1, power);
            [count, mean, deviations]
        };
        assert_eq!(of(1), [4.0, 1.0, 12.0 - 4.0]);
        assert_eq!(of(2), [4.0, 3.0, 84.0 - 36.0]);
    }

    #[test]
    fn what_does_not_vary_agrees_and_what_overflows_does_not() {
        let constant = Sample { count: 4.0, mean: 1.0, deviations: 0.0 };
        assert_eq!(between_over_within(&[constant; 3]), (0.0, 4.0));
        let overflown = Sample { deviations: f64::NAN, ..constant };
        assert_eq!(between_over_within(&[constant, overflown]), (f64::INFINITY, 4.0));
        let elsewhere = Sample { mean: 2.0, count: 3.0, ..constant };
        assert_eq!(between_over_within(&[constant, elsewhere]), (f64::INFINITY, 3.0));
    }

    /// The squared errors of single blocks are 10/12 and 4/12, so (10/12 + 4/12)/2²; between means of 3 and 1 it is 1.
    #[test]
    fn the_errors_by_batches_of_single_blocks() {
        let records = [of_means(&[1.0, 2.0, 4.0, 5.0]), of_means(&[0.0, 0.0, 2.0, 2.0])];
        assert!((batch_error_ratio(&records) - (7.0_f64 / 24.0).sqrt()).abs() < 1e-15);
        // Two batches each: ((1/2)² + (1/2)²)/2² between means of 1/2 and 3/2, whose squared error is 1/4.
        let records = [of_means(&[0.0, 1.0]), of_means(&[1.0, 2.0])];
        assert!((batch_error_ratio(&records) - 0.5_f64.sqrt()).abs() < 1e-15);
    }

    /// 19 blocks are 9 batches of two and a rest: batches of means 0, 1, …, 0 have squared deviations 20/9, and their
    /// mean the squared error 20/9/8/9. The means of all blocks are 13/19 and 13/19 + 2.
    #[test]
    fn the_errors_by_batches_of_two_blocks() {
        let blocks = |shift: f64| -> Vec<f64> {
            let pair = |k: usize| [-1.0, 1.0].map(|x| x + (k % 2) as f64 + shift);
            (0..9).flat_map(pair).chain([9.0 + shift]).collect()
        };
        let records = [0.0, 2.0].map(|shift| of_means(&blocks(shift)));
        let of_chain = 20.0 / 9.0 / 8.0 / 9.0;
        assert!((batch_error_ratio(&records) - f64::sqrt(2.0 * of_chain / 4.0)).abs() < 1e-14);
    }

    #[test]
    fn without_batches_or_company_there_is_nothing_to_compare() {
        let single = of_means(&[1.0, 2.0, 4.0]);
        let (one, none) = ([of_means(&[1.0]), of_means(&[2.0])], [of_means(&[]), of_means(&[])]);
        let constant = [of_means(&[2.0; 4]), of_means(&[2.0; 4])];
        let ratios = [batch_error_ratio(&[single]), batch_error_ratio(&one), batch_error_ratio(&none)];
        assert_eq!(ratios, [1.0; 3]);
        assert_eq!([batch_error_ratio(&constant), batch_error_ratio(&[])], [1.0; 2]);
    }

    /// Differences 2 and 4 have the mean 3 and the error 1; of five blocks the later half is three.
    #[test]
    fn a_drift_is_the_later_half_less_the_earlier() {
        assert_eq!(drift(&[of_means(&[1.0, 1.0, 3.0, 3.0]), of_means(&[0.0, 2.0, 4.0, 6.0])]), 3.0);
        assert_eq!(drift(&[of_means(&[3.0, 3.0, 1.0, 1.0]), of_means(&[4.0, 6.0, 2.0, 0.0])]), -3.0);
        assert_eq!(drift(&[of_means(&[1.0, 1.0, 3.0, 4.0, 2.0]), of_means(&[0.0, 2.0, 4.0, 5.0, 6.0])]), 3.0);
        assert_eq!(drift(&[of_means(&[2.0; 4]), of_means(&[2.0; 4])]), 0.0);
    }

    /// v₁ is 0 throughout. v₂ is ±1 around 0 in one chain and around 2 in the other: of the halves, W = 2 and V = 4/3,
    /// and of the chains W = 4/3 and V = 2. The halves of v₂² have W = 16 and V = 16/3, its chains W = 32/3 and V = 8.
    #[test]
    fn the_worst_coordinate_and_power_count() {
        let record = |centre: f64, blocks: usize| {
            let v = [centre - 1.0, centre + 1.0];
            let halves = [half_sums(&[&[0.0; 2], &v]), half_sums(&[&[0.0; 2], &v])];
            let draws = vec![vec![0.0; 4], [v, v].concat()];
            ChainRecord { halves, maxima: vec![1.0; blocks], means: vec![1.0; blocks], draws }
        };
        let found = Diagnostics::of(&[record(0.0, 5), record(2.0, 4)], 0.0);
        assert!((found.r_hat - (1.0_f64 / 2.0 + 2.0 / 3.0).sqrt()).abs() < 1e-15, "{found:?}");
        assert!((found.effective_sample_size - 2.0 / 1.5).abs() < 1e-15, "{found:?}");
        assert_eq!(found.draws_of_chain, 4);
        let ranks = RankDiagnostics::of(&[&[-1.0, 1.0, -1.0, 1.0], &[1.0, 3.0, 1.0, 3.0]]).unwrap();
        assert_eq!(
            [found.rank_r_hat, found.bulk_sample_size, found.tail_sample_size],
            [ranks.r_hat, ranks.bulk, ranks.tail]
        );
        assert_eq!([found.batch_error_ratio, found.drift], [1.0, 0.0]);
    }
}
