//! Products of dense matrices by faer, and the few operations that it has no name for.

use faer::linalg::matmul::{matmul, triangular};
use faer::{Accum, Mat, MatMut, MatRef, Par};

use triangular::BlockStructure::{Rectangular, TriangularLower};

/// From this order on faer may use the threads that [`faer::set_global_parallelism`] grants.
const PARALLEL_ORDER: usize = 256;

/// How many threads a product of this order may use.
pub(crate) fn parallelism(order: usize) -> Par {
    if order < PARALLEL_ORDER { Par::Seq } else { faer::get_global_parallelism() }
}

/// A B.
pub(crate) fn product(A: MatRef<f64>, B: MatRef<f64>) -> Mat<f64> {
    let mut out = Mat::zeros(A.nrows(), B.ncols());
    let parallelism = parallelism(A.nrows());
    matmul(out.as_mut(), Accum::Replace, A, B, 1.0, parallelism);
    out
}

/// A Bᵀ where that is symmetric.
pub(crate) fn symmetric_product(A: MatRef<f64>, B: MatRef<f64>) -> Mat<f64> {
    let mut out = Mat::zeros(A.nrows(), B.nrows());
    add_lower_product(out.as_mut(), A, B.transpose());
    mirror(&mut out);
    out
}

/// The lower triangle of `out` gains that of A B.
pub(crate) fn add_lower_product(out: MatMut<f64>, A: MatRef<f64>, B: MatRef<f64>) {
    let parallelism = parallelism(A.nrows());
    triangular::matmul(out, TriangularLower, Accum::Add, A, Rectangular, B, Rectangular, 1.0, parallelism);
}

/// The upper triangle becomes the transpose of the lower one, block by block as caches like it.
pub(crate) fn mirror(M: &mut Mat<f64>) {
    const BLOCK: usize = 16;
    let n = M.nrows();
    for columns in (0..n).step_by(BLOCK) {
        for rows in (columns..n).step_by(BLOCK) {
            for j in columns..n.min(columns + BLOCK) {
                for i in rows.max(j + 1)..n.min(rows + BLOCK) {
                    M[(j, i)] = M[(i, j)];
                }
            }
        }
    }
}

/// The Frobenius norm, up to rounding, at any size of the entries.
pub(crate) fn frobenius(A: MatRef<'_, f64>) -> f64 {
    let norm = A.norm_l2();
    if (1e-140..1e140).contains(&norm) {
        return norm;
    }
    // faer's squares leave the range of doubles next to its ends: in units of the largest entry they do not.
    let largest = A.norm_max();
    if largest == 0.0 { 0.0 } else { A.map(|v| v / largest).norm_l2() * largest }
}

/// All entries, column by column.
pub(crate) fn entries(M: MatRef<'_, f64>) -> impl Iterator<Item = f64> {
    M.col_iter().flat_map(|column| column.iter().copied())
}

#[cfg(test)]
pub(crate) mod examples {
    //! Matrices and numbers of the unit tests.

    use super::*;

    pub(crate) fn scalar(value: f64) -> Mat<f64> {
        Mat::full(1, 1, value)
    }

    pub(crate) fn diagonal(entries: &[f64]) -> Mat<f64> {
        Mat::from_fn(entries.len(), entries.len(), |i, j| if i == j { entries[i] } else { 0.0 })
    }

    /// 2⁻ⁿ.
    pub(crate) fn small(n: i32) -> f64 {
        f64::from(-n).exp2()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn norms_stay_in_the_range_of_doubles() {
        for size in [1e-320, 1e-300, 1e-200, 1.0, 1e200, 1e300] {
            let found = frobenius(faer::mat![[3.0 * size, -4.0 * size]].as_ref());
            assert!((found / size - 5.0).abs() < 1e-3, "{found:e}");
        }
        assert_eq!(frobenius(Mat::zeros(2, 2).as_ref()), 0.0);
        assert!(frobenius(faer::mat![[f64::NAN, 1.0]].as_ref()).is_nan());
        assert!(!frobenius(faer::mat![[f64::INFINITY, 1.0]].as_ref()).is_finite());
    }

    /// More than a block, and not whole blocks.
    #[test]
    fn the_upper_triangle_mirrors_the_lower() {
        let lower = Mat::from_fn(37, 37, |i, j| if i >= j { (100 * i + j) as f64 } else { -1.0 });
        let mut found = lower.clone();
        mirror(&mut found);
        assert_eq!(found, Mat::from_fn(37, 37, |i, j| lower[(i.max(j), i.min(j))]));
    }
}
