//! Any solvable coefficients: a unitary basis in which C is triangular.
//!
//! ```text
//! C = U T Uᴴ:    Z − T Z Tᴴ = UᴴPU,    X = U Z Uᴴ
//! ```
//!
//! faer keeps its Schur form to itself, but orthonormalized eigenvectors are a Schur basis, and fast. Where
//! eigenvectors are too close to each other for that, nalgebra's slower QR iterations find one. The triangular equation
//! is halved until it is small, the rest being products. Deliberately absent: real arithmetic on pairs of eigenvalues,
//! at half of the cost.

use faer::traits::Conjugate;
use faer::{Accum, Mat, MatMut, MatRef, c64, linalg::matmul::matmul};
use nalgebra::DMatrix;

use crate::error::EquationError;
use crate::matrix::{mirror, parallelism};
use crate::reduced::{LARGEST, Reduced};
use crate::rounding::UNIT;

/// Up to this order a triangular equation is solved by columns.
const SMALL: usize = 24;

/// An entry this far below the norm is far below the rounding of a Schur form.
const NEGLIGIBLE: f64 = 1e-20;

/// QR iterations for each eigenvalue.
const ITERATIONS: usize = 30;

/// Inverse iterations for the separation, of two solutions each.
const ROUNDS: usize = 4;

#[derive(Debug)]
pub(crate) struct Schur {
    reduced: Reduced,
    basis: Mat<c64>,
    triangle: Mat<c64>,
}

impl Schur {
    /// A Schur form without two eigenvalues of product 1.
    pub(crate) fn new(reduced: Reduced) -> Result<Self, EquationError> {
        let C = &reduced.C;
        let norm = C.norm_l2();
        if norm.is_nan() || norm >= LARGEST {
            return Err(EquationError::Overflow { quantity: "a power of the coefficient" });
        }
        let found = by_eigenvectors(C).or_else(|| by_iteration(C));
        let (basis, triangle) = found.ok_or(EquationError::NoConvergence { quantity: "the Schur form" })?;
        let found = Schur { reduced, basis, triangle };
        found.check_eigenvalues()?;
        Ok(found)
    }

    fn check_eigenvalues(&self) -> Result<(), EquationError> {
        let n = self.triangle.nrows();
        let values = Vec::from_iter((0..n).map(|k| self.triangle[(k, k)]));
        let rounding = 8.0 * n as f64 * UNIT;
        let size = self.reduced.C.norm_l2();
        for (i, &first) in values.iter().enumerate() {
            for &second in &values[..=i] {
                let value = (first * second - 1.0).norm();
                if value <= rounding * (1.0 + size * first.norm().max(second.norm())) {
                    let [first, second] = [first, second].map(|c| self.reduced.eigenvalue(c));
                    let pair = |z: c64| (z.re, z.im);
                    return Err(EquationError::Singular {
                        condition: self.reduced.condition(),
                        value: self.reduced.divisor(first, second),
                        first: pair(first),
                        second: pair(second),
                    });
                }
            }
        }
        Ok(())
    }

    /// X with D(X) = Q.
    pub(crate) fn solve(&self, Q: &Mat<f64>) -> Mat<f64> {
        let P = self.reduced.right(Q);
        let mut Z = self.inward(&P);
        stein(self.triangle.as_ref(), self.triangle.as_ref(), Z.as_mut());
        self.outward(&Z)
    }

    /// X whose image under the adjoint of D is Q: with rows and columns in reverse order, Tᴴ is an upper triangle, too.
    fn solve_adjoint(&self, Q: &Mat<f64>) -> Mat<f64> {
        let mut Z = reversed(self.inward(Q).as_ref());
        let triangle = reversed(self.triangle.as_ref().adjoint().to_owned().as_ref());
        stein(triangle.as_ref(), triangle.as_ref(), Z.as_mut());
        self.reduced.adjoint(&self.outward(&reversed(Z.as_ref())))
    }

    /// The smallest ‖D(X)‖/‖X‖ over symmetric X, in Frobenius norms: the value at the end of inverse iterations, never
    /// below the smallest.
    pub(crate) fn separation(&self) -> f64 {
        let n = self.triangle.nrows();
        let mut X = Mat::from_fn(n, n, |i, j| (1.0 + (i + j) as f64 + (i * j) as f64).sin());
        let mut found = f64::INFINITY;
        for _ in 0..ROUNDS {
            for step in [Self::solve, Self::solve_adjoint] {
                let norm = X.norm_l2();
                X = step(self, &X.map(|v| v / norm));
                found = found.min(1.0 / X.norm_l2());
                if !found.is_normal() {
                    return 0.0;
                }
            }
        }
        found
    }

    /// Uᴴ P U.
    fn inward(&self, P: &Mat<f64>) -> Mat<c64> {
        product(product(self.basis.adjoint(), complex(P).as_ref()).as_ref(), self.basis.as_ref())
    }

    /// U Z Uᴴ, which is real and symmetric.
    fn outward(&self, Z: &Mat<c64>) -> Mat<f64> {
        let X = product(product(self.basis.as_ref(), Z.as_ref()).as_ref(), self.basis.adjoint());
        let mut X = Mat::from_fn(X.nrows(), X.ncols(), |i, j| 0.5 * (X[(i, j)].re + X[(j, i)].re));
        mirror(&mut X);
        X
    }
}

fn complex(M: &Mat<f64>) -> Mat<c64> {
    M.map(|v| c64::new(*v, 0.0))
}

fn by_eigenvectors(C: &Mat<f64>) -> Option<(Mat<c64>, Mat<c64>)> {
    // In units of the norm, and without entries that are nothing next to it: QR iterations stall on what underflows.
    let scale = 1.0 / C.norm_l2().max(f64::MIN_POSITIVE);
    let scaled = C.map(|v| {
        let v = v * scale;
        c64::new(if v.abs() < NEGLIGIBLE { 0.0 } else { v }, 0.0)
    });
    // Complex, as the blocked iteration for real matrices reads past the end where it stalls (faer 0.24).
    let vectors = scaled.eigen().ok()?;
    if !vectors.U().is_all_finite() {
        return None;
    }
    let basis = vectors.U().qr().compute_Q();
    let mut triangle = product(product(basis.adjoint(), complex(C).as_ref()).as_ref(), basis.as_ref());
    let mut below = 0.0_f64;
    for j in 0..triangle.ncols() {
        for i in j + 1..triangle.nrows() {
            below = below.hypot(triangle[(i, j)].norm());
            triangle[(i, j)] = c64::ZERO;
        }
    }
    (below <= 100.0 * C.nrows() as f64 * UNIT * C.norm_l2()).then_some((basis, triangle))
}

fn by_iteration(C: &Mat<f64>) -> Option<(Mat<c64>, Mat<c64>)> {
    let n = C.nrows();
    // In units of the norm, as above.
    let norm = C.norm_l2().max(f64::MIN_POSITIVE);
    let in_units = DMatrix::from_fn(n, n, |i, j| c64::new(C[(i, j)] / norm, 0.0));
    let schur = in_units.try_schur(f64::EPSILON, ITERATIONS * n)?;
    let (basis, triangle) = schur.unpack();
    let triangle = Mat::from_fn(n, n, |i, j| if i > j { c64::ZERO } else { triangle[(i, j)] * norm });
    Some((Mat::from_fn(n, n, |i, j| basis[(i, j)]), triangle))
}

/// Replaces Z by the Y with Y − S Y Tᴴ = Z, for upper triangles S and T.
fn stein(S: MatRef<c64>, T: MatRef<c64>, mut Z: MatMut<c64>) {
    let (m, n) = (S.nrows(), T.nrows());
    if m.max(n) <= SMALL {
        return stein_by_columns(S, T, Z);
    }
    if m >= n {
        let k = m / 2;
        let (first, above, _, last) = S.split_at(k, k);
        let (mut upper, mut lower) = Z.split_at_row_mut(k);
        stein(last, T, lower.as_mut());
        let moved = product(lower.as_ref(), T.adjoint());
        add_product(upper.as_mut(), above, moved.as_ref());
        stein(first, T, upper);
    } else {
        let k = n / 2;
        let (first, above, _, last) = T.split_at(k, k);
        let (mut left, mut right) = Z.as_mut().split_at_col_mut(k);
        stein(S, last, right.as_mut());
        let moved = product(S, right.as_ref());
        add_product(left.as_mut(), moved.as_ref(), above.adjoint());
        stein(S, first, left);
    }
}

/// (I − T̄ⱼⱼS) zⱼ = pⱼ + S Σ T̄ⱼₖzₖ over the k > j, for one j after the other from the last.
fn stein_by_columns(S: MatRef<c64>, T: MatRef<c64>, mut Z: MatMut<c64>) {
    let m = S.nrows();
    let mut later = [c64::ZERO; SMALL];
    for j in (0..T.nrows()).rev() {
        for (i, later) in later.iter_mut().enumerate().take(m) {
            *later = (j + 1..T.nrows()).map(|k| T[(j, k)].conj() * Z[(i, k)]).sum();
        }
        let pivot = T[(j, j)].conj();
        for i in (0..m).rev() {
            let mut right = Z[(i, j)] + S[(i, i)] * later[i];
            for k in i + 1..m {
                right += S[(i, k)] * (later[k] + pivot * Z[(k, j)]);
            }
            Z[(i, j)] = right / (c64::ONE - pivot * S[(i, i)]);
        }
    }
}

/// Rows and columns in reverse order.
fn reversed(M: MatRef<c64>) -> Mat<c64> {
    M.reverse_rows_and_cols().to_owned()
}

fn product(A: MatRef<impl Conjugate<Canonical = c64>>, B: MatRef<impl Conjugate<Canonical = c64>>) -> Mat<c64> {
    let mut out = Mat::zeros(A.nrows(), B.ncols());
    add_product(out.as_mut(), A, B);
    out
}

fn add_product(
    out: MatMut<c64>,
    A: MatRef<impl Conjugate<Canonical = c64>>,
    B: MatRef<impl Conjugate<Canonical = c64>>,
) {
    let parallelism = parallelism(out.nrows());
    matmul(out, Accum::Add, A, B, c64::ONE, parallelism);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The largest entry of U T Uᴴ − C.
    fn worst(C: &Mat<f64>, (basis, triangle): (Mat<c64>, Mat<c64>)) -> f64 {
        let back = product(product(basis.as_ref(), triangle.as_ref()).as_ref(), basis.adjoint());
        (back - complex(C)).norm_max()
    }

    /// Eigenvectors of their own, in every direction: the fast way is taken. Of a chain there is only one, whatever its
    /// size.
    #[test]
    fn eigenvectors_that_are_too_close_are_not_a_basis() {
        for size in [1e-6, 1.0, 1e6] {
            let spread = Mat::from_fn(60, 60, |i, j| size * ((7 * i + 3 * i * j + 11 * j * j) as f64).sin());
            let of_spread = worst(&spread, by_eigenvectors(&spread).unwrap());
            assert!(of_spread < 1e-12 * size, "{of_spread:e}");
            let chain = Mat::from_fn(8, 8, |i, j| if i == j || i == j + 1 { size } else { 0.0 });
            assert!(by_eigenvectors(&chain).is_none());
            let of_chain = worst(&chain, by_iteration(&chain).unwrap());
            assert!(of_chain < 1e-14 * size, "{of_chain:e}");
        }
    }
}
