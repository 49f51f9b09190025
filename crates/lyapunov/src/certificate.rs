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
//! Q is the diagonal of P̃, kept off zero, so that every weight and every step counts in its own units; Y solves the joint
//! system.
//!
//! Rounding: every entry of R is a sum of products, so that its error is at most γ times the same sum of absolute values
//! (γ = k·ε, k its length); that of w* enters through the condition number of K. The bound itself is computed in doubles
//! without directed rounding, which may cost it its last digits.

use faer::Side;
use symbols::Matrix;

use crate::LyapunovError;
use crate::solver::augmented;
use crate::step::Step;
use crate::symmetric::to_faer;

pub(crate) struct Certificate {
    /// Y_vv/(1 − δ).
    unit: Matrix<f64>,
    /// The diagonal of Q^−½.
    scale: Vec<f64>,
}

/// A matrix of residuals, and what rounding can have done to its entries.
pub(crate) struct Residual {
    pub(crate) value: Matrix<f64>,
    pub(crate) rounding: Matrix<f64>,
}

impl Certificate {
    /// Of the answer P̃; `None` where nothing is proven.
    pub(crate) fn new(
        step: &Step,
        magnitude: &Step,
        gamma: f64,
        answer: &Matrix<f64>,
    ) -> Result<Option<Self>, LyapunovError> {
        // A direction without noise has no unit of its own; without any noise there is no unit at all.
        let floor = answer.diagonal().amax() * f64::EPSILON.sqrt();
        let floor = if floor == 0.0 { 1.0 } else { floor };
        let Q = Matrix::from_diagonal(&answer.diagonal().map(|v| v.max(0.0) + floor));
        let Y = augmented(step)?.solve(&Q);
        let Ok(finite) = to_faer("Y", &Y) else { return Ok(None) };
        if finite.llt(Side::Lower).is_err() {
            return Ok(None);
        }
        let scale = Vec::from_iter(Q.diagonal().iter().map(|v| 1.0 / v.sqrt()));
        let mut certificate = Certificate { unit: step.fluctuation(&Y), scale };
        let rounding = (Y.abs() + magnitude.linear(&Y.abs()) + &Q) * gamma;
        let delta = certificate.ratio(&Residual { value: &Y - step.linear(&Y) - &Q, rounding });
        // NaN proves nothing either.
        if delta.is_nan() || delta >= 1.0 {
            return Ok(None);
        }
        certificate.unit /= 1.0 - delta;
        Ok(Some(certificate))
    }

    /// r with −rQ ⪯ R ⪯ rQ.
    fn ratio(&self, R: &Residual) -> f64 {
        let scaled =
            |M: &Matrix<f64>| Matrix::from_fn(M.nrows(), M.ncols(), |i, j| M[(i, j)] * self.scale[i] * self.scale[j]);
        scaled(&R.value).norm() + scaled(&R.rounding).norm()
    }

    /// A bound on ‖E_vv‖, Frobenius.
    pub(crate) fn error_bound(&self, R: &Residual) -> f64 {
        self.ratio(R) * self.unit.norm()
    }
}
