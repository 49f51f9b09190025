//! What a text may take for granted, what it claims and about whom, and where it is evaluated.

use symbols::{Minibatch, Moments, Setting};

use crate::tree::Limit;

/// What a text may take for granted, so that its symbols have a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Context {
    /// What a, b, γ and λ mean, and whether every shape is 1×1.
    pub weights: Weights,
    /// What λ means.
    pub learning_rate: LearningRate,
    /// Whether the samples are a data set: N and sums over samples have a meaning.
    pub data_set: bool,
    /// Whether weight · feature = 1, as where σ² = 1 was left out.
    pub natural_units: bool,
    /// Whether Γ = 0, so that K and H₀ are the same.
    pub no_weight_decay: bool,
    /// Whether B = 0, so that H₀ and A are the same.
    pub no_input_noise: bool,
    /// Whether given weights are the minimizer: w = w₀ = w*.
    pub at_minimum: bool,
    /// What commutes, so that eigenvalues have a common index.
    pub commuting: Commuting,
}

/// Which matrices are known to commute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Commuting {
    /// \[A, B\] = 0.
    pub input_noise: bool,
    /// \[A, Γ\] = 0.
    pub weight_decay: bool,
    /// \[Λ, A\] = 0.
    pub learning_rate: bool,
    /// \[H₀, Γ\] = 0.
    pub hessian: bool,
}

/// How many weights there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weights {
    /// Any number.
    #[default]
    Any,
    /// One direction holds everything: a, b and γ are numbers, and matrices stay matrices.
    OneDirection,
    /// One: every shape is 1×1.
    One,
}

/// What λ means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LearningRate {
    /// Nothing: Λ is any matrix.
    #[default]
    Any,
    /// Λ = λI.
    Scalar,
    /// Λ = λA⁻¹, so that λ has no units.
    Newton,
}

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
