//! The pseudoinverse of Moore and Penrose, over any field in which zero is known to be zero.

use numbers::Scalar;
use numbers::matrix::{self, Matrix};

/// M⁺ = Gᵀ(FᵀMGᵀ)⁻¹Fᵀ for M = FG, where F has linearly independent columns and G linearly independent rows.
///
/// FᵀMGᵀ = (FᵀF)(GGᵀ) has an inverse over ℚ. Over 𝔽ₚ it may have none, as a column that is not zero may have the square 0:
/// then no matrix satisfies the four equations of Penrose, and there is no value.
pub(crate) fn pseudoinverse<T: Scalar>(M: &Matrix<T>) -> Option<Matrix<T>> {
    let (pivots, G) = reduced(M);
    if pivots.is_empty() {
        return Some(Matrix::zeros(M.ncols(), M.nrows()));
    }
    let F = M.select_columns(&pivots);
    let core = matrix::inverse(&(F.transpose() * M * G.transpose())).ok()?;
    Some(G.transpose() * core * F.transpose())
}

/// The columns of M that do not depend on those before them: a basis of its range.
pub(crate) fn range<T: Scalar>(M: &Matrix<T>) -> Matrix<T> {
    M.select_columns(&reduced(M).0)
}

/// The columns with a pivot, and the rows of the reduced echelon form that are not zero.
fn reduced<T: Scalar>(M: &Matrix<T>) -> (Vec<usize>, Matrix<T>) {
    let mut rows = M.clone();
    let mut pivots = Vec::new();
    for column in 0..M.ncols() {
        let rank = pivots.len();
        let better = |best: Option<usize>, row| match best {
            Some(best) if !rows[(row, column)].outweighs(&rows[(best, column)]) => Some(best),
            _ => (!rows[(row, column)].is_zero()).then_some(row),
        };
        let Some(pivot) = (rank..M.nrows()).fold(None, better) else { continue };
        rows.swap_rows(rank, pivot);
        let reciprocal = T::one() / &rows[(rank, column)];
        rows.row_mut(rank).iter_mut().for_each(|entry| *entry *= reciprocal.clone());
        for row in (0..M.nrows()).filter(|&row| row != rank) {
            let factor = rows[(row, column)].clone();
            for k in column..M.ncols() {
                let step = factor.clone() * &rows[(rank, k)];
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
    use numbers::Residue;
    use proptest::prelude::*;
    use rug::Rational;

    proptest! {
        /// The four equations of Penrose, which no other matrix satisfies.
        #[test]
        fn satisfies_the_equations_of_penrose(entries in prop::collection::vec(-2i64..3, 6), rows in 1usize..4) {
            let columns = 6 / rows;
            let entries = || entries.iter().copied().take(rows * columns);
            let M = Matrix::from_iterator(rows, columns, entries().map(Rational::from));
            let P = pseudoinverse(&M).unwrap();
            prop_assert_eq!(&M * &P * &M, M.clone());
            prop_assert_eq!(&P * &M * &P, P.clone());
            prop_assert!(matrix::is_symmetric(&(&M * &P)));
            prop_assert!(matrix::is_symmetric(&(&P * &M)));
            // A fraction of small numbers is the same modulo p.
            let residue = |value: &Rational| {
                let part = |part: &rug::Integer| Residue::from_integer(part.to_i64().unwrap());
                part(value.numer()) / part(value.denom())
            };
            let M = Matrix::from_iterator(rows, columns, entries().map(Residue::from_integer));
            prop_assert_eq!(pseudoinverse(&M), Some(P.map(|entry| residue(&entry))));
        }
    }

    /// 2¹²⁷ − 1 is 3 mod 4, so that −1 is no square, and a sum of two squares vanishes with both alone; but x² + y² = −1 has
    /// a solution.
    #[test]
    fn a_column_whose_square_vanishes_has_none() {
        let square = |x: Residue| x * x;
        let [one, two] = [1, 2].map(Residue::from_integer);
        let root = |value: Residue| {
            // Where value is a square, its root is its power (p + 1)/4 = 2¹²⁵.
            let root = (0..125).fold(value, |root, _| square(root));
            (square(root) == value).then_some(root)
        };
        let (x, y) = (1..50).map(Residue::from_integer).find_map(|x| Some((x, root(-one - square(x))?))).unwrap();
        let isotropic = Matrix::from_vec(3, 1, vec![x, y, one]);
        assert_eq!(pseudoinverse(&isotropic), None);
        assert!(pseudoinverse(&Matrix::from_vec(3, 1, vec![x, y, two])).is_some());
    }
}
