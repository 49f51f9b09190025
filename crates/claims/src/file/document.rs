//! TOML, with the place of everything.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Fault, Located, boundary};

/// How many names are suggested.
const NEAREST: usize = 3;

/// A file as it was parsed.
pub(super) struct Document<'a> {
    text: &'a str,
    root: Spanned<DeTable<'a>>,
}

/// A table of it.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    document: &'a Document<'a>,
    entries: &'a DeTable<'a>,
    /// Where it is told that something is missing.
    head: (usize, usize),
    /// What messages call it.
    name: &'static str,
}

/// A text of it, with its quotes.
#[derive(Debug, Clone)]
pub(super) struct Said<'a> {
    pub(super) text: &'a str,
    pub(super) span: Range<usize>,
    /// The same as it is written in the file.
    raw: &'a str,
}

/// A key, its place, and its text.
type Pair<'a> = (&'a str, Range<usize>, Said<'a>);

impl<'a> Document<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, Located> {
        let root = DeTable::parse(text).map_err(|error| {
            let span = error.span().unwrap_or_default();
            let [from, to] = [span.start.saturating_sub(1), span.end + 1].map(|place| boundary(text, place));
            let backslash = text[from..to].contains('\\');
            Fault::Syntax { message: error.message().replace('\n', ", "), backslash }.at(span)
        })?;
        Ok(Document { text, root })
    }

    pub(super) fn root(&'a self) -> Table<'a> {
        Table { document: self, entries: self.root.get_ref(), head: (0, 0), name: "a claim file" }
    }
}

impl<'a> Table<'a> {
    /// Where it begins.
    pub(super) fn head(&self) -> Range<usize> {
        self.head.0..self.head.1
    }

    /// Refuses keys that mean nothing here.
    pub(super) fn unknown_keys(&self, known: &'static [&'static str]) -> Vec<Located> {
        let unknown = self.entries.iter().filter(|(key, _)| !known.contains(&key.get_ref().as_ref()));
        let refused = unknown.map(|(key, _)| {
            let nearest = nearest(key.get_ref(), known.iter().copied());
            Fault::UnknownKey { key: key.get_ref().to_string(), table: self.name, nearest, known }.at(key.span())
        });
        refused.collect()
    }

    /// Where a value stands.
    pub(super) fn span(&self, key: &str) -> Option<Range<usize>> {
        self.entries.get(key).map(Spanned::span)
    }

    /// A text.
    pub(super) fn text(&self, key: &'static str) -> Result<Option<Said<'a>>, Located> {
        self.entries.get(key).map(|value| self.said(key, value, "a text")).transpose()
    }

    /// A text without which there is no such table.
    pub(super) fn required(&self, key: &'static str, expected: &'static str) -> Result<Said<'a>, Located> {
        let missing = || Fault::MissingKey { key, table: self.name, expected }.at(self.head());
        self.text(key)?.ok_or_else(missing)
    }

    /// A list of texts, of which one alone may stand by itself; empty where the key is missing.
    pub(super) fn texts(&self, key: &'static str) -> Result<Vec<Said<'a>>, Located> {
        const EXPECTED: &str = "a text, or a list of texts";
        match self.entries.get(key) {
            None => Ok(Vec::new()),
            Some(value) => match value.get_ref().as_array() {
                Some(list) => list.iter().map(|value| self.said(key, value, EXPECTED)).collect(),
                None => Ok(vec![self.said(key, value, EXPECTED)?]),
            },
        }
    }

    /// A whole number from 1.
    pub(super) fn count(&self, key: &'static str) -> Result<Option<u32>, Located> {
        let Some(value) = self.entries.get(key) else { return Ok(None) };
        let integer = value.get_ref().as_integer();
        let count = integer.and_then(|integer| u32::from_str_radix(integer.as_str(), integer.radix()).ok());
        match count.filter(|count| *count > 0) {
            Some(count) => Ok(Some(count)),
            None => Err(wrong(key, "a whole number from 1", value.span())),
        }
    }

    /// A table in it.
    pub(super) fn table(&self, key: &'static str, name: &'static str) -> Result<Option<Table<'a>>, Located> {
        self.entries.get(key).map(|value| self.inner(key, value, name)).transpose()
    }

    /// The tables of a list, `[[key]]`; none where the key is missing.
    pub(super) fn tables(&self, key: &'static str, name: &'static str) -> Result<Vec<Table<'a>>, Located> {
        let Some(value) = self.entries.get(key) else { return Ok(Vec::new()) };
        match value.get_ref().as_array() {
            Some(list) => list.iter().map(|value| self.inner(key, value, name)).collect(),
            None => Err(wrong(key, "a list of tables: [[claim]]", value.span())),
        }
    }

    /// The keys of a table of texts in it, each with its place and its text; none where the table is missing.
    pub(super) fn pairs(&self, key: &'static str) -> Result<Vec<Pair<'a>>, Located> {
        const EXPECTED: &str = "a table of texts";
        let Some(value) = self.entries.get(key) else { return Ok(Vec::new()) };
        let table = value.get_ref().as_table().ok_or_else(|| wrong(key, EXPECTED, value.span()))?;
        let mut pairs = Vec::new();
        for (name, value) in table {
            let theirs = self.told(name.get_ref().as_ref(), name.span())?;
            pairs.push((theirs.text, theirs.span, self.said(key, value, EXPECTED)?));
        }
        Ok(pairs)
    }

    /// Whether a value is a text, and not a table.
    pub(super) fn is_text(&self, key: &str) -> bool {
        self.entries.get(key).is_some_and(|value| value.get_ref().is_str() || value.get_ref().is_array())
    }

    fn inner(&self, key: &str, value: &'a Spanned<DeValue<'a>>, name: &'static str) -> Result<Table<'a>, Located> {
        let span = value.span();
        match value.get_ref().as_table() {
            Some(entries) => Ok(Table { document: self.document, entries, head: (span.start, span.end), name }),
            None => Err(wrong(key, "a table", span)),
        }
    }

    fn said(&self, key: &str, value: &'a Spanned<DeValue<'a>>, expected: &str) -> Result<Said<'a>, Located> {
        let span = value.span();
        let text = value.get_ref().as_str().ok_or_else(|| wrong(key, expected, span.clone()))?;
        self.told(text, span)
    }

    /// A text, unless a backslash in it became something else.
    fn told(&self, text: &'a str, span: Range<usize>) -> Result<Said<'a>, Located> {
        let said = Said { text, raw: &self.document.text[span.clone()], span };
        match said.control_character() {
            Some((place, letter)) => Err(Fault::ControlCharacter { letter }.at(place)),
            None => Ok(said),
        }
    }
}

impl Said<'_> {
    /// The bytes of the file from which a part of the text came.
    pub(super) fn part(&self, part: Range<usize>) -> Range<usize> {
        let [start, end] = [part.start, part.end].map(|offset| self.span.start + written(self.raw, offset));
        start..end.max(start)
    }

    /// The refusal of the whole text.
    pub(super) fn refused(&self, fault: Fault) -> Located {
        fault.at(self.part(0..self.text.len()))
    }

    /// Where `\f` of `\frac` became a form feed, or the like.
    fn control_character(&self) -> Option<(Range<usize>, char)> {
        if self.raw.starts_with('\'') {
            return None;
        }
        let mut characters = self.raw.char_indices().peekable();
        while let Some((place, c)) = characters.next() {
            if c != '\\' {
                continue;
            }
            let (_, letter) = characters.next()?;
            let goes_on = characters.peek().is_some_and(|(_, next)| next.is_ascii_alphabetic());
            if goes_on && "bfnrte".contains(letter) {
                let start = self.span.start + place;
                return Some((start..start + 2, letter));
            }
        }
        None
    }
}

fn wrong(key: &str, expected: &str, span: Range<usize>) -> Located {
    Fault::Wrong { key: key.into(), expected: expected.into() }.at(span)
}

/// How many bytes of a quoted text are written before the byte `offset` of what it says.
fn written(raw: &str, offset: usize) -> usize {
    let mut start = if raw.starts_with("\"\"\"") || raw.starts_with("'''") { 3 } else { 1 };
    let is_long = start == 3;
    if is_long {
        // A line break right behind the quotes is no part of the text.
        let rest = raw[start..].trim_start_matches('\r');
        start = raw.len() - rest.strip_prefix('\n').unwrap_or(&raw[start..]).len();
    }
    if raw.starts_with('\'') {
        return (start + offset).min(raw.len());
    }
    let (mut said, mut rest) = (0, &raw[start..]);
    while said < offset {
        let Some(c) = rest.chars().next() else { break };
        if c != '\\' {
            said += c.len_utf8();
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let letter = rest[1..].chars().next().unwrap_or('\\');
        let digits = match letter {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let behind = &rest[(1 + letter.len_utf8()).min(rest.len())..];
        if letter.is_whitespace() {
            // A backslash at the end of a line takes all white space that follows.
            rest = behind.trim_start();
            continue;
        }
        let code = behind.get(..digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        said += code.and_then(char::from_u32).map_or(1, char::len_utf8);
        rest = behind.get(digits..).unwrap_or_default();
    }
    raw.len() - rest.len()
}

/// The names that are spelled much like one, the nearest first: about a third of its letters are others at most.
pub(super) fn nearest(name: &str, names: impl IntoIterator<Item = &'static str>) -> Vec<&'static str> {
    let furthest = (name.chars().count() + 1) / 3;
    let mut near = Vec::from_iter(names.into_iter().map(|other| (strsim::damerau_levenshtein(name, other), other)));
    near.retain(|(distance, _)| *distance <= furthest);
    near.sort_unstable();
    near.truncate(NEAREST);
    near.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(toml: &str) -> (String, Vec<usize>) {
        let document = Document::parse(toml).map_err(|refusal| refusal.fault).unwrap();
        let said = document.root().text("t").map_err(|refusal| refusal.fault).unwrap().unwrap();
        let starts = said.text.char_indices().map(|(i, _)| said.part(i..i).start);
        (said.text.into(), starts.collect())
    }

    #[test]
    fn a_place_in_a_text_is_one_in_the_file() {
        for toml in ["t = \"aΣb\"", "t = 'aΣb'", "t = '''aΣb'''", "t = \"\"\"aΣb\"\"\"", "t = \"\"\"\naΣb\"\"\""] {
            let (text, starts) = said(toml);
            for (c, start) in text.chars().zip(starts) {
                assert!(toml[start..].starts_with(c), "{toml}: {c} at {start}");
            }
        }
        // Escapes, and a line that goes on.
        let toml = "t = \"\"\"a\\u03a3\\\\b\\\n   c\"\"\"";
        let (text, starts) = said(toml);
        assert_eq!(text, "aΣ\\bc");
        let places = starts.iter().map(|start| &toml[*start..]);
        assert!(places.zip(["a", "\\u", "\\\\", "b", "\\\n"]).all(|(found, begins)| found.starts_with(begins)));
    }

    proptest! {
        #[test]
        fn no_text_panics(toml in "t = (\"{0,3}|'{0,3})[a\\\\Σu0x\n\"' ]{0,12}(\"{0,3}|'{0,3})") {
            let Ok(document) = Document::parse(&toml) else { return Ok(()) };
            if let Ok(Some(said)) = document.root().text("t") {
                for end in 0..=said.text.len() {
                    let part = said.part(0..end);
                    prop_assert!(part.end <= toml.len());
                }
            }
        }
    }
}
