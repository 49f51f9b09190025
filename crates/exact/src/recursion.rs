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

use rug::Rational;
use symbols::{Matrix, Setting, matrix};

use crate::noise::Noise;

pub(crate) struct Recursion<'a> {
    F: Matrix<Rational>,
    J: Matrix<Rational>,
    pub(crate) noise: Noise<'a>,
    D: usize,
}

impl<'a> Recursion<'a> {
    pub(crate) fn new(setting: &'a Setting<Rational>, noise: Noise<'a>) -> Self {
        let D = setting.dimension();
        let (L, K, mu) = (setting.learning_rate(), setting.hessian(), setting.momentum());
        let I = matrix::identity::<Rational>(D);
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
    pub(crate) fn linear(&self, P: &Matrix<Rational>) -> Matrix<Rational> {
        let fluctuation = P.view((0, 0), (self.D, self.D)).into_owned();
        &self.F * P * self.F.transpose() + self.injected(&self.noise.linear(&fluctuation))
    }

    /// J C(0) Jᵀ.
    pub(crate) fn constant(&self) -> Matrix<Rational> {
        self.injected(&self.noise.constant())
    }

    fn injected(&self, C: &Matrix<Rational>) -> Matrix<Rational> {
        &self.J * C * self.J.transpose()
    }
}
