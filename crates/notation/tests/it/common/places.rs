//! Trees without the places where they stood, so that what was read can be compared with what was built.

use notation::Place;
use notation::tree::{Body, Comparison, Condition, Expr, Statement, Text};

/// The text without places.
pub fn without_places(text: &Text) -> Text {
    let mut text = text.clone();
    text.statements.iter_mut().for_each(statement);
    for definition in &mut text.definitions {
        definition.place = Place::default();
        match &mut definition.body {
            Body::Is(body) => expr(body),
            Body::Solves(left, right) => {
                expr(left);
                expr(right);
            }
        }
    }
    text
}

fn statement(statement: &mut Statement) {
    match statement {
        Statement::Equation { left, right, .. } | Statement::Limit { left, right, .. } => {
            expr(left);
            expr(right);
        }
        Statement::Comparison { comparison: of, .. } => comparison(of),
        Statement::Equivalence { left, right } => {
            comparison(left);
            condition(right);
        }
        Statement::Stationary { condition: of, .. } => condition(of),
    }
}

fn condition(condition: &mut Condition) {
    condition.0.iter_mut().for_each(comparison);
}

fn comparison(comparison: &mut Comparison) {
    expr(&mut comparison.first);
    comparison.rest.iter_mut().for_each(|(_, part)| expr(part));
    comparison.on.iter_mut().for_each(expr);
}

fn expr(expr: &mut Expr) {
    expr.place = Place::default();
    expr.parts_mut().into_iter().for_each(self::expr);
}
