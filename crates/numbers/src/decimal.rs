//! Numbers as decimals, for a reader: the one place where digits are dropped.
//!
//! The printed text differs from the number by at most half a unit of its last digit, unless its function says
//! otherwise. A number that has more digits before the point than are asked for is printed to its last whole digit, or
//! as `1.2e34` where it is long: no digit is replaced by a zero. Whoever computes from what is printed wants `Display`
//! instead.

use std::cmp::Ordering;

use rug::ops::Pow;
use rug::{Float, Integer, Rational};

/// Powers of ten between which a number is written out, however few digits are asked for.
const PLAIN: std::ops::RangeInclusive<i64> = -4..=8;

/// A number that is known exactly, to `digits` significant digits, at least one. A shorter decimal is printed without
/// zeros that say nothing.
///
/// ```
/// use rug::Rational;
/// use numbers::decimal::exact;
///
/// assert_eq!(exact(&Rational::from((2, 3)), 6), "0.666667");
/// assert_eq!(exact(&Rational::from((1, 10)), 6), "0.1");
/// assert_eq!(exact(&Rational::from(1_999_999), 2), "1999999");
/// assert_eq!(exact(&Rational::from((10u64.pow(18), 3)), 4), "3.333e17");
/// ```
#[must_use]
pub fn exact(value: &Rational, digits: usize) -> String {
    Figures::of(value, digits).map_or_else(|| "0".into(), |figures| figures.shortened(value).text())
}

/// A number that is measured or computed, to `digits` significant digits, at least one. Zeros at its end are digits,
/// too. Zero of either sign is `0`; a value that is not finite is `inf`, `-inf` or `NaN`.
///
/// ```
/// use numbers::decimal::measured;
///
/// assert_eq!(measured(0.25, 4), "0.2500");
/// assert_eq!(measured(-1234.5678, 2), "-1235");
/// assert_eq!(measured(1.5e-7, 3), "1.50e-7");
/// ```
#[must_use]
pub fn measured(value: f64, digits: usize) -> String {
    match Rational::from_f64(value) {
        Some(exactly) => Figures::of(&exactly, digits).map_or_else(|| "0".into(), |figures| figures.text()),
        None => value.to_string(),
    }
}

/// A number and its standard error, both to the second digit of the error. The number has five digits where there is no
/// error (`0`) or it is not known (`inf`, `NaN`).
///
/// ```
/// use numbers::decimal::with_error;
///
/// assert_eq!(with_error(0.131_886_4, 0.000_023_1), "0.131886 ± 0.000023");
/// assert_eq!(with_error(1.234_56e-9, 2.3e-12), "1.2346e-9 ± 2.3e-12");
/// assert_eq!(with_error(0.25, 0.0), "0.25000 ± 0");
/// ```
#[must_use]
pub fn with_error(value: f64, error: f64) -> String {
    let (Some(exactly), Some(spread)) = (Rational::from_f64(value), Rational::from_f64(error)) else {
        return format!("{} ± {}", measured(value, 5), measured(error, 2));
    };
    let Some(spread) = Figures::scientific(&spread, 2) else { return format!("{} ± 0", measured(value, 5)) };
    let rounded = Figures::down_to(&exactly, spread.last);
    match usize::try_from(-spread.last) {
        Ok(places @ 0..=8) => format!("{} ± {}", rounded.to_places(places), spread.to_places(places)),
        _ if rounded.figures.is_zero() => format!("0 ± {}", spread.in_powers()),
        _ => format!("{} ± {}", rounded.in_powers(), spread.in_powers()),
    }
}

/// A number to `places` digits behind the point, without a sign where the text stands for zero.
///
/// ```
/// use numbers::decimal::to_places;
///
/// assert_eq!(to_places(-1.0 / 3.0, 2), "-0.33");
/// assert_eq!(to_places(-0.001, 2), "0.00");
/// assert_eq!(to_places(f64::INFINITY, 2), "inf");
/// ```
#[must_use]
pub fn to_places(value: f64, places: usize) -> String {
    match Rational::from_f64(value) {
        Some(exactly) => Figures::down_to(&exactly, -(places as i64)).to_places(places),
        None => value.to_string(),
    }
}

/// A ratio in percent, to `digits` significant digits, printed as [`exact`] prints it.
#[must_use]
pub fn percent(ratio: &Rational, digits: usize) -> String {
    format!("{} %", exact(&Rational::from(ratio * 100u32), digits))
}

/// A number other than zero to four digits, rounded towards zero, so that the text is a bound where the number is one:
/// what is at most −2/3 is at most `-6.666e-1`.
#[must_use]
pub fn towards_zero(value: &Rational) -> String {
    let place = first_place(value);
    let power = Rational::from(power_of_ten((3 - place).unsigned_abs()));
    let size = value.clone().abs();
    let digits = (if place > 3 { size / power } else { size * power }).trunc().to_f64();
    let sign = if *value < 0 { "-" } else { "" };
    format!("{sign}{:.3}e{place}", digits / 1000.0)
}

/// ±figures · 10^last.
struct Figures {
    negative: bool,
    figures: Integer,
    last: i64,
}

impl Figures {
    /// The nearest number of so many figures, or of as many as stand before the point where it is written out; `None`
    /// for zero.
    fn of(value: &Rational, digits: usize) -> Option<Self> {
        Self::carried(value, |first| match first - whole(digits) + 1 {
            last if PLAIN.contains(&first) => last.min(0),
            last => last,
        })
    }

    /// The nearest number of so many figures; `None` for zero.
    fn scientific(value: &Rational, digits: usize) -> Option<Self> {
        Self::carried(value, |first| first - whole(digits) + 1)
    }

    /// The nearest number down to a place that depends on that of the first figure.
    fn carried(value: &Rational, last: impl Fn(i64) -> i64) -> Option<Self> {
        if value.is_zero() {
            return None;
        }
        let first = first_place(value);
        let found = Self::down_to(value, last(first));
        // Rounding may have carried: 9.99 is 10.0.
        Some(if found.first() == first { found } else { Self::down_to(value, last(found.first())) })
    }

    /// The nearest multiple of 10^last; where two are, the even one.
    fn down_to(value: &Rational, last: i64) -> Self {
        let power = power_of_ten(last.unsigned_abs());
        let scaled = if last > 0 { Rational::from(value / power) } else { Rational::from(value * power) };
        let negative = scaled < 0;
        let (rest, mut figures) = scaled.abs().fract_floor(Integer::new());
        match rest.cmp(&Rational::from((1, 2))) {
            Ordering::Less => {}
            Ordering::Equal if figures.is_even() => {}
            _ => figures += 1,
        }
        Figures { negative, figures, last }
    }

    /// The power of ten of the first figure.
    fn first(&self) -> i64 {
        self.figures.to_string().len() as i64 - 1 + self.last
    }

    /// Without zeros at the end that say nothing, where the figures stand for `value` exactly.
    fn shortened(mut self, value: &Rational) -> Self {
        let is_plain = self.is_plain();
        let stands_for = |figures: &Self| {
            let power = power_of_ten(figures.last.unsigned_abs());
            let of = Rational::from(&figures.figures);
            (if figures.last < 0 { of / power } else { of * power }) == value.clone().abs()
        };
        if stands_for(&self) {
            while self.figures.is_divisible_u(10) && (!is_plain || self.last < 0) {
                self.figures /= 10;
                self.last += 1;
            }
        }
        self
    }

    fn is_plain(&self) -> bool {
        PLAIN.contains(&self.first()) || self.last <= 0 && self.first() >= 0
    }

    fn text(&self) -> String {
        // Plain, so `last` is 0 at most.
        if self.is_plain() { self.to_places(self.last.unsigned_abs() as usize) } else { self.in_powers() }
    }

    fn sign(&self) -> &'static str {
        if self.negative && !self.figures.is_zero() { "-" } else { "" }
    }

    /// Written out, −`last` places behind the point.
    fn to_places(&self, places: usize) -> String {
        let figures = format!("{:0>1$}", self.figures.to_string(), places + 1);
        let (whole, part) = figures.split_at(figures.len() - places);
        let point = if part.is_empty() { "" } else { "." };
        format!("{}{whole}{point}{part}", self.sign())
    }

    /// `1.23e4`.
    fn in_powers(&self) -> String {
        let figures = self.figures.to_string();
        let (whole, part) = figures.split_at(1);
        let point = if part.is_empty() { "" } else { "." };
        format!("{}{whole}{point}{part}e{}", self.sign(), self.first())
    }
}

/// ⌊log₁₀ |value|⌋, of a number that is not zero.
fn first_place(value: &Rational) -> i64 {
    // The guess is off by at most one, however the logarithms are rounded.
    let logarithm = Float::with_val(64, value.numer()).abs().log10() - Float::with_val(64, value.denom()).log10();
    let guess = logarithm.floor().to_f64() as i64;
    let is_at_least = |place: i64| {
        let power = power_of_ten(place.unsigned_abs());
        let (above, below) = if place > 0 { (Integer::from(1), power) } else { (power, Integer::from(1)) };
        Integer::from(value.numer().abs_ref()) * above >= value.denom().clone() * below
    };
    [guess + 1, guess].into_iter().find(|place| is_at_least(*place)).unwrap_or(guess - 1)
}

/// `digits` as a signed number, at least one.
fn whole(digits: usize) -> i64 {
    i64::try_from(digits).unwrap_or(i64::MAX).max(1)
}

fn power_of_ten(exponent: u64) -> Integer {
    Integer::from(10).pow(u32::try_from(exponent).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests;
