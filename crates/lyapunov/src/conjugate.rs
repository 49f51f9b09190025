//! Conjugate gradients for a∘X − Ĉ(X) = Q.
//!
//! Between symmetric matrices the operator is symmetric, and positive definite exactly where SGD is stable. The
//! preconditioner is the part of it that acts on each entry alone, the diagonal of the noise included, and Tr\[M̂X\]M̂,
//! which has rank one and is inverted with it in closed form:
//!
//! ```text
//! (e∘ − f M̂⟨M̂, ·⟩)⁻¹R = R/e + c (M̂/e),    c = f⟨M̂, R/e⟩/(1 − f⟨M̂, M̂/e⟩)
//! ```
//!
//! Where the noise acts on each entry alone too, that is the operator itself.

use numbers::{Matrix, Vector};

use crate::modes::{Modes, Room};
use crate::observer::{Observer, Progress};
use crate::packed::{by_pairs, packed, unpacked};

/// The most iterations: more would mean that rounding has stopped the descent.
const ITERATIONS: usize = 500;

/// Iterations without halving the residual after which it is as small as it gets.
const PATIENCE: usize = 20;

pub(crate) struct Operator<'a> {
    modes: &'a Modes,
    /// a.
    elements: Vector<f64>,
    /// 1/e.
    inverse: Vector<f64>,
    /// M̂/e and f/(1 − f⟨M̂, M̂/e⟩), where the trace counts.
    trace: Option<(Vector<f64>, f64)>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// A direction in which the operator is not positive.
    NotPositive,
    /// The observer's wish.
    Interrupted,
}

/// When a residual is small enough.
pub(crate) struct Goal {
    /// 1/(uᵢuⱼ).
    per_unit: Vector<f64>,
    size: f64,
}

impl Goal {
    /// The goal of a √Σ (R_ij/(uᵢuⱼ))² of at most `size`.
    pub(crate) fn absolute(units: &[f64], size: f64) -> Self {
        let per = Vec::from_iter(units.iter().map(|unit| 1.0 / unit));
        Goal { per_unit: by_pairs(per.len(), |i, j| per[i] * per[j]), size }
    }

    /// The goal of at most `fraction` times what that is for Q.
    pub(crate) fn relative(units: &[f64], fraction: f64, Q: &Matrix<f64>) -> Self {
        let goal = Goal::absolute(units, fraction);
        Goal { size: fraction * goal.length(&packed(Q)), ..goal }
    }

    fn length(&self, R: &Vector<f64>) -> f64 {
        const LANES: usize = 8;
        let mut sums = [0.0; LANES];
        let (r, r_rest) = R.as_slice().as_chunks::<LANES>();
        let (u, u_rest) = self.per_unit.as_slice().as_chunks::<LANES>();
        for (r, u) in r.iter().zip(u) {
            for lane in 0..LANES {
                sums[lane] += (r[lane] * u[lane]).powi(2);
            }
        }
        let rest: f64 = r_rest.iter().zip(u_rest).map(|(r, u)| (r * u).powi(2)).sum();
        (sums.iter().sum::<f64>() + rest).sqrt()
    }
}

pub(crate) struct Found {
    pub(crate) X: Matrix<f64>,
    pub(crate) iterations: usize,
}

impl<'a> Operator<'a> {
    /// The operator for a = `elements`; `noise` is what the noise does to each entry alone.
    pub(crate) fn new(modes: &'a Modes, elements: Vector<f64>, noise: &Vector<f64>) -> Self {
        let inverse = elements.zip_map(noise, |a, noise| {
            let left = a - noise;
            1.0 / if left > 0.0 { left } else { a }
        });
        let (M, f) = (modes.packed_second_moment(), modes.factor());
        let solved = M.component_mul(&inverse);
        let left = 1.0 - f * M.dot(&solved);
        // Beyond the limit of stability it does not help to know the trace.
        let trace = (left > 0.0 && modes.has_trace()).then(|| (solved, f / left));
        Operator { modes, elements, inverse, trace }
    }

    /// X until the residual reaches its goal or rounding stops the descent.
    pub(crate) fn solve(&self, Q: &Matrix<f64>, goal: &Goal, observer: &mut dyn Observer) -> Result<Found, Stop> {
        let n = self.modes.count();
        let mut R = packed(Q);
        let mut X = Vector::zeros(R.len());
        let start = goal.length(&R);
        if start == 0.0 {
            return Ok(Found { X: unpacked(&X, n), iterations: 0 });
        }
        let (mut room, mut image, mut Z) = (Room::new(n), X.clone(), X.clone());
        let mut slope = self.precondition(&R, &mut Z);
        let mut direction = Z.clone();
        let (mut best, mut stalled) = (start, 0);
        for iteration in 1..=ITERATIONS {
            self.apply(&direction, &mut image, &mut room);
            let curvature = direction.dot(&image);
            if curvature.is_nan() || curvature <= 0.0 {
                return Err(Stop::NotPositive);
            }
            X.axpy(slope / curvature, &direction, 1.0);
            R.axpy(-slope / curvature, &image, 1.0);
            let norm = goal.length(&R);
            if observer.observe(Progress { iteration, residual: norm / start }).is_break() {
                return Err(Stop::Interrupted);
            }
            stalled = if norm < 0.5 * best { 0 } else { stalled + 1 };
            best = best.min(norm);
            if norm <= goal.size || stalled == PATIENCE || iteration == ITERATIONS {
                return Ok(Found { X: unpacked(&X, n), iterations: iteration });
            }
            let before = slope;
            slope = self.precondition(&R, &mut Z);
            direction.axpy(1.0, &Z, slope / before);
        }
        Ok(Found { X: unpacked(&X, n), iterations: ITERATIONS })
    }

    /// Writes the preconditioner's answer to Z, and returns ⟨Z, R⟩.
    fn precondition(&self, R: &Vector<f64>, Z: &mut Vector<f64>) -> f64 {
        for ((z, r), e) in Z.as_mut_slice().iter_mut().zip(R.as_slice()).zip(self.inverse.as_slice()) {
            *z = r * e;
        }
        if let Some((solved, factor)) = &self.trace {
            // ⟨M̂, R/e⟩ = ⟨M̂/e, R⟩.
            Z.axpy(factor * solved.dot(R), solved, 1.0);
        }
        Z.dot(R)
    }

    fn apply(&self, S: &Vector<f64>, image: &mut Vector<f64>, room: &mut Room) {
        self.modes.noise(S, image, room);
        for ((t, s), a) in image.as_mut_slice().iter_mut().zip(S.as_slice()).zip(self.elements.as_slice()) {
            *t = a * s - *t;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R_ij = uᵢuⱼ(i + j + 1) for 4 units: ten entries, which are more than eight lanes.
    #[test]
    fn a_residual_is_measured_in_the_units_of_its_directions() {
        for units in [&[2.0, 4.0][..], &[1.0, 0.5, 4.0, 2.0]] {
            let n = units.len();
            let R = Matrix::from_fn(n, n, |i, j| units[i] * units[j] * (i + j + 1) as f64);
            let expected = Matrix::from_fn(n, n, |i, j| (i + j + 1) as f64).norm();
            let goal = Goal::relative(units, 0.25, &R);
            assert!((goal.length(&packed(&R)) - expected).abs() < 1e-14, "{}", goal.length(&packed(&R)));
            assert!((goal.size - 0.25 * expected).abs() < 1e-14, "{}", goal.size);
            assert_eq!(Goal::absolute(units, 0.25).size, 0.25);
        }
    }
}
