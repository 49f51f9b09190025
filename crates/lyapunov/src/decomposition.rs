//! Eigenvectors and roots.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::{ComputeEigenvectors, SelfAdjointEvdParams, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::linalg::triangular_solve::solve_upper_triangular_in_place;
use faer::{Auto, Spec, diag::Diag};
use numbers::Matrix;

use crate::arithmetic::{Arithmetic, lower_product, mirror, parallelism, view, view_mut};
use crate::error::LyapunovError;
use crate::step::Rate;

/// Up to this order QR iterations on small matrices win over divide and conquer.
const SMALL: usize = 32;

/// An orthonormal basis of eigenvectors of a symmetric matrix, with their eigenvalues.
pub(crate) fn eigen(quantity: &'static str, M: &Matrix<f64>) -> Result<(Matrix<f64>, Vec<f64>), LyapunovError> {
    let failed = LyapunovError::NotFinite { quantity };
    if M.iter().any(|v| !v.is_finite()) {
        return Err(failed);
    }
    let n = M.nrows();
    if n == 0 {
        return Ok((M.clone(), Vec::new()));
    }
    if n <= SMALL {
        let found = M.clone().try_symmetric_eigen(f64::UNIT, 100 * n + 100).ok_or(failed)?;
        return Ok((found.eigenvectors, found.eigenvalues.as_slice().to_vec()));
    }
    let parameters = SelfAdjointEvdParams { recursion_threshold: 64, ..<SelfAdjointEvdParams as Auto<f64>>::auto() };
    let parameters = Spec::from(parameters);
    let parallelism = parallelism(n);
    let (mut vectors, mut values) = (Matrix::zeros(n, n), Diag::zeros(n));
    let need = self_adjoint_evd_scratch::<f64>(n, ComputeEigenvectors::Yes, parallelism, parameters);
    let mut memory = MemBuffer::try_new(need).map_err(|_| failed.clone())?;
    let stack = MemStack::new(&mut memory);
    self_adjoint_evd(view(M), values.as_mut(), Some(view_mut(&mut vectors)), parallelism, stack, parameters)
        .map_err(|_| failed)?;
    Ok((vectors, values.column_vector().iter().copied().collect()))
}

/// L of full column rank with Λ = ±LLᵀ.
pub(crate) struct Root {
    factor: Factor,
    sign: f64,
}

enum Factor {
    /// L = √|λ| I.
    Number(f64),
    /// L is lower triangular.
    Triangular(Matrix<f64>),
    /// L has orthogonal columns: an orthonormal one times a number each.
    Orthogonal(Matrix<f64>, Vec<f64>),
}

impl Root {
    /// The root of Λ, of order `order`; `None` where Λ has eigenvalues of both signs.
    pub(crate) fn new(rate: &Rate<f64>, order: usize) -> Result<Option<Self>, LyapunovError> {
        let L = match rate {
            Rate::Number(lambda) if *lambda == 0.0 => {
                let factor = Factor::Orthogonal(Matrix::zeros(order, 0), Vec::new());
                return Ok(Some(Root { factor, sign: 1.0 }));
            }
            Rate::Number(lambda) => {
                return Ok(Some(Root { factor: Factor::Number(lambda.abs().sqrt()), sign: lambda.signum() }));
            }
            Rate::Matrix(L) => L,
        };
        let rounding = order as f64 * f64::EPSILON;
        // For a diagonal matrix only the roots are rounded.
        let is_diagonal = (0..order).all(|j| (0..order).all(|i| i == j || L[(i, j)] == 0.0));
        if let Some(factor) = lower_factor(L)
            && (is_diagonal || factor.diagonal().min().powi(2) > L.diagonal().amax() * rounding)
        {
            return Ok(Some(Root { factor: Factor::Triangular(factor), sign: 1.0 }));
        }
        let (vectors, values) = eigen("learning_rate", L)?;
        let largest = values.iter().fold(0.0, |largest: f64, v| largest.max(v.abs()));
        let kept = Vec::from_iter((0..order).filter(|&k| values[k].abs() > largest * rounding));
        let negative = kept.iter().filter(|&&k| values[k] < 0.0).count();
        if negative != 0 && negative != kept.len() {
            return Ok(None);
        }
        let roots = kept.iter().map(|&k| values[k].abs().sqrt()).collect();
        let factor = Factor::Orthogonal(vectors.select_columns(&kept), roots);
        Ok(Some(Root { factor, sign: if negative == 0 { 1.0 } else { -1.0 } }))
    }

    /// The number of columns of L.
    pub(crate) fn rank(&self, order: usize) -> usize {
        match &self.factor {
            Factor::Orthogonal(_, roots) => roots.len(),
            Factor::Number(_) | Factor::Triangular(_) => order,
        }
    }

    /// ±1.
    pub(crate) fn sign(&self) -> f64 {
        self.sign
    }

    /// LᵀKL.
    pub(crate) fn congruence(&self, K: &Matrix<f64>) -> Matrix<f64> {
        match &self.factor {
            Factor::Number(root) => K * (root * root),
            Factor::Triangular(L) => congruence(L, K),
            Factor::Orthogonal(Q, roots) => {
                let mut out = congruence(Q, K);
                for (j, right) in roots.iter().enumerate() {
                    for (i, left) in roots.iter().enumerate() {
                        out[(i, j)] *= left * right;
                    }
                }
                out
            }
        }
    }

    /// L U.
    pub(crate) fn times(&self, U: &Matrix<f64>) -> Matrix<f64> {
        match &self.factor {
            Factor::Number(root) => U * *root,
            Factor::Triangular(L) => f64::product(L, U),
            Factor::Orthogonal(Q, roots) => f64::product(Q, &scaled_rows(U, |k| roots[k])),
        }
    }

    /// Z in the range of L with LᵀZ = U.
    pub(crate) fn dual(&self, U: &Matrix<f64>) -> Matrix<f64> {
        match &self.factor {
            Factor::Number(root) => U / *root,
            Factor::Triangular(L) => {
                let mut Z = U.clone();
                solve_upper_triangular_in_place(view(L).transpose(), view_mut(&mut Z), parallelism(L.nrows()));
                Z
            }
            Factor::Orthogonal(Q, roots) => f64::product(Q, &scaled_rows(U, |k| 1.0 / roots[k])),
        }
    }
}

fn scaled_rows(M: &Matrix<f64>, scale: impl Fn(usize) -> f64) -> Matrix<f64> {
    Matrix::from_fn(M.nrows(), M.ncols(), |i, j| scale(i) * M[(i, j)])
}

/// Wᵀ C W for a symmetric C.
pub(crate) fn congruence(W: &Matrix<f64>, C: &Matrix<f64>) -> Matrix<f64> {
    let product = f64::product(C, W);
    let mut out = Matrix::zeros(W.ncols(), W.ncols());
    lower_product(&mut out, 1.0, view(W).transpose(), view(&product));
    mirror(&mut out);
    out
}

/// The lower triangular L with M = LLᵀ; `None` where M is not positive definite in doubles.
pub(crate) fn lower_factor(M: &Matrix<f64>) -> Option<Matrix<f64>> {
    if M.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let factor = view(M).llt(faer::Side::Lower).ok()?;
    let L = factor.L();
    Some(Matrix::from_fn(M.nrows(), M.ncols(), |i, j| if i < j { 0.0 } else { L[(i, j)] }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Λ = ±LLᵀ and LᵀZ = U: of a number, a definite, a singular and a negative definite matrix.
    #[test]
    fn a_root_is_a_root() {
        let matrix = |entries: [f64; 4]| Matrix::from_row_slice(2, 2, &entries);
        let (K, identity) = (matrix([3.0, 1.0, 1.0, 2.0]), Matrix::identity(2, 2));
        let close = |found: &Matrix<f64>, expected: &Matrix<f64>| {
            assert!((found - expected).norm() < 1e-14, "{found}{expected}");
        };
        for (rate, sign, rank) in [
            (&identity * 4.0, 1.0, 2),
            (&identity * -0.25, -1.0, 2),
            (matrix([4.0, 2.0, 2.0, 3.0]), 1.0, 2),
            (matrix([2.0, 4.0, 4.0, 8.0]), 1.0, 1),
            (matrix([-4.0, -2.0, -2.0, -3.0]), -1.0, 2),
            (matrix([0.0, 0.0, 0.0, -9.0]), -1.0, 1),
            (&identity * 0.0, 1.0, 0),
        ] {
            let root = Root::new(&Rate::new(&rate), 2).unwrap().unwrap();
            let rotation = Matrix::from_row_slice(2, 2, &[0.6, 0.8, -0.8, 0.6]).view((0, 0), (rank, rank)).into_owned();
            let L = root.times(&Matrix::identity(rank, rank));
            assert_eq!(root.sign(), sign);
            close(&(&L * L.transpose() * sign), &rate);
            close(&root.congruence(&K), &(L.transpose() * &K * &L));
            close(&root.times(&rotation), &(&L * &rotation));
            close(&(L.transpose() * root.dual(&rotation)), &rotation);
        }
        assert!(Root::new(&Rate::new(&matrix([1.0, 0.0, 0.0, -1.0])), 2).unwrap().is_none());
        // The Cholesky factor, which is exact where eigenvectors are rounded.
        let root = Root::new(&Rate::new(&matrix([4.0, 2.0, 2.0, 3.0])), 2).unwrap().unwrap();
        let Factor::Triangular(L) = root.factor else { panic!() };
        assert_eq!((L[(0, 0)], L[(0, 1)], L[(1, 0)]), (2.0, 0.0, 1.0));
    }
}
