//! Diagnostics of draws by their ranks, which heavy tails do not upset.
//!
//! They look at the draws that every chain keeps, one a block, and not at every step: a run has a few hundred a chain.
//!
//! Source: Vehtari, Gelman, Simpson, Carpenter and Bürkner, *Rank-normalization, folding, and localization: an improved
//! R̂ for assessing convergence of MCMC*, Bayesian Anal. 16 (2021).

use statrs::distribution::{ContinuousCDF, Normal};

/// R̂ and effective sample sizes of one quantity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RankDiagnostics {
    /// The larger of the split R̂ of the normal scores, and of those of the distances from the median.
    pub(crate) r_hat: f64,
    /// The effective sample size of the normal scores.
    pub(crate) bulk: f64,
    /// The lesser of those of the indicators of the lowest and of the highest twentieth.
    pub(crate) tail: f64,
}

impl RankDiagnostics {
    /// Of the draws of several chains, equally many of each. `None` unless each half of a chain has two, or where all
    /// draws are equal.
    pub(crate) fn of(chains: &[&[f64]]) -> Option<Self> {
        let half = chains.iter().map(|chain| chain.len()).min()? / 2;
        if half < 2 {
            return None;
        }
        let halves = || chains.iter().flat_map(|chain| [&chain[..half], &chain[chain.len() - half..]]);
        let draws: Vec<f64> = halves().flatten().copied().collect();
        let mut sorted = draws.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let (lowest, highest) = (*sorted.first()?, *sorted.last()?);
        if lowest.is_nan() || highest.is_nan() || lowest == highest {
            return None;
        }
        let quantile = |share: f64| sorted[((sorted.len() - 1) as f64 * share) as usize];
        let median = quantile(0.5);
        let folded: Vec<f64> = draws.iter().map(|x| (x - median).abs()).collect();
        let scores = normal_scores(&draws);
        let indicator = |share: f64, above: bool| -> Vec<f64> {
            let cut = quantile(share);
            draws.iter().map(|&x| f64::from(u8::from(if above { x >= cut } else { x <= cut }))).collect()
        };
        Some(RankDiagnostics {
            r_hat: f64::max(r_hat(&scores, half), r_hat(&normal_scores(&folded), half)),
            bulk: effective_sample_size(&scores, half),
            tail: f64::min(
                effective_sample_size(&indicator(0.05, false), half),
                effective_sample_size(&indicator(0.95, true), half),
            ),
        })
    }
}

/// Φ⁻¹((r − 3/8)/(N + 1/4)) for the rank r of each of N draws; equal draws share their mean rank.
fn normal_scores(draws: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..draws.len()).collect();
    order.sort_unstable_by(|&i, &j| draws[i].total_cmp(&draws[j]));
    let normal = Normal::standard();
    let mut scores = vec![0.0; draws.len()];
    let mut start = 0;
    for ties in order.chunk_by(|&i, &j| draws[i] == draws[j]) {
        let rank = start as f64 + 0.5 * (ties.len() + 1) as f64;
        let score = normal.inverse_cdf((rank - 0.375) / (draws.len() as f64 + 0.25));
        ties.iter().for_each(|&i| scores[i] = score);
        start += ties.len();
    }
    scores
}

fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

fn variance(x: &[f64]) -> f64 {
    let centre = mean(x);
    x.iter().map(|x| (x - centre).powi(2)).sum::<f64>() / (x.len() as f64 - 1.0)
}

/// The mean W of the variances of sequences of n draws, and ((n − 1)/n) W plus the variance of their means.
fn variances(draws: &[f64], n: usize) -> (f64, f64) {
    let of_sequences: Vec<f64> = draws.chunks_exact(n).map(variance).collect();
    let means: Vec<f64> = draws.chunks_exact(n).map(mean).collect();
    let within = mean(&of_sequences);
    (within, (n as f64 - 1.0) / n as f64 * within + variance(&means))
}

fn r_hat(draws: &[f64], n: usize) -> f64 {
    let (within, total) = variances(draws, n);
    let ratio = total / within;
    if ratio.is_nan() { 1.0 } else { ratio.sqrt() }
}

/// M n/τ with τ = −1 + 2 Σ P_k over Geyer's initial monotone sequence of P_k = ρ_2k + ρ_2k+1, and
///
/// ```text
/// ρ_t = 1 − (W − mean of the autocovariances at lag t)/V
/// ```
fn effective_sample_size(draws: &[f64], n: usize) -> f64 {
    let (within, total) = variances(draws, n);
    let M = (draws.len() / n) as f64;
    if total.is_nan() || total == 0.0 {
        return M * n as f64;
    }
    let centred: Vec<Vec<f64>> = draws
        .chunks_exact(n)
        .map(|sequence| {
            let centre = mean(sequence);
            sequence.iter().map(|x| x - centre).collect()
        })
        .collect();
    let correlation = |lag: usize| {
        let covariance = |x: &Vec<f64>| x.iter().zip(&x[lag..]).map(|(a, b)| a * b).sum::<f64>() / n as f64;
        1.0 - (within - centred.iter().map(covariance).sum::<f64>() / M) / total
    };
    let (mut sum, mut least) = (0.0, f64::INFINITY);
    for lag in (0..n - 1).step_by(2) {
        let first = if lag == 0 { 1.0 } else { correlation(lag) };
        let pair = first + correlation(lag + 1);
        if pair.is_nan() || pair <= 0.0 {
            break;
        }
        least = f64::min(least, pair);
        sum += least;
    }
    // Anticorrelated draws are worth more than their number, but not without bound.
    let time = f64::max(2.0 * sum - 1.0, 1.0 / (M * n as f64).log10());
    M * n as f64 / time
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;
    use rand_distr::StandardNormal;

    /// 32 chains of 256 draws of an AR(1) with the given factor, each pushed through f.
    fn chains(factor: f64, seed: u64, f: impl Fn(usize, f64) -> f64) -> Vec<Vec<f64>> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut normal = move || -> f64 { rng.sample(StandardNormal) };
        let chain = |k: usize| {
            let mut x = normal();
            let mut step = || {
                x = factor * x + (1.0 - factor * factor).sqrt() * normal();
                f(k, x)
            };
            (0..256).map(|_| step()).collect()
        };
        (0..32).map(chain).collect()
    }

    fn diagnostics(chains: &[Vec<f64>]) -> RankDiagnostics {
        let chains: Vec<&[f64]> = chains.iter().map(Vec::as_slice).collect();
        RankDiagnostics::of(&chains).unwrap()
    }

    #[test]
    fn independent_draws_are_worth_their_number_whatever_their_law() {
        for seed in 0..10 {
            // The second has the tail of Cauchy's law: no mean.
            for f in [|_, x: f64| x, |_, x: f64| x.signum() * (0.5 * x * x).exp()] {
                let found = diagnostics(&chains(0.0, seed, f));
                // R̂² − 1 has the deviation √(2/63)/128 = 0.0014.
                assert!((0.998..1.004).contains(&found.r_hat), "seed {seed}: {found:?}");
                // The relative error of τ is of the order of √(2·lags/N): 4 %, and three lags are rarely exceeded.
                for size in [found.bulk, found.tail] {
                    assert!((size / (32.0 * 256.0) - 1.0).abs() < 0.25, "seed {seed}: {found:?}");
                }
            }
        }
    }

    #[test]
    fn nothing_is_said_of_draws_that_are_no_numbers_or_all_equal() {
        let of = |x: f64| RankDiagnostics::of(&[&[1.0, 2.0, 3.0, x], &[1.0, 4.0, 2.0, 3.0]]);
        assert!(of(5.0).is_some());
        // They sort to either end.
        assert!(of(f64::NAN).is_none() && of(-f64::NAN).is_none());
        assert!(RankDiagnostics::of(&[&[1.0; 4], &[1.0; 4]]).is_none());
    }

    #[test]
    fn an_autoregression_is_worth_its_autocorrelation_time() {
        for seed in 0..10 {
            let found = diagnostics(&chains(0.6, seed, |_, x| x));
            // (1 − 0.6)/(1 + 0.6).
            assert!((found.bulk / (32.0 * 256.0 * 0.25) - 1.0).abs() < 0.3, "seed {seed}: {found:?}");
        }
    }

    #[test]
    fn a_chain_of_another_place_or_width_is_seen() {
        let elsewhere = diagnostics(&chains(0.0, 1, |k, x| if k == 0 { x + 3.0 } else { x }));
        assert!(elsewhere.r_hat > 1.05, "{elsewhere:?}");
        // Equal means: only folding tells.
        let wider = diagnostics(&chains(0.0, 2, |k, x| if k % 4 == 0 { 4.0 * x } else { x }));
        assert!(wider.r_hat > 1.05, "{wider:?}");
    }

    #[test]
    fn draws_that_do_not_vary_have_none() {
        assert_eq!(RankDiagnostics::of(&[&[1.0; 8], &[1.0; 8]]), None);
        assert_eq!(RankDiagnostics::of(&[&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]]), None);
        assert_eq!(RankDiagnostics::of(&[]), None);
    }
}
