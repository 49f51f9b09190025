//! One change of a text, and the places where there may be one.

use std::collections::HashSet;

use super::mutant::{Mutant, Operator};
use super::names::{self, Symbol};
use super::roots::{self, is_circular, roots};
use notation::indices::behind_its_sum;
use notation::tree::{Expr, Head, Name, Statement, Text};

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
    /// nothing if a definition goes in circles, or if an index is left behind its sum.
    pub(super) fn applied(&self, text: &Text, read: &HashSet<Name>) -> Option<Text> {
        let mut changed = text.clone();
        match &self.spot {
            Spot::Part { root, path, new } => {
                let mut part = changed.roots_mut().into_iter().nth(*root)?;
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
                for (root, subject) in changed.roots_mut().into_iter().zip(subjects) {
                    if !subject {
                        names::replace(root, old, new);
                    }
                }
            }
        }
        if roots(&changed).iter().any(|root| behind_its_sum(root.expr).is_some()) {
            return None;
        }
        if changed.definitions.is_empty() {
            return Some(changed);
        }
        let now = roots::read(&changed);
        let kept = |head: &Head| now.contains(head.name()) || !read.contains(head.name());
        changed.definitions.retain(|definition| kept(&definition.head));
        (!is_circular(&changed)).then_some(changed)
    }
}
