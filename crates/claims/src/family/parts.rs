//! What the parts of a family may be.

use symbols::Sampling;

/// Where samples come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Samples {
    /// A Gaussian population; S is a variable.
    Gaussian,
    /// A data set.
    Data {
        /// N.
        count: usize,
        /// S, where minibatches are enumerated; `None` for a variable.
        batch_size: Option<u32>,
        /// How minibatches are drawn.
        sampling: Sampling,
    },
}

/// What Λ is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// λI.
    Scalar,
    /// A polynomial in A.
    Polynomial,
    /// λA⁻¹.
    Inverse,
    /// Any symmetric matrix.
    Free,
}

/// A matrix that commutes with A, and is diagonal with it. Two such matrices commute with each other only where the
/// eigenvalues of A differ: with A = aI both may be any, which no rotation undoes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Γ.
    WeightDecay,
    /// B.
    InputNoise,
}

/// What Γ is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decay {
    /// 0.
    None,
    /// A matrix with Γu = 0: 0 on the axes along which u lies.
    Beside,
    /// A diagonal matrix with the eigenvector u: γI on the axes along which u lies.
    Eigenvector,
    /// γI.
    Scalar,
    /// Any symmetric matrix.
    Free,
}
