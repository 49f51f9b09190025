//! How long to run, from which seed; and everything that can be wrong with a run.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use symbols::matrix::Singular;

/// How much is drawn, and from which seed.
///
/// Chain k draws from stream k of the ChaCha8 generator with key `seed`, whatever thread it runs on: a plan gives the
/// same draws on any number of threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Independent chains (or blocks of minibatches), from 2 to [`Plan::MAX_CHAINS`]: the standard error comes from
    /// comparing them.
    pub chains: usize,
    /// Steps of each chain that are run and forgotten. No use is made of them for minibatches.
    pub burn_in: usize,
    /// Steps of each chain that count, at least 4; or minibatches of each block, at least 1.
    pub steps: usize,
    /// The key of all streams.
    pub seed: u64,
}

/// What the streams of a seed are for, so that no two uses share one.
#[derive(Clone, Copy)]
pub(crate) enum Use {
    Chain,
    Minibatches,
}

impl Plan {
    /// More chains than anybody needs, few enough for their results to fit.
    pub const MAX_CHAINS: usize = 1 << 20;
    const MAX_STEPS: usize = usize::MAX >> 24;

    /// The fewest steps of a chain: it is split into two halves, each of which needs two for a variance.
    pub(crate) const MIN_STEPS: usize = 4;

    pub(crate) fn check(&self, min_steps: usize) -> Result<(), MonteCarloError> {
        let within = |quantity, value, minimum, maximum| {
            if (minimum..=maximum).contains(&value) {
                return Ok(());
            }
            Err(MonteCarloError::OutOfRange { quantity, value, minimum, maximum })
        };
        within("chains", self.chains, 2, Self::MAX_CHAINS)?;
        within("steps", self.steps, min_steps, Self::MAX_STEPS)?;
        within("burn_in", self.burn_in, 0, Self::MAX_STEPS)
    }

    /// The generator of chain or block k.
    pub(crate) fn stream(&self, purpose: Use, k: usize) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        let first = match purpose {
            Use::Chain => 0,
            Use::Minibatches => 1 << 63,
        };
        rng.set_stream(first + k as u64);
        rng
    }
}

/// Why there is no estimate.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MonteCarloError {
    /// A count of the plan outside its range.
    #[error("{quantity} = {value}: expected {minimum} to {maximum}")]
    OutOfRange {
        /// The name of the count.
        quantity: &'static str,
        /// Its value.
        value: usize,
        /// The smallest that is accepted.
        minimum: usize,
        /// The largest that is accepted.
        maximum: usize,
    },
    /// A part of the setting, or what follows from it, with an infinite entry or NaN.
    #[error("{quantity} has an entry {value}: expected finite numbers")]
    NotFinite {
        /// The name of the quantity.
        quantity: &'static str,
        /// The first such entry.
        value: f64,
    },
    /// A variance below zero: nothing can be drawn.
    #[error("{quantity} = {value}: expected a variance ≥ 0")]
    NegativeVariance {
        /// The name of the quantity.
        quantity: &'static str,
        /// Its value.
        value: f64,
    },
    /// A covariance with a negative direction: nothing can be drawn.
    #[error("{quantity} has a pivot {pivot}: expected a positive semidefinite matrix")]
    NotPositiveSemidefinite {
        /// The name of the quantity.
        quantity: &'static str,
        /// The negative number that elimination left on its diagonal.
        pivot: f64,
    },
    /// K = A + B + Γ without an inverse: no single minimizer to measure the fluctuation from.
    #[error("hessian: {source}")]
    SingularHessian {
        /// The column without a pivot.
        source: Singular,
    },
    /// A chain that left every bound.
    #[error("chain {chain} diverged in step {step}")]
    Diverged {
        /// The first such chain, from 0.
        chain: usize,
        /// The step, from 1, burn-in included.
        step: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, RngExt};
    use rand_distr::StandardNormal;

    const PLAN: Plan = Plan { chains: 2, burn_in: 0, steps: 4, seed: 7 };

    #[test]
    fn a_stream_keeps_its_values() {
        let normals = |purpose, k| -> [f64; 3] {
            let mut rng = PLAN.stream(purpose, k);
            std::array::from_fn(|_| rng.sample(StandardNormal))
        };
        assert_eq!(normals(Use::Chain, 0), [-0.7753719332177971, -1.3834217200084091, 0.8897130187430372]);
        assert_eq!(normals(Use::Chain, 1), [1.026385675375612, -1.8126389963000868, 0.8288601889671354]);
        assert_eq!(normals(Use::Minibatches, 1), [-1.0680367627359086, -0.3055252787934912, -1.1405943840298878]);
    }

    #[test]
    fn no_two_streams_of_a_seed_agree() {
        let first = |purpose, k| PLAN.stream(purpose, k).next_u64();
        let mut heads: Vec<u64> = (0..100).flat_map(|k| [first(Use::Chain, k), first(Use::Minibatches, k)]).collect();
        heads.sort_unstable();
        heads.dedup();
        assert_eq!(heads.len(), 200);
    }

    #[test]
    fn names_the_count_that_is_too_small() {
        let error = Plan { chains: 1, ..PLAN }.check(4).unwrap_err();
        assert_eq!(error.to_string(), "chains = 1: expected 2 to 1048576");
        assert!(Plan { steps: 0, ..PLAN }.check(1).is_err());
        assert!(Plan { steps: usize::MAX, ..PLAN }.check(1).is_err());
    }
}
