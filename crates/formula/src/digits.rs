//! Correct digits of a value, and the fields in which they are lost.

use numbers::Matrix;
use rug::{Float, Rational};

/// Bits of the squares of errors, of which only the size matters.
const BITS: u32 = 64;

/// Correct digits of a value: −log₁₀ of its relative error (Frobenius).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Digits {
    /// No error at all.
    All,
    /// So many digits.
    Correct(f64),
    /// No digits: there is no value, or its error is as large as the exact value.
    None,
}

impl Digits {
    /// The correct digits of what was found, if anything was.
    pub fn of(found: Option<&Matrix<Rational>>, exact: &Matrix<Rational>) -> Digits {
        let Some(found) = found.filter(|found| found.shape() == exact.shape()) else { return Digits::None };
        let mut gap = Gap::default();
        exact.iter().zip(found).for_each(|(exact, found)| gap.add(exact, Some(found)));
        gap.digits()
    }

    /// How many of the decimal digits that a number of some format has are missing.
    pub fn lost(self, available: f64) -> f64 {
        match self {
            Digits::All => 0.0,
            Digits::Correct(digits) => (available - digits).max(0.0),
            Digits::None => available,
        }
    }
}

/// A field of rounded numbers: the way into it and back.
pub struct Rounding<'a, T> {
    /// The nearest number.
    pub nearest: &'a dyn Fn(&Rational) -> T,
    /// The value of a number; `None` where it is infinite or NaN.
    pub exact: &'a dyn Fn(&T) -> Option<Rational>,
    /// The decimal digits that a number has.
    pub digits: f64,
}

/// The squares of errors and of what they are errors of.
#[derive(Debug, Clone)]
pub(crate) struct Gap {
    error: Float,
    size: Float,
    /// Whether something is no number.
    missing: bool,
}

impl Default for Gap {
    fn default() -> Self {
        Gap { error: Float::new(BITS), size: Float::new(BITS), missing: false }
    }
}

impl Gap {
    /// One more entry.
    pub(crate) fn add(&mut self, exact: &Rational, found: Option<&Rational>) {
        let square = |value: &Rational| Float::with_val(BITS, value).square();
        self.size += square(exact);
        match found {
            Some(found) if found == exact => {}
            Some(found) => self.error += square(&Rational::from(found - exact)),
            None => self.missing = true,
        }
    }

    /// The correct digits of all entries together.
    pub(crate) fn digits(self) -> Digits {
        if self.missing || (self.error >= self.size && !self.error.is_zero()) {
            Digits::None
        } else if self.error.is_zero() {
            Digits::All
        } else {
            Digits::Correct((self.size / self.error).log10().to_f64() / 2.0)
        }
    }
}
