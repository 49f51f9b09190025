//! How heavy the tail of the chains is: for which α the moment E‖v‖^α stops existing.
//!
//! A mean of squares has a standard error only where the fourth moment exists, and a run cannot see from the squares
//! alone that it does not: they merely jump, rarely, and the jumps that did not happen yet are the estimate's error.

/// An estimate of the tail index α: P(‖v‖ > r) falls like r^−α, so that moments below the α-th exist.
///
/// It is the Hill estimate
///
/// ```text
/// 1/α̂ = (1/k) Σ_{j≤k} log(r₍ⱼ₎ / r₍ₖ₊₁₎),    r₍₁₎ ≥ r₍₂₎ ≥ …,    k = ⌈√P⌉,
/// ```
///
/// of the P block maxima of ‖v‖ = (Σ K_ii v_i²)^½, up to 256 consecutive blocks of each chain. The maximum of a block
/// has the tail index of its members, loses none of the extremes that thinning would, and sits deeper in the tail; √P
/// of them reach out to where the body of the law, which bends every Hill plot, is left behind.
///
/// The standard error treats chains as clusters, because the exceedances of one chain depend on each other; it is never
/// less than the α̂/√k of independent ones.
///
/// # Source
/// Hill, *A simple general approach to inference about the tail of a distribution*, Ann. Statist. 3 (1975); dependent
/// sequences: Hsing, *On tail index estimation using dependent data*, Ann. Statist. 19 (1991).
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct TailIndex {
    /// α̂; infinite where ‖v‖ does not vary beyond rounding.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// k, the number of block maxima that it rests on.
    pub exceedances: usize,
}

impl TailIndex {
    /// From the block maxima of ‖v‖² of each chain. Nothing up to `rounding` counts as a fluctuation.
    pub(crate) fn of(chains: &[&[f64]], rounding: f64) -> Self {
        let Some(exceedances) = Exceedances::of(chains, rounding) else {
            return Self::none();
        };
        let Exceedances { count, log_mean: inverse, .. } = exceedances;
        let between: f64 = exceedances.chains.iter().map(|(count, sum)| (sum - inverse * count).powi(2)).sum();
        let M = chains.len() as f64;
        let clustered = M / (M - 1.0) * between / (count * count);
        let independent = inverse * inverse / count;
        TailIndex {
            estimate: 1.0 / inverse,
            standard_error: clustered.max(independent).sqrt() / (inverse * inverse),
            exceedances: count as usize,
        }
    }

    /// By the estimate of moments, from the same exceedances. With M₁ and M₂ the means of the logarithms and of their
    /// squares,
    ///
    /// ```text
    /// 1/α̂ = M₁ + 1 − ½ / (1 − M₁²/M₂)
    /// ```
    ///
    /// and infinite where that is not positive: then the tail is no power law. The standard error, √((1 + 1/α̂²)/k) of
    /// 1/α̂, is that of independent exceedances, widened as much as Hill's is by clusters.
    ///
    /// Source: Dekkers, Einmahl and de Haan, *A moment estimator for the index of an extreme-value distribution*, Ann.
    /// Statist. 17 (1989).
    pub(crate) fn by_moments(chains: &[&[f64]], rounding: f64) -> Self {
        let Some(Exceedances { count, log_mean, log_square, .. }) = Exceedances::of(chains, rounding) else {
            return Self::none();
        };
        let inverse = log_mean + 1.0 - 0.5 / (1.0 - log_mean * log_mean / log_square);
        if inverse.is_nan() || inverse <= 0.0 {
            return TailIndex { exceedances: count as usize, ..Self::none() };
        }
        let hill = Self::of(chains, rounding);
        let widened = hill.standard_error / hill.estimate * count.sqrt();
        TailIndex {
            estimate: 1.0 / inverse,
            standard_error: widened * ((1.0 + inverse * inverse) / count).sqrt() / (inverse * inverse),
            exceedances: count as usize,
        }
    }

    fn none() -> Self {
        TailIndex { estimate: f64::INFINITY, standard_error: 0.0, exceedances: 0 }
    }
}

/// The largest of the block maxima, relative to the first that is not among them.
struct Exceedances {
    /// k.
    count: f64,
    /// For each chain: how many exceedances it has, and the sum of their logarithms.
    chains: Vec<(f64, f64)>,
    /// The mean of log(r₍ⱼ₎/r₍ₖ₊₁₎).
    log_mean: f64,
    /// The mean of its square.
    log_square: f64,
}

impl Exceedances {
    /// `None` where nothing exceeds.
    fn of(chains: &[&[f64]], rounding: f64) -> Option<Self> {
        let mut maxima: Vec<f64> = chains.iter().copied().flatten().copied().collect();
        maxima.sort_unstable_by(|a, b| b.total_cmp(a));
        let threshold = *maxima.get((maxima.len() as f64).sqrt().ceil() as usize)?;
        if threshold <= rounding {
            return None;
        }
        // Half the logarithm: the maxima are squares.
        let log = |size: f64| 0.5 * (size / threshold).ln();
        let above = |maxima: &[f64]| maxima.iter().filter(|&&size| size > threshold).map(|&size| log(size)).collect();
        let logs: Vec<Vec<f64>> = chains.iter().map(|maxima| above(maxima)).collect();
        let count = logs.iter().map(Vec::len).sum::<usize>() as f64;
        let log_mean = logs.iter().flatten().sum::<f64>() / count;
        let log_square = logs.iter().flatten().map(|log| log * log).sum::<f64>() / count;
        let chains = logs.iter().map(|logs| (logs.len() as f64, logs.iter().sum())).collect();
        // None, where the largest maxima are all the same.
        (count > 0.0).then_some(Exceedances { count, chains, log_mean, log_square })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;
    use rand_distr::Open01;

    fn pareto(index: f64, seed: u64) -> Vec<Vec<f64>> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        // ‖v‖² of a ‖v‖ with P(‖v‖ > r) = r^−index.
        let mut square = || rng.sample::<f64, _>(Open01).powf(-2.0 / index);
        (0..32).map(|_| (0..256).map(|_| square()).collect()).collect()
    }

    fn tail_index(chains: &[Vec<f64>]) -> TailIndex {
        let chains: Vec<&[f64]> = chains.iter().map(Vec::as_slice).collect();
        TailIndex::of(&chains, 0.0)
    }

    #[test]
    fn finds_the_index_of_a_pareto_law() {
        for (index, seed) in [(0.5, 1), (2.0, 2), (6.0, 3)] {
            let found = tail_index(&pareto(index, seed));
            assert_eq!(found.exceedances, 91);
            // 5 standard errors: about one false alarm in a million.
            let z = (found.estimate - index) / found.standard_error;
            assert!(z.abs() < 5.0, "index {index}, seed {seed}: {found:?}");
            assert!(found.standard_error < 0.2 * index, "index {index}, seed {seed}: {found:?}");
        }
    }

    #[test]
    fn the_estimate_of_moments_finds_it_too() {
        for index in [0.5, 2.0] {
            let (mut error, mut squares) = (0.0, 0.0);
            for seed in 0..400 {
                let chains = pareto(index, seed);
                let chains: Vec<&[f64]> = chains.iter().map(Vec::as_slice).collect();
                let (found, hill) = (TailIndex::by_moments(&chains, 0.0), TailIndex::of(&chains, 0.0));
                // k times the squared relative error is 1 + α̂², where Hill's is 1 without clusters.
                let [relative, of_hill] = [found, hill].map(|index| index.standard_error / index.estimate);
                let widened = of_hill * (1.0 + found.estimate.powi(2)).sqrt();
                assert!((relative / widened - 1.0).abs() < 1e-12, "index {index}, seed {seed}: {relative}, {widened}");
                assert_eq!(found.exceedances, 91);
                // In 1/α̂, whose law is nearly normal.
                let deviation = 1.0 / found.estimate - 1.0 / index;
                let standard_error = found.standard_error / found.estimate.powi(2);
                error += deviation / 400.0;
                squares += (deviation / standard_error).powi(2) / 400.0;
            }
            // Five standard errors of 400 runs, and a bias of the order 1/k with k = 91; the mean square has one of 7
            // %.
            let bound = 5.0 * ((1.0 + index.powi(-2)) / 91.0 / 400.0).sqrt() + 2.0 / 91.0 / index;
            assert!(f64::abs(error) < bound, "index {index}: {error}, expected below {bound}");
            assert!((0.6..1.4).contains(&squares), "index {index}: {squares}");
        }
        // Bounded: no power law, and no tail.
        let bounded: Vec<Vec<f64>> =
            pareto(1.0, 7).iter().map(|chain| chain.iter().map(|x| 1.0 - 0.5 / x).collect()).collect();
        let bounded: Vec<&[f64]> = bounded.iter().map(Vec::as_slice).collect();
        let none = TailIndex { estimate: f64::INFINITY, standard_error: 0.0, exceedances: 91 };
        assert_eq!(TailIndex::by_moments(&bounded, 0.0), none);
    }

    #[test]
    fn clusters_widen_the_standard_error() {
        let mut chains = pareto(2.0, 4);
        let alone = tail_index(&chains).standard_error;
        // Each chain repeats one value in ten: exceedances come ten at a time.
        for chain in &mut chains {
            for i in 0..chain.len() {
                chain[i] = chain[i - i % 10];
            }
        }
        let clustered = tail_index(&chains).standard_error;
        assert!(clustered > 1.5 * alone, "{clustered} against {alone}");
    }

    #[test]
    fn a_chain_that_does_not_move_has_no_tail() {
        assert_eq!(tail_index(&[vec![0.0; 8], vec![0.0; 8]]).estimate, f64::INFINITY);
        assert_eq!(tail_index(&[vec![3.0; 8], vec![3.0; 8]]).estimate, f64::INFINITY);
    }

    /// Squares whose roots exceed √2 by the given logarithms, √2 itself, and a smaller one.
    fn squares(logs: &[f64], rest: usize) -> Vec<f64> {
        let exceeding = logs.iter().map(|log| 2.0 * f64::exp(2.0 * log));
        exceeding.chain([2.0]).chain((1..rest).map(|i| 1.0 / i as f64)).collect()
    }

    fn assert_index(found: TailIndex, estimate: f64, standard_error: f64, exceedances: usize) {
        let close = |found: f64, expected: f64| (found / expected - 1.0).abs() < 1e-13;
        assert!(close(found.estimate, estimate) && close(found.standard_error, standard_error), "{found:?}");
        assert_eq!(found.exceedances, exceedances);
    }

    /// Three of nine, with logarithms 1, 2, 3: 1/α̂ = 2. Between chains (3 − 4)² + (3 − 2)² times 3/2 and over 3² is
    /// 1/3, less than the 2²/3 of independent ones. The squares have the mean 14/3, so that the moments give 2 + 1 −
    /// 7/2 < 0.
    #[test]
    fn independent_exceedances_by_hand() {
        let chains = [squares(&[1.0, 2.0], 1), squares(&[3.0], 2), vec![0.5, 0.25, 0.125]];
        assert_index(tail_index(&chains), 0.5, (4.0_f64 / 3.0).sqrt() / 4.0, 3);
        let chains: Vec<&[f64]> = chains.iter().map(Vec::as_slice).collect();
        let none = TailIndex { estimate: f64::INFINITY, standard_error: 0.0, exceedances: 3 };
        assert_eq!(TailIndex::by_moments(&chains, 0.0), none);
        // The first that is not among the largest has the square 2.
        assert_eq!(TailIndex::of(&chains, 1.999).exceedances, 3);
        for rounding in [2.0, 2.001] {
            assert_eq!(TailIndex::of(&chains, rounding), TailIndex { exceedances: 0, ..none });
            assert_eq!(TailIndex::by_moments(&chains, rounding), TailIndex { exceedances: 0, ..none });
        }
    }

    /// Four of sixteen, 5 and 5 in one chain, 1 and 1 in another, none in the third: 1/α̂ = 3, and between chains
    /// ((10 − 6)² + (2 − 6)²) · 3/2 / 4² = 3, more than 3²/4. The squares have the mean 13: the moments give
    /// 4 − ½ · 13/4 = 19/8, with an error that is wider by √(3/(9/4)) than √((1 + (19/8)²)/4).
    #[test]
    fn clustered_exceedances_by_hand() {
        let chains = [squares(&[5.0, 5.0], 3), squares(&[1.0, 1.0], 3), vec![0.5; 6]];
        assert_index(tail_index(&chains), 1.0 / 3.0, 3.0_f64.sqrt() / 9.0, 4);
        let chains: Vec<&[f64]> = chains.iter().map(Vec::as_slice).collect();
        let inverse: f64 = 19.0 / 8.0;
        let error = (4.0_f64 / 3.0 * (1.0 + 361.0 / 64.0) / 4.0).sqrt() / (inverse * inverse);
        assert_index(TailIndex::by_moments(&chains, 0.0), 8.0 / 19.0, error, 4);
    }

    /// ⌈√10⌉ = 4: the fifth is what the others exceed.
    #[test]
    fn the_number_of_exceedances_is_rounded_up() {
        let chains = [squares(&[1.0, 2.0, 3.0, 4.0], 6)];
        assert_eq!(chains[0].len(), 10);
        let chains: Vec<&[f64]> = chains.iter().map(Vec::as_slice).collect();
        let found = TailIndex::of(&chains, 0.0);
        assert!((found.estimate - 0.4).abs() < 1e-14 && found.exceedances == 4, "{found:?}");
    }
}
