//! The changes inside expressions.

use rug::Rational;

use super::build::{
    self, factors, half, is_number, leads_with_number, number, over, product, shown, sum, summands, times,
};
use super::edit::Edit;
use super::mutant::Operator;
use super::names::{self, Symbol};
use super::order;
use super::roots::{Root, roots};
use super::symbols::Scope;
use notation::tree::{Expr, Factor, Head, Index, Name, Node, Point, Summand, Text};

/// The changes of all expressions, in the order of the text.
pub(super) fn changes(text: &Text, scope: &Scope) -> Vec<Edit> {
    let mut edits = Vec::new();
    let roots = roots(text);
    let said = |index| roots.iter().any(|root| root.definition.is_none() && names::is_free(root.expr, index));
    let pairs = said(Index::I) && said(Index::J);
    for (position, root) in roots.iter().enumerate().filter(|(_, root)| !root.subject) {
        let bound = match root.definition {
            Some(Head::Indexed(_, index)) => vec![*index],
            Some(_) => Vec::new(),
            None if pairs => vec![Index::I, Index::J],
            None => Vec::new(),
        };
        let mut walk = Walk { scope, root, position, path: Vec::new(), multiplies: false, bound, edits: &mut edits };
        walk.scales();
        walk.part(root.expr, None);
    }
    edits
}

/// A way through one expression, and what was found on it.
struct Walk<'a, 's> {
    scope: &'a Scope<'s>,
    root: &'a Root<'s>,
    position: usize,
    path: Vec<usize>,
    /// Whether the part multiplies others, so that for 1 it may as well be left out.
    multiplies: bool,
    /// The indices that say which sample is meant: those of sums around, of the head of a definition, and of a statement
    /// about pairs. Any other may as well have another letter.
    bound: Vec<Index>,
    edits: &'a mut Vec<Edit>,
}

/// What a part stands in.
#[derive(Clone, Copy)]
struct Parent<'a> {
    expr: &'a Expr,
    position: usize,
}

impl Walk<'_, '_> {
    fn part(&mut self, expr: &Expr, parent: Option<Parent>) {
        self.multiplies = parent.is_some_and(|parent| match &parent.expr.node {
            Node::Product(factors) => parent.position > 0 || !factors[1].divides,
            _ => false,
        });
        match &expr.node {
            Node::Number(value) => self.numbers(value, parent),
            Node::Name(_) | Node::Indexed(..) | Node::At(..) => self.symbols(expr, parent),
            Node::Sum(summands) => self.sum(expr, summands),
            Node::Product(factors) => self.product(expr, factors, parent),
            Node::Kronecker(parts) => self.neighbours(expr, parts, Node::Kronecker),
            Node::Power(base, exponent) => self.exponents(expr, base, *exponent),
            Node::Over(index, inside) => {
                let change = format!("{} without its sum", shown(expr));
                self.bound.push(*index);
                self.add(Operator::Dropped, (**inside).clone(), change);
            }
            Node::Trace(inside) if !parent.is_some_and(|parent| matches!(parent.expr.node, Node::Product(_))) => {
                self.add(Operator::Trace, (**inside).clone(), format!("{} without its trace", shown(expr)));
            }
            _ => {}
        }
        for (position, part) in expr.parts().into_iter().enumerate() {
            self.path.push(position);
            self.part(part, Some(Parent { expr, position }));
            self.path.pop();
        }
        if matches!(expr.node, Node::Over(..)) {
            self.bound.pop();
        }
    }

    /// Takes down a change of the part that the path leads to.
    fn add(&mut self, operator: Operator, new: Expr, change: String) {
        if self.multiplies && is_number(&new, 1) {
            return;
        }
        let change = change + &self.root.place();
        self.edits.push(Edit::part(self.position, &self.path, new, operator, change));
    }

    /// Right side times S, D, 2, −1, or over them.
    fn scales(&mut self) {
        let right = self.root.expr;
        if !self.root.right || is_number(right, 0) {
            return;
        }
        let two = || if leads_with_number(right) { None } else { Some(number(2)) };
        for by in [Some(build::name("S")), Some(build::name("D")), two()].into_iter().flatten() {
            self.add(Operator::Scale, times(right, by.clone()), format!("right side times {}", shown(&by)));
            self.add(Operator::Scale, over(right, by.clone()), format!("right side over {}", shown(&by)));
        }
        let turned: Vec<Summand> = summands(right).into_iter().map(opposite).collect();
        self.add(Operator::Scale, sum(turned), "right side with the other sign".to_string());
    }

    /// n ± 1, 2n and n/2; 0 is left to dropping.
    fn numbers(&mut self, value: &Rational, parent: Option<Parent>) {
        let mut others: Vec<Rational> = Vec::new();
        let one = Rational::from(1);
        for other in [value.clone() + &one, value.clone() - &one, value.clone() * 2, value.clone() / 2] {
            if other > 0 && other != *value && !others.contains(&other) {
                others.push(other);
            }
        }
        for other in others {
            let change =
                format!("{} for {}{}", shown(&number(other.clone())), shown(&number(value.clone())), inside(parent));
            self.add(Operator::Number, number(other), change);
        }
    }

    /// Another symbol, or the same at another point.
    fn symbols(&mut self, expr: &Expr, parent: Option<Parent>) {
        let Some(symbol) = names::symbol(expr) else { return };
        for other in self.scope.alternatives(&symbol) {
            let new = names::with_symbol(expr, &other);
            let change = format!("{} for {}{}", shown(&new), shown(expr), inside(parent));
            let cost = Operator::Symbol.cost() - u32::from(self.scope.holds(&other));
            let change = change + &self.root.place();
            self.edits.push(Edit::part(self.position, &self.path, new, Operator::Symbol, change).cost(cost));
        }
        if names::index(expr).is_some() && !self.bound.is_empty() {
            let new = names::with_other_index(expr);
            let change = format!("{} for {}{}", shown(&new), shown(expr), inside(parent));
            self.add(Operator::Index, new, change);
        }
        if let Node::At(name, index, at) = &expr.node {
            let weights = |point| Symbol { name: Name(names::of_point(point).into()), indexed: false };
            let others = self.scope.alternatives(&weights(*at));
            for point in [Point::Weights, Point::Minimizer, Point::Initial, Point::True] {
                if others.contains(&weights(point)) {
                    let new = Expr::of(Node::At(name.clone(), *index, point));
                    let change = format!("{} for {}{}", shown(&new), shown(expr), inside(parent));
                    self.add(Operator::Point, new, change);
                }
            }
        }
    }

    fn sum(&mut self, expr: &Expr, parts: &[Summand]) {
        let text = shown(expr);
        for (position, part) in parts.iter().enumerate() {
            let with = |other: Option<Summand>| {
                let mut parts = parts.to_vec();
                match other {
                    Some(other) => parts[position] = other,
                    None => drop(parts.remove(position)),
                }
                sum(parts)
            };
            let part_text = shown(&part.expr);
            let [old, new] = if part.negative { ["−", "+"] } else { ["+", "−"] };
            let change = format!("{new} for {old} before {part_text} in {text}");
            self.add(Operator::Sign, with(Some(opposite(part.clone()))), change);
            if parts.len() > 1 {
                self.add(Operator::Dropped, with(None), format!("without {part_text} in {text}"));
            }
            if !leads_with_number(&part.expr) && parts.len() > 1 {
                for by in [number(2), half()] {
                    let change = format!("{} times {part_text} in {text}", shown(&by));
                    let part = Summand { negative: part.negative, expr: times(&part.expr, by) };
                    self.add(Operator::Coefficient, with(Some(part)), change);
                }
            }
        }
    }

    fn product(&mut self, expr: &Expr, parts: &[Factor], parent: Option<Parent>) {
        let text = shown(expr);
        for (position, part) in parts.iter().enumerate() {
            let only = position == 0 && parts[1].divides;
            if !(only && is_number(&part.expr, 1)) {
                let mut others = parts.to_vec();
                others.remove(position);
                let stroke = if part.divides { "the divisor " } else { "" };
                self.add(
                    Operator::Dropped,
                    product(others),
                    format!("without {stroke}{} in {text}", shown(&part.expr)),
                );
            }
            if let Node::Trace(inside) = &part.expr.node {
                let mut others = parts.to_vec();
                let inside = factors(inside);
                // Above the stroke the factors stand among the others; below it they stay together.
                if part.divides || inside.iter().any(|factor| factor.divides) {
                    others[position].expr = product(inside);
                } else {
                    others.splice(position..=position, inside);
                }
                self.add(
                    Operator::Trace,
                    product(others),
                    format!("{} without its trace in {text}", shown(&part.expr)),
                );
            }
        }
        let matrices: Vec<usize> = (0..parts.len())
            .filter(|position| !parts[*position].divides && !self.scope.is_scalar(&parts[*position].expr))
            .collect();
        let traced = parent.is_some_and(|parent| matches!(parent.expr.node, Node::Trace(_)));
        let exprs = Vec::from_iter(matrices.iter().map(|position| &parts[*position].expr));
        for (first, pair) in matrices.windows(2).enumerate() {
            if !order::is_same(&exprs, first, traced, self.scope) {
                let mut others = parts.to_vec();
                others.swap(pair[0], pair[1]);
                let change = format!("order of {} and {} in {text}", shown(exprs[first]), shown(exprs[first + 1]));
                self.add(Operator::Order, product(others), change);
            }
        }
        self.traces(parts, &matrices, &text, traced);
    }

    /// A trace about the first matrices of a product, about the last, and about all, unless there is one.
    fn traces(&mut self, parts: &[Factor], matrices: &[usize], text: &str, traced: bool) {
        let count = matrices.len();
        let runs = (2..count).map(|end| (0, end)).chain((1..count.saturating_sub(1)).map(|start| (start, count)));
        let all = (count > 1 && !traced).then_some((0, count));
        for (start, end) in runs.chain(all) {
            let [first, last] = [matrices[start], matrices[end - 1]];
            let run = &parts[first..=last];
            if run.iter().any(|part| part.divides) {
                continue;
            }
            let run = product(run.to_vec());
            let trace = Expr::of(Node::Trace(Box::new(run.clone())));
            let change = format!("{} for {} in {text}", shown(&trace), shown(&run));
            let mut others = parts.to_vec();
            others.splice(first..=last, [build::factor(trace)]);
            self.add(Operator::Trace, product(others), change);
        }
    }

    fn neighbours(&mut self, expr: &Expr, parts: &[Expr], node: fn(Vec<Expr>) -> Node) {
        for first in 0..parts.len().saturating_sub(1) {
            let mut others = parts.to_vec();
            others.swap(first, first + 1);
            let change =
                format!("order of {} and {} in {}", shown(&parts[first]), shown(&parts[first + 1]), shown(expr));
            self.add(Operator::Order, Expr::of(node(others)), change);
        }
    }

    fn exponents(&mut self, expr: &Expr, base: &Expr, exponent: i32) {
        if matches!(base.node, Node::Norm(_)) {
            return;
        }
        let mut others = Vec::new();
        for other in [exponent.checked_add(1), exponent.checked_sub(1), exponent.checked_neg()].into_iter().flatten() {
            if other != 0 && !others.contains(&other) {
                others.push(other);
            }
        }
        for other in others {
            let new = if other == 1 { base.clone() } else { Expr::of(Node::Power(Box::new(base.clone()), other)) };
            let change = format!("{} for {}", shown(&new), shown(expr));
            self.add(Operator::Exponent, new, change);
        }
    }
}

fn opposite(summand: Summand) -> Summand {
    Summand { negative: !summand.negative, expr: summand.expr }
}

/// " in S + 1", behind a change of a part.
fn inside(parent: Option<Parent>) -> String {
    parent.map_or_else(String::new, |parent| format!(" in {}", shown(parent.expr)))
}
