//! Trees written down in a few words.

use notation::Place;
use notation::tree::{
    Body, Comparison, Condition, Definition, Expr, Factor, Head, Index, Limit, Name, Node, Point, Relation, Remainder,
    Statement, Summand, Text, When,
};
use rug::Rational;

pub fn named(name: &str) -> Name {
    Name(name.to_string())
}

/// A name.
pub fn n(name: &str) -> Expr {
    Expr::of(Node::Name(named(name)))
}

/// A number.
pub fn q(value: impl Into<Rational>) -> Expr {
    Expr::of(Node::Number(value.into()))
}

pub fn half() -> Expr {
    q((1, 2))
}

/// A name with the index i.
pub fn i(name: &str) -> Expr {
    Expr::of(Node::Indexed(named(name), Index::I))
}

pub fn at(name: &str, point: Point) -> Expr {
    Expr::of(Node::At(named(name), None, point))
}

/// A product of factors above the stroke.
pub fn p<const N: usize>(factors: [Expr; N]) -> Expr {
    Expr::of(Node::Product(factors.into_iter().map(|expr| Factor { divides: false, expr }).collect()))
}

/// A product over a divisor.
pub fn over<const N: usize>(factors: [Expr; N], below: Expr) -> Expr {
    let above = factors.into_iter().map(|expr| Factor { divides: false, expr });
    Expr::of(Node::Product(above.chain([Factor { divides: true, expr: below }]).collect()))
}

/// The letters of a product, side by side.
pub fn letters(letters: &str) -> Expr {
    Expr::of(Node::Product(
        letters.chars().map(|letter| Factor { divides: false, expr: n(&letter.to_string()) }).collect(),
    ))
}

pub fn plus(expr: Expr) -> Summand {
    Summand { negative: false, expr }
}

pub fn minus(expr: Expr) -> Summand {
    Summand { negative: true, expr }
}

pub fn sum<const N: usize>(summands: [Summand; N]) -> Expr {
    Expr::of(Node::Sum(summands.into()))
}

/// a + b
pub fn add(first: Expr, second: Expr) -> Expr {
    sum([plus(first), plus(second)])
}

/// a − b
pub fn sub(first: Expr, second: Expr) -> Expr {
    sum([plus(first), minus(second)])
}

pub fn pow(base: Expr, exponent: i32) -> Expr {
    Expr::of(Node::Power(Box::new(base), exponent))
}

pub fn inv(base: Expr) -> Expr {
    pow(base, -1)
}

pub fn t(base: Expr) -> Expr {
    Expr::of(Node::Transpose(Box::new(base)))
}

pub fn pinv(base: Expr) -> Expr {
    Expr::of(Node::Pseudoinverse(Box::new(base)))
}

pub fn tr(part: Expr) -> Expr {
    Expr::of(Node::Trace(Box::new(part)))
}

pub fn mean(part: Expr) -> Expr {
    Expr::of(Node::Mean(Box::new(part)))
}

pub fn vec_of(part: Expr) -> Expr {
    Expr::of(Node::Vec(Box::new(part)))
}

pub fn norm(part: Expr) -> Expr {
    Expr::of(Node::Norm(Box::new(part)))
}

pub fn positive(part: Expr) -> Expr {
    Expr::of(Node::PositivePart(Box::new(part)))
}

pub fn over_i(part: Expr) -> Expr {
    Expr::of(Node::Over(Index::I, Box::new(part)))
}

pub fn ox(parts: Vec<Expr>) -> Expr {
    Expr::of(Node::Kronecker(parts))
}

pub fn oplus(parts: Vec<Expr>) -> Expr {
    Expr::of(Node::KroneckerSum(parts))
}

/// 1 − μ
pub fn one_minus_mu() -> Expr {
    sub(q(1), n("μ"))
}

/// 1 + μ
pub fn one_plus_mu() -> Expr {
    add(q(1), n("μ"))
}

pub fn equation(left: Expr, right: Expr) -> Statement {
    Statement::Equation { left, right, remainder: None }
}

pub fn equation_up_to(left: Expr, right: Expr, limit: Limit, order: u32) -> Statement {
    Statement::Equation { left, right, remainder: Some(Remainder { limit, order }) }
}

pub fn approximately(left: Expr, right: Expr, limit: Limit) -> Statement {
    Statement::Limit { left, right, relative: true, limit }
}

pub fn tends(left: Expr, right: Expr, limit: Limit) -> Statement {
    Statement::Limit { left, right, relative: false, limit }
}

pub fn compared(first: Expr, relation: Relation, second: Expr) -> Comparison {
    Comparison { first, rest: vec![(relation, second)], on: None }
}

pub fn stationary(when: When, conditions: Vec<Comparison>) -> Statement {
    Statement::Stationary { in_mean: false, when, condition: Condition(conditions) }
}

pub fn is(name: &str, body: Expr) -> Definition {
    Definition { head: Head::Name(named(name)), body: Body::Is(body), place: Place::default() }
}

pub fn text(statements: Vec<Statement>, definitions: Vec<Definition>) -> Text {
    Text { statements, definitions }
}
