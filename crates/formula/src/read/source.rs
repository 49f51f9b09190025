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

impl<'a> Source<'a> {
    /// The place of some of its bytes.
    pub(super) fn place(self, start: usize, end: usize) -> Place {
        Place { text: self.number, start, end }
    }

    /// What stands there.
    pub(super) fn slice(self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default().trim()
    }

    /// A mistake there.
    pub(super) fn mistake(self, start: usize, end: usize, message: impl Into<String>) -> Mistake {
        Mistake::new(self.place(start, end), message)
    }
}
