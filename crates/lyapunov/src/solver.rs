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

type Map<'a> = Box<dyn Fn(&Matrix<f64>) -> Matrix<f64> + 'a>;

/// P as a function of C, factored once.
pub(crate) struct Solver<'a> {
    route: Route,
    step: &'a Step,
    equation: Equation<Map<'a>>,
}

impl<'a> Solver<'a> {
    pub(crate) fn new(route: Route, step: &'a Step) -> Result<Self, LyapunovError> {
        let (rows, map): (_, Map) = match route {
            Route::Augmented => (step.rows(), Box::new(|P| P - step.linear(P))),
            Route::Reduced => {
                (step.dimension(), Box::new(|Sigma| of_first_order(step, Sigma) - of_second_order(step, Sigma)))
            }
        };
        Ok(Solver { route, step, equation: Equation::new(rows, map)? })
    }

    /// P with P = Φ(P) + J C Jᵀ.
    pub(crate) fn solve(&self, C: &Matrix<f64>) -> Matrix<f64> {
        match self.route {
            Route::Augmented => self.equation.solve(&self.step.injected(C)),
            Route::Reduced => {
                let L = &self.step.learning_rate;
                joint(self.step, &self.equation.solve(&(L * C * L)))
            }
        }
    }
}
