//! Integers modulo the prime p = 2¹²⁷ − 1: exact arithmetic at the price of two machine words.

use std::fmt;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use num_traits::{One, Zero};

use super::{Scalar, by_reference};

/// An element of the field of p = 2¹²⁷ − 1 elements, or the undefined result of a division by zero.
///
/// Undefined is what every operation on it gives, and equals nothing, not even itself.
#[derive(Clone, Copy)]
pub struct Residue(Option<u128>);

impl Residue {
    /// p = 2¹²⁷ − 1, a prime of Mersenne's.
    pub const MODULUS: u128 = (1 << 127) - 1;

    /// The residue of a natural number.
    pub fn new(value: u128) -> Self {
        Residue(Some(value % Self::MODULUS))
    }

    /// Whether no division by zero led here.
    pub fn is_defined(self) -> bool {
        self.0.is_some()
    }

    /// x^(2ⁿ), by squaring.
    fn squared(self, times: u32) -> Self {
        (0..times).fold(self, |power, _| power * power)
    }

    /// x⁻¹ = xᵖ⁻² (Fermat), with p − 2 = 4 (2¹²⁵ − 1) + 1 and eₙ = x^(2ⁿ − 1) by e₂ₙ = eₙ^(2ⁿ) eₙ and eₙ₊₁ = eₙ² x.
    fn inverse(self) -> Self {
        let double = |e: Self, n: u32| e.squared(n) * e;
        let next = |e: Self| e * e * self;
        let e3 = next(double(self, 1));
        let e7 = next(double(e3, 3));
        let e15 = next(double(e7, 7));
        let e31 = next(double(e15, 15));
        let e125 = next(double(double(e31, 31), 62));
        e125.squared(2) * self
    }

    fn combine(self, other: Self, f: impl FnOnce(u128, u128) -> u128) -> Self {
        Residue(self.0.zip(other.0).map(|(x, y)| f(x, y)))
    }
}

/// A number below 2¹²⁸ − 1, brought below p: 2¹²⁷ ≡ 1.
fn reduced(value: u128) -> u128 {
    let folded = (value & Residue::MODULUS) + (value >> 127);
    if folded >= Residue::MODULUS { folded - Residue::MODULUS } else { folded }
}

/// x y mod p by halves of 64 bits: 2¹²⁸ ≡ 2, and a middle of m 2⁶⁴ is (m div 2⁶³) 2¹²⁷ + (m mod 2⁶³) 2⁶⁴.
fn product(x: u128, y: u128) -> u128 {
    let halves = |v: u128| (v >> 64, v & u128::from(u64::MAX));
    let ((x1, x0), (y1, y0)) = (halves(x), halves(y));
    let middle = x1 * y0 + x0 * y1;
    let outer = reduced(reduced(x0 * y0) + reduced(2 * x1 * y1));
    reduced(outer + reduced((middle >> 63) + ((middle & u128::from(u64::MAX >> 1)) << 64)))
}

impl Add for Residue {
    type Output = Residue;
    fn add(self, other: Self) -> Self {
        self.combine(other, |x, y| reduced(x + y))
    }
}

impl Sub for Residue {
    type Output = Residue;
    fn sub(self, other: Self) -> Self {
        self.combine(other, |x, y| reduced(x + (Self::MODULUS - y)))
    }
}

impl Mul for Residue {
    type Output = Residue;
    fn mul(self, other: Self) -> Self {
        self.combine(other, product)
    }
}

impl Div for Residue {
    type Output = Residue;
    fn div(self, other: Self) -> Self {
        self.combine(if other.is_zero() { Residue(None) } else { other.inverse() }, product)
    }
}

impl Neg for Residue {
    type Output = Residue;
    fn neg(self) -> Self {
        Self::zero() - self
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
        Residue(Some(0))
    }
    fn is_zero(&self) -> bool {
        self.0 == Some(0)
    }
}

impl One for Residue {
    fn one() -> Self {
        Residue(Some(1))
    }
}

impl PartialEq for Residue {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_some() && self.0 == other.0
    }
}

impl fmt::Debug for Residue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(value) => write!(f, "{value} mod 2^127 - 1"),
            None => f.write_str("undefined"),
        }
    }
}

impl Scalar for Residue {
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
        Integer::from(x.0.unwrap())
    }

    #[test]
    fn the_modulus_is_prime() {
        assert_ne!(modulus().is_probably_prime(40), rug::integer::IsPrime::No);
    }

    proptest! {
        #[test]
        fn operations_are_those_of_integers(x in 0..Residue::MODULUS, y in 0..Residue::MODULUS) {
            let (a, b) = (Residue::new(x), Residue::new(y));
            let (x, y) = (Integer::from(x), Integer::from(y));
            prop_assert_eq!(as_integer(a + b), Integer::from(&x + &y) % modulus());
            prop_assert_eq!(as_integer(a * b), Integer::from(&x * &y) % modulus());
            prop_assert_eq!(as_integer(a - b), (Integer::from(&x - &y) + modulus()) % modulus());
            prop_assert_eq!(as_integer(-a), (modulus() - x) % modulus());
            prop_assert_eq!(b.is_zero() || (a / b) * b == a, true);
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
        assert!(!undefined.is_zero() && undefined != undefined);
    }
}
