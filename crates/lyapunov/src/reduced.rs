//! Eq. (3): the stationary equation for Σ alone.
//!
//! At stationarity v = v' + p' gives P_vv = P_vv + P_vp + P_pv + P_pp, and E\[v p'ᵀ\] = E\[(v' + p')p'ᵀ\] gives
//! P_vp + P_pp = μP_vp + ΣKΛ. Together,
//!
//! ```text
//! P_pp = (ΛKΣ + ΣKΛ)/(1 + μ),    P_vp = (ΣKΛ − P_pp)/(1 − μ)
//! ```
//!
//! and the step of P_pp becomes, with these inserted and divided by 1 + μ,
//!
//! ```text
//! (1−μ)(ΛKΣ + ΣKΛ) − (1+μ²)/(1−μ²) ΛKΣKΛ + μ/(1−μ²)(ΛKΛKΣ + ΣKΛKΛ) − Λ(C(Σ) − C(0))Λ = ΛC(0)Λ
//! ```
//!
//! # Source
//! Eq. (3), Theorem 1; from Liu, Ziyin and Ueda, Noise and fluctuation of finite learning rate SGD (2021). Written here with K for
//! the Hessian and with the part of C that is linear in Σ on the left.

use symbols::Matrix;

use crate::step::{Step, stacked};

/// What is linear in the learning rate: (1−μ)(ΛKΣ + ΣKΛ).
pub(crate) fn of_first_order(step: &Step, fluctuation: &Matrix<f64>) -> Matrix<f64> {
    with_transpose(&step.learning_rate * &step.hessian * fluctuation) * (1.0 - step.momentum)
}

/// What is quadratic in it, to be subtracted: (1+μ²)/(1−μ²) ΛKΣKΛ − μ/(1−μ²)(ΛKΛKΣ + ΣKΛKΛ) + Λ(C(Σ) − C(0))Λ.
pub(crate) fn of_second_order(step: &Step, fluctuation: &Matrix<f64>) -> Matrix<f64> {
    let (L, mu) = (&step.learning_rate, step.momentum);
    let pull = L * &step.hessian;
    let once = &pull * fluctuation;
    let (own, cross) = (&once * pull.transpose(), with_transpose(&pull * &once));
    (own * (1.0 + mu * mu) - cross * mu) / (1.0 - mu * mu) + L * step.noise.linear(fluctuation) * L
}

/// P from Σ.
pub(crate) fn joint(step: &Step, fluctuation: &Matrix<f64>) -> Matrix<f64> {
    let mu = step.momentum;
    if mu == 0.0 {
        return fluctuation.clone();
    }
    let pulled = fluctuation * &step.hessian * &step.learning_rate;
    let of_steps = with_transpose(pulled.clone()) / (1.0 + mu);
    let across = (pulled - &of_steps) / (1.0 - mu);
    stacked(&[&[fluctuation, &across], &[&across.transpose(), &of_steps]])
}

fn with_transpose(M: Matrix<f64>) -> Matrix<f64> {
    let transpose = M.transpose();
    M + transpose
}
