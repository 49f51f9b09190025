//! The fixed point of the second-moment recursion, with its certificate.

use std::ops::ControlFlow;

use symbols::{Matrix, Moments, Population, Setting, Twofold, Vector};

use crate::approximation::{Approximation, Progress, TWOFOLD_ENTRIES, units};
use crate::arithmetic::Arithmetic;
use crate::center::{Center, Curvature};
use crate::certificate::Certificate;
use crate::conjugate::{Goal, Operator, unobserved};
use crate::decomposition::congruence;
use crate::modes::Modes;
use crate::rounding::{Magnitude, Rounding};
use crate::stability::{self, Stability};
use crate::step::Step;
use crate::witness::{Coordinates, Witness};
use crate::{LyapunovError, Route, dense};

/// Up to this many rows of P residuals are evaluated in twofold doubles: the answer is then right to the last place, and the bound
/// on its error of the size of the error. Beyond, that would take longer than everything else.
const TWOFOLD_ROWS: usize = 16;

/// Corrections by twofold residuals, each of which gains ten digits.
const CORRECTIONS: usize = 4;

/// The relative residual of a correction.
const CORRECTION: f64 = 1e-11;

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
    /// Applications of the operator.
    pub iterations: usize,
    /// An orthonormal basis of the directions in which the weights never move, as neither a pull nor a kick reaches them: columns;
    /// `None` where every direction moves. Otherwise the bound holds for the problem on the other directions: rounding on the way
    /// there and back is not in it.
    pub null_space: Option<Matrix<f64>>,
}

/// The stationary state of eq. (1), by the fast route.
///
/// Any Λ, Γ, B and μ; Gaussian features or a data set, for either sampling. Nothing has to commute, Λ and K may be singular.
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
    Approximation::by(route, setting, &mut |_: Progress| ControlFlow::Continue(()))?.certify()
}

impl Approximation<'_> {
    /// Stability, a bound on the error, and what follows from Σ; up to 16 rows of P also the last digits.
    ///
    /// # Errors
    /// [`LyapunovError::Unstable`]; [`LyapunovError::Undecided`] where nothing could be proven.
    pub fn certify(&self) -> Result<Solution, LyapunovError> {
        let stability = self.stability()?;
        if stability.margin <= 1.0 {
            return Err(LyapunovError::Unstable(stability));
        }
        let undecided = LyapunovError::Undecided(stability);
        let answer = match &self.modes {
            Some(modes) if modes.count() < self.step.dimension() => self.restricted(modes),
            _ if self.step.rows() <= TWOFOLD_ROWS => self.sharp(),
            _ => self.plain(),
        };
        let Answer { moments, residual, error } = answer.ok_or(undecided)?;
        if ![error, moments.train_loss].iter().chain(&moments.noise_covariance).all(|v| v.is_finite()) {
            return Err(LyapunovError::NotFinite { quantity: "the stationary state" });
        }
        let error_bound = quotient(error, moments.fluctuation.norm());
        let null_space = self.modes.as_ref().and_then(|modes| modes.null_space());
        Ok(Solution { moments, stability, residual, error_bound, iterations: self.iterations, null_space })
    }

    /// Stability alone.
    ///
    /// # Errors
    /// [`LyapunovError::NotFinite`].
    pub fn stability(&self) -> Result<Stability, LyapunovError> {
        match &self.modes {
            Some(modes) => stability::of_modes(modes),
            None => dense::stability(&self.step),
        }
    }

    fn curvature(&self) -> Option<Curvature<'_>> {
        match &self.modes {
            Some(modes) => Some(modes.curvature()),
            None => Curvature::of_hessian(&self.step.hessian).ok(),
        }
    }

    fn operator<'m>(&self, modes: &'m Modes) -> Operator<'m> {
        Operator::new(modes, modes.drift(), &modes.noise_of_entries())
    }

    fn witness(&self, step: &Step<f64>, coordinates: Coordinates) -> Option<Witness> {
        match &self.modes {
            Some(modes) => Witness::of_modes(modes, &self.operator(modes), &self.found, step, coordinates).ok(),
            None => Some(Witness::of_equation(&dense::Equation::new(step).ok()?, &self.found)),
        }
    }

    /// All in doubles.
    fn plain(&self) -> Option<Answer> {
        let magnitude = Magnitude::new(&self.step, self.setting.weight_decay());
        let certificate = Certificate::new(&magnitude, self.witness(&self.step, Coordinates::Weights)?)?;
        let fluctuation = self.fluctuation();
        let P = self.step.joint(fluctuation);
        let entries = self.setting.dimension() * self.setting.sample_count().unwrap_or(self.setting.dimension());
        let (center, of_constant) = if entries <= TWOFOLD_ENTRIES {
            let setting = self.setting.map(|v| Twofold::from(*v));
            self.center_in(&setting, self.center.weights.map(Twofold::from))?
        } else {
            self.center_in(self.setting, self.center.weights.clone())?
        };
        let noise_covariance = self.step.noise.at(&center.residual) + self.step.noise.linear(fluctuation);
        let R = magnitude.residual(&P, &noise_covariance, of_constant);
        let moments = moments(self.setting, &self.step, &center, fluctuation.clone(), noise_covariance);
        Some(Answer { moments, residual: quotient(R.value.norm(), P.norm()), error: certificate.error(&R) })
    }

    /// w* to the digits of an arithmetic, and how far C(0) there is off.
    fn center_in<T: Arithmetic>(&self, setting: &Setting<T>, start: Vector<T>) -> Option<(Center<f64>, Rounding)> {
        let curvature = self.curvature()?;
        let center = Center::of(setting, start, 1, &curvature);
        let rounding = center.rounding(setting, &self.step.noise, &curvature);
        Some((center.nearest(), rounding))
    }

    /// With residuals in twofold doubles, by which the answer is corrected.
    fn sharp(&self) -> Option<Answer> {
        let magnitude = Magnitude::new(&self.step, self.setting.weight_decay());
        let certificate = Certificate::new(&magnitude, self.witness(&self.step, Coordinates::Weights)?)?;
        let setting = self.setting.map(|v| Twofold::from(*v));
        let step = Step::of_setting(&setting);
        let magnitude = Magnitude::new(&step, setting.weight_decay());
        let curvature = self.curvature()?;
        let start = self.center.weights.map(Twofold::from);
        let center = Center::of(&setting, start, CORRECTIONS, &curvature);
        let constant = step.noise.at(&center.residual);

        let corrector = Corrector::new(self)?;
        let mut fluctuation = self.fluctuation().map(Twofold::from);
        for _ in 0..CORRECTIONS {
            let P = step.joint(&fluctuation);
            let noise_covariance = &constant + step.noise.linear(&fluctuation);
            let left = step.fluctuation(&step.residual(&P, &noise_covariance));
            let Some(correction) = corrector.correction(&left.map(|v| v.nearest())) else { break };
            fluctuation -= correction.map(Twofold::from);
            if correction.norm() <= fluctuation.map(|v| v.nearest()).norm() * f64::EPSILON.powi(2) {
                break;
            }
        }
        let P = step.joint(&fluctuation);
        let of_constant = center.rounding(&setting, &step.noise, &curvature);
        let noise_covariance = constant + step.noise.linear(&fluctuation);
        let R = magnitude.residual(&P, &noise_covariance, of_constant);
        let rest = fluctuation.map(|v| v.rest()).norm();
        let moments = moments(&setting, &step, &center, fluctuation, noise_covariance).map(|v| v.nearest());
        let P = self.step.joint(&moments.fluctuation);
        let left = self.step.residual(&P, &moments.noise_covariance).norm();
        let error = certificate.error(&R) + rest * (1.0 + 1e-15);
        Some(Answer { moments, residual: quotient(left, P.norm()), error })
    }

    /// On the directions in which anything happens.
    fn restricted(&self, modes: &Modes) -> Option<Answer> {
        let noise_covariance = self.step.noise.at(&self.center.residual) + self.step.noise.linear(self.fluctuation());
        let fluctuation = self.fluctuation().clone();
        let moments = moments(self.setting, &self.step, &self.center, fluctuation, noise_covariance);
        if modes.count() == 0 {
            return Some(Answer { moments, residual: 0.0, error: 0.0 });
        }
        let step = modes.reduced(&self.step);
        // Γ = WᵀKW − WᵀMW is rounded with the rest.
        let magnitude = Magnitude::new(&step, &(&step.hessian - &step.noise.second_moment));
        let certificate = Certificate::new(&magnitude, self.witness(&step, Coordinates::Modes)?)?;
        let P = step.joint(&self.found);
        let noise_covariance =
            modes.constant(&self.step, &self.center.residual) + step.noise.linear(&step.fluctuation(&P));
        let R = magnitude.residual(&P, &noise_covariance, Rounding::default());
        // ‖W E Wᵀ‖ ≤ ‖W‖²‖E‖.
        let error = certificate.error(&R) * modes.size();
        Some(Answer { moments, residual: quotient(R.value.norm(), P.norm()), error })
    }
}

struct Answer {
    moments: Moments<f64>,
    residual: f64,
    /// Of Σ, Frobenius.
    error: f64,
}

fn quotient(part: f64, whole: f64) -> f64 {
    if part == 0.0 { 0.0 } else { part / whole }
}

fn moments<T: Arithmetic>(
    setting: &Setting<T>,
    step: &Step<T>,
    center: &Center<T>,
    fluctuation: Matrix<T>,
    noise_covariance: Matrix<T>,
) -> Moments<T> {
    let w = &center.weights;
    let half = T::one() / T::from_integer(2);
    let least = center.residual.mean_square.clone() + w.dot(&(setting.weight_decay() * w));
    let train_loss = (least + step.hessian.dot(&fluctuation)) * &half;
    let test_loss = match setting.population() {
        Population::Gaussian(model) => {
            let (A, offset) = (&model.feature_covariance, w - &model.true_weights);
            Some((A.dot(&fluctuation) + offset.dot(&(A * &offset))) * half)
        }
        Population::Data(_) => None,
    };
    Moments { noise_covariance, fluctuation, train_loss, test_loss }
}

/// Solves for what is left.
enum Corrector<'a> {
    Modes { modes: &'a Modes, operator: Operator<'a>, dual: Matrix<f64> },
    Dense { equation: dense::Equation<'a>, step: &'a Step<'a, f64> },
}

impl<'a> Corrector<'a> {
    fn new(approximation: &'a Approximation) -> Option<Self> {
        let step = &approximation.step;
        Some(match &approximation.modes {
            Some(modes) => Corrector::Modes { modes, operator: approximation.operator(modes), dual: modes.dual() },
            None => Corrector::Dense { equation: dense::Equation::new(step).ok()?, step },
        })
    }

    /// The E whose joint moments leave R in P_pp: eq. (3) with R for ΛCΛ.
    fn correction(&self, R: &Matrix<f64>) -> Option<Matrix<f64>> {
        match self {
            Corrector::Modes { modes, operator, dual } => {
                let Q = congruence(dual, R);
                let goal = units(&modes.second_moment);
                let found = operator.solve(&Q, &Goal::relative(&goal, CORRECTION, &Q), &mut unobserved).ok()?;
                Some(modes.outward(&found.X))
            }
            Corrector::Dense { equation, step } => Some(step.fluctuation(&equation.solve(&step.kicked(R.clone())))),
        }
    }
}
