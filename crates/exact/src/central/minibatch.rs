//! E\[(θᵀξ)ʲ | v\], the moments of the noise ξ of a minibatch in a direction θ, as polynomials in both.
//!
//! One sample's part of θᵀξ is θᵀx̃ (x̃ᵀv + e) less its mean. With f(j) for its j-th moment, Sʲ(θᵀξ)ʲ is a sum over
//! assignments of j factors to the S slots. Factors in one slot form a block, so that it is a sum over partitions of the
//! factors into k blocks, times S(S − 1)…(S − k + 1), of the expectation of a product over distinct slots. Independent
//! slots make that a product of expectations. The slots of a subset hold distinct samples: a sum over distinct samples
//! is that over all for the last block, less those where it meets one of the others.

use std::collections::BTreeMap;

use numbers::Vector;
use rug::Rational;
use rug::ops::Pow;
use symbols::{DataSet, Population, Sampling, Setting};

use super::polynomial::Polynomial;
use crate::noise::Noise;

/// A direction and a state, component by component: linear forms.
pub(super) struct Forms {
    /// θ.
    pub(super) direction: Vec<Polynomial>,
    /// v.
    pub(super) weights: Vec<Polynomial>,
}

/// E\[(θᵀξ)ʲ | v\] of j = 0, 1, …, `degree`, about the minimizer w*.
pub(super) fn noise_moments(
    setting: &Setting<Rational>,
    minimizer: &Vector<Rational>,
    forms: &Forms,
    degree: u32,
) -> Vec<Polynomial> {
    let sample = SampleMoments::new(setting, minimizer, forms, degree);
    let S = setting.draws();
    let moment = |j: u32| {
        let mut sum = Polynomial::default();
        for (blocks, count) in partitions(j) {
            let weight = falling(S, blocks.len()) * count / Rational::from(S.pow(j));
            sum.add(sample.over_distinct(&blocks).scaled(&weight));
        }
        sum
    };
    (0..=degree).map(moment).collect()
}

/// x(x − 1)…(x − k + 1).
fn falling(x: &Rational, k: usize) -> Rational {
    (0..k).fold(Rational::from(1), |product, i| product * (x.clone() - Rational::from(i)))
}

/// The partitions of so many factors into blocks, by the sizes of these in ascending order; and how many have them.
fn partitions(factors: u32) -> BTreeMap<Vec<u32>, u32> {
    let mut all = BTreeMap::from([(Vec::new(), 1)]);
    for _ in 0..factors {
        let mut next = BTreeMap::new();
        for (blocks, count) in all {
            for i in 0..=blocks.len() {
                let mut joined: Vec<u32> = blocks.clone();
                match joined.get_mut(i) {
                    Some(block) => *block += 1,
                    None => joined.push(1),
                }
                joined.sort_unstable();
                *next.entry(joined).or_insert(0) += count;
            }
        }
        all = next;
    }
    all
}

/// f(j), and what is distinct.
struct SampleMoments {
    moments: Vec<Polynomial>,
    /// N, where slots hold distinct ones of N samples.
    distinct: Option<Rational>,
}

impl SampleMoments {
    fn new(setting: &Setting<Rational>, minimizer: &Vector<Rational>, forms: &Forms, degree: u32) -> Self {
        let raw = match setting.population() {
            Population::Gaussian(_) => of_gaussian(setting, minimizer, forms, degree),
            Population::Data(data) => of_data(data, minimizer, forms, degree),
        };
        let minus_mean = raw.get(1).cloned().unwrap_or_default().scaled(&Rational::from(-1)).powers(degree as usize);
        let central = |j: u32| {
            let mut sum = Polynomial::default();
            for i in 0..=j {
                let shift = &minus_mean[(j - i) as usize];
                sum.add(shift.times(&raw[i as usize]).scaled(&binomial(j, i)));
            }
            sum
        };
        let distinct = match setting.sampling() {
            Sampling::WithoutReplacement => setting.sample_count().map(Rational::from),
            Sampling::WithReplacement => None,
        };
        SampleMoments { moments: (0..=degree).map(central).collect(), distinct }
    }

    /// The expectation of a product of blocks over distinct slots.
    fn over_distinct(&self, blocks: &[u32]) -> Polynomial {
        match &self.distinct {
            None => {
                let one = Polynomial::constant(Rational::from(1));
                blocks.iter().fold(one, |product, &block| product.times(&self.moments[block as usize]))
            }
            // More slots than samples: S(S − 1)… has a zero among its factors.
            Some(N) if *N < blocks.len() => Polynomial::default(),
            Some(N) => self.sum_over_distinct(N, blocks).scaled(&falling(N, blocks.len()).recip()),
        }
    }

    fn sum_over_distinct(&self, N: &Rational, blocks: &[u32]) -> Polynomial {
        let Some((&last, others)) = blocks.split_last() else { return Polynomial::constant(Rational::from(1)) };
        // The mean of the noise is zero.
        let mut sum = match last {
            1 => Polynomial::default(),
            _ => self.moments[last as usize].times(&self.sum_over_distinct(N, others)).scaled(N),
        };
        for i in 0..others.len() {
            let mut met = others.to_vec();
            met[i] += last;
            sum.add(self.sum_over_distinct(N, &met).scaled(&Rational::from(-1)));
        }
        sum
    }
}

pub(super) fn binomial(n: u32, k: u32) -> Rational {
    Rational::from(rug::Integer::from(n).binomial(k))
}

/// E\[(PR)ʲ\] of P = θᵀx̃ and the residual R, jointly Gaussian of variances t and q and covariance s.
///
/// E exp(εPR) = (1 − 2εs + ε²(s² − tq))^{−1/2} generates Legendre's polynomials: with the coefficients c of its series,
/// j c(j) = (2j − 1) s c(j−1) − (j − 1)(s² − tq) c(j−2).
fn of_gaussian(
    setting: &Setting<Rational>,
    minimizer: &Vector<Rational>,
    forms: &Forms,
    degree: u32,
) -> Vec<Polynomial> {
    let (M, D) = (setting.feature_covariance() + setting.input_noise_covariance(), setting.dimension());
    let (covariance, variance) = Noise::new(setting, minimizer.clone()).at_minimizer();
    let Forms { direction, weights } = forms;
    let mut t = Polynomial::default();
    let mut s = Polynomial::default();
    let mut q = Polynomial::constant(variance);
    for i in 0..D {
        // (Mv + cov(x̃, e))ᵢ, and (Mv + 2cov(x̃, e))ᵢ.
        let (mut across, mut of_weights) = (Polynomial::constant(covariance[i].clone()), Polynomial::default());
        let mut of_direction = Polynomial::default();
        for j in 0..D {
            of_weights.add(weights[j].clone().scaled(&M[(i, j)]));
            of_direction.add(direction[j].clone().scaled(&M[(i, j)]));
        }
        across.add(of_weights);
        s.add(direction[i].times(&across));
        across.add(Polynomial::constant(covariance[i].clone()));
        q.add(weights[i].times(&across));
        t.add(direction[i].times(&of_direction));
    }
    let mut determinant = s.times(&s);
    determinant.add(t.times(&q).scaled(&Rational::from(-1)));
    let mut series = vec![Polynomial::constant(Rational::from(1)), s.clone()];
    for j in 2..=degree {
        let n = j as usize;
        let mut next = s.times(&series[n - 1]).scaled(&Rational::from((2 * j - 1, j)));
        next.add(determinant.times(&series[n - 2]).scaled(&-Rational::from((j - 1, j))));
        series.push(next);
    }
    let factorial = |j: usize| Rational::from(rug::Integer::from(rug::Integer::factorial(j as u32)));
    series.into_iter().enumerate().map(|(j, c)| c.scaled(&factorial(j))).collect()
}

/// (1/N) Σ (θᵀxᵢ (xᵢᵀv + eᵢ))ʲ.
fn of_data(data: &DataSet<Rational>, minimizer: &Vector<Rational>, forms: &Forms, degree: u32) -> Vec<Polynomial> {
    let part = Rational::from((1, data.labels.len()));
    let residuals = &data.features * minimizer - &data.labels;
    let mut sums = vec![Polynomial::default(); degree as usize + 1];
    for (x, e) in data.features.row_iter().zip(residuals.iter()) {
        let along = |forms: &[Polynomial], constant: Rational| {
            let mut sum = Polynomial::constant(constant);
            for (form, x) in forms.iter().zip(x.iter()) {
                sum.add(form.clone().scaled(x));
            }
            sum
        };
        let gradient = along(&forms.direction, Rational::new()).times(&along(&forms.weights, e.clone()));
        for (sum, power) in sums.iter_mut().zip(gradient.powers(degree as usize)) {
            sum.add(power.scaled(&part));
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 15 partitions of four factors: 1, 6, 4, 3 and 1 of them with the sizes 1111, 112, 13, 22 and 4.
    #[test]
    fn partitions_are_counted_by_the_sizes_of_their_blocks() {
        let expected = [(vec![1, 1, 1, 1], 1), (vec![1, 1, 2], 6), (vec![1, 3], 4), (vec![2, 2], 3), (vec![4], 1)];
        assert_eq!(partitions(4), BTreeMap::from(expected));
        assert_eq!(partitions(6).values().sum::<u32>(), 203);
    }
}
