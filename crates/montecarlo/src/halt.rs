//! Why chains do not come to the end of a segment.

use std::sync::atomic::AtomicBool;

/// A chain that left every bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Divergence {
    /// From 1, burn-in included.
    pub(crate) step: u64,
    pub(crate) chain: usize,
}

/// Why a segment came to no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Halt {
    /// A chain diverged.
    Diverged(Divergence),
    /// It was asked to stop, and the pack stands in the middle of it.
    Stopped,
}

/// The flag of a run that nobody stops.
pub(crate) static NEVER: AtomicBool = AtomicBool::new(false);
