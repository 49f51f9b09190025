//! Where a function changes its sign, between two points where the sign is certain.

use std::cmp::Ordering;

use numbers::{Interval, decide};
use rug::{Float, Integer, Rational, ops::Pow};

use crate::ExactError;

/// The most bits of a [`moment`](super::moment), and the most that are tried before a sign counts as undecided.
pub const PRECISION_LIMIT: u32 = 4096;

/// A place and the middle of the enclosed value there, whose sign is certain.
#[derive(Clone)]
struct Point {
    x: Rational,
    value: Rational,
}

/// The positive root of `function`, negative before it and positive after it, to `digits` significant digits.
///
/// Both ends of the answer are places where the sign was certain, so that it holds the root, whatever became of the
/// estimates that led there: secants, each bracketed as narrowly as its error promises, and halves where the promise is
/// not kept.
///
/// # Errors
/// [`ExactError::Undecided`].
pub(super) fn root(
    function: impl Fn(&Rational, u32) -> Interval,
    guess: Rational,
    digits: u32,
) -> Result<Interval, ExactError> {
    root_from(START, function, guess, digits)
}

/// [`root`], with the precision that a search starts with: few bits are enough where they are dear.
pub(super) fn root_from(
    start: u32,
    function: impl Fn(&Rational, u32) -> Interval,
    guess: Rational,
    digits: u32,
) -> Result<Interval, ExactError> {
    // At the root itself no precision may tell the sign; `beside` it one does.
    let at = |x: Rational, beside: Rational, bits: u32| -> Result<Point, ExactError> {
        let try_at = |x: Rational, limit: u32| {
            decide(bits..=limit.min(PRECISION_LIMIT), |precision| {
                let value = function(&x, precision);
                value.sign().and(value.midpoint())
            })
            .map(|value| Point { x, value })
        };
        Ok(try_at(x, 8 * bits).or_else(|_| try_at(beside, PRECISION_LIMIT))?)
    };
    let first = at(guess.clone(), guess * Rational::from((9, 8)), start)?;
    let (mut low, mut high) = (first.clone(), first);
    // Faster and faster: a root may be as close to 0 as the sign there was hard to tell.
    let mut octaves = 1;
    while low.value > 0 {
        high = low;
        let x = Rational::from(&high.x >> octaves);
        low = at(x.clone(), x * Rational::from((7, 8)), start)?;
        octaves *= 2;
    }
    while high.value < 0 {
        low = high;
        let x = Rational::from(&low.x << 1);
        high = at(x.clone(), x * Rational::from((9, 8)), start)?;
    }
    // Half a unit of the last digit: the ends are still to be rounded.
    let fineness = Rational::from((1, Integer::from(10).pow(digits) * 2u32));
    let finest = bits_of(&fineness);
    loop {
        let width = Rational::from(&high.x - &low.x);
        let aim = Rational::from(&low.x * &fineness);
        if width <= aim {
            let [low, high] = [low.x, high.x].map(|end| Interval::from(end).rounded(finest + START));
            return Ok(low.hull(&high, finest));
        }
        let wide = high.x > Rational::from(&low.x << 2);
        if !wide {
            let secant = &low.x - Rational::from(&low.value * &width) / Rational::from(&high.value - &low.value);
            let promise = Rational::from(&width * &width) / Rational::from(&low.x << 2);
            let margin = promise.max(aim / 3).min(Rational::from(&width / 8));
            let relative = bits_of(&Rational::from(&margin / &low.x));
            // Enough to tell the sign, and to place the next secant within its own promise if that is needed.
            let bits = start + (2 * relative).min(relative.max(finest) + 16);
            for side in [-1, 1] {
                let x = dyadic(secant.clone() + Rational::from(&margin * side), relative + START);
                let beside = x.clone() + Rational::from(&margin * side) / 2;
                if low.x < x && x < high.x {
                    narrow(&mut low, &mut high, at(x, beside, bits)?);
                }
            }
        }
        // With no secant, or one that misled.
        if Rational::from(&high.x - &low.x) * 2 > width {
            let relative = bits_of(&Rational::from(&width / &low.x));
            let middle = if wide {
                let square = Float::with_val(START, Rational::from(&low.x * &high.x));
                square.sqrt().to_rational().unwrap_or_default()
            } else {
                Rational::from(&low.x + &high.x) / 2
            };
            let x = dyadic(middle, relative + START);
            let beside = (x.clone() * 3u32 + &low.x) / 4u32;
            narrow(&mut low, &mut high, at(x, beside, start + 2 * relative)?);
        }
    }
}

/// Bits beyond those that are needed.
const START: u32 = 32;

fn narrow(low: &mut Point, high: &mut Point, probe: Point) {
    match probe.value.cmp0() {
        Ordering::Less if probe.x > low.x => *low = probe,
        Ordering::Greater if probe.x < high.x => *high = probe,
        Ordering::Equal => (*low, *high) = (probe.clone(), probe),
        _ => {}
    }
}

fn dyadic(x: Rational, bits: u32) -> Rational {
    Float::with_val(bits, &x).to_rational().unwrap_or(x)
}

/// −log₂ of a small number, rounded up.
fn bits_of(small: &Rational) -> u32 {
    small.denom().significant_bits().saturating_sub(small.numer().significant_bits()) + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Rounded to the precision, and undecided where too close to zero for it.
    fn blurred(value: Rational, precision: u32) -> Interval {
        let blur = Interval::from(Rational::from(1) >> precision);
        let value = Interval::from(value).rounded(precision);
        (value.clone() - &blur).hull(&(value + blur), precision)
    }

    #[test]
    fn a_bracket_never_widens() {
        let point = |x: i64, value: i64| Point { x: x.into(), value: value.into() };
        for (probe, ends) in [
            (point(3, -1), [3, 4]),
            (point(3, 1), [2, 3]),
            (point(1, -1), [2, 4]),
            (point(5, 1), [2, 4]),
            (point(3, 0), [3, 3]),
        ] {
            let (mut low, mut high) = (point(2, -9), point(4, 9));
            narrow(&mut low, &mut high, probe);
            assert_eq!([low.x, high.x], ends.map(Rational::from));
        }
    }

    proptest! {
        #[test]
        fn a_cubic_root_has_the_cube_inside(
            n in 1i64..1_000_000, d in 1i64..1000, guess in 1i64..1000, digits in 1u32..60
        ) {
            let cube = Rational::from((n, d));
            let function = |x: &Rational, precision| blurred(x.clone() * x * x - &cube, precision);
            let root = root(function, Rational::from((guess, 30)), digits).unwrap();
            prop_assert!((root.clone() * &root * &root).contains(&cube));
            prop_assert!(root.digits() >= digits);
        }

        /// Also at the guess, where no precision tells that it is the root.
        #[test]
        fn a_rational_root_is_found(n in 1i64..1000, d in 1i64..1000, digits in 1u32..30) {
            let zero = Rational::from((n, d));
            let function = |x: &Rational, precision| blurred(x.clone() - &zero, precision);
            for guess in [zero.clone(), Rational::from(1)] {
                prop_assert!(root(function, guess, digits).unwrap().contains(&zero));
            }
        }

        /// Flat before the root and steep after it, far from the guess.
        #[test]
        fn a_kink_is_found(n in 1i64..1000, octaves in 0u32..80, digits in 1u32..30) {
            let zero = Rational::from((n, 7)) >> octaves;
            let function = |x: &Rational, precision| {
                let x = Rational::from(x - &zero);
                blurred(if x > 0 { x * 1_000_000 } else { x / 1000 }, precision)
            };
            prop_assert!(root(function, Rational::from(1), digits).unwrap().contains(&zero));
        }
    }

    /// How often a search asks, and at which precision at most, for the root of x³ = c.
    fn effort(cube: &Rational, guess: Rational, digits: u32) -> (usize, u32) {
        let asked = std::cell::RefCell::new(Vec::new());
        let function = |x: &Rational, precision| {
            asked.borrow_mut().push(precision);
            blurred(x.clone() * x * x - cube, precision)
        };
        root(function, guess, digits).unwrap();
        let asked = asked.into_inner();
        (asked.len(), asked.into_iter().max().unwrap())
    }

    /// Ten times the digits take three secants more, of two values each, at hardly more bits than the digits have; and
    /// a guess that is 40 octaves too high takes 13 values more, and 40 doublings if it is too low.
    #[test]
    fn the_search_is_a_secant_s() {
        let (two, one) = (Rational::from(2), Rational::from(1));
        for (digits, values, bits) in [(10, 11, 84), (100, 17, 383), (1000, 23, 3373)] {
            assert_eq!(effort(&two, one.clone(), digits), (values, bits));
            assert_eq!(effort(&two, Rational::from(1) >> 40, digits), (values + 40, bits));
        }
        assert_eq!(effort(&two, Rational::from(1) << 40, 100), (30, 383));
    }

    #[test]
    fn what_stays_undecided_is_an_error() {
        let function = |_: &Rational, precision| blurred(Rational::new(), precision);
        let undecided = numbers::Undecided { precision: PRECISION_LIMIT };
        assert_eq!(root(function, Rational::from(1), 5), Err(ExactError::Undecided(undecided)));
    }
}
