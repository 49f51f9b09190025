//! The four equations under one name, and their exact solutions, by elimination in a system of n² unknowns.

use ::lyapunov::standard::{
    Residual, Solution, StandardError, continuous, discrete, generalized_continuous, generalized_discrete,
};
use rug::Rational;
use symbols::matrix::{self, Matrix};

pub const ALL: [Equation; 4] =
    [Equation::Continuous, Equation::Discrete, Equation::GeneralizedContinuous, Equation::GeneralizedDiscrete];

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Equation {
    Continuous,
    Discrete,
    GeneralizedContinuous,
    GeneralizedDiscrete,
}

impl Equation {
    pub fn solve(self, A: &Matrix<f64>, E: &Matrix<f64>, Q: &Matrix<f64>) -> Result<Solution, StandardError> {
        match self {
            Self::Continuous => continuous::solve(A, Q),
            Self::Discrete => discrete::solve(A, Q),
            Self::GeneralizedContinuous => generalized_continuous::solve(A, E, Q),
            Self::GeneralizedDiscrete => generalized_discrete::solve(A, E, Q),
        }
    }

    pub fn residual(self, A: &Matrix<f64>, E: &Matrix<f64>, X: &Matrix<f64>, Q: &Matrix<f64>) -> Residual {
        match self {
            Self::Continuous => continuous::residual(A, X, Q),
            Self::Discrete => discrete::residual(A, X, Q),
            Self::GeneralizedContinuous => generalized_continuous::residual(A, E, X, Q),
            Self::GeneralizedDiscrete => generalized_discrete::residual(A, E, X, Q),
        }
        .unwrap()
    }

    pub fn has_second(self) -> bool {
        matches!(self, Self::GeneralizedContinuous | Self::GeneralizedDiscrete)
    }

    /// E, or I where the equation has none.
    pub fn second(self, E: &Matrix<f64>, n: usize) -> Matrix<f64> {
        if self.has_second() { E.clone() } else { Matrix::identity(n, n) }
    }

    /// D as a matrix: vec(D(X)) = K vec(X), by vec(A X Bᵀ) = (B ⊗ A) vec(X).
    fn kronecker(self, A: &Matrix<f64>, E: &Matrix<f64>) -> Matrix<Rational> {
        let (A, E) = (exact(A), exact(&self.second(E, A.nrows())));
        match self {
            Self::Continuous | Self::GeneralizedContinuous => -(E.kronecker(&A) + A.kronecker(&E)),
            Self::Discrete | Self::GeneralizedDiscrete => E.kronecker(&E) - A.kronecker(&A),
        }
    }

    /// Q − D(X).
    pub fn exact_residual(
        self,
        A: &Matrix<f64>,
        E: &Matrix<f64>,
        X: &Matrix<f64>,
        Q: &Matrix<f64>,
    ) -> Matrix<Rational> {
        let n = A.nrows();
        let D = self.kronecker(A, E) * Matrix::from_column_slice(n * n, 1, exact(X).as_slice());
        exact(Q) - Matrix::from_column_slice(n, n, D.as_slice())
    }

    pub fn exact_solution(self, A: &Matrix<f64>, E: &Matrix<f64>, Q: &Matrix<f64>) -> Option<Matrix<Rational>> {
        let n = A.nrows();
        let right = Matrix::from_column_slice(n * n, 1, exact(Q).as_slice());
        let X = matrix::solve(&self.kronecker(A, E), &right).ok()?;
        Some(Matrix::from_column_slice(n, n, X.as_slice()))
    }

    /// The smallest ‖D(X)‖/‖X‖ over symmetric X.
    pub fn separation(self, A: &Matrix<f64>, E: &Matrix<f64>) -> f64 {
        let n = A.nrows();
        let pairs = Vec::from_iter((0..n).flat_map(|j| (j..n).map(move |i| (i, j))));
        let mut basis = Matrix::zeros(n * n, pairs.len());
        for (k, &(i, j)) in pairs.iter().enumerate() {
            let entry = if i == j { 1.0 } else { std::f64::consts::FRAC_1_SQRT_2 };
            (basis[(j * n + i, k)], basis[(i * n + j, k)]) = (entry, entry);
        }
        (self.kronecker(A, E).map(|v| v.to_f64()) * basis).singular_values().min()
    }

    /// The size of the terms of D over the smallest singular value of D.
    pub fn condition(self, A: &Matrix<f64>, E: &Matrix<f64>) -> f64 {
        let smallest = self.kronecker(A, E).map(|v| v.to_f64()).singular_values().min();
        let (a, e) = (A.norm(), self.second(E, A.nrows()).norm());
        match self {
            Self::Continuous | Self::GeneralizedContinuous => 2.0 * a * e / smallest,
            Self::Discrete | Self::GeneralizedDiscrete => (a * a + e * e) / smallest,
        }
    }
}

pub fn exact(M: &Matrix<f64>) -> Matrix<Rational> {
    M.map(|v| Rational::from_f64(v).unwrap())
}

/// ‖X − Y‖, in units of its largest entry, whose square may not be a double.
pub fn distance(X: &Matrix<f64>, Y: &Matrix<Rational>) -> f64 {
    let difference = (exact(X) - Y).map(|v| v.to_f64());
    let unit = difference.amax();
    if unit == 0.0 { 0.0 } else { unit * (difference / unit).norm() }
}

pub fn symmetric(M: &Matrix<f64>) -> Matrix<f64> {
    M + M.transpose()
}
