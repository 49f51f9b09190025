//! Stable, unstable or undecided: one answer to that question for all who ask it.

use crate::edge::Stability;
use crate::error::LyapunovError;
use crate::problem::Problem;
use crate::stability::stability;
use crate::stationary::solve;

/// Whether the second moments of a problem converge, by a proof or not at all.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Verdict {
    /// They do: radius and margin are on the stable side of 1, and `gap` is a proven lower bound on 1 less the radius.
    Stable {
        /// What doubles found, moved to the stable side of 1.
        stability: Stability,
        /// A proven lower bound on 1 less the spectral radius.
        gap: f64,
    },
    /// They do not, which is proven, too: what doubles found, moved to the unstable side of 1.
    Unstable(Stability),
    /// Neither is proven: what doubles found, which may lie on either side of 1.
    Undecided(Stability),
}

impl Verdict {
    /// `None` where it is undecided.
    #[must_use]
    pub fn is_stable(&self) -> Option<bool> {
        match self {
            Verdict::Stable { .. } => Some(true),
            Verdict::Unstable(_) => Some(false),
            Verdict::Undecided(_) => None,
        }
    }

    /// Spectral radius and stability margin, on the side of 1 that is proven.
    #[must_use]
    pub fn stability(&self) -> Stability {
        match *self {
            Verdict::Stable { stability, .. } | Verdict::Unstable(stability) | Verdict::Undecided(stability) => {
                stability
            }
        }
    }
}

/// The verdict on a problem: a certificate of its stationary state proves that it is stable, a growing second moment
/// that it is not.
///
/// # Errors
/// Those of [`stability`], for a problem of which not even doubles say anything.
///
/// # Example
/// One weight, x ~ N(0, 1), S = 1: the spectral radius is 1 − 2λ + 3λ², stable for λ < 2/3.
/// ```
/// use lyapunov::{Problem, Verdict, decide};
/// use numbers::matrix::{Vector, scalar};
/// use symbols::{BatchSize, Gaussian, Population, Setting};
///
/// let population = Population::Gaussian(Gaussian {
///     feature_covariance: scalar(1.0),
///     input_noise_covariance: scalar(0.0),
///     label_noise_variance: 1.0,
///     true_weights: Vector::zeros(1),
/// });
/// for (learning_rate, is_stable) in [(0.5, Some(true)), (2.0 / 3.0, None), (1.0, Some(false))] {
///     let setting = Setting::new(population.clone(), scalar(learning_rate), BatchSize::new(1)?)?;
///     assert_eq!(decide(&Problem::nearest(&setting))?.is_stable(), is_stable);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn decide(problem: &Problem) -> Result<Verdict, LyapunovError> {
    Ok(match solve(problem, &mut ()) {
        Ok(solution) => Verdict::Stable { stability: solution.stability, gap: solution.gap },
        Err(LyapunovError::Unstable(stability)) => Verdict::Unstable(stability),
        // Nothing may be stationary for other reasons than stability, and doubles have a radius all the same.
        Err(_) => Verdict::Undecided(stability(problem.setting())?),
    })
}
