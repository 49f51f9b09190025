//! Random choices, for every test that draws settings.

use claims::Choices;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A stream of choices. Its seed is all that a test has to print.
pub struct Seeded(ChaCha8Rng);

impl Seeded {
    /// The choices of this seed.
    pub fn new(seed: u64) -> Self {
        Seeded(ChaCha8Rng::seed_from_u64(seed))
    }
}

impl Choices for Seeded {
    fn integer(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }
}
