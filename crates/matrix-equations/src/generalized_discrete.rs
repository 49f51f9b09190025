//! A X Aᵀ − E X Eᵀ + Q = 0: Stein of a pencil A − λE.

use faer::MatRef;

use crate::answer::Solution;
use crate::equation::{Equation, Kind, Residual};
use crate::error::EquationError;
use crate::solve::Approximation;

/// X, with a certificate.
///
/// ```text
/// A X Aᵀ − E X Eᵀ + Q = 0
/// ```
///
/// A, E and Q are n×n; Q and X are symmetric. There is one X if λᵢλⱼ ≠ 1 for all eigenvalues λ of A − λE. If moreover
/// all |λ| < 1, the coefficients are *stable*, X ⪰ 0 for Q ⪰ 0, and its error is bounded by proof.
///
/// # Errors
/// Matrices that are empty, of different shapes, not finite or, for Q, not symmetric beyond rounding;
/// [`EquationError::Singular`] or [`EquationError::NearlySingular`] where doubles cannot tell the equation from one
/// without a solution; [`EquationError::SingularCoefficient`]; [`EquationError::Overflow`] and
/// [`EquationError::NoConvergence`] for entries too far apart for doubles.
///
/// # Example
/// ```
/// use matrix_equations::{Certificate, generalized_discrete};
/// use faer::{Mat, mat};
///
/// let A = mat![[0.5, 3.0], [0.0, -0.5]];
/// let E = mat![[2.0, 0.0], [1.0, 2.0]];
/// let Q = Mat::identity(2, 2);
/// let solution = generalized_discrete::solve(A.as_ref(), E.as_ref(), Q.as_ref())?;
/// assert!(matches!(solution.certificate, Certificate::Stable { error_bound } if error_bound < 1e-14));
/// assert!(generalized_discrete::residual(A.as_ref(), E.as_ref(), solution.X.as_ref(), Q.as_ref())?.relative < 1e-15);
/// # Ok::<(), matrix_equations::EquationError>(())
/// ```
pub fn solve(A: MatRef<'_, f64>, E: MatRef<'_, f64>, Q: MatRef<'_, f64>) -> Result<Solution, EquationError> {
    approximate(A, E, Q)?.certify()
}

/// The first half of [`solve`]: all but the certificate.
///
/// # Errors
/// Those of [`solve`].
pub fn approximate(A: MatRef<'_, f64>, E: MatRef<'_, f64>, Q: MatRef<'_, f64>) -> Result<Approximation, EquationError> {
    Approximation::new(Equation::new(Kind::Stein, ("A", A), Some(E), Q)?)
}

/// The residual that an X leaves, evaluated in twice the working precision.
///
/// ```text
/// R = A X Aᵀ − E X Eᵀ + Q,    relative = ‖R‖/(‖A‖₂²‖X‖ + ‖E‖₂²‖X‖ + ‖Q‖)
/// ```
///
/// Norms are Frobenius norms, but for the 2-norms of A and E.
///
/// # Errors
/// Matrices that are empty, of different shapes, not finite or, for Q and X, not symmetric beyond rounding;
/// [`EquationError::Overflow`].
///
/// # Example
/// ```
/// use matrix_equations::generalized_discrete::residual;
/// use faer::mat;
///
/// // 3/4 − 2·3·2 + 4 = −29/4.
/// let R = residual(mat![[0.5]].as_ref(), mat![[2.0]].as_ref(), mat![[3.0]].as_ref(), mat![[4.0]].as_ref())?;
/// assert_eq!(R.matrix, mat![[-7.25]]);
/// # Ok::<(), matrix_equations::EquationError>(())
/// ```
pub fn residual(
    A: MatRef<'_, f64>,
    E: MatRef<'_, f64>,
    X: MatRef<'_, f64>,
    Q: MatRef<'_, f64>,
) -> Result<Residual, EquationError> {
    Equation::new(Kind::Stein, ("A", A), Some(E), Q)?.checked_residual(X)
}
