//! Signs of one, two or three characters.

use rug::Rational;

use super::token::{Bracket, Kind, Word};
use notation::tree::Relation;

/// The sign that begins with a character, and its length; `next` and `behind` are the characters that touch it.
pub(super) fn sign(found: char, next: Option<char>, behind: Option<char>, latex: bool) -> Option<(usize, Kind)> {
    Some(match (found, next, behind) {
        ('½', ..) => (1, Kind::Number(Rational::from((1, 2)))),
        ('¼', ..) => (1, Kind::Number(Rational::from((1, 4)))),
        ('¾', ..) => (1, Kind::Number(Rational::from((3, 4)))),
        ('(', ..) => (1, Kind::Open(Bracket::Round)),
        (')', ..) => (1, Kind::Close(Bracket::Round)),
        ('[', ..) => (1, Kind::Open(Bracket::Square)),
        (']', ..) => (1, Kind::Close(Bracket::Square)),
        ('{', ..) => (1, Kind::Open(Bracket::Curly)),
        ('}', ..) => (1, Kind::Close(Bracket::Curly)),
        ('|', Some('|'), _) if !latex => (2, Kind::Norm),
        ('|', ..) => (1, Kind::Bar),
        ('‖', ..) => (1, Kind::Norm),
        ('+', ..) => (1, Kind::Plus),
        ('-', Some('>'), _) => (2, Kind::Tends),
        ('-', ..) => (1, Kind::Minus),
        ('·' | '*', ..) => (1, Kind::Dot),
        ('/', ..) => (1, Kind::Slash),
        ('⊗', ..) => (1, Kind::Kronecker),
        ('⊕', ..) => (1, Kind::KroneckerSum),
        ('<', Some('<'), Some('=')) => (3, Kind::Relation(Relation::PrecedesOrEquals)),
        ('>', Some('>'), Some('=')) => (3, Kind::Relation(Relation::SucceedsOrEquals)),
        ('<', Some('<'), _) => (2, Kind::Relation(Relation::Precedes)),
        ('>', Some('>'), _) => (2, Kind::Relation(Relation::Succeeds)),
        ('<', Some('='), _) => (2, Kind::Relation(Relation::AtMost)),
        ('>', Some('='), _) => (2, Kind::Relation(Relation::AtLeast)),
        ('!', Some('='), _) => (2, Kind::Relation(Relation::Unequal)),
        (':', Some('='), _) => (2, Kind::Defines),
        ('≔', ..) => (1, Kind::Defines),
        ('<', ..) => (1, Kind::Relation(Relation::Less)),
        ('≤', ..) => (1, Kind::Relation(Relation::AtMost)),
        ('>', ..) => (1, Kind::Relation(Relation::Greater)),
        ('≥', ..) => (1, Kind::Relation(Relation::AtLeast)),
        ('=', ..) => (1, Kind::Relation(Relation::Equal)),
        ('≠', ..) => (1, Kind::Relation(Relation::Unequal)),
        ('≺', ..) => (1, Kind::Relation(Relation::Precedes)),
        ('⪯', ..) => (1, Kind::Relation(Relation::PrecedesOrEquals)),
        ('≻', ..) => (1, Kind::Relation(Relation::Succeeds)),
        ('⪰', ..) => (1, Kind::Relation(Relation::SucceedsOrEquals)),
        ('≈' | '~', ..) => (1, Kind::Approximates),
        ('→', ..) => (1, Kind::Tends),
        ('∞', ..) => (1, Kind::Infinity),
        (',', ..) => (1, Kind::Comma),
        (';', ..) => (1, Kind::Semicolon),
        ('⇔' | '⟺', ..) => (1, Kind::Word(Word::Iff)),
        ('∧', ..) => (1, Kind::Word(Word::And)),
        _ => return None,
    })
}
