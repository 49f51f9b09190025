//! How instances are drawn: small integers and simple fractions, so that a witness can be checked by hand.
//!
//! Nothing here is random. [`Choices`] answers every question with an integer; who answers, and from which seed, is the
//! caller's affair.

use numbers::{Matrix, Scalar, Vector, matrix};
use rug::Rational;
use symbols::{BatchSize, DataSet, Gaussian, Momentum, Population, Sampling, Setting, SettingError};

use crate::ClaimError;

/// Answers to questions.
pub trait Choices {
    /// An integer of `low..=high`.
    fn integer(&mut self, low: i64, high: i64) -> i64;

    /// Whether something is wanted that is allowed and seldom needed: a larger minibatch, a weight decay that is
    /// negative or 0. Only [`Rare`] ever wants it.
    fn rarely(&mut self) -> bool {
        false
    }
}

/// The choices of another, which want what is seldom needed about every second time.
pub struct Rare<'a>(pub &'a mut dyn Choices);

impl Choices for Rare<'_> {
    fn integer(&mut self, low: i64, high: i64) -> i64 {
        self.0.integer(low, high)
    }

    fn rarely(&mut self) -> bool {
        self.integer(0, 1) == 1
    }
}

/// Choices that are as near to 0 as they may be.
#[derive(Debug, Clone, Copy, Default)]
pub struct Simplest;

impl Choices for Simplest {
    fn integer(&mut self, low: i64, high: i64) -> i64 {
        0.clamp(low, high)
    }
}

/// One of several options.
pub fn pick<T: Clone>(choices: &mut dyn Choices, options: &[T]) -> T {
    options[choices.integer(0, options.len() as i64 - 1) as usize].clone()
}

/// A positive fraction out of a few.
pub fn fraction(choices: &mut dyn Choices) -> Rational {
    Rational::from(pick(choices, &[(1, 1), (2, 1), (3, 1), (1, 2), (3, 2), (2, 3)]))
}

/// A lower triangular matrix of small integers with a positive diagonal.
pub fn triangle(D: usize, choices: &mut dyn Choices) -> Matrix<Rational> {
    Matrix::from_fn(D, D, |i, j| {
        Rational::from(match i.cmp(&j) {
            std::cmp::Ordering::Less => 0,
            std::cmp::Ordering::Equal => choices.integer(1, 2),
            std::cmp::Ordering::Greater => choices.integer(-1, 1),
        })
    })
}

/// A positive definite matrix: L Lᵀ times a simple fraction.
pub fn positive_definite(D: usize, choices: &mut dyn Choices) -> Matrix<Rational> {
    let L = triangle(D, choices);
    &L * L.transpose() * fraction(choices)
}

/// A covariance of rank D − 1, which does not see the last direction: 0 for D = 1.
pub(crate) fn singular_covariance(D: usize, choices: &mut dyn Choices) -> Matrix<Rational> {
    let mut L = triangle(D, choices);
    L.row_mut(D - 1).fill(Rational::new());
    &L * L.transpose() * fraction(choices)
}

/// A column of small integers, not zero.
pub fn column(D: usize, choices: &mut dyn Choices) -> Vector<Rational> {
    let mut x = Vector::from_fn(D, |_, _| Rational::from(choices.integer(-2, 2)));
    if x.iter().all(Rational::is_zero) {
        x[0] = Rational::from(1);
    }
    x
}

/// The widest draw: samples of either kind, with everything that a setting can hold. Hypotheses narrow it.
///
/// # Errors
/// None that a caller can cause.
pub fn any_setting(D: usize, choices: &mut dyn Choices) -> Result<Setting<Rational>, SettingError> {
    let population = match choices.integer(0, 1) {
        0 => Population::Gaussian(gaussian(D, choices)),
        _ => Population::Data(data_set(D, sample_count(D, choices), choices)),
    };
    let mut setting = Setting::new(population, positive_definite(D, choices), model_batch_size(choices)?)?
        .with_momentum(momentum(choices)?)
        .with_weight_decay(weight_decay(D, choices))?
        .with_initial_weights(column(D, choices))?;
    if choices.rarely() {
        let G = rare_weight_decay(&setting, choices);
        setting = setting.with_weight_decay(G)?;
    }
    if setting.sample_count().is_some() {
        // At most as many draws as there are samples.
        let most = most_enumerated(choices);
        setting = setting.with_batch_size(batch_size(1, most, choices)?)?;
        if choices.integer(0, 1) == 0 {
            setting = setting.with_sampling(Sampling::WithoutReplacement)?;
        }
    }
    Ok(setting)
}

/// The widest draw with features that are dependent: those of the last weight vanish. By a change of the other weights that is
/// any A of rank D − 1, as Λ, Γ, B and u are as they come.
///
/// # Errors
/// None that a caller can cause.
pub fn any_singular_setting(D: usize, choices: &mut dyn Choices) -> Result<Setting<Rational>, SettingError> {
    let setting = any_setting(D, choices)?;
    let population = match setting.population().clone() {
        Population::Gaussian(model) => {
            Population::Gaussian(Gaussian { feature_covariance: singular_covariance(D, choices), ..model })
        }
        Population::Data(data) => Population::Data(without_last_feature(data)),
    };
    setting.with_population(population)
}

/// A data set whose last feature vanishes.
pub(crate) fn without_last_feature(mut data: DataSet<Rational>) -> DataSet<Rational> {
    if let Some(last) = data.features.ncols().checked_sub(1) {
        data.features.column_mut(last).fill(Rational::new());
    }
    data
}

/// A Gaussian population with noise in labels and inputs; rarely without either, or with noise in all inputs but one.
pub fn gaussian(D: usize, choices: &mut dyn Choices) -> Gaussian<Rational> {
    let mut model = Gaussian {
        feature_covariance: positive_definite(D, choices),
        input_noise_covariance: positive_definite(D, choices) / Rational::from(2),
        label_noise_variance: fraction(choices),
        true_weights: column(D, choices),
    };
    if choices.rarely() {
        model.input_noise_covariance = singular_covariance(D, choices) * Rational::from(choices.integer(0, 1));
    }
    if choices.rarely() {
        model.label_noise_variance = Rational::new();
    }
    model
}

/// N samples of small integers.
pub fn data_set(D: usize, N: usize, choices: &mut dyn Choices) -> DataSet<Rational> {
    let mut features = Matrix::from_fn(N, D, |_, _| Rational::from(choices.integer(-2, 2)));
    if matrix::inverse(&(features.transpose() * &features)).is_err() {
        // N > D by construction: a triangle on top makes the columns independent.
        features.rows_mut(0, D).copy_from(&triangle(D, choices));
        features.rows_mut(D, N - D).fill(Rational::from(1));
    }
    DataSet { features, labels: Vector::from_fn(N, |_, _| Rational::from(choices.integer(-3, 3))) }
}

/// The minimizer w* = −Γ⁻¹∇L₀(w*) of the full loss of a data set in which every xᵢᵀw* − yᵢ is `residual`: ∇L₀(w*) is
/// the mean feature times it.
///
/// # Errors
/// [`ClaimError::Inverse`] for a singular Γ.
pub(crate) fn equal_residual_minimizer<T: Scalar>(
    features: &Matrix<T>,
    residual: &T,
    weight_decay: &Matrix<T>,
) -> Result<Vector<T>, ClaimError> {
    let sum = features.row_iter().fold(Vector::zeros(features.ncols()), |sum, x| sum + x.transpose());
    let gradient = sum * (residual.clone() / T::from_integer(features.nrows() as i64));
    let solved = matrix::solve(weight_decay, &Matrix::from_columns(&[-gradient]));
    Ok(solved.map_err(|source| ClaimError::Inverse { matrix: "Γ", source })?.column(0).into_owned())
}

/// N, more than D; rarely up to 9.
pub(crate) fn sample_count(D: usize, choices: &mut dyn Choices) -> usize {
    let least = D as i64 + 1;
    let N =
        if choices.rarely() { choices.integer(least + 2, 9.max(least + 2)) } else { choices.integer(least, least + 1) };
    N as usize
}

/// The largest S with which the minibatches of a data set are enumerated.
pub(crate) fn most_enumerated(choices: &mut dyn Choices) -> i64 {
    if choices.rarely() { 4 } else { 2 }
}

/// S of a Gaussian population.
pub(crate) fn model_batch_size(choices: &mut dyn Choices) -> Result<BatchSize, SettingError> {
    if choices.rarely() { batch_size(6, 12, choices) } else { batch_size(1, 5, choices) }
}

/// μ, zero included; rarely near 1.
///
/// # Errors
/// None that a caller can cause.
pub fn momentum(choices: &mut dyn Choices) -> Result<Momentum<Rational>, SettingError> {
    if choices.rarely() {
        return Momentum::new(Rational::from(pick(choices, &[(9, 10), (19, 20)])));
    }
    Momentum::new(Rational::from(pick(choices, &[(0, 1), (1, 2), (1, 3), (1, 4), (2, 3)])))
}

/// S of `low..=high`.
///
/// # Errors
/// [`SettingError`] where `low` is not positive.
pub fn batch_size(low: i64, high: i64, choices: &mut dyn Choices) -> Result<BatchSize, SettingError> {
    BatchSize::new(u32::try_from(choices.integer(low, high)).unwrap_or(0))
}

/// Γ, positive definite or, now and then, negative.
pub fn weight_decay(D: usize, choices: &mut dyn Choices) -> Matrix<Rational> {
    let size = Rational::from(pick(choices, &[(1, 4), (1, 2), (-1, 16)]));
    positive_definite(D, choices) * size
}

/// Γ of another kind: 0, of rank D − 1, of both signs, or −c (A + B), which makes K singular at c = 1.
fn rare_weight_decay(setting: &Setting<Rational>, choices: &mut dyn Choices) -> Matrix<Rational> {
    let D = setting.dimension();
    match choices.integer(0, 4) {
        0 => Matrix::zeros(D, D),
        1 => singular_covariance(D, choices),
        2 => {
            let M = Matrix::from_fn(D, D, |_, _| Rational::from(choices.integer(-2, 2)));
            (M.transpose() + M) * (fraction(choices) / Rational::from(4))
        }
        _ => {
            let part = Rational::from(pick(choices, &[(-1, 2), (-3, 4), (-9, 10), (-3, 2)]));
            (setting.hessian() - setting.weight_decay()) * part
        }
    }
}
