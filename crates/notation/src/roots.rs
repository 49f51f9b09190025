//! The expressions of a text that stand in no other, to be changed.

use crate::tree::{Body, Comparison, Expr, Node, Statement, Text};

impl Text {
    /// All expressions that stand in no other, in the order of the text.
    pub fn roots_mut(&mut self) -> Vec<&mut Expr> {
        let mut roots = Vec::new();
        for statement in &mut self.statements {
            match statement {
                Statement::Equation { left, right, .. } | Statement::Limit { left, right, .. } => {
                    roots.push(left);
                    roots.push(right);
                }
                Statement::Comparison { comparison, .. } => compared_mut(comparison, &mut roots),
                Statement::Equivalence { left, right } => {
                    compared_mut(left, &mut roots);
                    right.0.iter_mut().for_each(|comparison| compared_mut(comparison, &mut roots));
                }
                Statement::Stationary { condition, .. } => {
                    condition.0.iter_mut().for_each(|comparison| compared_mut(comparison, &mut roots));
                }
            }
        }
        for definition in &mut self.definitions {
            match &mut definition.body {
                Body::Is(expr) => roots.push(expr),
                Body::Solves(left, right) => {
                    roots.push(left);
                    roots.push(right);
                }
            }
        }
        roots
    }

    /// The text with M⁻¹ in place of each M⁺: the rational function that M⁺ is wherever M has an inverse.
    #[must_use]
    pub fn with_inverses(&self) -> Text {
        let mut changed = self.clone();
        changed.roots_mut().into_iter().for_each(invert);
        changed
    }
}

fn compared_mut<'a>(comparison: &'a mut Comparison, roots: &mut Vec<&'a mut Expr>) {
    roots.push(&mut comparison.first);
    roots.extend(comparison.rest.iter_mut().map(|(_, expr)| expr));
    roots.extend(comparison.on.iter_mut());
}

fn invert(expr: &mut Expr) {
    expr.parts_mut().into_iter().for_each(invert);
    if let Node::Pseudoinverse(part) = &expr.node {
        expr.node = Node::Power(part.clone(), -1);
    }
}
