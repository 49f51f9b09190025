//! Corrections of Σ: the equation for what a residual leaves, in doubles.

use numbers::Matrix;

use crate::approximation::{Approximation, units};
use crate::conjugate::{Goal, Operator};
use crate::decomposition::congruence;
use crate::dense;
use crate::modes::Modes;
use crate::step::Step;

/// The relative residual of a correction.
const CORRECTION: f64 = 1e-11;

/// Solves for what is left.
pub(crate) enum Corrector<'a> {
    Modes { modes: &'a Modes, operator: Operator<'a>, dual: Matrix<f64> },
    Dense { equation: dense::Equation<'a>, step: &'a Step<'a, f64> },
}

impl<'a> Corrector<'a> {
    pub(crate) fn new(approximation: &'a Approximation) -> Option<Self> {
        let step = &approximation.step;
        Some(match &approximation.modes {
            Some(modes) => Corrector::Modes { modes, operator: approximation.operator(modes), dual: modes.dual() },
            None => Corrector::Dense { equation: dense::Equation::new(step).ok()?, step },
        })
    }

    /// The E whose joint moments leave R in P_pp: eq. (3) with R for ΛCΛ.
    pub(crate) fn correction(&self, R: &Matrix<f64>) -> Option<Matrix<f64>> {
        match self {
            Corrector::Modes { modes, operator, dual } => {
                let Q = congruence(dual, R);
                let goal = units(&modes.second_moment);
                let found = operator.solve(&Q, &Goal::relative(&goal, CORRECTION, &Q), &mut ()).ok()?;
                Some(modes.outward(&found.X))
            }
            Corrector::Dense { equation, step } => Some(step.fluctuation(&equation.solve(&step.kicked(R.clone())))),
        }
    }
}
