//! An answer without a proof.

use numbers::Matrix;
use symbols::Setting;

use crate::arithmetic::Arithmetic;
use crate::center::{Center, Curvature};
use crate::conjugate::{Goal, Operator, Stop};
use crate::dense;
use crate::error::LyapunovError;
use crate::modes::Modes;
use crate::noise::Noise;
use crate::observer::Observer;
use crate::problem::{Problem, active, embedded};
use crate::route::Route;
use crate::step::Step;

/// The relative residual, in units of the noise of each direction, at which the descent stops.
const RESIDUAL: f64 = 1e-13;

/// Up to this many numbers in a problem the residuals at w* are evaluated in double-double numbers, which takes a
/// second and a GiB.
pub(crate) const DOUBLE_DOUBLE_ENTRIES: usize = 1 << 26;

/// Steps of Newton's method to w*: exact arithmetic needs no more, and the certificate takes another.
const NEWTON_STEPS: usize = 1;

/// The result of the fast route, before anything is proven about it.
///
/// It is handed out for those who have a proof of their own or want to time this part;
/// [`certify`](Approximation::certify) makes a [`Solution`](crate::Solution) of it or says why not.
pub struct Approximation<'a> {
    pub(crate) problem: &'a Problem<'a>,
    /// The noise of all weights.
    pub(crate) noise: Noise<'a, f64>,
    /// The weights that move.
    pub(crate) active: Vec<usize>,
    /// The step of the active weights.
    pub(crate) step: Step<'a, f64>,
    /// The coordinates of the active weights; `None` where there are none, or everything is done by the definition.
    pub(crate) modes: Option<Modes>,
    pub(crate) center: Center<f64>,
    /// X in the coordinates of the modes, or the joint second moments P of the definition.
    pub(crate) found: Matrix<f64>,
    fluctuation: Matrix<f64>,
    pub(crate) iterations: usize,
}

/// The stationary state of eq. (1), not certified.
///
/// The observer sees every iteration and may end them; `&mut ()` lets them run.
///
/// # Errors
/// [`LyapunovError`]. An unstable problem is found out where the descent meets a direction in which the equation is not
/// positive, and by [`certify`](Approximation::certify).
pub fn approximate<'a>(
    problem: &'a Problem<'a>,
    observer: &mut dyn Observer,
) -> Result<Approximation<'a>, LyapunovError> {
    Approximation::by(Route::Reduced, problem, observer)
}

/// Bytes that the stationary state with its certificate takes at most, the setting included, roughly.
///
/// A data set is held with its features for the weights, for the coordinates of the modes and, up to 2²⁶ numbers, in
/// double-double numbers; everything else is some forty D×D matrices.
pub fn memory(setting: &Setting<f64>) -> usize {
    bytes(setting.dimension(), setting.sample_count().unwrap_or(0))
}

fn bytes(D: usize, N: usize) -> usize {
    let copies = if N * D <= DOUBLE_DOUBLE_ENTRIES { 4 } else { 2 };
    size_of::<f64>() * (copies * N * D + 40 * D * D)
}

impl<'a> Approximation<'a> {
    pub(crate) fn by(
        route: Route,
        problem: &'a Problem<'a>,
        observer: &mut dyn Observer,
    ) -> Result<Self, LyapunovError> {
        let setting = problem.setting();
        let D = setting.dimension();
        let whole = Step::of_setting(setting);
        whole.check()?;
        let (active, noise) = (active(setting), whole.noise.clone());
        let step = if active.len() == D { whole } else { Step::among(setting, &whole.noise, &active) };
        let modes = match route {
            Route::Reduced if !active.is_empty() => Modes::new(&step)?,
            Route::Augmented | Route::Reduced => None,
        };
        let mut approximation = Approximation {
            problem,
            noise,
            center: Center::at(setting, setting.initial_weights().clone()),
            found: Matrix::zeros(0, 0),
            fluctuation: Matrix::zeros(D, D),
            iterations: 0,
            active,
            step,
            modes,
        };
        if approximation.modes.as_ref().is_some_and(|modes| modes.adrift) {
            return Err(approximation.without_certificate()?);
        }
        if !approximation.active.is_empty() {
            approximation.descend(observer)?;
        }
        Ok(approximation)
    }

    fn descend(&mut self, observer: &mut dyn Observer) -> Result<(), LyapunovError> {
        let setting = self.problem.setting();
        let start = setting.initial_weights().clone();
        self.center = Center::of(setting, start, NEWTON_STEPS, &self.curvature()?);
        let noise = self.noise.at(&self.center.residual);
        LyapunovError::unless_in_range("the noise at the minimizer", noise.as_slice())?;
        match &self.modes {
            Some(modes) => {
                let constant = match &self.step.noise.features {
                    Some(_) => modes.congruence(&self.among(&noise)),
                    None => modes.constant(&self.center.residual.among(&self.active)),
                };
                let units = units(&constant);
                let operator = Operator::new(modes, modes.drift(), &modes.noise_of_entries());
                match operator.solve(&constant, &Goal::relative(&units, RESIDUAL, &constant), observer) {
                    Ok(found) => (self.found, self.iterations) = (found.X, found.iterations),
                    Err(Stop::Interrupted) => return Err(LyapunovError::Interrupted),
                    Err(Stop::NotPositive) => return Err(self.without_certificate()?),
                }
            }
            None => {
                let constant = self.among(&noise);
                self.found = dense::Equation::new(&self.step)?.solve(&self.step.injected(&constant));
            }
        }
        if self.found.iter().any(|v| !v.is_finite()) {
            return Err(LyapunovError::NotFinite { quantity: "the stationary state" });
        }
        let moving = match &self.modes {
            Some(modes) => modes.outward(&self.found),
            None => self.step.fluctuation(&self.found),
        };
        self.fluctuation = embedded(&moving, &self.active, setting.dimension());
        LyapunovError::unless_in_range("the fluctuation", self.fluctuation.as_slice())?;
        LyapunovError::unless_in_range("the minimizer", self.center.weights.as_slice())
    }

    /// The part of a matrix that belongs to the weights that move.
    pub(crate) fn among<T: Arithmetic>(&self, M: &Matrix<T>) -> Matrix<T> {
        if self.active.len() == M.nrows() {
            return M.clone();
        }
        M.select_rows(&self.active).select_columns(&self.active)
    }

    /// W and h for all weights, zero where nothing moves.
    pub(crate) fn curvature(&self) -> Result<Curvature<'_>, LyapunovError> {
        let D = self.problem.setting().dimension();
        let curvature = match &self.modes {
            Some(modes) => modes.curvature(),
            None => Curvature::of_hessian(&self.step.hessian)?,
        };
        if self.active.len() == D {
            return Ok(curvature);
        }
        let mut basis = Matrix::zeros(D, curvature.basis.ncols());
        for (row, &i) in self.active.iter().enumerate() {
            basis.row_mut(i).copy_from(&curvature.basis.row(row));
        }
        Ok(Curvature { basis: std::borrow::Cow::Owned(basis), diagonal: curvature.diagonal })
    }

    /// Σ.
    pub fn fluctuation(&self) -> &Matrix<f64> {
        &self.fluctuation
    }

    /// How often the operator was applied.
    pub fn iterations(&self) -> usize {
        self.iterations
    }
}

/// Sizes of the directions: the roots of the diagonal, kept off zero.
pub(crate) fn units(Q: &Matrix<f64>) -> Vec<f64> {
    let floor = Q.diagonal().amax() * f64::EPSILON;
    Q.diagonal().iter().map(|v| if floor > 0.0 { v.max(floor).sqrt() } else { 1.0 }).collect()
}

#[cfg(test)]
mod tests {
    use numbers::Vector;

    use super::*;

    /// Forty matrices of two rows, and four copies of the data, or two of many.
    #[test]
    fn memory_is_of_matrices_and_copies_of_the_data() {
        let half = DOUBLE_DOUBLE_ENTRIES / 2;
        assert_eq!(bytes(2, 7), 8 * (4 * 14 + 40 * 4));
        assert_eq!(bytes(2, half), 8 * (4 * 2 * half + 40 * 4));
        assert_eq!(bytes(2, half + 1), 8 * (2 * 2 * (half + 1) + 40 * 4));
    }

    #[test]
    fn a_direction_without_noise_has_a_unit() {
        let diagonal = |entries: [f64; 2]| Matrix::from_diagonal(&Vector::from_row_slice(&entries));
        assert_eq!(units(&diagonal([4.0, 0.0])), [2.0, (4.0 * f64::EPSILON).sqrt()]);
        assert_eq!(units(&diagonal([0.0, 0.0])), [1.0, 1.0]);
    }
}
