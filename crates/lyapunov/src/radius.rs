//! The spectral radius of Φ with momentum.
//!
//! As Φ is positive, its spectral radius is its largest real eigenvalue: the largest θ for which Φ(P) = θP has a
//! solution P ≠ 0. In the coordinates of [`modes`](crate::modes) that is the largest θ for which, with an X ≠ 0,
//!
//! ```text
//! d(θ)∘X = Ĉ(X),    d_ij(θ) = (ε³/θ + (4μ − tᵢtⱼ) ε + μθ (tᵢ − tⱼ)²/ε)/(θ + μ),    ε = θ − μ,  t = 1 + μ − h
//! ```
//!
//! (d_ij is the determinant of θ − Fᵢ⊗Fⱼ over that of what a kick does to s; Fᵢ is the step of one coordinate. At θ = 1
//! it is the d of eq. (3).) That holds for −1 < μ < 1.
//!
//! All d_ij(θ) are positive above the largest squared modulus of an eigenvalue of an Fᵢ, which the radius cannot be
//! below. There the largest quotient r(θ) = ⟨X, Ĉ(X)⟩/⟨X, d(θ)∘X⟩ is above 1 for θ below the radius, and below 1 for θ
//! above it. For any one X the quotient is a function of ε with three coefficients. The θ at which it is 1 is a lower
//! bound on the radius, exact to second order in the error of X.

use numbers::Vector;

use crate::extreme::Pencil;
use crate::modes::Modes;

/// The largest number of θ at which a quotient is asked for; a handful suffices.
const STEPS: usize = 100;

/// A radius this close to that without noise, relatively, is that of the slowest coordinate, and moves with it.
const AT_FLOOR: f64 = 1e-11;

/// A spectral radius.
pub(crate) struct Radius {
    pub(crate) value: f64,
    /// Its derivative by μ.
    pub(crate) slope: f64,
    /// X.
    pub(crate) X: Vector<f64>,
}

/// The radius, from an X that is near its eigenvector.
pub(crate) fn with_momentum(modes: &Modes, noise: &Vector<f64>, start: &Vector<f64>, tolerance: f64) -> Radius {
    let mu = modes.momentum();
    let (slowest, floor) = (0..modes.count())
        .map(|i| (modes.pull(i), slowness(modes.pull(i), mu)))
        .fold((0.0, -1.0), |slowest, one| if one.1 > slowest.1 { one } else { slowest });
    let floor = floor.max(0.0);
    if modes.factor() == 0.0 {
        return Radius { value: mu + floor, slope: slope_without_noise(slowest, mu), X: start.clone() };
    }
    let (mut X, mut low, mut high) = (start.clone(), floor, f64::INFINITY);
    let mut slope = slope_without_noise(slowest, mu);
    let quotient = Quotient::new(modes, &X);
    let ceiling = quotient.ceiling().max(2.0 * floor + mu);
    let mut epsilon = quotient.largest_root(floor, ceiling).unwrap_or(0.5 * (floor + ceiling));
    for _ in 0..STEPS {
        let mass = modes.by_pulls(|g, h| element(epsilon, g, h, mu));
        if mass.iter().any(|d| d.is_nan() || *d <= 0.0) {
            // The ε is within rounding of the floor, below which there is no root: search above.
            let above = if high.is_finite() { high } else { ceiling };
            if above - epsilon <= tolerance * (mu + epsilon) || epsilon.is_nan() {
                break;
            }
            epsilon = 0.5 * (epsilon + above);
            continue;
        }
        let elements = Vector::zeros(X.len());
        let pencil = Pencil { modes, mass, elements, noise };
        let found = pencil.largest(&[pencil.peak(), X], tolerance);
        X = found.X;
        let quotient = Quotient::new(modes, &X);
        slope = quotient.slope(epsilon);
        let next = if found.value >= 1.0 {
            low = low.max(epsilon);
            quotient.largest_root(epsilon, quotient.ceiling().min(high)).unwrap_or(epsilon)
        } else {
            high = high.min(epsilon);
            // Without a root the radius is at the lower end, or the next quotient, taken there, shows that it is not.
            quotient.largest_root(low, epsilon).unwrap_or(low + tolerance * (mu + low))
        };
        let moved = (next - epsilon).abs();
        epsilon = next;
        if moved <= tolerance * (mu + epsilon) {
            break;
        }
    }
    if epsilon - floor <= AT_FLOOR * (mu + epsilon) {
        slope = slope_without_noise(slowest, mu);
    }
    Radius { value: mu + epsilon, slope, X }
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

/// The derivative of μ + slowness by μ.
fn slope_without_noise(h: f64, mu: f64) -> f64 {
    let t = 1.0 + mu - h;
    let discriminant = t * t - 4.0 * mu;
    if discriminant <= 0.0 {
        return 1.0;
    }
    // The derivative of λ², where 2λ = |t| + √(t² − 4μ).
    let (root, sign) = (discriminant.sqrt(), t.signum());
    0.5 * (t.abs() + root) * (sign + (t - 2.0) / root)
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
#[derive(Debug)]
struct Quotient {
    /// Σ X_ij².
    square: f64,
    /// Σ (4μ − tᵢtⱼ) X_ij².
    linear: f64,
    /// Σ (tᵢ − tⱼ)² X_ij².
    cross: f64,
    /// Σ (hᵢ + hⱼ + 2(1 − μ)) X_ij², the derivative of `linear` by μ.
    linear_slope: f64,
    /// ⟨X, Ĉ(X)⟩.
    noise: f64,
    mu: f64,
}

impl Quotient {
    fn new(modes: &Modes, X: &Vector<f64>) -> Self {
        let mu = modes.momentum();
        let squares = X.component_mul(X);
        let of_pulls = |entry: &dyn Fn(f64, f64) -> f64| modes.by_pulls(entry).dot(&squares);
        Quotient {
            square: squares.sum(),
            linear: of_pulls(&|g, h| linear(g, h, mu)),
            cross: of_pulls(&|g, h| (g - h).powi(2)),
            linear_slope: of_pulls(&|g, h| g + h + 2.0 * (1.0 - mu)),
            noise: X.dot(&modes.noise_of(X)),
            mu,
        }
    }

    fn excess(&self, epsilon: f64) -> f64 {
        let theta = self.mu + epsilon;
        let moved =
            self.square * epsilon.powi(3) / theta + self.linear * epsilon + self.cross * self.mu * theta / epsilon;
        moved / (theta + self.mu) - self.noise
    }

    /// The derivative by μ of the root in θ, which is at ε, for a fixed X.
    fn slope(&self, epsilon: f64) -> f64 {
        let (mu, theta) = (self.mu, self.mu + epsilon);
        let (square, of_cross) = (self.square * epsilon * epsilon / theta, self.cross * theta / epsilon);
        let cross = of_cross * mu;
        let all = square * epsilon + self.linear * epsilon + cross;
        let by_epsilon = 3.0 * square + self.linear - cross / epsilon;
        let by_theta = by_epsilon - square * epsilon / theta + cross / theta - all / (theta + mu);
        let by_mu = -by_epsilon + self.linear_slope * epsilon + of_cross - all / (theta + mu);
        -by_mu / by_theta
    }

    /// An ε above which there is no root. For μ ≥ 0 and ε ≥ μ, ε³/θ ≥ ε²/2. For μ < 0, ε³/θ ≥ ε², and the term of pairs
    /// of coordinates is at least −|μ| `cross`.
    fn ceiling(&self) -> f64 {
        let (linear, noise) = (self.linear.abs() / self.square, self.noise.abs() / self.square);
        if self.mu < 0.0 {
            return -2.0 * self.mu + linear + noise + (-self.mu * self.cross / self.square).sqrt();
        }
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
mod tests;
