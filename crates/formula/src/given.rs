//! What a formula claims and about whom, and where it is evaluated.

use notation::tree::Limit;
use symbols::{Minibatch, Moments, Setting};

/// In which sense a formula claims to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Equality.
    Exact,
    /// The relative error vanishes, with this order; ≈ alone says order 1.
    Approximation(Limit, u32),
    /// The absolute error vanishes, with this order.
    Limit(Limit, u32),
    /// Found ≤ claimed, or the other way round, at every setting.
    Bound,
    /// Found > claimed at some setting.
    Existence,
    /// A stationary state exists just where, if, or only if a condition holds.
    Stability,
    /// Two conditions hold at the same settings.
    Equivalence,
}

/// Whose answer a formula speaks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The setting alone.
    Setting,
    /// The first step, from w₀.
    Minibatch,
    /// The stationary state.
    Stationary,
}

/// Where a formula is evaluated.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a, T> {
    /// The setting.
    pub setting: &'a Setting<T>,
    /// Its stationary state, where the formula reads it.
    pub moments: Option<&'a Moments<T>>,
    /// Its first step, where the formula reads it.
    pub minibatch: Option<&'a Minibatch<T>>,
}

impl<'a, T> Given<'a, T> {
    /// A setting alone.
    pub fn setting(setting: &'a Setting<T>) -> Self {
        Given { setting, moments: None, minibatch: None }
    }
}
