//! Sums and products of what was checked.

use super::checker::{Checker, Sort, Typed, written};
use crate::program::Op;
use notation::Mistake;
use notation::symbol::Shape;
use notation::tree::Expr;

impl Checker<'_> {
    /// A summand with its sign.
    pub(super) fn signed(&mut self, part: Typed, negative: bool) -> Typed {
        if !negative || part.sort == Sort::Zero {
            return part;
        }
        Typed { id: self.program.add(Op::Negative(part.id), part.shape), ..part }
    }

    /// The sum or the difference. A number beside a square matrix is its multiple of I. The texts are those of the two
    /// parts; of the first, that of the whole sum may stand for it.
    pub(super) fn add(&mut self, x: Typed, y: Typed, negative: bool, texts: (&Expr, &Expr)) -> Option<Typed> {
        let (x, y) = self.fitted(x, y, texts, "times I?")?;
        let units = self.same_units(x, y, texts)?;
        let op = if negative { Op::Difference(x.id, y.id) } else { Op::Sum(x.id, y.id) };
        let sort = match (x.sort, y.sort) {
            (Sort::Other, _) | (_, Sort::Other) => Sort::Other,
            (Sort::Zero, Sort::Zero) => Sort::Zero,
            _ => Sort::Number,
        };
        Some(Typed { id: self.program.add(op, x.shape), shape: x.shape, units, sort })
    }

    /// The two in one shape; `help` is for a scalar beside a square matrix.
    pub(super) fn fitted(
        &mut self,
        x: Typed,
        y: Typed,
        (left, right): (&Expr, &Expr),
        help: &str,
    ) -> Option<(Typed, Typed)> {
        if x.shape == y.shape {
            return Some((x, y));
        }
        if let Some(x) = self.widened(x, y.shape) {
            return Some((x, y));
        }
        if let Some(y) = self.widened(y, x.shape) {
            return Some((x, y));
        }
        // The first text may be that of the whole sum, whose first part is what is meant.
        let left = first_part(left);
        let message = format!("{} is {} and {} {}", written(left), x.shape, written(right), y.shape);
        let scalar_and_square =
            (x.shape.is_scalar() && y.shape.is_square()) || (y.shape.is_scalar() && x.shape.is_square());
        self.clash(right.place, message, scalar_and_square.then_some(help))
    }

    /// A number or zero in another shape.
    fn widened(&mut self, part: Typed, shape: Shape) -> Option<Typed> {
        match part.sort {
            Sort::Zero => Some(Typed { id: self.program.add(Op::Zero, shape), shape, ..part }),
            Sort::Number if part.shape.is_scalar() && shape.is_square() => {
                let I = self.identity(shape);
                let id = self.program.add(Op::Scale(part.id, I.id), shape);
                Some(Typed { id, shape, sort: Sort::Other, ..part })
            }
            _ => None,
        }
    }

    /// The units that two parts share.
    pub(super) fn same_units(
        &mut self,
        x: Typed,
        y: Typed,
        (left, right): (&Expr, &Expr),
    ) -> Option<Option<notation::symbol::Units>> {
        match (x.units, y.units) {
            (Some(one), Some(other)) if !one.agree(other, self.context.natural_units) => {
                let has = |units: notation::symbol::Units| format!("has {}", units);
                let left = first_part(left);
                let message = format!("{} {} and {} {}", written(left), has(one), written(right), has(other));
                let units = one.times(other.power(-1));
                let mistake = Mistake::new(right.place, message).units(units);
                // A factor such as σ² was left out, which is 1 in some papers.
                self.mistake(match one.agree(other, true) {
                    true => mistake.help(
                        "is σ² = 1 left out? Write it, or say units = \"natural\" in the claim: weight · feature = 1",
                    ),
                    false => mistake,
                })
            }
            (one, other) => Some(one.or(other)),
        }
    }

    /// The product of two that fit.
    pub(super) fn multiplied(&mut self, x: Typed, y: Typed) -> Typed {
        let units = x.units.zip(y.units).map(|(x, y)| x.times(y));
        let (op, shape) = match (x.shape.is_scalar(), y.shape.is_scalar()) {
            (true, true) => (Op::Product(x.id, y.id), Shape::SCALAR),
            (true, false) => (Op::Scale(x.id, y.id), y.shape),
            (false, true) => (Op::Scale(y.id, x.id), x.shape),
            (false, false) => (Op::Product(x.id, y.id), Shape { rows: x.shape.rows, columns: y.shape.columns }),
        };
        let sort = match (x.sort, y.sort) {
            (Sort::Zero, _) | (_, Sort::Zero) => Sort::Zero,
            (Sort::Number, Sort::Number) => Sort::Number,
            _ => Sort::Other,
        };
        // Zero takes the shape of what stands beside it, so that it need not be 1.
        Typed { id: self.program.add(op, shape), shape, units, sort }
    }
}

/// The first part of a sum, which stands for it in a message.
fn first_part(expr: &Expr) -> &Expr {
    match &expr.node {
        notation::tree::Node::Sum(summands) => summands.first().map_or(expr, |summand| &summand.expr),
        _ => expr,
    }
}
