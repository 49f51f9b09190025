//! One step of the joint second moments.
//!
//! With v = w − w*, the gradient is ĝ = Kv + ξ, where ξ has mean zero and covariance C given v. So z = (v, m) obeys
//!
//! ```text
//! z' = F z + J ξ,    F = [I − ΛK, −μΛ; K, μI],    J = [−Λ; I]
//! P' = F P Fᵀ + J C(P_vv) Jᵀ,    P = E[z zᵀ]
//! ```
//!
//! For μ = 0 the m of a step is forgotten in the next, and z = v with F = I − ΛK, J = −Λ.
//!
//! Where not every direction moves, v = Qs and Λm = Qr in a basis Q of those that do, and z = (s, r).

use numbers::{Matrix, Scalar, matrix};
use symbols::Setting;

use crate::noise::Noise;

pub(crate) struct Recursion<'a, T: Scalar> {
    pub(crate) F: Matrix<T>,
    pub(crate) J: Matrix<T>,
    pub(crate) noise: Noise<'a, T>,
    /// Rows of P_vv, or of P_ss.
    D: usize,
    /// Q, where v = Qs and not every direction moves.
    basis: Option<Matrix<T>>,
}

impl<'a, T: Scalar> Recursion<'a, T> {
    pub(crate) fn new(setting: &'a Setting<T>, noise: Noise<'a, T>) -> Self {
        let D = setting.dimension();
        let (L, K, mu) = (setting.learning_rate(), setting.hessian(), setting.momentum());
        let I = matrix::identity::<T>(D);
        let contraction = &I - L * &K;
        if mu.is_zero() {
            return Recursion { F: contraction, J: -L.clone(), noise, D, basis: None };
        }
        let (mut F, mut J) = (Matrix::zeros(2 * D, 2 * D), Matrix::zeros(2 * D, D));
        F.view_mut((0, 0), (D, D)).copy_from(&contraction);
        F.view_mut((0, D), (D, D)).copy_from(&(L * -mu.clone()));
        F.view_mut((D, 0), (D, D)).copy_from(&K);
        F.view_mut((D, D), (D, D)).copy_from(&(&I * mu.clone()));
        J.view_mut((0, 0), (D, D)).copy_from(&-L.clone());
        J.view_mut((D, 0), (D, D)).copy_from(&I);
        Recursion { F, J, noise, D, basis: None }
    }

    /// On the directions in which weights move: v = Qs, Λm = Qr, with H and J so that ΛKQ = QH and Λ = QJ on gradients.
    pub(crate) fn along(Q: Matrix<T>, H: &Matrix<T>, J: &Matrix<T>, mu: &T, noise: Noise<'a, T>) -> Self {
        let (D, I) = (Q.ncols(), matrix::identity::<T>(Q.ncols()));
        let contraction = &I - H;
        if mu.is_zero() {
            return Recursion { F: contraction, J: -J.clone(), noise, D, basis: Some(Q) };
        }
        let mut F = Matrix::zeros(2 * D, 2 * D);
        F.view_mut((0, 0), (D, D)).copy_from(&contraction);
        F.view_mut((0, D), (D, D)).copy_from(&(&I * -mu.clone()));
        F.view_mut((D, 0), (D, D)).copy_from(H);
        F.view_mut((D, D), (D, D)).copy_from(&(&I * mu.clone()));
        Recursion { F, J: matrix::stacked(&-J.clone(), J), noise, D, basis: Some(Q) }
    }

    /// Q, where not every direction moves.
    pub(crate) fn basis(&self) -> Option<&Matrix<T>> {
        self.basis.as_ref()
    }

    /// v from z.
    pub(crate) fn weights(&self) -> Matrix<T> {
        let rows = self.basis.as_ref().map_or(self.D, Matrix::nrows);
        let moving = self.basis.clone().unwrap_or_else(|| matrix::identity(self.D));
        let mut weights = Matrix::zeros(rows, self.order());
        weights.view_mut((0, 0), (rows, self.D)).copy_from(&moving);
        weights
    }

    /// Σ from P.
    pub(crate) fn fluctuation(&self, P: &Matrix<T>) -> Matrix<T> {
        let moving = P.view((0, 0), (self.D, self.D)).into_owned();
        match &self.basis {
            Some(Q) => matrix::sandwich(Q, &moving),
            None => moving,
        }
    }

    /// P_vm and P_mm from P; in a basis P_sr and P_rr. `None` without momentum.
    pub(crate) fn of_buffer(&self, P: &Matrix<T>) -> Option<[Matrix<T>; 2]> {
        let D = self.D;
        let block = |row| P.view((row, D), (D, D)).into_owned();
        (self.order() > D).then(|| [0, D].map(block))
    }

    /// Rows of P.
    pub(crate) fn order(&self) -> usize {
        self.F.nrows()
    }

    /// Φ(P) = F P Fᵀ + J (C(P_vv) − C(0)) Jᵀ.
    pub(crate) fn linear(&self, P: &Matrix<T>) -> Matrix<T> {
        let next = matrix::sandwich(&self.F, P);
        let fluctuation = self.fluctuation(P);
        // Most columns of a system have none.
        if fluctuation.iter().all(T::is_zero) { next } else { next + self.injected(&self.noise.linear(&fluctuation)) }
    }

    /// J C(0) Jᵀ.
    pub(crate) fn constant(&self) -> Matrix<T> {
        self.injected(&self.noise.constant())
    }

    fn injected(&self, C: &Matrix<T>) -> Matrix<T> {
        matrix::sandwich(&self.J, C)
    }
}
