//! Proven bounds on the spectral radius and on the margin.
//!
//! For any P ≻ 0 the radius of Φ lies between two numbers with θ₋P ⪯ Φ(P) ⪯ θ₊P (Collatz and Wielandt), which are close
//! where P is close to the eigenvector. The margin is above every factor at which the certificate holds, and not above
//! that which one symmetric matrix gives ([`growth`](crate::growth)).

use matrix_equations::rounding::{SAFETY, is_positive_definite};
use numbers::{DoubleDouble, Matrix};
use symbols::Setting;

use crate::approximation::Approximation;
use crate::arithmetic::{Arithmetic, view};
use crate::decomposition::{eigen, lower_factor};
use crate::edge::Stability;
use crate::error::LyapunovError;
use crate::noise::Noise;
use crate::problem::DOUBLE_DOUBLE_ROWS;
use crate::problem::Problem;
use crate::rounding::{Magnitude, Rounded, Sizes};
use crate::route::Route;
use crate::stationary::Solution;
use crate::step::Step;

/// Steps towards the eigenvector, beyond which bounds are what they are.
const STEPS: usize = 2_000;

/// By how much a bound is widened, in turn, until it is proven.
const WIDENING: [f64; 7] = [1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-8, 1e-6];

/// Distances from the margin, relative, at which stability is tried to be proven.
const DISTANCES: [f64; 5] = [1e-12, 1e-10, 1e-8, 1e-6, 1e-3];

/// A number between two that are proven bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Enclosure {
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}

/// Proven bounds on the spectral radius and the margin of a stable problem.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Enclosures {
    /// The spectral radius of the second-moment recursion. An upper end of 1 stands for a radius that is closer to 1
    /// than doubles are to each other: [`Solution::gap`] says by how much it is below 1.
    pub spectral_radius: Enclosure,
    /// The margin, which is the largest factor on Λ.
    pub margin: Enclosure,
}

impl Enclosures {
    /// Radius and margin as doubles found them, moved into what is proven.
    #[must_use]
    pub fn nearest(&self, stability: Stability) -> Stability {
        let within = |value: f64, Enclosure { low, high }: Enclosure| value.max(low).min(high);
        Stability {
            spectral_radius: within(stability.spectral_radius, self.spectral_radius),
            margin: within(stability.margin, self.margin),
        }
    }
}

impl Approximation<'_> {
    /// Proven bounds on the radius and the margin, beyond that these are below and above 1. Up to 16 rows of P nearly
    /// all digits are proven; with more rows only an upper bound on each is, which costs as much as the margin itself.
    pub fn enclosures(&self, solution: &Solution) -> Enclosures {
        let below_one = (1.0 - solution.gap).next_up().min(1.0);
        let mut spectral_radius = Enclosure { low: 0.0, high: below_one };
        let mut margin = Enclosure { low: 1.0, high: f64::INFINITY };
        if self.active.is_empty() {
            return Enclosures {
                spectral_radius: Enclosure { low: 0.0, high: 0.0 },
                margin: Enclosure { low: margin.high, ..margin },
            };
        }
        if let Some(growth) = self.growth() {
            margin.high = growth.margin().max(1.0);
        }
        let is_whole = self.modes.as_ref().is_some_and(|modes| modes.lost() == 0);
        if is_whole && self.step.rows() <= DOUBLE_DOUBLE_ROWS {
            if let Some(found) = self.collatz() {
                spectral_radius = Enclosure { low: found.low, high: found.high.min(below_one).max(found.low) };
            }
            let proven = |distance: &&f64| self.is_stable_at(solution.stability.margin * (1.0 - **distance));
            if let Some(distance) = DISTANCES.iter().find(proven) {
                margin.low = (solution.stability.margin * (1.0 - distance)).max(1.0);
            }
        }
        Enclosures { spectral_radius, margin }
    }

    /// Whether it is proven that cΛ is stable.
    fn is_stable_at(&self, c: f64) -> bool {
        if !(c > 1.0 && c.is_finite()) {
            return false;
        }
        let Ok((setting, input)) = self.problem.scaled(c) else { return false };
        let problem = Problem::scaled_of(&setting, input);
        let found = Approximation::by(Route::Reduced, &problem, &mut ());
        found.and_then(|found| found.certify()).is_ok()
    }

    fn collatz(&self) -> Option<Enclosure> {
        let (setting, doubt) = self.problem.double_double();
        let noise = Noise::new(&setting);
        let step = Step::among(&setting, &noise, &self.active);
        let sizes = Sizes::among(self.problem.setting(), &self.noise.second_moment, &self.active);
        let magnitude = Magnitude::of(&step, &sizes, doubt);
        let mut P = self.witness()?.Y;
        let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
        for k in 1..=STEPS {
            // The mean of two steps, so that nothing goes on turning.
            let next = &P - self.step.settled(&P) * 0.5;
            let size = next.norm();
            if !(size > 0.0 && size.is_finite()) {
                return None;
            }
            P = (&next + next.transpose()) / (2.0 * size);
            if k % 20 == 0 {
                (low, high) = quotients(&P, &(&P - self.step.settled(&P)))?;
                if high - low <= 1e-13 * high {
                    break;
                }
            }
        }
        let settled = magnitude.settled(&P.map(Arithmetic::of));
        // θ₊P − Φ(P) and Φ(P) − θ₋P.
        let above =
            |theta: f64| is_proven(&((&P * (theta - 1.0)) + &settled.value), &settled, (theta - 1.0).abs() * P.norm());
        let below =
            |theta: f64| is_proven(&((&P * (1.0 - theta)) - &settled.value), &settled, (1.0 - theta).abs() * P.norm());
        let widened = |theta: f64, sign: f64| WIDENING.map(|by| theta + sign * by * theta.abs().max(f64::MIN_POSITIVE));
        let high = widened(high, 1.0).into_iter().find(|theta| above(*theta));
        let low = widened(low, -1.0).into_iter().find(|theta| *theta > 0.0 && below(*theta));
        Some(Enclosure { low: low.unwrap_or(0.0), high: high.unwrap_or(f64::INFINITY) })
    }
}

/// Whether M ≻ 0 beyond the rounding of R and of forming M, a difference of matrices of this size.
fn is_proven(M: &Matrix<f64>, R: &Rounded, size: f64) -> bool {
    let scale = Matrix::from_diagonal(&M.diagonal().map(|v| 1.0 / v.sqrt()));
    if scale.iter().any(|v| !v.is_finite()) {
        return false;
    }
    let of_sum = (size + R.value.norm()) * 4.0 * f64::UNIT * scale.norm_squared();
    let square = f64::symmetric_product(&scale, &scale).norm();
    let margin = (R.rounding.norm_between(&scale, square) + of_sum) * SAFETY;
    is_positive_definite(view(&((M + M.transpose()) * 0.5)), margin)
}

/// The least and the largest θ with det(θP − Q) = 0.
fn quotients(P: &Matrix<f64>, Q: &Matrix<f64>) -> Option<(f64, f64)> {
    let inverse = lower_factor(P)?.try_inverse()?;
    let scaled = f64::product(&f64::product(&inverse, Q), &inverse.transpose());
    let (_, values) = eigen("the second-moment recursion", &((&scaled + scaled.transpose()) * 0.5)).ok()?;
    let ends = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)));
    (ends.0.is_finite() && ends.1.is_finite()).then_some(ends)
}

impl Problem<'_> {
    /// The setting with cΛ, each entry of which is rounded once more, and a bound on the relative error of its numbers
    /// before that.
    fn scaled(&self, c: f64) -> Result<(Setting<DoubleDouble>, f64), LyapunovError> {
        let (setting, doubt) = self.double_double();
        let rate = setting.learning_rate() * DoubleDouble::from(c);
        let failed = |_| LyapunovError::NotFinite { quantity: "cΛ" };
        Ok((setting.into_owned().with_learning_rate(rate).map_err(failed)?, doubt.input))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of LLᵀ and L S Lᵀ they are the eigenvalues of S; here S = (1 2; 2 1) and L = (2 0; 1 1).
    #[test]
    fn quotients_by_hand() {
        let matrix = |entries: [f64; 4]| Matrix::from_row_slice(2, 2, &entries);
        let (P, Q) = (matrix([4.0, 2.0, 2.0, 2.0]), matrix([4.0, 6.0, 6.0, 6.0]));
        let found = quotients(&P, &Q);
        assert!(found.is_some_and(|(low, high)| (low + 1.0).abs() + (high - 3.0).abs() < 1e-14), "{found:?}");
        assert_eq!(quotients(&Q, &P), None, "no quotients by an indefinite matrix");
    }
}
