//! A X + X Aᵀ + Q = 0: Lyapunov in continuous time.

use faer::MatRef;

use crate::answer::Solution;
use crate::equation::{Equation, Kind, Residual};
use crate::error::EquationError;
use crate::solve::Approximation;

/// X, with a certificate.
///
/// ```text
/// A X + X Aᵀ + Q = 0
/// ```
///
/// A and Q are n×n; Q and X are symmetric. There is one X if λᵢ + λⱼ ≠ 0 for all eigenvalues λ of A. If moreover all
/// Re λ < 0, the coefficients are *stable*, X ⪰ 0 for Q ⪰ 0, and its error is bounded by proof.
///
/// # Errors
/// Matrices that are empty, of different shapes, not finite or, for Q, not symmetric beyond rounding;
/// [`EquationError::Singular`] or [`EquationError::NearlySingular`] where doubles cannot tell the equation from one
/// without a solution; [`EquationError::Overflow`] and [`EquationError::NoConvergence`] for entries too far apart for
/// doubles.
///
/// # Example
/// ```
/// use matrix_equations::{Certificate, continuous};
/// use faer::{Mat, mat};
///
/// let A = mat![[-1.0, 3.0], [0.0, -0.5]];
/// let Q = Mat::identity(2, 2);
/// let solution = continuous::solve(A.as_ref(), Q.as_ref())?;
/// assert!(matches!(solution.certificate, Certificate::Stable { error_bound } if error_bound < 1e-14));
/// assert!(continuous::residual(A.as_ref(), solution.X.as_ref(), Q.as_ref())?.relative < 1e-15);
/// # Ok::<(), matrix_equations::EquationError>(())
/// ```
pub fn solve(A: MatRef<'_, f64>, Q: MatRef<'_, f64>) -> Result<Solution, EquationError> {
    approximate(A, Q)?.certify()
}

/// The first half of [`solve`]: all but the certificate.
///
/// # Errors
/// Those of [`solve`].
pub fn approximate(A: MatRef<'_, f64>, Q: MatRef<'_, f64>) -> Result<Approximation, EquationError> {
    Approximation::new(Equation::new(Kind::Lyapunov, ("A", A), None, Q)?)
}

/// The residual that an X leaves, evaluated in twice the working precision.
///
/// ```text
/// R = A X + X Aᵀ + Q,    relative = ‖R‖/(2‖A‖₂‖X‖ + ‖Q‖)
/// ```
///
/// Norms are Frobenius norms, but for the 2-norm of A.
///
/// # Errors
/// Matrices that are empty, of different shapes, not finite or, for Q and X, not symmetric beyond rounding;
/// [`EquationError::Overflow`].
///
/// # Example
/// ```
/// use matrix_equations::continuous::residual;
/// use faer::mat;
///
/// // −1·3 − 3·1 + 4 = −2.
/// let R = residual(mat![[-1.0]].as_ref(), mat![[3.0]].as_ref(), mat![[4.0]].as_ref())?;
/// assert_eq!(R.matrix, mat![[-2.0]]);
/// # Ok::<(), matrix_equations::EquationError>(())
/// ```
pub fn residual(A: MatRef<'_, f64>, X: MatRef<'_, f64>, Q: MatRef<'_, f64>) -> Result<Residual, EquationError> {
    Equation::new(Kind::Lyapunov, ("A", A), None, Q)?.checked_residual(X)
}
