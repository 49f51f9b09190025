//! A formula is one generic function, over every field in which something is asked of it.

use numbers::{Degrees, Interval, Matrix, Residue, Rounded, Scalar};
use rug::Rational;
use symbols::{Moments, Setting};

use crate::ClaimError;

/// The value of a closed form at a setting.
type Value<T> = Result<Matrix<T>, ClaimError>;

/// The text of a claim over one field.
#[derive(Debug)]
pub enum Formula<T> {
    /// A closed form: a function of the setting alone.
    Closed(fn(&Setting<T>) -> Value<T>),
    /// A relation between stationary moments: a function of the setting and of the other moments, affine in these.
    Relation(fn(&Setting<T>, &Moments<T>) -> Value<T>),
}

impl<T> Formula<T> {
    /// Its value at a setting, and for a relation at the moments given.
    ///
    /// # Errors
    /// [`ClaimError`] where it has none.
    pub fn evaluate(&self, setting: &Setting<T>, moments: Option<&Moments<T>>) -> Value<T> {
        match (self, moments) {
            (Formula::Closed(form), _) => form(setting),
            (Formula::Relation(form), Some(moments)) => form(setting, moments),
            (Formula::Relation(_), None) => Err(ClaimError::NeedsMoments),
        }
    }
}

/// The instantiations of one generic function. Made by [`closed!`](crate::closed) and [`relation!`](crate::relation).
#[derive(Debug)]
pub struct Form {
    /// Over ℚ.
    pub rational: Formula<Rational>,
    /// In doubles.
    pub float: Formula<f64>,
    /// In single precision.
    pub single: Formula<f32>,
    /// At any precision, rounded to nearest.
    pub rounded: Formula<Rounded>,
    /// At any precision, enclosed.
    pub interval: Formula<Interval>,
    /// In bounds of degrees.
    pub degrees: Formula<Degrees>,
    /// Modulo a prime.
    pub residue: Formula<Residue>,
}

/// A field over which every form is stamped.
pub trait Field: Scalar {
    /// The instantiation over this field.
    fn of(form: &Form) -> &Formula<Self>;
}

/// Names the instantiation of a form over each field.
macro_rules! fields {
    ($($field:ty: $name:ident),*) => {$(
        impl Field for $field {
            fn of(form: &Form) -> &Formula<Self> {
                &form.$name
            }
        }
    )*};
}

fields!(
    Rational: rational,
    f64: float,
    f32: single,
    Rounded: rounded,
    Interval: interval,
    Degrees: degrees,
    Residue: residue
);

/// One generic function over every field.
#[doc(hidden)]
#[macro_export]
macro_rules! stamped {
    ($function:path, $kind:ident) => {
        $crate::oracle::Form {
            rational: $crate::oracle::Formula::$kind($function),
            float: $crate::oracle::Formula::$kind($function),
            single: $crate::oracle::Formula::$kind($function),
            rounded: $crate::oracle::Formula::$kind($function),
            interval: $crate::oracle::Formula::$kind($function),
            degrees: $crate::oracle::Formula::$kind($function),
            residue: $crate::oracle::Formula::$kind($function),
        }
    };
}

/// The [`Form`] of a generic function of the setting.
#[macro_export]
macro_rules! closed {
    ($function:path) => {
        $crate::stamped!($function, Closed)
    };
}

/// The [`Form`] of a generic function of the setting and the moments.
#[macro_export]
macro_rules! relation {
    ($function:path) => {
        $crate::stamped!($function, Relation)
    };
}
