//! Enclosures of real numbers: arithmetic that says how much of its answer is certain.
//!
//! An [`Interval`] is an exact rational, or a pair of MPFR numbers with the real number that is meant between them.
//! Every operation rounds the lower end down and the upper end up, so that the answer encloses whatever the operands
//! may stand for. It is a [`Scalar`]: a closed form written over a scalar can be enclosed to any precision, and
//! [`decide`] raises the precision until the enclosure answers a question.
//!
//! Deliberately absent: an order. Two enclosures that overlap have none; ask the [`sign`](Interval::sign) of a
//! difference.

mod arithmetic;
mod decide;

use std::cmp::Ordering;
use std::fmt;

use rug::float::{Round, Special, prec_max, prec_min};
use rug::{Float, Rational};

use crate::Scalar;
pub use decide::{Undecided, decide};

/// A precision that MPFR does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("precision = {bits} bits: expected {} to {}", prec_min(), prec_max())]
pub struct PrecisionError {
    /// The precision asked for.
    pub bits: u32,
}

/// A real number, known exactly or between two bounds.
///
/// Integers and everything made of them stay exact, because `zero`, `one` and [`from_integer`](Scalar::from_integer)
/// know no precision; next to an enclosure they are rounded outward to its precision. Where two enclosures meet, the
/// finer precision holds. What has no bound, such as a quotient by something that may be zero, is the whole line: no
/// operation panics, and none answers NaN.
///
/// `==` compares what is known, not what is meant: equal enclosures may stand for different numbers.
///
/// # Example
/// ```
/// use rug::Rational;
/// use numbers::Interval;
/// let third = Interval::enclosing(&Rational::from((1, 3)), 64)?;
/// let zero = third.clone() + &third + &third - Interval::from(Rational::from(1));
/// assert!(zero.contains(&Rational::new()));
/// assert_eq!(zero.sign(), None);
/// assert_eq!((third / Interval::from(Rational::from(7))).to_string(), "4.761904761904761905e-2");
/// # Ok::<(), numbers::PrecisionError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Interval(Known);

/// Neither end is NaN, `low` is not +∞ and `high` is not −∞.
#[derive(Debug, Clone, PartialEq)]
enum Known {
    Exactly(Rational),
    Between { low: Float, high: Float },
}

use Known::{Between, Exactly};

impl From<Rational> for Interval {
    fn from(value: Rational) -> Self {
        Interval(Exactly(value))
    }
}

impl Interval {
    /// The two neighbours of `value` among the numbers of `precision` bits.
    ///
    /// # Errors
    /// [`PrecisionError`] where MPFR has no such precision.
    pub fn enclosing(value: &Rational, precision: u32) -> Result<Self, PrecisionError> {
        if (prec_min()..=prec_max()).contains(&precision) {
            let (low, high) = neighbours(value, precision);
            Ok(Self::between(low, high))
        } else {
            Err(PrecisionError { bits: precision })
        }
    }

    /// An end that is no number is no bound.
    fn between(mut low: Float, mut high: Float) -> Self {
        if low.is_nan() {
            low = Float::with_val(low.prec(), Special::NegInfinity);
        }
        if high.is_nan() {
            high = Float::with_val(high.prec(), Special::Infinity);
        }
        Interval(Between { low, high })
    }

    /// Both ends; those of an exact number are its neighbours of `precision` bits.
    fn ends(&self, precision: u32) -> (Float, Float) {
        match &self.0 {
            Exactly(value) => neighbours(value, precision),
            Between { low, high } => (low.clone(), high.clone()),
        }
    }

    /// The bits of an enclosure; an exact number has no precision.
    fn precision(&self) -> Option<u32> {
        match &self.0 {
            Exactly(_) => None,
            Between { low, high } => Some(low.prec().max(high.prec())),
        }
    }

    /// The number, rounded outward to `precision`, clamped to what MPFR has.
    pub fn rounded(&self, precision: u32) -> Self {
        let precision = precision.clamp(prec_min(), prec_max());
        let (mut low, mut high) = self.ends(precision);
        low.set_prec_round(precision, Round::Down);
        high.set_prec_round(precision, Round::Up);
        Self::between(low, high)
    }

    /// The image under an increasing function, such as `Float::exp_round`, that rounds as it is told.
    ///
    /// An exact number is first enclosed at `precision`, clamped to what MPFR has. An end outside the domain of the
    /// function gives no bound.
    pub fn increasing<R>(&self, precision: u32, function: impl Fn(&mut Float, Round) -> R) -> Self {
        let (mut low, mut high) = self.ends(precision.clamp(prec_min(), prec_max()));
        function(&mut low, Round::Down);
        function(&mut high, Round::Up);
        Self::between(low, high)
    }

    /// The shortest interval around both; two exact numbers are rounded outward to `precision`, clamped to what MPFR
    /// has.
    pub fn hull(&self, other: &Self, precision: u32) -> Self {
        let precision = self.precision().max(other.precision()).unwrap_or(precision.clamp(prec_min(), prec_max()));
        let [(a, b), (c, d)] = [self, other].map(|x| x.rounded(precision).ends(precision));
        Self::between(a.min(&c), b.max(&d))
    }

    /// The lower bound, if there is one.
    pub fn low(&self) -> Option<Rational> {
        match &self.0 {
            Exactly(value) => Some(value.clone()),
            Between { low, .. } => low.to_rational(),
        }
    }

    /// The upper bound, if there is one.
    pub fn high(&self) -> Option<Rational> {
        match &self.0 {
            Exactly(value) => Some(value.clone()),
            Between { high, .. } => high.to_rational(),
        }
    }

    /// Half-way between the bounds, if there are two.
    pub fn midpoint(&self) -> Option<Rational> {
        Some((self.low()? + self.high()?) / 2)
    }

    /// How far the bounds are apart, if there are two.
    pub fn width(&self) -> Option<Rational> {
        Some(self.high()? - self.low()?)
    }

    /// Whether the number may be `value`.
    pub fn contains(&self, value: &Rational) -> bool {
        match &self.0 {
            Exactly(exact) => exact == value,
            Between { low, high } => low <= value && high >= value,
        }
    }

    /// How the number compares with zero; `None`: undecided.
    pub fn sign(&self) -> Option<Ordering> {
        let (low, high) = match &self.0 {
            Exactly(value) => (value.cmp0(), value.cmp0()),
            // Neither end is NaN.
            Between { low, high } => (low.cmp0()?, high.cmp0()?),
        };
        if low == high || low.is_gt() { Some(low) } else { high.is_lt().then_some(high) }
    }

    /// The number of certain significant decimal digits: the bounds are at most one unit of the last of them apart.
    ///
    /// `u32::MAX` for a number that is known exactly.
    pub fn digits(&self) -> u32 {
        let Between { low, high } = &self.0 else {
            return u32::MAX;
        };
        if low == high {
            return u32::MAX;
        }
        if low.is_infinite() || high.is_infinite() || self.sign().is_none() {
            return 0;
        }
        let log10 = |value: &Float, round| {
            let mut value = value.clone();
            value.log10_round(round);
            value
        };
        let width = Float::with_val_round(64, high - low, Round::Up).0;
        let least = Float::with_val_round(64, low.abs_ref(), Round::Down).0;
        let least = least.min(&Float::with_val_round(64, high.abs_ref(), Round::Down).0);
        let digits = log10(&least, Round::Down).floor() + 1u32 - log10(&width, Round::Up);
        digits.max(&Float::new(1)).to_u32_saturating_round(Round::Down).unwrap_or(0)
    }
}

/// The largest number of `precision` bits up to `value` and the smallest from it on.
fn neighbours(value: &Rational, precision: u32) -> (Float, Float) {
    let to = |round| Float::with_val_round(precision, value, round).0;
    (to(Round::Down), to(Round::Up))
}

/// Prints an exact number in full, and an enclosure by its certain digits, or by both bounds where no digit is certain.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Exactly(value) => value.fmt(f),
            Between { low, high } => match self.digits() {
                0 => {
                    let text = |end: &Float, round| end.to_string_radix_round(10, Some(3), round);
                    write!(f, "[{}, {}]", text(low, Round::Down), text(high, Round::Up))
                }
                u32::MAX => low.fmt(f),
                digits => {
                    let middle = Float::with_val(low.prec().max(high.prec()).saturating_add(1), low + high) / 2u32;
                    f.write_str(&middle.to_string_radix(10, Some(digits as usize)))
                }
            },
        }
    }
}

impl Scalar for Interval {
    fn from_integer(value: i64) -> Self {
        Interval(Exactly(Rational::from(value)))
    }

    /// The better pivot is certainly farther from zero: the smallest possible magnitudes are compared. A number that
    /// may be zero is never better.
    fn outweighs(&self, other: &Self) -> bool {
        self.least_magnitude() > other.least_magnitude()
    }
}

impl Interval {
    /// The distance from zero, rounded down.
    fn least_magnitude(&self) -> Float {
        match &self.0 {
            Exactly(value) => Float::with_val_round(64, value, Round::Zero).0.abs(),
            Between { low, high } if self.sign().is_some() => low.clone().abs().min(&high.clone().abs()),
            Between { .. } => Float::new(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rug::ops::Pow;

    fn q(n: i64, d: i64) -> Rational {
        Rational::from((n, d))
    }

    fn enclosing(value: &Rational, precision: u32) -> Interval {
        Interval::enclosing(value, precision).unwrap()
    }

    /// A printed number of `digits` digits, and one unit of the last of them.
    fn decimal(text: &str, digits: u32) -> (Rational, Rational) {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        assert_eq!(all.trim_start_matches('0').len(), digits as usize, "{text}");
        let places = exponent.parse::<i32>().unwrap() - fraction.len() as i32;
        let unit = Rational::from(10).pow(places);
        (Rational::from(all.parse::<rug::Integer>().unwrap()) * &unit, unit)
    }

    proptest! {
        #[test]
        fn the_neighbours_of_a_number_are_around_it(n in -9999i64..9999, d in 1i64..9999, precision in 2u32..200) {
            let value = q(n, d);
            let interval = enclosing(&value, precision);
            prop_assert!(interval.contains(&value));
            prop_assert_eq!(interval.sign(), Some(value.cmp0()));
            prop_assert!(interval.width().unwrap() <= (value.abs() >> (precision - 1)));
        }

        #[test]
        fn a_certain_digit_is_certain(n in 1i64..9999, d in 1i64..9999, precision in 2u32..200, times in 0u32..40) {
            let (start, factor) = (enclosing(&q(n, d), precision), enclosing(&q(d, n), precision));
            let interval = (0..times).fold(start, |product, _| product * &factor);
            let digits = interval.digits();
            prop_assume!(digits > 0 && digits < u32::MAX);
            // What is printed differs from either bound by one unit of the last digit at most.
            let (printed, unit) = decimal(&interval.to_string(), digits);
            for end in [interval.low().unwrap(), interval.high().unwrap()] {
                prop_assert!((end - &printed).abs() <= unit, "{interval}");
            }
        }

        #[test]
        fn an_increasing_function_keeps_the_number_inside(n in 1i64..9999, d in 1i64..9999, precision in 2u32..100) {
            let value = q(n, d);
            let root = enclosing(&value, precision).increasing(precision, Float::sqrt_round);
            prop_assert!((root.clone() * &root).contains(&value));
            let logarithm = Interval::from(value.clone()).increasing(precision, Float::ln_round);
            prop_assert!(logarithm.increasing(precision, Float::exp_round).contains(&value));
        }
    }

    #[test]
    fn refuses_a_precision_of_no_bits() {
        assert_eq!(Interval::enclosing(&q(1, 3), 0), Err(PrecisionError { bits: 0 }));
        let one_bit = enclosing(&q(1, 3), 1);
        assert_eq!((one_bit.low(), one_bit.high()), (Some(q(1, 4)), Some(q(1, 2))));
    }

    #[test]
    fn what_may_be_zero_is_never_the_better_pivot() {
        let around_zero = enclosing(&q(-9, 1), 8).hull(&enclosing(&q(100, 1), 8), 8);
        let small = enclosing(&q(1, 1000), 8);
        assert!(small.outweighs(&around_zero) && !around_zero.outweighs(&small));
        assert!(!around_zero.outweighs(&around_zero));
        assert!(Interval::from_integer(-2).outweighs(&small));
        assert!(!Interval::from_integer(0).outweighs(&Interval::from_integer(0)));
    }

    #[test]
    fn nothing_is_certain_of_what_may_be_zero() {
        let around_zero = enclosing(&q(-1, 3), 64).hull(&enclosing(&q(1, 3), 64), 64);
        assert_eq!((around_zero.sign(), around_zero.digits()), (None, 0));
        assert_eq!(around_zero.to_string(), "[-3.34e-1, 3.34e-1]");
        assert_eq!(around_zero.increasing(64, Float::ln_round).low(), None);
    }

    #[test]
    fn a_hull_keeps_the_finer_precision() {
        let (fine, coarse) = (enclosing(&q(1, 3), 100), enclosing(&q(1, 3), 4));
        for hull in [fine.hull(&coarse, 64), coarse.hull(&fine, 64)] {
            assert_eq!((hull.low(), hull.high()), (coarse.low(), coarse.high()));
        }
        let (fine, exact) = (enclosing(&q(1, 3), 100), Interval::from(q(1, 4)));
        let hull = coarse.rounded(4).hull(&exact.hull(&fine, 4), 4);
        assert!(hull.contains(&q(1, 3)) && hull.contains(&q(1, 4)));
    }

    #[test]
    fn an_exact_number_is_certain_in_full() {
        let third = Interval::from(q(1, 3));
        assert_eq!((third.digits(), third.to_string()), (u32::MAX, "1/3".into()));
        assert_eq!(third.hull(&third, 0).width(), Some(q(1, 4)));
    }
}
