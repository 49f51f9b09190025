//! The numbers that eight chains carry from one segment to the next, and that a checkpoint keeps.

use serde::{Deserialize, Serialize};

use crate::lanes::{Lanes, zeros};
use crate::linear::OuterSums;
use crate::schedule::Schedule;

/// Where eight chains are, and all that they have summed. Their random numbers need nothing: a segment starts them
/// where its number says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct State {
    /// Where the chains are: y.
    pub(crate) y: Vec<Lanes>,
    /// k = P⁻¹Λm.
    pub(crate) k: Vec<Lanes>,
    pub(crate) parts: Vec<PartSums>,
    pub(crate) blocks: Vec<BlockSums>,
    /// y at the end of each block.
    pub(crate) draws: Vec<Lanes>,
    /// Σ y yᵀ.
    pub(crate) fluctuation: OuterSums,
    /// Σ (g − p)(g − p)ᵀ.
    pub(crate) noise: OuterSums,
}

/// Sums over a sixteenth of a run, entry by entry.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PartSums {
    pub(crate) measured: u64,
    /// Σ y_i.
    pub(crate) first: Vec<Lanes>,
    /// Σ y_i².
    pub(crate) second: Vec<Lanes>,
    /// Σ y_i⁴.
    pub(crate) fourth: Vec<Lanes>,
}

/// The sums that a block of steps leaves behind.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct BlockSums {
    /// The largest size of v in the block.
    pub(crate) largest: Lanes,
    /// The mean size of v over the measured steps.
    pub(crate) mean: Lanes,
}

impl PartSums {
    /// Sums over no steps, for D weights.
    pub(crate) fn zero(D: usize) -> Self {
        PartSums { measured: 0, first: zeros(D), second: zeros(D), fourth: zeros(D) }
    }
}

impl State {
    /// Chains at the point of reference, with m = 0, for D weights and a noise of `noise_width` numbers.
    pub(crate) fn new(D: usize, noise_width: usize) -> Self {
        State {
            y: zeros(D),
            k: zeros(D),
            parts: Vec::new(),
            blocks: Vec::new(),
            draws: Vec::new(),
            fluctuation: OuterSums::zero(D),
            noise: OuterSums::zero(noise_width),
        }
    }

    /// A state with room for the sums of so many segments, and the numbers of steps that are measured by then:
    /// everything about a state that does not depend on what was drawn.
    pub(crate) fn after(segments: usize, schedule: &Schedule, D: usize, noise_width: usize) -> Self {
        let mut state = State::new(D, noise_width);
        for segment in (0..segments).map(|i| schedule.segment(i)) {
            let Some(part) = segment.part else { continue };
            if part == state.parts.len() {
                state.parts.push(PartSums::zero(D));
            }
            if let Some(sums) = state.parts.last_mut() {
                sums.measured += schedule.measured(segment);
            }
        }
        let blocks = schedule.blocks_done(segments);
        state.blocks = vec![BlockSums::default(); blocks];
        state.draws = zeros(blocks * D);
        state
    }

    /// Everything about a state that does not depend on what was drawn, by name: two states with the same sizes can
    /// take each other's place.
    pub(crate) fn sizes(&self) -> Vec<(&'static str, usize)> {
        let OuterSums { order: weights, lower: fluctuation } = &self.fluctuation;
        let OuterSums { order: width, lower: noise } = &self.noise;
        let mut sizes = vec![
            ("number of weights", self.y.len()),
            ("number of momenta", self.k.len()),
            ("number of blocks", self.blocks.len()),
            ("number of draws", self.draws.len()),
            ("order of the fluctuation", *weights),
            ("number of sums of the fluctuation", fluctuation.len()),
            ("order of the noise", *width),
            ("number of sums of the noise", noise.len()),
            ("number of parts", self.parts.len()),
        ];
        for PartSums { measured, first, second, fourth } in &self.parts {
            // More steps than there are in memory are no number of a plan.
            sizes.push(("number of measured steps", usize::try_from(*measured).unwrap_or(usize::MAX)));
            sizes.extend([first, second, fourth].map(|sums| ("number of sums of a part", sums.len())));
        }
        sizes
    }
}
