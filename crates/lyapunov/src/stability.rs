//! Whether the second moments converge, and how far from the limit.

use symbols::{Matrix, Setting};

use crate::LyapunovError;
use crate::reduced::{of_first_order, of_second_order};
use crate::step::Step;
use crate::symmetric::{matrix_of, to_faer};
use faer::Mat;
use faer::prelude::Solve;

/// Stability of the second moments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stability {
    /// Largest modulus of an eigenvalue of Φ, one step of the second moments: stable below 1.
    pub spectral_radius: f64,
    /// The largest factor by which Λ can be multiplied: stable above 1. 0 where no factor helps.
    pub margin: f64,
}

/// The stability of any setting, stable or not.
///
/// The radius is that of Φ, on the joint second moments. The margin: with Λ → cΛ, eq. (3) without its constant reads
/// c (T₁ − c T₂)(Σ) = 0. For small c SGD is stable if and only if ΛK has eigenvalues in the right half plane alone; and as
/// the spectral radius of a positive map is one of its eigenvalues, it passes 1 at the smallest c > 0 for which a Σ ≠ 0
/// solves this equation: 1/c is the largest real eigenvalue of T₁⁻¹T₂.
///
/// # Errors
/// [`LyapunovError::Indefinite`], [`LyapunovError::NotFinite`], [`LyapunovError::TooLarge`].
pub fn stability(setting: &Setting<f64>) -> Result<Stability, LyapunovError> {
    of_step(&Step::new(setting)?)
}

pub(crate) fn of_step(step: &Step) -> Result<Stability, LyapunovError> {
    let moved = matrix_of(step.rows(), |P| step.linear(P));
    let moduli = spectrum("the second-moment recursion", &moved)?;
    let spectral_radius = moduli.iter().fold(0.0, |radius: f64, e| radius.max(e.re.hypot(e.im)));
    Ok(Stability { spectral_radius, margin: margin(step)? })
}

fn margin(step: &Step) -> Result<f64, LyapunovError> {
    let pull = to_faer("ΛK", &(&step.learning_rate * &step.hessian))?;
    let pulls = spectrum("ΛK", &pull)?;
    let largest = pulls.iter().fold(0.0, |largest: f64, e| largest.max(e.re.hypot(e.im)));
    // An eigenvalue within rounding of zero is no pull.
    if pulls.iter().any(|e| e.re <= largest * pulls.len() as f64 * f64::EPSILON) {
        return Ok(0.0);
    }
    let of_order = |map: fn(&Step, &Matrix<f64>) -> Matrix<f64>| matrix_of(step.dimension(), |Sigma| map(step, Sigma));
    let quotient = of_order(of_first_order).partial_piv_lu().solve(of_order(of_second_order));
    let eigenvalues = spectrum("the stationary equation", &quotient)?;
    // A double eigenvalue comes out as a pair that rounding has moved off the line by about √ε.
    let real = eigenvalues.iter().filter(|e| e.im.abs() <= 1e-6 * e.re.abs());
    Ok(1.0 / real.fold(0.0, |largest: f64, e| largest.max(e.re)))
}

fn spectrum(quantity: &'static str, M: &Mat<f64>) -> Result<Vec<faer::c64>, LyapunovError> {
    let finite = if M.is_all_finite() { M.eigenvalues().ok() } else { None };
    finite.ok_or(LyapunovError::NotFinite { quantity })
}
