//! Gaussian features and labels, drawn by minibatch.
//!
//! The law of g = (1/S) Σᵢ zᵢeᵢ, without its S terms. Let (z, e) be jointly Gaussian with mean 0, E\[z zᵀ\] = I and
//! E\[z e\] = p. The regression of e on z has the slope p, and its remainder e − zᵀp is independent of z, of a variance
//! q₀:
//!
//! ```text
//! e = zᵀp − ε̃,   ε̃ ~ N(0, q₀),   q = E[e²] = |p|² + q₀
//! ```
//!
//! With label noise alone ε̃ is ε and q₀ = σ². With input noise too, x̃ = x + η = N z with N Nᵀ = A + B, the residual
//! x̃ᵀw − xᵀu − ε still is jointly Gaussian with z; p = Nᵀw − a where N a = A u, and
//!
//! ```text
//! q₀ = σ² + uᵀA(A + B)⁺B u,
//! ```
//!
//! which is var(xᵀu + ε) − |a|², as |a|² = uᵀA(A + B)⁺A u; so written nothing cancels, and B = 0 gives σ² to the last
//! bit. (N need not be square: A u is in the range of A + B, and a is the coordinate vector within its rank.)
//!
//! Regress the other way. Given e, z has the mean (e/q) p and the covariance I − ppᵀ/q. So with the sum of the squared
//! residuals, Σ e² = q X, X ~ χ²_S, and independent ξᵢ ~ N(0, I − ppᵀ/q), which are independent of all e,
//!
//! ```text
//! Σ z e = (Σ e²/q) p + Σ eᵢ ξᵢ.
//! ```
//!
//! Given all e the second sum is N(0, Σ e² (I − ppᵀ/q)): it depends on them through X alone. The covariance is the
//! square of a matrix that costs D products to apply,
//!
//! ```text
//! I − ppᵀ/q = (I − α ppᵀ)²,   α = 1/(q + √(q q₀)),
//! ```
//!
//! as (1 − α|p|²)² = q₀/q = 1 − |p|²/q. With ζ ~ N(0, I) independent of X, and √q α = 1/(√q + √q₀):
//!
//! ```text
//! g = (1/S) [ X p + √X (√q ζ − (pᵀζ)/(√q + √q₀) p) ]
//! ```
//!
//! D + 1 random numbers, whatever S. For q = 0 there is neither slope nor noise, p = 0 and g = 0: the quotient, 0/0, is
//! taken as 0. For q₀ = 0 < q, the covariance is the projection off p, as it must be: then p determines e. For D = 1,
//! √q ζ − (pζ)p/(√q + √q₀) = √q₀ ζ.

use super::draw::{At, Sampler};
use crate::lanes::{LANES, Lanes, rows, zeros};
use crate::stream::Stream;
use crate::stream::chi_squared::ChiSquared;

/// The law of g, from D + 1 numbers: see the head of this file.
///
/// Draws: ζ, then X.
pub(crate) struct InDistribution {
    /// 1/S.
    share: f64,
    width: usize,
    /// q₀.
    remainder: f64,
    /// √q₀.
    deviation: f64,
    chi_squared: ChiSquared,
}

impl InDistribution {
    /// For a remainder of variance q₀ ≥ 0.
    pub(crate) fn new(batch_size: u32, width: usize, remainder: f64) -> Self {
        let share = 1.0 / f64::from(batch_size);
        let chi_squared = ChiSquared::new(batch_size);
        InDistribution { share, width, remainder, deviation: remainder.sqrt(), chi_squared }
    }
}

impl Sampler for InDistribution {
    type Scratch = Vec<Lanes>;

    fn scratch(&self) -> Vec<Lanes> {
        zeros(self.width)
    }

    fn cost(&self) -> usize {
        // A normal number costs as much as about eight products.
        (self.width + 4) * 14
    }

    #[inline(always)]
    fn draw(&self, at: At<'_>, _: u64, stream: &mut Stream, normals: &mut Vec<Lanes>, g: &mut [Lanes]) {
        stream.normals(normals);
        let sum_of_squares = stream.chi_squared(&self.chi_squared);
        let (mut square, mut across) = (Lanes::ZERO, Lanes::ZERO);
        for (p, normal) in rows(at.p.iter().zip(normals.iter())) {
            square.add_product(p, p);
            across.add_product(p, normal);
        }
        let share = self.share;
        let (mut slope, mut scale) = (Lanes::ZERO, Lanes::ZERO);
        for l in 0..LANES {
            let deviation = (square[l] + self.remainder).sqrt();
            let root = sum_of_squares[l].sqrt();
            let sum = deviation + self.deviation;
            let quotient = if sum > 0.0 { across[l] / sum } else { 0.0 };
            slope[l] = share * (sum_of_squares[l] - root * quotient);
            scale[l] = share * root * deviation;
        }
        for ((g, p), normal) in rows(g.iter_mut().zip(at.p).zip(normals.iter())) {
            let mut sum = Lanes::ZERO;
            sum.add_product(&slope, p);
            sum.add_product(&scale, normal);
            *g = sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::Use;

    /// g = (1/S) [X p + √X (√q ζ − (pᵀζ)/(√q + √q₀) p)] with the ζ and X that the stream has next.
    #[test]
    fn a_gradient_is_made_of_normals_and_one_sum_of_squares() {
        for (S, remainder) in [(1, 0.5), (5, 0.0), (40, 2.25)] {
            let sampler = InDistribution::new(S, 3, remainder);
            let p = [0.5, -2.0, 1.0].map(|p| Lanes(std::array::from_fn(|l| p * (l + 1) as f64)));
            let mut stream = Stream::new(3, Use::Chain, 0);
            let mut same = stream.clone();
            let (mut scratch, mut g) = (sampler.scratch(), zeros(3));
            for step in 0..100 {
                sampler.draw(At { y: &[], p: &p }, step, &mut stream, &mut scratch, &mut g);
                let normals = [same.normal(), same.normal(), same.normal()];
                let X = same.chi_squared(&ChiSquared::new(S));
                for l in 0..LANES {
                    // |p|² = 21/4 (l + 1)².
                    let root = (5.25 * ((l + 1) as f64).powi(2) + remainder).sqrt();
                    let across: f64 = p.iter().zip(&normals).map(|(p, normal)| p[l] * normal[l]).sum();
                    for ((g, p), normal) in g.iter().zip(&p).zip(&normals) {
                        let scattered = root * normal[l] - across / (root + remainder.sqrt()) * p[l];
                        let expected = (X[l] * p[l] + X[l].sqrt() * scattered) / f64::from(S);
                        let size = X[l] * root;
                        assert!((g[l] - expected).abs() < 1e-13 * size.max(1.0), "{}, expected {expected}", g[l]);
                    }
                }
            }
        }
    }
}
