//! How long to run, from which seed, and what to draw.

use crate::draws::Draws;
use crate::error::MonteCarloError;
use crate::stream::label_noise::LabelNoise;

/// How much is drawn, and from which seed: a default, and what is to be different.
///
/// Chain k draws from stream k of the ChaCha8 generator with key `seed`, whatever thread it runs on: a plan gives the
/// same draws on any number of threads and any x86-64 processor.
///
/// # Example
/// ```
/// use montecarlo::{Draws, Plan};
///
/// let plan = Plan::new().with_steps(100_000).with_draws(Draws::InDistribution);
/// assert_eq!((plan.chains, plan.burn_in, plan.steps, plan.seed), (64, 1_000, 100_000, 1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// Independent chains (or blocks of minibatches), from 2 to [`Plan::MAX_CHAINS`]: the standard error comes from
    /// comparing them. They run eight at a time: multiples of 8 waste nothing. By default 64.
    pub chains: usize,
    /// Steps of each chain that are run and forgotten. No use is made of them for minibatches. By default 1000, which
    /// is enough where the second moments forget by a factor of 0.97 a step; [`burn_in`](crate::burn_in) says how many
    /// it takes in general.
    pub burn_in: usize,
    /// Steps of each chain that count, at least 4; or minibatches of each block, at least 1. By default 20 000.
    pub steps: usize,
    /// The key of all streams. By default 1.
    pub seed: u64,
    /// How minibatches are drawn. By default literally, with Gaussian label noise.
    pub draws: Draws,
}

impl Default for Plan {
    fn default() -> Self {
        Plan::new()
    }
}

impl Plan {
    /// More chains than anybody needs, few enough for their results to fit.
    pub const MAX_CHAINS: usize = 1 << 20;
    /// More steps than anybody lives to see.
    pub const MAX_STEPS: usize = usize::MAX >> 24;

    /// The fewest steps of a chain: it is split into two halves, each of which needs two for a variance.
    pub(crate) const MIN_STEPS: usize = 4;

    /// The default of every field.
    pub const fn new() -> Self {
        Plan { chains: 64, burn_in: 1_000, steps: 20_000, seed: 1, draws: Draws::Literal(LabelNoise::Gaussian) }
    }

    /// This plan with another number of chains.
    pub const fn with_chains(self, chains: usize) -> Self {
        Plan { chains, ..self }
    }

    /// This plan with another burn-in.
    pub const fn with_burn_in(self, burn_in: usize) -> Self {
        Plan { burn_in, ..self }
    }

    /// This plan with another number of steps that count.
    pub const fn with_steps(self, steps: usize) -> Self {
        Plan { steps, ..self }
    }

    /// This plan with another seed.
    pub const fn with_seed(self, seed: u64) -> Self {
        Plan { seed, ..self }
    }

    /// This plan with other draws.
    pub const fn with_draws(self, draws: Draws) -> Self {
        Plan { draws, ..self }
    }

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
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: Plan = Plan { chains: 2, burn_in: 0, steps: 4, seed: 7, draws: Draws::InDistribution };

    #[test]
    fn a_plan_is_the_default_but_for_what_is_different() {
        assert_eq!(Plan::default(), Plan::new());
        assert_eq!(Plan::new().draws, Draws::default());
        let other =
            Plan::new().with_chains(2).with_burn_in(0).with_steps(4).with_seed(7).with_draws(Draws::InDistribution);
        assert_eq!(other, PLAN);
    }

    #[test]
    fn names_the_count_that_is_too_small() {
        let error = Plan { chains: 1, ..PLAN }.check(4).unwrap_err();
        assert_eq!(error.to_string(), "chains = 1: expected 2 to 1048576");
        assert!(Plan { steps: 0, ..PLAN }.check(1).is_err());
        assert!(Plan { steps: usize::MAX, ..PLAN }.check(1).is_err());
    }

    #[test]
    fn both_ends_of_a_range_are_in_it() {
        for (chains, steps, burn_in) in [(2, 4, 0), (Plan::MAX_CHAINS, Plan::MAX_STEPS, Plan::MAX_STEPS)] {
            assert_eq!(Plan { chains, steps, burn_in, ..PLAN }.check(4), Ok(()));
        }
        let beyond = Plan::MAX_STEPS + 1;
        for plan in [
            Plan { chains: Plan::MAX_CHAINS + 1, ..PLAN },
            Plan { steps: 3, ..PLAN },
            Plan { steps: beyond, ..PLAN },
            Plan { burn_in: beyond, ..PLAN },
        ] {
            assert!(plan.check(4).is_err(), "{plan:?}");
        }
        assert_eq!((Plan::MAX_CHAINS, Plan::MAX_STEPS), (1_048_576, 1_099_511_627_775));
    }
}
