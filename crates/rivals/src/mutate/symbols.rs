//! Symbols that may stand for others.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::edit::{Edit, Spot};
use super::mutant::Operator;
use super::names::{Symbol, symbol, visit};
use super::roots::roots;
use notation::Context;
use notation::tree::{Body, Definition, Expr, Head, Name, Node, Text};

/// What a change needs to know about a text and its names.
pub(super) struct Scope<'a> {
    /// What the text may take for granted.
    pub(super) context: &'a Context,
    alternatives: &'a dyn Fn(&Name) -> Vec<Name>,
    held: HashSet<Symbol>,
    parameters: HashSet<&'a Name>,
    pub(super) definitions: HashMap<&'a Name, &'a Definition>,
}

/// Table symbols that are matrices or vectors although their letters are small.
const VECTORS: &str = "wuxmĝ";
/// Table symbols that are scalars although their letters are capital.
const SCALARS: &str = "SDNL";

impl<'a> Scope<'a> {
    pub(super) fn of(text: &'a Text, context: &'a Context, alternatives: &'a dyn Fn(&Name) -> Vec<Name>) -> Self {
        let mut held = HashSet::new();
        for root in roots(text) {
            visit(root.expr, &mut |part| held.extend(symbol(part)));
        }
        let parameters = text.definitions.iter().flat_map(|definition| match &definition.head {
            Head::Function(_, parameters) => parameters.as_slice(),
            Head::Name(_) | Head::Indexed(..) => &[],
        });
        Scope {
            context,
            alternatives,
            held,
            parameters: parameters.collect(),
            definitions: text.definitions.iter().map(|definition| (definition.head.name(), definition)).collect(),
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

/// Whether the first letter is one of a scalar of the table, or a small one that is none of a vector.
fn has_scalar_letter(name: &Name) -> bool {
    let Some(letter) = name.as_str().chars().next() else { return false };
    SCALARS.contains(letter) || (letter.is_lowercase() && !VECTORS.contains(letter))
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
