//! Several weights and any features: bounds on the tail index from the growth of even moments.

use numbers::{Interval, Scalar};
use rug::ops::Pow;
use rug::{Integer, Rational};
use symbols::Setting;

use super::sums::ln;
use crate::ExactError;
use crate::central::cone::solve_below;
use crate::central::step::{StateMoments, Step};
use crate::stationary::Equations;

/// The largest degree of a [`growth`].
pub const DEGREE_LIMIT: u32 = 8;

/// The factor by which a step multiplies the moments of one even degree: h(2p) = lim (E‖A_n⋯A₁‖^{2p})^{1/n}.
///
/// With z = (v, m) and the step z' = A z without label noise, it is the spectral radius of E\[z^{⊗2p}\] ↦ E\[z'^{⊗2p}\]
/// on symmetric tensors. Moments of `degree` 2p exist in the stationary state where it is below 1. For one weight
/// without momentum it is [`moment`](super::moment)(2p). Any setting; dimensionless; enclosed to `digits` significant
/// digits, or below 2⁻¹²⁷, each end by a solution of linear equations over ℚ in a cone that the map keeps.
///
/// # Errors
/// [`ExactError::OutOfRange`] unless `degree` is 2, 4, 6 or 8, `digits` 1 to 30, and the state of at most 16
/// components; [`ExactError::SingularHessian`]; [`ExactError::Unstable`] where no weight moves, so that nothing grows.
///
/// # Example
/// A = diag(1, ½), S = 2, Λ = ½I: squares grow by the larger root of (1/2 − ρ)(5/8 − ρ) = 1/256.
/// ```
/// use numbers::{Matrix, Vector};
/// use rug::Rational;
/// use symbols::{BatchSize, Gaussian, Population, Setting};
///
/// let q = |n, d| Rational::from((n, d));
/// let population = Population::Gaussian(Gaussian {
///     feature_covariance: Matrix::from_diagonal(&Vector::from_vec(vec![q(1, 1), q(1, 2)])),
///     input_noise_covariance: Matrix::zeros(2, 2),
///     label_noise_variance: q(1, 1),
///     true_weights: Vector::zeros(2),
/// });
/// let setting = Setting::new(population, Matrix::identity(2, 2) * q(1, 2), BatchSize::new(2)?)?;
/// let squares = exact::tail::growth(&setting, 2, 6)?;
/// assert!(squares.to_string().starts_with("6.50888"), "{squares}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn growth(setting: &Setting<Rational>, degree: u32, digits: u32) -> Result<Interval, ExactError> {
    if !(2..=DEGREE_LIMIT).contains(&degree) || degree % 2 == 1 {
        return Err(super::out_of_range("degree", &degree.into(), "2, 4, 6 or 8"));
    }
    if !(1..=30).contains(&digits) {
        return Err(super::out_of_range("digits", &digits.into(), "1 to 30"));
    }
    let equations = Equations::where_moving(setting)?.ok_or(ExactError::Unstable)?;
    let step = Step::new(setting, &equations.recursion, &equations.minimizer, degree)?;
    let (map, _) = step.map(degree, &StateMoments::new());
    let anything = step.of_gaussian(degree);
    let is_below = |r: &Rational| solve_below(&step, degree, &map, r, &anything).is_some();
    let mut high = Rational::from(1);
    while !is_below(&high) {
        high *= 2;
    }
    let mut low = Rational::from(&high / 2);
    while is_below(&low) {
        high = low.clone();
        low /= 2;
        // As good as 0, which a map that forgets everything has.
        if low < Rational::from(1) >> 128 {
            return Ok(Interval::from(Rational::new()).hull(&Interval::from(high), 64));
        }
    }
    let fineness = Rational::from((1, Integer::from(10).pow(digits)));
    while Rational::from(&high - &low) > Rational::from(&low * &fineness) {
        let middle = Rational::from(&low + &high) / 2;
        if is_below(&middle) { high = middle } else { low = middle }
    }
    let precision = 8 + 4 * digits;
    Ok(Interval::from(low).rounded(precision).hull(&Interval::from(high).rounded(precision), precision))
}

/// Bounds on a tail index.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexBounds {
    /// The index is at least this, 0 where nothing is known.
    pub low: Rational,
    /// It is at most this; `None` where nothing is known.
    pub high: Option<Rational>,
}

/// Bounds on the tail index of ‖w‖, the α > 0 at which h(α) = lim (E‖A_n⋯A₁‖^α)^{1/n} is 1.
///
/// Any setting. log h is convex and 0 at 0, as log E‖A_n⋯A₁‖^α is. So the chord between two even degrees on either side
/// of the index lies above log h and bounds the index from below; the chords to the next ones, extended, lie below and
/// bound it from above. Degrees up to `degree` are used, each [`growth`] to eight digits.
///
/// # Errors
/// Those of [`growth`].
pub fn index_bounds(setting: &Setting<Rational>, degree: u32) -> Result<IndexBounds, ExactError> {
    let mut points = vec![(0, Interval::from_integer(0))];
    for degree in (2..=degree.max(2)).step_by(2) {
        points.push((degree, ln(&growth(setting, degree, 8)?.rounded(64))));
    }
    let is = |value: &Interval, wanted| value.sign() == Some(wanted);
    let (below, above) = (std::cmp::Ordering::Less, std::cmp::Ordering::Greater);
    let last_below = points.iter().rposition(|(_, value)| is(value, below));
    let first_above = points.iter().position(|(_, value)| is(value, above));
    // Where the chord through two of the points is 0.
    let zero = |i: usize, j: usize| {
        let ((x, a), (y, b)) = (points.get(i)?, points.get(j)?);
        let slope = (b.clone() - a) / Interval::from_integer(i64::from(y - x));
        is(&slope, above).then(|| Interval::from_integer(i64::from(*x)) - a.clone() / slope)
    };
    let degree_at = |i: usize| points.get(i).map(|(degree, _)| Rational::from(*degree));
    let chord = last_below.zip(first_above).and_then(|(i, j)| zero(i, j)?.low());
    let low = chord.or_else(|| degree_at(last_below?)).unwrap_or_default();
    let extended = [
        last_below.and_then(|i| zero(i.checked_sub(1)?, i)?.high()),
        first_above.and_then(|j| zero(j, j + 1)?.high()),
        first_above.and_then(degree_at),
    ];
    Ok(IndexBounds { low, high: extended.into_iter().flatten().min() })
}
