//! One of the texts that are read together.

use super::renaming::Notation;
use notation::{Mistake, Place};

/// A text, and its number among those that are read together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    /// The text, as it was given.
    pub(super) text: &'a str,
    /// Its number, statements first.
    pub(super) number: usize,
    /// What its letters stand for.
    pub(super) notation: &'a Notation,
}

/// More characters than a message repeats.
const SHORT: usize = 60;

impl Source<'_> {
    /// The letter that is meant by the one that stands there.
    pub(super) fn meant(self, written: char, start: usize, end: usize) -> Result<char, Mistake> {
        self.notation.meant(written).map_err(|theirs| {
            let mistake = self.mistake(start, end, format!("{written} is written {theirs} here"));
            mistake.help(format!("The notation of the file says so. Write {theirs}, or give {written} a letter there."))
        })
    }

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
