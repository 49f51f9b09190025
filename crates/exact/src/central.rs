//! Central moments of the weights up to the fourth: what tells how far a measured covariance may be off.
//!
//! With v = w − w*, eq. (1) is linear in the state z = (v, m), with coefficients that depend on the minibatch alone. So
//! the moments of one degree after a step are linear in those of the same degree and of lower ones before it (`step`),
//! with coefficients made of the moments of a minibatch's noise (`minibatch`); those of one degree solve a system with
//! the lower ones on the right, C(n + 3, 4) equations for the fourth of n components.

pub(crate) mod cone;
mod minibatch;
mod polynomial;
pub(crate) mod step;
mod time;

use std::collections::BTreeMap;

use itertools::Itertools;
use numbers::matrix;
use rug::Rational;
use symbols::Setting;

use crate::stationary::Equations;
use crate::{ExactError, linear};
use cone::solve_below;
use step::{StateMoments, Step};
pub use time::time_average_variance;

/// Central moments of the stationary w.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CentralMoments {
    /// By the weights in ascending order.
    moments: BTreeMap<Vec<usize>, Rational>,
}

impl CentralMoments {
    /// E\[vᵢvⱼ…\] of v = w − w* over one to four `weights` i, j, …, counted from 0; units (k, 0) for k of them.
    ///
    /// `None` where they are more than four or none, or where there is no such weight.
    pub fn of(&self, weights: &[usize]) -> Option<Rational> {
        let mut ascending = weights.to_vec();
        ascending.sort_unstable();
        self.moments.get(&ascending).cloned()
    }

    /// E\[vᵢ⁴\]/Σᵢᵢ² of one `weight` i, 3 for a Gaussian; `None` where it does not fluctuate.
    ///
    /// The variance measured from n independent draws has the variance (kurtosis − 1) Σᵢᵢ²/n.
    pub fn kurtosis(&self, weight: usize) -> Option<Rational> {
        let [second, fourth] = [self.of(&[weight; 2])?, self.of(&[weight; 4])?];
        (!second.is_zero()).then(|| fourth / &second / &second)
    }
}

/// The largest degree of [`CentralMoments`].
const DEGREE: u32 = 4;

/// The central moments of the weights, exactly.
///
/// Any Λ, Γ, input noise and momentum; Gaussian features with Gaussian label noise, or a data set, for either sampling.
/// Directions in which weights never move are those of [`stationary`](crate::stationary).
///
/// # Solvability
/// The moments of degree 4 converge from every start if and only if the map of them to the next ones has a spectral
/// radius below 1, which is decided in rational arithmetic, by a solution in a cone that the map keeps. Then those of
/// degree 3 converge, too, by Jensen's inequality.
///
/// # Errors
/// [`ExactError::SingularHessian`], [`ExactError::Unstable`], [`ExactError::HeavyTail`] where the covariance exists and
/// the fourth moments do not, and [`ExactError::OutOfRange`] for more than 16 components of (v, m).
///
/// # Example
/// One weight, x ~ N(0, 1), label noise of variance 1, λ = 1/4, S = 1:
/// E\[(1 − x²/4)⁴\] = 1 − 1 + 18/16 − 60/64 + 105/256 < 1.
/// ```
/// use rug::Rational;
/// use numbers::{Vector, matrix::scalar};
/// use symbols::{BatchSize, Gaussian, Population, Setting};
///
/// let q = |n, d| Rational::from((n, d));
/// let population = Population::Gaussian(Gaussian {
///     feature_covariance: scalar(q(1, 1)),
///     input_noise_covariance: scalar(q(0, 1)),
///     label_noise_variance: q(1, 1),
///     true_weights: Vector::from_element(1, q(0, 1)),
/// });
/// let setting = Setting::new(population, scalar(q(1, 4)), BatchSize::new(1)?)?;
/// let moments = exact::central_moments(&setting)?;
/// assert_eq!(moments.of(&[0, 0]).as_ref(), exact::stationary(&setting)?.fluctuation.get((0, 0)));
/// assert!(moments.kurtosis(0).is_some_and(|kurtosis| kurtosis > 3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn central_moments(setting: &Setting<Rational>) -> Result<CentralMoments, ExactError> {
    let D = setting.dimension();
    let weights = (1..=DEGREE as usize).flat_map(|k| (0..D).combinations_with_replacement(k));
    let Some((step, moments)) = of_state(setting)? else {
        return Ok(CentralMoments { moments: weights.map(|weights| (weights, Rational::new())).collect() });
    };
    let of = |weights: Vec<usize>| step.product(&weights)?.mean(&moments).map(|moment| (weights, moment));
    Ok(CentralMoments { moments: weights.filter_map(of).collect() })
}

/// The [`central_moments`]; `None` where there are none up to the fourth, whether or not there are second ones.
///
/// For whoever has to know whether a mean of squares has a standard error.
///
/// # Errors
/// Those of [`central_moments`] but [`ExactError::Unstable`] and [`ExactError::HeavyTail`].
pub fn central_moments_if_any(setting: &Setting<Rational>) -> Result<Option<CentralMoments>, ExactError> {
    match central_moments(setting) {
        Ok(found) => Ok(Some(found)),
        Err(ExactError::Unstable | ExactError::HeavyTail { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The moments of z up to the fourth degree, `None` where nothing moves.
fn of_state(setting: &Setting<Rational>) -> Result<Option<(Step, StateMoments)>, ExactError> {
    let Some(equations) = Equations::where_moving(setting)? else { return Ok(None) };
    let step = Step::new(setting, &equations.recursion, &equations.minimizer, DEGREE)?;
    let mut moments = StateMoments::from([(0, Rational::from(1))]);
    moments.extend(step.moments(1).into_iter().map(|component| (component, Rational::new())));
    for degree in 2..=DEGREE {
        let (map, constant) = step.map(degree, &moments);
        let solution = match degree {
            // Without convergence of degree 4 those of degree 3 may not be the only ones.
            3 => linear::solve(&(matrix::identity::<Rational>(map.nrows()) - map), &constant).ok(),
            _ => solve_below(&step, degree, &map, &Rational::from(1), &constant),
        };
        let untold = if degree == 2 { ExactError::Unstable } else { ExactError::HeavyTail { degree: DEGREE } };
        moments.extend(step.moments(degree).into_iter().zip(solution.ok_or(untold)?.iter().cloned()));
    }
    Ok(Some((step, moments)))
}
