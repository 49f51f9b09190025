//! How a run is cut into segments: the points where it can be stopped, saved and resumed.

use crate::Plan;

/// Blocks of steps, over all chains: each leaves its largest ‖v‖ to the tail estimate.
const BLOCKS: usize = 1 << 16;
/// Blocks of a single chain, at most.
const BLOCKS_OF_CHAIN: usize = 256;
/// Segments of the burn-in, at most.
const BURN_IN_SEGMENTS: usize = 256;
/// Parts of a run, at most: each keeps sums of its own, so that halves of a run that was stopped can be compared.
const PARTS: usize = 16;

/// The segments of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Schedule {
    burn_in: u64,
    steps: u64,
    burn_in_segments: usize,
    /// An even number, so that halves are made of whole blocks.
    pub(crate) blocks: usize,
    /// Steps from one measurement to the next.
    pub(crate) thinning: u64,
}

/// Steps that are run in one go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    /// From 0, those of the burn-in included.
    pub(crate) number: u64,
    /// From 0, burn-in included.
    pub(crate) first_step: u64,
    pub(crate) steps: u64,
    /// Which part of the run it belongs to; `None` during burn-in.
    pub(crate) part: Option<usize>,
}

impl Schedule {
    /// That of a plan whose counts have been checked.
    ///
    /// A measurement takes `measuring` products and a step `stepping`: where measuring takes longer, it is done so seldom
    /// that half of the time goes into each. Then the run is never twice as long as the best one for any quantity: those
    /// that chains forget slowly lose nothing by it, and for those that they forget in one step no choice gains more.
    pub(crate) fn new(plan: &Plan, stepping: usize, measuring: usize) -> Self {
        let blocks = (BLOCKS / plan.chains).clamp(Plan::MIN_STEPS, BLOCKS_OF_CHAIN).min(plan.steps) & !1;
        let steps_of_block = (plan.steps / blocks.max(1)).max(1);
        Schedule {
            burn_in: plan.burn_in as u64,
            steps: plan.steps as u64,
            burn_in_segments: plan.burn_in.div_ceil(steps_of_block).min(BURN_IN_SEGMENTS),
            blocks,
            thinning: (measuring / stepping.max(1)).max(1) as u64,
        }
    }

    /// How many segments there are.
    pub(crate) fn len(&self) -> usize {
        self.burn_in_segments + self.blocks
    }

    /// How many blocks are done after so many segments.
    pub(crate) fn blocks_done(&self, segments: usize) -> usize {
        segments.saturating_sub(self.burn_in_segments)
    }

    /// Segment i.
    pub(crate) fn segment(&self, i: usize) -> Segment {
        let cut = |total: u64, pieces: usize, at: usize| (u128::from(total) * at as u128 / pieces as u128) as u64;
        let (offset, total, pieces, at) = if i < self.burn_in_segments {
            (0, self.burn_in, self.burn_in_segments, i)
        } else {
            (self.burn_in, self.steps, self.blocks, i - self.burn_in_segments)
        };
        let (start, end) = (cut(total, pieces, at), cut(total, pieces, at + 1));
        let parts = self.blocks.min(PARTS);
        let part = (i >= self.burn_in_segments).then(|| at * parts / self.blocks);
        Segment { number: i as u64, first_step: offset + start, steps: end - start, part }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Draws;
    use proptest::prelude::*;

    #[test]
    fn measuring_takes_half_of_the_time_at_most() {
        let plan = Plan { chains: 8, burn_in: 0, steps: 1000, seed: 0, draws: Draws::default() };
        let thinning = |stepping, measuring| Schedule::new(&plan, stepping, measuring).thinning;
        assert_eq!([thinning(10, 1), thinning(10, 10), thinning(10, 19), thinning(10, 205)], [1, 1, 1, 20]);
    }

    proptest! {
        #[test]
        fn segments_are_the_steps_of_the_plan(chains in 2usize..1 << 20, burn_in in 0usize..10_000, steps in 4usize..1 << 20) {
            let plan = Plan { chains, burn_in, steps, seed: 0, draws: Draws::default() };
            let schedule = Schedule::new(&plan, 1, 1);
            let segments: Vec<_> = (0..schedule.len()).map(|i| schedule.segment(i)).collect();
            let mut next = 0;
            for (i, segment) in segments.iter().enumerate() {
                prop_assert_eq!(segment.first_step, next);
                prop_assert_eq!(segment.number, i as u64);
                prop_assert_eq!(segment.part.is_none(), segment.first_step < burn_in as u64);
                prop_assert!(segment.part.is_none() || segment.steps > 0);
                next += segment.steps;
            }
            prop_assert_eq!(next, (burn_in + steps) as u64);
            prop_assert_eq!(schedule.blocks % 2, 0);
            let measured: Vec<_> = segments.iter().filter_map(|segment| segment.part).collect();
            prop_assert!(measured.is_sorted() && measured[0] == 0);
            prop_assert_eq!(measured.len(), schedule.blocks);
        }
    }
}
