//! Certificates: a proven bound on the error of an answer, or else an estimate of it.
//!
//! D is linear, and positive in the sense that for stable coefficients D(X) ⪰ 0 implies X ⪰ 0. Conversely, a matrix
//!
//! ```text
//! Y ≻ 0    with    D(Y) ⪰ wI,  w > 0
//! ```
//!
//! proves that the coefficients are stable: with uᵀA = λuᵀE for a complex u, uᵀD(Y)ū = (1 − |λ|²) uᵀEYEᵀū (Stein) or −2
//! Re λ uᵀEYEᵀū (Lyapunov), and it is positive. (Nor is E singular: with uᵀE = 0, uᵀD(Y)ū would be ≤ 0.) The error of
//! an X̃ with the residual R, D(X̃ − X) = −R, then lies between two multiples of Y, since −‖R‖₂ I ⪯ R ⪯ ‖R‖₂ I:
//!
//! ```text
//! −(‖R‖₂/w) Y ⪯ X̃ − X ⪯ (‖R‖₂/w) Y,    hence    ‖X̃ − X‖ ≤ (‖R‖₂/w) ‖Y‖    in the Frobenius norm and in the 2-norm
//! ```
//!
//! (X̃ − X = Y^½ Z Y^½ with ‖Z‖₂ ≤ ‖R‖₂/w, and a product that is normal is not larger in norm than one with its factors
//! exchanged.)
//!
//! Where Q ⪰ qI for a q that is not small, X̃ itself is such a Y: D(X̃) = Q − R. Otherwise Y is solved for, with I in
//! place of Q. Residuals come with a bound on their rounding, and definiteness is proven by factorizations with a
//! margin for theirs, so nothing that the solvers did has to be trusted.
//!
//! D has no such order where coefficients are solvable but not stable. The error is then only estimated.

use faer::{Mat, MatRef};

use crate::equation::{Equation, Residual, spectral_norm};
use crate::matrix::frobenius;
use crate::rounding::{SAFETY, is_positive_definite};

/// X̃ serves as Y where q is at least this part of the mean eigenvalue of Q.
const FLOOR: f64 = 0.02;

/// What is known about the error of X.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Certificate {
    /// Proven, rounding included: the coefficients are stable (every eigenvalue |λ| < 1, or Re λ < 0), so that the
    /// equation has exactly one solution, and X is not off by more.
    Stable {
        /// A bound on the Frobenius norm of the error of X.
        error_bound: f64,
    },
    /// **Not proven.** The coefficients are not stable, or too close to the limit for a proof in doubles. The residual
    /// is small and the separation, as far as it was found, is not.
    Estimated {
        /// The smallest ‖D(X)‖/‖X‖ that was found, D being the linear part of the equation; the true one may be
        /// smaller.
        separation: f64,
        /// ‖residual‖/separation, in the Frobenius norm: about the error of X, and not a bound on it.
        error_estimate: f64,
    },
}

impl Certificate {
    /// The proven bound on the Frobenius norm of the error of X; `None` where the error is only estimated.
    #[must_use]
    pub fn error_bound(&self) -> Option<f64> {
        match *self {
            Certificate::Stable { error_bound } => Some(error_bound),
            Certificate::Estimated { .. } => None,
        }
    }
}

/// Stable coefficients: D(Y) ⪰ wI, w > 0, for a Y ≻ 0 of which only the norm is kept.
pub(crate) struct Stability {
    w: f64,
    norm: f64,
}

impl Stability {
    /// The proof by Y = X̃, where Q is positive enough.
    pub(crate) fn by_answer(equation: &Equation, X: &Mat<f64>, residual: &Residual) -> Option<Self> {
        let q = floor(&equation.Q)?;
        Self::of(q - norm_bound(&residual.matrix, residual.rounding), X)
    }

    /// The proof by a Y whose D(Y) is near I.
    pub(crate) fn new(equation: &Equation, Y: &Mat<f64>) -> Option<Self> {
        let identity = Mat::identity(Y.nrows(), Y.nrows());
        let (rest, rounding) = equation.rest(Y, &identity);
        Self::of(1.0 - norm_bound(&rest, rounding), Y)
    }

    fn of(w: f64, Y: &Mat<f64>) -> Option<Self> {
        let norm = frobenius(Y.as_ref());
        // NaN proves nothing either.
        (w > 0.0 && norm.is_finite() && is_positive_definite(Y.as_ref(), 0.0)).then_some(Stability { w, norm })
    }

    /// A bound on ‖X̃ − X‖ for an X̃ with a residual that is off by `rounding` from R.
    pub(crate) fn error_bound(&self, R: &Mat<f64>, rounding: f64) -> f64 {
        norm_bound(R, rounding) / self.w * self.norm * SAFETY
    }
}

/// q > 0 with Q ⪰ qI, if there is one that is not small.
fn floor(Q: &Mat<f64>) -> Option<f64> {
    let n = Q.nrows();
    let diagonal = || (0..n).map(|k| Q[(k, k)]);
    let least = FLOOR * diagonal().sum::<f64>() / n as f64;
    let mut q = 0.9 * diagonal().fold(f64::INFINITY, f64::min);
    while q >= least && q > 0.0 {
        if is_positive_definite(plus_identity(Q.as_ref(), -q).as_ref(), f64::EPSILON) {
            return Some(q);
        }
        q *= 0.5;
    }
    None
}

/// A bound on ‖R‖₂ of a symmetric R that is off by `rounding`.
fn norm_bound(R: &Mat<f64>, rounding: f64) -> f64 {
    let whole = frobenius(R.as_ref());
    let guess = 1.1 * spectral_norm(R);
    let below = |R: MatRef<'_, f64>| is_positive_definite(plus_identity(R, guess).as_ref(), f64::EPSILON);
    let proven = guess < whole && below(R.as_ref()) && below((-R).as_ref());
    (if proven { guess } else { whole } + rounding) * SAFETY
}

/// M + cI.
fn plus_identity(M: MatRef<'_, f64>, c: f64) -> Mat<f64> {
    Mat::from_fn(M.nrows(), M.ncols(), |i, j| M[(i, j)] + if i == j { c } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use faer::mat;

    use super::*;
    use crate::equation::Kind;
    use crate::matrix::examples::{diagonal, scalar};

    /// 4x − x + 1 = 0 has a solution, but 2 is not stable.
    #[test]
    fn nothing_proves_what_is_not_stable() {
        let M = scalar(2.0);
        let equation = Equation::new(Kind::Stein, ("M", M.as_ref()), None, scalar(1.0).as_ref()).unwrap();
        // D(Y) = 1, with a negative Y.
        let Y = scalar(-1.0 / 3.0);
        assert!(Stability::new(&equation, &Y).is_none());
        assert!(Stability::by_answer(&equation, &Y, &equation.residual(&Y)).is_none());
        // A positive Y, with D(Y) = −3.
        let Y = scalar(1.0);
        assert!(Stability::new(&equation, &Y).is_none());
        assert!(Stability::by_answer(&equation, &Y, &equation.residual(&Y)).is_none());
    }

    /// 0 ⪰ 0 says nothing, and neither does a norm that is not a number.
    #[test]
    fn a_proof_needs_a_margin() {
        let Y = scalar(1.0);
        assert!(Stability::of(f64::MIN_POSITIVE, &Y).is_some());
        assert!(Stability::of(0.0, &Y).is_none());
        assert!(Stability::of(1.0, &scalar(f64::INFINITY)).is_none());
        assert!(Stability::of(f64::NAN, &Y).is_none());
    }

    /// x/4 − x + 1 = 0: for the answer 1 instead of 4/3, R = 1/4.
    #[test]
    fn a_poor_answer_has_a_poor_bound() {
        let M = scalar(0.5);
        let equation = Equation::new(Kind::Stein, ("M", M.as_ref()), None, scalar(1.0).as_ref()).unwrap();
        let X = scalar(1.0);
        let residual = equation.residual(&X);
        let proofs = [Stability::by_answer(&equation, &X, &residual), Stability::new(&equation, &X)];
        for proof in proofs {
            let bound = proof.unwrap().error_bound(&residual.matrix, residual.rounding);
            assert!((1.0 / 3.0..0.4).contains(&bound), "{bound}");
        }
    }

    /// By halves of 0.9 of the least entry, down to 2 % of the mean.
    #[test]
    fn a_floor_is_below_every_eigenvalue() {
        assert_eq!(floor(&Mat::identity(2, 2)), Some(0.9));
        // Of eigenvalues 0.2 and 1.8.
        assert_eq!(floor(&mat![[1.0, 0.8], [0.8, 1.0]]), Some(0.1125));
        assert_eq!(floor(&diagonal(&[1.0, 0.0125])), Some(0.9 * 0.0125));
        assert_eq!(floor(&diagonal(&[1.0, 0.01])), None);
        assert_eq!(floor(&diagonal(&[1.0, -1.0])), None);
        assert_eq!(floor(&diagonal(&[0.0, 0.0])), None);
    }

    /// 1.1 ‖R‖₂ where that is less than ‖R‖ and proven to be enough: power iterations have not found the 2 of (1, −1).
    #[test]
    fn a_bound_on_the_two_norm_is_proven() {
        let close =
            |found: f64, expected: f64| assert!((1.0..1.0001).contains(&(found / expected)), "{found} {expected}");
        for (R, expected) in [
            (diagonal(&[1.0, 1.0, -1.0, 1.0]), 1.1),
            (diagonal(&[3.0, 0.0, 0.0, 0.0]), 3.0),
            (missed_by_power_iterations(), 5.0_f64.sqrt()),
            (-missed_by_power_iterations(), 5.0_f64.sqrt()),
        ] {
            close(norm_bound(&R, 0.0), expected);
            close(norm_bound(&R, 0.5), expected + 0.5);
        }
        // ‖R‖₂ ‖Y‖/w.
        let proof = Stability { w: 0.5, norm: 3.0 };
        close(proof.error_bound(&diagonal(&[2.0]), 1.0), 18.0);
    }

    /// I + vvᵀ/‖v‖² for a v that is orthogonal to where power iterations start.
    fn missed_by_power_iterations() -> Mat<f64> {
        let v = mat![[-(1.0 + 0.5 * 1.0_f64.sin())], [1.0]];
        Mat::<f64>::identity(2, 2) + &v * v.transpose() / v.squared_norm_l2()
    }

    /// 1 − ‖I − D(Y)‖₂ and q − ‖R‖₂, for D(Y) = 3/4 Y.
    #[test]
    fn what_is_left_of_the_right_side_proves() {
        let M = diagonal(&[0.5, 0.5, 0.5]);
        let equation = Equation::new(Kind::Stein, ("M", M.as_ref()), None, Mat::identity(3, 3).as_ref()).unwrap();
        let Y = Mat::identity(3, 3);
        let proof = Stability::new(&equation, &Y).unwrap();
        assert!((proof.w - (1.0 - 1.1 * 0.25)).abs() < 1e-4 && (proof.norm - 3.0_f64.sqrt()).abs() < 1e-4);
        let proof = Stability::by_answer(&equation, &Y, &equation.residual(&Y)).unwrap();
        assert!((proof.w - (0.9 - 1.1 * 0.25)).abs() < 1e-4 && (proof.norm - 3.0_f64.sqrt()).abs() < 1e-4);
    }
}
