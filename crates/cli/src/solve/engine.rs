//! Who may be asked.

use serde::Serialize;

/// The engines.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// Doubles, with a bound on their error
    Lyapunov,
    /// Rational numbers
    Exact,
    /// Draws: runs SGD itself
    Montecarlo,
}
