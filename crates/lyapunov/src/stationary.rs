//! The fixed point of the second-moment recursion.

use faer::prelude::Solve;
use symbols::{Matrix, Moments, Population, Setting, Vector, matrix};

use crate::LyapunovError;
use crate::certificate::{Certificate, Residual as Remainder};
use crate::noise::Residual;
use crate::solver::Route;
use crate::stability::{self, Stability};
use crate::step::Step;
use crate::symmetric::{eigenvalues, to_faer};

/// A stationary state with its certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// Σ, C and the losses.
    pub moments: Moments<f64>,
    /// How far from instability.
    pub stability: Stability,
    /// ‖P − Φ(P) − JC₀Jᵀ‖/‖P‖ of the joint second moments, Frobenius.
    pub residual: f64,
    /// Bound on the relative error of Σ, Frobenius: infinite where Σ is zero, and only rounding may be left of it.
    pub error_bound: f64,
}

/// The stationary state of eq. (1), by the fast route.
///
/// Any Λ, Γ, B and μ; Gaussian features or a data set, for either sampling. Nothing has to commute.
///
/// # Solvability
/// The spectral radius of the second-moment recursion is below 1; proven by the matrix inequality that also bounds the error.
///
/// # Errors
/// [`LyapunovError`], all of its variants.
pub fn stationary(setting: &Setting<f64>) -> Result<Solution, LyapunovError> {
    stationary_by(Route::Reduced, setting)
}

/// The stationary state of eq. (1), by the route asked for.
///
/// # Errors
/// As [`stationary`].
pub fn stationary_by(route: Route, setting: &Setting<f64>) -> Result<Solution, LyapunovError> {
    let step = Step::new(setting)?;
    let Minimizer { weights, condition } = minimizer(setting, &step.hessian)?;
    let stability = stability::of_step(&step)?;
    if stability.margin <= 1.0 {
        return Err(LyapunovError::Unstable(stability));
    }
    let at_minimizer = Residual::at(setting, &weights);
    let constant = step.noise.at(&at_minimizer);
    let P = route.solve(&step, &constant)?;

    let magnitude = step.magnitude(setting);
    let gamma = rounding_unit(setting);
    let certificate = Certificate::new(&step, &magnitude, gamma, &P)?;
    let certificate = certificate.ok_or(LyapunovError::Undecided(stability))?;
    let largest = magnitude.noise.at(&Residual::magnitude_at(setting, &weights));
    let rounding = P.abs() + magnitude.linear(&P.abs()) + magnitude.injected(&largest) * condition;
    let remainder = Remainder { value: &P - step.linear(&P) - step.injected(&constant), rounding: rounding * gamma };

    let fluctuation = step.fluctuation(&P);
    let quotient = |part: f64, whole: f64| if part == 0.0 { 0.0 } else { part / whole };
    let residual = quotient(remainder.value.norm(), P.norm());
    let error = certificate.error_bound(&remainder);
    let error_bound = quotient(error, fluctuation.norm());
    let moments = moments(setting, &step, constant, fluctuation, &weights, &at_minimizer);
    let finite = moments.train_loss.is_finite() && moments.noise_covariance.iter().all(|v| v.is_finite());
    if !(finite && error.is_finite()) {
        return Err(LyapunovError::NotFinite { quantity: "the stationary state" });
    }
    Ok(Solution { moments, stability, residual, error_bound })
}

fn moments(
    setting: &Setting<f64>,
    step: &Step,
    constant: Matrix<f64>,
    fluctuation: Matrix<f64>,
    weights: &Vector<f64>,
    at_minimizer: &Residual,
) -> Moments<f64> {
    let least = at_minimizer.mean_square + weights.dot(&(setting.weight_decay() * weights));
    let train_loss = (least + matrix::trace(&(&step.hessian * &fluctuation))) / 2.0;
    let test_loss = match setting.population() {
        Population::Gaussian(model) => {
            let (A, offset) = (&model.feature_covariance, weights - &model.true_weights);
            Some((matrix::trace(&(A * &fluctuation)) + offset.dot(&(A * &offset))) / 2.0)
        }
        Population::Data(_) => None,
    };
    Moments { noise_covariance: constant + step.noise.linear(&fluctuation), fluctuation, train_loss, test_loss }
}

/// γ: a unit in the last place times the longest sum of products on the way to a residual, samples included.
fn rounding_unit(setting: &Setting<f64>) -> f64 {
    let products = 8 * (setting.dimension() + 2) + setting.sample_count().map_or(0, |N| 2 * N);
    products as f64 * f64::EPSILON
}

/// w* = K⁻¹E\[x̃y\], and the condition number of K.
struct Minimizer {
    weights: Vector<f64>,
    condition: f64,
}

fn minimizer(setting: &Setting<f64>, K: &Matrix<f64>) -> Result<Minimizer, LyapunovError> {
    let b = setting.label_moment();
    let magnitudes = Vec::from_iter(eigenvalues("hessian", K)?.into_iter().map(f64::abs));
    let smallest = magnitudes.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = magnitudes.iter().copied().fold(0.0, f64::max);
    if smallest <= largest * magnitudes.len() as f64 * f64::EPSILON {
        return Err(LyapunovError::SingularHessian { smallest, largest });
    }
    let factors = to_faer("hessian", K)?.partial_piv_lu();
    let solve = |b: &Vector<f64>| {
        let w = factors.solve(faer::Mat::from_fn(b.len(), 1, |i, _| b[i]));
        Vector::from_fn(b.len(), |i, _| w[(i, 0)])
    };
    let first = solve(&b);
    let weights = &first + solve(&(b - K * &first));
    Ok(Minimizer { weights, condition: largest / smallest })
}
