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
    /// The diagnostics of the draws of several chains, equally many of each. `None` unless each half of a chain has
    /// two, or where all draws are equal.
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

    fn assert_close(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 1e-12, "{found}, expected {expected}");
    }

    /// Two sequences, of variances 2 and 8 about 2 and 4: W = 5, and W/2 plus the variance 2 of the means is 9/2.
    #[test]
    fn variances_within_and_between_by_hand() {
        assert_eq!(variances(&[1.0, 3.0, 2.0, 6.0], 2), (5.0, 4.5));
        assert_close(r_hat(&[1.0, 3.0, 2.0, 6.0], 2), 0.9_f64.sqrt());
        assert_eq!(r_hat(&[2.0; 4], 2), 1.0);
        assert_eq!(r_hat(&[1.0, 1.0, 2.0, 2.0], 2), f64::INFINITY);
    }

    /// Ranks 3, 1, 2 of three, and of four draws (3 + 4)/2 twice, 1 and 2.
    #[test]
    fn normal_scores_are_quantiles_of_ranks() {
        let quantile = |p: f64| Normal::standard().inverse_cdf(p);
        let scores = normal_scores(&[5.0, -1.0, 3.0]);
        assert_close(scores[0], quantile(2.625 / 3.25));
        assert_close(scores[1], quantile(0.625 / 3.25));
        assert!(scores[2].abs() < 1e-15);
        let scores = normal_scores(&[7.0, 0.0, 7.0, 1.0]);
        let expected = [3.125, 0.625, 3.125, 1.625].map(|shifted| quantile(shifted / 4.25));
        scores.iter().zip(expected).for_each(|(&found, expected)| assert_close(found, expected));
    }

    /// Each with the W, V and P_k that it has.
    #[test]
    fn effective_sample_sizes_by_hand() {
        // W = 1, V = 2/3 + 50 = 152/3: ρ₁ = 1 − 3/152, for neighbours are orthogonal, and τ = 2 (1 + ρ₁) − 1 = 225/76.
        assert_close(effective_sample_size(&[0.0, 1.0, 2.0, 10.0, 11.0, 12.0], 3), 152.0 / 75.0);
        // W = 3/10, V = 206/25: P = 3997/2060, 199/103, both counted.
        let alternating = [0.0, 1.0, 0.0, 1.0, 0.0, 4.0, 5.0, 4.0, 5.0, 4.0];
        assert_close(effective_sample_size(&alternating, 5), 10_300.0 / 6_947.0);
        // W = 4/15, V = 2/9: P = 29/30, −79/60, the second not counted.
        let bump = [0.0, 0.0, 1.0, 1.0, 0.0, 0.0];
        assert_close(effective_sample_size(&[bump, bump].concat(), 6), 90.0 / 7.0);
        // W = 3, V = 9/4: P₀ = 5/12 makes τ negative, and 1/log₁₀ 8 takes its place.
        let opposed = [3.0, 0.0, 0.0, 3.0, 0.0, 3.0, 3.0, 0.0];
        assert_close(effective_sample_size(&opposed, 4), 8.0 * 8.0_f64.log10());
        assert_eq!(effective_sample_size(&[2.0; 8], 4), 8.0);
        assert_eq!(effective_sample_size(&[f64::NAN; 8], 4), 8.0);
    }

    /// W = 4/9, V = 9/10: 81 P_k are 104, 82, 91, 73, 82, counted as 104, 82, 82, 73, 73: τ = 2 · 414/81 − 1 = 83/9.
    #[test]
    fn the_sequence_of_pairs_is_made_monotone() {
        let recurring = [1.0, -1.0, 0.0, 0.0, 0.0].repeat(2);
        let draws: Vec<f64> = recurring.iter().copied().chain(recurring.iter().map(|x| x + 1.0)).collect();
        assert_close(effective_sample_size(&draws, 10), 180.0 / 83.0);
    }

    /// With eight draws, the fourth is the median, the first the 5 % quantile and the seventh that of 95 %.
    #[test]
    fn diagnostics_are_those_of_scores_and_indicators() {
        let cases: [[[f64; 4]; 2]; 5] = [
            [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]],
            [[4.0, 4.5, 3.5, 5.0], [1.0, 9.0, 0.0, 8.0]],
            [[1.0, 8.0, 2.0, 7.0], [5.0, 3.0, 4.0, 6.0]],
            [[8.0, 7.0, 1.0, 3.0], [5.0, 4.0, 6.0, 2.0]],
            [[0.0, 0.0, 8.0, 2.0], [7.0, 3.0, 4.0, 5.0]],
        ];
        let mut seen = [[false; 2]; 2];
        for [first, second] in cases {
            let found = RankDiagnostics::of(&[&first, &second]).unwrap();
            let draws = [first, second].concat();
            let mut sorted = draws.clone();
            sorted.sort_unstable_by(f64::total_cmp);
            let folded: Vec<f64> = draws.iter().map(|x| (x - sorted[3]).abs()).collect();
            let (plain, folded) = (r_hat(&normal_scores(&draws), 2), r_hat(&normal_scores(&folded), 2));
            let size = |of: &dyn Fn(f64) -> bool| {
                effective_sample_size(&draws.iter().map(|&x| if of(x) { 1.0 } else { 0.0 }).collect::<Vec<_>>(), 2)
            };
            let (low, high) = (size(&|x| x == sorted[0]), size(&|x| x >= sorted[6]));
            let bulk = effective_sample_size(&normal_scores(&draws), 2);
            assert_eq!(found, RankDiagnostics { r_hat: plain.max(folded), bulk, tail: low.min(high) });
            seen[0][usize::from(plain < folded)] |= plain != folded;
            seen[1][usize::from(low < high)] |= low != high;
        }
        assert_eq!(seen, [[true; 2]; 2], "each of the two decides once");
    }

    /// A half of a chain of five has two draws: the one in the middle is in neither.
    #[test]
    fn the_draw_in_the_middle_of_an_odd_chain_is_left_out() {
        let odd = RankDiagnostics::of(&[&[1.0, 5.0, f64::NAN, 2.0, 3.0], &[4.0, 2.0, f64::NAN, 7.0, 1.0]]);
        assert_eq!(odd, RankDiagnostics::of(&[&[1.0, 5.0, 2.0, 3.0], &[4.0, 2.0, 7.0, 1.0]]));
        assert!(odd.is_some());
        // The shortest chain says how long a half is.
        let uneven = RankDiagnostics::of(&[&[1.0, 5.0, 9.0, 8.0, 2.0, 3.0], &[4.0, 2.0, 7.0, 1.0]]);
        assert_eq!(uneven, odd);
    }
}
