//! Settings along which something becomes extreme. They are exact in single precision, as far as that has the digits.
//! Most are made of powers of two; where one weight leaves hardly an operation to round, mantissas are full.

use formula::Subject;
use numbers::{Matrix, Vector, matrix, nearest_f64};
use rug::{Float, Rational};
use symbols::{BatchSize, DataSet, Gaussian, Momentum, Population, Setting, SettingError};

use verify::allowances::DIGITS;

/// A list of settings.
pub struct Walk {
    /// Short name, for files.
    pub name: &'static str,
    /// Where it leads, for a reader.
    pub title: &'static str,
    /// What changes from step to step, for a reader.
    pub parameter: &'static str,
    /// Whose quantities are evaluated.
    pub subject: Subject,
    /// The settings, step by step.
    pub steps: Vec<Step>,
}

/// One setting of a walk.
pub struct Step {
    /// The value of the parameter.
    pub label: String,
    /// log₂ of the parameter, for a plot.
    pub exponent: f64,
    /// The setting.
    pub setting: Setting<Rational>,
    /// The distance to the stability boundary: the size of 1 − ρ, with the spectral radius ρ of the second-moment
    /// recursion.
    pub distance: Rational,
}

impl Step {
    /// How many digits an evaluation in doubles may lose here.
    pub fn allowed(&self) -> f64 {
        DIGITS - nearest_f64(&self.distance).log10()
    }
}

/// All walks.
///
/// # Errors
/// None that a caller can cause.
pub fn walks() -> Result<Vec<Walk>, SettingError> {
    Ok(vec![
        Walk {
            name: "boundary",
            title: "towards the stability boundary, without momentum",
            parameter: "distance to the boundary, relative",
            subject: Subject::Stationary,
            // D = 2, A = I, S = 3: stable up to λ = 2S/(S + D + 1) = 1.
            steps: steps([2, 6, 10, 14, 18, 22, 26, 32, 38, 44], |k| {
                let rate = Rational::from(1) - power(-k);
                Ok((-k, gaussian(matrix::identity(2), rate, 3, Rational::new())?, power(-k)))
            })?,
        },
        Walk {
            name: "boundary-one-weight",
            title: "towards the stability boundary, with one weight and without momentum",
            parameter: "distance to the boundary, relative",
            subject: Subject::Stationary,
            // S = 5: stable up to λa = 2S/(S + 2) = 10/7.
            steps: steps([2, 6, 10, 14, 18, 22, 26, 32, 38, 44], |k| {
                let (a, noise) =
                    (Rational::from(A_OF_FULL_MANTISSA) >> 23, Rational::from(NOISE_OF_FULL_MANTISSA) >> 24);
                let edge: Rational = Rational::from((10, 7)) / &a;
                // As many bits as it takes to tell the rate from the edge.
                let bits = if k <= 20 { f32::MANTISSA_DIGITS } else { f64::MANTISSA_DIGITS };
                let rate = rounded(&((Rational::from(1) - power(-k)) * &edge), bits);
                let distance = Rational::from(1) - Rational::from(&rate / &edge);
                let setting = gaussian(Matrix::from_element(1, 1, a), rate, 5, Rational::new())?;
                Ok((-k, with_label_noise(setting, noise)?, distance))
            })?,
        },
        Walk {
            name: "boundary-momentum",
            title: "towards the stability boundary, with momentum 1/2",
            parameter: "distance to the boundary, relative",
            subject: Subject::Stationary,
            // D = 1, a = 1, S = 6: stable up to λ = 2(1−μ)S/(1 + (1−μ)/(1+μ) S + D) = 3/2.
            steps: steps([2, 6, 10, 14, 18, 22, 26, 32, 38, 44], |k| {
                let rate = (Rational::from(1) - power(-k)) * Rational::from((3, 2));
                Ok((-k, gaussian(matrix::identity(1), rate, 6, Rational::from((1, 2)))?, power(-k)))
            })?,
        },
        Walk {
            name: "condition",
            title: "towards a singular feature covariance",
            parameter: "smallest eigenvalue of A over the largest",
            subject: Subject::Stationary,
            steps: steps([0, 4, 8, 12, 16, 20], |k| {
                let half = |sign: i32| (Rational::from(1) + power(-k) * Rational::from(sign)) / Rational::from(2);
                let A = Matrix::from_row_slice(2, 2, &[half(1), half(-1), half(-1), half(1)]);
                Ok((-k, gaussian(A, Rational::from((1, 2)), 4, Rational::from((1, 4)))?, power(-k)))
            })?,
        },
        Walk {
            name: "momentum",
            title: "as momentum tends to 1 and the learning rate with 1 − μ to 0",
            parameter: "1 − μ",
            subject: Subject::Stationary,
            steps: steps([1, 3, 6, 9, 12, 15, 18, 20], |k| {
                let momentum = Rational::from(1) - power(-k);
                Ok((-k, gaussian(two_by_two(), power(-k), 4, momentum)?, power(-k)))
            })?,
        },
        Walk {
            name: "learning-rate",
            title: "towards a vanishing learning rate",
            parameter: "λ",
            subject: Subject::Stationary,
            steps: steps([1, 5, 10, 15, 20, 25, 30], |k| {
                Ok((-k, gaussian(two_by_two(), power(-k), 4, Rational::from((1, 4)))?, power(-k)))
            })?,
        },
        Walk {
            name: "batch-size",
            title: "towards large minibatches",
            parameter: "S",
            subject: Subject::Stationary,
            steps: steps([1, 5, 10, 15, 20, 24], |k| {
                let S = 1_u32 << k.unsigned_abs();
                Ok((k, gaussian(two_by_two(), Rational::from((1, 2)), S, Rational::from((1, 4)))?, Rational::from(1)))
            })?,
        },
        Walk {
            name: "dimension",
            title: "towards many weights",
            parameter: "D",
            subject: Subject::Stationary,
            steps: steps([0, 1, 2, 3, 4], |k| {
                let D = 1_usize << k.unsigned_abs();
                let A = Matrix::from_diagonal(&Vector::from_fn(D, |i, _| Rational::from((1, 1 << (i % 3)))));
                Ok((k, gaussian(A, power(-k), 4, Rational::new())?, power(-k)))
            })?,
        },
        Walk {
            name: "gradient-mean",
            title: "towards gradients that agree in their leading digits",
            parameter: "mean of the labels",
            subject: Subject::Minibatch,
            steps: steps([0, 5, 10, 15, 20, 25, 30, 35, 40], |k| {
                // At w₀ = 0 and x = 1 gradients are −y.
                let features = Matrix::from_element(4, 1, Rational::from(1));
                let labels = [0, 507, 12289, 24571].map(|y| Rational::from((y, 4096)) + power(k));
                Ok((k, data(features, Vector::from_row_slice(&labels), 2)?, Rational::from(1)))
            })?,
        },
        Walk {
            name: "samples",
            title: "towards many samples",
            parameter: "N",
            subject: Subject::Minibatch,
            steps: steps([2, 4, 6, 8, 10], |k| {
                let N = 1_usize << k.unsigned_abs();
                let features = Matrix::from_fn(N, 2, |n, i| Rational::from((n * (i + 3)) as i64 % 7 - 3));
                let labels = Vector::from_fn(N, |n, _| Rational::from(n as i64 % 5 - 1));
                Ok((k, data(features, labels, 1)?, Rational::from(1)))
            })?,
        },
    ])
}

/// The exponent that a step is labelled by, its setting, and its distance.
type Parts = (i32, Setting<Rational>, Rational);

fn steps<const N: usize>(
    exponents: [i32; N],
    part: impl Fn(i32) -> Result<Parts, SettingError>,
) -> Result<Vec<Step>, SettingError> {
    exponents
        .into_iter()
        .map(|k| {
            let (exponent, setting, distance) = part(k)?;
            Ok(Step { label: format!("2^{exponent}"), exponent: exponent.into(), setting, distance })
        })
        .collect()
}

/// a = 1.3…, times 2²³: a number all of whose 24 bits are used.
const A_OF_FULL_MANTISSA: i64 = 11_184_811;
/// σ² = 0.7…, times 2²⁴, likewise.
const NOISE_OF_FULL_MANTISSA: i64 = 12_345_679;

/// The nearest number of so many bits.
fn rounded(value: &Rational, bits: u32) -> Rational {
    Float::with_val(bits, value).to_rational().unwrap_or_default()
}

/// 2ᵏ.
fn power(k: i32) -> Rational {
    Rational::from(1) << k
}

/// A covariance with the eigenvalues 1 ± √2/4.
fn two_by_two() -> Matrix<Rational> {
    Matrix::from_row_slice(2, 2, &[(5, 4), (1, 4), (1, 4), (3, 4)].map(Rational::from))
}

/// A Gaussian model with label noise of variance 1 and Λ = λI.
fn gaussian(A: Matrix<Rational>, rate: Rational, S: u32, mu: Rational) -> Result<Setting<Rational>, SettingError> {
    let D = A.nrows();
    let population = Population::Gaussian(Gaussian {
        feature_covariance: A,
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance: Rational::from(1),
        true_weights: Vector::zeros(D),
    });
    let setting = Setting::new(population, matrix::identity::<Rational>(D) * rate, BatchSize::new(S)?)?;
    Ok(setting.with_momentum(Momentum::new(mu)?))
}

/// A Gaussian model with another variance of its label noise.
fn with_label_noise(setting: Setting<Rational>, variance: Rational) -> Result<Setting<Rational>, SettingError> {
    let mut population = setting.population().clone();
    if let Population::Gaussian(model) = &mut population {
        model.label_noise_variance = variance;
    }
    setting.with_population(population)
}

/// A data set at w₀ = 0.
fn data(features: Matrix<Rational>, labels: Vector<Rational>, S: u32) -> Result<Setting<Rational>, SettingError> {
    let D = features.ncols();
    let population = Population::Data(DataSet { features, labels });
    Setting::new(population, matrix::identity::<Rational>(D), BatchSize::new(S)?)
}
