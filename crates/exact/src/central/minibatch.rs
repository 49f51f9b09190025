//! E\[PᵃQᵇ\] for the means P and Q of p and q over a minibatch.
//!
//! SᵃSᵇ PᵃQᵇ is a sum over assignments of its a + b factors to the S slots. Factors in one slot form a block, so that
//! it is a sum over partitions of the factors into k blocks, times S(S − 1)…(S − k + 1), of the expectation of a
//! product over distinct slots. Independent slots make that a product of expectations. The slots of a subset hold
//! distinct samples: a sum over distinct samples is that over all for the last block, less those where it meets one of
//! the others.

use std::collections::BTreeMap;

use rug::Rational;
use rug::ops::Pow;
use symbols::{Gaussian, Population, Sampling, Setting};

/// Exponents of p and q in one slot.
type Block = (u32, u32);

/// The largest degree.
const DEGREE: u32 = 4;

pub(super) struct MinibatchMoments(BTreeMap<Block, Rational>);

impl MinibatchMoments {
    pub(super) fn new(setting: &Setting<Rational>, minimizer: &Rational) -> Self {
        let sample = SampleMoments::new(setting, minimizer);
        let S = setting.draws();
        let moment = |(a, b): Block| {
            let factors = std::iter::repeat_n((1, 0), a as usize).chain(std::iter::repeat_n((0, 1), b as usize));
            let partitions = partitions(&Vec::from_iter(factors));
            let sum = partitions.iter().map(|blocks| falling(S, blocks.len()) * sample.over_distinct(blocks));
            sum.sum::<Rational>() / Rational::from(S.pow(a + b))
        };
        MinibatchMoments(blocks().map(|block| (block, moment(block))).collect())
    }

    /// E\[PᵃQᵇ\], a + b ≤ 4.
    pub(super) fn of(&self, a: u32, b: u32) -> &Rational {
        &self.0[&(a, b)]
    }
}

/// All of degree up to [`DEGREE`].
fn blocks() -> impl Iterator<Item = Block> {
    (0..=DEGREE).flat_map(|a| (0..=DEGREE - a).map(move |b| (a, b)))
}

/// x(x − 1)…(x − k + 1).
fn falling(x: &Rational, k: usize) -> Rational {
    (0..k).fold(Rational::from(1), |product, i| product * (x.clone() - Rational::from(i)))
}

/// The partitions of a list, each block summed.
fn partitions(factors: &[Block]) -> Vec<Vec<Block>> {
    let Some((&(a, b), rest)) = factors.split_last() else { return vec![Vec::new()] };
    let mut all = Vec::new();
    for blocks in partitions(rest) {
        for i in 0..blocks.len() {
            let mut joined = blocks.clone();
            joined[i].0 += a;
            joined[i].1 += b;
            all.push(joined);
        }
        let mut apart = blocks;
        apart.push((a, b));
        all.push(apart);
    }
    all
}

/// E\[pᵃqᵇ\] of one sample, and of distinct ones.
struct SampleMoments {
    moments: BTreeMap<Block, Rational>,
    /// N, where slots hold distinct ones of N samples.
    distinct: Option<Rational>,
}

impl SampleMoments {
    fn new(setting: &Setting<Rational>, w: &Rational) -> Self {
        let shift = Rational::from(&setting.weight_decay()[(0, 0)] * w);
        // p = x̃², q = x̃e + γw*: E[pᵃqᵇ] from E[x̃ᵏeʲ].
        let expand = |(a, b): Block, of: &dyn Fn(u32, u32) -> Rational| {
            let terms = (0..=b).map(|j| {
                let binomial = Rational::from(rug::Integer::from(b).binomial(j));
                binomial * of(2 * a + j, j) * Rational::from((&shift).pow(b - j))
            });
            terms.sum::<Rational>()
        };
        let of: Box<dyn Fn(u32, u32) -> Rational> = match setting.population() {
            Population::Gaussian(model) => {
                let pair = Pair::new(model, w);
                Box::new(move |k, j| pair.moment(k, j))
            }
            Population::Data(data) => {
                let samples = Vec::from_iter(data.features.iter().zip(&data.labels).map(|(x, y)| {
                    let residual = Rational::from(x * w) - y;
                    (x.clone(), residual)
                }));
                Box::new(move |k, j| {
                    let sum = samples
                        .iter()
                        .map(|(x, e)| Rational::from(x.pow(k)) * Rational::from(e.pow(j)))
                        .sum::<Rational>();
                    sum / Rational::from(samples.len())
                })
            }
        };
        let distinct = match setting.sampling() {
            Sampling::WithoutReplacement => setting.sample_count().map(Rational::from),
            Sampling::WithReplacement => None,
        };
        SampleMoments { moments: blocks().map(|block| (block, expand(block, &*of))).collect(), distinct }
    }

    /// The expectation of a product of blocks over distinct slots.
    fn over_distinct(&self, blocks: &[Block]) -> Rational {
        match &self.distinct {
            None => blocks.iter().fold(Rational::from(1), |product, block| product * &self.moments[block]),
            // More slots than samples: S(S − 1)… has a zero among its factors.
            Some(N) if *N < blocks.len() => Rational::new(),
            Some(N) => self.sum_over_distinct(N, blocks) / falling(N, blocks.len()),
        }
    }

    fn sum_over_distinct(&self, N: &Rational, blocks: &[Block]) -> Rational {
        let Some((last, others)) = blocks.split_last() else { return Rational::from(1) };
        let anywhere = Rational::from(N * &self.moments[last]) * self.sum_over_distinct(N, others);
        (0..others.len()).fold(anywhere, |sum, i| {
            let mut met = others.to_vec();
            met[i] = (met[i].0 + last.0, met[i].1 + last.1);
            sum - self.sum_over_distinct(N, &met)
        })
    }
}

/// x̃ and e = x̃w − y, jointly Gaussian.
struct Pair {
    of_x: Rational,
    of_both: Rational,
    of_e: Rational,
}

impl Pair {
    fn new(model: &Gaussian<Rational>, w: &Rational) -> Self {
        let (a, b) = (&model.feature_covariance[(0, 0)], &model.input_noise_covariance[(0, 0)]);
        let offset = Rational::from(w - &model.true_weights[0]);
        let (of_feature, of_noise) = (Rational::from(a * &offset), Rational::from(b * w));
        let of_e = Rational::from(&of_feature * &offset) + Rational::from(&of_noise * w) + &model.label_noise_variance;
        Pair { of_x: Rational::from(a + b), of_both: of_feature + of_noise, of_e }
    }

    /// E\[x̃ᵏeʲ\], pairing the last factor with each of the others (Isserlis).
    fn moment(&self, k: u32, j: u32) -> Rational {
        match (k, j) {
            (0, 0) => Rational::from(1),
            (0, 1) => Rational::new(),
            (0, j) => self.of_e.clone() * Rational::from(j - 1) * self.moment(0, j - 2),
            (k, j) => {
                let with_x = if k > 1 {
                    self.of_x.clone() * Rational::from(k - 1) * self.moment(k - 2, j)
                } else {
                    Rational::new()
                };
                let with_e = if j > 0 {
                    self.of_both.clone() * Rational::from(j) * self.moment(k - 1, j - 1)
                } else {
                    Rational::new()
                };
                with_x + with_e
            }
        }
    }
}
