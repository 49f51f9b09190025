//! The four equations as one: a residual that is linear in a symmetric X.

use std::borrow::Cow;

use symbols::{Matrix, Vector};

use super::StandardError;
use super::accurate::{Part, Product, Split, UNIT, frobenius, product, product_with_transpose, two_sum};
use crate::arithmetic::mirror;
use crate::rounding::SAFETY;

/// Power iterations for a 2-norm.
const ITERATIONS: usize = 12;

/// Roundings that a symmetric matrix is allowed to differ from its transpose by.
const ASYMMETRY: f64 = 16.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A X Eᵀ + E X Aᵀ + Q = 0.
    Lyapunov,
    /// A X Aᵀ − E X Eᵀ + Q = 0.
    Stein,
}

/// An equation D(X) = Q; D(X) is −(A X Eᵀ + E X Aᵀ) or E X Eᵀ − A X Aᵀ, positive for stable coefficients.
#[derive(Debug)]
pub(super) struct Equation<'a> {
    pub(super) kind: Kind,
    pub(super) A: Cow<'a, Matrix<f64>>,
    /// `None` for I.
    pub(super) E: Option<Cow<'a, Matrix<f64>>>,
    pub(super) Q: Matrix<f64>,
}

/// What is left of an equation when a matrix is put in for X.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Residual {
    /// The left side of the equation.
    pub matrix: Matrix<f64>,
    /// A bound on the Frobenius norm of what rounding did to `matrix`.
    pub rounding: f64,
    /// The Frobenius norm of `matrix` over the sum of those of the terms, with ‖A X Bᵀ‖ taken as ‖A‖₂ ‖B‖₂ ‖X‖.
    pub relative: f64,
}

impl Residual {
    /// A bound on the Frobenius norm of the exact residual.
    #[must_use]
    pub fn norm_bound(&self) -> f64 {
        (frobenius(&self.matrix) + self.rounding) * SAFETY
    }
}

impl<'a> Equation<'a> {
    /// The equation, if it makes sense; `name` is that of A.
    pub(super) fn new(
        kind: Kind,
        (name, A): (&'static str, &'a Matrix<f64>),
        E: Option<&'a Matrix<f64>>,
        Q: &Matrix<f64>,
    ) -> Result<Self, StandardError> {
        let expected = A.nrows();
        check_square(name, A, expected)?;
        if let Some(E) = E {
            check_square("E", E, expected)?;
        }
        let Q = symmetric("Q", Q, expected)?;
        Ok(Equation { kind, A: Cow::Borrowed(A), E: E.map(Cow::Borrowed), Q })
    }

    pub(super) fn order(&self) -> usize {
        self.A.nrows()
    }

    /// The residual of X, symmetric up to rounding.
    pub(super) fn checked_residual(&self, X: &Matrix<f64>) -> Result<Residual, StandardError> {
        let X = symmetric("X", X, self.order())?;
        let (equation, scale) = self.scaled();
        if let Some(in_units) = scale.in_units(&X) {
            return scale.residual(equation.residual(&in_units));
        }
        let residual = self.residual(&X);
        let finite = residual.rounding.is_finite() && residual.matrix.iter().all(|v| v.is_finite());
        if finite { Ok(residual) } else { Err(StandardError::Overflow { quantity: "the residual" }) }
    }

    /// The residual of a symmetric X.
    pub(super) fn residual(&self, X: &Matrix<f64>) -> Residual {
        let (matrix, rounding) = self.rest(X, &self.Q);
        let scale = self.norm() * X.norm() + self.Q.norm();
        let relative = if scale == 0.0 { 0.0 } else { matrix.norm() / scale };
        Residual { matrix, rounding, relative }
    }

    /// C − D(X) for symmetric X and C, and a bound on its rounding.
    pub(super) fn rest(&self, X: &Matrix<f64>, C: &Matrix<f64>) -> (Matrix<f64>, f64) {
        let columns = Split::of_columns(X);
        let A = Split::of_rows(&self.A);
        let AX = product(&A, &columns);
        match self.kind {
            Kind::Stein => {
                let AXA = product_with_transpose(&AX, &A, Part::Lower);
                drop(AX);
                let EXE = self.E.as_deref().map(|E| {
                    let E = Split::of_rows(E);
                    product_with_transpose(&product(&E, &columns), &E, Part::Lower)
                });
                let rounding = AXA.rounding + EXE.as_ref().map_or(0.0, |EXE| EXE.rounding);
                let terms = |k: usize, _: usize| {
                    let [high, low] = EXE.as_ref().map_or([X[k], 0.0], |EXE| [EXE.high[k], EXE.low[k]]);
                    [C[k], AXA.high[k], -high, AXA.low[k], -low]
                };
                sum(terms, C.nrows(), rounding)
            }
            Kind::Lyapunov => {
                let Product { high, low, rounding } = match self.E.as_deref() {
                    None => AX,
                    Some(E) => product_with_transpose(&AX, &Split::of_rows(E), Part::All),
                };
                let terms = |k: usize, transposed: usize| [C[k], high[k], high[transposed], low[k], low[transposed]];
                sum(terms, C.nrows(), 2.0 * rounding)
            }
        }
    }

    /// ‖A‖₂² + ‖E‖₂² or 2‖A‖₂‖E‖₂, from below.
    pub(super) fn norm(&self) -> f64 {
        let (a, e) = (spectral_norm(&self.A), self.E.as_deref().map_or(1.0, spectral_norm));
        match self.kind {
            Kind::Lyapunov => 2.0 * a * e,
            Kind::Stein => a * a + e * e,
        }
    }
}

/// The symmetric matrix whose entries are sums of five terms; `terms` is given the places of an entry and of its mirror image.
fn sum(terms: impl Fn(usize, usize) -> [f64; 5], n: usize, rounding: f64) -> (Matrix<f64>, f64) {
    let mut out = Matrix::zeros(n, n);
    let mut magnitudes = 0.0;
    for j in 0..n {
        let mut column = 0.0;
        for i in j..n {
            let terms = terms(j * n + i, i * n + j);
            let (mut high, mut low, mut magnitude) = (0.0, 0.0, 0.0);
            for term in terms {
                let error;
                (high, error) = two_sum(high, term);
                low += error;
                magnitude += f64::abs(term);
            }
            out[(i, j)] = high + low;
            column += magnitude * magnitude;
        }
        magnitudes += 2.0 * column;
    }
    mirror(&mut out);
    // Four errors of u each are summed with as small a relative error, and the sum is rounded once.
    let own = UNIT * frobenius(&out) + 64.0 * UNIT * UNIT * magnitudes.sqrt() + f64::MIN_POSITIVE;
    (out, (rounding + own) * SAFETY)
}

/// ‖A‖₂ by power iterations from a fixed start: never too large by more than rounding, seldom much too small.
pub(super) fn spectral_norm(A: &Matrix<f64>) -> f64 {
    let n = A.ncols();
    let mut x = Vector::from_fn(n, |i, _| 1.0 + 0.5 * (i as f64).sin());
    let mut found = 0.0_f64;
    for _ in 0..ITERATIONS {
        let norm = x.norm();
        if norm == 0.0 || !norm.is_finite() {
            break;
        }
        x /= norm;
        let image = A * &x;
        found = found.max(image.norm());
        x = A.tr_mul(&image);
    }
    found
}

fn check_square(name: &'static str, A: &Matrix<f64>, expected: usize) -> Result<(), StandardError> {
    let (rows, columns) = A.shape();
    if rows != columns {
        return Err(StandardError::NotSquare { name, rows, columns });
    }
    if rows == 0 {
        return Err(StandardError::Empty { name });
    }
    if rows != expected {
        return Err(StandardError::Order { name, order: rows, expected });
    }
    match A.iter().position(|v| !v.is_finite()) {
        Some(k) => Err(StandardError::NotFinite { name, row: k % rows, column: k / rows }),
        None => Ok(()),
    }
}

/// (S + Sᵀ)/2, for an S that is symmetric up to rounding.
fn symmetric(name: &'static str, S: &Matrix<f64>, expected: usize) -> Result<Matrix<f64>, StandardError> {
    check_square(name, S, expected)?;
    let n = S.nrows();
    let bound = ASYMMETRY * f64::EPSILON * S.amax();
    let transposed = S.transpose();
    let mut mean = S.clone();
    for (k, (mean, other)) in mean.iter_mut().zip(&transposed).enumerate() {
        let difference = (*mean - other).abs();
        if difference > bound {
            let (row, column) = (k % n, k / n);
            return Err(StandardError::NotSymmetric { name, row, column, difference, bound });
        }
        *mean = 0.5 * *mean + 0.5 * other;
    }
    Ok(mean)
}

#[cfg(test)]
mod tests {
    use symbols::matrix::scalar;

    use super::*;
    use crate::examples::small;

    /// 1 − 1 + 2⁻⁶⁰ is exact but for its last place, 64 u² of the terms and the least double; twice of each off the diagonal.
    #[test]
    fn a_sum_and_its_rounding_are_those_computed_by_hand() {
        let terms =
            |i: usize, j: usize| if i == j { [1.0, -1.0, small(60), 0.0, 0.0] } else { [3.0, -3.0, 0.0, 0.0, 0.0] };
        let (found, rounding) = sum(terms, 2, small(100));
        assert_eq!(found, Matrix::identity(2, 2) * small(60));
        let magnitudes = (2.0_f64 * (2.0 * 2.0 + 2.0 * 2.0 + 6.0 * 6.0)).sqrt();
        let expected = small(100) + UNIT * 2.0_f64.sqrt() * small(60) + 64.0 * UNIT * UNIT * magnitudes;
        assert!((1.0..1.0001).contains(&(rounding / expected)), "{rounding:e} {expected:e}");
        let (_, rounding) = sum(|_, _| [0.0; 5], 2, 0.0);
        assert!((f64::MIN_POSITIVE..2.0 * f64::MIN_POSITIVE).contains(&rounding), "{rounding:e}");
    }

    /// a x for a = 1 + 2⁻³⁰ and x = 3 + 2⁻²⁸ is off by 4 u · 7 · 2⁻³⁰. Twice that is 2 a x; where Q cancels it, nothing else counts.
    #[test]
    fn of_a_residual_each_product_is_rounded() {
        let [A, E, X] = [1.0 + small(30), 1.0 + small(29), 3.0 + small(28)].map(scalar);
        let columns = Split::of_columns(&X);
        let of = |M: &Matrix<f64>| product(&Split::of_rows(M), &columns);
        let twice =
            |M: &Matrix<f64>, N: &Matrix<f64>, part: Part| product_with_transpose(&of(M), &Split::of_rows(N), part);
        for (kind, second, product, expected) in [
            (Kind::Lyapunov, None, -2.0 * of(&A).high, 2.0 * of(&A).rounding),
            (Kind::Lyapunov, Some(&E), -2.0 * twice(&A, &E, Part::All).high, 2.0 * twice(&A, &E, Part::All).rounding),
            (Kind::Stein, None, &X - twice(&A, &A, Part::Lower).high, twice(&A, &A, Part::Lower).rounding),
            (
                Kind::Stein,
                Some(&E),
                twice(&E, &E, Part::Lower).high - twice(&A, &A, Part::Lower).high,
                twice(&A, &A, Part::Lower).rounding + twice(&E, &E, Part::Lower).rounding,
            ),
        ] {
            let equation = Equation::new(kind, ("A", &A), second, &product).unwrap();
            let residual = equation.residual(&X);
            assert!(residual.matrix[(0, 0)].abs() < 1e-15, "{kind:?}: {}", residual.matrix);
            let found = residual.rounding - UNIT * residual.matrix[(0, 0)].abs();
            assert!((1.0..1.001).contains(&(found / expected)), "{kind:?}: {found:e}, not {expected:e}");
            assert!((residual.norm_bound() / (residual.matrix[(0, 0)].abs() + residual.rounding) - 1.0).abs() < 1e-4);
        }
    }

    /// Relative to ‖A‖₂² + ‖E‖₂² or 2‖A‖₂‖E‖₂, times ‖X‖, and ‖Q‖: 3 x · 2 or x (1 − 9) next to it.
    #[test]
    fn a_residual_is_relative_to_the_terms() {
        let [A, E, X, Q] = [3.0, 5.0, 2.0, 7.0].map(scalar);
        for (kind, second, left, terms) in [
            (Kind::Lyapunov, None, 12.0 + 7.0, 12.0 + 7.0),
            (Kind::Lyapunov, Some(&E), 60.0 + 7.0, 60.0 + 7.0),
            (Kind::Stein, None, 18.0 - 2.0 + 7.0, 18.0 + 2.0 + 7.0),
            (Kind::Stein, Some(&E), 18.0 - 50.0 + 7.0, 18.0 + 50.0 + 7.0),
        ] {
            let found = Equation::new(kind, ("A", &A), second, &Q).unwrap().residual(&X);
            assert_eq!(found.matrix, scalar(left), "{kind:?}");
            assert!((found.relative - f64::abs(left) / terms).abs() < 1e-15, "{kind:?}: {}", found.relative);
        }
        let zero = scalar(0.0);
        assert_eq!(Equation::new(Kind::Stein, ("A", &A), None, &zero).unwrap().residual(&zero).relative, 0.0);
    }

    #[test]
    fn the_two_norm_is_found() {
        let rotated = Matrix::from_row_slice(2, 2, &[0.0, 3.0, -1.0, 0.0]);
        assert!((spectral_norm(&rotated) - 3.0).abs() < 1e-9, "{}", spectral_norm(&rotated));
        assert_eq!(spectral_norm(&Matrix::zeros(2, 2)), 0.0);
    }
}
