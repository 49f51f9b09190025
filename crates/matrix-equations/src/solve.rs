//! From an equation to an answer with a certificate.
//!
//! ```text
//! Equation in units ──> Inverse (eigenvectors, Smith or Schur) ──> Approximation
//!     ──> Residual, Stability or separation ──> Solution
//! ```

use faer::Mat;

use crate::answer::{Route, Solution};
use crate::certificate::{Certificate, Stability};
use crate::equation::{Equation, Kind, Residual};
use crate::error::EquationError;
use crate::matrix::frobenius;
use crate::rational;
use crate::reduced::Reduced;
use crate::rounding::{SAFETY, UNIT};
use crate::scale::Scale;
use crate::schur::Schur;
use crate::smith::Smith;
use crate::spectral::{self, Spectral};

/// Corrections of an answer by its residual.
const CORRECTIONS: usize = 3;

/// A correction of no more than rounding is made where it gains two digits of the bound.
const WORTHWHILE: f64 = 0.01;

/// An X of which nothing is known yet: [`certify`](Approximation::certify) makes a [`Solution`] of it.
#[must_use]
#[derive(Debug)]
pub struct Approximation {
    equation: Equation,
    found: Found,
}

#[derive(Debug)]
enum Found {
    /// In units of its own.
    Approximately {
        equation: Equation,
        scale: Scale,
        inverse: Box<Inverse>,
        X: Mat<f64>,
    },
    Exactly(Solution),
}

/// An approximate inverse of D.
#[derive(Debug)]
enum Inverse {
    Spectral(Spectral),
    Smith { smith: Smith, reduced: Reduced },
    Schur(Schur),
}

impl Inverse {
    fn new(equation: &Equation) -> Result<Self, EquationError> {
        if spectral::applies(equation) {
            return Ok(Inverse::Spectral(Spectral::new(equation)?));
        }
        let stable = Reduced::balanced(equation).and_then(|reduced| {
            let smith = Smith::new(&reduced.C)?;
            Some(Inverse::Smith { smith, reduced })
        });
        stable.map_or_else(|| Inverse::schur(equation), Ok)
    }

    fn schur(equation: &Equation) -> Result<Self, EquationError> {
        Ok(Inverse::Schur(Schur::new(Reduced::safe(equation)?)?))
    }

    /// X with D(X) = Q, about.
    fn solve(&self, Q: &Mat<f64>) -> Mat<f64> {
        match self {
            Inverse::Spectral(spectral) => spectral.solve(Q),
            Inverse::Smith { smith, reduced } => smith.solve(reduced.right(Q)),
            Inverse::Schur(schur) => schur.solve(Q),
        }
    }

    /// D(Y) ≻ 0 for X itself, or else for a Y that is found for the purpose.
    fn prove(&self, equation: &Equation, X: &Mat<f64>, residual: &Residual) -> Option<Stability> {
        let identity = Mat::identity(equation.order(), equation.order());
        Stability::by_answer(equation, X, residual)
            .or_else(|| Stability::new(equation, &self.solve_roughly(&identity)))
            .or_else(|| Stability::new(equation, &self.solve(&identity)))
    }

    /// X with D(X) near enough to Q for a proof: for Q = I, a positive D(X) is near enough.
    fn solve_roughly(&self, Q: &Mat<f64>) -> Mat<f64> {
        match self {
            Inverse::Smith { smith, reduced } => smith.solve_roughly(reduced.right(Q)),
            _ => self.solve(Q),
        }
    }

    fn route(&self) -> Route {
        match self {
            Inverse::Spectral(_) => Route::Eigenvectors,
            Inverse::Smith { .. } => Route::Smith,
            Inverse::Schur(_) => Route::Schur,
        }
    }
}

impl Approximation {
    pub(crate) fn new(equation: Equation) -> Result<Self, EquationError> {
        let (in_units, scale) = equation.scaled();
        let found = match Inverse::new(&in_units) {
            Ok(inverse) => {
                let X = inverse.solve(&in_units.Q);
                Found::Approximately { equation: in_units, scale, inverse: Box::new(inverse), X }
            }
            Err(error) => Found::Exactly(over_rationals(&equation, scale.error(error))?),
        };
        Ok(Approximation { equation, found })
    }

    /// X, on the caller's own responsibility.
    #[must_use]
    pub fn into_uncertified(self) -> Mat<f64> {
        match self.found {
            Found::Approximately { X, scale, .. } => scale.answer(&X),
            Found::Exactly(Solution { X, .. }) => X,
        }
    }

    /// X with its certificate, and corrected where its residual is larger than it has to be.
    ///
    /// # Errors
    /// [`EquationError::Singular`] or [`EquationError::NearlySingular`] where the equation has no solution in doubles;
    /// [`EquationError::Overflow`], [`EquationError::NoConvergence`].
    pub fn certify(self) -> Result<Solution, EquationError> {
        let Approximation { equation: original, found } = self;
        match found {
            Found::Exactly(solution) => Ok(solution),
            Found::Approximately { equation, scale, inverse, X } => match certified(&equation, *inverse, X) {
                // Where stability is proven, E is not singular.
                Ok(Solution { certificate: Certificate::Estimated { .. }, .. }) if has_singular_E(&original) => {
                    Err(SINGULAR_E)
                }
                Ok(solution) => scale.solution(&equation, solution),
                Err(error) => Err(scale.error(error)),
            }
            .or_else(|error| over_rationals(&original, error)),
        }
    }
}

const SINGULAR_E: EquationError = EquationError::SingularCoefficient { name: "E" };

/// Whether E v = 0 for a v, so that D(vvᵀ) = 0; known over ℚ.
fn has_singular_E(equation: &Equation) -> bool {
    equation.kind == Kind::Lyapunov && equation.E.as_ref().is_some_and(rational::is_singular)
}

/// The solution over ℚ of what doubles did not solve, or why there is none.
fn over_rationals(equation: &Equation, error: EquationError) -> Result<Solution, EquationError> {
    if has_singular_E(equation) {
        return Err(SINGULAR_E);
    }
    rational::solve(equation).unwrap_or(Err(match error {
        EquationError::Singular { value, .. } if equation.E.is_some() && !value.is_finite() => SINGULAR_E,
        // The E of units of a Stein equation without one.
        EquationError::SingularCoefficient { .. } if equation.E.is_none() => {
            EquationError::Overflow { quantity: "a power of the coefficient" }
        }
        error => error,
    }))
}

/// X with its certificate.
fn certified(equation: &Equation, inverse: Inverse, X: Mat<f64>) -> Result<Solution, EquationError> {
    let stable = match &inverse {
        Inverse::Spectral(spectral) => spectral.is_stable(),
        Inverse::Smith { .. } => true,
        Inverse::Schur(_) => false,
    };
    let (X, residual) = corrected(equation, &inverse, X);
    let route = inverse.route();
    let proof = if stable { inverse.prove(equation, &X, &residual) } else { None };
    if let Some(proof) = proof {
        let (X, residual, error_bound) = sharpened(equation, &inverse, &proof, X, residual);
        if error_bound.is_finite() {
            return Ok(Solution { X, certificate: Certificate::Stable { error_bound }, residual, route });
        }
        return Err(EquationError::Overflow { quantity: "X" });
    }
    match inverse {
        Inverse::Spectral(spectral) => estimated(equation, spectral.separation, X, residual, route),
        Inverse::Schur(schur) => estimated(equation, schur.separation(), X, residual, route),
        // Without a proof the equation is solved again, by the route that does not depend on stability.
        Inverse::Smith { .. } => {
            let inverse = Inverse::schur(equation)?;
            let X = inverse.solve(&equation.Q);
            certified(equation, inverse, X)
        }
    }
}

fn estimated(
    equation: &Equation,
    separation: f64,
    X: Mat<f64>,
    residual: Residual,
    route: Route,
) -> Result<Solution, EquationError> {
    let bound = 8.0 * equation.order() as f64 * UNIT * equation.norm();
    if separation <= bound {
        return Err(EquationError::NearlySingular { separation, bound });
    }
    let error_estimate = residual.norm_bound() / separation;
    if !error_estimate.is_finite() {
        return Err(EquationError::Overflow { quantity: "X" });
    }
    Ok(Solution { X, certificate: Certificate::Estimated { separation, error_estimate }, residual, route })
}

/// X with D⁻¹(R) added, while that halves R and R is above rounding.
fn corrected(equation: &Equation, inverse: &Inverse, mut X: Mat<f64>) -> (Mat<f64>, Residual) {
    let target = attainable(equation.order());
    let mut residual = equation.residual(&X);
    for _ in 0..CORRECTIONS {
        if residual.relative <= target {
            break;
        }
        let next = &X + inverse.solve(&residual.matrix);
        let rest = equation.residual(&next);
        // NaN is no progress either.
        if rest.norm_bound() < 0.5 * residual.norm_bound() {
            (X, residual) = (next, rest);
        } else {
            break;
        }
    }
    (X, residual)
}

/// A relative residual that rounding leaves of a correct answer.
fn attainable(order: usize) -> f64 {
    8.0 * UNIT * (order as f64).sqrt()
}

/// X with its error bound; where the residual is known to two digits, X with that corrected too.
///
/// With Δ ≈ D⁻¹(R) the error of X̃ + Δ is one of the residual R − D(Δ), except for the rounding of the sum: near the
/// last place of X instead of the worst that a matrix of the size of R could do.
fn sharpened(
    equation: &Equation,
    inverse: &Inverse,
    proof: &Stability,
    X: Mat<f64>,
    residual: Residual,
) -> (Mat<f64>, Residual, f64) {
    let bound = proof.error_bound(&residual.matrix, residual.rounding);
    if residual.rounding > WORTHWHILE * residual.norm_bound() {
        return (X, residual, bound);
    }
    let correction = inverse.solve(&residual.matrix);
    let (rest, rounding) = equation.rest(&correction, &residual.matrix);
    let next = &X + correction;
    let sharper = (proof.error_bound(&rest, rounding + residual.rounding) + UNIT * frobenius(next.as_ref())) * SAFETY;
    if sharper < bound {
        let residual = equation.residual(&next);
        (next, residual, sharper)
    } else {
        (X, residual, bound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::examples::diagonal;

    /// An inverse that is off by about a part in a thousand gains three digits each time, three times.
    #[test]
    fn corrections_gain_what_the_inverse_knows() {
        let (M, nearly, far) = (diagonal(&[0.5, 0.25]), diagonal(&[0.5 + 1e-3, 0.25]), diagonal(&[2.0, 2.0]));
        let of =
            |M: &Mat<f64>| Equation::new(Kind::Stein, ("M", M.as_ref()), None, Mat::identity(2, 2).as_ref()).unwrap();
        let equation = of(&M);
        let inverse = Inverse::Spectral(Spectral::new(&of(&nearly)).unwrap());
        let start = inverse.solve(&equation.Q);
        let (first, (X, last)) = (equation.residual(&start).relative, corrected(&equation, &inverse, start));
        // 1 − D D̃⁻¹ in the first direction.
        let factor = 1.0 - 0.75 / (1.0 - (0.5_f64 + 1e-3).powi(2));
        assert!((last.relative / (first * factor.powi(3).abs()) - 1.0).abs() < 1e-2, "{:e}", last.relative);
        assert!((X - diagonal(&[4.0 / 3.0, 16.0 / 15.0])).norm_l2() < 1e-10);
        // One that knows nothing is not asked again.
        let wrong = Inverse::Spectral(Spectral::new(&of(&far)).unwrap());
        let start = Mat::identity(2, 2);
        let (X, residual) = corrected(&equation, &wrong, start.clone());
        assert_eq!((X, residual), (start.clone(), equation.residual(&start)));
    }

    /// ‖R‖/separation; a separation of 8 n u ‖D‖ = 8 ε · 2 ‖A‖₂ is none.
    #[test]
    fn an_estimate_is_the_residual_over_the_separation() {
        let A = diagonal(&[1.0, -3.0]);
        let equation = Equation::new(Kind::Lyapunov, ("A", A.as_ref()), None, Mat::identity(2, 2).as_ref()).unwrap();
        let X = diagonal(&[0.0, 1.0]);
        let of = |separation: f64| estimated(&equation, separation, X.clone(), equation.residual(&X), Route::Schur);
        let Certificate::Estimated { separation, error_estimate } = of(0.5).unwrap().certificate else { panic!() };
        assert_eq!(separation, 0.5);
        // I + 2AX = diag(1, −5).
        assert!((error_estimate / (26.0_f64.sqrt() / 0.5) - 1.0).abs() < 1e-4, "{error_estimate}");
        let limit = 8.0 * f64::EPSILON * 6.0;
        assert!(of(limit * 1.01).is_ok());
        let Err(EquationError::NearlySingular { separation, bound }) = of(limit * 0.99) else { panic!() };
        assert!(separation == limit * 0.99 && (bound / limit - 1.0).abs() < 1e-9);
        assert!(matches!(of(0.0), Err(EquationError::NearlySingular { separation: 0.0, .. })));
    }

    /// Where the rounding of R is most of it, R says nothing about X; where it is none, the bound is that of what the
    /// correction leaves, and of the last place of X.
    #[test]
    fn a_bound_is_sharpened_where_the_residual_is_known() {
        let M = diagonal(&[0.5, 0.25]);
        let equation = Equation::new(Kind::Stein, ("M", M.as_ref()), None, Mat::identity(2, 2).as_ref()).unwrap();
        let inverse = Inverse::Spectral(Spectral::new(&equation).unwrap());
        let proof = Stability::new(&equation, &inverse.solve(&equation.Q)).unwrap();
        let X = diagonal(&[4.0 / 3.0, 1.0]);
        let residual = equation.residual(&X);
        let (next, _, bound) = sharpened(&equation, &inverse, &proof, X.clone(), residual.clone());
        let expected = diagonal(&[4.0 / 3.0, 16.0 / 15.0]);
        assert!(
            (&next - &expected).norm_l2() <= bound && (bound / (UNIT * expected.norm_l2()) - 1.0).abs() < 0.1,
            "{bound:e}"
        );
        let vague = Residual { rounding: 0.011 * residual.norm_bound(), ..residual };
        let expected = proof.error_bound(&vague.matrix, vague.rounding);
        let (same, kept, bound) = sharpened(&equation, &inverse, &proof, X.clone(), vague.clone());
        assert_eq!((same, kept, bound), (X, vague, expected));
    }
}
