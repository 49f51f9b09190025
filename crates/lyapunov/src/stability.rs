//! Whether the second moments converge, and how far they are from the limit of stability.

use numbers::{Matrix, Vector, matrix};
use symbols::Setting;

use crate::decomposition::{eigen, lower_factor};
use crate::dense;
use crate::edge::Stability;
use crate::error::LyapunovError;
use crate::extreme::{Extreme, Pencil};
use crate::modes::Modes;
use crate::packed::packed;
use crate::radius;
use crate::step::{Rate, Step};

/// Relative error of a spectral radius or a margin.
pub(crate) const TOLERANCE: f64 = 1e-13;

/// The stability of any setting, stable or not.
///
/// The radius is that of Φ, on the joint second moments, and as Φ is positive it is one of its eigenvalues: without
/// momentum the largest θ with (1−hᵢ)(1−hⱼ)∘X + Ĉ(X) = θX in the coordinates of ΛK's eigenvectors, h its eigenvalues.
///
/// The margin: with Λ → cΛ, h → ch and Ĉ → c²Ĉ, eq. (3) without its constant reads, divided by c², (1−μ)(hᵢ + hⱼ)/c X +
/// (μ(hᵢ² + hⱼ²) − (1+μ²)hᵢhⱼ)/(1−μ²) X = Ĉ(X). For small c SGD is stable if and only if all h > 0; and the radius
/// passes 1 at the smallest c > 0 for which an X ≠ 0 solves this equation.
///
/// # Errors
/// [`LyapunovError::Indefinite`], [`LyapunovError::NotFinite`]; where Λ has eigenvalues of both signs
/// [`LyapunovError::TooLarge`].
pub fn stability(setting: &Setting<f64>) -> Result<Stability, LyapunovError> {
    let step = Step::of_setting(setting);
    step.check()?;
    match Modes::new(&step)? {
        Some(modes) => of_modes(&modes),
        None => dense::stability(&step),
    }
}

pub(crate) fn of_modes(modes: &Modes) -> Result<Stability, LyapunovError> {
    if modes.count() == 0 {
        return Ok(Stability { spectral_radius: 0.0, margin: f64::INFINITY });
    }
    let noise = noise_alone(modes);
    let (margin, start) = if modes.adrift {
        (0.0, start(modes))
    } else {
        let Extreme { value, X } = margin_pencil(modes, &noise).largest(&[start(modes)], TOLERANCE);
        // Noise takes from the margin, and what rounding leaves of none may not add to it.
        let without_noise = modes.by_pulls(|g, h| 0.5 * g.max(h)).max() / (1.0 + modes.momentum());
        (1.0 / if value < without_noise { without_noise } else { value }, X)
    };
    let spectral_radius = if modes.momentum() == 0.0 {
        let mass = modes.by_pulls(|_, _| 1.0);
        let elements = modes.by_pulls(|g, h| (1.0 - g) * (1.0 - h));
        let pencil = Pencil { modes, mass, elements, noise: &noise };
        pencil.largest(&[pencil.peak(), start], TOLERANCE).value
    } else {
        radius::with_momentum(modes, &noise, &start, TOLERANCE).value
    };
    // A modulus, which rounding may leave a little below zero.
    let spectral_radius = if spectral_radius < 0.0 { 0.0 } else { spectral_radius };
    if spectral_radius.is_finite() && !margin.is_nan() {
        Ok(Stability { spectral_radius, margin })
    } else {
        Err(LyapunovError::NotFinite { quantity: "the second-moment recursion" })
    }
}

/// What the noise does to each entry alone, its trace included.
pub(crate) fn noise_alone(modes: &Modes) -> Vector<f64> {
    let M = modes.packed_second_moment();
    let noise = modes.noise_of_entries();
    if modes.has_trace() { noise + M.component_mul(M) * modes.factor() } else { noise }
}

/// The X that the trace term alone would have, and the identity, which is orthogonal to no positive definite matrix.
pub(crate) fn start(modes: &Modes) -> Vector<f64> {
    let sums = modes.by_pulls(|g, h| (g + h).abs());
    let largest = sums.amax();
    let scaled = modes.packed_second_moment().zip_map(&sums, |m, sum| m / sum.max(1e-3 * largest));
    // Without noise any unit will do.
    let noisiest = modes.second_moment.diagonal().amax();
    let unit = if noisiest > 0.0 { noisiest } else { 1.0 } / largest;
    scaled + packed(&Matrix::from_diagonal_element(modes.count(), modes.count(), unit))
}

/// The pencil of the margin, with θ = 1/c.
pub(crate) fn margin_pencil<'a>(modes: &'a Modes, noise: &'a Vector<f64>) -> Pencil<'a> {
    let mu = modes.momentum();
    Pencil { modes, mass: modes.by_pulls(|g, h| (1.0 - mu) * (g + h)), elements: modes.overshoot(), noise }
}

fn sound(quantity: &'static str, M: &Matrix<f64>) -> Result<(), LyapunovError> {
    match M.iter().position(|v| !v.is_finite()) {
        None => LyapunovError::unless_in_range(quantity, M.as_slice()),
        Some(k) => Err(LyapunovError::Entry { quantity, row: k % M.nrows(), column: k / M.nrows(), value: M[k] }),
    }
}

impl Step<'_, f64> {
    /// Whether features can have the second moments M, and all numbers are finite and in range.
    ///
    /// # Errors
    /// [`LyapunovError::Indefinite`], [`LyapunovError::Entry`], [`LyapunovError::OutOfRange`].
    pub(crate) fn check(&self) -> Result<(), LyapunovError> {
        let M = &self.noise.second_moment;
        sound("A + B", M)?;
        sound("hessian", &self.hessian)?;
        match &self.learning_rate {
            Rate::Number(lambda) => sound("learning_rate", &matrix::scalar(*lambda))?,
            Rate::Matrix(L) => sound("learning_rate", L)?,
        }
        // The second moments of samples are positive semidefinite.
        if self.noise.features.is_some() || lower_factor(M).is_some() {
            return Ok(());
        }
        let (_, eigenvalues) = eigen("A + B", M)?;
        // Rounding moves an eigenvalue by no more than n·ε of the largest.
        let largest = eigenvalues.iter().fold(0.0, |largest: f64, e| largest.max(e.abs()));
        let smallest = eigenvalues.iter().copied().fold(f64::INFINITY, f64::min);
        if smallest < -largest * M.nrows() as f64 * f64::EPSILON {
            return Err(LyapunovError::Indefinite { eigenvalue: smallest });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::{gaussian, two_weights};

    /// h = 3/2, 1/2 and M̂ = diag(1, 1/2): M̂_ij/(hᵢ + hⱼ), and the largest of M̂ over the largest of the sums.
    #[test]
    fn the_start_is_that_of_the_trace_and_the_identity() {
        let setting = two_weights();
        let modes = Modes::new(&Step::of_setting(&setting)).unwrap().unwrap();
        assert!(modes.pull(0) > modes.pull(1));
        let expected = Vector::from_row_slice(&[1.0 / 3.0 + 1.0 / 3.0, 0.0, 0.5 + 1.0 / 3.0]);
        assert!((start(&modes) - &expected).norm() < 1e-15, "{}", start(&modes));
    }

    /// The place of an entry, and an eigenvalue that is negative by more than rounding.
    #[test]
    fn features_can_have_positive_second_moments_alone() {
        let check = |A: Matrix<f64>| Step::of_setting(&gaussian(A, Matrix::identity(2, 2) * 0.5, 1)).check();
        for (row, column) in [(1, 0), (1, 1)] {
            let mut A = Matrix::identity(2, 2);
            A[(row, column)] = f64::INFINITY;
            A[(column, row)] = f64::INFINITY;
            let quantity = "A + B";
            assert_eq!(check(A), Err(LyapunovError::Entry { quantity, row, column, value: f64::INFINITY }));
        }
        // 1, and below it the product of the other diagonal entries.
        let of = |x: f64| Matrix::from_row_slice(2, 2, &[1.0, 1.0, 1.0, x]);
        assert_eq!(check(of(1.0)), Ok(()));
        assert_eq!(check(of(1.0 - f64::EPSILON)), Ok(()));
        let Err(LyapunovError::Indefinite { eigenvalue }) = check(of(1.0 - 8.0 * f64::EPSILON)) else { panic!() };
        assert!((eigenvalue / (-4.0 * f64::EPSILON) - 1.0).abs() < 0.2, "{eigenvalue:e}");
    }
}
