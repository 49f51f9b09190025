//! A setting, and how far its numbers are from those that are meant.

use std::borrow::Cow;

use numbers::{DoubleDouble, Matrix, Vector};
use symbols::{Population, Setting};

use crate::arithmetic::Arithmetic;
use crate::rounding::Doubt;

/// Up to this many rows of P residuals are evaluated in double-double numbers: the answer is then right to the last
/// place, and the bound on its error of the size of the error. Beyond, that would take longer than everything else.
pub const DOUBLE_DOUBLE_ROWS: usize = 16;

/// The relative error of a number that was rounded to a double-double number.
const DOUBLE_DOUBLE_INPUT: f64 = 1.0 / (1_u128 << 104) as f64;

/// What the numbers of a problem stand for, and so for which problem a bound on an error holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Numbers {
    /// Themselves: a bound is of the problem in doubles.
    Read,
    /// Each is the nearest double to the one that is meant: a bound is of the problem that is meant.
    Nearest,
    /// Each is known to twice the digits of a double: a bound is of the problem as written.
    Written,
}

/// A problem in doubles, and what its numbers stand for: a bound on an error is one of the problem that is meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem<'a> {
    pub(crate) setting: Cow<'a, Setting<f64>>,
    /// The setting to twice the digits, where these are known.
    double_double: Option<Cow<'a, Setting<DoubleDouble>>>,
    /// A bound on the relative error of each number: of the double-double numbers where there are any, else of the
    /// doubles.
    input: f64,
}

impl<'a> Problem<'a> {
    /// The numbers as they are: measured doubles, or numbers that doubles hold.
    pub fn read(setting: &'a Setting<f64>) -> Self {
        Problem { setting: Cow::Borrowed(setting), double_double: None, input: 0.0 }
    }

    /// Each number is the nearest double to the one that is meant.
    pub fn nearest(setting: &'a Setting<f64>) -> Self {
        Problem { setting: Cow::Borrowed(setting), double_double: None, input: f64::UNIT }
    }

    /// Each number is the nearest double-double number to the one that is meant: up to 16 rows of P, answers keep their
    /// digits however close to the limit of stability.
    pub fn written(setting: &'a Setting<DoubleDouble>) -> Self {
        let doubles = setting.map(|v| v.nearest());
        Problem {
            setting: Cow::Owned(doubles),
            double_double: Some(Cow::Borrowed(setting)),
            input: DOUBLE_DOUBLE_INPUT,
        }
    }

    /// A problem whose numbers are off by a relative error of at most `input` and by one more rounding to double-double
    /// numbers.
    pub(crate) fn scaled_of(setting: &'a Setting<DoubleDouble>, input: f64) -> Self {
        Problem { input: input + DOUBLE_DOUBLE_INPUT, ..Problem::written(setting) }
    }

    /// What its numbers stand for.
    pub fn numbers(&self) -> Numbers {
        match (&self.double_double, self.input) {
            (Some(_), _) => Numbers::Written,
            (None, 0.0) => Numbers::Read,
            (None, _) => Numbers::Nearest,
        }
    }

    /// The nearest doubles.
    pub fn setting(&self) -> &Setting<f64> {
        &self.setting
    }

    /// The doubt about the doubles.
    pub(crate) fn doubt(&self) -> Doubt {
        let input = if self.double_double.is_some() { f64::UNIT + self.input } else { self.input };
        Doubt { input, operations: true }
    }

    /// The setting to as many digits as are known, and the doubt about these.
    pub(crate) fn double_double(&self) -> (Cow<'_, Setting<DoubleDouble>>, Doubt) {
        match &self.double_double {
            Some(setting) => (Cow::Borrowed(setting), Doubt { input: self.input, operations: true }),
            None => (Cow::Owned(self.setting.map(|v| DoubleDouble::from(*v))), self.doubt()),
        }
    }
}

/// The weights that move; each of the others stays where it is, which only zeros can prove.
///
/// A weight is still where its row of Λ is zero; and where its feature is always zero, as is its row of Γ, and Λ does
/// not mix it with others. Neither has anything to do with how large other numbers are.
pub(crate) fn active(setting: &Setting<f64>) -> Vec<usize> {
    let (L, decay) = (setting.learning_rate(), setting.weight_decay());
    let is_zero = |M: &Matrix<f64>, i: usize| M.row(i).iter().all(|v| *v == 0.0);
    let is_unmixed = |i: usize| (0..L.ncols()).all(|j| i == j || L[(i, j)] == 0.0);
    let has_feature = |i: usize| match setting.population() {
        Population::Gaussian(model) => {
            !is_zero(&model.feature_covariance, i) || !is_zero(&model.input_noise_covariance, i)
        }
        Population::Data(data) => data.features.column(i).iter().any(|v| *v != 0.0),
    };
    let is_still = |i: usize| is_zero(L, i) || (is_unmixed(i) && !has_feature(i) && is_zero(decay, i));
    Vec::from_iter((0..setting.dimension()).filter(|&i| !is_still(i)))
}

/// The weights from which corrections begin: `found` where they move; the others are what they are, to all their
/// digits.
pub(crate) fn start(setting: &Setting<DoubleDouble>, active: &[usize], found: &Vector<f64>) -> Vector<DoubleDouble> {
    let mut start = setting.initial_weights().clone();
    for &i in active {
        start[i] = DoubleDouble::from(found[i]);
    }
    start
}

/// A matrix over the active weights, with zeros for all others.
pub(crate) fn embedded<T: Arithmetic>(M: &Matrix<T>, active: &[usize], D: usize) -> Matrix<T> {
    if active.len() == D {
        return M.clone();
    }
    let mut out = Matrix::zeros(D, D);
    for (q, &j) in active.iter().enumerate() {
        for (p, &i) in active.iter().enumerate() {
            out[(i, j)] = M[(p, q)].clone();
        }
    }
    out
}
