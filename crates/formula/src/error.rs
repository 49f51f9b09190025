//! The errors of a formula at a setting.

use numbers::matrix::Singular;

/// A denominator that is written as 0 is so at every setting.
fn pole(denominator: &str) -> String {
    if denominator == "0" {
        "the formula divides by 0".into()
    } else {
        format!("the formula has a pole: {denominator} = 0")
    }
}

/// A formula that has no value at a setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluationError {
    /// A denominator vanishes.
    #[error("{}", pole(denominator))]
    Pole {
        /// The denominator, as it is written.
        denominator: String,
    },
    /// A matrix that is inverted has no inverse.
    #[error("the formula inverts {matrix}: {source}")]
    Inverse {
        /// The matrix, as it is written.
        matrix: String,
        /// Why it has none.
        source: Singular,
    },
    /// The sign of what stands in (…)₊ is not known in this field.
    #[error("the sign of {part} is not known")]
    Sign {
        /// What stands in the brackets, as it is written.
        part: String,
    },
    /// A symbol has no meaning here.
    #[error("{symbol} has no value: {reason}")]
    Undefined {
        /// The symbol.
        symbol: String,
        /// Why.
        reason: &'static str,
    },
}
