//! The four operations, rounded outward.

use std::cmp::Ordering;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use num_traits::{One, Zero};
use rug::float::{Round, Special};
use rug::{Complete, Float, Rational};

use super::Known::{Between, Exactly};
use super::{Interval, neighbours};

/// The lower and the upper end.
type Ends<'a> = (&'a Float, &'a Float);

/// The answer over ℚ where both operands are exact, else the answer of `enclose` at the finer precision.
fn combine(
    left: &Interval,
    right: &Interval,
    exact: impl Fn(&Rational, &Rational) -> Rational,
    enclose: impl Fn(Ends, Ends, u32) -> Interval,
) -> Interval {
    match (&left.0, &right.0) {
        (Exactly(left), Exactly(right)) => Interval(Exactly(exact(left, right))),
        (Exactly(left), Between { low, high }) => {
            let precision = low.prec();
            let (a, b) = neighbours(left, precision);
            enclose((&a, &b), (low, high), precision)
        }
        (Between { low, high }, Exactly(right)) => {
            let precision = low.prec();
            let (a, b) = neighbours(right, precision);
            enclose((low, high), (&a, &b), precision)
        }
        (Between { low: a, high: b }, Between { low: c, high: d }) => enclose((a, b), (c, d), a.prec().max(c.prec())),
    }
}

fn sum(left: &Interval, right: &Interval) -> Interval {
    combine(
        left,
        right,
        |a, b| (a + b).complete(),
        |(a, b), (c, d), precision| {
            let low = Float::with_val_round(precision, a + c, Round::Down).0;
            Interval::between(low, Float::with_val_round(precision, b + d, Round::Up).0)
        },
    )
}

fn difference(left: &Interval, right: &Interval) -> Interval {
    combine(
        left,
        right,
        |a, b| (a - b).complete(),
        |(a, b), (c, d), precision| {
            let low = Float::with_val_round(precision, a - d, Round::Down).0;
            Interval::between(low, Float::with_val_round(precision, b - c, Round::Up).0)
        },
    )
}

fn product(left: &Interval, right: &Interval) -> Interval {
    combine(left, right, |a, b| (a * b).complete(), |left, right, precision| extremes(left, right, precision, times))
}

fn quotient(left: &Interval, right: &Interval) -> Interval {
    // A divisor that is, or may be, zero leaves no bound.
    if right.is_zero() || right.sign().is_none() {
        return whole_line(left.precision().max(right.precision()).unwrap_or(COARSEST));
    }
    combine(
        left,
        right,
        |a, b| (a / b).complete(),
        |left, (low, high), precision| extremes(left, (high, low), precision, over),
    )
}

/// The precision of the whole line, where no operand has one.
const COARSEST: u32 = 64;

fn whole_line(precision: u32) -> Interval {
    let end = |special| Float::with_val(precision, special);
    Interval::between(end(Special::NegInfinity), end(Special::Infinity))
}

/// The least and the greatest value at the four corners; where nothing is negative, those at the first and the last.
fn extremes(left: Ends, right: Ends, precision: u32, value: fn(&Float, &Float, u32, Round) -> Float) -> Interval {
    let at = |(a, b), round| value(a, b, precision, round);
    let (first, last) = ((left.0, right.0), (left.1, right.1));
    let [mut low, mut high] = [at(first, Round::Down), at(last, Round::Up)];
    if [left.0, right.0, right.1].iter().any(|end| end.is_sign_negative()) {
        for corner in [first, (left.0, right.1), (left.1, right.0), last] {
            low = low.min(&at(corner, Round::Down));
            high = high.max(&at(corner, Round::Up));
        }
    }
    Interval::between(low, high)
}

/// Zero times anything is zero: an infinite end stands for arbitrarily large numbers, not for infinity.
fn times(a: &Float, b: &Float, precision: u32, round: Round) -> Float {
    if a.is_zero() || b.is_zero() { Float::new(precision) } else { Float::with_val_round(precision, a * b, round).0 }
}

/// Anything over an infinite end comes as close to zero as one likes.
fn over(a: &Float, b: &Float, precision: u32, round: Round) -> Float {
    if b.is_infinite() { Float::new(precision) } else { Float::with_val_round(precision, a / b, round).0 }
}

macro_rules! operator {
    ($Op:ident, $op:ident, $OpAssign:ident, $op_assign:ident, $function:ident) => {
        impl $Op for Interval {
            type Output = Interval;
            fn $op(self, right: Interval) -> Interval {
                $function(&self, &right)
            }
        }
        impl $Op<&Interval> for Interval {
            type Output = Interval;
            fn $op(self, right: &Interval) -> Interval {
                $function(&self, right)
            }
        }
        impl $Op<&Interval> for &Interval {
            type Output = Interval;
            fn $op(self, right: &Interval) -> Interval {
                $function(self, right)
            }
        }
        impl $OpAssign for Interval {
            fn $op_assign(&mut self, right: Interval) {
                *self = $function(self, &right);
            }
        }
        impl $OpAssign<&Interval> for Interval {
            fn $op_assign(&mut self, right: &Interval) {
                *self = $function(self, right);
            }
        }
    };
}

operator!(Add, add, AddAssign, add_assign, sum);
operator!(Sub, sub, SubAssign, sub_assign, difference);
operator!(Mul, mul, MulAssign, mul_assign, product);
operator!(Div, div, DivAssign, div_assign, quotient);

impl Neg for Interval {
    type Output = Interval;
    fn neg(self) -> Interval {
        match self.0 {
            Exactly(value) => Interval(Exactly(-value)),
            Between { low, high } => Interval::between(-high, -low),
        }
    }
}

impl Zero for Interval {
    fn zero() -> Self {
        Interval(Exactly(Rational::new()))
    }

    /// Known to be zero: [−1, 1] is not.
    fn is_zero(&self) -> bool {
        self.sign() == Some(Ordering::Equal)
    }
}

impl One for Interval {
    fn one() -> Self {
        Interval(Exactly(Rational::from(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scalar;
    use crate::matrix::{Matrix, solve};
    use proptest::prelude::*;

    type Operation<T> = fn(T, T) -> T;
    const EXACT: [Operation<Rational>; 4] = [|a, b| a + b, |a, b| a - b, |a, b| a * b, |a, b| a / b];
    const ENCLOSED: [Operation<Interval>; 4] = [|a, b| a + b, |a, b| a - b, |a, b| a * b, |a, b| a / b];

    fn rational() -> impl Strategy<Value = Rational> {
        (-1000i64..1000, 1i64..1000).prop_map(Rational::from)
    }

    /// Exact, two neighbours, or a wide enclosure that holds `value` somewhere inside.
    fn known(value: &Rational, precision: u32, spread: &Rational) -> Interval {
        let enclosed = |value: Rational| Interval::enclosing(&value, precision).unwrap();
        match precision % 3 {
            0 => Interval::from(value.clone()),
            1 => enclosed(value.clone()),
            _ => enclosed((value - spread).complete())
                .hull(&enclosed(value.clone() + spread.clone().abs() / 7), precision),
        }
    }

    fn line(low: Special, high: Special) -> Interval {
        Interval::between(Float::with_val(8, low), Float::with_val(8, high))
    }

    proptest! {
        #[test]
        fn encloses_the_exact_result(
            (a, b, spread) in (rational(), rational(), rational()), p in 2u32..200, q in 2u32..200, index in 0usize..4
        ) {
            prop_assume!(index != 3 || b != 0);
            let spread = spread.abs();
            let answer = ENCLOSED[index](known(&a, p, &spread), known(&b, q, &spread));
            let exact = EXACT[index](a, b);
            prop_assert!(answer.contains(&exact), "{answer:?} misses {exact}");
            prop_assert!((-answer).contains(&-exact));
        }

        #[test]
        fn narrows_as_the_precision_doubles(a in rational(), b in rational(), p in 8u32..100, index in 0usize..4) {
            prop_assume!(index != 3 || b != 0);
            let width = |precision| {
                let enclosed = |value| Interval::enclosing(value, precision).unwrap();
                ENCLOSED[index](enclosed(&a), enclosed(&b)).width().unwrap()
            };
            let (coarse, fine) = (width(p), width(2 * p));
            prop_assert!(fine <= coarse);
            // Sizes here are below 2²⁰, and an operation widens by a few units in the last place.
            prop_assert!(fine <= Rational::from(1 << 24) >> (2 * p), "{fine}");
        }

        #[test]
        fn solves_around_the_exact_solution(entries in prop::collection::vec(rational(), 12), p in 4u32..200) {
            let exact = Matrix::from_row_slice(3, 4, &entries);
            let enclosed = exact.map(|value| Interval::enclosing(&value, p).unwrap());
            let split = |M: &Matrix<Interval>| (M.columns(0, 3).into_owned(), M.columns(3, 1).into_owned());
            let (M, right) = split(&enclosed);
            let (Ok(x), Ok(solution)) = (
                solve(&exact.columns(0, 3).into_owned(), &exact.columns(3, 1).into_owned()),
                solve(&M, &right),
            ) else {
                return Err(TestCaseError::reject("singular, or too coarse to tell"));
            };
            for (x, enclosure) in x.iter().zip(solution.iter()) {
                prop_assert!(enclosure.contains(x), "{enclosure:?} misses {x}");
            }
        }

        #[test]
        fn never_answers_with_no_number(ends in prop::collection::vec(0usize..6, 4), index in 0usize..4) {
            let end = |k: usize| match k {
                0 => Float::with_val(8, Special::NegInfinity),
                5 => Float::with_val(8, Special::Infinity),
                k => Float::with_val(8, k) - 2u32,
            };
            let interval = |a: usize, b: usize| Interval::between(end(a.min(b).min(4)), end(a.max(b).max(1)));
            let answer = ENCLOSED[index](interval(ends[0], ends[1]), interval(ends[2], ends[3]));
            let Between { low, high } = &answer.0 else { return Err(TestCaseError::fail("exact")) };
            prop_assert!(low <= high && !low.is_nan() && !high.is_nan(), "{answer:?}");
        }
    }

    #[test]
    fn a_quotient_by_what_may_be_zero_is_the_whole_line() {
        let one = Interval::one();
        let around_zero = Interval::enclosing(&Rational::from((-1, 3)), 8).unwrap().hull(&one, 8);
        let whole = line(Special::NegInfinity, Special::Infinity);
        assert_eq!(one.clone() / &around_zero, whole);
        assert_eq!(around_zero.clone() / &around_zero, whole);
        assert_eq!((one.clone() / Interval::zero()).low(), None);
        assert_eq!((one / Interval::zero()).high(), None);
        // Of whatever number nothing is known: times zero it is zero, and less itself it is anything.
        assert!((whole.clone() * &Interval::zero()).is_zero() && (Interval::zero() * &whole).is_zero());
        assert_eq!(whole.clone() - &whole, whole);
    }

    #[test]
    fn integers_stay_exact() {
        let n = Interval::from_integer;
        assert_eq!((n(1) + n(2)) / n(9), Interval::from(Rational::from((1, 3))));
        assert!((n(2) - n(2)).is_zero());
    }
}
