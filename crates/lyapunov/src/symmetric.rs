//! Linear equations T(P) = R for symmetric P, where T keeps symmetry: the lower triangle of P as a column.

use faer::prelude::Solve;
use faer::{Mat, linalg::solvers::PartialPivLu};
use symbols::Matrix;

use crate::LyapunovError;

/// Steps of iterative refinement; one suffices for a small residual, the second is for the badly conditioned.
const REFINEMENTS: usize = 2;

/// The matrix of a linear map on symmetric n×n matrices: column (i, j) is the image of the symmetric unit matrix.
pub(crate) fn matrix_of(n: usize, map: impl Fn(&Matrix<f64>) -> Matrix<f64>) -> Mat<f64> {
    let pairs = pairs(n);
    let mut M = Mat::zeros(pairs.len(), pairs.len());
    for (column, &(i, j)) in pairs.iter().enumerate() {
        let mut unit = Matrix::zeros(n, n);
        unit[(i, j)] = 1.0;
        unit[(j, i)] = 1.0;
        let image = map(&unit);
        for (row, &place) in pairs.iter().enumerate() {
            M[(row, column)] = image[place];
        }
    }
    M
}

/// Places of the lower triangle.
fn pairs(n: usize) -> Vec<(usize, usize)> {
    Vec::from_iter((0..n).flat_map(|i| (0..=i).map(move |j| (i, j))))
}

/// A linear map with its factors.
pub(crate) struct Equation<T> {
    n: usize,
    map: T,
    factors: PartialPivLu<f64>,
}

impl<T: Fn(&Matrix<f64>) -> Matrix<f64>> Equation<T> {
    /// Factors the matrix of `map`.
    pub(crate) fn new(n: usize, map: T) -> Result<Self, LyapunovError> {
        let M = matrix_of(n, &map);
        if !M.is_all_finite() {
            return Err(LyapunovError::NotFinite { quantity: "the matrix of the stationary equation" });
        }
        Ok(Equation { n, map, factors: M.partial_piv_lu() })
    }

    /// P with T(P) = R, refined; not finite where T is singular.
    pub(crate) fn solve(&self, R: &Matrix<f64>) -> Matrix<f64> {
        let mut P = self.approximate(R);
        for _ in 0..REFINEMENTS {
            P += self.approximate(&(R - (self.map)(&P)));
        }
        P
    }

    fn approximate(&self, R: &Matrix<f64>) -> Matrix<f64> {
        let pairs = pairs(self.n);
        let solution = self.factors.solve(Mat::from_fn(pairs.len(), 1, |row, _| R[pairs[row]]));
        let mut P = Matrix::zeros(self.n, self.n);
        for (row, &(i, j)) in pairs.iter().enumerate() {
            P[(i, j)] = solution[(row, 0)];
            P[(j, i)] = solution[(row, 0)];
        }
        P
    }
}

/// Eigenvalues of a symmetric matrix in nondecreasing order.
pub(crate) fn eigenvalues(quantity: &'static str, M: &Matrix<f64>) -> Result<Vec<f64>, LyapunovError> {
    let M = to_faer(quantity, M)?;
    M.self_adjoint_eigenvalues(faer::Side::Lower).map_err(|_| LyapunovError::NotFinite { quantity })
}

/// The same matrix for faer; refused where an entry is not finite, on which its eigensolvers need not end.
pub(crate) fn to_faer(quantity: &'static str, M: &Matrix<f64>) -> Result<Mat<f64>, LyapunovError> {
    let M = Mat::from_fn(M.nrows(), M.ncols(), |i, j| M[(i, j)]);
    if M.is_all_finite() { Ok(M) } else { Err(LyapunovError::NotFinite { quantity }) }
}
