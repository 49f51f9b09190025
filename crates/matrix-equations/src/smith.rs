//! Stable coefficients by products of matrices alone: the squared Smith iteration.
//!
//! ```text
//! X − C X Cᵀ = P  ⟹  X = Σₖ CᵏPCᵏᵀ = (… (1 + C₂·C₂ᵀ)(1 + C₁·C₁ᵀ)(1 + C₀·C₀ᵀ)) P,    C₀ = C, Cₖ₊₁ = Cₖ²
//! ```
//!
//! A step costs 5n³ operations where X and the products are symmetric, and squares the spectral radius: 0.95 takes
//! nine.

use faer::Mat;

use crate::matrix::{product, symmetric_product};
use crate::rounding::UNIT;

/// 2⁴⁴ powers: with a spectral radius above 1 − 10⁻¹² doubles have too little left to say.
const STEPS: usize = 44;

/// Powers larger than this do not come down again without the loss of all digits.
const LARGEST: f64 = 1e60;

/// Powers of C of at most this norm are left out of a Y whose D(Y) is only to be positive.
const ROUGH: f64 = 0.1;

/// C, C², C⁴, … as far as they count.
#[derive(Debug)]
pub(crate) struct Smith {
    powers: Vec<Mat<f64>>,
}

impl Smith {
    /// `None` where the powers do not decay.
    pub(crate) fn new(C: &Mat<f64>) -> Option<Self> {
        let n = C.nrows() as f64;
        let mut power = C.clone();
        let mut powers = Vec::new();
        while powers.len() < STEPS {
            let norm = power.norm_l2();
            let trace = (0..C.nrows()).map(|k| power[(k, k)]).sum::<f64>();
            // A sum of n numbers inside the unit circle is not above n; NaN stops here too.
            if !(norm < LARGEST && trace.abs() <= n * 1.001) {
                return None;
            }
            // The next power has at most the square of this norm, and stands on both sides of X.
            let last = norm.powi(4) <= UNIT;
            let square = (!last).then(|| product(power.as_ref(), power.as_ref()));
            powers.push(power);
            match square {
                Some(square) => power = square,
                None => return Some(Smith { powers }),
            }
        }
        None
    }

    /// X.
    pub(crate) fn solve(&self, P: Mat<f64>) -> Mat<f64> {
        Self::sum(&self.powers, P)
    }

    /// An X with X − C X Cᵀ = P − F P Fᵀ, for a power F of C of norm up to [`ROUGH`].
    pub(crate) fn solve_roughly(&self, P: Mat<f64>) -> Mat<f64> {
        let count = self.powers.iter().take_while(|C| C.norm_l2() > ROUGH).count();
        Self::sum(&self.powers[..count], P)
    }

    fn sum(powers: &[Mat<f64>], P: Mat<f64>) -> Mat<f64> {
        powers.iter().fold(P, |X, C| {
            let term = symmetric_product(product(C.as_ref(), X.as_ref()).as_ref(), C.as_ref());
            X + term
        })
    }
}

#[cfg(test)]
mod tests {
    use faer::mat;

    use super::*;
    use crate::matrix::examples::{diagonal, scalar};

    /// 2⁻¹, 2⁻², 2⁻⁴, 2⁻⁸ and 2⁻¹⁶, the fourth power of which is below u; the first two are above 0.1.
    #[test]
    fn powers_are_kept_as_far_as_they_count() {
        let smith = Smith::new(&scalar(0.5)).unwrap();
        assert_eq!(smith.powers, [1, 2, 4, 8, 16].map(|k| scalar(f64::from(-k).exp2())));
        assert!((smith.solve(scalar(3.0))[(0, 0)] - 4.0).abs() < 1e-15);
        // X − X/4 = P (1 − 2⁻⁸).
        let X = smith.solve_roughly(scalar(3.0))[(0, 0)];
        assert!((0.75 * X - 3.0 * (1.0 - f64::from(-8).exp2())).abs() < 1e-15, "{X}");
        // A power that does not count at all.
        assert_eq!(Smith::new(&scalar(1e-9)).unwrap().powers.len(), 1);
    }

    /// At 1 and beyond; and where 2⁴⁴ powers are too few.
    #[test]
    fn powers_that_do_not_decay_are_no_answer() {
        for (radius, decays) in [(0.999, true), (1.0 - 1e-11, true), (1.0 - 1e-13, false), (1.0, false), (1.01, false)]
        {
            assert_eq!(Smith::new(&diagonal(&[radius, radius])).is_some(), decays, "{radius}");
        }
        // Stable, but its powers grow before they decay: to 1.8 and more times c.
        for (c, decays) in [(1e59, true), (6e59, false)] {
            assert_eq!(Smith::new(&mat![[0.9, c], [0.0, 0.9]]).is_some(), decays);
        }
        assert!(Smith::new(&scalar(f64::NAN)).is_none());
    }
}
