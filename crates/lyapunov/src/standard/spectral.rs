//! Symmetric coefficients: in a basis of eigenvectors the equation is a division.
//!
//! ```text
//! A = VΛVᵀ:    (VᵀXV)ᵢⱼ = (VᵀQV)ᵢⱼ/dᵢⱼ,    dᵢⱼ = −(λᵢ + λⱼ) (Lyapunov) or 1 − λᵢλⱼ (Stein)
//! ```

use symbols::Matrix;

use super::StandardError;
use super::accurate::UNIT;
use super::equation::{Equation, Kind};
use crate::arithmetic::Arithmetic;
use crate::decomposition::eigen;

#[derive(Debug)]
pub(super) struct Spectral {
    vectors: Matrix<f64>,
    transposed: Matrix<f64>,
    values: Vec<f64>,
    kind: Kind,
    /// min |dᵢⱼ|: the exact separation of VΛVᵀ.
    pub(super) separation: f64,
}

impl Spectral {
    /// Of an equation with a symmetric A, and without E.
    pub(super) fn new(equation: &Equation) -> Result<Self, StandardError> {
        let failed = StandardError::NoConvergence { quantity: "the eigenvectors of the coefficient" };
        let (vectors, values) = eigen("A", equation.A).map_err(|_| failed.clone())?;
        let transposed = vectors.transpose();
        let mut found = Spectral { vectors, transposed, values, kind: equation.kind, separation: f64::INFINITY };
        let largest = found.values.iter().fold(0.0, |largest: f64, v| largest.max(v.abs()));
        let rounding = 8.0 * equation.order() as f64 * UNIT;
        for (i, &first) in found.values.iter().enumerate() {
            for &second in &found.values[..=i] {
                let value = found.divisor(first, second).abs();
                let (condition, scale) = match found.kind {
                    Kind::Lyapunov => ("|x + y|", largest),
                    Kind::Stein => ("|xy − 1|", 1.0 + largest * first.abs().max(second.abs())),
                };
                if value <= rounding * scale {
                    return Err(StandardError::Singular {
                        condition,
                        value,
                        first: (first, 0.0),
                        second: (second, 0.0),
                    });
                }
                found.separation = found.separation.min(value);
            }
        }
        if found.separation.is_finite() { Ok(found) } else { Err(failed) }
    }

    fn divisor(&self, first: f64, second: f64) -> f64 {
        match self.kind {
            Kind::Lyapunov => -(first + second),
            Kind::Stein => 1.0 - first * second,
        }
    }

    /// Whether the coefficient is stable, up to rounding.
    pub(super) fn is_stable(&self) -> bool {
        self.values.iter().all(|&v| match self.kind {
            Kind::Lyapunov => v < 0.0,
            Kind::Stein => v.abs() < 1.0,
        })
    }

    /// X with D(X) = Q.
    pub(super) fn solve(&self, Q: &Matrix<f64>) -> Matrix<f64> {
        let mut Z = f64::symmetric_product(&f64::product(&self.transposed, Q), &self.transposed);
        for (j, mut column) in Z.column_iter_mut().enumerate() {
            for (i, v) in column.iter_mut().enumerate() {
                *v /= self.divisor(self.values[i], self.values[j]);
            }
        }
        f64::symmetric_product(&f64::product(&self.vectors, &Z), &self.vectors)
    }
}

/// Whether A = Aᵀ to the last digit.
pub(super) fn applies(equation: &Equation) -> bool {
    let A = equation.A;
    equation.E.is_none() && (0..A.ncols()).all(|j| (j + 1..A.nrows()).all(|i| A[(i, j)] == A[(j, i)]))
}
