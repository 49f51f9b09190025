//! Symmetric n×n matrices as columns of n(n + 1)/2 numbers.
//!
//! A column holds the lower triangle, column by column, with a factor of √2 beside the diagonal, so that the inner
//! product of two columns is that of the matrices. A map that acts on each entry alone acts on a column alike.

use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

use numbers::{Matrix, Vector};

/// One number for each pair i ≥ j, without the √2.
pub(crate) fn by_pairs(n: usize, mut entry: impl FnMut(usize, usize) -> f64) -> Vector<f64> {
    let mut column = Vec::with_capacity(n * (n + 1) / 2);
    for j in 0..n {
        column.extend((j..n).map(|i| entry(i, j)));
    }
    Vector::from_vec(column)
}

/// The column of a matrix of which only the lower triangle is read.
pub(crate) fn packed(M: &Matrix<f64>) -> Vector<f64> {
    let mut column = Vector::zeros(M.nrows() * (M.nrows() + 1) / 2);
    pack(M, 1.0, &mut column);
    column
}

/// Writes the column of αM to a column that is there.
pub(crate) fn pack(M: &Matrix<f64>, alpha: f64, column: &mut Vector<f64>) {
    let (n, mut rest) = (M.nrows(), column.as_mut_slice());
    for j in 0..n {
        let (head, tail) = rest.split_at_mut(n - j);
        let lower = &M.as_slice()[j * n + j..(j + 1) * n];
        head.iter_mut().zip(lower).for_each(|(x, m)| *x = alpha * SQRT_2 * m);
        head[0] = alpha * lower[0];
        rest = tail;
    }
}

/// The matrix of a column.
pub(crate) fn unpacked(column: &Vector<f64>, n: usize) -> Matrix<f64> {
    let mut M = Matrix::zeros(n, n);
    unpack(column, &mut M);
    M
}

/// Writes the matrix of a column, both triangles, to a matrix that is there.
pub(crate) fn unpack(column: &Vector<f64>, M: &mut Matrix<f64>) {
    /// Columns whose transposes are written at once.
    const BLOCK: usize = 8;
    let (n, mut rest) = (M.nrows(), column.as_slice());
    let entries = M.as_mut_slice();
    for j in 0..n {
        let (head, tail) = rest.split_at(n - j);
        let lower = &mut entries[j * n + j..(j + 1) * n];
        lower.iter_mut().zip(head).for_each(|(m, x)| *m = x * FRAC_1_SQRT_2);
        lower[0] = head[0];
        rest = tail;
    }
    for columns in (0..n).step_by(BLOCK) {
        for i in columns..n {
            for j in columns..i.min(columns + BLOCK) {
                entries[i * n + j] = entries[j * n + i];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn columns_are_isometric_to_matrices(n in 1usize..20, seed in 0..1000_i32) {
            let entry = |shift: i32| by_pairs(n, |i, j| f64::from((17 * i as i32 + 31 * j as i32 + shift * seed) % 13));
            let [x, y] = [entry(1), entry(2)];
            let [X, Y] = [&x, &y].map(|column| unpacked(column, n));
            prop_assert_eq!(&X, &X.transpose());
            prop_assert!((X.dot(&Y) - x.dot(&y)).abs() <= 1e-12 * x.norm() * y.norm());
            prop_assert!((packed(&X) - &x).norm() <= 1e-15 * x.norm());
        }
    }
}
