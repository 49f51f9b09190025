//! What a text says at some points, and at all of them.

/// What a text says at some points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    Holds,
    Fails,
    NoValue,
}

pub(super) fn all(words: impl Iterator<Item = Word>) -> Word {
    let mut found = Word::Holds;
    for word in words {
        match word {
            Word::Fails => return Word::Fails,
            Word::NoValue => found = Word::NoValue,
            Word::Holds => {}
        }
    }
    found
}

/// For each, whether it stands before, too.
pub(super) fn repeated<S: PartialEq>(all: &[Option<S>]) -> Vec<bool> {
    let before = |i: usize| all[i].is_some() && all[..i].contains(&all[i]);
    Vec::from_iter((0..all.len()).map(before))
}
