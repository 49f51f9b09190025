//! A value: a number, or a matrix.

use numbers::matrix::{self, Matrix};
use numbers::{Scalar, Vector};

use notation::symbol::Shape;

/// A value: numbers are no 1×1 matrices, so that a product with one is no product of matrices.
#[derive(Debug, Clone)]
pub(crate) enum Value<T> {
    Scalar(T),
    Matrix(Matrix<T>),
}

impl<T: Scalar> Value<T> {
    /// As a matrix; a number becomes 1×1.
    pub(crate) fn into_matrix(self) -> Matrix<T> {
        match self {
            Value::Scalar(value) => matrix::scalar(value),
            Value::Matrix(M) => M,
        }
    }

    /// A matrix that is a number by its shape.
    pub(super) fn of(M: Matrix<T>, shape: Shape) -> Self {
        if shape.is_scalar() { Value::Scalar(matrix::trace(&M)) } else { Value::Matrix(M) }
    }

    /// As a column.
    pub(crate) fn column(&self) -> Vector<T> {
        match self {
            Value::Scalar(value) => Vector::from_element(1, value.clone()),
            Value::Matrix(M) => Vector::from_column_slice(M.as_slice()),
        }
    }

    /// The entries, column by column.
    pub(super) fn entries(&self) -> &[T] {
        match self {
            Value::Scalar(value) => std::slice::from_ref(value),
            Value::Matrix(M) => M.as_slice(),
        }
    }

    pub(super) fn map(&self, f: impl Fn(&T) -> T) -> Self {
        match self {
            Value::Scalar(value) => Value::Scalar(f(value)),
            Value::Matrix(M) => Value::Matrix(M.map(|entry| f(&entry))),
        }
    }

    /// The one number; of a matrix, which shapes exclude, its trace.
    pub(super) fn number(&self) -> T {
        match self {
            Value::Scalar(value) => value.clone(),
            Value::Matrix(M) => matrix::trace(M),
        }
    }

    pub(super) fn transposed(&self) -> Self {
        match self {
            Value::Scalar(value) => Value::Scalar(value.clone()),
            Value::Matrix(M) => Value::Matrix(M.transpose()),
        }
    }

    /// Both by one operation; a number beside a matrix, which shapes exclude, is 1×1.
    pub(super) fn joined(
        &self,
        other: &Value<T>,
        numbers: impl Fn(&T, &T) -> T,
        matrices: impl Fn(&Matrix<T>, &Matrix<T>) -> Matrix<T>,
    ) -> Self {
        match (self, other) {
            (Value::Scalar(x), Value::Scalar(y)) => Value::Scalar(numbers(x, y)),
            (Value::Matrix(X), Value::Matrix(Y)) => Value::Matrix(matrices(X, Y)),
            (Value::Scalar(x), Value::Matrix(Y)) => Value::Matrix(matrices(&matrix::scalar(x.clone()), Y)),
            (Value::Matrix(X), Value::Scalar(y)) => Value::Matrix(matrices(X, &matrix::scalar(y.clone()))),
        }
    }
}
