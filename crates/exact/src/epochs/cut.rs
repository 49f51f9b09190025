//! Which samples a step takes, and which are left.

use itertools::Itertools;
use symbols::LastBatch;

use crate::counting;

/// How epochs of N samples are cut into minibatches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    pub(super) samples: usize,
    pub(super) batch_size: usize,
    pub(super) last: LastBatch,
}

/// A minibatch, and what it leaves: both in rising order, but that one which straddles epochs has those of the second
/// last.
pub(super) type Draw = (Vec<usize>, Vec<usize>);

impl Cut {
    /// An epoch of which nothing has been used.
    pub(super) fn full(&self) -> Vec<usize> {
        Vec::from_iter(0..self.samples)
    }

    /// All next minibatches where `rest` is left of an epoch; each is as likely as any other.
    pub(super) fn draws(&self, rest: &[usize]) -> Vec<Draw> {
        let mut batch = Vec::new();
        let mut rest = rest.to_vec();
        let mut wanted = match self.last {
            LastBatch::Keep => self.batch_size.min(rest.len()),
            LastBatch::Drop | LastBatch::Straddle => self.batch_size,
        };
        // Whole epochs, or what is left of one, leave no choice.
        while wanted > rest.len() {
            wanted -= rest.len();
            batch.append(&mut rest);
            rest = self.full();
        }
        let mut all = subsets(&rest, wanted);
        for (chosen, left) in &mut all {
            chosen.splice(0..0, batch.iter().copied());
            if self.is_over(left.len()) {
                *left = self.full();
            }
        }
        all
    }

    /// Whether an epoch ends with so many samples left.
    fn is_over(&self, left: usize) -> bool {
        left == 0 || self.last == LastBatch::Drop && left < self.batch_size
    }

    /// How many minibatches there are in a cycle, over all sets that can be left before each of its steps; 2¹²⁸ − 1 for
    /// more.
    pub(super) fn minibatches(&self) -> u128 {
        let N = self.samples;
        let (mut total, mut left) = (0_u128, N);
        loop {
            let (from, wanted) = match self.last {
                LastBatch::Keep => (left, self.batch_size.min(left)),
                LastBatch::Drop => (left, self.batch_size),
                LastBatch::Straddle if self.batch_size <= left => (left, self.batch_size),
                // The last of the epochs that it takes from is taken from in part, or is used up.
                LastBatch::Straddle => (N, (self.batch_size - left - 1) % N + 1),
            };
            let here = counting::subsets(N, left).saturating_mul(counting::subsets(from, wanted));
            total = total.saturating_add(here);
            let after = from - wanted;
            left = if self.is_over(after) { N } else { after };
            if left == N || total == u128::MAX {
                return total;
            }
        }
    }
}

/// All subsets with k of the things, in rising order, and what each leaves.
fn subsets(things: &[usize], k: usize) -> Vec<Draw> {
    let draw = |chosen: Vec<usize>| {
        let left = things.iter().copied().filter(|thing| chosen.binary_search(thing).is_err()).collect();
        (chosen, left)
    };
    things.iter().copied().combinations(k).map(draw).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subsets_are_counted_as_they_are_made() {
        for n in 0..8 {
            for k in 0..=n {
                let things = Vec::from_iter(0..n);
                let all = subsets(&things, k);
                assert_eq!(all.len() as u128, counting::subsets(n, k), "{n}, {k}");
                for (chosen, left) in all {
                    let mut both = [chosen, left].concat();
                    both.sort_unstable();
                    assert_eq!(both, things);
                }
            }
        }
    }

    #[test]
    fn a_cycle_has_as_many_minibatches_as_were_counted() {
        for last in LastBatch::ALL {
            for N in 1..7 {
                for S in 1..=(if last == LastBatch::Drop { N } else { 9 }) {
                    let cut = Cut { samples: N, batch_size: S, last };
                    let mut found = 0;
                    let mut states = vec![cut.full()];
                    loop {
                        let draws = Vec::from_iter(states.iter().flat_map(|rest| cut.draws(rest)));
                        found += draws.len() as u128;
                        states = draws.into_iter().map(|(_, rest)| rest).collect();
                        states.sort_unstable();
                        states.dedup();
                        if states == [cut.full()] {
                            break;
                        }
                    }
                    assert_eq!(cut.minibatches(), found, "{last}, N = {N}, S = {S}");
                }
            }
        }
        let [keep, _, straddle] = LastBatch::ALL.map(|last| Cut { samples: 442, batch_size: 32, last }.minibatches());
        assert_eq!((keep, straddle), (u128::MAX, u128::MAX));
    }
}
