//! The pseudoinverse of Moore and Penrose, exactly.

use numbers::matrix::{self, Matrix};
use rug::Rational;

/// M⁺ = Gᵀ(FᵀMGᵀ)⁻¹Fᵀ for M = FG, where F has linearly independent columns and G linearly independent rows.
pub(crate) fn pseudoinverse(M: &Matrix<Rational>) -> Matrix<Rational> {
    let (pivots, G) = reduced(M);
    let zero = || Matrix::from_element(M.ncols(), M.nrows(), Rational::new());
    if pivots.is_empty() {
        return zero();
    }
    let F = M.select_columns(&pivots);
    // FᵀMGᵀ = (FᵀF)(GGᵀ), a product of two that have an inverse.
    match matrix::inverse(&(F.transpose() * M * G.transpose())) {
        Ok(core) => G.transpose() * core * F.transpose(),
        Err(_) => zero(),
    }
}

/// The columns of M that do not depend on those before them: a basis of its range.
pub(crate) fn range(M: &Matrix<Rational>) -> Matrix<Rational> {
    M.select_columns(&reduced(M).0)
}

/// The columns with a pivot, and the rows of the reduced echelon form that are not zero.
fn reduced(M: &Matrix<Rational>) -> (Vec<usize>, Matrix<Rational>) {
    let mut rows = M.clone();
    let mut pivots = Vec::new();
    for column in 0..M.ncols() {
        let rank = pivots.len();
        let Some(pivot) = (rank..M.nrows()).find(|&row| rows[(row, column)] != 0) else { continue };
        rows.swap_rows(rank, pivot);
        let divisor = rows[(rank, column)].clone();
        rows.row_mut(rank).iter_mut().for_each(|entry| *entry /= &divisor);
        for row in (0..M.nrows()).filter(|&row| row != rank) {
            let factor = rows[(row, column)].clone();
            for k in column..M.ncols() {
                let step = Rational::from(&factor * &rows[(rank, k)]);
                rows[(row, k)] -= step;
            }
        }
        pivots.push(column);
    }
    let rank = pivots.len();
    (pivots, rows.rows(0, rank).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The four equations of Penrose, which no other matrix satisfies.
        #[test]
        fn satisfies_the_equations_of_penrose(entries in prop::collection::vec(-2i64..3, 6), rows in 1usize..4) {
            let columns = 6 / rows;
            let M = Matrix::from_iterator(rows, columns, entries.into_iter().take(rows * columns).map(Rational::from));
            let P = pseudoinverse(&M);
            prop_assert_eq!(&M * &P * &M, M.clone());
            prop_assert_eq!(&P * &M * &P, P.clone());
            prop_assert!(matrix::is_symmetric(&(&M * &P)));
            prop_assert!(matrix::is_symmetric(&(&P * &M)));
        }
    }
}
