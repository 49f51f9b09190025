//! One of the texts that are read together.

use crate::{Mistake, Place};

/// A text, and its number among those that are read together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    /// The text, as it was given.
    pub(super) text: &'a str,
    /// Its number, statements first.
    pub(super) number: usize,
}

/// More characters than a message repeats.
const SHORT: usize = 60;

impl Source<'_> {
    /// The place of some of its bytes.
    pub(super) fn place(self, start: usize, end: usize) -> Place {
        Place { text: self.number, start, end }
    }

    /// What stands there, on one line and not too long for a message.
    pub(super) fn slice(self, start: usize, end: usize) -> String {
        let text = self.text.get(start..end).unwrap_or_default();
        let mut line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some((end, _)) = line.char_indices().nth(SHORT) {
            line.truncate(end);
            line.push('…');
        }
        line
    }

    /// A mistake there.
    pub(super) fn mistake(self, start: usize, end: usize, message: impl Into<String>) -> Mistake {
        Mistake::new(self.place(start, end), message)
    }
}
