//! The fixed point of the second-moment recursion.

use rug::Rational;
use symbols::matrix::{self, Matrix, Vector};
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
    let minimizer = minimizer(setting)?;
    let recursion = Recursion::new(setting, Noise::new(setting, minimizer.clone()));
    let P = joint_moments(&recursion)?;
    let D = setting.dimension();
    let fluctuation = P.view((0, 0), (D, D)).into_owned();
    let noise_covariance = recursion.noise.linear(&fluctuation) + recursion.noise.constant();
    let half = Rational::from((1, 2));
    let excess = matrix::trace(&(setting.hessian() * &fluctuation)) * &half;
    let train_loss = least_loss(setting, &minimizer) + excess;
    let test_loss = match setting.population() {
        Population::Gaussian(model) => {
            let (A, offset) = (&model.feature_covariance, &minimizer - &model.true_weights);
            Some((matrix::trace(&(A * &fluctuation)) + offset.dot(&(A * &offset))) * half)
        }
        Population::Data(_) => None,
    };
    Ok(Moments { fluctuation, noise_covariance, train_loss, test_loss })
}

/// w* = K⁻¹b, b = E\[x̃y\].
fn minimizer(setting: &Setting<Rational>) -> Result<Vector<Rational>, ExactError> {
    let inverse = matrix::inverse(&setting.hessian()).map_err(|source| ExactError::SingularHessian { source })?;
    Ok(inverse * setting.label_moment())
}

/// L(w*), the regularizer included.
fn least_loss(setting: &Setting<Rational>, w: &Vector<Rational>) -> Rational {
    let residual = match setting.population() {
        Population::Gaussian(model) => {
            let offset = w - &model.true_weights;
            offset.dot(&(&model.feature_covariance * &offset))
                + w.dot(&(&model.input_noise_covariance * w))
                + &model.label_noise_variance
        }
        Population::Data(data) => {
            let residuals = &data.features * w - &data.labels;
            residuals.dot(&residuals) / Rational::from(data.labels.len())
        }
    };
    (residual + w.dot(&(setting.weight_decay() * w))) / Rational::from(2)
}

/// P, by one linear system for its lower triangle; and the proof that it is stationary.
pub(crate) fn joint_moments(recursion: &Recursion) -> Result<Matrix<Rational>, ExactError> {
    let n = recursion.order();
    let pairs = Vec::from_iter((0..n).flat_map(|i| (0..=i).map(move |j| (i, j))));
    let order = pairs.len();
    let mut M = Matrix::zeros(order, order);
    for (column, &(i, j)) in pairs.iter().enumerate() {
        let mut basis = Matrix::zeros(n, n);
        basis[(i, j)] = Rational::from(1);
        basis[(j, i)] = Rational::from(1);
        let image = &basis - recursion.linear(&basis);
        for (row, &place) in pairs.iter().enumerate() {
            M[(row, column)] = image[place].clone();
        }
    }
    let constant = recursion.constant();
    let right = Matrix::from_fn(order, 2, |row, column| {
        let (i, j) = pairs[row];
        if column == 0 { constant[(i, j)].clone() } else { Rational::from(u32::from(i == j)) }
    });
    // A singular system has 1 among the eigenvalues of Φ.
    let solution = linear::solve(&M, &right).map_err(|_| ExactError::Unstable)?;
    let symmetric = |column: usize| {
        let mut P = Matrix::zeros(n, n);
        for (row, &(i, j)) in pairs.iter().enumerate() {
            P[(i, j)] = solution[(row, column)].clone();
            P[(j, i)] = solution[(row, column)].clone();
        }
        P
    };
    if matrix::is_positive_definite(&symmetric(1)) { Ok(symmetric(0)) } else { Err(ExactError::Unstable) }
}
