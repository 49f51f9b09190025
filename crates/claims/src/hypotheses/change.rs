//! Changes of a setting, and questions about its matrices, that several hypotheses share.

use numbers::Matrix;
use numbers::matrix::{commutator, identity, trace};
use rug::Rational;
use symbols::{Gaussian, Population, Setting};

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

/// The setting with Λ multiplied by a factor.
pub(super) fn scaled(setting: Setting<Rational>, factor: Rational) -> Result<Setting<Rational>, ClaimError> {
    let L: Matrix<Rational> = setting.learning_rate() * factor;
    Ok(setting.with_learning_rate(L)?)
}

/// Γ = γ₀I + γ₁A, which commutes with A.
pub(super) fn with_affine_weight_decay(
    setting: Setting<Rational>,
    choices: &mut dyn Choices,
) -> Result<Setting<Rational>, ClaimError> {
    let (free, along) = pick(choices, &[(1, 0), (0, 1), (1, 1), (2, -1)]);
    let size = Rational::from(pick(choices, &[(1, 4), (1, 2), (1, 1), (-1, 8)]));
    let A = setting.feature_covariance();
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

/// Whether \[X, Y\] = 0.
pub(super) fn commute(X: &Matrix<Rational>, Y: &Matrix<Rational>) -> bool {
    is_zero(&commutator(X, Y))
}

/// Whether M = 0.
pub(super) fn is_zero(M: &Matrix<Rational>) -> bool {
    M.iter().all(Rational::is_zero)
}
