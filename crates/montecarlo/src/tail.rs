//! How heavy the tail of the chains is: for which α the moment E‖v‖^α stops existing.
//!
//! A mean of squares has a standard error only where the fourth moment exists, and a run cannot see from the
//! squares alone that it does not: they merely jump, rarely, and the jumps that did not happen yet are the estimate's error.

/// An estimate of the tail index α: P(‖v‖ > r) falls like r^−α, so that moments below the α-th exist.
///
/// It is the Hill estimate
///
/// ```text
/// 1/α̂ = (1/k) Σ_{j≤k} log(r₍ⱼ₎ / r₍ₖ₊₁₎),    r₍₁₎ ≥ r₍₂₎ ≥ …,    k = ⌈√P⌉,
/// ```
///
/// of the P block maxima of ‖v‖ = (Σ K_ii v_i²)^½, up to 256 consecutive blocks of each chain. The maximum of a block has
/// the tail index of its members, loses none of the extremes that thinning would, and sits deeper in the tail; √P of
/// them reach out to where the body of the law, which bends every Hill plot, is left behind.
///
/// The standard error treats chains as clusters, because the exceedances of one chain depend on each other; it is never
/// less than the α̂/√k of independent ones.
///
/// # Source
/// Hill, *A simple general approach to inference about the tail of a distribution*, Ann. Statist. 3 (1975); dependent
/// sequences: Hsing, *On tail index estimation using dependent data*, Ann. Statist. 19 (1991).
#[derive(Debug, Clone, Copy, PartialEq)]
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
        let mut maxima: Vec<f64> = chains.iter().copied().flatten().copied().collect();
        maxima.sort_unstable_by(|a, b| b.total_cmp(a));
        let count = (maxima.len() as f64).sqrt().ceil() as usize;
        let none = TailIndex { estimate: f64::INFINITY, standard_error: 0.0, exceedances: count };
        let Some(&threshold) = maxima.get(count) else {
            return none;
        };
        if threshold <= rounding {
            return none;
        }
        // Half the logarithm: the maxima are squares.
        let clusters: Vec<(f64, f64)> = chains
            .iter()
            .map(|maxima| {
                let above = maxima.iter().filter(|&&size| size > threshold);
                above.fold((0.0, 0.0), |(count, sum), size| (count + 1.0, sum + 0.5 * (size / threshold).ln()))
            })
            .collect();
        let count: f64 = clusters.iter().map(|cluster| cluster.0).sum();
        let inverse = clusters.iter().map(|cluster| cluster.1).sum::<f64>() / count;
        // No exceedances at all (0/0), or none that exceeds: the largest maxima are all the same.
        if inverse.is_nan() || inverse == 0.0 {
            return none;
        }
        let between: f64 = clusters.iter().map(|(count, sum)| (sum - inverse * count).powi(2)).sum();
        let M = clusters.len() as f64;
        let clustered = M / (M - 1.0) * between / (count * count);
        let independent = inverse * inverse / count;
        TailIndex {
            estimate: 1.0 / inverse,
            standard_error: clustered.max(independent).sqrt() / (inverse * inverse),
            exceedances: count as usize,
        }
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
}
