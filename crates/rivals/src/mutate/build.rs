//! Small trees, and products and sums of one part less or more.

use rug::Rational;

use notation::Spelling;
use notation::tree::{Expr, Factor, Name, Node, Summand};

pub(super) fn number(value: impl Into<Rational>) -> Expr {
    Expr::of(Node::Number(value.into()))
}

pub(super) fn name(symbol: &str) -> Expr {
    Expr::of(Node::Name(Name(symbol.to_string())))
}

/// ½.
pub(super) fn half() -> Expr {
    number((1, 2))
}

/// 1 − x, or 1 + x.
pub(super) fn one_and(negative: bool, symbol: &str) -> Expr {
    sum(vec![plus(number(1)), Summand { negative, expr: name(symbol) }])
}

pub(super) fn plus(expr: Expr) -> Summand {
    Summand { negative: false, expr }
}

pub(super) fn factor(expr: Expr) -> Factor {
    Factor { divides: false, expr }
}

pub(super) fn divisor(expr: Expr) -> Factor {
    Factor { divides: true, expr }
}

/// The sum of the summands; of none, 0.
pub(super) fn sum(mut summands: Vec<Summand>) -> Expr {
    match summands.len() {
        0 => number(0),
        1 if !summands[0].negative => summands.remove(0).expr,
        _ => Expr::of(Node::Sum(summands)),
    }
}

/// The product of the factors; 1 stands first where nothing else is above the stroke.
pub(super) fn product(mut factors: Vec<Factor>) -> Expr {
    if factors.first().is_none_or(|first| first.divides) {
        factors.insert(0, factor(number(1)));
    }
    match factors.len() {
        1 => factors.remove(0).expr,
        _ => Expr::of(Node::Product(factors)),
    }
}

/// The factors of a product, or the expression as the only one.
pub(super) fn factors(expr: &Expr) -> Vec<Factor> {
    match &expr.node {
        Node::Product(factors) => factors.clone(),
        _ => vec![factor(expr.clone())],
    }
}

/// The summands of a sum, or the expression as the only one.
pub(super) fn summands(expr: &Expr) -> Vec<Summand> {
    match &expr.node {
        Node::Sum(summands) => summands.clone(),
        _ => vec![plus(expr.clone())],
    }
}

/// The expression with a factor in front, behind its number.
pub(super) fn times(expr: &Expr, by: Expr) -> Expr {
    let mut factors = factors(expr);
    match &factors[0].expr.node {
        Node::Number(one) if *one == 1 => factors[0].expr = by,
        Node::Number(_) if !matches!(by.node, Node::Number(_)) => factors.insert(1, factor(by)),
        _ => factors.insert(0, factor(by)),
    }
    product(factors)
}

/// The expression over a divisor, below the stroke that is there.
pub(super) fn over(expr: &Expr, by: Expr) -> Expr {
    let mut above = factors(expr);
    let below = match above.pop_if(|last| last.divides) {
        None => by,
        Some(last) if matches!(by.node, Node::Number(_)) => times(&last.expr, by),
        Some(last) => match last.expr.node {
            Node::Product(mut below) if below.iter().all(|factor| !factor.divides) => {
                below.push(factor(by));
                product(below)
            }
            _ => product(vec![factor(last.expr), factor(by)]),
        },
    };
    above.push(divisor(below));
    product(above)
}

/// Whether a number stands first, be it in a fraction.
pub(super) fn leads_with_number(expr: &Expr) -> bool {
    match &expr.node {
        Node::Number(_) => true,
        Node::Product(factors) => leads_with_number(&factors[0].expr),
        _ => false,
    }
}

pub(super) fn is_number(expr: &Expr, value: u32) -> bool {
    matches!(&expr.node, Node::Number(number) if *number == value)
}

/// The expression as a reader sees it.
pub(super) fn shown(expr: &Expr) -> String {
    expr.written(Spelling::Unicode)
}
