//! From a text to a program: names, shapes and units are checked while the operations are written down.
//!
//! ```text
//! names ──> subject (given weights or stationary state) ──> shapes, units and operations, expression by expression
//! ```
//!
//! What E\[·\], a sum over eigenvalues and an equation mean is written down in operations here, so that the program
//! knows nothing of them but sums over samples and linear systems.

mod checker;
mod eigenvalues;
mod expression;
mod function;
mod length;
mod mean;
mod names;
mod product;
mod random;
mod scope;
mod solves;
mod spectra;
mod statement;
mod sum;

use std::collections::HashMap;

use crate::Subject;
use crate::program::Program;
use notation::symbol::{Shape, Units};
use notation::tree::{Head, Name, Statement, Text};
use notation::{Context, Mistake, Place};

use checker::{Checker, Typed};
use length::Lengths;
use scope::Scope;
pub(crate) use scope::used;
pub use spectra::commute;
pub(crate) use statement::{Asserted, Compared};

/// A text with its meaning.
pub(crate) struct Checked {
    pub(crate) program: Program,
    pub(crate) asserted: Vec<Asserted>,
    pub(crate) subject: Subject,
    /// The names that definitions give, with an index where they have one, in the order of the text.
    pub(crate) defined: Vec<Defined>,
}

/// What a definition gives.
#[derive(Debug, Clone)]
pub(crate) struct Defined {
    pub(crate) name: Name,
    pub(crate) indexed: bool,
    pub(crate) shape: Shape,
    pub(crate) units: Option<Units>,
}

/// Checks a text whose definitions are all its own.
pub(crate) fn check(text: &Text, context: &Context) -> Result<Checked, Vec<Mistake>> {
    let (scope, mut mistakes) = Scope::of(text);
    let subject = match scope::subject(text, &scope) {
        Ok(subject) => subject,
        Err(mistake) => {
            mistakes.push(mistake);
            Subject::Stationary
        }
    };
    let mut checker = Checker {
        context,
        scope: &scope,
        subject,
        program: Program::default(),
        known: HashMap::new(),
        open: Vec::new(),
        mistakes,
        depth: 0,
        steps: 0,
        unknowns: 0,
        lengths: Lengths::default(),
    };
    let asserted = Vec::from_iter(text.statements.iter().map(|statement| checker.statement(statement)));
    let asserted = Vec::from_iter(asserted.into_iter().flatten());
    checker.one_kind(text, &asserted);
    checker.one_order(text);
    let Checker { program, mut mistakes, known, .. } = checker;
    if mistakes.is_empty() {
        let defined = text.definitions.iter().filter_map(|definition| {
            let name = definition.head.name();
            let (_, found) = known.iter().find(|((known, env), _)| known == name && env.arguments.is_empty())?;
            let Typed { shape, units, .. } = (*found)?;
            let indexed = matches!(definition.head, Head::Indexed(..));
            Some(Defined { name: name.clone(), indexed, shape, units })
        });
        return Ok(Checked { defined: defined.collect(), program, asserted, subject });
    }
    mistakes.sort_by_key(|mistake| (mistake.place.text, mistake.place.start));
    // Places do not tell mistakes apart: a name that is unknown wherever it stands is told once.
    mistakes.dedup();
    Err(mistakes)
}

impl Checker<'_> {
    /// Several statements claim in one sense.
    fn one_kind(&mut self, text: &Text, asserted: &[Asserted]) {
        let mut kinds = asserted.iter().map(Asserted::kind);
        let first = kinds.next();
        if let Some(other) = kinds.position(|kind| Some(kind) != first) {
            let side = text.statements.get(other + 1).and_then(|statement| scope::sides(statement).into_iter().next());
            let place = side.map_or_else(Place::default, |side| side.place);
            self.mistakes.push(
                Mistake::new(place, "the statements of one claim are of different kinds")
                    .help("make them claims of their own"),
            );
        }
    }

    /// A bound of matrices stands alone: sides of several statements are compared entry by entry.
    fn one_order(&mut self, text: &Text) {
        let is_of_matrices = |statement: &&Statement| match statement {
            Statement::Comparison { comparison, .. } => {
                comparison.rest.iter().any(|(relation, _)| relation.is_of_matrices())
            }
            _ => false,
        };
        if let Some(Statement::Comparison { comparison, .. }) = text.statements.iter().find(is_of_matrices)
            && text.statements.len() > 1
        {
            let place = comparison.first.place;
            let mistake = Mistake::new(place, "a bound of matrices stands beside another statement");
            self.mistakes.push(mistake.help("make it a claim of its own"));
        }
    }
}
