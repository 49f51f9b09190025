//! Stable coefficients by products of matrices alone: the squared Smith iteration.
//!
//! ```text
//! X − C X Cᵀ = P  ⟹  X = Σₖ CᵏPCᵏᵀ = (… (1 + C₂·C₂ᵀ)(1 + C₁·C₁ᵀ)(1 + C₀·C₀ᵀ)) P,    C₀ = C, Cₖ₊₁ = Cₖ²
//! ```
//!
//! A step costs 5n³ operations where X and the products are symmetric, and squares the spectral radius: 0.95 takes nine.

use symbols::Matrix;

use super::accurate::UNIT;
use crate::arithmetic::Arithmetic;

/// 2⁴⁴ powers: with a spectral radius above 1 − 10⁻¹² doubles have too little left to say.
const STEPS: usize = 44;

/// Powers larger than this do not come down again without the loss of all digits.
const LARGEST: f64 = 1e60;

/// Enough for a Y whose D(Y) is only to be positive.
const ROUGH: f64 = 0.1;

/// C, C², C⁴, … as far as they count.
#[derive(Debug)]
pub(super) struct Smith {
    powers: Vec<Matrix<f64>>,
}

impl Smith {
    /// `None` where the powers do not decay.
    pub(super) fn new(C: &Matrix<f64>) -> Option<Self> {
        let n = C.nrows() as f64;
        let mut power = C.clone();
        let mut powers = Vec::new();
        while powers.len() < STEPS {
            let norm = power.norm();
            // A sum of n numbers inside the unit circle is not above n; NaN stops here too.
            if !(norm < LARGEST && power.trace().abs() <= n * 1.001) {
                return None;
            }
            // The next power has at most the square of this norm, and stands on both sides of X.
            let last = norm.powi(4) <= UNIT;
            let square = (!last).then(|| f64::product(&power, &power));
            powers.push(power);
            match square {
                Some(square) => power = square,
                None => return Some(Smith { powers }),
            }
        }
        None
    }

    /// X.
    pub(super) fn solve(&self, P: Matrix<f64>) -> Matrix<f64> {
        Self::sum(&self.powers, P)
    }

    /// An X with X − C X Cᵀ = P − F P Fᵀ, for a power F of C of norm up to [`ROUGH`].
    pub(super) fn solve_roughly(&self, P: Matrix<f64>) -> Matrix<f64> {
        let count = self.powers.iter().take_while(|C| C.norm() > ROUGH).count();
        Self::sum(&self.powers[..count], P)
    }

    fn sum(powers: &[Matrix<f64>], P: Matrix<f64>) -> Matrix<f64> {
        powers.iter().fold(P, |X, C| {
            let term = f64::symmetric_product(&f64::product(C, &X), C);
            X + term
        })
    }
}
