//! Two ways to P = Φ(P) + J C Jᵀ.

use symbols::Matrix;

use crate::LyapunovError;
use crate::reduced::{joint, of_first_order, of_second_order};
use crate::step::Step;
use crate::symmetric::Equation;

/// A way to the stationary state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// The joint second moments of (w, Λm) at once: the definition.
    Augmented,
    /// Eq. (3) for Σ, and the rest from Σ: fewer unknowns.
    Reduced,
}

pub(crate) type Map<'a> = Box<dyn Fn(&Matrix<f64>) -> Matrix<f64> + 'a>;

/// P − Φ(P) = Q, for any Q.
pub(crate) fn augmented(step: &Step) -> Result<Equation<Map<'_>>, LyapunovError> {
    Equation::new(step.rows(), Box::new(|P| P - step.linear(P)))
}

/// T₁(Σ) − T₂(Σ) = Q, for the Q that eq. (3) can have.
fn reduced(step: &Step) -> Result<Equation<Map<'_>>, LyapunovError> {
    Equation::new(step.dimension(), Box::new(|Sigma| of_first_order(step, Sigma) - of_second_order(step, Sigma)))
}

impl Route {
    /// P with P = Φ(P) + J C Jᵀ.
    pub(crate) fn solve(self, step: &Step, C: &Matrix<f64>) -> Result<Matrix<f64>, LyapunovError> {
        let L = &step.learning_rate;
        match self {
            Route::Augmented => Ok(augmented(step)?.solve(&step.injected(C))),
            Route::Reduced => Ok(joint(step, &reduced(step)?.solve(&(L * C * L)))),
        }
    }
}
