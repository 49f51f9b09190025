//! ChaCha with 8 rounds, for the streams of eight chains at once.
//!
//! The words are those of `rand_chacha::ChaCha8Rng` with the same key and stream, so that nothing new has to be
//! believed about their quality: a test compares them. Only the order of work is another one: one call computes eight
//! blocks of each of eight streams, 64 in one loop, which the compiler vectorizes over.
//!
//! Source: Bernstein, *ChaCha, a variant of Salsa20* (2008).

use crate::lanes::LANES;

/// Blocks of each stream in one batch.
pub(crate) const BLOCKS: usize = 8;
/// Blocks in one batch. Block b of the stream of lane l has the place b·LANES + l.
pub(crate) const PLACES: usize = BLOCKS * LANES;

/// Sixteen words of every block of a batch, word by word.
pub(crate) type Words = [[u32; PLACES]; 16];

/// "expand 32-byte k".
const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];

/// The streams of eight chains.
#[derive(Debug, Clone)]
pub(crate) struct ChaCha {
    key: [u32; 8],
    /// The two halves of the number of the stream, place by place.
    stream: [[u32; PLACES]; 2],
    /// The next block.
    pub(crate) block: u64,
}

impl ChaCha {
    pub(crate) fn new(key: [u8; 32], streams: [u64; LANES]) -> Self {
        let word = |i: usize| u32::from_le_bytes([key[4 * i], key[4 * i + 1], key[4 * i + 2], key[4 * i + 3]]);
        let half = |shift: u32| std::array::from_fn(|place| (streams[place % LANES] >> shift) as u32);
        ChaCha { key: std::array::from_fn(word), stream: [half(0), half(32)], block: 0 }
    }

    /// The next batch.
    #[inline(always)]
    pub(crate) fn next(&mut self, words: &mut Words) {
        let mut low = [0; PLACES];
        let mut high = [0; PLACES];
        for place in 0..PLACES {
            let block = self.block.wrapping_add((place / LANES) as u64);
            (low[place], high[place]) = (block as u32, (block >> 32) as u32);
        }
        self.block = self.block.wrapping_add(BLOCKS as u64);
        let (key, stream) = (&self.key, &self.stream);
        for place in 0..PLACES {
            let start = [
                CONSTANTS[0],
                CONSTANTS[1],
                CONSTANTS[2],
                CONSTANTS[3],
                key[0],
                key[1],
                key[2],
                key[3],
                key[4],
                key[5],
                key[6],
                key[7],
                low[place],
                high[place],
                stream[0][place],
                stream[1][place],
            ];
            // Written out, because only an innermost loop is vectorized.
            let x = double_round(double_round(double_round(double_round(start))));
            for w in 0..16 {
                words[w][place] = x[w].wrapping_add(start[w]);
            }
        }
    }
}

/// A round on the columns of the 4×4 words, and one on their diagonals.
#[inline(always)]
fn double_round(mut x: [u32; 16]) -> [u32; 16] {
    quarter_round(&mut x, 0, 4, 8, 12);
    quarter_round(&mut x, 1, 5, 9, 13);
    quarter_round(&mut x, 2, 6, 10, 14);
    quarter_round(&mut x, 3, 7, 11, 15);
    quarter_round(&mut x, 0, 5, 10, 15);
    quarter_round(&mut x, 1, 6, 11, 12);
    quarter_round(&mut x, 2, 7, 8, 13);
    quarter_round(&mut x, 3, 4, 9, 14);
    x
}

#[inline(always)]
fn quarter_round(x: &mut [u32; 16], a: usize, b: usize, c: usize, d: usize) {
    x[a] = x[a].wrapping_add(x[b]);
    x[d] = (x[d] ^ x[a]).rotate_left(16);
    x[c] = x[c].wrapping_add(x[d]);
    x[b] = (x[b] ^ x[c]).rotate_left(12);
    x[a] = x[a].wrapping_add(x[b]);
    x[d] = (x[d] ^ x[a]).rotate_left(8);
    x[c] = x[c].wrapping_add(x[d]);
    x[b] = (x[b] ^ x[c]).rotate_left(7);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    proptest! {
        #[test]
        fn every_lane_has_the_words_of_its_stream(seed: u64, first: u64, block in 0u64..1 << 58) {
            let streams = std::array::from_fn(|l| first.wrapping_mul(l as u64 + 1));
            let reference = ChaCha8Rng::seed_from_u64(seed);
            let mut chacha = ChaCha::new(reference.get_seed(), streams);
            chacha.block = block;
            let mut words = [[0; PLACES]; 16];
            // Twice: the second batch starts where the first ends.
            for batch in 0..2 {
                chacha.next(&mut words);
                for lane in 0..LANES {
                    let mut rng = reference.clone();
                    rng.set_stream(streams[lane]);
                    rng.set_word_pos(16 * u128::from(block + batch * BLOCKS as u64));
                    for b in 0..BLOCKS {
                        for word in &words {
                            prop_assert_eq!(word[b * LANES + lane], rng.next_u32());
                        }
                    }
                }
            }
        }
    }
}
