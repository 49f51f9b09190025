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
//! Y comes from the solver at hand: Y = P₁ + Φ(P₁), where P₁ = Φ(P₁) + JJᵀ, solves Y − Φ(Y) = Q with Q = JJᵀ + Φ(JJᵀ), which is
//! positive definite when Λ is invertible, as [J, FJ] has full row rank.
//!
//! Rounding: every entry of R is a sum of products, so that its error is at most γ times the same sum of absolute values
//! (γ = k·ε, k its length); that of w* enters through the condition number of K. The bound itself is computed in doubles
//! without directed rounding, which may cost it its last digits.

use faer::Side;
use faer::linalg::solvers::Llt;
use symbols::Matrix;

use crate::LyapunovError;
use crate::step::Step;
use crate::symmetric::to_faer;

pub(crate) struct Certificate {
    /// Y_vv/(1 − δ).
    unit: Matrix<f64>,
    /// L⁻¹ with Q = LLᵀ.
    inverse_factor: Matrix<f64>,
}

/// An entry of a matrix of residuals, and what rounding can have done to it.
pub(crate) struct Residual {
    pub(crate) value: Matrix<f64>,
    pub(crate) rounding: Matrix<f64>,
}

impl Certificate {
    /// `first` is P₁; `None` where it proves nothing.
    pub(crate) fn new(
        step: &Step,
        magnitude: &Step,
        gamma: f64,
        first: &Matrix<f64>,
    ) -> Result<Option<Self>, LyapunovError> {
        let injected = |step: &Step| {
            let start = step.injected(&Matrix::identity(step.dimension(), step.dimension()));
            let second = step.linear(&start);
            start + second
        };
        let (Q, Y) = (injected(step), first + step.linear(first));
        let (Ok(of_Q), Ok(of_Y)) = (to_faer("Q", &Q), to_faer("Y", &Y)) else { return Ok(None) };
        let (Ok(factor), Ok(_)) = (of_Q.llt(Side::Lower), of_Y.llt(Side::Lower)) else { return Ok(None) };
        let mut certificate = Certificate { unit: step.fluctuation(&Y), inverse_factor: inverse_factor(&factor)? };
        let residual = Residual {
            value: &Y - step.linear(&Y) - &Q,
            rounding: (Y.abs() + magnitude.linear(&Y.abs()) + injected(magnitude)) * gamma,
        };
        let delta = certificate.ratio(&residual);
        // NaN proves nothing either.
        if delta.is_nan() || delta >= 1.0 {
            return Ok(None);
        }
        certificate.unit /= 1.0 - delta;
        Ok(Some(certificate))
    }

    /// r with −rQ ⪯ R ⪯ rQ.
    fn ratio(&self, R: &Residual) -> f64 {
        let L = &self.inverse_factor;
        (L * &R.value * L.transpose()).norm() + (L.abs() * &R.rounding * L.abs().transpose()).norm()
    }

    /// A bound on ‖E_vv‖, Frobenius.
    pub(crate) fn error_bound(&self, R: &Residual) -> f64 {
        self.ratio(R) * self.unit.norm()
    }
}

fn inverse_factor(factor: &Llt<f64>) -> Result<Matrix<f64>, LyapunovError> {
    let L = factor.L();
    let mut inverse = faer::Mat::<f64>::identity(L.nrows(), L.nrows());
    L.solve_lower_triangular_in_place(inverse.as_mut());
    Ok(Matrix::from_fn(L.nrows(), L.nrows(), |i, j| inverse[(i, j)]))
}
