//! A text with M⁻¹ in place of each M⁺.

use super::roots::roots_mut;
use crate::tree::{Expr, Node, Text};

/// The text with M⁻¹ in place of each M⁺: the rational function that M⁺ is wherever M has an inverse.
pub fn with_inverses(text: &Text) -> Text {
    let mut changed = text.clone();
    roots_mut(&mut changed).into_iter().for_each(invert);
    changed
}

fn invert(expr: &mut Expr) {
    expr.parts_mut().into_iter().for_each(invert);
    if let Node::Pseudoinverse(part) = &expr.node {
        expr.node = Node::Power(part.clone(), -1);
    }
}
