//! A data set.

use symbols::{DataSet, Sampling, Setting, Vector};

use super::{At, Sampler};
use crate::lanes::{LANES, Lanes};
use crate::stream::Stream;

/// Minibatches of a data set, by the indices of their samples: z = x, e = xᵀy + e°, where e° is the residual at the point
/// of reference.
///
/// With replacement: S independent uniform indices. Without: the first S places of a Fisher–Yates shuffle, which is a
/// uniform S-subset whatever order it starts from, so the last step's order serves as the next one's start; each segment
/// of a run starts from the order of the data. By epochs: the samples are shuffled, and shuffled again when all have
/// been used; one minibatch may take from two epochs. Nothing in the paper covers epochs: consecutive minibatches
/// depend on each other.
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
    ShuffledEpochs,
}

/// What a draw works in.
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
        shuffled_epochs: bool,
        reference: &Vector<f64>,
    ) -> Self {
        let row = |i: usize| data.features.row(i).iter().copied().collect::<Vec<_>>();
        let residual = |i: usize| dot(&row(i), reference.as_slice()) - data.labels[i];
        DataSampler {
            features: (0..data.labels.len()).flat_map(row).collect(),
            residuals: (0..data.labels.len()).map(residual).collect(),
            width: setting.dimension(),
            batch_size: setting.batch_size().get() as usize,
            order: match setting.sampling() {
                _ if shuffled_epochs => Order::ShuffledEpochs,
                Sampling::WithReplacement => Order::WithReplacement,
                Sampling::WithoutReplacement => Order::WithoutReplacement,
            },
        }
    }

    /// The next sample of each chain: that in the place `taken` of minibatch `step`.
    #[inline(always)]
    fn next(&self, step: u64, taken: usize, stream: &mut Stream, scratch: &mut Scratch) -> [usize; LANES] {
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
            Order::ShuffledEpochs => {
                let place = u128::from(step) * self.batch_size as u128 + taken as u128;
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
        for taken in 0..self.batch_size {
            let indices = self.next(step, taken, stream, scratch);
            for ((y, sum), i) in scratch.columns.iter_mut().zip(indices) {
                let x = &self.features[i * self.width..][..self.width];
                let residual = dot(x, y) + self.residuals[i];
                sum.iter_mut().zip(x).for_each(|(sum, x)| *sum += residual * x);
            }
        }
        let share = 1.0 / self.batch_size as f64;
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
