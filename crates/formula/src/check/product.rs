//! Products of many factors, scalars among them anywhere.

use super::checker::{Checker, Sort, Typed, written};
use crate::program::Op;
use notation::Place;
use notation::symbol::Shape;
use notation::tree::{Expr, Factor, Node};

impl Checker<'_> {
    /// The product from the left. A row that does not fit what stands before it opens a product of its own, which must
    /// come to a scalar: M xᵀAx.
    pub(super) fn product(&mut self, factors: &[Factor], parts: &[Typed], place: Place) -> Option<Typed> {
        let mut groups: Vec<(Typed, &Expr)> = Vec::new();
        for (factor, &part) in factors.iter().zip(parts) {
            let text = &factor.expr;
            let Some((last, last_text)) = groups.pop() else {
                groups.push((part, text));
                continue;
            };
            self.program.enter(place.up_to(text.place));
            if factor.divides {
                groups.push((self.divided(last, part, text)?, last_text));
                continue;
            }
            if fits(last.shape, part.shape) {
                groups.push((self.multiplied(last, part), text));
            } else {
                let opens = part.shape.rows == 0;
                groups.push((last, last_text));
                if !opens {
                    return self.misfit((last, last_text), (part, text));
                }
                groups.push((part, text));
            }
            // A row that has met its column is a scalar of the product before.
            while let [.., (before, _), (last, _)] = groups.as_slice()
                && last.shape.is_scalar()
            {
                let product = self.multiplied(*before, *last);
                groups.truncate(groups.len() - 2);
                groups.push((product, text));
            }
        }
        match groups.as_slice() {
            [(product, _)] => Some(*product),
            [.., before, last] => self.misfit(*before, *last),
            [] => self.says(place, "a product of nothing", "write 1"),
        }
    }

    fn misfit<R>(&mut self, (x, left): (Typed, &Expr), (y, right): (Typed, &Expr)) -> Option<R> {
        let message = format!("{} is {} and {} {}", written(left), x.shape, written(right), y.shape);
        self.says(right.place, message, "the columns of the one must be the rows of the other; ᵀ?")
    }

    /// A part over a scalar.
    pub(super) fn divided(&mut self, x: Typed, y: Typed, text: &Expr) -> Option<Typed> {
        if !y.shape.is_scalar() {
            let message = format!("{} is {}, and below `/` stand scalars", written(text), y.shape);
            let inverse = Expr::of(Node::Power(Box::new(text.clone()), -1));
            return self.says(text.place, message, format!("{} on the left or on the right?", written(&inverse)));
        }
        let units = match (x.units, y.units) {
            (Some(above), Some(below)) => Some(above.times(below.power(-1))),
            (above, None) => above,
            (None, _) => None,
        };
        let id = self.program.add_with_text(Op::Quotient(x.id, y.id), x.shape, || Some(text.clone()));
        let sort = if (x.sort, y.sort) == (Sort::Number, Sort::Number) { Sort::Number } else { Sort::Other };
        let sort = if x.sort == Sort::Zero { Sort::Zero } else { sort };
        Some(Typed { id, shape: x.shape, units, sort })
    }
}

/// Whether a product has a shape.
pub(super) fn fits(x: Shape, y: Shape) -> bool {
    x.is_scalar() || y.is_scalar() || x.columns == y.rows
}
