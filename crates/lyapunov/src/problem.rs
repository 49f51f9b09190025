//! A setting, and how far its numbers are from those that are meant.

use std::borrow::Cow;

use symbols::{Matrix, Population, Setting, Twofold, Vector};

use crate::arithmetic::Arithmetic;
use crate::rounding::Doubt;

/// Up to this many rows of P residuals are evaluated in twofold doubles: the answer is then right to the last place,
/// and the bound on its error of the size of the error. Beyond, that would take longer than everything else.
pub const TWOFOLD_ROWS: usize = 16;

/// The relative error of a number that was rounded to a twofold double.
const TWOFOLD_INPUT: f64 = 1.0 / (1_u128 << 104) as f64;

/// What the numbers of a problem stand for, and so which problem a bound on an error is of.
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
    /// The same to twice the digits, where there are any.
    twofold: Option<Cow<'a, Setting<Twofold>>>,
    /// A bound on the relative error of each number: of the twofold doubles where there are any, else of the doubles.
    input: f64,
}

impl<'a> Problem<'a> {
    /// The numbers as they are: measured doubles, or numbers that doubles hold.
    pub fn read(setting: &'a Setting<f64>) -> Self {
        Problem { setting: Cow::Borrowed(setting), twofold: None, input: 0.0 }
    }

    /// Each number is the nearest double to the one that is meant.
    pub fn nearest(setting: &'a Setting<f64>) -> Self {
        Problem { setting: Cow::Borrowed(setting), twofold: None, input: f64::UNIT }
    }

    /// Each number is the nearest twofold double to the one that is meant: up to 16 rows of P, answers keep their
    /// digits however close to the limit of stability.
    pub fn written(setting: &'a Setting<Twofold>) -> Self {
        let doubles = setting.map(|v| v.nearest());
        Problem { setting: Cow::Owned(doubles), twofold: Some(Cow::Borrowed(setting)), input: TWOFOLD_INPUT }
    }

    /// Numbers that are off by one rounding to twofold doubles more than those of a problem whose doubles are, or are
    /// not, what is meant.
    pub(crate) fn scaled_of(setting: &'a Setting<Twofold>, input: f64) -> Self {
        Problem { input: input + TWOFOLD_INPUT, ..Problem::written(setting) }
    }

    /// What its numbers stand for.
    pub fn numbers(&self) -> Numbers {
        match (&self.twofold, self.input) {
            (Some(_), _) => Numbers::Written,
            (None, 0.0) => Numbers::Read,
            (None, _) => Numbers::Nearest,
        }
    }

    /// The nearest doubles.
    pub fn setting(&self) -> &Setting<f64> {
        &self.setting
    }

    /// Of the doubles.
    pub(crate) fn doubt(&self) -> Doubt {
        let input = if self.twofold.is_some() { f64::UNIT + self.input } else { self.input };
        Doubt { input, operations: true }
    }

    /// To as many digits as there are, and what is uncertain about these.
    pub(crate) fn twofold(&self) -> (Cow<'_, Setting<Twofold>>, Doubt) {
        match &self.twofold {
            Some(setting) => (Cow::Borrowed(setting), Doubt { input: self.input, operations: true }),
            None => (Cow::Owned(self.setting.map(|v| Twofold::from(*v))), self.doubt()),
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

/// The weights from which corrections begin: `found` where they move; the others are what they are, to all their digits.
pub(crate) fn start(setting: &Setting<Twofold>, active: &[usize], found: &Vector<f64>) -> Vector<Twofold> {
    let mut start = setting.initial_weights().clone();
    for &i in active {
        start[i] = Twofold::from(found[i]);
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
