//! What the fuzz targets share: small problems made of bytes, and what is asked of every message.

use arbitrary::{Result, Unstructured};
use numbers::{Matrix, nearest_f64};
use rug::ops::Pow;
use rug::{Integer, Rational};
use symbols::{BatchSize, DataSet, Gaussian, Momentum, Population, Sampling, Setting, SettingError};

/// A person can read it, in any terminal.
pub fn is_a_line(message: &str) {
    assert!(message.chars().count() <= 400 && !message.contains(char::is_control), "{message:?}");
}

/// Powers of ten that a number may be away from 1.
const EXPONENT: i32 = 40;

/// n · 10ᵏ.
pub fn decimal(n: i64, exponent: i32) -> Rational {
    let power = Rational::from(Integer::from(10).pow(exponent.unsigned_abs()));
    if exponent < 0 { Rational::from(n) / power } else { Rational::from(n) * power }
}

/// Zero, a decimal near 1, one of any size, or a double.
pub fn number(u: &mut Unstructured) -> Result<Rational> {
    let kind = u.int_in_range(0..=9)?;
    Ok(match kind {
        0..=1 => Rational::new(),
        2..=4 => Rational::from(u.int_in_range(-9i64..=9)?),
        5..=7 => decimal(u.int_in_range(-9999i64..=9999)?, -3),
        8 => decimal(u.int_in_range(-999i64..=999)?, u.int_in_range(-EXPONENT..=EXPONENT)?),
        _ => {
            let double = f64::from_bits(u.arbitrary()?);
            Rational::from_f64(double).filter(|_| (1e-40..1e40).contains(&double.abs())).unwrap_or_default()
        }
    })
}

fn entries(u: &mut Unstructured, rows: usize, columns: usize) -> Result<Matrix<Rational>> {
    let numbers = (0..rows * columns).map(|_| number(u)).collect::<Result<Vec<_>>>()?;
    Ok(Matrix::from_vec(rows, columns, numbers))
}

/// F Fᵀ, of any rank.
fn covariance(u: &mut Unstructured, D: usize) -> Result<Matrix<Rational>> {
    let rank = u.int_in_range(0..=D)?;
    let F = entries(u, D, rank)?;
    Ok(if rank == 0 { Matrix::zeros(D, D) } else { &F * F.transpose() })
}

fn symmetric(u: &mut Unstructured, D: usize) -> Result<Matrix<Rational>> {
    let F = entries(u, D, D)?;
    Ok(Matrix::from_fn(D, D, |i, j| F[(i.max(j), i.min(j))].clone()))
}

fn diagonal(u: &mut Unstructured, D: usize) -> Result<Matrix<Rational>> {
    let d = entries(u, D, 1)?;
    Ok(Matrix::from_fn(D, D, |i, j| if i == j { d[i].clone().abs() } else { Rational::new() }))
}

fn samples(u: &mut Unstructured, D: usize) -> Result<DataSet<Rational>> {
    let N = u.int_in_range(1..=5)?;
    let mut features = entries(u, N, D)?;
    // A column twice, or one in other units.
    if D > 1 && u.ratio(1, 6)? {
        let unit = number(u)?;
        let first = features.column(0) * unit;
        features.set_column(1, &first);
    }
    let labels =
        if u.ratio(1, 6)? { &features * entries(u, D, 1)?.column(0) } else { entries(u, N, 1)?.column(0).into_owned() };
    Ok(DataSet { features, labels })
}

/// A problem of at most three weights and five samples.
pub fn problem(u: &mut Unstructured) -> Result<Setting<Rational>> {
    let D = u.int_in_range(1..=3)?;
    let identity = Matrix::from_fn(D, D, |i, j| Rational::from(u8::from(i == j)));
    let is_data = u.arbitrary()?;
    let population = if is_data {
        Population::Data(samples(u, D)?)
    } else {
        Population::Gaussian(Gaussian {
            feature_covariance: covariance(u, D)?,
            input_noise_covariance: if u.ratio(1, 4)? { covariance(u, D)? } else { Matrix::zeros(D, D) },
            label_noise_variance: number(u)?.abs(),
            true_weights: entries(u, D, 1)?.column(0).into_owned(),
        })
    };
    let learning_rate = match u.int_in_range(0..=7)? {
        0 => covariance(u, D)?,
        1 => diagonal(u, D)?,
        2 => symmetric(u, D)?,
        _ => identity.clone() * number(u)?.abs(),
    };
    let weight_decay = match u.int_in_range(0..=7)? {
        0 => symmetric(u, D)?,
        1 => diagonal(u, D)?,
        2..=3 => identity * number(u)?,
        _ => Matrix::zeros(D, D),
    };
    let momentum = match u.int_in_range(0..=7)? {
        0..=3 => Rational::new(),
        4..=6 => decimal(u.int_in_range(0i64..=999)?, -3),
        _ => Rational::from(1) - decimal(1, -u.int_in_range(1..=15)?),
    };
    let batch_size = if u.ratio(1, 8)? { u.int_in_range(1..=u32::MAX)? } else { u.int_in_range(1..=6)? };
    let subsets = u.ratio(1, 4)?;
    let made = || -> std::result::Result<_, SettingError> {
        let setting = Setting::new(population, learning_rate, BatchSize::new(batch_size)?)?;
        let setting = setting.with_weight_decay(weight_decay)?.with_momentum(Momentum::new(momentum)?);
        let fits = setting.sample_count().is_some_and(|N| batch_size as usize <= N);
        if subsets && fits { setting.with_sampling(Sampling::WithoutReplacement) } else { Ok(setting) }
    };
    made().map_err(|_| arbitrary::Error::IncorrectFormat)
}

/// The problem with a learning rate next to the edge of stability, to few digits or to many; where there is none, as it is.
pub fn at_the_edge(u: &mut Unstructured, setting: Setting<Rational>) -> Result<Setting<Rational>> {
    let distance = [-0.5, -0.1, -1e-3, -1e-6, -1e-10, -1e-14, -1e-16, 0.0, 1e-16, 1e-14, 1e-10, 1e-3, 0.5];
    let (distance, places) = (*u.choose(&distance)?, *u.choose(&[2, 6, 12, 16, 20])?);
    let Ok(stability) = lyapunov::stability(&setting.map(nearest_f64)) else { return Ok(setting) };
    if !(1e-30..1e30).contains(&stability.margin) {
        return Ok(setting);
    }
    let near = |value: f64| Rational::from_f64(value).unwrap_or_default();
    let factor = near(stability.margin) * near(1.0 + distance);
    let scale = decimal(1, places - stability.margin.log10().floor() as i32);
    let factor = (factor * &scale).round() / scale;
    let learning_rate = setting.learning_rate() * factor;
    setting.with_learning_rate(learning_rate).map_err(|_| arbitrary::Error::IncorrectFormat)
}

/// A double that breaks things, in the place of some.
pub fn broken(u: &mut Unstructured, setting: &Setting<Rational>) -> Result<Setting<f64>> {
    const VALUES: [f64; 8] = [f64::NAN, f64::INFINITY, 1e308, -1e308, 1e-308, 1e160, -1e-200, 5e-324];
    let (value, place) = (*u.choose(&VALUES)?, std::cell::Cell::new(u.int_in_range(0..=30)?));
    let broken = setting.map(|number| {
        let left: i32 = place.replace(place.get() - 1);
        if left == 0 { value } else { nearest_f64(number) }
    });
    // Batch size and momentum are within their ranges by construction.
    let momentum = Momentum::new(nearest_f64(setting.momentum())).map_err(|_| arbitrary::Error::IncorrectFormat)?;
    let broken = broken.with_momentum(momentum).with_batch_size(setting.batch_size());
    broken.map_err(|_| arbitrary::Error::IncorrectFormat)
}

/// Bits of the longest number of a problem.
pub fn length(setting: &Setting<Rational>) -> u32 {
    let longest = std::cell::Cell::new(0);
    setting.map(|number| {
        longest.set(longest.get().max(number.numer().significant_bits() + number.denom().significant_bits()));
        number.clone()
    });
    longest.get()
}

/// The Frobenius norm of a difference, squared.
pub fn square_off(found: &Matrix<f64>, exact: &Matrix<Rational>) -> Rational {
    found.iter().zip(exact.iter()).map(|(found, exact)| off(*found, exact).square()).sum()
}

/// |found − exact|.
pub fn off(found: f64, exact: &Rational) -> Rational {
    (rational(found) - exact).abs()
}

/// A finite double.
pub fn rational(value: f64) -> Rational {
    Rational::from_f64(value).unwrap_or_else(|| panic!("{value} is not finite"))
}

/// Chains that are run where they are asked for: many threads on a fuzzer's job each would stand in each other's way.
pub fn on_one_thread() {
    rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .use_current_thread()
        .build_global()
        .unwrap_or_else(|error| panic!("{error}"));
}
