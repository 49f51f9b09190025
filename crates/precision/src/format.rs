//! The formats of numbers in which an evaluation is studied.

use claims::Form;
use formula::{EvaluationError, Given, Losses, Placed, Rounding};
use numbers::{Matrix, Rounded, Scalar, nearest_f64};
use rug::{Float, Rational};

/// A format of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Single precision of the hardware.
    Single,
    /// Double precision of the hardware.
    Double,
    /// MPFR numbers of so many bits, rounded to nearest.
    Bits(u32),
}

impl Format {
    /// The formats that are studied.
    pub const ALL: [Format; 7] = [
        Format::Single,
        Format::Double,
        Format::Bits(24),
        Format::Bits(53),
        Format::Bits(100),
        Format::Bits(200),
        Format::Bits(400),
    ];

    /// Its name in tables.
    pub fn name(self) -> String {
        match self {
            Format::Single => "f32".into(),
            Format::Double => "f64".into(),
            Format::Bits(bits) => format!("{bits} bits"),
        }
    }

    /// The decimal digits that a number has.
    pub fn digits(self) -> f64 {
        let bits = match self {
            Format::Single => f32::MANTISSA_DIGITS,
            Format::Double => f64::MANTISSA_DIGITS,
            Format::Bits(bits) => bits,
        };
        f64::from(bits) * 2_f64.log10()
    }

    /// The claimed side of a form in this format, if it has a value there.
    pub(super) fn claimed(self, form: &Form, given: &Given<Rational>) -> Option<Matrix<Rational>> {
        match self {
            Format::Single => claimed(form, given, &self.single()),
            Format::Double => claimed(form, given, &self.double()),
            Format::Bits(bits) => claimed(form, given, &self.rounded(&|value| nearest(value, bits))),
        }
    }

    /// Where the claimed side of a formula loses digits in this format.
    ///
    /// # Errors
    /// [`EvaluationError`] where it has no exact value, or an operation of it has none in this format.
    pub(super) fn losses(self, placed: &Placed, given: &Given<Rational>) -> Result<Losses, EvaluationError> {
        match self {
            Format::Single => placed.losses(given, &self.single()),
            Format::Double => placed.losses(given, &self.double()),
            Format::Bits(bits) => placed.losses(given, &self.rounded(&|value| nearest(value, bits))),
        }
    }

    fn single(self) -> Rounding<'static, f32> {
        let nearest = &|value: &Rational| Float::with_val(f32::MANTISSA_DIGITS, value).to_f32();
        Rounding { nearest, exact: &|value| Rational::from_f32(*value), digits: self.digits() }
    }

    fn double(self) -> Rounding<'static, f64> {
        Rounding { nearest: &nearest_f64, exact: &|value| Rational::from_f64(*value), digits: self.digits() }
    }

    fn rounded<'a>(self, nearest: &'a dyn Fn(&Rational) -> Rounded) -> Rounding<'a, Rounded> {
        Rounding { nearest, exact: &Rounded::to_rational, digits: self.digits() }
    }
}

/// The nearest number of `bits` bits. The default is never taken: MPFR has the precisions of all formats here.
fn nearest(value: &Rational, bits: u32) -> Rounded {
    Rounded::nearest(value, bits).unwrap_or_else(|_| Rounded::from_integer(0))
}

fn claimed<T: Scalar>(form: &Form, given: &Given<Rational>, rounding: &Rounding<T>) -> Option<Matrix<Rational>> {
    let (setting, moments) = (given.setting.map(rounding.nearest), given.moments.map(|m| m.map(rounding.nearest)));
    let value = form.claimed(&Given { moments: moments.as_ref(), ..Given::setting(&setting) }).ok()?;
    exactly(&value, rounding.exact)
}

/// The entries as rationals, if all of them are numbers.
pub(super) fn exactly<T: Scalar>(value: &Matrix<T>, back: impl Fn(&T) -> Option<Rational>) -> Option<Matrix<Rational>> {
    let entries = value.iter().map(back).collect::<Option<Vec<_>>>()?;
    Some(Matrix::from_vec(value.nrows(), value.ncols(), entries))
}
