//! A X + X Aᵀ + Q = 0: Lyapunov in continuous time.

use symbols::Matrix;

use super::equation::{Equation, Kind, Residual};
use super::{Approximation, Solution, StandardError};

/// X, with a certificate.
///
/// ```text
/// A X + X Aᵀ + Q = 0
/// ```
///
/// A and Q are n×n; Q and X are symmetric.
/// There is one X if λᵢ + λⱼ ≠ 0 for all eigenvalues λ of A; if moreover all Re λ < 0, the coefficients are *stable*, X ⪰ 0 for Q ⪰ 0, and
/// its error is bounded by proof.
///
/// # Errors
/// Matrices that are empty, of different shapes, not finite or, for Q, not symmetric beyond rounding; [`StandardError::Singular`] or
/// [`StandardError::NearlySingular`] where doubles cannot tell the equation from one without a solution;
/// [`StandardError::Overflow`] and [`StandardError::NoConvergence`] for entries too far apart for doubles.
///
/// # Example
/// ```
/// use lyapunov::standard::{Certificate, continuous};
/// use symbols::Matrix;
///
/// let A = Matrix::from_row_slice(2, 2, &[-1.0, 3.0, 0.0, -0.5]);
/// let Q = Matrix::identity(2, 2);
/// let solution = continuous::solve(&A, &Q)?;
/// assert!(matches!(solution.certificate, Certificate::Stable { error_bound } if error_bound < 1e-14));
/// assert!(continuous::residual(&A, &solution.X, &Q)?.relative < 1e-15);
/// # Ok::<(), lyapunov::standard::StandardError>(())
/// ```
pub fn solve(A: &Matrix<f64>, Q: &Matrix<f64>) -> Result<Solution, StandardError> {
    approximate(A, Q)?.certify()
}

/// The first half of [`solve`]: all but the certificate.
///
/// # Errors
/// As of [`solve`].
pub fn approximate<'a>(A: &'a Matrix<f64>, Q: &Matrix<f64>) -> Result<Approximation<'a>, StandardError> {
    Approximation::new(Equation::new(Kind::Lyapunov, ("A", A), None, Q)?)
}

/// What an X leaves of the equation, in twice the working precision.
///
/// ```text
/// R = A X + X Aᵀ + Q,    relative = ‖R‖/(2‖A‖₂‖X‖ + ‖Q‖)
/// ```
///
/// Frobenius norms, but for the 2-norm of A.
///
/// # Errors
/// Matrices that are empty, of different shapes, not finite or, for Q and X, not symmetric beyond rounding;
/// [`StandardError::Overflow`].
///
/// # Example
/// ```
/// use lyapunov::standard::continuous::residual;
/// use symbols::matrix::scalar;
///
/// // −1·3 − 3·1 + 4 = −2.
/// let R = residual(&scalar(-1.0), &scalar(3.0), &scalar(4.0))?;
/// assert_eq!(R.matrix, scalar(-2.0));
/// # Ok::<(), lyapunov::standard::StandardError>(())
/// ```
pub fn residual(A: &Matrix<f64>, X: &Matrix<f64>, Q: &Matrix<f64>) -> Result<Residual, StandardError> {
    Equation::new(Kind::Lyapunov, ("A", A), None, Q)?.checked_residual(X)
}
