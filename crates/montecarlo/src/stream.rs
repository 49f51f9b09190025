//! The random numbers of eight chains.
//!
//! Chain k draws from stream k of the ChaCha8 generator whose key is the seed. Its run is cut into segments, and
//! segment s starts at block s·2⁴⁴ of the stream: what a chain draws in a segment depends on the seed, k and s alone.
//! So it does not matter on which thread it runs, in what company, on which machine, or whether the run was stopped in
//! between.
//!
//! Numbers are made 64 a chain in one go and handed out one by one. A method with rejection would push lanes apart;
//! where one is needed (the tails of the gamma law, indices), a lane that was rejected draws again from a spare stream
//! of its own, by a generator that knows nothing of lanes.

mod batch;
mod chacha;
pub(crate) mod chi_squared;
mod elementary;
pub(crate) mod label_noise;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::lanes::{self, LANES, Lanes, vectorized};
use batch::{Batch, Normals, Numbers, ROWS, Uniforms};
use chacha::ChaCha;

/// The purpose that a stream of a seed serves, so that no two uses share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// The steps of chains.
    Chain,
    /// Minibatches at fixed weights.
    Minibatches,
}

impl Use {
    /// The number of the stream of chain or block k.
    fn stream(self, k: u64) -> u64 {
        match self {
            Use::Chain => k,
            Use::Minibatches => k | 1 << 63,
        }
    }
}

/// Set in the number of a stream that a rejected lane draws from.
const SPARE: u64 = 1 << 62;
/// Set in the number of a stream that shuffles epochs.
const SHUFFLES: u64 = 1 << 61;
/// Log₂ of the blocks of a stream that belong to one segment.
const SEGMENT: u32 = 44;

/// The streams of eight chains.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    chacha: ChaCha,
    spare: [ChaCha8Rng; LANES],
    shuffles: [ChaCha8Rng; LANES],
    normals: Batch,
    uniforms: Batch,
    /// Numbers of the one other law that the sampler draws from.
    others: Batch,
}

impl Stream {
    /// The streams of the eight chains or blocks from `first` on.
    pub(crate) fn new(seed: u64, purpose: Use, first: u64) -> Self {
        let key = ChaCha8Rng::seed_from_u64(seed);
        let number = |l: usize| purpose.stream(first + l as u64);
        let scalar = |flag: u64| {
            std::array::from_fn(|l| {
                let mut rng = key.clone();
                rng.set_stream(number(l) | flag);
                rng
            })
        };
        Stream {
            chacha: ChaCha::new(key.get_seed(), std::array::from_fn(number)),
            spare: scalar(SPARE),
            shuffles: scalar(SHUFFLES),
            normals: Batch::empty(),
            uniforms: Batch::empty(),
            others: Batch::empty(),
        }
    }

    /// Goes to the start of a segment.
    pub(crate) fn seek(&mut self, segment: u64) {
        self.chacha.block = segment << SEGMENT;
        for rng in &mut self.spare {
            // A block has 16 words.
            rng.set_word_pos(u128::from(segment) << (SEGMENT + 4));
        }
        for batch in [&mut self.normals, &mut self.uniforms, &mut self.others] {
            batch.next = ROWS;
        }
    }

    /// Standard normal numbers.
    #[inline(always)]
    pub(crate) fn normals(&mut self, rows: &mut [Lanes]) {
        let mut done = 0;
        while done < rows.len() {
            if self.normals.is_empty() {
                self.refill_normals();
            }
            let mut taken = 0;
            for (row, numbers) in lanes::rows(rows[done..].iter_mut().zip(self.normals.left())) {
                *row = Lanes(*numbers);
                taken += 1;
            }
            self.normals.next += taken;
            done += taken;
        }
    }

    /// One row of them.
    #[inline(always)]
    pub(crate) fn normal(&mut self) -> Lanes {
        if self.normals.is_empty() {
            self.refill_normals();
        }
        self.normals.take()
    }

    /// A row of uniform numbers, odd multiples of 2⁻⁵³.
    #[inline(always)]
    pub(crate) fn uniform(&mut self) -> Lanes {
        if self.uniforms.is_empty() {
            self.refill_uniforms();
        }
        self.uniforms.take()
    }

    /// Uniform integers below `bound`, lane by lane.
    ///
    /// The 2⁵² cells that a uniform number can fall into are dealt out in `bound` equal shares. Those left over decide
    /// nothing: the number is drawn again from the spare stream.
    pub(crate) fn below(&mut self, bound: usize) -> [usize; LANES] {
        let cells = 1u64 << 52;
        let share = cells / bound as u64;
        let row = self.uniform();
        std::array::from_fn(|l| {
            let index = ((row[l] * cells as f64) as u64 / share) as usize;
            if index < bound { index } else { self.spare[l].random_range(0..bound) }
        })
    }

    /// The order of samples in an epoch: a shuffle that depends on the chain and the number of the epoch alone.
    pub(crate) fn shuffle(&mut self, lane: usize, epoch: u64, order: &mut [u32]) {
        let rng = &mut self.shuffles[lane];
        rng.set_word_pos(u128::from(epoch) << 34);
        for (i, place) in order.iter_mut().enumerate() {
            *place = i as u32;
        }
        for i in (1..order.len()).rev() {
            order.swap(i, rng.random_range(0..=i));
        }
    }

    #[inline(never)]
    fn refill_normals(&mut self) {
        vectorized(Normals { chacha: &mut self.chacha, numbers: &mut self.normals.numbers });
        self.normals.next = 0;
    }

    #[inline(never)]
    fn refill_uniforms(&mut self) {
        vectorized(Uniforms { chacha: &mut self.chacha, numbers: &mut self.uniforms.numbers });
        self.uniforms.next = 0;
    }

    /// A whole batch of uniform numbers.
    fn uniform_batch(&mut self) -> &Numbers {
        self.refill_uniforms();
        self.uniforms.next = ROWS;
        &self.uniforms.numbers
    }
}

/// Fills `numbers` with standard normal ones, by the generator that all runs draw from: those of the first eight chains
/// of the seed, in turn.
///
/// Not the fastest way to get few: they are made 512 at a time.
pub fn standard_normals(seed: u64, numbers: &mut [f64]) {
    let mut stream = Stream::new(seed, Use::Chain, 0);
    for part in numbers.chunks_mut(ROWS * LANES) {
        stream.refill_normals();
        part.copy_from_slice(&stream.normals.numbers.0[..part.len()]);
    }
}

#[cfg(test)]
mod tests;
