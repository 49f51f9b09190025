//! One expression after the other: its shape, its units, its operation.

use rug::Rational;

use super::checker::{Checker, Env, Sort, Typed, written};
use crate::program::Op;
use notation::symbol::{Shape, Units};
use notation::tree::{Expr, Node};
use notation::{Mistake, Place};

/// The largest exponent of a power.
const LARGEST_EXPONENT: u32 = 64;
/// The largest power of D in a shape.
const LARGEST_SHAPE: u8 = 4;

impl Checker<'_> {
    /// Writes down an expression.
    pub(super) fn expr(&mut self, expr: &Expr, env: &Env) -> Option<Typed> {
        self.inside(expr.place, |checker| checker.node(expr, env))
    }

    fn node(&mut self, expr: &Expr, env: &Env) -> Option<Typed> {
        let place = expr.place;
        match &expr.node {
            Node::Number(value) => Some(self.number(value)),
            Node::Name(name) => self.name(name, place, env),
            Node::Indexed(name, index) => self.indexed(name, *index, place, env),
            Node::At(name, index, point) => self.at(name, *index, *point, place, env),
            Node::Call(name, arguments) => self.call(name, arguments, place, env),
            Node::Sum(summands) => {
                let parts = Vec::from_iter(summands.iter().map(|summand| self.expr(&summand.expr, env)));
                let parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
                let mut parts = summands.iter().zip(parts);
                let (summand, first) = parts.next()?;
                let first = self.signed(first, summand.negative);
                parts.try_fold(first, |sum, (summand, part)| {
                    self.program.enter(place.up_to(summand.expr.place));
                    self.add(sum, part, summand.negative, (expr, &summand.expr))
                })
            }
            Node::Product(factors) => {
                let parts = Vec::from_iter(factors.iter().map(|factor| self.expr(&factor.expr, env)));
                let parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
                self.product(factors, &parts, place)
            }
            Node::Kronecker(parts) => {
                let parts = Vec::from_iter(parts.iter().map(|part| self.expr(part, env)));
                let parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
                let (first, rest) = parts.split_first()?;
                rest.iter().try_fold(*first, |product, part| self.kronecker(product, *part, place))
            }
            Node::KroneckerSum(parts) => {
                let typed = Vec::from_iter(parts.iter().map(|part| self.expr(part, env)));
                let typed = typed.into_iter().collect::<Option<Vec<_>>>()?;
                let ((first, rest), tail) = (typed.split_first()?, parts.split_first()?.1);
                let mut total = *first;
                for (part, text) in rest.iter().zip(tail) {
                    total = self.kronecker_sum(total, *part, (expr, text))?;
                }
                Some(total)
            }
            Node::Power(base, exponent) => match &base.node {
                Node::Norm(inside) => {
                    let value = self.expr(inside, env)?;
                    let square = self.squared_norm(value);
                    match exponent % 2 {
                        0 => self.power(square, exponent / 2, base, place),
                        _ => self.says(
                            place,
                            format!("{} is a root, and only even powers of a norm are rational", written(expr)),
                            "write an even power",
                        ),
                    }
                }
                _ => {
                    let value = self.expr(base, env)?;
                    self.power(value, *exponent, base, place)
                }
            },
            Node::Transpose(part) => self.expr(part, env).map(|part| self.transposed(part)),
            Node::Pseudoinverse(part) => {
                let value = self.expr(part, env)?;
                let (shape, units) = (value.shape.transposed(), value.units.map(|units| units.power(-1)));
                let text = || Some((**part).clone());
                Some(Typed::other(self.program.add_with_text(Op::Pseudoinverse(value.id), shape, text), shape, units))
            }
            Node::PositivePart(part) => {
                let value = self.expr(part, env)?;
                if !value.shape.is_scalar() {
                    let message = format!("{} is {}, and (·)₊ takes a scalar", written(part), value.shape);
                    return self.says(place, message, "take a scalar");
                }
                let text = || Some((**part).clone());
                let id = self.program.add_with_text(Op::PositivePart(value.id), Shape::SCALAR, text);
                Some(Typed::other(id, Shape::SCALAR, value.units))
            }
            Node::Trace(part) => {
                let value = self.expr(part, env)?;
                self.trace(value, part, place)
            }
            Node::Vec(part) => self.expr(part, env).and_then(|part| self.vec(part, place)),
            Node::Mean(part) => self.mean(part, env),
            Node::Norm(part) => {
                let message = format!("{} is a root, and only even powers of a norm are rational", written(expr));
                self.says(place, message, format!("write |{}|²", written(part)))
            }
            Node::Over(index, part) => self.over(*index, part, place, env),
        }
    }

    /// A number: no units, and 0 has all of them.
    pub(super) fn number(&mut self, value: &Rational) -> Typed {
        let id = self.program.add(Op::Number(value.clone()), Shape::SCALAR);
        let zero = *value == 0;
        Typed {
            id,
            shape: Shape::SCALAR,
            units: (!zero).then_some(Units::NONE),
            sort: if zero { Sort::Zero } else { Sort::Number },
        }
    }

    /// I of a square shape.
    pub(super) fn identity(&mut self, shape: Shape) -> Typed {
        let op = if shape.is_scalar() { Op::Number(Rational::from(1)) } else { Op::Identity };
        Typed::other(self.program.add(op, shape), shape, Some(Units::NONE))
    }

    pub(super) fn transposed(&mut self, part: Typed) -> Typed {
        if part.shape.is_scalar() {
            return part;
        }
        let shape = part.shape.transposed();
        Typed { id: self.program.add(Op::Transpose(part.id), shape), shape, ..part }
    }

    pub(super) fn trace(&mut self, part: Typed, text: &Expr, place: Place) -> Option<Typed> {
        if !part.shape.is_square() {
            let message = format!("{} is {}, and a trace takes a square matrix", written(text), part.shape);
            return self.says(place, message, "multiply it to a square matrix");
        }
        Some(self.trace_of_square(part))
    }

    /// The trace of what is square.
    pub(super) fn trace_of_square(&mut self, part: Typed) -> Typed {
        if part.shape.is_scalar() {
            return part;
        }
        let op = match self.program.node(part.id).op {
            Op::Product(x, y) => Op::TraceOfProduct(x, y),
            _ => Op::Trace(part.id),
        };
        Typed::other(self.program.add(op, Shape::SCALAR), Shape::SCALAR, part.units)
    }

    pub(super) fn vec(&mut self, part: Typed, place: Place) -> Option<Typed> {
        let rows = part.shape.rows.saturating_add(part.shape.columns);
        if rows > LARGEST_SHAPE {
            return self.too_large(place);
        }
        let shape = Shape { rows, columns: 0 };
        Some(Typed::other(self.program.add(Op::Vec(part.id), shape), shape, part.units))
    }

    /// xᵀx, or Tr\[MᵀM\].
    fn squared_norm(&mut self, part: Typed) -> Typed {
        let id = self.program.add(Op::SquaredNorm(part.id), Shape::SCALAR);
        Typed::other(id, Shape::SCALAR, part.units.map(|units| units.power(2)))
    }

    pub(super) fn kronecker(&mut self, x: Typed, y: Typed, place: Place) -> Option<Typed> {
        let shape = Shape {
            rows: x.shape.rows.saturating_add(y.shape.rows),
            columns: x.shape.columns.saturating_add(y.shape.columns),
        };
        if shape.rows > LARGEST_SHAPE || shape.columns > LARGEST_SHAPE {
            return self.too_large(place);
        }
        let units = x.units.zip(y.units).map(|(x, y)| x.times(y));
        Some(Typed::other(self.program.add(Op::Kronecker(x.id, y.id), shape), shape, units))
    }

    fn too_large<R>(&mut self, place: Place) -> Option<R> {
        let message = format!("a matrix of more than D^{LARGEST_SHAPE} rows");
        self.says(place, message, format!("at most {LARGEST_SHAPE} factors of ⊗ are evaluated"))
    }

    /// X⊕Y = X⊗I + I⊗Y.
    fn kronecker_sum(&mut self, x: Typed, y: Typed, (left, right): (&Expr, &Expr)) -> Option<Typed> {
        for (part, text) in [(x, left), (y, right)] {
            if !part.shape.is_square() {
                let message = format!("{} is {}, and ⊕ takes square matrices", written(text), part.shape);
                return self.says(text.place, message, "⊗?");
            }
        }
        let (I, J) = (self.identity(x.shape), self.identity(y.shape));
        let first = self.kronecker(x, J, left.place)?;
        let second = self.kronecker(I, y, right.place)?;
        self.add(first, second, false, (left, right))
    }

    /// Xⁿ from the left; of an even n for a vector, (xᵀx)ⁿᐟ².
    pub(super) fn power(&mut self, base: Typed, exponent: i32, text: &Expr, place: Place) -> Option<Typed> {
        if exponent.unsigned_abs() > LARGEST_EXPONENT {
            return self.says(
                place,
                format!("the exponent {exponent} is too large"),
                format!("at most {LARGEST_EXPONENT} factors are multiplied"),
            );
        }
        if !base.shape.is_square() {
            if base.shape.columns != 0 || exponent % 2 != 0 {
                let message = format!("{} is {}, and has no power {exponent}", written(text), base.shape);
                return self.says(place, message, "xᵀx is a scalar, and xxᵀ a matrix");
            }
            let row = self.transposed(base);
            let square = self.multiplied(row, base);
            return self.power(square, exponent / 2, text, place);
        }
        let factor = if exponent < 0 { self.inverse(base, text) } else { base };
        let factors = exponent.unsigned_abs();
        if factors == 0 {
            return Some(self.identity(base.shape));
        }
        Some((1..factors).fold(factor, |product, _| self.multiplied(product, factor)))
    }

    /// X⁻¹.
    pub(super) fn inverse(&mut self, base: Typed, text: &Expr) -> Typed {
        let units = base.units.map(|units| units.power(-1));
        let id = self.program.add_with_text(Op::Inverse(base.id), base.shape, || Some(text.clone()));
        Typed::other(id, base.shape, units)
    }

    /// A mistake about two expressions that do not go together.
    pub(super) fn clash<R>(&mut self, place: Place, message: String, help: Option<&str>) -> Option<R> {
        let mistake = Mistake::new(place, message);
        self.mistake(match help {
            Some(help) => mistake.help(help),
            None => mistake,
        })
    }
}
