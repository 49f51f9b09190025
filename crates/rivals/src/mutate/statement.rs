//! The changes of statements: relations that are turned, or hold at the edge or not, and conditions that are left out.

use super::edit::{Edit, Spot};
use super::mutant::Operator;
use notation::Spelling;
use notation::tree::{Comparison, Condition, Relation, Statement, Text};

/// The changes of all statements.
pub(super) fn changes(text: &Text) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (position, statement) in text.statements.iter().enumerate() {
        for (new, operator, change) in of_statement(statement) {
            let spot = Spot::Statement { position, new };
            edits.push(Edit { spot, change, operator, cost: operator.cost() });
        }
    }
    edits
}

type Change<T> = (T, Operator, String);

fn of_statement(statement: &Statement) -> Vec<Change<Statement>> {
    match statement {
        Statement::Equation { .. } | Statement::Limit { .. } => Vec::new(),
        Statement::Comparison { comparison, somewhere } => of_comparison(comparison, true)
            .into_iter()
            .map(|(comparison, operator, change)| {
                (Statement::Comparison { comparison, somewhere: *somewhere }, operator, change)
            })
            .collect(),
        Statement::Equivalence { left, right } => {
            let lefts = of_comparison(left, true).into_iter().map(|(left, operator, change)| {
                (Statement::Equivalence { left, right: right.clone() }, operator, change)
            });
            let rights = of_condition(right, true).into_iter().map(|(right, operator, change)| {
                (Statement::Equivalence { left: left.clone(), right }, operator, change)
            });
            lefts.chain(rights).collect()
        }
        // Nothing is stationary at the edge, so that there > and ≥ mean the same.
        Statement::Stationary { in_mean, when, condition } => of_condition(condition, false)
            .into_iter()
            .map(|(condition, operator, change)| {
                (Statement::Stationary { in_mean: *in_mean, when: *when, condition }, operator, change)
            })
            .collect(),
    }
}

/// `edge`: whether the edge itself is claimed to belong to one side, so that > and ≥ differ.
fn of_condition(condition: &Condition, edge: bool) -> Vec<Change<Condition>> {
    let mut changes = Vec::new();
    for (position, comparison) in condition.0.iter().enumerate() {
        for (new, operator, change) in of_comparison(comparison, edge) {
            let mut comparisons = condition.0.clone();
            comparisons[position] = new;
            changes.push((Condition(comparisons), operator, change));
        }
        if condition.0.len() > 1 {
            let mut comparisons = condition.0.clone();
            comparisons.remove(position);
            let change = format!("without the condition {}", comparison_text(comparison));
            changes.push((Condition(comparisons), Operator::Conjunct, change));
        }
    }
    changes
}

fn of_comparison(comparison: &Comparison, edge: bool) -> Vec<Change<Comparison>> {
    let mut changes = Vec::new();
    for (position, (relation, _)) in comparison.rest.iter().enumerate() {
        let others = [turned(*relation), at_the_edge(*relation).filter(|_| edge)];
        for new in others.into_iter().flatten() {
            let mut other = comparison.clone();
            other.rest[position].0 = new;
            let change = format!("{} for {}", comparison_text(&other), comparison_text(comparison));
            changes.push((other, Operator::Relation, change));
        }
    }
    changes
}

/// > for <.
fn turned(relation: Relation) -> Option<Relation> {
    match relation {
        Relation::Less => Some(Relation::Greater),
        Relation::AtMost => Some(Relation::AtLeast),
        Relation::Greater => Some(Relation::Less),
        Relation::AtLeast => Some(Relation::AtMost),
        Relation::Precedes => Some(Relation::Succeeds),
        Relation::PrecedesOrEquals => Some(Relation::SucceedsOrEquals),
        Relation::Succeeds => Some(Relation::Precedes),
        Relation::SucceedsOrEquals => Some(Relation::PrecedesOrEquals),
        Relation::Equal | Relation::Unequal => None,
    }
}

/// ≥ for >, and > for ≥.
fn at_the_edge(relation: Relation) -> Option<Relation> {
    match relation {
        Relation::Less => Some(Relation::AtMost),
        Relation::AtMost => Some(Relation::Less),
        Relation::Greater => Some(Relation::AtLeast),
        Relation::AtLeast => Some(Relation::Greater),
        Relation::Precedes => Some(Relation::PrecedesOrEquals),
        Relation::PrecedesOrEquals => Some(Relation::Precedes),
        Relation::Succeeds => Some(Relation::SucceedsOrEquals),
        Relation::SucceedsOrEquals => Some(Relation::Succeeds),
        Relation::Equal | Relation::Unequal => None,
    }
}

fn comparison_text(comparison: &Comparison) -> String {
    comparison.written(Spelling::Unicode)
}
