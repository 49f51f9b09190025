//! M X Mᵀ − X + Q = 0: Stein, or Lyapunov in discrete time.

use faer::MatRef;

use crate::answer::Solution;
use crate::equation::{Equation, Kind, Residual};
use crate::error::EquationError;
use crate::solve::Approximation;

/// X, with a certificate.
///
/// ```text
/// M X Mᵀ − X + Q = 0
/// ```
///
/// M and Q are n×n; Q and X are symmetric. There is one X if λᵢλⱼ ≠ 1 for all eigenvalues λ of M. If moreover all
/// |λ| < 1, the coefficients are *stable*, X ⪰ 0 for Q ⪰ 0, and its error is bounded by proof.
///
/// # Errors
/// Matrices that are empty, of different shapes, not finite or, for Q, not symmetric beyond rounding;
/// [`EquationError::Singular`] or [`EquationError::NearlySingular`] where doubles cannot tell the equation from one
/// without a solution; [`EquationError::Overflow`] and [`EquationError::NoConvergence`] for entries too far apart for
/// doubles.
///
/// # Example
/// ```
/// use matrix_equations::{Certificate, discrete};
/// use faer::{Mat, mat};
///
/// let M = mat![[0.5, 3.0], [0.0, -0.5]];
/// let Q = Mat::identity(2, 2);
/// let solution = discrete::solve(M.as_ref(), Q.as_ref())?;
/// assert!(matches!(solution.certificate, Certificate::Stable { error_bound } if error_bound < 1e-14));
/// assert!(discrete::residual(M.as_ref(), solution.X.as_ref(), Q.as_ref())?.relative < 1e-15);
/// # Ok::<(), matrix_equations::EquationError>(())
/// ```
pub fn solve(M: MatRef<'_, f64>, Q: MatRef<'_, f64>) -> Result<Solution, EquationError> {
    approximate(M, Q)?.certify()
}

/// The first half of [`solve`]: all but the certificate.
///
/// # Errors
/// Those of [`solve`].
pub fn approximate(M: MatRef<'_, f64>, Q: MatRef<'_, f64>) -> Result<Approximation, EquationError> {
    Approximation::new(Equation::new(Kind::Stein, ("M", M), None, Q)?)
}

/// The residual that an X leaves, evaluated in twice the working precision.
///
/// ```text
/// R = M X Mᵀ − X + Q,    relative = ‖R‖/(‖M‖₂²‖X‖ + ‖X‖ + ‖Q‖)
/// ```
///
/// Norms are Frobenius norms, but for the 2-norm of M.
///
/// # Errors
/// Matrices that are empty, of different shapes, not finite or, for Q and X, not symmetric beyond rounding;
/// [`EquationError::Overflow`].
///
/// # Example
/// ```
/// use matrix_equations::discrete::residual;
/// use faer::mat;
///
/// // 3/4 − 3 + 4 = 7/4.
/// let R = residual(mat![[0.5]].as_ref(), mat![[3.0]].as_ref(), mat![[4.0]].as_ref())?;
/// assert_eq!(R.matrix, mat![[1.75]]);
/// # Ok::<(), matrix_equations::EquationError>(())
/// ```
pub fn residual(M: MatRef<'_, f64>, X: MatRef<'_, f64>, Q: MatRef<'_, f64>) -> Result<Residual, EquationError> {
    Equation::new(Kind::Stein, ("M", M), None, Q)?.checked_residual(X)
}
