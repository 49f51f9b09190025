//! What a text may take for granted.

/// What a text may take for granted, so that its symbols have a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Context {
    /// What a, b, γ and λ mean, and whether every shape is 1×1.
    pub weights: Weights,
    /// What λ means.
    pub learning_rate: LearningRate,
    /// Whether A = aI, so that a has a meaning.
    pub isotropic_features: bool,
    /// Whether Γ = γI, so that γ has a meaning.
    pub scalar_weight_decay: bool,
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
