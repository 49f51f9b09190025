//! Names in expressions: which there are, and another in the place of one.

use notation::tree::{Body, Expr, Index, Name, Node, Point};

/// A name, and whether it has an index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Symbol {
    pub(super) name: Name,
    pub(super) indexed: bool,
}

impl Symbol {
    pub(super) fn shown(&self) -> String {
        format!("{}{}", self.name.as_str(), if self.indexed { "ᵢ" } else { "" })
    }
}

/// The symbol that an expression is.
pub(super) fn symbol(expr: &Expr) -> Option<Symbol> {
    match &expr.node {
        Node::Name(name) | Node::At(name, None, _) => Some(Symbol { name: name.clone(), indexed: false }),
        Node::Indexed(name, _) | Node::At(name, Some(_), _) => Some(Symbol { name: name.clone(), indexed: true }),
        _ => None,
    }
}

/// The expression with another symbol.
pub(super) fn with_symbol(expr: &Expr, new: &Symbol) -> Expr {
    let name = new.name.clone();
    let node = match &expr.node {
        Node::At(_, index, point) => Node::At(name, index.filter(|_| new.indexed), *point),
        Node::Indexed(_, index) if new.indexed => Node::Indexed(name, *index),
        _ => Node::Name(name),
    };
    Expr { node, place: expr.place }
}

/// The index of an expression, if it is a symbol with one.
pub(super) fn index(expr: &Expr) -> Option<Index> {
    match &expr.node {
        Node::Indexed(_, index) | Node::At(_, Some(index), _) => Some(*index),
        _ => None,
    }
}

/// The symbol of the weights at a point.
pub(super) fn of_point(point: Point) -> &'static str {
    match point {
        Point::Weights => "w",
        Point::Minimizer => "w*",
        Point::Initial => "w₀",
        Point::True => "u",
    }
}

/// The symbol with the other index.
pub(super) fn with_other_index(expr: &Expr) -> Expr {
    let node = match &expr.node {
        Node::Indexed(name, index) => Node::Indexed(name.clone(), index.other()),
        Node::At(name, index, point) => Node::At(name.clone(), index.map(Index::other), *point),
        node => node.clone(),
    };
    Expr { node, place: expr.place }
}

/// Whether an index stands in an expression outside of the sums over it.
pub(super) fn is_free(expr: &Expr, wanted: Index) -> bool {
    match &expr.node {
        Node::Over(bound, _) if *bound == wanted => false,
        _ => index(expr) == Some(wanted) || expr.parts().into_iter().any(|part| is_free(part, wanted)),
    }
}

/// Puts a symbol for another, wherever it stands.
pub(super) fn replace(expr: &mut Expr, old: &Symbol, new: &Symbol) {
    if symbol(expr).is_some_and(|found| found == *old) {
        *expr = with_symbol(expr, new);
    }
    for part in expr.parts_mut() {
        replace(part, old, new);
    }
}

pub(super) fn bodies(body: &Body) -> Vec<&Expr> {
    match body {
        Body::Is(expr) => vec![expr],
        Body::Solves(left, right) => vec![left, right],
    }
}

pub(super) fn named(expr: &Expr) -> Option<&Name> {
    match &expr.node {
        Node::Name(name) | Node::Indexed(name, _) | Node::At(name, ..) | Node::Call(name, _) => Some(name),
        _ => None,
    }
}

/// Shows an expression and all its parts, from left to right.
pub(super) fn visit<'a>(expr: &'a Expr, see: &mut dyn FnMut(&'a Expr)) {
    see(expr);
    for part in expr.parts() {
        visit(part, see);
    }
}
