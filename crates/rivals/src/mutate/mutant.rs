//! A text with a small change, and the kinds of changes.

use notation::tree::Text;

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
    /// An index is the other one.
    Index,
    /// A relation is turned, or the edge belongs to it or not.
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
            Operator::Index => "index",
            Operator::Relation => "relation",
            Operator::Conjunct => "condition",
            Operator::Inserted => "put in",
        }
    }

    /// What a change of this kind costs. A symbol that the text holds already costs 1 less.
    pub(super) fn cost(self) -> u32 {
        match self {
            Operator::Sign
            | Operator::Number
            | Operator::Order
            | Operator::Point
            | Operator::Index
            | Operator::Relation => 1,
            Operator::Symbol | Operator::Everywhere | Operator::Exponent | Operator::Dropped | Operator::Trace => 2,
            Operator::Coefficient | Operator::Scale | Operator::Inserted | Operator::Conjunct => 3,
        }
    }
}
