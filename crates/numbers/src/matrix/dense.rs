//! Dense matrices and columns, and why one has no inverse: all that the definition of a scalar needs to know of them.

use nalgebra::{DMatrix, DVector};

/// A dense matrix; a scalar quantity is a 1×1 matrix.
pub type Matrix<T> = DMatrix<T>;
/// A dense column.
pub type Vector<T> = DVector<T>;

/// A matrix without an inverse, where one was needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a {order}×{order} matrix is singular: no pivot in column {column}")]
pub struct Singular {
    /// Number of rows and columns.
    pub order: usize,
    /// The first column (from 0) that depends on those before it.
    pub column: usize,
}
