//! One change of a text, and the places where there may be one.

use super::names::{self, Symbol};
use std::collections::HashSet;

use super::{Mutant, Operator};
use crate::tree::{Body, Comparison, Expr, Head, Name, Node, Statement, Text};

/// One change.
#[derive(Debug, Clone)]
pub(super) struct Edit {
    pub(super) spot: Spot,
    pub(super) change: String,
    pub(super) operator: Operator,
    pub(super) cost: u32,
}

/// What is changed, and into what.
#[derive(Debug, Clone)]
pub(super) enum Spot {
    /// The part of an expression that a path leads to.
    Part { root: usize, path: Vec<usize>, new: Expr },
    /// A whole statement.
    Statement { position: usize, new: Statement },
    /// A symbol, wherever it stands.
    Symbol { old: Symbol, new: Symbol },
}

/// An expression that stands in no other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Root<'a> {
    pub(super) expr: &'a Expr,
    /// Whether it is what the statement is about: Σ in Σ = …, which is left as it is.
    pub(super) subject: bool,
    /// Whether it is a right side.
    pub(super) right: bool,
    /// The definition that it belongs to.
    pub(super) definition: Option<&'a Head>,
}

impl<'a> Root<'a> {
    fn of(expr: &'a Expr, right: bool) -> Self {
        Root { expr, subject: false, right, definition: None }
    }

    /// ", in the definition of κ", behind a change.
    pub(super) fn place(&self) -> String {
        self.definition
            .map_or_else(String::new, |head| format!(", in the definition of {}", names::of_head(head).as_str()))
    }
}

impl Edit {
    pub(super) fn part(root: usize, path: &[usize], new: Expr, operator: Operator, change: String) -> Self {
        Edit { spot: Spot::Part { root, path: path.to_vec(), new }, change, operator, cost: operator.cost() }
    }

    pub(super) fn cost(self, cost: u32) -> Self {
        Edit { cost, ..self }
    }

    /// The changed text, as a mutant.
    pub(super) fn mutant(self, text: &Text, read: &HashSet<Name>) -> Option<Mutant> {
        let text = self.applied(text, read)?;
        Some(Mutant { text, change: self.change, operator: self.operator, cost: self.cost })
    }

    /// The changed text, without the definitions that it does not read any longer, of all that were `read` before;
    /// nothing if a definition goes in circles.
    pub(super) fn applied(&self, text: &Text, read: &HashSet<Name>) -> Option<Text> {
        let mut changed = text.clone();
        match &self.spot {
            Spot::Part { root, path, new } => {
                let mut part = roots_mut(&mut changed).into_iter().nth(*root)?;
                for step in path {
                    part = part.parts_mut().into_iter().nth(*step)?;
                }
                let place = part.place;
                *part = new.clone();
                part.place = place;
            }
            Spot::Statement { position, new } => *changed.statements.get_mut(*position)? = new.clone(),
            Spot::Symbol { old, new } => {
                let subjects: Vec<bool> = roots(text).iter().map(|root| root.subject).collect();
                for (root, subject) in roots_mut(&mut changed).into_iter().zip(subjects) {
                    if !subject {
                        names::replace(root, old, new);
                    }
                }
            }
        }
        if changed.definitions.is_empty() {
            return Some(changed);
        }
        let now = names::read(&changed);
        let kept = |head: &Head| now.contains(names::of_head(head)) || !read.contains(names::of_head(head));
        changed.definitions.retain(|definition| kept(&definition.head));
        (!names::is_circular(&changed)).then_some(changed)
    }
}

/// All expressions that stand in no other, in the order of the text.
pub(super) fn roots(text: &Text) -> Vec<Root<'_>> {
    let mut roots = statement_roots(&text.statements);
    let read = names::read(text);
    for definition in &text.definitions {
        // What nothing reads is not changed.
        let subject = !read.contains(names::of_head(&definition.head));
        let defined = |expr, right| Root { expr, subject, right, definition: Some(&definition.head) };
        match &definition.body {
            Body::Is(expr) => roots.push(defined(expr, true)),
            Body::Solves(left, right) => {
                roots.push(defined(left, false));
                roots.push(defined(right, true));
            }
        }
    }
    roots
}

/// The same of the statements alone.
pub(super) fn statement_roots(statements: &[Statement]) -> Vec<Root<'_>> {
    let mut roots = Vec::new();
    for statement in statements {
        match statement {
            Statement::Equation { left, right, .. } | Statement::Limit { left, right, .. } => {
                roots.push(Root { subject: is_subject(left), ..Root::of(left, false) });
                roots.push(Root::of(right, true));
            }
            Statement::Comparison { comparison, .. } => {
                let first = roots.len();
                compared(comparison, &mut roots);
                roots[first].subject = is_subject(&comparison.first);
            }
            Statement::Equivalence { left, right } => {
                compared(left, &mut roots);
                right.0.iter().for_each(|comparison| compared(comparison, &mut roots));
            }
            Statement::Stationary { condition, .. } => {
                condition.0.iter().for_each(|comparison| compared(comparison, &mut roots));
            }
        }
    }
    roots
}

fn compared<'a>(comparison: &'a Comparison, roots: &mut Vec<Root<'a>>) {
    roots.push(Root::of(&comparison.first, false));
    roots.extend(comparison.rest.iter().map(|(_, expr)| Root::of(expr, true)));
    roots.extend(comparison.on.iter().map(|expr| Root::of(expr, false)));
}

/// The same expressions, in the same order, to be changed.
fn roots_mut(text: &mut Text) -> Vec<&mut Expr> {
    let mut roots = Vec::new();
    for statement in &mut text.statements {
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
    for definition in &mut text.definitions {
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

fn compared_mut<'a>(comparison: &'a mut Comparison, roots: &mut Vec<&'a mut Expr>) {
    roots.push(&mut comparison.first);
    roots.extend(comparison.rest.iter_mut().map(|(_, expr)| expr));
    roots.extend(comparison.on.iter_mut());
}

/// Whether a left side is a quantity: Σ, L_test, C(w), ΛCΛ or E\[ĝ\].
fn is_subject(expr: &Expr) -> bool {
    match &expr.node {
        Node::Name(_) | Node::At(..) => true,
        Node::Mean(part) => matches!(part.node, Node::Name(_)),
        Node::Product(factors) => {
            let symbols: Vec<&str> = factors
                .iter()
                .map(|factor| match &factor.expr.node {
                    Node::Name(symbol) if !factor.divides => symbol.as_str(),
                    _ => "",
                })
                .collect();
            symbols == ["Λ", "C", "Λ"]
        }
        _ => false,
    }
}
