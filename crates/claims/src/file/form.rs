//! Formulas of a claim file, with the definitions around them.

use std::collections::BTreeSet;

use formula::tree::{Body, Comparison, Definition, Expr, Head, Name, Node, Statement, Text};
use formula::{Context, Mistake};

use super::document::Said;
use super::error::{Fault, Refusal};
use crate::Form;

/// The texts of a form, the innermost definitions first: its own, those of its claim, those of the file. A definition
/// takes the place of one of the same name further out.
pub(super) struct Texts<'a> {
    pub(super) statements: &'a [Said<'a>],
    pub(super) scopes: &'a [&'a [Said<'a>]],
}

impl Texts<'_> {
    /// The form.
    pub(super) fn form(&self, context: Context) -> Result<Form, Vec<Refusal>> {
        let definitions = Vec::from_iter(self.scopes.iter().flat_map(|scope| scope.iter()));
        let statements = Vec::from_iter(self.statements.iter().map(|said| said.text));
        let texts = Vec::from_iter(definitions.iter().map(|said| said.text));
        let mut text = Text::read(&statements, &texts).map_err(|mistake| vec![self.refusal(mistake)])?;
        self.keep_what_is_meant(&mut text);
        let refusals = |mistakes: Vec<Mistake>| mistakes.into_iter().map(|mistake| self.refusal(mistake)).collect();
        Form::new(text, context).map_err(refusals)
    }

    /// The same mistake, in the file.
    fn refusal(&self, mistake: Mistake) -> Refusal {
        let said = self.statements.iter().chain(self.scopes.iter().copied().flatten()).nth(mistake.place.text);
        let span = said.map_or(0..0, |said| said.part(mistake.place.start..mistake.place.end));
        Fault::Formula(mistake).at(span)
    }

    /// How far out a definition stands; those behind a statement are the innermost.
    fn depth(&self, definition: &Definition) -> usize {
        let mut left = definition.place.text;
        for (depth, scope) in [self.statements].iter().chain(self.scopes).enumerate() {
            if left < scope.len() {
                return depth.saturating_sub(1);
            }
            left -= scope.len();
        }
        self.scopes.len()
    }

    /// Leaves out what stands further out and is replaced, or is not used.
    fn keep_what_is_meant(&self, text: &mut Text) {
        let depths = Vec::from_iter(text.definitions.iter().map(|definition| self.depth(definition)));
        let replaced = |at: usize| {
            let named = |i: usize| defined(&text.definitions[i]) == defined(&text.definitions[at]);
            (0..depths.len()).any(|i| depths[i] < depths[at] && named(i))
        };
        let visible = Vec::from_iter((0..depths.len()).map(|i| !replaced(i)));
        let mut used = BTreeSet::new();
        text.statements.iter().flat_map(expressions).for_each(|expr| names(expr, &mut used));
        let own = (0..depths.len()).filter(|&i| depths[i] == 0);
        own.for_each(|i| of_definition(&text.definitions[i], &mut used));
        loop {
            let before = used.len();
            for (definition, visible) in text.definitions.iter().zip(&visible) {
                if *visible && used.contains(defined(definition)) {
                    of_definition(definition, &mut used);
                }
            }
            if used.len() == before {
                break;
            }
        }
        let meant =
            |i: usize, definition: &Definition| visible[i] && (depths[i] == 0 || used.contains(defined(definition)));
        let mut keep = Vec::from_iter(text.definitions.iter().enumerate().map(|(i, d)| meant(i, d))).into_iter();
        text.definitions.retain(|_| keep.next().unwrap_or(true));
    }
}

/// The name that a definition gives.
fn defined(definition: &Definition) -> &Name {
    match &definition.head {
        Head::Name(name) | Head::Indexed(name, _) | Head::Function(name, _) => name,
    }
}

/// The names that a definition reads.
fn of_definition(definition: &Definition, used: &mut BTreeSet<Name>) {
    match &definition.body {
        Body::Is(expr) => names(expr, used),
        Body::Solves(left, right) => [left, right].into_iter().for_each(|expr| names(expr, used)),
    }
}

/// The names in an expression. Trees are as deep as their reader allows.
fn names(expr: &Expr, used: &mut BTreeSet<Name>) {
    let mut left = vec![expr];
    while let Some(expr) = left.pop() {
        if let Node::Name(name) | Node::Indexed(name, _) | Node::At(name, _) | Node::Call(name, _) = &expr.node {
            used.insert(name.clone());
        }
        left.extend(expr.parts());
    }
}

/// The expressions of a statement.
pub(super) fn expressions(statement: &Statement) -> Vec<&Expr> {
    match statement {
        Statement::Equation { left, right, .. } | Statement::Limit { left, right, .. } => vec![left, right],
        Statement::Comparison { comparison, .. } => compared(comparison),
        Statement::Equivalence { left, right } => {
            let right = right.0.iter().flat_map(compared);
            compared(left).into_iter().chain(right).collect()
        }
        Statement::Stationary { condition, .. } => condition.0.iter().flat_map(compared).collect(),
    }
}

fn compared(Comparison { first, rest, on }: &Comparison) -> Vec<&Expr> {
    let rest = rest.iter().map(|(_, expr)| expr);
    [first].into_iter().chain(rest).chain(on).collect()
}
