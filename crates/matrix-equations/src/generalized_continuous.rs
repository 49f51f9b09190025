//! A X Eᵀ + E X Aᵀ + Q = 0: Lyapunov of a pencil A − λE in continuous time.

use symbols::Matrix;

use super::equation::{Equation, Kind, Residual};
use super::{Approximation, Solution, StandardError};

/// X, with a certificate.
///
/// ```text
/// A X Eᵀ + E X Aᵀ + Q = 0
/// ```
///
/// A, E and Q are n×n; Q and X are symmetric.
/// There is one X if λᵢ + λⱼ ≠ 0 for all eigenvalues λ of A − λE and E is invertible; if moreover all Re λ < 0, the coefficients are *stable*, X ⪰ 0 for Q ⪰ 0, and
/// its error is bounded by proof.
///
/// # Errors
/// Matrices that are empty, of different shapes, not finite or, for Q, not symmetric beyond rounding; [`StandardError::Singular`] or
/// [`StandardError::NearlySingular`] where doubles cannot tell the equation from one without a solution; [`StandardError::SingularCoefficient`];
/// [`StandardError::Overflow`] and [`StandardError::NoConvergence`] for entries too far apart for doubles.
///
/// # Example
/// ```
/// use lyapunov::standard::{Certificate, generalized_continuous};
/// use symbols::Matrix;
///
/// let A = Matrix::from_row_slice(2, 2, &[-1.0, 3.0, 0.0, -1.0]);
/// let E = Matrix::from_row_slice(2, 2, &[2.0, 0.0, 1.0, 2.0]);
/// let Q = Matrix::identity(2, 2);
/// let solution = generalized_continuous::solve(&A, &E, &Q)?;
/// assert!(matches!(solution.certificate, Certificate::Stable { error_bound } if error_bound < 1e-14));
/// assert!(generalized_continuous::residual(&A, &E, &solution.X, &Q)?.relative < 1e-15);
/// # Ok::<(), lyapunov::standard::StandardError>(())
/// ```
pub fn solve(A: &Matrix<f64>, E: &Matrix<f64>, Q: &Matrix<f64>) -> Result<Solution, StandardError> {
    approximate(A, E, Q)?.certify()
}

/// The first half of [`solve`]: all but the certificate.
///
/// # Errors
/// As of [`solve`].
pub fn approximate<'a>(
    A: &'a Matrix<f64>,
    E: &'a Matrix<f64>,
    Q: &Matrix<f64>,
) -> Result<Approximation<'a>, StandardError> {
    Approximation::new(Equation::new(Kind::Lyapunov, ("A", A), Some(E), Q)?)
}

/// What an X leaves of the equation, in twice the working precision.
///
/// ```text
/// R = A X Eᵀ + E X Aᵀ + Q,    relative = ‖R‖/(2‖A‖₂‖E‖₂‖X‖ + ‖Q‖)
/// ```
///
/// Frobenius norms, but for the 2-norms of A and E.
///
/// # Errors
/// Matrices that are empty, of different shapes, not finite or, for Q and X, not symmetric beyond rounding;
/// [`StandardError::Overflow`].
///
/// # Example
/// ```
/// use lyapunov::standard::generalized_continuous::residual;
/// use symbols::matrix::scalar;
///
/// // −1·3·2 − 2·3·1 + 4 = −8.
/// let R = residual(&scalar(-1.0), &scalar(2.0), &scalar(3.0), &scalar(4.0))?;
/// assert_eq!(R.matrix, scalar(-8.0));
/// # Ok::<(), lyapunov::standard::StandardError>(())
/// ```
pub fn residual(A: &Matrix<f64>, E: &Matrix<f64>, X: &Matrix<f64>, Q: &Matrix<f64>) -> Result<Residual, StandardError> {
    Equation::new(Kind::Lyapunov, ("A", A), Some(E), Q)?.checked_residual(X)
}
