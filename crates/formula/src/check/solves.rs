//! `X solves left = right`: an equation that is linear in X, as a map and a constant.
//!
//! The two sides are split on the tree into what holds X and what does not. The map is not left(X) − left(0): where
//! nothing cancels but by the values, bounds of degrees explode.

use super::checker::{Checker, Env, Typed, written};
use crate::program::{Op, UNKNOWNS};
use notation::symbol::{Shape, Units};
use notation::tree::{Definition, Expr, Factor, Name, Node, Summand};

/// The part of an expression that is linear in X, and the rest.
#[derive(Clone, Copy, Default)]
struct Split {
    linear: Option<Typed>,
    rest: Option<Typed>,
}

impl Checker<'_> {
    /// The solution, in the first shape that fits: 1, D, D×D. So a number beside a scalar is no multiple of I.
    pub(super) fn solves(&mut self, definition: &Definition, left: &Expr, right: &Expr, env: &Env) -> Option<Typed> {
        let name = definition.head.name();
        if self.unknowns >= UNKNOWNS {
            return self.says(definition.place, "too many equations", format!("at most {UNKNOWNS} are solved"));
        }
        let number = self.unknowns;
        self.unknowns += 1;
        let before = self.mistakes.len();
        let shapes = [Shape::SCALAR, Shape::VECTOR, Shape::MATRIX].map(|shape| self.shape(shape));
        let mut last = Vec::new();
        for (i, &shape) in shapes.iter().enumerate() {
            if shapes[..i].contains(&shape) {
                continue;
            }
            let id = self.program.add(Op::Unknown(number), shape);
            let unknown = Typed::other(id, shape, Some(Units::NONE));
            let inner = Env { unknown: Some((name.clone(), unknown)), ..env.clone() };
            if let Some(solved) = self.solution(definition, (left, right), &inner, number, shape) {
                self.mistakes.truncate(before);
                return Some(solved);
            }
            // The mistakes for a matrix are those that a reader expects.
            let mistakes = self.mistakes.split_off(before);
            if !mistakes.is_empty() {
                last = mistakes;
            }
        }
        self.mistakes.extend(last);
        None
    }

    fn solution(
        &mut self,
        definition: &Definition,
        (left, right): (&Expr, &Expr),
        env: &Env,
        number: u32,
        shape: Shape,
    ) -> Option<Typed> {
        let (x, y) = (self.split(left, env)?, self.split(right, env)?);
        let linear = self.joined(x.linear, y.linear, true, (left, right))?;
        let Some(linear) = linear else {
            let message = format!("the equation does not hold {}", definition.head.name().as_str());
            return self.says(definition.place, message, "an equation is linear in what it is solved for");
        };
        let Some(constant) = self.joined(y.rest, x.rest, true, (right, left))? else {
            let message = format!("{} = 0 solves the equation", definition.head.name().as_str());
            return self.says(definition.place, message, "a part without it is missing");
        };
        let (linear, constant) = self.fitted(linear, constant, (left, right), "times I?")?;
        if linear.shape != shape {
            let message =
                format!("{} is {}, and the equation {}", definition.head.name().as_str(), shape, linear.shape);
            return self.says(definition.place, message, "an equation has as many rows and columns as its unknown");
        }
        // The unknown has the units that make the two parts fit.
        let units = constant.units.zip(linear.units).map(|(right, left)| right.times(left.power(-1)));
        let op = Op::Solve { unknown: number, linear: linear.id, constant: constant.id };
        let text = || Some(Expr { node: Node::Name(definition.head.name().clone()), place: definition.place });
        Some(Typed::other(self.program.add_with_text(op, shape, text), shape, units))
    }

    /// The parts of an expression. What does not hold X is written down whole.
    fn split(&mut self, expr: &Expr, env: &Env) -> Option<Split> {
        if !self.holds_unknown(expr, env) {
            let rest = self.expr(expr, env)?;
            return Some(Split { rest: Some(rest), linear: None });
        }
        match &expr.node {
            Node::Name(_) => {
                let linear = self.expr(expr, env)?;
                Some(Split { linear: Some(linear), rest: None })
            }
            Node::Sum(summands) => {
                let mut total = Split::default();
                for Summand { negative, expr: part } in summands {
                    let Split { linear, rest } = self.split(part, env)?;
                    total.linear = self.joined(total.linear, linear, *negative, (expr, part))?;
                    total.rest = self.joined(total.rest, rest, *negative, (expr, part))?;
                }
                Some(total)
            }
            Node::Product(factors) => self.split_product(factors, expr, env),
            Node::Transpose(part) => {
                let split = self.split(part, env)?;
                Some(split.map(|part| self.transposed(part)))
            }
            Node::Trace(part) => {
                let split = self.split(part, env)?;
                let mut of = |value: Option<Typed>| match value {
                    Some(value) => self.trace(value, part, part.place).map(Some),
                    None => Some(None),
                };
                Some(Split { linear: of(split.linear)?, rest: of(split.rest)? })
            }
            Node::Vec(part) => {
                let split = self.split(part, env)?;
                let mut of = |value: Option<Typed>| match value {
                    Some(value) => self.vec(value, part.place).map(Some),
                    None => Some(None),
                };
                Some(Split { linear: of(split.linear)?, rest: of(split.rest)? })
            }
            _ => self.not_linear(expr, env),
        }
    }

    fn split_product(&mut self, factors: &[Factor], expr: &Expr, env: &Env) -> Option<Split> {
        let mut holds = Vec::from_iter(factors.iter().enumerate().filter(|(_, f)| self.holds_unknown(&f.expr, env)));
        let (Some((place, factor)), None) = (holds.pop(), holds.pop()) else { return self.not_linear(expr, env) };
        if factor.divides {
            return self.not_linear(expr, env);
        }
        let split = self.split(&factor.expr, env)?;
        let others = Vec::from_iter(
            factors
                .iter()
                .enumerate()
                .map(|(i, factor)| if i == place { Some(None) } else { self.expr(&factor.expr, env).map(Some) }),
        );
        let others = others.into_iter().collect::<Option<Vec<_>>>()?;
        let mut of = |value: Option<Typed>| {
            let Some(value) = value else { return Some(None) };
            let parts = Vec::from_iter(others.iter().map(|part| part.unwrap_or(value)));
            self.product(factors, &parts, expr.place).map(Some)
        };
        Some(Split { linear: of(split.linear)?, rest: of(split.rest)? })
    }

    fn not_linear<R>(&mut self, expr: &Expr, env: &Env) -> Option<R> {
        let name = env.unknown.as_ref().map_or("the unknown", |(Name(name), _)| name.as_str()).to_owned();
        let message = format!("{} is not linear in {name}", written(expr));
        self.says(expr.place, message, format!("an equation is solved for {name} where sums and products hold it once"))
    }

    /// The sum or the difference, where one of the two may be nothing.
    fn joined(
        &mut self,
        x: Option<Typed>,
        y: Option<Typed>,
        negative: bool,
        texts: (&Expr, &Expr),
    ) -> Option<Option<Typed>> {
        match (x, y) {
            (x, None) => Some(x),
            (None, Some(y)) => Some(Some(self.signed(y, negative))),
            (Some(x), Some(y)) => self.add(x, y, negative, texts).map(Some),
        }
    }

    /// Whether an expression names the unknown.
    fn holds_unknown(&self, expr: &Expr, env: &Env) -> bool {
        let Some((unknown, _)) = &env.unknown else { return false };
        let mut open = vec![expr];
        while let Some(expr) = open.pop() {
            if matches!(&expr.node, Node::Name(name) if name == unknown) {
                return true;
            }
            open.extend(expr.parts());
        }
        false
    }
}

impl Split {
    fn map(self, mut f: impl FnMut(Typed) -> Typed) -> Self {
        Split { linear: self.linear.map(&mut f), rest: self.rest.map(f) }
    }
}
