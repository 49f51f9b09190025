//! A = L Lᵀ for the covariances that features are drawn from, semidefinite ones included.

use numbers::{Matrix, Vector};

/// A matrix that is no covariance: eliminating it left `pivot` on the diagonal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Indefinite {
    pub(crate) pivot: f64,
}

/// L with A = L Lᵀ, for a symmetric positive semidefinite A with finite entries.
///
/// A diagonal A has a diagonal L. Any other is eliminated with the largest pivot first (pivoted Cholesky), which stops
/// where nothing but rounding is left: D × rank columns, so that no normals are drawn for directions in which x does
/// not vary. What is left counts as rounding up to D ε times the largest entry of the diagonal.
pub(crate) fn factor(A: &Matrix<f64>) -> Result<Matrix<f64>, Indefinite> {
    let D = A.nrows();
    let lowest = A.diagonal().iter().copied().fold(0.0, f64::min);
    if lowest < 0.0 {
        return Err(Indefinite { pivot: lowest });
    }
    let off_diagonal = (0..D).any(|j| (0..j).any(|i| A[(i, j)] != 0.0));
    if !off_diagonal {
        return Ok(A.map(f64::sqrt));
    }
    let rounding = D as f64 * f64::EPSILON * A.diagonal().iter().copied().fold(0.0, f64::max);
    let mut rest = A.clone();
    let mut columns: Vec<Vector<f64>> = Vec::new();
    while columns.len() < D {
        let pivot = (1..D).fold(0, |best, i| if rest[(i, i)] > rest[(best, best)] { i } else { best });
        let diagonal = rest[(pivot, pivot)];
        if diagonal <= rounding {
            break;
        }
        let column = rest.column(pivot) / diagonal.sqrt();
        rest -= &column * column.transpose();
        rest.row_mut(pivot).fill(0.0);
        rest.column_mut(pivot).fill(0.0);
        columns.push(column);
    }
    // What no pivot covered: a diagonal d bounds its row by |d|, so that −|entry| is as negative as a pivot can get.
    // A NaN, left by an overflow, is no smaller than anything and counts as uncovered.
    let uncovered = rest.iter().map(|entry| entry.abs()).find(|entry| entry.is_nan()).unwrap_or_else(|| rest.amax());
    if uncovered.is_nan() || uncovered > rounding {
        return Err(Indefinite { pivot: -uncovered });
    }
    if columns.is_empty() {
        return Ok(Matrix::zeros(D, D));
    }
    Ok(Matrix::from_columns(&columns))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn reproduces_a_gram_matrix_of_any_rank(entries in prop::collection::vec(-9i32..10, 20), rank in 1usize..6) {
            let all = Matrix::from_iterator(4, 5, entries.iter().map(|&e| f64::from(e)));
            let X = all.columns(0, rank.min(5)).into_owned();
            let A = &X * X.transpose();
            let L = factor(&A).unwrap();
            prop_assert!((&L * L.transpose() - &A).amax() <= 1e-13 * A.amax());
            prop_assert!(A.amax() == 0.0 || L.ncols() <= 4);
        }

        #[test]
        fn refuses_a_matrix_with_a_negative_direction(entries in prop::collection::vec(-9i32..10, 9)) {
            let X = Matrix::from_iterator(3, 3, entries.iter().map(|&e| f64::from(e)));
            let mut A = &X * X.transpose();
            let v = Vector::from_vec(vec![1.0, -2.0, 1.0]);
            let least = (v.transpose() * &A * &v)[(0, 0)] / 6.0;
            // Now vᵀAv = −1 for the unit vector along v.
            A -= &v * v.transpose() * ((least + 1.0) / 6.0);
            prop_assert!(factor(&A).is_err());
        }
    }

    #[test]
    fn a_singular_matrix_needs_no_more_columns_than_its_rank() {
        assert_eq!(factor(&Matrix::from_element(3, 3, 2.0)).unwrap().ncols(), 1);
    }

    #[test]
    fn an_off_diagonal_entry_beside_a_zero_variance_is_refused() {
        let A = Matrix::from_row_slice(2, 2, &[0.0, 1.0, 1.0, 0.0]);
        assert_eq!(factor(&A), Err(Indefinite { pivot: -1.0 }));
    }

    #[test]
    fn a_diagonal_matrix_has_a_diagonal_factor() {
        let A = Matrix::from_diagonal(&Vector::from_vec(vec![4.0, 0.0, 9.0]));
        assert_eq!(factor(&A).unwrap(), Matrix::from_diagonal(&Vector::from_vec(vec![2.0, 0.0, 3.0])));
    }

    /// Two equal pivots: the first is taken. [2 1; 1 2] has the columns (2, 1)/√2 and (0, 3/2)/√(3/2).
    #[test]
    fn the_first_of_the_largest_pivots_comes_first() {
        let L = factor(&Matrix::from_row_slice(2, 2, &[2.0, 1.0, 1.0, 2.0])).unwrap();
        let expected = Matrix::from_row_slice(2, 2, &[2.0_f64.sqrt(), 0.0, 0.5_f64.sqrt(), 1.5_f64.sqrt()]);
        assert!((&L - &expected).amax() < 1e-15, "{L}");
        // [1 2; 2 5]: 5 first, with the columns (2, 5)/√5 and (1/√5, 0).
        let L = factor(&Matrix::from_row_slice(2, 2, &[1.0, 2.0, 2.0, 5.0])).unwrap();
        let expected = Matrix::from_row_slice(2, 2, &[0.8_f64.sqrt(), 0.2_f64.sqrt(), 5.0_f64.sqrt(), 0.0]);
        assert!((&L - &expected).amax() < 1e-15, "{L}");
    }

    /// s [1 1; 1 1 + d ε] leaves s d ε after the first column, up or down: 2 ε s is rounding, 4 ε s is not.
    #[test]
    fn rounding_is_the_order_times_the_largest_variance() {
        let of = |s: f64, d: f64| {
            let last = 1.0 + d * f64::EPSILON;
            factor(&(Matrix::from_row_slice(2, 2, &[1.0, 1.0, 1.0, last]) * s))
        };
        for s in [1.0, 1024.0 * 1024.0, 1.0 / 1024.0 / 1024.0] {
            assert_eq!(of(s, -2.0).unwrap().ncols(), 1, "{s}");
            assert_eq!(of(s, -4.0), Err(Indefinite { pivot: -4.0 * f64::EPSILON * s }), "{s}");
            assert_eq!([of(s, 1.0).unwrap().ncols(), of(s, 16.0).unwrap().ncols()], [1, 2], "{s}");
        }
    }

    #[test]
    fn a_negative_variance_is_refused() {
        for diagonal in [[-1.0, 2.0], [2.0, -1.0]] {
            let A = Matrix::from_diagonal(&Vector::from_column_slice(&diagonal));
            assert_eq!(factor(&A), Err(Indefinite { pivot: -1.0 }));
        }
        assert_eq!(factor(&Matrix::zeros(2, 2)), Ok(Matrix::zeros(2, 2)));
    }

    /// Entries whose products overflow leave no number, and that is refused.
    #[test]
    fn what_overflows_is_refused() {
        let A = Matrix::from_row_slice(2, 2, &[1.0, 1e200, 1e200, 1.0]);
        assert!(factor(&A).unwrap_err().pivot.is_infinite());
    }
}
