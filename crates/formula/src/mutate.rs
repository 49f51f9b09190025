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

/// All texts that are one change away, in the order of the text, each once.
///
/// `alternatives` gives the symbols that may stand for a name: those of its shape and units. It is asked for an indexed
/// name with its index, "aᵢ", and may answer with indexed names and with others.
pub fn mutants(text: &Text, alternatives: &dyn Fn(&Name) -> Vec<Name>) -> Vec<Mutant> {
    let scope = Scope::of(text, alternatives);
    let mut seen = Seen::of(text);
    changes(text, &scope)
        .into_iter()
        .filter_map(|edit| edit.mutant(text))
        .filter(|mutant| seen.is_new(mutant))
        .collect()
}

/// The texts that are near, nearest first and each once: all that are one change away, insertions included, by cost, and
/// then those of two changes whose costs are 4 at most.
pub fn repairs<'a>(text: &'a Text, alternatives: &'a dyn Fn(&Name) -> Vec<Name>) -> impl Iterator<Item = Mutant> + 'a {
    let mut edits = candidates(text, alternatives);
    edits.sort_by_key(|edit| edit.cost);
    let firsts = edits.clone();
    let costs = (2..=LARGEST_COST).flat_map(|total| (1..=total / 2).map(move |first| (first, total - first)));
    let pairs = costs.flat_map(move |(first, second)| {
        let firsts: Vec<Edit> = firsts.iter().filter(|edit| edit.cost == first).cloned().collect();
        firsts.into_iter().filter_map(|edit| Some((edit.applied(text)?, edit))).flat_map(move |(changed, edit)| {
            let seconds = candidates(&changed, alternatives).into_iter().filter(move |next| next.cost == second);
            seconds.filter_map(move |next| {
                Some(Mutant {
                    text: next.applied(&changed)?,
                    change: format!("{}; {}", edit.change, next.change),
                    operator: next.operator,
                    cost: edit.cost + next.cost,
                })
            })
        })
    });
    let mut seen = Seen::of(text);
    edits.into_iter().filter_map(|edit| edit.mutant(text)).chain(pairs).filter(move |mutant| seen.is_new(mutant))
}

/// The changes of a text, but for insertions.
fn changes(text: &Text, scope: &Scope) -> Vec<Edit> {
    let mut edits = expr::changes(text, scope);
    edits.extend(names::everywhere(text, scope));
    edits.extend(statement::changes(text));
    edits
}

/// The changes of a text, with insertions.
fn candidates(text: &Text, alternatives: &dyn Fn(&Name) -> Vec<Name>) -> Vec<Edit> {
    let scope = Scope::of(text, alternatives);
    let mut edits = changes(text, &scope);
    edits.extend(insert::changes(text));
    edits
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
