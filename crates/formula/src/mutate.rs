//! Changed texts: the rivals of a formula, and the neighbours among which one may hold.
//!
//! Each mutant is the text with one small change: a sign, a number, an exponent, a symbol, an order, a part left out.
//! Repairs also insert, as nothing else mends what was left out, and change twice. What fits by shape and units is for
//! the checks to say; here a change keeps the invariants of the tree and makes no definition circular, and definitions
//! that nothing reads any longer are left out.

mod build;
mod edit;
mod expr;
mod insert;
mod inverses;
mod missing;
mod mutant;
mod names;
mod order;
mod roots;
mod statement;
mod symbols;

use std::collections::HashSet;

use crate::tree::{Expr, Name, Text};
use crate::{Context, Spelling};
use edit::Edit;
pub use inverses::with_inverses;
pub use missing::missing;
pub use mutant::{Mutant, Operator};
use symbols::Scope;

/// The largest cost of two changes together.
const LARGEST_COST: u32 = 4;

/// A text with more parts has neither mutants nor repairs: their number and their size grow with it, and the largest
/// text of a claim has a quarter of this.
pub const LARGEST_TEXT: usize = 500;

/// All texts that are one change away, in the order of the text, each once; of a text with more than [`LARGEST_TEXT`]
/// parts none.
///
/// Factors that commute in the `context` stay in their order. `alternatives` gives the symbols that may stand for a name: those of its shape and units. It is asked for an indexed
/// name with its index, "aᵢ", and may answer with indexed names and with others.
pub fn mutants(text: &Text, context: &Context, alternatives: &dyn Fn(&Name) -> Vec<Name>) -> Vec<Mutant> {
    let scope = Scope::of(text, context, alternatives);
    let mut seen = Seen::of(text);
    let read = roots::read(text);
    changes(text, &scope)
        .into_iter()
        .filter_map(|edit| edit.mutant(text, &read))
        .filter(|mutant| seen.is_new(mutant))
        .collect()
}

/// The texts that are near, nearest first and each once: all that are one change away, insertions included, by cost, and
/// then those of two changes whose costs are 4 at most. Of a text with more than [`LARGEST_TEXT`] parts there are none.
///
/// `missing` are factors that the units of the text ask for, as [`missing`](missing()) finds them.
pub fn repairs<'a>(
    text: &'a Text,
    context: &'a Context,
    alternatives: &'a dyn Fn(&Name) -> Vec<Name>,
    missing: &'a [Expr],
) -> impl Iterator<Item = Mutant> + 'a {
    let read = roots::read(text);
    let mut edits = candidates(text, context, alternatives, Some(missing));
    edits.sort_by_key(|edit| edit.cost);
    let (firsts, read_first) = (edits.clone(), read.clone());
    let costs = (2..=LARGEST_COST).flat_map(|total| (1..=total / 2).map(move |first| (first, total - first)));
    let pairs = costs.flat_map(move |(first, second)| {
        let firsts = firsts.iter().filter(|edit| edit.cost == first).cloned();
        let changed: Vec<Mutant> = firsts.filter_map(|edit| edit.mutant(text, &read_first)).collect();
        changed.into_iter().flat_map(move |changed| {
            let read = roots::read(&changed.text);
            // Whatever is put in costs more than 1.
            let edits = candidates(&changed.text, context, alternatives, (second > 1).then_some(missing));
            edits.into_iter().filter(move |edit| edit.cost == second).filter_map(move |edit| {
                let mutant = edit.mutant(&changed.text, &read)?;
                let change = format!("{}; {}", changed.change, mutant.change);
                Some(Mutant { change, cost: changed.cost + mutant.cost, ..mutant })
            })
        })
    });
    let mut seen = Seen::of(text);
    let singles = edits.into_iter().filter_map(move |edit| edit.mutant(text, &read));
    singles.chain(pairs).filter(move |mutant| seen.is_new(mutant))
}

/// The changes of a text, but for insertions.
fn changes(text: &Text, scope: &Scope) -> Vec<Edit> {
    if is_large(text) {
        return Vec::new();
    }
    let mut edits = expr::changes(text, scope);
    edits.extend(symbols::everywhere(text, scope));
    edits.extend(statement::changes(text));
    edits
}

/// The changes of a text, with insertions if they are wanted; among these, of factors that are missing.
fn candidates(
    text: &Text,
    context: &Context,
    alternatives: &dyn Fn(&Name) -> Vec<Name>,
    insertions: Option<&[Expr]>,
) -> Vec<Edit> {
    if is_large(text) {
        return Vec::new();
    }
    let scope = Scope::of(text, context, alternatives);
    let mut edits = changes(text, &scope);
    if let Some(missing) = insertions {
        edits.extend(insert::changes(text, missing));
    }
    edits
}

/// Whether a text has too many parts to be changed.
fn is_large(text: &Text) -> bool {
    let mut count = 0;
    for root in roots::roots(text) {
        names::visit(root.expr, &mut |_| count += 1);
    }
    count > LARGEST_TEXT
}

/// What was made already, as it is written.
struct Seen(HashSet<String>);

impl Seen {
    fn of(text: &Text) -> Self {
        Seen(HashSet::from([text.written(Spelling::Unicode)]))
    }

    fn is_new(&mut self, mutant: &Mutant) -> bool {
        self.0.insert(mutant.text.written(Spelling::Unicode))
    }
}
