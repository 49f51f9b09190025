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

use symbols::{Matrix, Scalar, Setting, matrix};

use crate::noise::Noise;

pub(crate) struct Recursion<'a, T: Scalar> {
    F: Matrix<T>,
    J: Matrix<T>,
    pub(crate) noise: Noise<'a, T>,
    D: usize,
}

impl<'a, T: Scalar> Recursion<'a, T> {
    pub(crate) fn new(setting: &'a Setting<T>, noise: Noise<'a, T>) -> Self {
        let D = setting.dimension();
        let (L, K, mu) = (setting.learning_rate(), setting.hessian(), setting.momentum());
        let I = matrix::identity::<T>(D);
        let contraction = &I - L * &K;
        if mu.is_zero() {
            return Recursion { F: contraction, J: -L.clone(), noise, D };
        }
        let (mut F, mut J) = (Matrix::zeros(2 * D, 2 * D), Matrix::zeros(2 * D, D));
        F.view_mut((0, 0), (D, D)).copy_from(&contraction);
        F.view_mut((0, D), (D, D)).copy_from(&(L * -mu.clone()));
        F.view_mut((D, 0), (D, D)).copy_from(&K);
        F.view_mut((D, D), (D, D)).copy_from(&(&I * mu.clone()));
        J.view_mut((0, 0), (D, D)).copy_from(&-L.clone());
        J.view_mut((D, 0), (D, D)).copy_from(&I);
        Recursion { F, J, noise, D }
    }

    /// Rows of P.
    pub(crate) fn order(&self) -> usize {
        self.F.nrows()
    }

    /// Φ(P) = F P Fᵀ + J (C(P_vv) − C(0)) Jᵀ.
    pub(crate) fn linear(&self, P: &Matrix<T>) -> Matrix<T> {
        let next = matrix::sandwich(&self.F, P);
        let fluctuation = P.view((0, 0), (self.D, self.D)).into_owned();
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
