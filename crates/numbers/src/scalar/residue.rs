//! Fractions modulo the prime p = 2¹²⁷ − 1: exact arithmetic at the price of a few machine words.

use std::fmt;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use num_traits::{One, Zero};

use super::{Scalar, by_reference};

/// An element of the field of p = 2¹²⁷ − 1 elements, or the undefined result of a division by zero.
///
/// Every operation on an undefined value is undefined, and such a value equals nothing, not even itself.
///
/// A quotient stays a fraction: an inverse, which is the power p − 2, would cost as much as 130 products, while a sum
/// of fractions costs three and a comparison two.
#[derive(Clone, Copy)]
pub struct Residue {
    /// Below p.
    numerator: u128,
    /// Below p; 0 where undefined.
    denominator: u128,
}

impl Residue {
    /// p = 2¹²⁷ − 1, a Mersenne prime.
    pub const MODULUS: u128 = (1 << 127) - 1;

    /// The residue of a natural number.
    pub fn new(value: u128) -> Self {
        Residue { numerator: value % Self::MODULUS, denominator: 1 }
    }

    /// Whether no division by zero led here.
    pub fn is_defined(self) -> bool {
        self.denominator != 0
    }
}

/// A number below 2¹²⁸ − 1, brought below p: 2¹²⁷ ≡ 1.
fn reduced(value: u128) -> u128 {
    let folded = (value & Residue::MODULUS) + (value >> 127);
    if folded >= Residue::MODULUS { folded - Residue::MODULUS } else { folded }
}

/// x y mod p by halves of 64 bits, for x, y < p: the product is `high` 2¹²⁸ + `low`, and 2¹²⁷ ≡ 1.
///
/// Each middle product is below 2¹²⁷ − 2⁶³, so that neither their sum with a carry of 64 bits nor the last sum
/// overflows.
fn product(x: u128, y: u128) -> u128 {
    let halves = |v: u128| (v >> 64, v & u128::from(u64::MAX));
    let ((x1, x0), (y1, y0)) = (halves(x), halves(y));
    let (carry, lowest) = halves(x0 * y0);
    let (carry, middle) = halves(x1 * y0 + x0 * y1 + carry);
    let high = x1 * y1 + carry;
    let low = (middle << 64) | lowest;
    reduced(((high << 1) | (low >> 127)) + (low & Residue::MODULUS))
}

/// x + y mod p.
fn sum(x: u128, y: u128) -> u128 {
    reduced(x + y)
}

impl Add for Residue {
    type Output = Residue;
    fn add(self, other: Self) -> Self {
        if self.denominator == other.denominator {
            return Residue { numerator: sum(self.numerator, other.numerator), ..self };
        }
        let numerator = sum(product(self.numerator, other.denominator), product(other.numerator, self.denominator));
        Residue { numerator, denominator: product(self.denominator, other.denominator) }
    }
}

impl Sub for Residue {
    type Output = Residue;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Residue {
    type Output = Residue;
    fn mul(self, other: Self) -> Self {
        Residue {
            numerator: product(self.numerator, other.numerator),
            denominator: product(self.denominator, other.denominator),
        }
    }
}

impl Div for Residue {
    type Output = Residue;
    fn div(self, other: Self) -> Self {
        // What is undefined must not become a factor of 0 above.
        let (above, below) = if other.is_defined() { (other.denominator, other.numerator) } else { (0, 0) };
        Residue { numerator: product(self.numerator, above), denominator: product(self.denominator, below) }
    }
}

impl Neg for Residue {
    type Output = Residue;
    fn neg(self) -> Self {
        Residue { numerator: reduced(Self::MODULUS - self.numerator), ..self }
    }
}

by_reference!(Residue);

impl Default for Residue {
    fn default() -> Self {
        Self::zero()
    }
}

impl Zero for Residue {
    fn zero() -> Self {
        Residue::new(0)
    }
    fn is_zero(&self) -> bool {
        self.numerator == 0 && self.is_defined()
    }
}

impl One for Residue {
    fn one() -> Self {
        Residue::new(1)
    }
}

impl PartialEq for Residue {
    fn eq(&self, other: &Self) -> bool {
        let defined = self.is_defined() && other.is_defined();
        defined && product(self.numerator, other.denominator) == product(other.numerator, self.denominator)
    }
}

impl fmt::Debug for Residue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.numerator, self.denominator) {
            (_, 0) => f.write_str("undefined"),
            (integer, 1) => write!(f, "{integer} mod 2^127 - 1"),
            (numerator, denominator) => write!(f, "{numerator}/{denominator} mod 2^127 - 1"),
        }
    }
}

impl Scalar for Residue {
    const IS_EXACT: bool = true;

    fn from_integer(value: i64) -> Self {
        let size = Residue::new(value.unsigned_abs().into());
        if value < 0 { -size } else { size }
    }

    /// Any nonzero pivot is as good as another.
    fn outweighs(&self, other: &Self) -> bool {
        !self.is_zero() && other.is_zero()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rug::Integer;

    fn modulus() -> Integer {
        Integer::from(Residue::MODULUS)
    }

    fn as_integer(x: Residue) -> Integer {
        let inverse = Integer::from(x.denominator).invert(&modulus()).unwrap();
        inverse * x.numerator % modulus()
    }

    fn fraction((numerator, denominator): (u128, u128)) -> Residue {
        Residue::new(numerator) / Residue::new(denominator)
    }

    #[test]
    fn the_modulus_is_prime() {
        assert_ne!(modulus().is_probably_prime(40), rug::integer::IsPrime::No);
    }

    /// Fractions, a third of them with small parts, so that equal denominators and zeros occur.
    fn fractions() -> impl Strategy<Value = Residue> {
        let part = || prop_oneof![0..4_u128, Residue::MODULUS - 4..Residue::MODULUS, 0..Residue::MODULUS];
        (part(), part()).prop_filter("a denominator", |(_, denominator)| *denominator != 0).prop_map(fraction)
    }

    proptest! {
        #[test]
        fn operations_are_those_of_integers(a in fractions(), b in fractions()) {
            let (x, y) = (as_integer(a), as_integer(b));
            prop_assert_eq!(as_integer(a + b), Integer::from(&x + &y) % modulus());
            prop_assert_eq!(as_integer(a * b), Integer::from(&x * &y) % modulus());
            prop_assert_eq!(as_integer(a - b), (Integer::from(&x - &y) + modulus()) % modulus());
            prop_assert_eq!(as_integer(-a), (modulus() - &x) % modulus());
            prop_assert_eq!(b.is_zero(), y.is_zero());
            prop_assert_eq!(a == b, x == y);
            prop_assert_eq!(a, Residue::new(x.to_u128().unwrap()));
            if !b.is_zero() {
                let quotient = as_integer(a / b);
                prop_assert!(quotient < modulus());
                prop_assert_eq!(quotient * y % modulus(), x);
            }
        }
    }

    #[test]
    fn the_ends_of_the_range_are_no_exception() {
        let last = Residue::new(Residue::MODULUS - 1);
        assert_eq!(last * last, Residue::one());
        assert_eq!(last + Residue::one(), Residue::zero());
        assert_eq!(last + last, Residue::from_integer(-2));
        assert_eq!(Residue::new(Residue::MODULUS), Residue::zero());
        assert_eq!(Residue::from_integer(i64::MIN) + Residue::new(1 << 63), Residue::zero());
    }

    #[test]
    fn a_division_by_zero_is_undefined_and_travels() {
        let undefined = Residue::one() / Residue::zero();
        assert!(!undefined.is_defined() && !(undefined * Residue::zero()).is_defined());
        let one = Residue::one();
        for result in [undefined + one, one - undefined, one / undefined, -undefined, undefined / undefined] {
            assert!(!result.is_defined() && !result.is_zero() && result != result && result != one, "{result:?}");
        }
    }
}
