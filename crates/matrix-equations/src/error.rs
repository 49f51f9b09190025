//! Why a matrix equation has no answer.

/// No answer, and why.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EquationError {
    /// A matrix without entries.
    #[error("{name} has no entries")]
    Empty {
        /// The matrix.
        name: &'static str,
    },
    /// A matrix that had to be square.
    #[error("{name} is {rows}×{columns}: expected a square matrix")]
    NotSquare {
        /// The matrix.
        name: &'static str,
        /// Its rows.
        rows: usize,
        /// Its columns.
        columns: usize,
    },
    /// A matrix of another order than the first coefficient.
    #[error("{name} is of order {order}: expected {expected}")]
    Order {
        /// The matrix.
        name: &'static str,
        /// Its order.
        order: usize,
        /// The order of the first coefficient.
        expected: usize,
    },
    /// An entry that is NaN or infinite.
    #[error("{name}[({row}, {column})] is not finite")]
    NotFinite {
        /// The matrix.
        name: &'static str,
        /// Counted from 0.
        row: usize,
        /// Counted from 0.
        column: usize,
    },
    /// A matrix that had to be symmetric, and is not by more than rounding explains.
    #[error(
        "{name}[({row}, {column})] differs from {name}[({column}, {row})] by {difference:e}: expected at most {bound:e}"
    )]
    NotSymmetric {
        /// The matrix.
        name: &'static str,
        /// Counted from 0.
        row: usize,
        /// Counted from 0.
        column: usize,
        /// How much they differ.
        difference: f64,
        /// What would pass for rounding.
        bound: f64,
    },
    /// Two eigenvalues of the coefficient for which the operator on X is singular to working precision.
    #[error(
        "singular: the eigenvalues {}{:+}i and {}{:+}i have {condition} = {value:e}, zero to working precision",
        first.0, first.1, second.0, second.1
    )]
    Singular {
        /// The expression in the two eigenvalues that must not vanish.
        condition: &'static str,
        /// Its magnitude.
        value: f64,
        /// Real and imaginary part of one eigenvalue.
        first: (f64, f64),
        /// Real and imaginary part of the other.
        second: (f64, f64),
    },
    /// An operator on X that is singular to working precision, though no pair of eigenvalues shows it.
    #[error("nearly singular: the separation is about {separation:e}, expected more than {bound:e}")]
    NearlySingular {
        /// The smallest ‖D(X)‖/‖X‖, estimated.
        separation: f64,
        /// The rounding of D in the same norm.
        bound: f64,
    },
    /// A generalized equation with a singular E, over ℚ or to working precision, which no other combination of the
    /// coefficients can replace.
    #[error("{name} is singular to working precision")]
    SingularCoefficient {
        /// The matrix.
        name: &'static str,
    },
    /// A number met on the way that is not finite: the entries are too large, or too far apart, for doubles.
    #[error("{quantity} overflows doubles")]
    Overflow {
        /// The quantity.
        quantity: &'static str,
    },
    /// Eigenvalues that an iteration did not find.
    #[error("{quantity}: the iteration does not converge")]
    NoConvergence {
        /// What was looked for.
        quantity: &'static str,
    },
}
