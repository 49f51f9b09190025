//! What symbols are worth at a setting.

use std::any::Any;

use numbers::matrix::{self, Matrix, Singular};
use numbers::{DoubleDouble, Scalar, Vector};
use rug::Rational;
use symbols::{BufferMoments, DataSet, Minibatch, Moments, Population, Sampling, Setting};

use super::pair::Pair;
use super::value::Value;
use crate::{EvaluationError, Given};
use notation::symbol::{Meaning, Shape};

/// The most rows of a matrix of Kronecker products.
const LARGEST: usize = 1 << 14;

/// A column as a matrix.
pub(super) fn as_matrix<T: Scalar>(column: Vector<T>) -> Matrix<T> {
    Matrix::from_column_slice(column.len(), 1, column.as_slice())
}

/// D to a power.
pub(super) fn size(dimension: usize, exponent: u8) -> Result<usize, EvaluationError> {
    let size = dimension.checked_pow(exponent.into()).filter(|size| *size <= LARGEST);
    size.ok_or(EvaluationError::Undefined { symbol: "⊗".into(), reason: "the product is too large a matrix" })
}

/// A fraction in the field.
pub(super) fn number<T: Scalar>(value: &Rational) -> T {
    let whole = |value: &rug::Integer| {
        let base = T::from_integer(1 << 32);
        let digits = value.to_digits::<u32>(rug::integer::Order::Msf);
        let size = digits.into_iter().fold(T::zero(), |sum, digit| sum * &base + T::from_integer(digit.into()));
        if *value < 0 { -size } else { size }
    };
    let of = |value: &rug::Integer| value.to_i64().map_or_else(|| whole(value), T::from_integer);
    if *value.denom() == 1 { of(value.numer()) } else { of(value.numer()) / of(value.denom()) }
}

/// Whether a number is positive, in the fields that have an order.
pub(super) fn is_positive<T: Scalar>(value: &T) -> Option<bool> {
    let value = value as &dyn Any;
    let exact = value.downcast_ref::<Rational>().map(|value| *value > 0);
    let double = || value.downcast_ref::<f64>().filter(|value| !value.is_nan()).map(|value| *value > 0.0);
    let single = || value.downcast_ref::<f32>().filter(|value| !value.is_nan()).map(|value| *value > 0.0);
    let pair = || value.downcast_ref::<DoubleDouble>().map(|value| *value > DoubleDouble::from_integer(0));
    let rounded = || value.downcast_ref::<numbers::Rounded>()?.to_rational().map(|value| value > 0);
    let enclosed = || {
        let interval = value.downcast_ref::<numbers::Interval>()?;
        match (interval.low()?, interval.high()?) {
            (low, _) if low > 0 => Some(true),
            (_, high) if high <= 0 => Some(false),
            _ => None,
        }
    };
    let beside = || Pair::<f64>::exact_of(value).or_else(|| Pair::<f32>::exact_of(value));
    let beside = || beside().or_else(|| Pair::<numbers::Rounded>::exact_of(value)).map(|exact| *exact > 0);
    exact.or_else(double).or_else(single).or_else(pair).or_else(rounded).or_else(enclosed).or_else(beside)
}

/// A matrix as the value of a symbol of this shape.
pub(super) fn shaped<T: Scalar>(M: Matrix<T>, shape: Shape) -> Result<Value<T>, EvaluationError> {
    if !shape.is_scalar() {
        return Ok(Value::Matrix(M));
    }
    match M.as_slice() {
        [value] => Ok(Value::Scalar(value.clone())),
        _ => Err(EvaluationError::Undefined {
            symbol: "a scalar".into(),
            reason: "the formula is about one weight, and there are more",
        }),
    }
}

fn undefined(symbol: &str, reason: &'static str) -> EvaluationError {
    EvaluationError::Undefined { symbol: symbol.into(), reason }
}

pub(super) fn no_data_set() -> EvaluationError {
    undefined("a sum over samples", "the population is Gaussian, and no data set")
}

fn moments<'a, T>(given: &Given<'a, T>, symbol: &str) -> Result<&'a Moments<T>, EvaluationError> {
    given.moments.ok_or_else(|| undefined(symbol, "it belongs to a stationary state, and none was given"))
}

/// lim E\[w_t\]. Where an engine does not say, it is w*, if there is one.
pub(super) fn mean_weights<T: Scalar>(given: &Given<T>) -> Result<Vector<T>, EvaluationError> {
    match &moments(given, "E[w]")?.mean {
        Some(mean) => Ok(mean.clone()),
        None => {
            let inverse = |source| EvaluationError::Inverse { matrix: "K".into(), source };
            given.setting.minimizer().map_err(inverse)
        }
    }
}

/// What the stationary state holds of m.
pub(super) fn buffer<'a, T>(given: &Given<'a, T>, symbol: &str) -> Result<&'a BufferMoments<T>, EvaluationError> {
    let buffer = moments(given, symbol)?.buffer.as_ref();
    buffer.ok_or_else(|| undefined(symbol, "the engine has no moments of the buffer here"))
}

pub(super) fn minibatch<'a, T>(given: &Given<'a, T>) -> Result<&'a Minibatch<T>, EvaluationError> {
    given.minibatch.ok_or_else(|| undefined("ĝ", "it belongs to a first step, and none was given"))
}

fn inverse_of_features(source: Singular) -> EvaluationError {
    EvaluationError::Inverse { matrix: "A".into(), source }
}

/// The value of a line of the table that no other is made of.
pub(super) fn symbol<T: Scalar>(meaning: Meaning, shape: Shape, given: &Given<T>) -> Result<Value<T>, EvaluationError> {
    let setting = given.setting;
    let D = || T::from_integer(setting.dimension() as i64);
    let scalar = |value| Ok(Value::Scalar(value));
    let true_weights = || setting.true_weights().map_err(inverse_of_features);
    match meaning {
        Meaning::LearningRate => shaped(setting.learning_rate().clone(), shape),
        Meaning::ScalarLearningRate => scalar(matrix::trace(setting.learning_rate()) / D()),
        Meaning::FeatureCovariance => shaped(setting.feature_covariance(), shape),
        Meaning::ScalarFeatureCovariance => scalar(matrix::trace(&setting.feature_covariance())),
        Meaning::InputNoiseCovariance => shaped(setting.input_noise_covariance(), shape),
        Meaning::ScalarInputNoise => scalar(matrix::trace(&setting.input_noise_covariance())),
        Meaning::WeightDecay => shaped(setting.weight_decay().clone(), shape),
        Meaning::ScalarWeightDecay => scalar(matrix::trace(setting.weight_decay()) / D()),
        Meaning::Hessian => shaped(setting.hessian(), shape),
        Meaning::PlainHessian => shaped(plain_hessian(setting), shape),
        Meaning::TrueWeights => shaped(as_matrix(true_weights()?), shape),
        Meaning::TrueSquare => {
            let u = true_weights()?;
            shaped(matrix::outer(&u, &u), shape)
        }
        Meaning::InitialWeights => shaped(as_matrix(setting.initial_weights().clone()), shape),
        Meaning::LabelNoise => scalar(setting.label_noise_variance().map_err(inverse_of_features)?),
        Meaning::Momentum => scalar(setting.momentum().clone()),
        Meaning::BatchSize => scalar(setting.draws().clone()),
        Meaning::Dimension => scalar(D()),
        Meaning::SampleCount => {
            let count = setting.sample_count().ok_or_else(|| undefined("N", "the population is infinite"))?;
            scalar(T::from_integer(count as i64))
        }
        Meaning::Fluctuation => shaped(moments(given, "Σ")?.fluctuation.clone(), shape),
        Meaning::Noise => shaped(moments(given, "C")?.noise_covariance.clone(), shape),
        Meaning::TrainLoss => scalar(moments(given, "L_train")?.train_loss.clone()),
        Meaning::TestLoss => {
            let loss = moments(given, "L_test")?.test_loss.clone();
            scalar(loss.ok_or_else(|| undefined("L_test", "a data set has no test loss"))?)
        }
        Meaning::MinibatchGradient => shaped(as_matrix(minibatch(given)?.gradient.clone()), shape),
        // All others are made of these where the text is checked.
        _ => Err(undefined("a symbol", "it stands where it has no value")),
    }
}

/// Something of a sample.
pub(super) fn at_sample<T: Scalar, R>(
    setting: &Setting<T>,
    sample: usize,
    f: impl FnOnce(&DataSet<T>, usize) -> Result<R, EvaluationError>,
) -> Result<R, EvaluationError> {
    match setting.population() {
        Population::Gaussian(_) => Err(no_data_set()),
        Population::Data(data) if sample < data.labels.len() => f(data, sample),
        Population::Data(_) => Err(undefined("a sample", "there are fewer samples")),
    }
}

/// A + B.
fn plain_hessian<T: Scalar>(setting: &Setting<T>) -> Matrix<T> {
    setting.feature_covariance() + setting.input_noise_covariance()
}

/// 2L₀(w), the mean square of the residuals.
fn squared_residual<T: Scalar>(setting: &Setting<T>, w: &Vector<T>) -> T {
    match setting.population() {
        Population::Gaussian(model) => {
            let away = w - &model.true_weights;
            let of_features = away.dot(&(&model.feature_covariance * &away));
            let of_noise = w.dot(&(&model.input_noise_covariance * w));
            model.label_noise_variance.clone() + of_features + of_noise
        }
        Population::Data(data) => {
            let residuals = &data.features * w - &data.labels;
            residuals.dot(&residuals) / T::from_integer(residuals.len() as i64)
        }
    }
}

/// L₀(w) = ½E\[(wᵀx̃ − y)²\].
pub(super) fn plain_loss<T: Scalar>(setting: &Setting<T>, w: &Vector<T>) -> T {
    squared_residual(setting, w) / T::from_integer(2)
}

/// ∇L₀(w); for a data set the mean of the gradients of the samples.
pub(super) fn plain_gradient<T: Scalar>(setting: &Setting<T>, w: &Vector<T>) -> Vector<T> {
    match setting.population() {
        Population::Gaussian(_) => plain_hessian(setting) * w - setting.label_moment(),
        Population::Data(data) => {
            let residuals = &data.features * w - &data.labels;
            data.features.transpose() * &residuals / T::from_integer(residuals.len() as i64)
        }
    }
}

/// J(w) = E\[∇ℓ∇ℓᵀ\], the regularizer included; Gaussian features by the theorem of Wick.
pub(super) fn fisher<T: Scalar>(setting: &Setting<T>, w: &Vector<T>) -> Matrix<T> {
    let decay = setting.weight_decay() * w;
    match setting.population() {
        Population::Gaussian(_) => {
            let (plain, two) = (plain_gradient(setting, w), T::from_integer(2));
            let square = plain_hessian(setting) * squared_residual(setting, w) + matrix::outer(&plain, &plain) * two;
            let mixed = matrix::outer(&plain, &decay);
            square + &mixed + mixed.transpose() + matrix::outer(&decay, &decay)
        }
        Population::Data(data) => {
            let residuals = &data.features * w - &data.labels;
            let zero = Matrix::zeros(w.len(), w.len());
            let sum = data.features.row_iter().zip(&residuals).fold(zero, |sum, (x, r)| {
                let gradient = x.transpose() * r.clone() + &decay;
                sum + matrix::outer(&gradient, &gradient)
            });
            sum / T::from_integer(residuals.len() as i64)
        }
    }
}

/// C(w) = q (J(w) − ∇L∇Lᵀ): q is 1/S for independent draws, and (N − S)/(S(N − 1)) for an S-subset of N samples.
pub(super) fn noise<T: Scalar>(setting: &Setting<T>, w: &Vector<T>) -> Matrix<T> {
    let gradient = plain_gradient(setting, w) + setting.weight_decay() * w;
    let of_samples = fisher(setting, w) - matrix::outer(&gradient, &gradient);
    let draws = setting.draws();
    match (setting.sampling(), setting.sample_count()) {
        // Of one sample there is one subset.
        (Sampling::WithoutReplacement, Some(1)) => Matrix::zeros(w.len(), w.len()),
        (Sampling::WithoutReplacement, Some(N)) => {
            let N = T::from_integer(N as i64);
            of_samples * ((N.clone() - draws) / (draws.clone() * &(N - T::one())))
        }
        _ => of_samples / draws.clone(),
    }
}

/// lim E\[J(w)\]: C is J less the square of the mean, times the share that the sampling leaves of it.
pub(super) fn stationary_fisher<T: Scalar>(given: &Given<T>) -> Result<Matrix<T>, EvaluationError> {
    let (setting, moments) = (given.setting, moments(given, "J")?);
    let draws = setting.draws();
    let times = match (setting.sampling(), setting.sample_count()) {
        (Sampling::WithoutReplacement, Some(N)) => {
            let N = T::from_integer(N as i64);
            let rest = N.clone() - draws;
            if rest.is_zero() {
                return Err(undefined("J", "every minibatch is the whole data set, so that C does not tell"));
            }
            draws.clone() * &(N - T::one()) / rest
        }
        _ => draws.clone(),
    };
    let K = setting.hessian();
    Ok(&moments.noise_covariance * times + &K * &moments.fluctuation * &K)
}
