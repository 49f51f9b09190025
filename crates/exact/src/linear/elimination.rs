//! Fraction-free elimination over ℤ: for small systems, and to say which column has no pivot.

use rug::{Complete, Integer, Rational};
use symbols::Matrix;

use crate::ExactError;

/// X with M X = R, for the rows of [M, R] in integers.
///
/// Bareiss's elimination: with the pivot p of a step and p₋ of the step before, m_ij ← (p m_ij − m_ik m_kj)/p₋ is a division
/// without remainder, as every entry is a minor of M. So no entry is longer than Hadamard's bound for a determinant.
///
/// # Errors
/// [`ExactError::SingularSystem`].
///
/// # Source
/// Bareiss, Sylvester's identity and multistep integer-preserving Gaussian elimination, Math. Comp. 22 (1968).
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
                let mut entry = (&row[j] * &pivot_row[k]).complete();
                entry -= &factor * &pivot_row[j];
                entry.div_exact_mut(&before);
                row[j] = entry;
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
