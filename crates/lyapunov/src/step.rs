//! One step of the joint second moments.
//!
//! With v = w − w* and p = Λm, the gradient is ĝ = Kv + ξ, where ξ has mean zero and covariance C given v. So z = (v, p) obeys
//!
//! ```text
//! p' = μp + ΛKv + Λξ,  v' = v − p':    z' = F z + J ξ,    F = [I − ΛK, −μI; ΛK, μI],    J = [−Λ; Λ]
//! P' = Φ(P) + J C(0) Jᵀ,    Φ(P) = F P Fᵀ + J (C(P_vv) − C(0)) Jᵀ,    P = E[z zᵀ]
//! ```
//!
//! Φ is positive: it maps positive semidefinite matrices to such. For μ = 0 the p of a step is forgotten in the next, and
//! z = v with F = I − ΛK, J = −Λ.

use symbols::{Matrix, Setting, matrix};

use crate::noise::Noise;
use crate::{LyapunovError, ORDER_LIMIT, symmetric};

pub(crate) struct Step {
    /// F.
    pub(crate) transition: Matrix<f64>,
    /// J.
    pub(crate) injection: Matrix<f64>,
    pub(crate) noise: Noise,
    /// Λ.
    pub(crate) learning_rate: Matrix<f64>,
    /// K.
    pub(crate) hessian: Matrix<f64>,
    /// μ.
    pub(crate) momentum: f64,
}

impl Step {
    pub(crate) fn new(setting: &Setting<f64>) -> Result<Self, LyapunovError> {
        let (D, mu) = (setting.dimension(), *setting.momentum());
        let rows = if mu == 0.0 { D } else { 2 * D };
        let order = rows * (rows + 1) / 2;
        if order > ORDER_LIMIT {
            return Err(LyapunovError::TooLarge { dimension: D, order, limit: ORDER_LIMIT });
        }
        let noise = Noise::new(setting);
        let covariances = symmetric::eigenvalues("A + B", noise.second_moment())?;
        // Rounding moves an eigenvalue by no more than n·ε of the largest.
        let rounding = covariances.iter().fold(0.0, |largest: f64, e| largest.max(e.abs())) * D as f64 * f64::EPSILON;
        if let Some(&eigenvalue) = covariances.first().filter(|&&smallest| smallest < -rounding) {
            return Err(LyapunovError::Indefinite { eigenvalue });
        }
        Ok(Step::of(setting.learning_rate().clone(), setting.hessian(), mu, noise))
    }

    fn of(learning_rate: Matrix<f64>, hessian: Matrix<f64>, momentum: f64, noise: Noise) -> Self {
        let I = matrix::identity::<f64>(hessian.nrows());
        let pull = &learning_rate * &hessian;
        let (transition, injection) = if momentum == 0.0 {
            (&I - &pull, -&learning_rate)
        } else {
            let kept = &I * momentum;
            (stacked(&[&[&(&I - &pull), &-&kept], &[&pull, &kept]]), stacked(&[&[&-&learning_rate], &[&learning_rate]]))
        };
        Step { transition, injection, noise, learning_rate, hessian, momentum }
    }

    /// The step whose value bounds every number that a value of this one is summed from.
    pub(crate) fn magnitude(&self, setting: &Setting<f64>) -> Self {
        let noise = self.noise.magnitude();
        let hessian = noise.second_moment() + setting.weight_decay().abs();
        // I − ΛK is summed from I and −ΛK, so that the sign of Λ is turned.
        let mut step = Step::of(-self.learning_rate.abs(), hessian, -self.momentum, noise);
        step.transition = step.transition.abs();
        step.injection = step.injection.abs();
        step
    }

    /// D.
    pub(crate) fn dimension(&self) -> usize {
        self.hessian.nrows()
    }

    /// Rows of P.
    pub(crate) fn rows(&self) -> usize {
        self.transition.nrows()
    }

    /// Φ(P).
    pub(crate) fn linear(&self, P: &Matrix<f64>) -> Matrix<f64> {
        let moved = &self.transition * P * self.transition.transpose();
        moved + self.injected(&self.noise.linear(&self.fluctuation(P)))
    }

    /// J C Jᵀ.
    pub(crate) fn injected(&self, C: &Matrix<f64>) -> Matrix<f64> {
        &self.injection * C * self.injection.transpose()
    }

    /// P_vv.
    pub(crate) fn fluctuation(&self, P: &Matrix<f64>) -> Matrix<f64> {
        P.view((0, 0), (self.dimension(), self.dimension())).into_owned()
    }
}

/// A matrix from blocks of equal size.
pub(crate) fn stacked(blocks: &[&[&Matrix<f64>]]) -> Matrix<f64> {
    let (rows, columns) = blocks[0][0].shape();
    Matrix::from_fn(rows * blocks.len(), columns * blocks[0].len(), |i, j| {
        blocks[i / rows][j / columns][(i % rows, j % columns)]
    })
}
