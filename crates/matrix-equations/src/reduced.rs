//! Every equation as X − C X Cᵀ = P, with P ⪰ 0 for Q ⪰ 0 where its coefficients are stable.
//!
//! ```text
//! Stein:      C = E⁻¹A,                  P = E⁻¹ Q E⁻ᵀ
//! Lyapunov:   C = (pE − A)⁻¹(pE + A),    P = 2p (pE − A)⁻¹ Q (pE − A)⁻ᵀ      (Cayley, p > 0)
//! ```
//!
//! The eigenvalues of C are c = λ, or c = (p + λ)/(p − λ), which is inside the unit circle exactly if Re λ < 0.

use faer::linalg::solvers::{DenseSolveCore, Solve};
use faer::{Col, Mat};

use crate::equation::{Equation, Kind, spectral_norm};
use crate::error::EquationError;
use crate::matrix::{product, symmetric_product};

/// Steps of the power iterations for the extreme eigenvalues, and those among them that are not counted.
const STEPS: (i32, i32) = (12, 4);

/// An inverse of G of order n with ‖G‖ ‖G⁻¹‖ above n times this has no correct digit.
const SINGULAR: f64 = 0.1 / f64::EPSILON;

/// Where the norm of E⁻¹A is beyond this, A is inverted rather than E: a factor on both sides of X is squared twice.
const FAR: f64 = 1e40;

/// The square of a larger number comes near the end of the range of doubles.
pub(crate) const LARGEST: f64 = 1e100;

/// X − C X Cᵀ = s W Q Wᵀ.
#[derive(Debug)]
pub(crate) struct Reduced {
    pub(crate) C: Mat<f64>,
    /// `None` for I.
    inverse: Option<Mat<f64>>,
    scale: f64,
    /// p, of Cayley's transformation.
    shift: Option<f64>,
}

impl Reduced {
    /// With the p that is best for eigenvalues in a disk, or between two points of the negative axis.
    pub(crate) fn balanced(equation: &Equation) -> Option<Self> {
        match equation.kind {
            Kind::Stein => Self::stein(equation),
            Kind::Lyapunov => Self::cayley(equation, geometric_mean(equation)),
        }
    }

    /// With a p well outside of the spectrum.
    pub(crate) fn safe(equation: &Equation) -> Result<Self, EquationError> {
        let A = &equation.A;
        let found = match (equation.kind, &equation.E) {
            (Kind::Stein, None) => Self::stein(equation),
            (Kind::Stein, Some(E)) => Self::stein(equation).filter(|found| found.C.norm_l2() < FAR).or_else(|| {
                // Eigenvalues are infinite: E and A change places, and with them every λ and 1/λ.
                let inverse = inverse(A)?;
                let C = product(inverse.as_ref(), E.as_ref());
                Some(Reduced { C, inverse: Some(inverse), scale: -1.0, shift: None })
            }),
            (Kind::Lyapunov, E) => {
                let largest = spectral_norm(A) / E.as_ref().map_or(1.0, spectral_norm);
                [2.0, 3.1, 0.7].iter().find_map(|factor| Self::cayley(equation, factor * largest))
            }
        };
        found.ok_or(match &equation.E {
            Some(_) => EquationError::SingularCoefficient { name: "E" },
            None => EquationError::Overflow { quantity: "the inverse of a shifted coefficient" },
        })
    }

    fn stein(equation: &Equation) -> Option<Self> {
        let A = &equation.A;
        let (C, inverse) = match &equation.E {
            None => (A.clone(), None),
            Some(E) => {
                let inverse = inverse(E)?;
                (product(inverse.as_ref(), A.as_ref()), Some(inverse))
            }
        };
        Some(Reduced { C, inverse, scale: 1.0, shift: None })
    }

    fn cayley(equation: &Equation, p: f64) -> Option<Self> {
        let n = equation.order();
        let A = &equation.A;
        let of_E = |i: usize, j: usize| match &equation.E {
            Some(E) => E[(i, j)],
            None => f64::from(u8::from(i == j)),
        };
        let inverse = inverse(&Mat::from_fn(n, n, |i, j| p * of_E(i, j) - A[(i, j)]))?;
        // With G = pE − A, the other factor pE + A is 2pE − G.
        let C = equation.E.as_ref().map_or_else(|| inverse.clone(), |E| product(inverse.as_ref(), E.as_ref()));
        let C = Mat::from_fn(n, n, |i, j| 2.0 * p * C[(i, j)] - if i == j { 1.0 } else { 0.0 });
        Some(Reduced { C, inverse: Some(inverse), scale: 2.0 * p, shift: Some(p) })
    }

    /// s W Q Wᵀ.
    pub(crate) fn right(&self, Q: &Mat<f64>) -> Mat<f64> {
        match &self.inverse {
            None => self.scale * Q,
            Some(W) => self.scale * symmetric_product(product(W.as_ref(), Q.as_ref()).as_ref(), W.as_ref()),
        }
    }

    /// s Wᵀ Z W, the adjoint.
    pub(crate) fn adjoint(&self, Z: &Mat<f64>) -> Mat<f64> {
        match &self.inverse {
            None => self.scale * Z,
            Some(W) => self.scale * product(W.transpose(), product(Z.as_ref(), W.as_ref()).as_ref()),
        }
    }

    /// The eigenvalue λ that became c, or its inverse where E and A changed places; infinite where E is singular.
    pub(crate) fn eigenvalue(&self, c: faer::c64) -> faer::c64 {
        match self.shift {
            None => c,
            Some(_) if (c + 1.0).norm() == 0.0 => faer::c64::new(f64::INFINITY, 0.0),
            Some(p) => (c - 1.0) / (c + 1.0) * p,
        }
    }

    /// The expression that must not vanish for two eigenvalues x and y.
    pub(crate) fn condition(&self) -> &'static str {
        if self.shift.is_some() { "|x + y|" } else { "|xy − 1|" }
    }

    /// The value of that expression.
    pub(crate) fn divisor(&self, x: faer::c64, y: faer::c64) -> f64 {
        if self.shift.is_some() { (x + y).norm() } else { (x * y - 1.0).norm() }
    }
}

/// √(|λ|max |λ|min) of A − λE, roughly.
fn geometric_mean(equation: &Equation) -> f64 {
    let A = &equation.A;
    let E = equation.E.as_ref();
    let factored = A.partial_piv_lu();
    let factored_E = E.map(|E| E.partial_piv_lu());
    let largest = growth(A.nrows(), |x| {
        let image = A * x;
        factored_E.as_ref().map_or_else(|| image.clone(), |E| E.solve(&image))
    });
    let inverse = growth(A.nrows(), |x| factored.solve(E.map_or_else(|| x.clone(), |E| E * &x)));
    let p = (largest / inverse).sqrt();
    if p.is_normal() { p } else { spectral_norm(A) / E.map_or(1.0, spectral_norm) }
}

/// The mean factor by which a vector grows.
fn growth(n: usize, map: impl Fn(Col<f64>) -> Col<f64>) -> f64 {
    let (steps, skipped) = STEPS;
    let mut x = Col::from_fn(n, |i| 1.0 + 0.5 * (i as f64).sin());
    let mut logarithm = 0.0;
    for step in 0..steps {
        x = map(x);
        let norm = x.norm_l2();
        x.iter_mut().for_each(|v| *v /= norm);
        if step >= skipped {
            logarithm += norm.ln();
        }
    }
    (logarithm / f64::from(steps - skipped)).exp()
}

/// G⁻¹, unless it is lost in rounding.
fn inverse(G: &Mat<f64>) -> Option<Mat<f64>> {
    if !G.is_all_finite() {
        return None;
    }
    let inverse = G.partial_piv_lu().inverse();
    // NaN is not below either.
    (inverse.norm_l2() * G.norm_l2() < SINGULAR * G.nrows() as f64).then_some(inverse)
}

#[cfg(test)]
mod tests {
    use faer::{c64, mat};

    use super::*;
    use crate::matrix::examples::{diagonal, scalar};

    /// The steps that are counted, and only these.
    #[test]
    fn growth_is_a_geometric_mean() {
        let calls = std::cell::Cell::new(0);
        let factors = [100.0, 100.0, 100.0, 100.0, 2.0, 8.0, 2.0, 8.0, 2.0, 8.0, 2.0, 8.0];
        let found = growth(3, |x| {
            calls.set(calls.get() + 1);
            factors[calls.get() - 1] * x
        });
        assert!((found - 4.0).abs() < 1e-13 && calls.get() == factors.len(), "{found}");
    }

    /// −1 and −100 over 2.
    #[test]
    fn the_balanced_shift_is_between_the_eigenvalues() {
        let A = diagonal(&[-1.0, -100.0]);
        let (E, Q) = (diagonal(&[2.0, 2.0]), diagonal(&[1.0, 1.0]));
        for (E, expected) in [(None, 10.0), (Some(&E), 5.0)] {
            let equation = Equation::new(Kind::Lyapunov, ("A", A.as_ref()), E.map(Mat::as_ref), Q.as_ref()).unwrap();
            let found = geometric_mean(&equation);
            assert!((found / expected - 1.0).abs() < 1e-3, "{found}");
            assert_eq!(Reduced::balanced(&equation).unwrap().shift, Some(found));
        }
        // No eigenvalue is a mean: the norms decide.
        let equation = Equation::new(Kind::Lyapunov, ("A", Q.as_ref()), Some(E.as_ref()), Q.as_ref()).unwrap();
        let singular = Equation { A: Mat::zeros(2, 2), ..equation };
        assert!(!geometric_mean(&singular).is_normal());
        let nilpotent = mat![[0.0, 3.0], [0.0, 0.0]];
        let equation = Equation::new(Kind::Lyapunov, ("A", nilpotent.as_ref()), Some(E.as_ref()), Q.as_ref()).unwrap();
        let found = geometric_mean(&equation);
        assert!((found - 1.5).abs() < 1e-9, "{found}");
    }

    /// Each reduction of a x e + e x a + q = 0 and a x a − e x e + q = 0 keeps x, and tells λ = a/e from c.
    #[test]
    fn a_reduced_equation_has_the_same_solution() {
        let [A, E, Q] = [-3.0, 2.0, 5.0].map(scalar);
        for kind in [Kind::Lyapunov, Kind::Stein] {
            for second in [None, Some(&E)] {
                let (a, e) = (-3.0, second.map_or(1.0, |_| 2.0));
                let x = match kind {
                    Kind::Lyapunov => -5.0 / (2.0 * a * e),
                    Kind::Stein => 5.0 / (e * e - a * a),
                };
                let equation = Equation::new(kind, ("A", A.as_ref()), second.map(Mat::as_ref), Q.as_ref()).unwrap();
                for reduced in [Reduced::balanced(&equation).unwrap(), Reduced::safe(&equation).unwrap()] {
                    let (c, P) = (reduced.C[(0, 0)], reduced.right(&Q)[(0, 0)]);
                    // The mean of one eigenvalue is itself: all is lost by c = 0, but the solution.
                    assert!((x - c * x * c - P).abs() < 1e-13, "{kind:?} {e}: {c} {P}");
                    let found = reduced.eigenvalue(c64::new(c, 0.0));
                    assert!((found - a / e).norm() < 1e-13, "{kind:?} {e}: {found}");
                    let (x, y) = (c64::new(1.0, 2.0), c64::new(3.0, -2.0));
                    let (condition, divisor) = match kind {
                        Kind::Lyapunov => ("|x + y|", 4.0),
                        Kind::Stein => ("|xy − 1|", (6.0_f64 * 6.0 + 4.0 * 4.0).sqrt()),
                    };
                    assert_eq!(reduced.condition(), condition);
                    assert!((reduced.divisor(x, y) - divisor).abs() < 1e-14);
                }
            }
        }
    }

    /// ⟨Z, right(Q)⟩ = ⟨adjoint(Z), Q⟩, also where E and A change places.
    #[test]
    fn the_adjoint_is_the_adjoint() {
        let (A, regular, singular) =
            (mat![[1.0, 2.0], [0.5, -3.0]], mat![[2.0, 1.0], [0.0, 1.0]], mat![[1.0, 2.0], [2.0, 4.0]]);
        let (Q, Z) = (mat![[1.0, 2.0], [2.0, 5.0]], mat![[3.0, -1.0], [-1.0, 0.5]]);
        let dot = |X: &Mat<f64>, Y: &Mat<f64>| (X.transpose() * Y).diagonal().column_vector().sum();
        for kind in [Kind::Lyapunov, Kind::Stein] {
            for second in [None, Some(&regular), Some(&singular)] {
                let equation = Equation::new(kind, ("A", A.as_ref()), second.map(Mat::as_ref), Q.as_ref()).unwrap();
                let reduced = Reduced::safe(&equation).unwrap();
                let [one, other] = [dot(&Z, &reduced.right(&Q)), dot(&reduced.adjoint(&Z), &Q)];
                assert!((one - other).abs() < 1e-13 * one.abs(), "{kind:?}: {one} {other}");
            }
        }
    }

    /// ‖G‖ ‖G⁻¹‖ of n/(10 ε).
    #[test]
    fn an_inverse_without_a_correct_digit_is_none() {
        let limit = 10.0 * f64::EPSILON / 2.0;
        assert!(inverse(&diagonal(&[1.0, limit * 1.01])).is_some());
        assert!(inverse(&diagonal(&[1.0, limit * 0.99])).is_none());
        assert!(inverse(&diagonal(&[1.0, f64::INFINITY])).is_none());
    }
}
