//! Properties that span crates: here is the code that the tests share; the tests themselves are in `it`.

mod choices;

pub use choices::Seeded;
use claims::draw;
use montecarlo::{Estimate, holm};
use numbers::{Matrix, Vector, matrix, nearest_f64};
use rug::Rational;
use symbols::{DataSet, Gaussian, Moments, Population, Sampling, Setting, SettingError};

/// A stationary problem of any kind: Λ, A, Γ, B that do not commute, momentum, Gaussian features or a data set.
///
/// `closeness` in (0, 1) is the fraction of the largest stable learning rate. `None` where no learning rate is stable.
pub fn stationary_setting(dimension: usize, seed: u64, closeness: f64) -> Option<Setting<Rational>> {
    let mut setting = draw::any_setting(dimension, &mut Seeded::new(seed)).ok()?;
    if setting.sample_count().is_some() && seed.is_multiple_of(3) {
        setting = setting.with_sampling(Sampling::WithReplacement).ok()?;
    }
    let pull = matrix::trace(&(setting.learning_rate() * setting.hessian()));
    if pull == 0 {
        return None;
    }
    let rate = setting.learning_rate() / pull;
    let setting = setting.with_learning_rate(rate).ok()?;
    let margin = lyapunov::stability(&setting.map(nearest_f64)).ok()?.margin;
    let factor = Rational::from_f64(margin * closeness).filter(|factor| *factor > 0)?;
    let rate = setting.learning_rate() * factor;
    setting.with_learning_rate(rate).ok()
}

/// The setting in other coordinates of the weights, w → Qw, for an orthogonal Q.
///
/// # Errors
/// None for a Q of the right shape.
pub fn rotated(setting: &Setting<Rational>, Q: &Matrix<Rational>) -> Result<Setting<Rational>, SettingError> {
    let matrix = |M: &Matrix<Rational>| Q * M * Q.transpose();
    let column = |x: &Vector<Rational>| Q * x;
    changed(setting, matrix, matrix, column, |y| y.clone())
}

/// The setting in other units: weights times `weight`, features times `feature`.
///
/// # Errors
/// None for units that are not zero.
pub fn rescaled(
    setting: &Setting<Rational>,
    weight: &Rational,
    feature: &Rational,
) -> Result<Setting<Rational>, SettingError> {
    let square = Rational::from(feature * feature);
    let matrix = |M: &Matrix<Rational>| M * square.clone();
    let rate = |M: &Matrix<Rational>| M / square.clone();
    let scaled = changed(setting, matrix, rate, |x| x * weight.clone(), |y| y * Rational::from(weight * feature))?;
    match scaled.population().clone() {
        Population::Gaussian(_) => Ok(scaled),
        // `changed` transforms a row of features like a weight.
        Population::Data(data) => {
            let features = data.features * Rational::from(feature / weight);
            scaled.with_population(Population::Data(DataSet { features, ..data }))
        }
    }
}

fn changed(
    setting: &Setting<Rational>,
    matrix: impl Fn(&Matrix<Rational>) -> Matrix<Rational>,
    rate: impl Fn(&Matrix<Rational>) -> Matrix<Rational>,
    column: impl Fn(&Vector<Rational>) -> Vector<Rational>,
    label: impl Fn(&Rational) -> Rational,
) -> Result<Setting<Rational>, SettingError> {
    let population = match setting.population() {
        Population::Gaussian(model) => Population::Gaussian(Gaussian {
            feature_covariance: matrix(&model.feature_covariance),
            input_noise_covariance: matrix(&model.input_noise_covariance),
            label_noise_variance: label(&label(&model.label_noise_variance)),
            true_weights: column(&model.true_weights),
        }),
        Population::Data(data) => {
            let rows = Vec::from_iter(data.features.row_iter().map(|x| column(&x.transpose()).transpose()));
            Population::Data(DataSet { features: Matrix::from_rows(&rows), labels: data.labels.map(|y| label(&y)) })
        }
    };
    setting
        .clone()
        .with_population(population)?
        .with_learning_rate(rate(setting.learning_rate()))?
        .with_weight_decay(matrix(setting.weight_decay()))?
        .with_initial_weights(column(setting.initial_weights()))
}

/// A rational orthogonal matrix of order 2: a rotation by the angle with cosine 3/5.
pub fn rotation() -> Matrix<Rational> {
    let q = |n: i64| Rational::from((n, 5));
    Matrix::from_row_slice(2, 2, &[q(3), q(-4), q(4), q(3)])
}

/// A number that chains found, against what another engine says.
#[derive(Debug, Clone, PartialEq)]
pub struct Deviation {
    /// The name of the number.
    pub name: String,
    /// The deviation in standard errors.
    pub z: f64,
    /// The probability of a |z| at least that large by chance.
    pub p: f64,
}

/// The deviations of Σ, C and the losses of an estimate from those expected, for every entry that symmetry leaves free.
pub fn deviations(what: &str, estimate: &Estimate, expected: &Moments<f64>) -> Vec<Deviation> {
    let differences = [
        ("Σ", estimate.mean(|m| &m.fluctuation - &expected.fluctuation)),
        ("C", estimate.mean(|m| &m.noise_covariance - &expected.noise_covariance)),
        ("L_train", estimate.mean(|m| matrix::scalar(m.train_loss - expected.train_loss))),
        // Without a test loss on both sides nothing deviates. With one on one side only, NaN counts as rejected.
        ("L_test", estimate.mean(|m| matrix::scalar(difference(m.test_loss, expected.test_loss)))),
    ];
    let mut deviations = Vec::new();
    for (quantity, difference) in differences {
        let (z, p) = (difference.z_scores(), difference.p_values());
        for j in 0..z.ncols() {
            for i in j..z.nrows() {
                let name = format!("{what}: {quantity}[{i}, {j}]");
                deviations.push(Deviation { name, z: z[(i, j)], p: p[(i, j)] });
            }
        }
    }
    deviations
}

fn difference(found: Option<f64>, expected: Option<f64>) -> f64 {
    match (found, expected) {
        (Some(found), Some(expected)) => found - expected,
        (None, None) => 0.0,
        _ => f64::NAN,
    }
}

/// The deviations that are too large to be chance. `false_alarm` bounds the probability that any true number is
/// rejected.
pub fn rejected(deviations: &[Deviation], false_alarm: f64) -> Vec<&Deviation> {
    let p: Vec<f64> = deviations.iter().map(|deviation| deviation.p).collect();
    deviations.iter().zip(holm(&p, false_alarm)).filter(|(_, rejected)| *rejected).map(|(d, _)| d).collect()
}

/// Moments with Σ one percent too large, also in the losses, and moments with C one percent too large: a test must
/// reject both, or it proves little.
pub fn one_percent_off(setting: &Setting<f64>, moments: &Moments<f64>) -> [Moments<f64>; 2] {
    let excess = &moments.fluctuation * 0.01;
    let loss = |curvature: Matrix<f64>| 0.5 * matrix::trace(&(curvature * &excess));
    let wide = Moments {
        mean: moments.mean.clone(),
        train_loss: moments.train_loss + loss(setting.hessian()),
        test_loss: moments.test_loss.map(|test_loss| test_loss + loss(setting.feature_covariance())),
        fluctuation: &moments.fluctuation + &excess,
        noise_covariance: moments.noise_covariance.clone(),
        buffer: moments.buffer.clone(),
    };
    [wide, Moments { noise_covariance: &moments.noise_covariance * 1.01, ..moments.clone() }]
}
