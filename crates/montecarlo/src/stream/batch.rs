//! Numbers made 64 a chain in one go.

use super::chacha::{BLOCKS, ChaCha, PLACES, Words};
use super::elementary;
use crate::lanes::{Kernel, LANES, Lanes};

/// Rows in a batch: numbers of each chain.
pub(super) const ROWS: usize = 8 * BLOCKS;

/// The numbers of a batch, row by row. One flat array: loops over it vectorize as they stand.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub(super) struct Numbers(pub(super) [f64; ROWS * LANES]);

/// A batch of numbers, to be handed out row by row.
#[derive(Debug, Clone)]
pub(super) struct Batch {
    pub(super) numbers: Box<Numbers>,
    pub(super) next: usize,
}

impl Batch {
    pub(super) fn empty() -> Self {
        Batch { numbers: Box::new(Numbers([0.0; ROWS * LANES])), next: ROWS }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.next == ROWS
    }

    /// The rows that are left.
    #[inline(always)]
    pub(super) fn left(&self) -> &[[f64; LANES]] {
        &self.numbers.0.as_chunks().0[self.next..]
    }

    /// The next row, of a batch that is not empty.
    #[inline(always)]
    pub(super) fn take(&mut self) -> Lanes {
        let row = self.left()[0];
        self.next += 1;
        Lanes(row)
    }
}

/// Fills a batch with normal numbers: the eight words-pairs of a block make eight rows, those of eight blocks 64.
pub(super) struct Normals<'a> {
    pub(super) chacha: &'a mut ChaCha,
    pub(super) numbers: &'a mut Numbers,
}

impl Kernel for Normals<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let mut words: Words = [[0; PLACES]; 16];
        self.chacha.next(&mut words);
        for (words, pair) in words.as_chunks::<4>().0.iter().zip(self.numbers.0.as_chunks_mut::<{ 2 * PLACES }>().0) {
            let (first, second) = pair.split_at_mut(PLACES);
            for place in 0..PLACES {
                let word = join(words[0][place], words[1][place]);
                let angle = join(words[2][place], words[3][place]);
                (first[place], second[place]) = elementary::normals(word, angle);
            }
        }
    }
}

/// Fills a batch with uniform numbers.
pub(super) struct Uniforms<'a> {
    pub(super) chacha: &'a mut ChaCha,
    pub(super) numbers: &'a mut Numbers,
}

impl Kernel for Uniforms<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let mut words: Words = [[0; PLACES]; 16];
        self.chacha.next(&mut words);
        for (words, numbers) in words.as_chunks::<2>().0.iter().zip(self.numbers.0.as_chunks_mut::<PLACES>().0) {
            for place in 0..PLACES {
                numbers[place] = elementary::uniform(join(words[0][place], words[1][place]));
            }
        }
    }
}

#[inline(always)]
fn join(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Row r of a batch is 8r, 8r + 1, …
    #[test]
    fn rows_are_handed_out_in_turn() {
        assert!(Batch::empty().is_empty() && Batch::empty().left().is_empty());
        let numbers = Box::new(Numbers(std::array::from_fn(|i| i as f64)));
        let mut batch = Batch { numbers, next: 0 };
        for row in 0..ROWS {
            assert!(!batch.is_empty());
            assert_eq!(batch.left().len(), ROWS - row);
            assert_eq!(batch.take(), Lanes(std::array::from_fn(|l| (8 * row + l) as f64)));
        }
        assert!(batch.is_empty());
    }

    #[test]
    fn the_second_word_is_the_upper_half() {
        assert_eq!(join(0x89ab_cdef, 0x0123_4567), 0x0123_4567_89ab_cdef);
        assert_eq!([join(1, 0), join(0, 1), join(u32::MAX, u32::MAX)], [1, 1 << 32, u64::MAX]);
    }
}
