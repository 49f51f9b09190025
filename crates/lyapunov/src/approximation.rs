//! An answer without a proof.

use std::ops::ControlFlow;

use symbols::{Matrix, Setting};

use crate::center::{Center, Curvature};
use crate::conjugate::{Goal, Observer, Operator, Stop};
use crate::modes::Modes;
use crate::stability;
use crate::step::Step;
use crate::{LyapunovError, Route, dense};

/// The relative residual, in units of the noise of each direction, at which the descent stops.
const RESIDUAL: f64 = 1e-13;

/// Up to this many numbers in a problem the residuals at w* are evaluated in twofold doubles: a second, and a GiB.
pub(crate) const TWOFOLD_ENTRIES: usize = 1 << 26;

/// Steps of Newton's method to w*: exact arithmetic needs no more, and the certificate takes another.
const NEWTON_STEPS: usize = 1;

/// What the fast route found, before anything is proven about it.
///
/// It is handed out for those who have a proof of their own or want to time this part; [`certify`](Approximation::certify) makes a
/// [`Solution`](crate::Solution) of it or says why not.
pub struct Approximation<'a> {
    pub(crate) setting: &'a Setting<f64>,
    pub(crate) step: Step<'a, f64>,
    /// `None` by the definition.
    pub(crate) modes: Option<Modes>,
    pub(crate) center: Center<f64>,
    /// In the coordinates of the modes, or the joint second moments of the definition.
    pub(crate) found: Matrix<f64>,
    fluctuation: Matrix<f64>,
    pub(crate) iterations: usize,
}

/// Progress of the descent, for those who watch it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Applications of the operator so far.
    pub iteration: usize,
    /// ‖R‖/‖Q‖ in units of the noise of each direction.
    pub residual: f64,
}

/// The stationary state of eq. (1), not certified.
///
/// `observe` sees every iteration and may end them.
///
/// # Errors
/// [`LyapunovError`]; stability is not asked for, so that an unstable problem is found out only where the descent meets a
/// direction in which the equation is not positive.
pub fn approximate<'a>(
    setting: &'a Setting<f64>,
    observe: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Approximation<'a>, LyapunovError> {
    Approximation::by(Route::Reduced, setting, observe)
}

/// Bytes that the stationary state with its certificate takes at most, the setting included, roughly.
///
/// A data set is held with the features in the weights, in the coordinates of the modes and, up to
/// 2²⁶ numbers, in twofold doubles; everything else are some forty D×D matrices.
pub fn memory(setting: &Setting<f64>) -> usize {
    bytes(setting.dimension(), setting.sample_count().unwrap_or(0))
}

fn bytes(D: usize, N: usize) -> usize {
    let copies = if N * D <= TWOFOLD_ENTRIES { 4 } else { 2 };
    size_of::<f64>() * (copies * N * D + 40 * D * D)
}

impl<'a> Approximation<'a> {
    pub(crate) fn by(
        route: Route,
        setting: &'a Setting<f64>,
        observe: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Self, LyapunovError> {
        let step = Step::of_setting(setting);
        step.check()?;
        let modes = match route {
            Route::Augmented => None,
            Route::Reduced => Modes::new(&step)?,
        };
        let start = setting.initial_weights().clone();
        let center = match &modes {
            Some(modes) if modes.adrift => return Err(LyapunovError::Unstable(stability::of_modes(modes)?)),
            Some(modes) => Center::of(setting, start, NEWTON_STEPS, &modes.curvature()),
            None => Center::of(setting, start, NEWTON_STEPS, &Curvature::of_hessian(&step.hessian)?),
        };
        let mut observer = |iteration, residual| observe(Progress { iteration, residual });
        let (found, iterations) = match &modes {
            Some(modes) => descend(modes, &modes.constant(&step, &center.residual), &mut observer)?,
            None => {
                let constant = step.noise.at(&center.residual);
                (dense::Equation::new(&step)?.solve(&step.injected(&constant)), 0)
            }
        };
        if found.iter().any(|v| !v.is_finite()) {
            return Err(LyapunovError::NotFinite { quantity: "the stationary state" });
        }
        let fluctuation = match &modes {
            Some(modes) => modes.outward(&found),
            None => step.fluctuation(&found),
        };
        LyapunovError::unless_in_range("the fluctuation", fluctuation.as_slice())?;
        LyapunovError::unless_in_range("the minimizer", center.weights.as_slice())?;
        Ok(Approximation { setting, step, modes, center, found, fluctuation, iterations })
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

fn descend(modes: &Modes, Q: &Matrix<f64>, observer: Observer) -> Result<(Matrix<f64>, usize), LyapunovError> {
    let units = units(Q);
    let operator = Operator::new(modes, modes.drift(), &modes.noise_of_entries());
    match operator.solve(Q, &Goal::relative(&units, RESIDUAL, Q), observer) {
        Ok(found) => Ok((found.X, found.iterations)),
        Err(Stop::Interrupted) => Err(LyapunovError::Interrupted),
        Err(Stop::NotPositive) => {
            let stability = stability::of_modes(modes)?;
            Err(if stability.margin <= 1.0 {
                LyapunovError::Unstable(stability)
            } else {
                LyapunovError::Undecided(stability)
            })
        }
    }
}

/// Sizes of the directions: the roots of the diagonal, kept off zero.
pub(crate) fn units(Q: &Matrix<f64>) -> Vec<f64> {
    let floor = Q.diagonal().amax() * f64::EPSILON;
    Q.diagonal().iter().map(|v| if floor > 0.0 { v.max(floor).sqrt() } else { 1.0 }).collect()
}

#[cfg(test)]
mod tests {
    use symbols::Vector;

    use super::*;

    /// Forty matrices of two rows, and four copies of the data, or two of many.
    #[test]
    fn memory_is_of_matrices_and_copies_of_the_data() {
        let half = TWOFOLD_ENTRIES / 2;
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
