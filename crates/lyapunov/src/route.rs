//! The ways to the stationary state.

/// A way to the stationary state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// The joint second moments of (w, Λm) at once, by a dense matrix: the definition.
    Augmented,
    /// Eq. (3) for Σ, in coordinates in which all but the noise is elementwise: the fast route.
    Reduced,
}
