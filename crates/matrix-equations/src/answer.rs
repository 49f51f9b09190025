//! The answer of a solver: X, its certificate, its residual and its route.

use faer::Mat;

use crate::certificate::Certificate;
use crate::equation::Residual;

/// How an equation was solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Route {
    /// By eigenvectors, for symmetric coefficients.
    Eigenvectors,
    /// By the squared Smith iteration, for stable coefficients; in continuous time after Cayley's transformation.
    Smith,
    /// By a Schur form.
    Schur,
    /// Over ℚ, for a small equation that doubles cannot tell from one without a solution.
    Rational,
}

/// X, and what is known about it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Solution {
    /// Symmetric, to the last digit.
    pub X: Mat<f64>,
    /// What is known about its error.
    pub certificate: Certificate,
    /// Its residual.
    pub residual: Residual,
    /// How it was found.
    pub route: Route,
}
