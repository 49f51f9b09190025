//! Linear systems over ℚ: denominators cleared row by row, then fraction-free elimination over ℤ.

use rug::{Complete, Integer, Rational};
use symbols::Matrix;

use crate::ExactError;

/// X with M X = R, for several right sides at once.
///
/// Bareiss's elimination: with the pivot p of a step and p₋ of the step before, m_ij ← (p m_ij − m_ik m_kj)/p₋ is a division
/// without remainder, as every entry is a minor of M. So no entry is longer than Hadamard's bound for a determinant.
///
/// # Errors
/// [`ExactError::SingularSystem`].
///
/// # Source
/// Bareiss, Sylvester's identity and multistep integer-preserving Gaussian elimination, Math. Comp. 22 (1968).
pub(crate) fn solve(M: &Matrix<Rational>, R: &Matrix<Rational>) -> Result<Matrix<Rational>, ExactError> {
    let (order, width) = (M.nrows(), M.ncols() + R.ncols());
    let mut rows = Vec::from_iter((0..order).map(|i| cleared(M, R, i)));
    let mut before = Integer::from(1);
    for k in 0..order {
        // The shortest pivot keeps the products short.
        let candidates = (k..order).filter(|&i| rows[i][k] != 0);
        let Some(pivot) = candidates.min_by_key(|&i| rows[i][k].significant_bits()) else {
            return Err(ExactError::SingularSystem { order, column: k });
        };
        rows.swap(k, pivot);
        let (above, below) = rows.split_at_mut(k + 1);
        let pivot_row = &above[k];
        for row in below {
            let factor = std::mem::take(&mut row[k]);
            for j in k + 1..width {
                let mut entry = (&row[j] * &pivot_row[k]).complete();
                entry -= &factor * &pivot_row[j];
                entry.div_exact_mut(&before);
                row[j] = entry;
            }
        }
        before = pivot_row[k].clone();
    }
    let mut X = Matrix::zeros(order, R.ncols());
    for c in 0..R.ncols() {
        for i in (0..order).rev() {
            let mut rest = Rational::from(&rows[i][order + c]);
            for j in i + 1..order {
                rest -= Rational::from(&rows[i][j] * &X[(j, c)]);
            }
            X[(i, c)] = rest / &rows[i][i];
        }
    }
    Ok(X)
}

/// A row of [M, R] times its least common denominator.
fn cleared(M: &Matrix<Rational>, R: &Matrix<Rational>, i: usize) -> Vec<Integer> {
    let (left, right) = (M.row(i), R.row(i));
    let entries = || left.iter().chain(right.iter());
    let common = entries().fold(Integer::from(1), |common, entry| common.lcm(entry.denom()));
    Vec::from_iter(entries().map(|entry| (&common / entry.denom()).complete() * entry.numer()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rationals(rows: usize, columns: usize, entries: &[(i64, i64)]) -> Matrix<Rational> {
        Matrix::from_row_iterator(rows, columns, entries.iter().map(|&pair| Rational::from(pair)))
    }

    proptest! {
        #[test]
        fn the_solution_solves(entries in prop::collection::vec((-9i64..10, 1i64..10), 16 + 8)) {
            let (M, R) = (rationals(4, 4, &entries[..16]), rationals(4, 2, &entries[16..]));
            match solve(&M, &R) {
                Ok(X) => prop_assert_eq!(M * X, R),
                Err(_) => prop_assert!(symbols::matrix::inverse(&M).is_err()),
            }
        }
    }

    #[test]
    fn names_the_column_that_has_no_pivot() {
        let M = rationals(3, 3, &[(1, 2), (1, 1), (0, 1), (1, 1), (2, 1), (1, 1), (3, 2), (3, 1), (1, 1)]);
        let told = solve(&M, &rationals(3, 1, &[(0, 1); 3]));
        assert_eq!(told, Err(ExactError::SingularSystem { order: 3, column: 1 }));
    }
}
