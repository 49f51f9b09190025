//! The expressions of a text that stand in no other.

use std::collections::{BTreeMap, HashSet};

use super::names::{bodies, named, visit};
use notation::tree::{Body, Comparison, Expr, Head, Name, Node, Statement, Text};

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
        self.definition.map_or_else(String::new, |head| format!(", in the definition of {}", head.name().as_str()))
    }
}

/// All expressions that stand in no other, in the order of the text.
pub(super) fn roots(text: &Text) -> Vec<Root<'_>> {
    let mut roots = statement_roots(&text.statements);
    let read = read(text);
    for definition in &text.definitions {
        // What nothing reads is not changed.
        let subject = !read.contains(definition.head.name());
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

/// The names that the statements read, by themselves or through definitions.
pub(super) fn read(text: &Text) -> HashSet<Name> {
    let mut found = HashSet::new();
    for root in statement_roots(&text.statements) {
        visit(root.expr, &mut |part| found.extend(named(part).cloned()));
    }
    let mut pending: Vec<Name> = found.iter().cloned().collect();
    while let Some(name) = pending.pop() {
        for definition in text.definitions.iter().filter(|definition| *definition.head.name() == name) {
            for expr in bodies(&definition.body) {
                visit(expr, &mut |part| {
                    if let Some(name) = named(part)
                        && found.insert(name.clone())
                    {
                        pending.push(name.clone());
                    }
                });
            }
        }
    }
    found
}

/// Whether some definition reads itself, but for the unknown of its own equation.
pub(super) fn is_circular(text: &Text) -> bool {
    let mut reads: BTreeMap<&Name, HashSet<&Name>> = BTreeMap::new();
    for definition in &text.definitions {
        let head = definition.head.name();
        let entry = reads.entry(head).or_default();
        for expr in bodies(&definition.body) {
            visit(expr, &mut |part| entry.extend(named(part)));
        }
        if matches!(definition.body, Body::Solves(..)) {
            entry.remove(head);
        }
    }
    // A name that reads nothing defined is taken out, until nothing is left or all that is left goes in circles.
    loop {
        let free: Vec<&Name> = reads
            .iter()
            .filter(|(_, read)| !read.iter().any(|name| reads.contains_key(*name)))
            .map(|(name, _)| *name)
            .collect();
        if free.is_empty() {
            return !reads.is_empty();
        }
        for name in free {
            reads.remove(name);
        }
    }
}
