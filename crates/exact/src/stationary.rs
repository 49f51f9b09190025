//! The fixed point of the second-moment recursion.

mod buffer;

use numbers::Scalar;
use numbers::matrix::{self, Matrix, Singular, Vector};
use rug::Rational;
use symbols::{Moments, Population, Setting};

use crate::noise::Noise;
use crate::recursion::Recursion;
use crate::{ExactError, linear};

/// The stationary state of eq. (1), exactly.
///
/// ```text
/// P = Φ(P) + J C(0) Jᵀ,    Φ(P) = F P Fᵀ + J (C(P_vv) − C(0)) Jᵀ,    Σ = P_vv
/// ```
///
/// Any Λ, Γ, B and μ; Gaussian features or a data set, for either sampling. Directions in which weights never move, as
/// neither a pull nor noise reaches them, stay at w₀: of dependent features, of more weights than samples, of a
/// singular Λ.
///
/// # Solvability
/// Φ maps positive semidefinite matrices to such. So the recursion converges from every start if and only if the
/// solution Y of Y − Φ(Y) = I exists and is positive definite: if the spectral radius of Φ is below 1, Y = Σ Φᵏ(I) ⪰ I;
/// and if Y ≻ 0, then Φ(Y) = Y − I ⪯ (1 − δ) Y for some δ > 0, hence Φᵏ(Y) → 0, and with it Φᵏ of every P ⪯ cY.
///
/// # Errors
/// [`ExactError::SingularHessian`], [`ExactError::Unstable`].
pub fn stationary(setting: &Setting<Rational>) -> Result<Moments<Rational>, ExactError> {
    stationary_state(setting).map(|state| state.moments)
}

/// A stationary state, and what it lies around.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct State {
    /// Σ, C, the losses and the moments of m.
    pub moments: Moments<Rational>,
    /// w*; where not every direction moves, the one that the weights come to from w₀.
    pub minimizer: Vector<Rational>,
    /// L(w*), the regularizer included.
    pub least_loss: Rational,
    /// A lower bound on 1 less the spectral radius: 1/Tr\[Y\], as Φ(Y) = Y − I.
    pub gap: Rational,
    /// A basis of the directions in which the weights move: columns, D of them if all do.
    pub moving: Matrix<Rational>,
}

/// The stationary state of eq. (1), exactly, with the point that it lies around.
///
/// # Errors
/// [`ExactError::SingularHessian`], [`ExactError::Unstable`].
pub fn stationary_state(setting: &Setting<Rational>) -> Result<State, ExactError> {
    let Some(equations) = Equations::where_moving(setting)? else { return Ok(standing(setting)) };
    let [P, Y] = equations.solved()?;
    let D = setting.dimension();
    Ok(State {
        moments: equations.moments(&P),
        least_loss: least_loss(setting, &equations.minimizer),
        gap: matrix::trace(&Y).recip(),
        moving: equations.recursion.basis().cloned().unwrap_or_else(|| matrix::identity(D)),
        minimizer: equations.minimizer,
    })
}

/// The solution of the stationary equations over any field, where no order tells what is stable: the rational functions
/// of the parameters that [`stationary`] evaluates.
///
/// # Errors
/// [`Singular`], of the hessian or of the equations.
pub fn formal_moments<T: Scalar>(setting: &Setting<T>) -> Result<Moments<T>, Singular> {
    Equations::new(setting)?.formal()
}

/// [`formal_moments`] along the directions in which weights move, of a setting in which others stand still, as where K is
/// singular: the rational functions of the parameters of such settings. `None` where nothing moves.
///
/// # Errors
/// [`Singular`], of the hessian along these directions or of the equations.
pub fn formal_moments_where_moving<T: Scalar>(setting: &Setting<T>) -> Result<Option<Moments<T>>, Singular> {
    Equations::along(setting)?.map(|equations| equations.formal()).transpose()
}

/// P = Φ(P) + J C(0) Jᵀ for the lower triangle of P.
pub(crate) struct Equations<'a, T: Scalar> {
    setting: &'a Setting<T>,
    pub(crate) recursion: Recursion<'a, T>,
    /// w*.
    pub(crate) minimizer: Vector<T>,
    /// The places of the triangle.
    pairs: Vec<(usize, usize)>,
}

impl<'a> Equations<'a, Rational> {
    /// On all directions if all move, else on those that do; `None` where nothing moves.
    ///
    /// # Errors
    /// [`ExactError::SingularHessian`] where the directions that move have no one minimizer.
    pub(crate) fn where_moving(setting: &'a Setting<Rational>) -> Result<Option<Self>, ExactError> {
        let moves_everywhere = matrix::inverse(setting.learning_rate()).is_ok();
        match Equations::new(setting) {
            Ok(equations) if moves_everywhere => Ok(Some(equations)),
            _ => Equations::along(setting).map_err(|source| ExactError::SingularHessian { source }),
        }
    }

    /// P, and the Y that proves P to be the limit from every start.
    ///
    /// # Errors
    /// [`ExactError::Unstable`].
    pub(crate) fn solved(&self) -> Result<[Matrix<Rational>; 2], ExactError> {
        let identity = self.column(&matrix::identity(self.recursion.order()));
        let right = Matrix::from_columns(&[self.constant(), identity]);
        // A singular system has 1 among the eigenvalues of Φ.
        let solution = linear::solve(&self.matrix(), &right).map_err(|_| ExactError::Unstable)?;
        let [P, Y] = [0, 1].map(|side| self.symmetric(&solution, side));
        if matrix::is_positive_definite(&Y) { Ok([P, Y]) } else { Err(ExactError::Unstable) }
    }
}

impl<'a, T: Scalar> Equations<'a, T> {
    fn new(setting: &'a Setting<T>) -> Result<Self, Singular> {
        let minimizer = setting.minimizer()?;
        let recursion = Recursion::new(setting, Noise::new(setting, minimizer.clone()));
        let pairs = Vec::from_iter(triangle(recursion.order()));
        Ok(Equations { setting, recursion, minimizer, pairs })
    }

    /// On the directions in which weights move: the range of Λ\[M, Γ\], which holds every step. `None` where that is
    /// nothing.
    ///
    /// The minimizer is the one that the weights can come to from w₀.
    fn along(setting: &'a Setting<T>) -> Result<Option<Self>, Singular> {
        let (L, K, w) = (setting.learning_rate(), setting.hessian(), setting.initial_weights());
        let moves = [setting.feature_covariance() + setting.input_noise_covariance(), setting.weight_decay().clone()];
        let Q = moving(&moves.map(|M| L * M));
        if Q.ncols() == 0 {
            return Ok(None);
        }
        let J = matrix::solve(&(Q.transpose() * &Q), &(Q.transpose() * L))?;
        let H = &J * &K * &Q;
        let gradient = &K * w - setting.label_moment();
        let s = matrix::solve(&H, &Matrix::from_columns(&[-(&J * gradient)]))?;
        let minimizer = w + &Q * s.column(0);
        let noise = Noise::new(setting, minimizer.clone());
        let recursion = Recursion::along(Q, &H, &J, setting.momentum(), noise);
        let pairs = Vec::from_iter(triangle(recursion.order()));
        Ok(Some(Equations { setting, recursion, minimizer, pairs }))
    }

    fn formal(&self) -> Result<Moments<T>, Singular> {
        let right = Matrix::from_columns(&[self.constant()]);
        let solution = matrix::solve(&self.matrix(), &right)?;
        Ok(self.moments(&self.symmetric(&solution, 0)))
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
        let setting = self.setting;
        let fluctuation = self.recursion.fluctuation(P);
        let noise = &self.recursion.noise;
        let noise_covariance = noise.linear(&fluctuation) + noise.constant();
        let buffer = buffer::moments(setting, &self.recursion, P, &fluctuation, &noise_covariance);
        Moments { buffer, ..moments(setting, &self.minimizer, fluctuation, noise_covariance) }
    }
}

fn moments<T: Scalar>(
    setting: &Setting<T>,
    minimizer: &Vector<T>,
    fluctuation: Matrix<T>,
    noise_covariance: Matrix<T>,
) -> Moments<T> {
    let half = T::one() / T::from_integer(2);
    let excess = matrix::trace(&(setting.hessian() * &fluctuation)) * &half;
    let train_loss = least_loss(setting, minimizer) + excess;
    let test_loss = match setting.population() {
        Population::Gaussian(model) => {
            let (A, offset) = (&model.feature_covariance, minimizer - &model.true_weights);
            Some((matrix::trace(&(A * &fluctuation)) + offset.dot(&(A * &offset))) * half)
        }
        Population::Data(_) => None,
    };
    Moments { mean: Some(minimizer.clone()), fluctuation, noise_covariance, train_loss, test_loss, buffer: None }
}

/// The state where no weight moves.
fn standing(setting: &Setting<Rational>) -> State {
    let w = setting.initial_weights();
    let C = Noise::new(setting, w.clone()).constant();
    State {
        moments: moments(setting, w, Matrix::zeros(w.len(), w.len()), C),
        minimizer: w.clone(),
        least_loss: least_loss(setting, w),
        gap: Rational::from(1),
        moving: Matrix::zeros(w.len(), 0),
    }
}

/// Columns of some matrices that are a basis of all of them.
fn moving<T: Scalar>(matrices: &[Matrix<T>]) -> Matrix<T> {
    // Each column that was found, with what is left of it beyond those before, and a row in which that is not zero.
    let mut found = Vec::<(Vector<T>, Vector<T>, usize)>::new();
    for column in matrices.iter().flat_map(|M| M.column_iter()) {
        let mut left = column.clone_owned();
        for (_, known, pivot) in &found {
            let factor = left[*pivot].clone() / &known[*pivot];
            left -= known * factor;
        }
        if let Some(pivot) = left.iter().position(|v| !v.is_zero()) {
            found.push((column.clone_owned(), left, pivot));
        }
    }
    let columns = Vec::from_iter(found.into_iter().map(|(column, _, _)| column));
    if columns.is_empty() {
        Matrix::zeros(matrices.first().map_or(0, Matrix::nrows), 0)
    } else {
        Matrix::from_columns(&columns)
    }
}

/// The places of the lower triangle of a matrix, row by row.
pub(crate) fn triangle(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n).flat_map(|i| (0..=i).map(move |j| (i, j)))
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
    use numbers::Vector;
    use rug::Rational;
    use symbols::{BatchSize, DataSet, Gaussian, Momentum};

    use super::*;

    fn q(numerator: i32, denominator: i32) -> Rational {
        Rational::from((numerator, denominator))
    }

    fn gaussian(
        A: Matrix<Rational>,
        u: Vector<Rational>,
        L: Matrix<Rational>,
        S: u32,
        mu: Rational,
    ) -> Setting<Rational> {
        let model = Gaussian {
            input_noise_covariance: &A * q(0, 1),
            feature_covariance: A,
            label_noise_variance: q(1, 1),
            true_weights: u,
        };
        let setting = Setting::new(Population::Gaussian(model), L, BatchSize::new(S).unwrap()).unwrap();
        setting.with_momentum(Momentum::new(mu).unwrap())
    }

    /// A feature that is given twice is one feature of twice the variance in w₁ + w₂; w₁ − w₂ stays where it was.
    #[test]
    fn dependent_features_are_fewer_features() {
        for mu in [q(0, 1), q(1, 2)] {
            let twice = Matrix::from_element(2, 2, q(1, 2));
            let u = Vector::from_vec(vec![q(1, 1), q(0, 1)]);
            let found = stationary(&gaussian(twice, u, matrix::identity(2) * q(1, 4), 3, mu.clone())).unwrap();
            let u = Vector::from_element(1, q(1, 1));
            let alone = stationary(&gaussian(matrix::scalar(q(1, 1)), u, matrix::scalar(q(1, 4)), 3, mu)).unwrap();
            let half = alone.fluctuation[(0, 0)].clone() / 2;
            assert_eq!(found.fluctuation, Matrix::from_element(2, 2, half));
            assert_eq!((found.train_loss, found.test_loss), (alone.train_loss, alone.test_loss));
        }
    }

    #[test]
    fn rational_functions_of_what_moves_have_these_values() {
        let dependent = Matrix::from_element(2, 2, q(1, 2));
        let (u, rate) = (Vector::from_vec(vec![q(1, 1), q(0, 1)]), matrix::identity(2) * q(1, 4));
        let setting = gaussian(dependent, u.clone(), rate.clone(), 3, q(1, 2));
        assert!(formal_moments(&setting).is_err());
        assert_eq!(formal_moments_where_moving(&setting), Ok(Some(stationary(&setting).unwrap())));
        let none = gaussian(Matrix::zeros(2, 2), u, rate, 3, q(1, 2));
        assert_eq!(formal_moments_where_moving(&none), Ok(None));
    }

    /// Where Λ is zero a weight stays at w₀, and the others settle around what is best for it there.
    #[test]
    fn a_weight_that_is_not_trained_stays() {
        let A = Matrix::from_row_slice(2, 2, &[q(1, 1), q(1, 2), q(1, 2), q(1, 1)]);
        let L = Matrix::from_diagonal(&Vector::from_vec(vec![q(1, 4), q(0, 1)]));
        let zero = Vector::from_element(2, q(0, 1));
        let setting = gaussian(A, zero, L, 3, q(0, 1));
        let setting = setting.with_initial_weights(Vector::from_vec(vec![q(5, 1), q(2, 1)])).unwrap();
        let found = stationary(&setting).unwrap();
        // 2x₂ is x₁ and noise of variance 4·(1 − 1/4), which is 3 beside the 1 of the labels.
        let mut model =
            gaussian(matrix::scalar(q(1, 1)), Vector::from_element(1, q(-1, 1)), matrix::scalar(q(1, 4)), 3, q(0, 1));
        if let Population::Gaussian(gaussian) = model.population() {
            let gaussian = Gaussian { label_noise_variance: q(4, 1), ..gaussian.clone() };
            model = model.clone().with_population(Population::Gaussian(gaussian)).unwrap();
        }
        let alone = stationary(&model).unwrap();
        let mut expected = Matrix::from_element(2, 2, q(0, 1));
        expected[(0, 0)] = alone.fluctuation[(0, 0)].clone();
        assert_eq!((found.fluctuation, found.train_loss), (expected, alone.train_loss));
    }

    /// Two samples and three weights: everything is fitted, and nothing fluctuates; nor does anything without a
    /// learning rate.
    #[test]
    fn what_fits_all_samples_has_no_noise() {
        let features = Matrix::from_row_slice(2, 3, &[3, 1, 2, 1, -2, 3].map(|v| q(v, 1)));
        let labels = Vector::from_vec(vec![q(1, 1), q(2, 1)]);
        let data = Population::Data(DataSet { features, labels });
        for (lambda, loss) in [(q(1, 16), q(0, 1)), (q(0, 1), q(5, 4))] {
            let L = matrix::identity(3) * lambda;
            let setting = Setting::new(data.clone(), L, BatchSize::new(1).unwrap()).unwrap();
            let found = stationary(&setting).unwrap();
            assert_eq!((found.fluctuation, found.train_loss), (Matrix::from_element(3, 3, q(0, 1)), loss));
        }
        let L = matrix::identity(3) * q(1, 2);
        let unstable = Setting::new(data, L, BatchSize::new(1).unwrap()).unwrap();
        assert_eq!(stationary(&unstable), Err(ExactError::Unstable));
    }

    /// a = 1, σ² = 1, γ = 1, u = 1, λ = 1/4, S = 1: w* = 1/2, where a step is (w − w*)(1 − λ(x² + γ)) + λ(xε + (x² −
    /// 1)/2), so that Σ (2λk − λ²(k² + 2)) = λ² (1 + 1/2) with k = 2, and Σ = 3/20.
    #[test]
    fn losses_are_those_found_by_hand() {
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
