//! How a run is cut into segments: the points where it can be stopped, saved and resumed.

use crate::plan::Plan;

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
    /// Blocks are multiples of so many steps, in which each step of a cycle is measured once.
    unit: u64,
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
    /// The schedule of a plan whose counts have been checked.
    ///
    /// A measurement takes `measuring` products and a step `stepping`: where measuring takes longer, it is done so
    /// seldom that half of the time goes into each. Then the run is never twice as long as the best one for any
    /// quantity: those that chains forget slowly lose nothing by it, and for those that they forget in one step no
    /// choice gains more.
    ///
    /// Where the law of a minibatch comes again only after a `cycle` of steps, each step of a cycle is measured as
    /// often as any other: steps beyond the last whole cycle are run before the first block. A run of fewer than four
    /// cycles is too short for that.
    pub(crate) fn new(plan: &Plan, stepping: usize, measuring: usize, cycle: u64) -> Self {
        let (burn_in, steps) = (plan.burn_in as u64, plan.steps as u64);
        let mut thinning = (measuring / stepping.max(1)).max(1) as u64;
        let mut unit = 1;
        if cycle > 1 {
            // Of consecutive numbers, one is coprime to the cycle.
            thinning = (thinning..).find(|&thinning| gcd(thinning, cycle) == 1).unwrap_or(1);
            let is_long = |unit: &u64| steps / unit >= Plan::MIN_STEPS as u64;
            let measured = [cycle.saturating_mul(thinning), cycle].into_iter().find(is_long);
            thinning = if measured == Some(cycle) || measured.is_none() { 1 } else { thinning };
            unit = measured.unwrap_or(1);
        }
        let units = steps / unit;
        let blocks = (BLOCKS / plan.chains).clamp(Plan::MIN_STEPS, BLOCKS_OF_CHAIN).min(units as usize) & !1;
        let steps_of_block = (steps / blocks.max(1) as u64).max(1);
        let burn_in = burn_in + (steps - units * unit);
        let burn_in_segments = burn_in.div_ceil(steps_of_block).min(BURN_IN_SEGMENTS as u64) as usize;
        Schedule { burn_in, steps: units * unit, burn_in_segments, blocks, thinning, unit }
    }

    /// How many segments there are.
    pub(crate) fn len(&self) -> usize {
        self.burn_in_segments + self.blocks
    }

    /// How many blocks are done after so many segments.
    pub(crate) fn blocks_done(&self, segments: usize) -> usize {
        segments.saturating_sub(self.burn_in_segments)
    }

    /// How many steps of a segment of a part are measured.
    pub(crate) fn measured(&self, segment: Segment) -> u64 {
        segment.steps / self.thinning.min(segment.steps).max(1)
    }

    /// Segment i.
    pub(crate) fn segment(&self, i: usize) -> Segment {
        let cut = |total: u64, pieces: usize, at: usize| (u128::from(total) * at as u128 / pieces as u128) as u64;
        let (offset, unit, total, pieces, at) = if i < self.burn_in_segments {
            (0, 1, self.burn_in, self.burn_in_segments, i)
        } else {
            (self.burn_in, self.unit, self.steps / self.unit, self.blocks, i - self.burn_in_segments)
        };
        let (start, end) = (unit * cut(total, pieces, at), unit * cut(total, pieces, at + 1));
        let parts = self.blocks.min(PARTS);
        let part = (i >= self.burn_in_segments).then(|| at * parts / self.blocks);
        Segment { number: i as u64, first_step: offset + start, steps: end - start, part }
    }
}

/// The greatest common divisor.
pub(crate) fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::Draws;
    use proptest::prelude::*;

    #[test]
    fn measuring_takes_half_of_the_time_at_most() {
        let plan = Plan { chains: 8, burn_in: 0, steps: 1000, seed: 0, draws: Draws::default() };
        let thinning = |stepping, measuring| Schedule::new(&plan, stepping, measuring, 1).thinning;
        assert_eq!([thinning(10, 1), thinning(10, 10), thinning(10, 19), thinning(10, 205)], [1, 1, 1, 20]);
    }

    proptest! {
        #[test]
        fn segments_are_the_steps_of_the_plan(
            chains in 2usize..1 << 20,
            burn_in in 0usize..10_000,
            steps in 4usize..1 << 20,
        ) {
            let plan = Plan { chains, burn_in, steps, seed: 0, draws: Draws::default() };
            let schedule = Schedule::new(&plan, 1, 1, 1);
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

    proptest! {
        #[test]
        fn each_step_of_a_cycle_is_measured_as_often(
            chains in 2usize..100,
            burn_in in 0usize..100,
            steps in 4usize..5_000,
            cycle in 2u64..40,
            measuring in 1usize..10,
        ) {
            let plan = Plan { chains, burn_in, steps, seed: 0, draws: Draws::default() };
            let schedule = Schedule::new(&plan, 1, measuring, cycle);
            let mut counts = vec![0; cycle as usize];
            let mut next = 0;
            for segment in (0..schedule.len()).map(|i| schedule.segment(i)) {
                prop_assert_eq!(segment.first_step, next);
                next += segment.steps;
                if segment.part.is_some() {
                    let thinning = schedule.thinning.min(segment.steps);
                    let measured = (1..=segment.steps).filter(|done| done % thinning == 0);
                    measured.for_each(|done| counts[((segment.first_step + done - 1) % cycle) as usize] += 1);
                }
            }
            prop_assert_eq!(next, (burn_in + steps) as u64);
            if steps as u64 >= 4 * cycle {
                prop_assert!(counts.iter().all(|count| *count == counts[0] && *count > 0), "{:?}", counts);
            }
        }
    }

    fn schedule(chains: usize, burn_in: usize, steps: usize) -> Schedule {
        Schedule::new(&Plan { chains, burn_in, steps, seed: 0, draws: Draws::default() }, 1, 1, 1)
    }

    /// 2¹⁶ over all chains: 64 of 1024, but at most 256, at least 4, and an even number not above that of the steps.
    #[test]
    fn blocks_by_hand() {
        assert_eq!(schedule(1024, 0, 1000).blocks, 64);
        assert_eq!([schedule(256, 0, 1000).blocks, schedule(2, 0, 1000).blocks], [256, 256]);
        assert_eq!([schedule(1 << 14, 0, 1000).blocks, schedule(1 << 20, 0, 1000).blocks], [4, 4]);
        assert_eq!(
            [schedule(1024, 0, 64).blocks, schedule(1024, 0, 63).blocks, schedule(1000, 0, 90).blocks],
            [64, 62, 64]
        );
    }

    /// 64 blocks of 1000 steps have at least 15: a burn-in of 100 steps is cut into seven like them.
    #[test]
    fn a_burn_in_is_cut_like_the_blocks() {
        let of = |burn_in| schedule(1024, burn_in, 1000).burn_in_segments;
        assert_eq!([of(0), of(1), of(15), of(16), of(100), of(1_000_000)], [0, 1, 1, 2, 7, 256]);
        let all = schedule(1024, 100, 1000);
        assert_eq!([all.len(), all.blocks_done(6), all.blocks_done(7), all.blocks_done(10)], [71, 0, 0, 3]);
    }

    /// 100 steps in seven, then 1000 in 64, which are sixteen parts of four.
    #[test]
    fn segments_by_hand() {
        let all = schedule(1024, 100, 1000);
        let segment = |number: u64, first_step, steps, part| Segment { number, first_step, steps, part };
        assert_eq!(all.segment(0), segment(0, 0, 14, None));
        // ⌊300/7⌋ = 42, ⌊400/7⌋ = 57.
        assert_eq!(all.segment(3), segment(3, 42, 15, None));
        assert_eq!(all.segment(7), segment(7, 100, 15, Some(0)));
        // ⌊5000/64⌋ = 78, ⌊6000/64⌋ = 93.
        assert_eq!(all.segment(12), segment(12, 178, 15, Some(1)));
        assert_eq!(all.segment(70), segment(70, 1084, 16, Some(15)));
        // Four blocks are four parts.
        let few = schedule(1 << 20, 0, 9);
        assert_eq!([0, 1, 2, 3].map(|i| few.segment(i).part), [Some(0), Some(1), Some(2), Some(3)]);
        assert_eq!([0, 1, 2, 3].map(|i| few.segment(i).first_step), [0, 2, 4, 6]);
    }
}
