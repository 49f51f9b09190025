//! Section 1: the noise of one minibatch, at given weights.
//!
//! "At w" means at the setting's initial weights: C(w₀) is the noise of the first step.

pub mod gradient_with_replacement;
pub mod gradient_without_replacement;
pub mod noise;
pub mod noise_at_interpolation;
pub mod noise_with_replacement;
pub mod noise_without_replacement;
pub mod samplings_of_many;
pub mod samplings_of_one;

use numbers::{Matrix, Scalar, Vector, matrix};
use symbols::{Population, Setting};

use crate::oracle::{ClaimError, batch_size};

/// ∇ℓᵢ(w₀) of every sample, and their mean ∇L(w₀).
struct Gradients<T> {
    each: Vec<Vector<T>>,
    mean: Vector<T>,
}

impl<T: Scalar> Gradients<T> {
    fn of(setting: &Setting<T>) -> Result<Self, ClaimError> {
        let Population::Data(data) = setting.population() else { return Err(ClaimError::NeedsDataSet) };
        let w = setting.initial_weights();
        let decay = setting.weight_decay() * w;
        let residuals = &data.features * w - &data.labels;
        let each =
            Vec::from_iter(data.features.row_iter().zip(&residuals).map(|(x, r)| x.transpose() * r.clone() + &decay));
        let sum = each.iter().fold(Vector::zeros(setting.dimension()), |sum, gradient| sum + gradient);
        let mean = sum / T::from_integer(each.len() as i64);
        Ok(Gradients { each, mean })
    }

    /// N.
    fn count(&self) -> T {
        T::from_integer(self.each.len() as i64)
    }

    /// N − 1.
    fn others(&self) -> Result<T, ClaimError> {
        let others = self.count() - T::one();
        if others.is_zero() { Err(ClaimError::Pole { denominator: "N − 1" }) } else { Ok(others) }
    }

    /// Σ ∇ℓᵢ∇ℓᵢᵀ.
    fn sum_of_squares(&self) -> Matrix<T> {
        let D = self.mean.len();
        self.each.iter().fold(Matrix::zeros(D, D), |sum, gradient| sum + matrix::outer(gradient, gradient))
    }

    /// Σ (∇ℓᵢ − ∇L)(∇ℓᵢ − ∇L)ᵀ, by differences d to a rounded mean: Σ ddᵀ − (Σd)(Σd)ᵀ/N, where Σd is what rounding
    /// left.
    fn sum_of_centered_squares(&self) -> Matrix<T> {
        let differences = || self.each.iter().map(|gradient| gradient - &self.mean);
        let rest = differences().sum();
        let squares = differences().map(|d| matrix::outer(&d, &d)).sum::<Matrix<T>>();
        squares - matrix::outer(&rest, &rest) / self.count()
    }

    /// ∇L∇Lᵀ.
    fn square_of_mean(&self) -> Matrix<T> {
        matrix::outer(&self.mean, &self.mean)
    }
}

/// What every noise with − ∇L∇Lᵀ loses.
const MEAN_OF_SQUARES: &str =
    "(1/N) Σ ∇ℓᵢ∇ℓᵢᵀ − ∇L∇Lᵀ, where the gradients agree in their leading digits: differences to the mean instead";

/// A column as a matrix.
fn as_matrix<T: Scalar>(column: Vector<T>) -> Matrix<T> {
    Matrix::from_columns(&[column])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No double is the mean of 2⁵² + {0, 1, 3}. By the nearest one the differences are −1, 0 and 2, with squares of 5
    /// in all; what they leave, 1, takes off 1/3.
    #[test]
    fn squares_are_centered_about_the_mean_that_rounding_missed() {
        let each = Vec::from_iter([0, 1, 3].map(|rest| Vector::from_element(1, f64::from_integer((1 << 52) + rest))));
        let mean = Vector::from_element(1, f64::from_integer((1 << 52) + 1));
        let squares = Gradients { each, mean }.sum_of_centered_squares();
        let [one, three, five] = [1, 3, 5].map(f64::from_integer);
        assert_eq!(squares[(0, 0)], five - one / three);
    }
}
