//! Choices of settings that follow from a seed.

use std::hash::Hasher;

use claims::Choices;
use fnv::FnvHasher;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rug::Integer;

/// A stream of choices, named so that equal names under equal seeds choose alike.
pub struct Seeded(ChaCha8Rng);

impl Seeded {
    /// The stream of this name under this seed.
    pub fn new(seed: u64, name: &str) -> Self {
        let mut stream = ChaCha8Rng::seed_from_u64(seed);
        stream.set_stream(fnv(name));
        Seeded(stream)
    }
}

impl Seeded {
    /// An integer, uniform in 1..=2¹²⁷.
    pub fn integer_of_127_bits(&mut self) -> Integer {
        Integer::from(self.0.random::<u128>() >> 1) + 1
    }
}

impl Choices for Seeded {
    fn integer(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }
}

/// The choices of a stream, except that three in four of those that can have either sign are 0.
pub(crate) struct Sparse<'a>(pub(crate) &'a mut Seeded);

impl Choices for Sparse<'_> {
    fn integer(&mut self, low: i64, high: i64) -> i64 {
        if low < 0 && 0 < high && self.0.integer(0, 3) > 0 { 0 } else { self.0.integer(low, high) }
    }
}

/// Fowler–Noll–Vo hash (FNV-1a), which no release of a library changes.
pub fn fnv(name: &str) -> u64 {
    let mut hash = FnvHasher::default();
    hash.write(name.as_bytes());
    hash.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All snapshots follow from these choices: if this test fails, all of them change.
    #[test]
    fn choices_are_pinned() {
        let mut choices = Seeded::new(1, "name");
        let drawn: Vec<i64> = (0..6).map(|_| choices.integer(-9, 9)).collect();
        assert_eq!(drawn, [-5, -6, -8, 4, 3, -1]);
    }
}
