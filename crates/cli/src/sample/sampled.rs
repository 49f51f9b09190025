//! What a run comes to.

use montecarlo::{Run, Shard};

use super::answer::Answer;
use super::choice::Chosen;
use super::course::End;

/// A run that came to its end, and what it found.
pub struct Sampled {
    pub chosen: Chosen,
    pub run: Run,
    pub end: End,
    /// Shards that were not merged.
    pub missing: Vec<Shard>,
    pub answer: Answer,
    /// The relative standard error of Σ that a run of this length should have, where fourth moments are known.
    pub expected_error: Option<f64>,
}
