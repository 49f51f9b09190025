//! Fraction-free elimination over ℤ: for small systems, and to say which column has no pivot.

use numbers::Matrix;
use numbers::matrix::bareiss_step;
use rug::{Integer, Rational};

use crate::ExactError;

/// X with M X = R, for the rows of [M, R] in integers.
///
/// Every entry on the way is a minor of [M, R] ([`bareiss_step`]), so that none is longer than Hadamard's bound for a
/// determinant.
///
/// # Errors
/// [`ExactError::SingularSystem`].
pub(super) fn solve(mut rows: Vec<Vec<Integer>>, order: usize) -> Result<Matrix<Rational>, ExactError> {
    let width = rows.first().map_or(order, Vec::len);
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
                row[j] = bareiss_step(&row[j], &pivot_row[k], (&factor, &pivot_row[j]), &before);
            }
        }
        before = pivot_row[k].clone();
    }
    let mut X = Matrix::zeros(order, width - order);
    for c in 0..width - order {
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
