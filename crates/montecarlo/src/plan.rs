//! How long to run, from which seed, and what to draw.

use std::fmt;

use symbols::LastBatch;

use crate::{LabelNoise, MonteCarloError};

/// How minibatches are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draws {
    /// As eq. (1) has them, sample by sample: features and label noise, or indices of a data set.
    Literal(LabelNoise),
    /// For Gaussian features and labels: the gradient of a minibatch from its law, which needs D + 1 random numbers
    /// instead of S (D + 1).
    InLaw,
    /// For data sets: consecutive minibatches of shuffled epochs, and what becomes of the last samples of each. Outside of
    /// the hypotheses of the paper: E\[w\] is not w*.
    ShuffledEpochs(LastBatch),
}

impl Default for Draws {
    /// Literal, with Gaussian label noise.
    fn default() -> Self {
        Draws::Literal(LabelNoise::Gaussian)
    }
}

impl fmt::Display for Draws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Draws::Literal(law) => write!(f, "literal, {law} label noise"),
            Draws::InLaw => f.write_str("in law"),
            Draws::ShuffledEpochs(LastBatch::Keep) => f.write_str("shuffled epochs, the last minibatch smaller"),
            Draws::ShuffledEpochs(LastBatch::Drop) => f.write_str("shuffled epochs, a smaller last minibatch dropped"),
            Draws::ShuffledEpochs(LastBatch::Straddle) => f.write_str("shuffled epochs, minibatches straddling them"),
        }
    }
}

/// How much is drawn, and from which seed.
///
/// Chain k draws from stream k of the ChaCha8 generator with key `seed`, whatever thread it runs on: a plan gives the
/// same draws on any number of threads and any x86-64 processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Independent chains (or blocks of minibatches), from 2 to [`Plan::MAX_CHAINS`]: the standard error comes from
    /// comparing them. They run eight at a time: multiples of 8 waste nothing.
    pub chains: usize,
    /// Steps of each chain that are run and forgotten. No use is made of them for minibatches. See
    /// [`burn_in`](crate::burn_in).
    pub burn_in: usize,
    /// Steps of each chain that count, at least 4; or minibatches of each block, at least 1.
    pub steps: usize,
    /// The key of all streams.
    pub seed: u64,
    /// How minibatches are drawn.
    pub draws: Draws,
}

impl Plan {
    /// More chains than anybody needs, few enough for their results to fit.
    pub const MAX_CHAINS: usize = 1 << 20;
    /// More steps than anybody lives to see.
    pub const MAX_STEPS: usize = usize::MAX >> 24;

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
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: Plan = Plan { chains: 2, burn_in: 0, steps: 4, seed: 7, draws: Draws::InLaw };

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

    #[test]
    fn ways_of_drawing_have_their_names() {
        assert_eq!(Draws::default(), Draws::Literal(LabelNoise::Gaussian));
        let names = [Draws::Literal(LabelNoise::Laplace), Draws::InLaw].map(|d| d.to_string());
        assert_eq!(names, ["literal, laplace label noise", "in law"]);
        let names = LastBatch::ALL.map(|last| Draws::ShuffledEpochs(last).to_string());
        let ends = ["the last minibatch smaller", "a smaller last minibatch dropped", "minibatches straddling them"];
        assert_eq!(names, ends.map(|end| format!("shuffled epochs, {end}")));
    }
}
