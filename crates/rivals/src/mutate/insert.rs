//! Insertions, by which a part that was left out comes back.

use super::build::{
    self, divisor, factor, is_number, name, number, one_and, over, product, shown, sum, summands, times,
};
use super::edit::{Edit, Spot};
use super::mutant::Operator;
use super::names::is_free;
use super::roots::{Root, roots};
use notation::tree::{Comparison, Condition, Expr, Index, Node, Relation, Statement, Summand, Text};

/// All insertions, in the order of the text: factors, divisors and summands, exponents and sums where there is none, and
/// conditions. `missing` are the factors that units ask for.
pub(super) fn changes(text: &Text, missing: &[Expr]) -> Vec<Edit> {
    let roots = roots(text);
    let terms = terms(&roots);
    let mut edits = Vec::new();
    for (position, root) in roots.iter().enumerate().filter(|(_, root)| !root.subject) {
        let mut walk = Walk { terms: &terms, missing, root, position, path: Vec::new(), edits: &mut edits };
        if root.right && !matches!(root.expr.node, Node::Sum(_)) {
            walk.scales(root.expr);
            walk.summands(root.expr);
        }
        walk.over(root.expr);
        walk.part(root.expr);
    }
    edits.extend(conditions(text, &roots));
    edits
}

/// A way through one expression, and what was found on it.
struct Walk<'a, 's> {
    terms: &'a [Expr],
    missing: &'a [Expr],
    root: &'a Root<'s>,
    position: usize,
    path: Vec<usize>,
    edits: &'a mut Vec<Edit>,
}

impl Walk<'_, '_> {
    fn part(&mut self, expr: &Expr) {
        match &expr.node {
            Node::Sum(parts) => {
                self.scales(expr);
                self.summands(expr);
                for (position, part) in parts.iter().enumerate() {
                    self.path.push(position);
                    self.scales(&part.expr);
                    self.over(&part.expr);
                    self.path.pop();
                }
            }
            Node::Product(factors) => {
                for (position, factor) in factors.iter().enumerate() {
                    self.path.push(position);
                    if factor.divides && !matches!(factor.expr.node, Node::Sum(_)) {
                        self.summands(&factor.expr);
                    }
                    self.exponents(&factor.expr);
                    self.path.pop();
                }
            }
            _ => {}
        }
        for (position, part) in expr.parts().into_iter().enumerate() {
            self.path.push(position);
            self.part(part);
            self.path.pop();
        }
    }

    fn add(&mut self, operator: Operator, new: Expr, change: String) {
        let change = change + &self.root.place();
        self.edits.push(Edit::part(self.position, &self.path, new, operator, change));
    }

    /// A factor or a divisor of {2, S, D, 1 − μ, 1 + μ}, or one that units ask for.
    fn scales(&mut self, expr: &Expr) {
        if is_number(expr, 0) {
            return;
        }
        let plain = [number(2), name("S"), name("D"), one_and(true, "μ"), one_and(false, "μ")];
        for by in plain.into_iter().chain(self.missing.iter().cloned()) {
            let [what, by_text] = [shown(expr), shown(&by)];
            self.add(Operator::Inserted, times(expr, by.clone()), format!("{what} times {by_text}"));
            self.add(Operator::Inserted, over(expr, by), format!("{what} over {by_text}"));
        }
    }

    /// A sum over an index that none runs over: of the whole, and of a product from the first factor with that index on.
    fn over(&mut self, expr: &Expr) {
        for index in [Index::I, Index::J].into_iter().filter(|index| is_free(expr, *index)) {
            let over = |part: Expr| Expr::of(Node::Over(index, Box::new(part)));
            if let Node::Product(factors) = &expr.node
                && let Some(first) = factors.iter().position(|factor| is_free(&factor.expr, index))
                && first > 0
                && factors[first..].iter().all(|factor| !factor.divides)
            {
                let mut others = factors.clone();
                let run = product(others.split_off(first));
                others.push(factor(over(run.clone())));
                self.add(Operator::Inserted, product(others), format!("a sum over {} in {}", shown(&run), shown(expr)));
            }
            self.add(Operator::Inserted, over(expr.clone()), format!("a sum over {}", shown(expr)));
        }
    }

    /// A summand of {1, 1/S, μ}, or a term of the text, added or taken off.
    fn summands(&mut self, expr: &Expr) {
        let text = shown(expr);
        let small = [number(1), product(vec![divisor(name("S"))]), name("μ")];
        for term in small.iter().chain(self.terms) {
            for negative in [false, true] {
                let mut parts = if is_number(expr, 0) { Vec::new() } else { summands(expr) };
                parts.push(Summand { negative, expr: term.clone() });
                let sign = if negative { "−" } else { "+" };
                self.add(Operator::Inserted, sum(parts), format!("{sign} {} behind {text}", shown(term)));
            }
        }
    }

    /// A square or an inverse of what has no exponent.
    fn exponents(&mut self, expr: &Expr) {
        if matches!(expr.node, Node::Name(_) | Node::Indexed(..)) {
            for exponent in [2, -1] {
                let new = Expr::of(Node::Power(Box::new(expr.clone()), exponent));
                let change = format!("{} for {}", shown(&new), shown(expr));
                self.add(Operator::Exponent, new, change);
            }
        }
    }
}

/// The summands of the text, each once.
fn terms(roots: &[Root]) -> Vec<Expr> {
    let mut seen = Vec::new();
    let mut terms = Vec::new();
    let mut add = |expr: &Expr| {
        if !matches!(expr.node, Node::Sum(_) | Node::Number(_)) && !seen.contains(&shown(expr)) {
            seen.push(shown(expr));
            terms.push(expr.clone());
        }
    };
    for root in roots.iter().filter(|root| !root.subject) {
        if root.right {
            add(root.expr);
        }
        super::names::visit(root.expr, &mut |part| {
            if let Node::Sum(parts) = &part.node {
                parts.iter().for_each(|part| add(&part.expr));
            }
        });
    }
    terms
}

/// One more condition: that a divisor is positive.
fn conditions(text: &Text, roots: &[Root]) -> Vec<Edit> {
    let mut divisors: Vec<Expr> = Vec::new();
    for root in roots {
        super::names::visit(root.expr, &mut |part| {
            if let Node::Product(factors) = &part.node {
                for factor in factors.iter().filter(|factor| factor.divides) {
                    let known = divisors.iter().any(|known| shown(known) == shown(&factor.expr));
                    if !known && !is_positive(&factor.expr) {
                        divisors.push(factor.expr.clone());
                    }
                }
            }
        });
    }
    let mut edits = Vec::new();
    for (position, statement) in text.statements.iter().enumerate() {
        for expr in &divisors {
            let more = |condition: &Condition| {
                let first = expr.clone();
                let positive = Comparison { first, rest: vec![(Relation::Greater, build::number(0))], on: None };
                Condition(condition.0.iter().cloned().chain([positive]).collect())
            };
            let new = match statement {
                Statement::Stationary { in_mean, when, condition } => {
                    Statement::Stationary { in_mean: *in_mean, when: *when, condition: more(condition) }
                }
                Statement::Equivalence { left, right } => {
                    Statement::Equivalence { left: left.clone(), right: more(right) }
                }
                Statement::Equation { .. } | Statement::Limit { .. } | Statement::Comparison { .. } => continue,
            };
            edits.push(Edit {
                spot: Spot::Statement { position, new },
                change: format!("with the condition {} > 0", shown(expr)),
                operator: Operator::Conjunct,
                cost: Operator::Conjunct.cost(),
            });
        }
    }
    edits
}

/// Whether an expression is a product of numbers, sizes and 1 ± μ, which are positive at every setting.
fn is_positive(expr: &Expr) -> bool {
    match &expr.node {
        Node::Number(_) => true,
        Node::Name(symbol) => matches!(symbol.as_str(), "S" | "D" | "N"),
        Node::Sum(_) => [true, false].iter().any(|negative| shown(&one_and(*negative, "μ")) == shown(expr)),
        Node::Product(factors) => factors.iter().all(|factor| is_positive(&factor.expr)),
        _ => false,
    }
}
