//! Changes of a setting, and questions about its matrices, that several hypotheses share.

use numbers::matrix::{self, commutator, identity, outer, trace};
use numbers::{Matrix, Vector};
use rug::Rational;
use symbols::{DataSet, Gaussian, Population, Setting};

use crate::ClaimError;
use crate::draw::{Choices, pick};

/// The setting with its Gaussian model changed; a data set stays as it is.
pub(super) fn with_model(
    setting: Setting<Rational>,
    change: impl FnOnce(&mut Gaussian<Rational>),
) -> Result<Setting<Rational>, ClaimError> {
    match setting.population().clone() {
        Population::Gaussian(mut model) => {
            change(&mut model);
            Ok(setting.with_population(Population::Gaussian(model))?)
        }
        Population::Data(_) => Ok(setting),
    }
}

/// The setting with its data set changed; a Gaussian model stays as it is.
pub(super) fn with_data(
    setting: Setting<Rational>,
    change: impl FnOnce(&mut DataSet<Rational>),
) -> Result<Setting<Rational>, ClaimError> {
    match setting.population().clone() {
        Population::Data(mut data) => {
            change(&mut data);
            Ok(setting.with_population(Population::Data(data))?)
        }
        Population::Gaussian(_) => Ok(setting),
    }
}

/// The setting with the reflection of each sample on a line, so that A has an eigenvector on it and E\[xy\] lies there.
/// Labels that some weights fit are fitted by `line` then. With one weight nothing changes but N, which doubles.
pub(super) fn with_reflected_samples(
    setting: Setting<Rational>,
    line: &Vector<Rational>,
) -> Result<Setting<Rational>, ClaimError> {
    let D = setting.dimension();
    let is_fitted = D > 1 && setting.label_noise_variance().is_ok_and(|variance| variance.is_zero());
    let reflection = outer(line, line) / line.dot(line) * Rational::from(2) - identity::<Rational>(D);
    with_data(setting, |data| {
        data.features = with_images(&data.features, &reflection);
        let twice = data.labels.iter().chain(&data.labels).cloned();
        data.labels = match is_fitted {
            true => &data.features * line,
            false => Vector::from_iterator(data.features.nrows(), twice),
        };
    })
}

/// The rows of X, and below them those of XM.
pub(super) fn with_images(X: &Matrix<Rational>, M: &Matrix<Rational>) -> Matrix<Rational> {
    matrix::stacked(X, &(X * M))
}

/// M without what it maps between u and its complement, so that u is an eigenvector; definite if M is. M itself for
/// u = 0.
pub(super) fn along(M: &Matrix<Rational>, u: &Vector<Rational>) -> Matrix<Rational> {
    if u.iter().all(Rational::is_zero) {
        return M.clone();
    }
    let onto = outer(u, u) / u.dot(u);
    let beside = identity::<Rational>(u.len()) - &onto;
    &onto * M * &onto + &beside * M * &beside
}

/// The setting with Λ multiplied by a factor.
pub(super) fn scaled(setting: Setting<Rational>, factor: Rational) -> Result<Setting<Rational>, ClaimError> {
    let L: Matrix<Rational> = setting.learning_rate() * factor;
    Ok(setting.with_learning_rate(L)?)
}

/// Γ = γ₀I + γ₁A, which commutes with A; rarely also γ₂A², and with signs of its own.
pub(super) fn with_affine_weight_decay(
    setting: Setting<Rational>,
    choices: &mut dyn Choices,
) -> Result<Setting<Rational>, ClaimError> {
    let A = setting.feature_covariance();
    if choices.rarely() {
        let G = (0..3).fold(Matrix::zeros(A.nrows(), A.nrows()), |G, _| {
            G * &A + identity::<Rational>(A.nrows()) * Rational::from((choices.integer(-2, 2), 4))
        });
        return Ok(setting.with_weight_decay(G)?);
    }
    let (free, along) = pick(choices, &[(1, 0), (0, 1), (1, 1), (2, -1)]);
    let size = Rational::from(pick(choices, &[(1, 4), (1, 2), (1, 1), (-1, 8)]));
    Ok(setting.with_weight_decay(affine(&A, free, along) * (size * trace(&A)))?)
}

/// How far one sample can move the weights: Tr\[Λ(A + B)\], for a data set the largest xᵢᵀΛxᵢ; and the weight decay.
pub(super) fn step_size(setting: &Setting<Rational>) -> Rational {
    let L = setting.learning_rate();
    let decay = trace(&(L * setting.weight_decay())).abs();
    let samples = match setting.population() {
        Population::Gaussian(model) => trace(&(L * (&model.feature_covariance + &model.input_noise_covariance))),
        Population::Data(data) => {
            let squares = &data.features * L * data.features.transpose();
            squares.diagonal().iter().max().cloned().unwrap_or_default()
        }
    };
    samples + decay
}

/// `free`·I + `along`·A/Tr\[A\], which commutes with A; I for A = 0.
pub(super) fn affine(A: &Matrix<Rational>, free: i64, along: i64) -> Matrix<Rational> {
    let (I, size) = (identity::<Rational>(A.nrows()), trace(A));
    if size.is_zero() { I } else { I * Rational::from(free) + A * (Rational::from(along) / size) }
}

/// The multiple of I that has the trace of M.
pub(super) fn mean_eigenvalue(M: &Matrix<Rational>) -> Matrix<Rational> {
    let D = M.nrows();
    identity::<Rational>(D) * (trace(M) / Rational::from(D))
}

/// Whether \[X, Y\] = 0.
pub(super) fn commute(X: &Matrix<Rational>, Y: &Matrix<Rational>) -> bool {
    is_zero(&commutator(X, Y))
}

/// Whether M = 0.
pub(super) fn is_zero(M: &Matrix<Rational>) -> bool {
    M.iter().all(Rational::is_zero)
}
