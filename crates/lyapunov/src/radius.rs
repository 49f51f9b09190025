//! The spectral radius of Φ with momentum.
//!
//! As Φ is positive, its spectral radius is its largest real eigenvalue: the largest θ for which Φ(P) = θP has a solution P ≠ 0. In
//! the coordinates of [`modes`](crate::modes) that is the largest θ for which, with an X ≠ 0,
//!
//! ```text
//! d(θ)∘X = Ĉ(X),    d_ij(θ) = (ε³/θ + (4μ − tᵢtⱼ) ε + μθ (tᵢ − tⱼ)²/ε)/(θ + μ),    ε = θ − μ,  t = 1 + μ − h
//! ```
//!
//! (d_ij is the determinant of θ − Fᵢ⊗Fⱼ over that of what a kick does to s; Fᵢ is the step of one coordinate. At θ = 1 it is the d of
//! eq. (3).) All d_ij(θ) are positive above the largest squared modulus of an eigenvalue of an Fᵢ, which the radius cannot be below. There
//! the largest quotient r(θ) = ⟨X, Ĉ(X)⟩/⟨X, d(θ)∘X⟩ is above 1 below the radius, and below 1 above it. For any one X the quotient is a
//! function of ε with three coefficients; where it is 1 is a lower bound on the radius, exact to second order in the error of X.

use symbols::Vector;

use crate::extreme::Pencil;
use crate::modes::{Modes, Room};

/// Quotients at different θ that are asked for at most; a handful are.
const STEPS: usize = 100;

/// The radius, from an X that is near its eigenvector.
pub(crate) fn with_momentum(modes: &Modes, noise: &Vector<f64>, start: &Vector<f64>, tolerance: f64) -> f64 {
    let mu = modes.momentum();
    let floor = (0..modes.count()).map(|i| slowness(modes.pull(i), mu)).fold(0.0, f64::max);
    if modes.factor() == 0.0 {
        return mu + floor;
    }
    let (mut X, mut low, mut high) = (start.clone(), floor, f64::INFINITY);
    let quotient = Quotient::new(modes, &X);
    let mut epsilon = quotient.largest_root(floor, quotient.ceiling()).unwrap_or(0.5 * (floor + quotient.ceiling()));
    for _ in 0..STEPS {
        let mass = modes.by_pulls(|g, h| element(epsilon, g, h, mu));
        if mass.iter().any(|d| d.is_nan() || *d <= 0.0) {
            // Within rounding of the floor.
            break;
        }
        let elements = Vector::zeros(X.len());
        let pencil = Pencil { modes, mass, elements, noise };
        let found = pencil.largest(&[pencil.peak(), X], tolerance);
        X = found.X;
        let quotient = Quotient::new(modes, &X);
        let next = if found.value >= 1.0 {
            low = low.max(epsilon);
            quotient.largest_root(epsilon, quotient.ceiling().min(high)).unwrap_or(epsilon)
        } else {
            high = high.min(epsilon);
            quotient.largest_root(low, epsilon).unwrap_or(0.5 * (low + epsilon))
        };
        let moved = (next - epsilon).abs();
        epsilon = next;
        if moved <= tolerance * (mu + epsilon) {
            break;
        }
    }
    mu + epsilon
}

/// The largest squared modulus of an eigenvalue of F, less μ.
fn slowness(h: f64, mu: f64) -> f64 {
    // t² − 4μ.
    let discriminant = (1.0 - mu).powi(2) - 2.0 * (1.0 + mu) * h + h * h;
    if discriminant <= 0.0 {
        return 0.0;
    }
    // λ² − μ = λ² − λλ' for the eigenvalues λ, λ' of F.
    let (t, root) = ((1.0 + mu - h).abs(), discriminant.sqrt());
    0.5 * (t + root) * root
}

/// 4μ − tᵢtⱼ.
fn linear(g: f64, h: f64, mu: f64) -> f64 {
    (1.0 + mu) * (g + h) - g * h - (1.0 - mu).powi(2)
}

/// d_ij(θ).
fn element(epsilon: f64, g: f64, h: f64, mu: f64) -> f64 {
    let theta = mu + epsilon;
    let cross = if g == h { 0.0 } else { mu * theta * (g - h).powi(2) / epsilon };
    (epsilon.powi(3) / theta + linear(g, h, mu) * epsilon + cross) / (theta + mu)
}

/// ⟨X, d(θ)∘X⟩ − ⟨X, Ĉ(X)⟩ for one X, as a function of ε.
struct Quotient {
    /// Σ X_ij².
    square: f64,
    /// Σ (4μ − tᵢtⱼ) X_ij².
    linear: f64,
    /// Σ (tᵢ − tⱼ)² X_ij².
    cross: f64,
    /// ⟨X, Ĉ(X)⟩.
    noise: f64,
    mu: f64,
}

impl Quotient {
    fn new(modes: &Modes, X: &Vector<f64>) -> Self {
        let mu = modes.momentum();
        let mut image = Vector::zeros(X.len());
        modes.noise(X, &mut image, &mut Room::new(modes.count()));
        let squares = X.component_mul(X);
        let of_pulls = |entry: &dyn Fn(f64, f64) -> f64| modes.by_pulls(entry).dot(&squares);
        Quotient {
            square: squares.sum(),
            linear: of_pulls(&|g, h| linear(g, h, mu)),
            cross: of_pulls(&|g, h| (g - h).powi(2)),
            noise: X.dot(&image),
            mu,
        }
    }

    fn excess(&self, epsilon: f64) -> f64 {
        let theta = self.mu + epsilon;
        let moved =
            self.square * epsilon.powi(3) / theta + self.linear * epsilon + self.cross * self.mu * theta / epsilon;
        moved / (theta + self.mu) - self.noise
    }

    /// No root lies above: from ε = μ on ε³/θ ≥ ε²/2.
    fn ceiling(&self) -> f64 {
        let (linear, noise) = (self.linear.abs() / self.square, self.noise.abs() / self.square);
        self.mu + 2.0 * (linear + noise) + 2.0 * (noise * self.mu).sqrt()
    }

    /// The largest root between two ε, the upper of which has a positive excess.
    fn largest_root(&self, low: f64, high: f64) -> Option<f64> {
        /// From one ε that is tried to the next, as a part of the distance to the lower end.
        const RATIO: f64 = 0.875;
        const TRIES: i32 = 300;
        let mut above = high;
        for k in 1..=TRIES {
            let below = low + (high - low) * RATIO.powi(k);
            if self.excess(below) < 0.0 {
                return Some(self.bisect(below, above));
            }
            above = below;
        }
        None
    }

    fn bisect(&self, mut low: f64, mut high: f64) -> f64 {
        loop {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                return middle;
            }
            if self.excess(middle) > 0.0 { high = middle } else { low = middle }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use symbols::{Matrix, matrix};

    /// F = [1 − h, −μ; h, μ] on (s, q), and the kick J = (−1, 1).
    fn kicked(theta: f64, g: f64, h: f64, mu: f64) -> f64 {
        let F = |h: f64| Matrix::from_row_slice(2, 2, &[1.0 - h, -mu, h, mu]);
        let moved = Matrix::identity(4, 4) * theta - F(g).kronecker(&F(h));
        let kick = Matrix::from_row_slice(4, 1, &[1.0, -1.0, -1.0, 1.0]);
        1.0 / matrix::solve(&moved, &kick).unwrap()[(0, 0)]
    }

    proptest! {
        #[test]
        fn elements_are_what_a_kick_does(g in 0.01..1.5_f64, h in 0.01..1.5_f64, mu in 0.05..0.95_f64, above in 0.05..2.0_f64) {
            let floor = slowness(g, mu).max(slowness(h, mu));
            let epsilon = floor + above;
            let found = element(epsilon, g, h, mu);
            let expected = kicked(mu + epsilon, g, h, mu);
            prop_assert!((found - expected).abs() <= 1e-10 * expected, "{found} {expected}");
            prop_assert!(found > 0.0);
        }

        #[test]
        fn without_noise_the_slowest_coordinate_decides(h in 0.01..1.5_f64, mu in 0.05..0.95_f64) {
            let F = Matrix::from_row_slice(2, 2, &[1.0 - h, -mu, h, mu]);
            let largest = F.complex_eigenvalues().iter().map(|e| e.norm_sqr()).fold(0.0, f64::max);
            prop_assert!((mu + slowness(h, mu) - largest).abs() <= 1e-12);
        }
    }
}
