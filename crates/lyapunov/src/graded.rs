//! Eigenvalues of LᵀKL that differ by many orders of magnitude, each to high relative accuracy.
//!
//! Where features come in units of very different size, the eigenvalues of K differ like their squares, and those below
//! ε times the largest are lost in methods that rotate rows and columns alike. K = RRᵀ keeps them: the Cholesky factor
//! of a matrix with unit diagonal and small condition number, scaled by whatever sizes, is accurate entry by entry; and
//! the one-sided Jacobi method makes the columns of RᵀL orthogonal without ever mixing a small one with the rounding of
//! a large one.
//!
//! # Source
//! Demmel and Veselić, Jacobi's method is more accurate than QR (1992).

use numbers::Matrix;

use crate::arithmetic::Arithmetic;
use crate::decomposition::{Root, lower_factor};

/// A pivot of the Cholesky factor below this part of its diagonal entry is more rounding than number.
const LEAST_PIVOT: f64 = 1e-10;

/// Sweeps over all pairs of columns; a handful are needed.
const SWEEPS: usize = 60;

/// Beyond this order sweeps take longer than everything else.
const LARGEST_ORDER: usize = 512;

/// U and h > 0 with LᵀKL = U diag(h) Uᵀ, each h to high relative accuracy; `None` where K is not positive definite,
/// clearly and in the units of its diagonal, or is too large.
pub(crate) fn eigen(root: &Root, K: &Matrix<f64>) -> Option<(Matrix<f64>, Vec<f64>)> {
    let order = K.nrows();
    if order > LARGEST_ORDER {
        return None;
    }
    let R = lower_factor(K)?;
    if (0..order).any(|k| R[(k, k)].powi(2) < LEAST_PIVOT * K[(k, k)]) {
        return None;
    }
    let L = root.times(&Matrix::identity(root.rank(order), root.rank(order)));
    let mut B = f64::transposed_product(&R, &L);
    let n = B.ncols();
    let mut U = Matrix::identity(n, n);
    for _ in 0..SWEEPS {
        let mut rotated = false;
        for p in 0..n {
            for q in p + 1..n {
                let (a, b) = (B.column(p).norm_squared(), B.column(q).norm_squared());
                let c = B.column(p).dot(&B.column(q));
                if c == 0.0 || c.abs() <= f64::EPSILON * (a * b).sqrt() {
                    continue;
                }
                rotated = true;
                let zeta = (b - a) / (2.0 * c);
                let tangent = zeta.signum() / (zeta.abs() + zeta.hypot(1.0));
                let cosine = 1.0 / tangent.hypot(1.0);
                rotate(&mut B, p, q, cosine, cosine * tangent);
                rotate(&mut U, p, q, cosine, cosine * tangent);
            }
        }
        if !rotated {
            let values = Vec::from_iter(B.column_iter().map(|column| column.norm_squared()));
            return values.iter().all(|h| *h > 0.0 && h.is_finite()).then_some((U, values));
        }
    }
    None
}

fn rotate(M: &mut Matrix<f64>, p: usize, q: usize, cosine: f64, sine: f64) {
    for i in 0..M.nrows() {
        let (x, y) = (M[(i, p)], M[(i, q)]);
        M[(i, p)] = cosine * x - sine * y;
        M[(i, q)] = sine * x + cosine * y;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::Rate;

    /// [[1, s], [s, 2s²]] has the eigenvalues 1 + s² and s² to leading order, for however small an s.
    #[test]
    fn a_small_eigenvalue_beside_a_large_one_is_known() {
        for s in [1e-3_f64, 1e-8, 1e-20] {
            let K = Matrix::from_row_slice(2, 2, &[1.0, s, s, 2.0 * s * s]);
            let root = Root::new(&Rate::Number(0.25), 2).unwrap().unwrap();
            let (U, mut h) = eigen(&root, &K).unwrap();
            h.sort_by(f64::total_cmp);
            let exact = s * s / (0.5 * (1.0 + 2.0 * s * s + (1.0 + 4.0 * s.powi(4)).sqrt()));
            assert!((h[0] / (0.25 * exact) - 1.0).abs() < 1e-14, "{s}: {}", h[0] / (0.25 * exact));
            assert!((U.transpose() * &U - Matrix::identity(2, 2)).norm() < 1e-15);
        }
        let root = Root::new(&Rate::Number(1.0), 2).unwrap().unwrap();
        assert!(eigen(&root, &Matrix::from_element(2, 2, 1.0)).is_none());
    }
}
