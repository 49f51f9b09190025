//! The invariants of trees.

use notation::tree::{Body, Comparison, Condition, Definition, Expr, Node, Statement, Text};

/// Whether a text keeps the invariants that its tree promises.
pub fn is_well_formed(text: &Text) -> bool {
    !text.statements.is_empty()
        && text.statements.iter().all(is_statement)
        && text.definitions.iter().all(|definition: &Definition| match &definition.body {
            Body::Is(expr) => is_expr(expr),
            Body::Solves(left, right) => is_expr(left) && is_expr(right),
        })
}

fn is_statement(statement: &Statement) -> bool {
    match statement {
        Statement::Equation { left, right, remainder } => {
            is_expr(left) && is_expr(right) && remainder.is_none_or(|remainder| remainder.order > 0)
        }
        Statement::Limit { left, right, .. } => is_expr(left) && is_expr(right),
        Statement::Comparison { comparison, .. } => is_comparison(comparison),
        Statement::Equivalence { left, right } => is_comparison(left) && is_condition(right),
        Statement::Stationary { condition, .. } => is_condition(condition),
    }
}

fn is_condition(condition: &Condition) -> bool {
    !condition.0.is_empty() && condition.0.iter().all(is_comparison)
}

fn is_comparison(comparison: &Comparison) -> bool {
    let rest = comparison.rest.iter().map(|(_, expr)| expr);
    !comparison.rest.is_empty() && [&comparison.first].into_iter().chain(rest).chain(&comparison.on).all(is_expr)
}

/// Whether an expression and all its parts keep them. A divisor is the last factor of its product: what follows a
/// quotient has it for a factor.
pub fn is_expr(expr: &Expr) -> bool {
    let node = match &expr.node {
        Node::Sum(summands) => summands.len() > 1 || summands.iter().any(|summand| summand.negative),
        Node::Product(factors) => {
            factors.len() > 1 && factors[..factors.len() - 1].iter().all(|factor| !factor.divides)
        }
        Node::Kronecker(parts) | Node::KroneckerSum(parts) => parts.len() > 1,
        Node::Call(_, parts) => !parts.is_empty(),
        Node::Number(number) => *number >= 0 && is_decimal(number.denom()),
        Node::Power(base, exponent) => {
            !matches!(exponent, 0 | 1) && (!matches!(base.node, Node::Norm(_)) || exponent % 2 == 0)
        }
        _ => true,
    };
    let norms = matches!(&expr.node, Node::Power(base, _) if matches!(base.node, Node::Norm(_)));
    node && expr.parts().into_iter().all(|part| (norms || !matches!(part.node, Node::Norm(_))) && is_expr(part))
}

fn is_decimal(denominator: &rug::Integer) -> bool {
    let mut rest = denominator.clone();
    rest.remove_factor_mut(&rug::Integer::from(2));
    rest.remove_factor_mut(&rug::Integer::from(5));
    rest == 1
}
