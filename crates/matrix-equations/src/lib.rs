//! Lyapunov and Stein equations in dense matrices, with a certificate for every answer.
//!
//! It is for anyone who needs a stationary covariance, a Gramian or a proof of stability, and wants to know how far the
//! answer can be off. Matrices are those of [`faer`], which is exported again.
//!
//! | module | equation | solvable iff, for all eigenvalues λᵢ, λⱼ |
//! |---|---|---|
//! | [`continuous`] | A X + X Aᵀ + Q = 0 | λᵢ + λⱼ ≠ 0 |
//! | [`discrete`] | M X Mᵀ − X + Q = 0 | λᵢλⱼ ≠ 1 |
//! | [`generalized_continuous`] | A X Eᵀ + E X Aᵀ + Q = 0 | λᵢ + λⱼ ≠ 0, E invertible |
//! | [`generalized_discrete`] | A X Aᵀ − E X Eᵀ + Q = 0 | λᵢλⱼ ≠ 1 |
//!
//! The transpose stands on the right factor, so that X is a covariance: z′ = M z + noise of covariance Q has cov(z) =
//! X. Each module has the same verbs: `solve`; `approximate`, which leaves the certificate to
//! [`Approximation::certify`]; `residual`. Q is symmetric and need not be definite, and so is X.
//!
//! # Certificates
//! A fast route cannot be silently wrong, as no route is trusted. For stable coefficients a matrix inequality, checked
//! with all of its rounding, proves that they are stable and bounds the error of X: [`Certificate::Stable`]. For others
//! the separation of the equation is estimated, which is no proof: [`Certificate::Estimated`]. Where doubles cannot
//! tell an equation from one without a solution, that is an error with the eigenvalues in question.
//!
//! # Routes
//! Symmetric coefficients are solved by eigenvectors. Others are tried as stable ones: by the squared Smith iteration,
//! which consists of products, in continuous time after Cayley's transformation with a p that balances the extreme
//! eigenvalues. If its powers do not decay, or nothing can be proven, a Schur form solves what is solvable. Seconds at
//! order 1000, on one thread of a machine with AVX-512, for a spectral radius of 0.95 and an abscissa of −0.05 (`cargo
//! bench` measures the first two lines):
//!
//! | | discrete | continuous |
//! |---|---|---|
//! | Smith | 0.41 | 0.39 |
//! | its certificate, Q ≻ 0 | 0.21 | 0.17 |
//! | eigenvectors alone, without symmetry | 0.43 | 0.43 |
//! | Schur form (an unstable coefficient) | 1.9 | 1.9 |
//! | sign iteration, nine steps | – | 0.72 |
//!
//! All of it happens in units in which entries are near 1, powers of two, so that an X that doubles hold does not
//! overflow on the way. Where ‖A‖²‖X‖ still does, or doubles do not tell an equation from one without a solution, whole
//! numbers of any length decide: up to order 6 whether it is stable and what X is ([`Route::Rational`]), up to order 32
//! whether E is singular.
//!
//! A correction by the residual makes an answer accurate to its last place, and its bound hardly more than that, where
//! the residual is known well enough for it to pay (up to order 200 or so). Beyond, the bound of the error takes the
//! worst case of all residuals of that size: thousands of times the error at order 1000.
//!
//! Deliberately absent: a Q that is not symmetric (its antisymmetric part would double every cost), Sylvester
//! equations, and sparse or low-rank coefficients.
//!
//! # Example
//! ```
//! use matrix_equations::faer::{Mat, mat};
//! use matrix_equations::{Certificate, discrete};
//!
//! let M = mat![[0.5, 1.0], [0.0, 0.25]];
//! let Q = Mat::identity(2, 2);
//! let solution = discrete::solve(M.as_ref(), Q.as_ref())?;
//! let Certificate::Stable { error_bound } = solution.certificate else { panic!("{:?}", solution.certificate) };
//! assert!(error_bound < 1e-14);
//! // x₂₂ = 1/(1 − 1/16).
//! assert!((solution.X[(1, 1)] - 16.0 / 15.0).abs() <= error_bound);
//! # Ok::<(), matrix_equations::EquationError>(())
//! ```

mod accurate;
mod answer;
mod certificate;
pub mod continuous;
pub mod discrete;
mod equation;
mod error;
pub mod generalized_continuous;
pub mod generalized_discrete;
mod matrix;
mod rational;
mod reduced;
pub mod rounding;
mod scale;
mod schur;
mod smith;
mod solve;
mod spectral;

pub use answer::{Route, Solution};
pub use certificate::Certificate;
pub use equation::Residual;
pub use error::EquationError;
pub use faer;
pub use solve::Approximation;

/// The example of README.md runs, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
