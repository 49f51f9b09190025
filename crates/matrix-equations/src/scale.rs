//! Units in which the entries of an equation are near 1: powers of two, so that no digit changes.
//!
//! ```text
//! A = 2ᵃ A′,  E = 2ᵉ E′,  Q = 2^q Q′    ⟹    X = 2ˣ X′,   R = 2^q R′,   x = q − a − e      (Stein: a = e)
//! ```
//!
//! Products of entries near 1 stay in the range of doubles where those of the entries themselves may leave it. What
//! still does, with ‖A‖²‖X‖ beyond that range although X is not, is left to whole numbers where it is small.

use faer::{Mat, MatRef};

use crate::answer::Solution;
use crate::certificate::Certificate;
use crate::equation::{Equation, Kind, Residual, symmetric};
use crate::error::EquationError;
use crate::matrix::{entries, frobenius};
use crate::rational;
use crate::rounding::SAFETY;

/// A Stein equation without E has units of its own, which are left only where A² might overflow.
const LARGE: f64 = 1e90;

/// a, e and q.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    kind: Kind,
    a: i32,
    e: i32,
    q: i32,
}

impl Equation {
    /// The residual of X, which is symmetric up to rounding.
    pub(crate) fn checked_residual(&self, X: MatRef<'_, f64>) -> Result<Residual, EquationError> {
        let X = symmetric("X", X, self.order())?;
        let (equation, scale) = self.scaled();
        let residual = match scale.in_units(&X) {
            Some(in_units) => scale.residual(equation.residual(&in_units)),
            None => finite(self.residual(&X)),
        };
        residual.or_else(|error| rational::residual(self, &X).ok_or(error))
    }

    /// This equation with entries near 1, as far as no entry loses a digit by that.
    pub(crate) fn scaled(&self) -> (Equation, Scale) {
        let n = self.order();
        let mut E = self.E.clone();
        if self.kind == Kind::Stein && E.is_none() && self.A.norm_max() > LARGE {
            E = Some(Mat::identity(n, n));
        }
        let A = &self.A;
        let (a, e) = match (self.kind, E.as_ref()) {
            (Kind::Lyapunov, E) => (Exponents::of([A]).shift(), E.map_or(0, |E| Exponents::of([E]).shift())),
            (Kind::Stein, None) => (0, 0),
            (Kind::Stein, Some(E)) => {
                let both = Exponents::of([A, E]).shift();
                (both, both)
            }
        };
        let q = Exponents::of([&self.Q]).shift();
        let scale = Scale { kind: self.kind, a, e, q };
        let E = E.map(|E| times_power(&E, -e));
        (Equation { kind: self.kind, A: times_power(A, -a), E, Q: times_power(&self.Q, -q) }, scale)
    }
}

impl Scale {
    /// x.
    fn of_answer(self) -> i32 {
        self.q - self.a - self.e
    }

    /// X.
    pub(crate) fn answer(self, X: &Mat<f64>) -> Mat<f64> {
        times_power(X, self.of_answer())
    }

    /// X′, if no digit is lost.
    pub(crate) fn in_units(self, X: &Mat<f64>) -> Option<Mat<f64>> {
        let scaled = times_power(X, -self.of_answer());
        (times_power(&scaled, self.of_answer()) == *X).then_some(scaled)
    }

    /// R, if it is a matrix of doubles.
    pub(crate) fn residual(self, residual: Residual) -> Result<Residual, EquationError> {
        let Residual { matrix, rounding, relative } = residual;
        let scaled = times_power(&matrix, self.q);
        // An entry that underflows is off by half of the least double.
        let lost =
            if times_power(&scaled, -self.q) == matrix { 0.0 } else { scaled.nrows() as f64 * f64::MIN_POSITIVE };
        finite(Residual { matrix: scaled, rounding: bound(rounding, self.q) + lost, relative })
    }

    /// The solution of the equation itself; `equation` is the one in units.
    ///
    /// # Errors
    /// [`EquationError::Overflow`] where X or its residual is no matrix of doubles.
    pub(crate) fn solution(self, equation: &Equation, solution: Solution) -> Result<Solution, EquationError> {
        let Solution { X: in_units, certificate, residual, route } = solution;
        let x = self.of_answer();
        let X = self.answer(&in_units);
        if !X.is_all_finite() {
            return Err(EquationError::Overflow { quantity: "X" });
        }
        let back = times_power(&X, -x);
        let (lost, residual) = if back == in_units {
            (0.0, residual)
        } else {
            (frobenius((&in_units - &back).as_ref()) * SAFETY, equation.residual(&back))
        };
        let of_error = |error: f64| {
            let error = bound(error + lost, x);
            if error.is_finite() { Ok(error) } else { Err(EquationError::Overflow { quantity: "X" }) }
        };
        let certificate = match certificate {
            Certificate::Stable { error_bound } => Certificate::Stable { error_bound: of_error(error_bound)? },
            Certificate::Estimated { separation, error_estimate } => Certificate::Estimated {
                separation: power(separation, self.a + self.e).min(f64::MAX),
                error_estimate: of_error(error_estimate)?,
            },
        };
        Ok(Solution { X, certificate, residual: self.residual(residual)?, route })
    }

    /// The error, in the units of the equation itself.
    pub(crate) fn error(self, error: EquationError) -> EquationError {
        match error {
            EquationError::Singular { condition, value, first, second } if self.kind == Kind::Lyapunov => {
                let eigenvalue = |v: f64| power(v, self.a - self.e);
                let [first, second] = [first, second].map(|(re, im)| (eigenvalue(re), eigenvalue(im)));
                EquationError::Singular { condition, value: eigenvalue(value), first, second }
            }
            EquationError::NearlySingular { separation, bound } => {
                let [separation, bound] = [separation, bound].map(|v| power(v, self.a + self.e).min(f64::MAX));
                EquationError::NearlySingular { separation, bound }
            }
            error => error,
        }
    }
}

fn finite(residual: Residual) -> Result<Residual, EquationError> {
    let finite = residual.rounding.is_finite() && residual.matrix.is_all_finite();
    if finite { Ok(residual) } else { Err(EquationError::Overflow { quantity: "the residual" }) }
}

/// ⌊log₂⌋ of the smallest and of the largest entry that is not zero; `None` where all are.
#[derive(Debug, Clone, Copy)]
struct Exponents(Option<(i32, i32)>);

impl Exponents {
    fn of<'m>(matrices: impl IntoIterator<Item = &'m Mat<f64>>) -> Self {
        let entries = matrices.into_iter().flat_map(|M| entries(M.as_ref())).filter(|v| *v != 0.0);
        let exponents = entries.map(exponent).map(|k| (k, k));
        Exponents(exponents.reduce(|(least, most), (k, _)| (least.min(k), most.max(k))))
    }

    /// The largest entry becomes one between 1 and 2, unless the smallest would leave the range in which doubles have
    /// all their digits.
    fn shift(self) -> i32 {
        match self.0 {
            None => 0,
            Some((_, largest)) if largest <= 0 => largest,
            Some((smallest, largest)) => largest.min((smallest - f64::MIN_EXP + 1).max(0)),
        }
    }
}

/// ⌊log₂ |v|⌋ of a number that is not zero.
fn exponent(v: f64) -> i32 {
    let of_normal = |v: f64| ((v.to_bits() >> 52) & 0x7ff) as i32 - 1023;
    if v.is_subnormal() { of_normal(v * 64_f64.exp2()) - 64 } else { of_normal(v) }
}

/// 2ᵏ v; rounded once at most.
fn power(v: f64, k: i32) -> f64 {
    // Beyond these nothing but 0 and ∞ is left.
    let k = k.clamp(-2200, 2200);
    // Large numbers first, so that only the last factor can leave the normal range.
    let step = if k < 0 { -1000 } else { 1000 };
    let whole = f64::from(step).exp2();
    let mut v = v;
    let mut left = k;
    while left.abs() > 1000 {
        // A subnormal on the way down would be rounded again.
        if k < 0 && exponent(v) + step < f64::MIN_EXP && v != 0.0 {
            break;
        }
        v *= whole;
        left -= step;
    }
    if left.abs() <= 1000 {
        return v * f64::from(left).exp2();
    }
    // Far below the least double, or next to it.
    if v == 0.0 || exponent(v) + left < -1080 { 0.0 * v } else { v * whole * f64::from(left - step).exp2() }
}

/// At least 2ᵏ v.
fn bound(v: f64, k: i32) -> f64 {
    let scaled = power(v, k);
    if power(scaled, -k) < v { scaled.next_up() } else { scaled }
}

fn times_power(M: &Mat<f64>, k: i32) -> Mat<f64> {
    M.map(|v| power(*v, k))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::examples::diagonal;

    #[test]
    fn exponents_are_those_of_the_number() {
        for (v, k) in
            [(1.0, 0), (1.999, 0), (-2.0, 1), (0.75, -1), (f64::MAX, 1023), (f64::MIN_POSITIVE, -1022), (5e-324, -1074)]
        {
            assert_eq!(exponent(v), k, "{v:e}");
        }
    }

    #[test]
    fn powers_of_two_are_exact_within_the_range() {
        for (v, k, expected) in [
            (1.5, 1023, 1.5 * 1023_f64.exp2()),
            (1.5, -1074, 1e-323),
            (1.25, -1074, 5e-324),
            (f64::MAX, -2097, 1e-323),
            (5e-324, 2097, 1023_f64.exp2()),
            (5e-324, -1, 0.0),
            (1.0, 1024, f64::INFINITY),
            (1.0, -3000, 0.0),
            (0.0, 5000, 0.0),
        ] {
            assert_eq!(power(v, k), expected, "{v:e} {k}");
        }
        assert_eq!(bound(1.25, -1074), 1e-323);
        assert_eq!(bound(1.5, 10), 1536.0);
    }

    /// No entry loses a digit: what is too small for that keeps the others large.
    #[test]
    fn entries_come_near_one_as_far_as_none_is_lost() {
        for (entries, shift) in
            [([4.0, 1.0], 2), ([0.0, 0.0], 0), ([1e-300, 0.0], -997), ([1e300, 1e-300], 25), ([1e300, 5e-324], 0)]
        {
            let found = Exponents::of([&diagonal(&entries)]).shift();
            assert_eq!(found, shift, "{entries:?}");
            let M = diagonal(&entries);
            assert_eq!(times_power(&times_power(&M, -found), found), M);
        }
    }
}
