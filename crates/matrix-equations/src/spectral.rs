//! Symmetric coefficients: in a basis of eigenvectors the equation is a division.
//!
//! ```text
//! A = VΛVᵀ:    (VᵀXV)ᵢⱼ = (VᵀQV)ᵢⱼ/dᵢⱼ,    dᵢⱼ = −(λᵢ + λⱼ) (Lyapunov) or 1 − λᵢλⱼ (Stein)
//! ```

use faer::{Mat, Side};

use crate::equation::{Equation, Kind};
use crate::error::EquationError;
use crate::matrix::{product, symmetric_product};
use crate::rounding::UNIT;

#[derive(Debug)]
pub(crate) struct Spectral {
    vectors: Mat<f64>,
    values: Vec<f64>,
    kind: Kind,
    /// min |dᵢⱼ|: the exact separation of VΛVᵀ.
    pub(crate) separation: f64,
}

impl Spectral {
    /// The eigenvectors of an equation with a symmetric A and without E.
    pub(crate) fn new(equation: &Equation) -> Result<Self, EquationError> {
        let failed = EquationError::NoConvergence { quantity: "the eigenvectors of the coefficient" };
        let eigen = equation.A.self_adjoint_eigen(Side::Lower).map_err(|_| failed.clone())?;
        let values = eigen.S().column_vector().iter().copied().collect();
        let mut found =
            Spectral { vectors: eigen.U().to_owned(), values, kind: equation.kind, separation: f64::INFINITY };
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
                    return Err(EquationError::Singular {
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
    pub(crate) fn is_stable(&self) -> bool {
        self.values.iter().all(|&v| match self.kind {
            Kind::Lyapunov => v < 0.0,
            Kind::Stein => v.abs() < 1.0,
        })
    }

    /// X with D(X) = Q.
    pub(crate) fn solve(&self, Q: &Mat<f64>) -> Mat<f64> {
        let (V, values) = (self.vectors.as_ref(), &self.values);
        let Z = symmetric_product(product(V.transpose(), Q.as_ref()).as_ref(), V.transpose());
        let n = Z.nrows();
        let Z = Mat::from_fn(n, n, |i, j| Z[(i, j)] / self.divisor(values[i], values[j]));
        symmetric_product(product(V, Z.as_ref()).as_ref(), V)
    }
}

/// Whether A = Aᵀ to the last digit.
pub(crate) fn applies(equation: &Equation) -> bool {
    let A = &equation.A;
    equation.E.is_none() && (0..A.ncols()).all(|j| (j + 1..A.nrows()).all(|i| A[(i, j)] == A[(j, i)]))
}

#[cfg(test)]
mod tests {
    use faer::mat;

    use super::*;
    use crate::matrix::examples::diagonal;

    fn spectral(kind: Kind, A: &Mat<f64>) -> Result<Spectral, EquationError> {
        Spectral::new(&Equation::new(kind, ("A", A.as_ref()), None, Mat::identity(2, 2).as_ref()).unwrap())
    }

    /// 8 n u of the largest eigenvalue, or of 1 + |largest| |x|: 8 ε · 3 and 8 ε · 5, for x = 3 or 2.
    #[test]
    fn a_divisor_within_rounding_is_zero() {
        for (kind, x, y, scale) in [(Kind::Lyapunov, 3.0, -3.0, 3.0), (Kind::Stein, 2.0, 0.5, 5.0)] {
            // The divisor of x and y(1 + δ) is |xy|δ, or |y|δ beside x.
            let per = if kind == Kind::Stein { 1.0 } else { 3.0 };
            let of = |value: f64| spectral(kind, &diagonal(&[x, y * (1.0 + value / per)]));
            let (limit, found) = (8.0 * f64::EPSILON * scale, of(8.0 * f64::EPSILON * scale * 1.25).unwrap());
            assert!((found.separation / (1.25 * limit) - 1.0).abs() < 0.1, "{kind:?}: {:e}", found.separation);
            let Err(EquationError::Singular { value, first, second, .. }) = of(limit * 0.75) else {
                panic!("{kind:?}")
            };
            assert!((value / (0.75 * limit) - 1.0).abs() < 0.15, "{kind:?}: {value:e}");
            assert!((first.0.min(second.0) - y).abs() < 1e-13 && (first.0.max(second.0) - x).abs() < 1e-13);
        }
    }

    /// The least of the three divisors, of (x, x), (x, y) and (y, y).
    #[test]
    fn the_separation_is_the_least_divisor() {
        for (kind, x, y, separation, is_stable) in [
            (Kind::Lyapunov, -1.0, -3.0, 2.0, true),
            (Kind::Lyapunov, -3.0, 1.0, 2.0, false),
            (Kind::Lyapunov, 3.0, -2.5, 0.5, false),
            (Kind::Stein, 0.5, -0.75, 1.0 - 0.5625, true),
            (Kind::Stein, 0.5, 1.5, 0.25, false),
            (Kind::Stein, 0.5, -1.25, 0.5625, false),
        ] {
            let found = spectral(kind, &diagonal(&[x, y])).unwrap();
            assert!((found.separation - separation).abs() < 1e-14, "{kind:?} {x} {y}: {}", found.separation);
            assert_eq!(found.is_stable(), is_stable, "{kind:?} {x} {y}");
        }
    }

    #[test]
    fn only_a_symmetric_coefficient_has_a_basis_of_eigenvectors() {
        let identity = Mat::<f64>::identity(2, 2);
        let of = |A: &Mat<f64>, E: Option<&Mat<f64>>| {
            applies(&Equation::new(Kind::Stein, ("A", A.as_ref()), E.map(Mat::as_ref), identity.as_ref()).unwrap())
        };
        assert!(of(&mat![[1.0, 2.0], [2.0, 1.0]], None));
        assert!(!of(&mat![[1.0, 2.0], [2.0_f64.next_up(), 1.0]], None));
        assert!(!of(&identity, Some(&identity)));
    }
}
