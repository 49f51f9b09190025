//! The fixed point of the second-moment recursion.

use rug::Rational;
use symbols::matrix::{self, Matrix, Singular, Vector};
use symbols::{Moments, Population, Scalar, Setting};

use crate::noise::Noise;
use crate::recursion::Recursion;
use crate::{ExactError, linear};

/// The stationary state of eq. (1), exactly.
///
/// ```text
/// P = Φ(P) + J C(0) Jᵀ,    Φ(P) = F P Fᵀ + J (C(P_vv) − C(0)) Jᵀ,    Σ = P_vv
/// ```
///
/// Any Λ, Γ, B and μ; Gaussian features or a data set, for either sampling.
///
/// # Solvability
/// Φ maps positive semidefinite matrices to such. So the recursion converges from every start if and only if the solution
/// Y of Y − Φ(Y) = I exists and is positive definite: if the spectral radius of Φ is below 1, Y = Σ Φᵏ(I) ⪰ I; and if Y ≻ 0,
/// then Φ(Y) = Y − I ⪯ (1 − δ) Y for some δ > 0, hence Φᵏ(Y) → 0, and with it Φᵏ of every P ⪯ cY.
///
/// # Errors
/// [`ExactError::SingularHessian`], [`ExactError::Unstable`].
pub fn stationary(setting: &Setting<Rational>) -> Result<Moments<Rational>, ExactError> {
    let equations = Equations::new(setting).map_err(|source| ExactError::SingularHessian { source })?;
    let identity = equations.column(&matrix::identity(equations.recursion.order()));
    let right = Matrix::from_columns(&[equations.constant(), identity]);
    // A singular system has 1 among the eigenvalues of Φ.
    let solution = linear::solve(&equations.matrix(), &right).map_err(|_| ExactError::Unstable)?;
    let [P, Y] = [0, 1].map(|side| equations.symmetric(&solution, side));
    if matrix::is_positive_definite(&Y) { Ok(equations.moments(&P)) } else { Err(ExactError::Unstable) }
}

/// The same equations over any field, where no order tells what is stable: the rational functions of the parameters that
/// [`stationary`] evaluates.
///
/// # Errors
/// [`Singular`], of the hessian or of the equations.
pub fn formal_moments<T: Scalar>(setting: &Setting<T>) -> Result<Moments<T>, Singular> {
    let equations = Equations::new(setting)?;
    let right = Matrix::from_columns(&[equations.constant()]);
    let solution = matrix::solve(&equations.matrix(), &right)?;
    Ok(equations.moments(&equations.symmetric(&solution, 0)))
}

/// P = Φ(P) + J C(0) Jᵀ for the lower triangle of P.
struct Equations<'a, T: Scalar> {
    setting: &'a Setting<T>,
    recursion: Recursion<'a, T>,
    /// w*.
    minimizer: Vector<T>,
    /// The places of the triangle.
    pairs: Vec<(usize, usize)>,
}

impl<'a, T: Scalar> Equations<'a, T> {
    fn new(setting: &'a Setting<T>) -> Result<Self, Singular> {
        let minimizer = minimizer(setting)?;
        let recursion = Recursion::new(setting, Noise::new(setting, minimizer.clone()));
        let pairs = Vec::from_iter((0..recursion.order()).flat_map(|i| (0..=i).map(move |j| (i, j))));
        Ok(Equations { setting, recursion, minimizer, pairs })
    }

    /// P ↦ P − Φ(P).
    fn matrix(&self) -> Matrix<T> {
        let n = self.recursion.order();
        let columns = Vec::from_iter(self.pairs.iter().map(|&(i, j)| {
            let mut basis = Matrix::zeros(n, n);
            basis[(i, j)] = T::one();
            basis[(j, i)] = T::one();
            self.column(&(&basis - self.recursion.linear(&basis)))
        }));
        Matrix::from_columns(&columns)
    }

    /// J C(0) Jᵀ.
    fn constant(&self) -> Vector<T> {
        self.column(&self.recursion.constant())
    }

    /// The lower triangle.
    fn column(&self, P: &Matrix<T>) -> Vector<T> {
        Vector::from_iterator(self.pairs.len(), self.pairs.iter().map(|&place| P[place].clone()))
    }

    /// The symmetric matrix whose lower triangle a solution holds.
    fn symmetric(&self, solution: &Matrix<T>, side: usize) -> Matrix<T> {
        let n = self.recursion.order();
        let mut P = Matrix::zeros(n, n);
        for (row, &(i, j)) in self.pairs.iter().enumerate() {
            P[(i, j)] = solution[(row, side)].clone();
            P[(j, i)] = solution[(row, side)].clone();
        }
        P
    }

    fn moments(&self, P: &Matrix<T>) -> Moments<T> {
        let (setting, D) = (self.setting, self.setting.dimension());
        let fluctuation = P.view((0, 0), (D, D)).into_owned();
        let noise = &self.recursion.noise;
        let noise_covariance = noise.linear(&fluctuation) + noise.constant();
        let half = T::one() / T::from_integer(2);
        let excess = matrix::trace(&(setting.hessian() * &fluctuation)) * &half;
        let train_loss = least_loss(setting, &self.minimizer) + excess;
        let test_loss = match setting.population() {
            Population::Gaussian(model) => {
                let (A, offset) = (&model.feature_covariance, &self.minimizer - &model.true_weights);
                Some((matrix::trace(&(A * &fluctuation)) + offset.dot(&(A * &offset))) * half)
            }
            Population::Data(_) => None,
        };
        Moments { fluctuation, noise_covariance, train_loss, test_loss }
    }
}

/// w* = K⁻¹b, b = E\[x̃y\].
pub(crate) fn minimizer<T: Scalar>(setting: &Setting<T>) -> Result<Vector<T>, Singular> {
    let w = matrix::solve(&setting.hessian(), &Matrix::from_columns(&[setting.label_moment()]))?;
    Ok(w.column(0).into_owned())
}

/// L(w*), the regularizer included.
pub(crate) fn least_loss<T: Scalar>(setting: &Setting<T>, w: &Vector<T>) -> T {
    let residual = match setting.population() {
        Population::Gaussian(model) => {
            let offset = w - &model.true_weights;
            offset.dot(&(&model.feature_covariance * &offset))
                + w.dot(&(&model.input_noise_covariance * w))
                + &model.label_noise_variance
        }
        Population::Data(data) => {
            let residuals = &data.features * w - &data.labels;
            residuals.dot(&residuals) / T::from_integer(data.labels.len() as i64)
        }
    };
    (residual + w.dot(&(setting.weight_decay() * w))) / T::from_integer(2)
}

#[cfg(test)]
mod tests {
    use rug::Rational;
    use symbols::{BatchSize, Gaussian, Vector};

    use super::*;

    /// a = 1, σ² = 1, γ = 1, u = 1, λ = 1/4, S = 1: w* = 1/2, where a step is (w − w*)(1 − λ(x² + γ)) + λ(xε + (x² − 1)/2), so that
    /// Σ (2λk − λ²(k² + 2)) = λ² (1 + 1/2) with k = 2, and Σ = 3/20.
    #[test]
    fn losses_are_those_found_by_hand() {
        let q = |numerator: i32, denominator: i32| Rational::from((numerator, denominator));
        let model = Gaussian {
            feature_covariance: matrix::scalar(q(1, 1)),
            input_noise_covariance: matrix::scalar(q(0, 1)),
            label_noise_variance: q(1, 1),
            true_weights: Vector::from_element(1, q(1, 1)),
        };
        let setting = Setting::new(Population::Gaussian(model), matrix::scalar(q(1, 4)), BatchSize::new(1).unwrap());
        let found = stationary(&setting.unwrap().with_weight_decay(matrix::scalar(q(1, 1))).unwrap()).unwrap();
        assert_eq!(found.fluctuation, matrix::scalar(q(3, 20)));
        // Σ = (1 − λk)² Σ + λ²C.
        assert_eq!(found.noise_covariance, matrix::scalar(q(9, 5)));
        // ½ (σ² + (w* − 1)² + w*²) + ½ kΣ, and ½ ((w* − 1)² + Σ).
        assert_eq!((found.train_loss, found.test_loss), (q(9, 10), Some(q(1, 5))));
    }
}
