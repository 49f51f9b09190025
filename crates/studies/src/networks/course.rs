//! The error of a formula while a parameter is halved, and its order.

use numbers::{Matrix, decimal, nearest_f64};
use rug::{Float, Rational};

use super::network::BITS;
use verify::allowances::{LOST_BITS, ORDER};

/// The squared relative errors ‖found − claimed‖²/‖found‖² (Frobenius), halving after halving.
pub(super) struct Course(Vec<Rational>);

impl Course {
    /// The errors of pairs of what is found and what is claimed.
    pub fn new(pairs: impl IntoIterator<Item = (Matrix<Rational>, Matrix<Rational>)>) -> Self {
        let error = |(found, claimed): (Matrix<Rational>, Matrix<Rational>)| {
            let apart = &found - claimed;
            let error = apart.dot(&apart) / found.dot(&found);
            if error < Rational::from(1) >> (2 * (BITS - LOST_BITS)) { Rational::new() } else { error }
        };
        Course(pairs.into_iter().map(error).collect())
    }

    /// The relative error at the end.
    pub fn last(&self) -> f64 {
        self.0.last().map_or(0.0, |square| nearest_f64(square).sqrt())
    }

    /// log₂ of the factor by which the last halving makes the error smaller; `None` where no error is left.
    pub fn order(&self) -> Option<f64> {
        let [before, last] = self.0.last_chunk::<2>()?;
        let log = |square: &Rational| Float::with_val(BITS, square).log2();
        (!last.is_zero()).then(|| ((log(before) - log(last)) / 2u32).to_f64())
    }

    /// Whether the error vanishes with this order or a higher one, or is none at all.
    pub fn vanishes(&self, order: i32) -> bool {
        self.order().is_none_or(|measured| measured >= f64::from(order) - ORDER)
    }

    /// The last error and the order, as cells.
    pub fn cells(&self) -> [String; 2] {
        match self.order() {
            None => ["0".into(), "–".into()],
            Some(order) => [format!("{:.1e}", self.last()), order_text(order)],
        }
    }
}

/// value/2ᵏ.
pub(super) fn halved((numerator, denominator): (i32, i32), k: usize) -> Rational {
    Rational::from((numerator, denominator)) >> k as u32
}

/// An order to two places.
pub(super) fn order_text(order: f64) -> String {
    decimal::to_places(order, 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use numbers::matrix;

    fn course(error: impl Fn(u32) -> Rational) -> Course {
        Course::new((0..=6).map(|k| [Rational::from(1), 1 + error(k)].map(matrix::scalar).into()))
    }

    #[test]
    fn orders_are_those_of_powers() {
        for order in 0..4 {
            let found = course(|k| Rational::from((3, 1 << (order * k + 1))));
            assert_eq!(found.order(), Some(f64::from(order)));
            assert!(found.vanishes(order as i32) && !found.vanishes(order as i32 + 1));
        }
        assert_eq!(course(|_| Rational::from((3, 2))).cells(), ["1.5e0", "0.00"]);
    }

    #[test]
    fn no_error_has_every_order() {
        let none = course(|k| Rational::from(i32::from(k < 3)) >> 500);
        assert!(none.vanishes(5));
        assert_eq!(none.cells(), ["0", "–"]);
    }
}
