//! The four equations as one: a residual that is linear in a symmetric X.

use std::ops::{Add, Mul};

use faer::{Col, Mat, MatRef};

use crate::accurate::{Part, Product, Split, product, product_with_transpose};
use crate::error::EquationError;
use crate::matrix::{entries, frobenius, mirror};
use crate::rounding::{SAFETY, UNIT, two_sum};

/// Power iterations for a 2-norm.
const ITERATIONS: usize = 12;

/// How many roundings of its largest entry a symmetric matrix may differ from its transpose by.
const ASYMMETRY: f64 = 16.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A X Eᵀ + E X Aᵀ + Q = 0.
    Lyapunov,
    /// A X Aᵀ − E X Eᵀ + Q = 0.
    Stein,
}

impl Kind {
    /// ‖A‖₂² + ‖E‖₂² or 2‖A‖₂‖E‖₂.
    pub(crate) fn norm<T: Clone + Mul<Output = T> + Add<Output = T>>(self, a: T, e: T) -> T {
        match self {
            Kind::Lyapunov => a.clone() * e.clone() + a * e,
            Kind::Stein => a.clone() * a + e.clone() * e,
        }
    }
}

/// An equation D(X) = Q; D(X) is −(A X Eᵀ + E X Aᵀ) or E X Eᵀ − A X Aᵀ, positive for stable coefficients.
#[derive(Debug)]
pub(crate) struct Equation {
    pub(crate) kind: Kind,
    pub(crate) A: Mat<f64>,
    /// `None` for I.
    pub(crate) E: Option<Mat<f64>>,
    pub(crate) Q: Mat<f64>,
}

/// The residual of an equation when a matrix is put in for X.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Residual {
    /// The left side of the equation.
    pub matrix: Mat<f64>,
    /// A bound on the Frobenius norm of what rounding did to `matrix`.
    pub rounding: f64,
    /// The Frobenius norm of `matrix` over the sum of those of the terms, with ‖A X Bᵀ‖ taken as ‖A‖₂ ‖B‖₂ ‖X‖.
    pub relative: f64,
}

impl Residual {
    /// A bound on the Frobenius norm of the exact residual.
    #[must_use]
    pub fn norm_bound(&self) -> f64 {
        (frobenius(self.matrix.as_ref()) + self.rounding) * SAFETY
    }
}

impl Equation {
    /// The equation, if it makes sense; `name` is that of A.
    pub(crate) fn new(
        kind: Kind,
        (name, A): (&'static str, MatRef<'_, f64>),
        E: Option<MatRef<'_, f64>>,
        Q: MatRef<'_, f64>,
    ) -> Result<Self, EquationError> {
        let expected = A.nrows();
        check_square(name, A, expected)?;
        if let Some(E) = E {
            check_square("E", E, expected)?;
        }
        let Q = symmetric("Q", Q, expected)?;
        Ok(Equation { kind, A: A.to_owned(), E: E.map(|E| E.to_owned()), Q })
    }

    pub(crate) fn order(&self) -> usize {
        self.A.nrows()
    }

    /// The residual of a symmetric X.
    pub(crate) fn residual(&self, X: &Mat<f64>) -> Residual {
        let (matrix, rounding) = self.rest(X, &self.Q);
        let scale = self.norm() * X.norm_l2() + self.Q.norm_l2();
        let relative = if scale == 0.0 { 0.0 } else { matrix.norm_l2() / scale };
        Residual { matrix, rounding, relative }
    }

    /// C − D(X) for symmetric X and C, and a bound on its rounding.
    pub(crate) fn rest(&self, X: &Mat<f64>, C: &Mat<f64>) -> (Mat<f64>, f64) {
        let columns = Split::of_columns(X.as_ref());
        let A = Split::of_rows(self.A.as_ref());
        let AX = product(&A, &columns);
        match self.kind {
            Kind::Stein => {
                let AXA = product_with_transpose(&AX, &A, Part::Lower);
                drop(AX);
                let EXE = self.E.as_ref().map(|E| {
                    let E = Split::of_rows(E.as_ref());
                    product_with_transpose(&product(&E, &columns), &E, Part::Lower)
                });
                let rounding = AXA.rounding + EXE.as_ref().map_or(0.0, |EXE| EXE.rounding);
                let terms = |i: usize, j: usize| {
                    let at = (i, j);
                    let [high, low] = EXE.as_ref().map_or([X[at], 0.0], |EXE| [EXE.high[at], EXE.low[at]]);
                    [C[at], AXA.high[at], -high, AXA.low[at], -low]
                };
                sum(terms, C.nrows(), rounding)
            }
            Kind::Lyapunov => {
                let Product { high, low, rounding } = match &self.E {
                    None => AX,
                    Some(E) => product_with_transpose(&AX, &Split::of_rows(E.as_ref()), Part::All),
                };
                let terms = |i: usize, j: usize| [C[(i, j)], high[(i, j)], high[(j, i)], low[(i, j)], low[(j, i)]];
                sum(terms, C.nrows(), 2.0 * rounding)
            }
        }
    }

    /// ‖A‖₂² + ‖E‖₂² or 2‖A‖₂‖E‖₂, from below.
    pub(crate) fn norm(&self) -> f64 {
        let [a, e] = self.coefficient_norms();
        self.kind.norm(a, e)
    }

    /// ‖A‖₂ and ‖E‖₂, from below.
    pub(crate) fn coefficient_norms(&self) -> [f64; 2] {
        [spectral_norm(&self.A), self.E.as_ref().map_or(1.0, spectral_norm)]
    }
}

/// The symmetric matrix whose entries are sums of five terms; `terms` is given the place of an entry of the lower
/// triangle.
fn sum(terms: impl Fn(usize, usize) -> [f64; 5], n: usize, rounding: f64) -> (Mat<f64>, f64) {
    let mut out = Mat::zeros(n, n);
    let mut magnitudes = 0.0;
    for j in 0..n {
        let mut column = 0.0;
        for i in j..n {
            let terms = terms(i, j);
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
    let own = UNIT * frobenius(out.as_ref()) + 64.0 * UNIT * UNIT * magnitudes.sqrt() + f64::MIN_POSITIVE;
    (out, (rounding + own) * SAFETY)
}

/// ‖A‖₂ by power iterations from a fixed start: never too large by more than rounding, seldom much too small.
pub(crate) fn spectral_norm(A: &Mat<f64>) -> f64 {
    let n = A.ncols();
    let mut x = Col::from_fn(n, |i| 1.0 + 0.5 * (i as f64).sin());
    let mut found = 0.0_f64;
    for _ in 0..ITERATIONS {
        let norm = x.norm_l2();
        if norm == 0.0 || !norm.is_finite() {
            break;
        }
        x.iter_mut().for_each(|v| *v /= norm);
        let image = A * &x;
        found = found.max(image.norm_l2());
        x = A.transpose() * &image;
    }
    found
}

fn check_square(name: &'static str, A: MatRef<'_, f64>, expected: usize) -> Result<(), EquationError> {
    let (rows, columns) = A.shape();
    if rows != columns {
        return Err(EquationError::NotSquare { name, rows, columns });
    }
    if rows == 0 {
        return Err(EquationError::Empty { name });
    }
    if rows != expected {
        return Err(EquationError::Order { name, order: rows, expected });
    }
    match entries(A).position(|v| !v.is_finite()) {
        Some(k) => Err(EquationError::NotFinite { name, row: k % rows, column: k / rows }),
        None => Ok(()),
    }
}

/// (S + Sᵀ)/2, for an S that is symmetric up to rounding.
pub(crate) fn symmetric(name: &'static str, S: MatRef<'_, f64>, expected: usize) -> Result<Mat<f64>, EquationError> {
    check_square(name, S, expected)?;
    let n = S.nrows();
    let bound = ASYMMETRY * f64::EPSILON * S.norm_max();
    for column in 0..n {
        for row in column + 1..n {
            let difference = (S[(row, column)] - S[(column, row)]).abs();
            if difference > bound {
                return Err(EquationError::NotSymmetric { name, row, column, difference, bound });
            }
        }
    }
    // A sum of halves would round odd multiples of the least double, and a half of a sum may overflow.
    Ok(Mat::from_fn(n, n, |i, j| S[(i.max(j), i.min(j))].midpoint(S[(i.min(j), i.max(j))])))
}

#[cfg(test)]
mod tests {
    use faer::mat;

    use super::*;
    use crate::matrix::examples::{scalar, small};

    /// 1 − 1 + 2⁻⁶⁰ is exact but for its last place, 64 u² of the terms and the least double; twice of each off the
    /// diagonal.
    #[test]
    fn a_sum_and_its_rounding_are_those_computed_by_hand() {
        let terms =
            |i: usize, j: usize| if i == j { [1.0, -1.0, small(60), 0.0, 0.0] } else { [3.0, -3.0, 0.0, 0.0, 0.0] };
        let (found, rounding) = sum(terms, 2, small(100));
        assert_eq!(found, small(60) * Mat::<f64>::identity(2, 2));
        let magnitudes = (2.0_f64 * (2.0 * 2.0 + 2.0 * 2.0 + 6.0 * 6.0)).sqrt();
        let expected = small(100) + UNIT * 2.0_f64.sqrt() * small(60) + 64.0 * UNIT * UNIT * magnitudes;
        assert!((1.0..1.0001).contains(&(rounding / expected)), "{rounding:e} {expected:e}");
        let (_, rounding) = sum(|_, _| [0.0; 5], 2, 0.0);
        assert!((f64::MIN_POSITIVE..2.0 * f64::MIN_POSITIVE).contains(&rounding), "{rounding:e}");
    }

    /// a x for a = 1 + 2⁻³⁰ and x = 3 + 2⁻²⁸ is off by 4 u · 7 · 2⁻³⁰. Twice that is 2 a x; where Q cancels it, nothing
    /// else counts.
    #[test]
    fn of_a_residual_each_product_is_rounded() {
        let [A, E, X] = [1.0 + small(30), 1.0 + small(29), 3.0 + small(28)].map(scalar);
        let columns = Split::of_columns(X.as_ref());
        let of = |M: &Mat<f64>| product(&Split::of_rows(M.as_ref()), &columns);
        let twice =
            |M: &Mat<f64>, N: &Mat<f64>, part: Part| product_with_transpose(&of(M), &Split::of_rows(N.as_ref()), part);
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
            let equation = Equation::new(kind, ("A", A.as_ref()), second.map(Mat::as_ref), product.as_ref()).unwrap();
            let residual = equation.residual(&X);
            assert!(residual.matrix[(0, 0)].abs() < 1e-15, "{kind:?}: {:?}", residual.matrix);
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
            let found =
                Equation::new(kind, ("A", A.as_ref()), second.map(Mat::as_ref), Q.as_ref()).unwrap().residual(&X);
            assert_eq!(found.matrix, scalar(left), "{kind:?}");
            assert!((found.relative - f64::abs(left) / terms).abs() < 1e-15, "{kind:?}: {}", found.relative);
        }
        let zero = scalar(0.0);
        assert_eq!(
            Equation::new(Kind::Stein, ("A", A.as_ref()), None, zero.as_ref()).unwrap().residual(&zero).relative,
            0.0
        );
    }

    /// Over all of the range: an odd multiple of the least double has no half, and twice the largest one is none.
    #[test]
    fn what_is_symmetric_is_left_as_it_is() {
        let S = mat![[f64::MAX, 5e-324], [5e-324, -45.0 * 5e-324]];
        assert_eq!(symmetric("S", S.as_ref(), 2).unwrap(), S);
        let rounded = mat![[1.0, 1.0 + f64::EPSILON * 2.0], [1.0, 1.0]];
        assert_eq!(symmetric("S", rounded.as_ref(), 2).unwrap()[(0, 1)], 1.0 + f64::EPSILON);
    }

    #[test]
    fn the_two_norm_is_found() {
        let rotated = mat![[0.0, 3.0], [-1.0, 0.0]];
        assert!((spectral_norm(&rotated) - 3.0).abs() < 1e-9, "{}", spectral_norm(&rotated));
        assert_eq!(spectral_norm(&Mat::zeros(2, 2)), 0.0);
    }
}
