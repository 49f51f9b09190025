//! A data set.

use numbers::Vector;
use symbols::{DataSet, LastBatch, Sampling, Setting};

use super::draw::{At, Sampler};
use crate::lanes::{LANES, Lanes};
use crate::schedule::gcd;
use crate::stream::Stream;

/// Minibatches of a data set, by the indices of their samples: z = x, e = xᵀy + e°, where e° is the residual at the
/// point of reference.
///
/// With replacement: S independent uniform indices. Without: the first S places of a Fisher–Yates shuffle, which is a
/// uniform S-subset whatever order it starts from, so the last step's order serves as the next one's start; each
/// segment of a run starts from the order of the data. By epochs: the samples are shuffled for each, and the
/// minibatches are cut from their order; [`LastBatch`] says how the last one is. Nothing in the paper covers epochs:
/// consecutive minibatches depend on each other.
pub(crate) struct DataSampler {
    /// Row by row, so that a sample is contiguous.
    features: Vec<f64>,
    /// e°.
    residuals: Vec<f64>,
    width: usize,
    batch_size: usize,
    order: Order,
}

/// Which sample comes next.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    WithReplacement,
    WithoutReplacement,
    ShuffledEpochs(LastBatch),
}

/// The memory that a draw works in.
pub(crate) struct Scratch {
    /// y and S g of one chain after the other.
    columns: Vec<(Vec<f64>, Vec<f64>)>,
    /// The order of the samples of each chain.
    orders: Vec<Vec<u32>>,
    /// The epoch that the orders are of.
    epoch: Option<u64>,
}

impl DataSampler {
    pub(crate) fn new(
        setting: &Setting<f64>,
        data: &DataSet<f64>,
        epochs: Option<LastBatch>,
        reference: &Vector<f64>,
    ) -> Self {
        let row = |i: usize| data.features.row(i).iter().copied().collect::<Vec<_>>();
        let residual = |i: usize| dot(&row(i), reference.as_slice()) - data.labels[i];
        DataSampler {
            features: (0..data.labels.len()).flat_map(row).collect(),
            residuals: (0..data.labels.len()).map(residual).collect(),
            width: setting.dimension(),
            batch_size: setting.batch_size().get() as usize,
            order: match (epochs, setting.sampling()) {
                (Some(last), _) => Order::ShuffledEpochs(last),
                (None, Sampling::WithReplacement) => Order::WithReplacement,
                (None, Sampling::WithoutReplacement) => Order::WithoutReplacement,
            },
        }
    }

    /// Steps after which a minibatch begins with an epoch again.
    pub(crate) fn cycle(&self) -> u64 {
        let (N, S) = (self.residuals.len() as u64, self.batch_size as u64);
        match self.order {
            Order::WithReplacement | Order::WithoutReplacement => 1,
            Order::ShuffledEpochs(LastBatch::Keep) => N.div_ceil(S),
            Order::ShuffledEpochs(LastBatch::Drop) => (N / S).max(1),
            Order::ShuffledEpochs(LastBatch::Straddle) => N / gcd(N, S),
        }
    }

    /// Where minibatch `step` begins in the concatenation of all epochs, and how many samples it has.
    #[inline(always)]
    fn minibatch(&self, step: u64) -> (u128, usize) {
        let (N, S) = (self.residuals.len(), self.batch_size);
        let Order::ShuffledEpochs(last @ (LastBatch::Keep | LastBatch::Drop)) = self.order else {
            return (u128::from(step) * S as u128, S);
        };
        let of_epoch = if last == LastBatch::Keep { N.div_ceil(S) } else { (N / S).max(1) } as u64;
        let start = (step % of_epoch) as usize * S;
        (u128::from(step / of_epoch) * N as u128 + start as u128, S.min(N - start))
    }

    /// The next sample of each chain: that in the place `taken` of a minibatch that begins at `start`.
    #[inline(always)]
    fn next(&self, start: u128, taken: usize, stream: &mut Stream, scratch: &mut Scratch) -> [usize; LANES] {
        let N = self.residuals.len();
        match self.order {
            Order::WithReplacement => stream.below(N),
            Order::WithoutReplacement => {
                let swaps = stream.below(N - taken);
                std::array::from_fn(|l| {
                    let order = &mut scratch.orders[l];
                    order.swap(taken, taken + swaps[l]);
                    order[taken] as usize
                })
            }
            Order::ShuffledEpochs(_) => {
                let place = start + taken as u128;
                let (epoch, place) = ((place / N as u128) as u64, (place % N as u128) as usize);
                if scratch.epoch != Some(epoch) {
                    scratch.epoch = Some(epoch);
                    for (l, order) in scratch.orders.iter_mut().enumerate() {
                        stream.shuffle(l, epoch, order);
                    }
                }
                std::array::from_fn(|l| scratch.orders[l][place] as usize)
            }
        }
    }
}

impl Sampler for DataSampler {
    type Scratch = Scratch;

    fn scratch(&self) -> Scratch {
        let indices: Vec<u32> = (0..self.residuals.len() as u32).collect();
        Scratch {
            columns: vec![(vec![0.0; self.width], vec![0.0; self.width]); LANES],
            orders: vec![indices; if self.order == Order::WithReplacement { 0 } else { LANES }],
            epoch: None,
        }
    }

    fn cost(&self) -> usize {
        self.batch_size * (2 * self.width + 20)
    }

    #[inline(always)]
    fn draw(&self, at: At<'_>, step: u64, stream: &mut Stream, scratch: &mut Scratch, g: &mut [Lanes]) {
        for (l, (y, sum)) in scratch.columns.iter_mut().enumerate() {
            y.iter_mut().zip(at.y).for_each(|(entry, y)| *entry = y[l]);
            sum.fill(0.0);
        }
        let (start, size) = self.minibatch(step);
        for taken in 0..size {
            let indices = self.next(start, taken, stream, scratch);
            for ((y, sum), i) in scratch.columns.iter_mut().zip(indices) {
                let x = &self.features[i * self.width..][..self.width];
                let residual = dot(x, y) + self.residuals[i];
                sum.iter_mut().zip(x).for_each(|(sum, x)| *sum += residual * x);
            }
        }
        let share = 1.0 / size as f64;
        for (i, g) in g.iter_mut().enumerate() {
            *g = Lanes(std::array::from_fn(|l| share * scratch.columns[l].1[i]));
        }
    }
}

/// xᵀy. Eight sums run side by side: one would wait for the latency of every addition.
#[inline(always)]
fn dot(x: &[f64], y: &[f64]) -> f64 {
    let ((x_eights, x_rest), (y_eights, y_rest)) = (x.as_chunks::<8>(), y.as_chunks::<8>());
    let rest = x_rest.iter().zip(y_rest).fold(0.0, |sum, (x, y)| sum + x * y);
    let mut sums = [0.0; 8];
    for (x, y) in x_eights.iter().zip(y_eights) {
        for lane in 0..8 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::zeros;
    use crate::statistics::assert_fits;
    use crate::stream::Use;
    use numbers::{Matrix, matrix};
    use symbols::{BatchSize, Population};

    /// With sums side by side and a rest, and in integers, which no order of the sums rounds.
    #[test]
    fn a_scalar_product_of_any_length() {
        for length in 0..40 {
            let x = Vec::from_iter((0..length).map(|i| f64::from(i) - 3.0));
            let y = Vec::from_iter((0..length).map(|i| f64::from(i * i % 7)));
            assert_eq!(dot(&x, &y), x.iter().zip(&y).map(|(x, y)| x * y).sum::<f64>(), "{length}");
        }
    }

    /// Six samples that are unit vectors with labels −1: at w = 0 the gradient S ĝ counts how often each is drawn.
    fn counting(batch_size: u32, sampling: Sampling, epochs: Option<LastBatch>) -> DataSampler {
        let data = DataSet { features: matrix::identity(6), labels: Vector::from_element(6, -1.0) };
        let setting =
            Setting::new(Population::Data(data.clone()), matrix::identity(6), BatchSize::new(batch_size).unwrap())
                .unwrap()
                .with_sampling(sampling)
                .unwrap();
        DataSampler::new(&setting, &data, epochs, &Vector::zeros(6))
    }

    /// The counts of consecutive minibatches of each of eight chains.
    fn batches(sampler: &DataSampler, draws: u64, seed: u64) -> Vec<[[usize; 6]; LANES]> {
        let mut stream = Stream::new(seed, Use::Chain, 0);
        let mut scratch = sampler.scratch();
        let (y, mut g) = (zeros(6), zeros(6));
        stream.seek(0);
        let mut draw = |step| {
            sampler.draw(At { y: &y, p: &y }, step, &mut stream, &mut scratch, &mut g);
            // A minibatch of epochs may be smaller: its counts are integers all the same.
            let size = sampler.minibatch(step).1 as f64;
            std::array::from_fn(|l| {
                std::array::from_fn(|i| {
                    let count = g[i][l] * size;
                    assert!((count - count.round()).abs() < 1e-12, "{count}");
                    count.round() as usize
                })
            })
        };
        (0..draws).map(&mut draw).collect()
    }

    /// How often each batch is drawn, a batch being its counts read as digits to base 4, against what is expected.
    fn assert_batches(sampler: &DataSampler, expected: impl Fn(&[usize; 6]) -> f64, seed: u64) {
        let draws = 5_000;
        let mut cells: Vec<(f64, f64)> = (0..4096)
            .map(|code: usize| {
                let counts = std::array::from_fn(|i| code / 4usize.pow(i as u32) % 4);
                (0.0, expected(&counts) * (draws * LANES as u64) as f64)
            })
            .collect();
        for counts in batches(sampler, draws, seed).into_iter().flatten() {
            cells[counts.iter().rev().fold(0, |code, digit| 4 * code + digit)].0 += 1.0;
        }
        assert_fits(&cells, 1e-6, &format!("seed {seed}"));
    }

    #[test]
    fn without_replacement_every_subset_is_as_likely() {
        let is_subset =
            |counts: &[usize; 6]| counts.iter().sum::<usize>() == 3 && counts.iter().all(|&count| count <= 1);
        // 6 choose 3.
        let expected = |counts: &_| if is_subset(counts) { 1.0 / 20.0 } else { 0.0 };
        assert_batches(&counting(3, Sampling::WithoutReplacement, None), expected, 11);
    }

    #[test]
    fn with_replacement_batches_are_multinomial() {
        let factorial = |n: usize| (1..=n).product::<usize>() as f64;
        let expected = |counts: &[usize; 6]| {
            let arrangements = 6.0 / counts.iter().map(|&count| factorial(count)).product::<f64>();
            if counts.iter().sum::<usize>() == 3 { arrangements / 216.0 } else { 0.0 }
        };
        assert_batches(&counting(3, Sampling::WithReplacement, None), expected, 12);
    }

    #[test]
    fn an_epoch_takes_every_sample_once() {
        // Batches of 4 of 6 samples: three of them are two epochs.
        let all = batches(&counting(4, Sampling::WithReplacement, Some(LastBatch::Straddle)), 300, 13);
        for triple in all.chunks_exact(3) {
            for lane in 0..LANES {
                for i in 0..6 {
                    assert_eq!(triple.iter().map(|batch| batch[lane][i]).sum::<usize>(), 2);
                }
                // The first batch is one of distinct samples, and so are the rest of its epoch.
                assert!(triple[0][lane].iter().all(|&count| count <= 1));
            }
        }
    }

    /// All four samples, drawn once each: ĝ = (1/4) Σ x (xᵀ(w° + y) − label) with another y in each chain, in integers.
    #[test]
    fn a_batch_of_all_samples_has_the_gradient_of_the_loss() {
        let X = [[1.0, 2.0, 0.0], [-1.0, 3.0, 1.0], [2.0, 0.0, -2.0], [0.0, -1.0, 4.0]];
        let labels = [2.0, -1.0, 5.0, 3.0];
        let data = DataSet { features: Matrix::from_fn(4, 3, |i, j| X[i][j]), labels: Vector::from_row_slice(&labels) };
        let setting = Setting::new(Population::Data(data.clone()), matrix::identity(3), BatchSize::new(4).unwrap())
            .unwrap()
            .with_sampling(Sampling::WithoutReplacement)
            .unwrap();
        let reference = [3.0, -2.0, 1.0];
        for epochs in [None, Some(LastBatch::Keep), Some(LastBatch::Drop), Some(LastBatch::Straddle)] {
            let sampler = DataSampler::new(&setting, &data, epochs, &Vector::from_row_slice(&reference));
            let y: Vec<Lanes> =
                (0..3).map(|i| Lanes(std::array::from_fn(|l| ((2 * i + 1) * l) as f64 - 3.0))).collect();
            let (mut stream, mut scratch, mut g) = (Stream::new(1, Use::Chain, 0), sampler.scratch(), zeros(3));
            for step in 0..3 {
                sampler.draw(At { y: &y, p: &[] }, step, &mut stream, &mut scratch, &mut g);
                for l in 0..LANES {
                    let residual =
                        |k: usize| (0..3).map(|i| X[k][i] * (reference[i] + y[i][l])).sum::<f64>() - labels[k];
                    for (i, g) in g.iter().enumerate() {
                        let expected = (0..4).map(|k| residual(k) * X[k][i]).sum::<f64>() / 4.0;
                        assert_eq!(g[l], expected, "chain {l}, entry {i}");
                    }
                }
            }
        }
    }

    /// Batches of 4 and 2 of an epoch, or of 4 alone: all samples once, or those that come first.
    #[test]
    fn a_smaller_last_minibatch_is_kept_or_dropped() {
        let of = |last| {
            let sampler = counting(4, Sampling::WithReplacement, Some(last));
            (sampler.cycle(), batches(&sampler, 300, 13))
        };
        let size = |batch: &[[usize; 6]; LANES], lane: usize| batch[lane].iter().sum::<usize>();
        let ((two, kept), (one, dropped)) = (of(LastBatch::Keep), of(LastBatch::Drop));
        assert_eq!((two, one, of(LastBatch::Straddle).0), (2, 1, 3));
        for (pair, alone) in kept.chunks_exact(2).zip(&dropped) {
            for lane in 0..LANES {
                assert_eq!((size(&pair[0], lane), size(&pair[1], lane), size(alone, lane)), (4, 2, 4));
                assert!((0..6).all(|i| pair[0][lane][i] + pair[1][lane][i] == 1));
                assert_eq!(pair[0][lane], alone[lane], "an epoch is shuffled alike");
            }
        }
    }

    #[test]
    fn epochs_are_in_the_order_of_their_shuffles() {
        let sampler = counting(4, Sampling::WithReplacement, Some(LastBatch::Straddle));
        let mut stream = Stream::new(13, Use::Chain, 0);
        let mut order = |lane: usize, epoch: u64| {
            let mut order = vec![0; 6];
            stream.shuffle(lane, epoch, &mut order);
            order
        };
        let all = batches(&sampler, 30, 13);
        for lane in 0..LANES {
            let places: Vec<u32> = (0..20).flat_map(|epoch| order(lane, epoch)).collect();
            for (batch, places) in all.iter().zip(places.chunks_exact(4)) {
                let mut counts = [0; 6];
                places.iter().for_each(|&i| counts[i as usize] += 1);
                assert_eq!(batch[lane], counts, "chain {lane}");
            }
        }
        // Batch 2⁶² begins at place 2⁶⁴ = 6 · 3074457345618258602 + 4, and ends with the first two of the next epoch.
        let mut stream = Stream::new(13, Use::Chain, 0);
        let mut scratch = sampler.scratch();
        let (y, mut g) = (zeros(6), zeros(6));
        sampler.draw(At { y: &y, p: &y }, 1 << 62, &mut stream, &mut scratch, &mut g);
        let (last, next) = (order(0, 3_074_457_345_618_258_602), order(0, 3_074_457_345_618_258_603));
        for (i, g) in g.iter().enumerate() {
            let count = last[4..].iter().chain(&next[..2]).filter(|&&place| place == i as u32).count();
            assert_eq!(4.0 * g[0], count as f64);
        }
    }
}
