//! M X Mᵀ − X + Q = 0: Stein, or Lyapunov in discrete time.

use symbols::Matrix;

use super::equation::{Equation, Kind, Residual};
use super::{Approximation, Solution, StandardError};

/// X, with a certificate.
///
/// ```text
/// M X Mᵀ − X + Q = 0
/// ```
///
/// M and Q are n×n; Q and X are symmetric.
/// There is one X if λᵢλⱼ ≠ 1 for all eigenvalues λ of M; if moreover all |λ| < 1, the coefficients are *stable*, X ⪰ 0 for Q ⪰ 0, and
/// its error is bounded by proof.
///
/// # Errors
/// Matrices that are empty, of different shapes, not finite or, for Q, not symmetric beyond rounding; [`StandardError::Singular`] or
/// [`StandardError::NearlySingular`] where doubles cannot tell the equation from one without a solution;
/// [`StandardError::Overflow`] and [`StandardError::NoConvergence`] for entries too far apart for doubles.
///
/// # Example
/// ```
/// use lyapunov::standard::{Certificate, discrete};
/// use symbols::Matrix;
///
/// let M = Matrix::from_row_slice(2, 2, &[0.5, 3.0, 0.0, -0.5]);
/// let Q = Matrix::identity(2, 2);
/// let solution = discrete::solve(&M, &Q)?;
/// assert!(matches!(solution.certificate, Certificate::Stable { error_bound } if error_bound < 1e-14));
/// assert!(discrete::residual(&M, &solution.X, &Q)?.relative < 1e-15);
/// # Ok::<(), lyapunov::standard::StandardError>(())
/// ```
pub fn solve(M: &Matrix<f64>, Q: &Matrix<f64>) -> Result<Solution, StandardError> {
    approximate(M, Q)?.certify()
}

/// The first half of [`solve`]: all but the certificate.
///
/// # Errors
/// As of [`solve`].
pub fn approximate<'a>(M: &'a Matrix<f64>, Q: &Matrix<f64>) -> Result<Approximation<'a>, StandardError> {
    Approximation::new(Equation::new(Kind::Stein, ("M", M), None, Q)?)
}

/// What an X leaves of the equation, in twice the working precision.
///
/// ```text
/// R = M X Mᵀ − X + Q,    relative = ‖R‖/(‖M‖₂²‖X‖ + ‖X‖ + ‖Q‖)
/// ```
///
/// Frobenius norms, but for the 2-norm of M.
///
/// # Errors
/// Matrices that are empty, of different shapes, not finite or, for Q and X, not symmetric beyond rounding;
/// [`StandardError::Overflow`].
///
/// # Example
/// ```
/// use lyapunov::standard::discrete::residual;
/// use symbols::matrix::scalar;
///
/// // 3/4 − 3 + 4 = 7/4.
/// let R = residual(&scalar(0.5), &scalar(3.0), &scalar(4.0))?;
/// assert_eq!(R.matrix, scalar(1.75));
/// # Ok::<(), lyapunov::standard::StandardError>(())
/// ```
pub fn residual(M: &Matrix<f64>, X: &Matrix<f64>, Q: &Matrix<f64>) -> Result<Residual, StandardError> {
    Equation::new(Kind::Stein, ("M", M), None, Q)?.checked_residual(X)
}
