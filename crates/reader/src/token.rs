//! The second step: tokens, the same for every spelling.

use rug::Rational;

use notation::tree::{Index, Name, Relation};

/// How deep brackets, fractions and sums may stand in each other.
pub(super) const DEPTH: usize = 200;

/// The message for what is deeper.
pub(super) const TOO_DEEP: &str = "this formula is nested more than 200 deep";

/// A word of the language.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// The first byte.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
    /// What stands between it and the token before.
    pub(super) gap: Gap,
}

/// What stands between two tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing, or in LaTeX whatever does not show.
    Tight,
    /// A space.
    Space,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Number(Rational),
    Name(Name),
    Indexed(Name, Index),
    /// ∑ᵢ
    Sum(Index),
    Function(Function),
    Max,
    Word(Word),
    Open(Bracket),
    Close(Bracket),
    /// |
    Bar,
    /// ‖
    Norm,
    /// Before the numerator of a fraction of LaTeX.
    FractionOpen,
    FractionBar,
    FractionClose,
    Exponent(i32),
    Transpose,
    Pseudoinverse,
    PositivePart,
    Plus,
    Minus,
    /// ·
    Dot,
    Slash,
    /// ⊗
    Kronecker,
    /// ⊕
    KroneckerSum,
    Relation(Relation),
    /// ≈
    Approximates,
    /// →
    Tends,
    /// :=
    Defines,
    Comma,
    Semicolon,
    /// ∞
    Infinity,
}

impl Kind {
    /// Whether something has to follow in any case, so that a formula does not end here.
    pub(super) fn goes_on(&self) -> bool {
        use Kind::{Comma, Defines, Minus, Plus, Relation, Semicolon, Word};
        matches!(self, Comma | Semicolon | Word(_) | Relation(_) | Plus | Minus | Defines)
    }
}

/// A function that takes brackets, or one symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Trace,
    Vec,
    Mean,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    Round,
    Square,
    Curly,
}

/// A word of statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Stationary,
    In,
    Mean,
    Iff,
    If,
    Only,
    And,
    On,
    Somewhere,
    Solves,
    Where,
}

impl Word {
    pub(super) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "stationary" => Word::Stationary,
            "in" => Word::In,
            "mean" => Word::Mean,
            "iff" => Word::Iff,
            "if" => Word::If,
            "only" => Word::Only,
            "and" => Word::And,
            "on" => Word::On,
            "somewhere" => Word::Somewhere,
            "solves" => Word::Solves,
            "where" => Word::Where,
            _ => return None,
        })
    }
}

impl Function {
    pub(super) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "Tr" => Function::Trace,
            "vec" => Function::Vec,
            "E" => Function::Mean,
            _ => return None,
        })
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Function::Trace => "Tr",
            Function::Vec => "vec",
            Function::Mean => "E",
        }
    }
}
