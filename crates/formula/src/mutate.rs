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
mod names;
mod statement;

use std::collections::HashSet;

use crate::Spelling;
use crate::tree::{Name, Text};
use edit::Edit;
use names::Scope;

/// The largest cost of two changes together.
const LARGEST_COST: u32 = 4;

/// A text with more parts has neither mutants nor repairs: their number and their size grow with it, and the largest
/// text of a claim has a quarter of this.
pub const LARGEST_TEXT: usize = 500;

/// A text with a small change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// The changed text.
    pub text: Text,
    /// What was changed, for a reader: "2 for 1 in S + 1".
    pub change: String,
    /// The kind of the change; of two changes, that of the second.
    pub operator: Operator,
    /// How unlikely the change is, from 1.
    pub cost: u32,
}

/// The kind of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// The sign of a summand.
    Sign,
    /// A summand, a factor or a divisor is left out.
    Dropped,
    /// A number n is n ± 1, 2n or n/2.
    Number,
    /// A summand is doubled or halved.
    Coefficient,
    /// An exponent n is n ± 1 or −n.
    Exponent,
    /// A symbol is another one.
    Symbol,
    /// A symbol is another one, wherever it stands.
    Everywhere,
    /// Two neighbouring matrices change places.
    Order,
    /// A trace is taken or not.
    Trace,
    /// A function of w is taken at other weights.
    Point,
    /// The right side is multiplied or divided.
    Scale,
    /// A relation is turned.
    Relation,
    /// A condition is left out, or there is one more.
    Conjunct,
    /// A summand, a factor or a divisor is put in.
    Inserted,
}

impl Operator {
    /// A word or two for tables.
    pub fn name(self) -> &'static str {
        match self {
            Operator::Sign => "sign",
            Operator::Dropped => "left out",
            Operator::Number => "number",
            Operator::Coefficient => "coefficient",
            Operator::Exponent => "exponent",
            Operator::Symbol => "symbol",
            Operator::Everywhere => "symbol everywhere",
            Operator::Order => "order",
            Operator::Trace => "trace",
            Operator::Point => "point",
            Operator::Scale => "right side",
            Operator::Relation => "relation",
            Operator::Conjunct => "condition",
            Operator::Inserted => "put in",
        }
    }

    /// What a change of this kind costs. A symbol that the text holds already costs 1 less.
    fn cost(self) -> u32 {
        match self {
            Operator::Sign | Operator::Number | Operator::Order | Operator::Point | Operator::Relation => 1,
            Operator::Symbol | Operator::Everywhere | Operator::Exponent | Operator::Dropped | Operator::Trace => 2,
            Operator::Coefficient | Operator::Scale | Operator::Inserted | Operator::Conjunct => 3,
        }
    }
}

/// All texts that are one change away, in the order of the text, each once; of a text with more than [`LARGEST_TEXT`]
/// parts none.
///
/// `alternatives` gives the symbols that may stand for a name: those of its shape and units. It is asked for an indexed
/// name with its index, "aᵢ", and may answer with indexed names and with others.
pub fn mutants(text: &Text, alternatives: &dyn Fn(&Name) -> Vec<Name>) -> Vec<Mutant> {
    let scope = Scope::of(text, alternatives);
    let mut seen = Seen::of(text);
    let read = names::read(text);
    changes(text, &scope)
        .into_iter()
        .filter_map(|edit| edit.mutant(text, &read))
        .filter(|mutant| seen.is_new(mutant))
        .collect()
}

/// The texts that are near, nearest first and each once: all that are one change away, insertions included, by cost, and
/// then those of two changes whose costs are 4 at most. Of a text with more than [`LARGEST_TEXT`] parts there are none.
pub fn repairs<'a>(text: &'a Text, alternatives: &'a dyn Fn(&Name) -> Vec<Name>) -> impl Iterator<Item = Mutant> + 'a {
    let read = names::read(text);
    let mut edits = candidates(text, alternatives, true);
    edits.sort_by_key(|edit| edit.cost);
    let (firsts, read_first) = (edits.clone(), read.clone());
    let costs = (2..=LARGEST_COST).flat_map(|total| (1..=total / 2).map(move |first| (first, total - first)));
    let pairs = costs.flat_map(move |(first, second)| {
        let firsts = firsts.iter().filter(|edit| edit.cost == first).cloned();
        let changed: Vec<Mutant> = firsts.filter_map(|edit| edit.mutant(text, &read_first)).collect();
        changed.into_iter().flat_map(move |changed| {
            let read = names::read(&changed.text);
            // Whatever is put in costs more than 1.
            let edits = candidates(&changed.text, alternatives, second > 1);
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
    edits.extend(names::everywhere(text, scope));
    edits.extend(statement::changes(text));
    edits
}

/// The changes of a text, with insertions if they are wanted.
fn candidates(text: &Text, alternatives: &dyn Fn(&Name) -> Vec<Name>, insertions: bool) -> Vec<Edit> {
    if is_large(text) {
        return Vec::new();
    }
    let scope = Scope::of(text, alternatives);
    let mut edits = changes(text, &scope);
    if insertions {
        edits.extend(insert::changes(text));
    }
    edits
}

/// Whether a text has too many parts to be changed.
fn is_large(text: &Text) -> bool {
    let mut count = 0;
    for root in edit::roots(text) {
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
