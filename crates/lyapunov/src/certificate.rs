//! A proof of stability, and a bound on the error of an answer.
//!
//! Let Y ≻ 0 with Y − Φ(Y) ⪰ (1 − δ)Q, Q ≻ 0, δ < 1. As Φ is positive, Φ(Y) ⪯ Y − (1 − δ)Q ≺ Y proves that its spectral radius is
//! below 1. An approximation P̃ with the residual R = P̃ − Φ(P̃) − JC₀Jᵀ is off by the E with E − Φ(E) = R; and −rQ ⪯ R ⪯ rQ gives,
//! as (id − Φ)⁻¹ = id + Φ + Φ² + … is positive too,
//!
//! ```text
//! −(r/(1 − δ)) Y ⪯ E ⪯ (r/(1 − δ)) Y,    hence    ‖E_vv‖ ≤ (r/(1 − δ)) ‖Y_vv‖    in any unitarily invariant norm
//! ```
//!
//! (E_vv = Y^½ X Y^½ with ‖X‖₂ ≤ 1, and a product that is normal is not larger in norm than one with its factors exchanged.)
//!
//! Q is (VᵀV)⁻¹ for a V that makes every direction and every step count in its own units, so that r = ‖VRVᵀ‖ and δ = ‖V(Y − Φ(Y))Vᵀ − I‖; if
//! δ < 1, V has an inverse.
//!
//! Everything that rounding can have done to T(Y) and to R is part of δ and of r ([`rounding`](crate::rounding)).

use symbols::Matrix;

use crate::arithmetic::Arithmetic;
use crate::decomposition::is_positive_definite;
use crate::rounding::{Magnitude, Rounded, SAFETY, gamma};
use crate::witness::Witness;

/// The inequality, proven for one Y.
pub(crate) struct Certificate {
    /// V.
    scaling: Matrix<f64>,
    /// |V|.
    absolute: Matrix<f64>,
    /// A bound on ‖V‖².
    square: f64,
    /// δ.
    delta: f64,
    /// ‖Y_vv‖.
    size: f64,
}

impl Certificate {
    /// By the inequality for Y; `None` where nothing is proven.
    pub(crate) fn new(magnitude: &Magnitude<f64>, witness: Witness) -> Option<Self> {
        let Witness { Y, scaling } = witness;
        if Y.iter().chain(&scaling).any(|v| !v.is_finite()) || !is_positive_definite(&Y, 0.0) {
            return None;
        }
        let (rows, absolute) = (scaling.nrows(), scaling.abs());
        let fill = scaling.norm_squared() * SAFETY;
        let square = f64::symmetric_product(&scaling, &scaling).norm() + fill * gamma(rows + 8, f64::UNIT);
        let size = magnitude.step.fluctuation(&Y).norm();
        let mut certificate = Certificate { scaling, absolute, square: square * SAFETY, delta: 0.0, size };
        certificate.delta = certificate.scaled(&magnitude.settled(&Y), &Matrix::identity(rows, rows));
        // NaN proves nothing either.
        (certificate.delta < 1.0).then_some(certificate)
    }

    /// A bound on ‖E_vv‖ for the E with E − Φ(E) = R.
    pub(crate) fn error(&self, R: &Rounded) -> f64 {
        let rows = self.scaling.nrows();
        self.scaled(R, &Matrix::zeros(rows, rows)) * self.size * SAFETY / (1.0 - self.delta)
    }

    /// A bound on ‖VRVᵀ − Q‖.
    fn scaled(&self, R: &Rounded, Q: &Matrix<f64>) -> f64 {
        let V = &self.scaling;
        let value = f64::symmetric_product(&f64::product(V, &R.value), V) - Q;
        // Two products and what led to R's last place.
        let rounding = gamma(2 * V.nrows() + 8, f64::UNIT) * V.norm_squared() * R.value.norm();
        (value.norm() + rounding + R.rounding.norm_between(&self.absolute, self.square)) * SAFETY
    }
}
