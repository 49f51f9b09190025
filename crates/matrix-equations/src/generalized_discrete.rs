//! A X Aᵀ − E X Eᵀ + Q = 0: Stein of a pencil A − λE.

use symbols::Matrix;

use super::equation::{Equation, Kind, Residual};
use super::{Approximation, Solution, StandardError};

/// X, with a certificate.
///
/// ```text
/// A X Aᵀ − E X Eᵀ + Q = 0
/// ```
///
/// A, E and Q are n×n; Q and X are symmetric.
/// There is one X if λᵢλⱼ ≠ 1 for all eigenvalues λ of A − λE; if moreover all |λ| < 1, the coefficients are *stable*, X ⪰ 0 for Q ⪰ 0, and
/// its error is bounded by proof.
///
/// # Errors
/// Matrices that are empty, of different shapes, not finite or, for Q, not symmetric beyond rounding; [`StandardError::Singular`] or
/// [`StandardError::NearlySingular`] where doubles cannot tell the equation from one without a solution; [`StandardError::SingularCoefficient`];
/// [`StandardError::Overflow`] and [`StandardError::NoConvergence`] for entries too far apart for doubles.
///
/// # Example
/// ```
/// use lyapunov::standard::{Certificate, generalized_discrete};
/// use symbols::Matrix;
///
/// let A = Matrix::from_row_slice(2, 2, &[0.5, 3.0, 0.0, -0.5]);
/// let E = Matrix::from_row_slice(2, 2, &[2.0, 0.0, 1.0, 2.0]);
/// let Q = Matrix::identity(2, 2);
/// let solution = generalized_discrete::solve(&A, &E, &Q)?;
/// assert!(matches!(solution.certificate, Certificate::Stable { error_bound } if error_bound < 1e-14));
/// assert!(generalized_discrete::residual(&A, &E, &solution.X, &Q)?.relative < 1e-15);
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
    Approximation::new(Equation::new(Kind::Stein, ("A", A), Some(E), Q)?)
}

/// What an X leaves of the equation, in twice the working precision.
///
/// ```text
/// R = A X Aᵀ − E X Eᵀ + Q,    relative = ‖R‖/(‖A‖₂²‖X‖ + ‖E‖₂²‖X‖ + ‖Q‖)
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
/// use lyapunov::standard::generalized_discrete::residual;
/// use symbols::matrix::scalar;
///
/// // 3/4 − 2·3·2 + 4 = −29/4.
/// let R = residual(&scalar(0.5), &scalar(2.0), &scalar(3.0), &scalar(4.0))?;
/// assert_eq!(R.matrix, scalar(-7.25));
/// # Ok::<(), lyapunov::standard::StandardError>(())
/// ```
pub fn residual(A: &Matrix<f64>, E: &Matrix<f64>, X: &Matrix<f64>, Q: &Matrix<f64>) -> Result<Residual, StandardError> {
    Equation::new(Kind::Stein, ("A", A), Some(E), Q)?.checked_residual(X)
}
