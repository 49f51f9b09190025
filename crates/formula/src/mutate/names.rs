//! The names of a text: which are read, which may stand for each other, and which are certainly scalars.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Operator;
use super::edit::{Edit, Spot, roots, statement_roots};
use crate::tree::{Body, Definition, Expr, Head, Name, Node, Text};

/// A name, and whether it has an index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Symbol {
    pub(super) name: Name,
    pub(super) indexed: bool,
}

/// What a change needs to know about the names of a text.
pub(super) struct Scope<'a> {
    alternatives: &'a dyn Fn(&Name) -> Vec<Name>,
    held: HashSet<Symbol>,
    parameters: HashSet<&'a Name>,
    definitions: HashMap<&'a Name, &'a Definition>,
}

/// Table symbols that are matrices or vectors although their letters are small.
const VECTORS: &str = "wuxmĝ";
/// Table symbols that are scalars although their letters are capital.
const SCALARS: &str = "SDNL";

impl<'a> Scope<'a> {
    pub(super) fn of(text: &'a Text, alternatives: &'a dyn Fn(&Name) -> Vec<Name>) -> Self {
        let mut held = HashSet::new();
        for root in roots(text) {
            visit(root.expr, &mut |part| held.extend(symbol(part)));
        }
        let parameters = text.definitions.iter().flat_map(|definition| match &definition.head {
            Head::Function(_, parameters) => parameters.as_slice(),
            Head::Name(_) | Head::Indexed(..) => &[],
        });
        Scope {
            alternatives,
            held,
            parameters: parameters.collect(),
            definitions: text.definitions.iter().map(|definition| (of_head(&definition.head), definition)).collect(),
        }
    }

    /// Whether the text holds the symbol.
    pub(super) fn holds(&self, symbol: &Symbol) -> bool {
        self.held.contains(symbol)
    }

    /// The symbols that may stand for another, each once.
    pub(super) fn alternatives(&self, symbol: &Symbol) -> Vec<Symbol> {
        if self.parameters.contains(&symbol.name) {
            return Vec::new();
        }
        let asked = match symbol.indexed {
            true => Name(format!("{}ᵢ", symbol.name.as_str())),
            false => symbol.name.clone(),
        };
        let mut found = Vec::new();
        for other in (self.alternatives)(&asked) {
            let other = match other.as_str().strip_suffix(['ᵢ', 'ⱼ']) {
                Some(bare) => Symbol { name: Name(bare.to_string()), indexed: true },
                None => Symbol { name: other, indexed: false },
            };
            if other != *symbol && (symbol.indexed || !other.indexed) && !found.contains(&other) {
                found.push(other);
            }
        }
        found
    }

    /// Whether an expression is a scalar for certain, so that its place in a product does not matter.
    pub(super) fn is_scalar(&self, expr: &Expr) -> bool {
        self.is_scalar_within(expr, self.definitions.len())
    }

    /// As above, looking through so many definitions at most, as they may go in circles.
    fn is_scalar_within(&self, expr: &Expr, definitions: usize) -> bool {
        match &expr.node {
            Node::Number(_) | Node::Trace(_) | Node::PositivePart(_) | Node::Norm(_) => true,
            Node::Name(name) | Node::Indexed(name, _) | Node::At(name, ..) | Node::Call(name, _) => {
                match (self.definitions.get(name), definitions.checked_sub(1)) {
                    (Some(definition), Some(left)) => match &definition.body {
                        Body::Is(body) => self.is_scalar_within(body, left),
                        Body::Solves(..) => false,
                    },
                    (Some(_), None) => false,
                    (None, _) => has_scalar_letter(name),
                }
            }
            Node::Vec(_) | Node::Kronecker(_) | Node::KroneckerSum(_) => false,
            _ => expr.parts().into_iter().all(|part| self.is_scalar_within(part, definitions)),
        }
    }
}

impl Symbol {
    pub(super) fn shown(&self) -> String {
        format!("{}{}", self.name.as_str(), if self.indexed { "ᵢ" } else { "" })
    }
}

/// Whether the first letter is one of a scalar of the table, or a small one that is none of a vector.
fn has_scalar_letter(name: &Name) -> bool {
    let Some(letter) = name.as_str().chars().next() else { return false };
    SCALARS.contains(letter) || (letter.is_lowercase() && !VECTORS.contains(letter))
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

/// Puts a symbol for another, wherever it stands.
pub(super) fn replace(expr: &mut Expr, old: &Symbol, new: &Symbol) {
    if symbol(expr).is_some_and(|found| found == *old) {
        *expr = with_symbol(expr, new);
    }
    for part in expr.parts_mut() {
        replace(part, old, new);
    }
}

/// The changes of a symbol that stands more than once, wherever it stands.
pub(super) fn everywhere(text: &Text, scope: &Scope) -> Vec<Edit> {
    let mut counts: BTreeMap<Symbol, usize> = BTreeMap::new();
    let mut order = Vec::new();
    for root in roots(text).iter().filter(|root| !root.subject) {
        visit(root.expr, &mut |part| {
            if let Some(symbol) = symbol(part) {
                let count = counts.entry(symbol.clone()).or_default();
                *count += 1;
                if *count == 2 {
                    order.push(symbol);
                }
            }
        });
    }
    let mut edits = Vec::new();
    for old in order {
        for new in scope.alternatives(&old) {
            edits.push(Edit {
                change: format!("{} for {} everywhere", new.shown(), old.shown()),
                spot: Spot::Symbol { old: old.clone(), new },
                operator: Operator::Everywhere,
                cost: Operator::Everywhere.cost(),
            });
        }
    }
    edits
}

/// The name that a definition gives a meaning to.
pub(super) fn of_head(head: &Head) -> &Name {
    match head {
        Head::Name(name) | Head::Indexed(name, _) | Head::Function(name, _) => name,
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
        for definition in text.definitions.iter().filter(|definition| *of_head(&definition.head) == name) {
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
        let head = of_head(&definition.head);
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

fn bodies(body: &Body) -> Vec<&Expr> {
    match body {
        Body::Is(expr) => vec![expr],
        Body::Solves(left, right) => vec![left, right],
    }
}

fn named(expr: &Expr) -> Option<&Name> {
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
