//! The first step for LaTeX: commands become the characters that they stand for.
//!
//! What only sets type is dropped: fonts, sizes of brackets, spaces, numbers of equations.

use super::atom::{Atom, AtomKind, kind};
use super::commands::{CHARACTERS, DROPPED, EMPTY, FONTS, MISSING, UPRIGHT, WORDS};
use super::letters::{foreign, greek, nearest};
use super::source::Source;
use super::token::TOO_DEEP;
use notation::Mistake;

/// More fractions inside each other than a formula may have.
const DEEP: usize = 250;

/// What a brace closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    /// Nothing: LaTeX does not show it.
    Dropped,
    /// What stands above or below the line.
    Script,
    Numerator,
    Denominator,
    /// A letter under a hat, and how many atoms there were before.
    Hat(usize),
}

struct Reader<'a> {
    source: Source<'a>,
    at: usize,
    atoms: Vec<Atom>,
    groups: Vec<(Group, usize)>,
    /// Where the fractions begin that are not read yet, and whether they are small.
    fractions: Vec<(usize, bool)>,
    spaced: bool,
    /// Where the size of the next bracket stands, which belongs to it.
    size: Option<usize>,
    /// How many arguments without braces are being read.
    single: usize,
}

/// The atoms of a text in LaTeX.
pub(super) fn latex(source: Source) -> Result<Vec<Atom>, Mistake> {
    let mut reader = Reader {
        source,
        at: 0,
        atoms: Vec::new(),
        groups: Vec::new(),
        fractions: Vec::new(),
        spaced: false,
        size: None,
        single: 0,
    };
    while reader.at < source.text.len() {
        reader.step()?;
    }
    match reader.groups.last() {
        Some((_, start)) => {
            Err(source.mistake(*start, *start + 1, "this brace is not closed").help("Close it with }."))
        }
        None => Ok(reader.atoms),
    }
}

impl<'a> Reader<'a> {
    /// Reads a character, a brace or a command.
    fn step(&mut self) -> Result<(), Mistake> {
        let start = self.at;
        let Some(first) = self.rest().chars().next() else { return Ok(()) };
        self.at += first.len_utf8();
        match first {
            '\\' => return self.command(start),
            '{' => {
                let script = matches!(self.atoms.last().and_then(Atom::char), Some('_' | '^'));
                if script {
                    self.push(AtomKind::Open, start);
                }
                self.groups.push((if script { Group::Script } else { Group::Dropped }, start));
            }
            '}' => return self.close(start),
            '%' => self.at = self.rest().find('\n').map_or(self.source.text.len(), |line| self.at + line),
            '&' | '$' => {}
            '~' => self.spaced = true,
            _ if first.is_whitespace() => self.spaced = true,
            _ => {
                let marks = self
                    .rest()
                    .chars()
                    .take_while(|mark| unicode_normalization::char::canonical_combining_class(*mark) != 0);
                self.at += marks.map(char::len_utf8).sum::<usize>();
                let kind = kind(self.source, start, self.at)?;
                self.push(kind, start);
            }
        }
        Ok(())
    }

    fn rest(&self) -> &'a str {
        &self.source.text[self.at..]
    }

    fn push(&mut self, kind: AtomKind, start: usize) {
        let start = self.size.take().unwrap_or(start);
        self.atoms.push(Atom { kind, start, end: self.at, spaced: self.spaced });
        self.spaced = false;
    }

    fn skip_spaces(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(|found: char| found.is_whitespace() || found == '~').len();
    }

    fn close(&mut self, start: usize) -> Result<(), Mistake> {
        match self.groups.pop() {
            None => Err(self.source.mistake(start, self.at, "this brace closes nothing")),
            Some((Group::Dropped, _)) => Ok(()),
            Some((Group::Script, _)) => {
                self.push(AtomKind::Close, start);
                Ok(())
            }
            Some((Group::Numerator, _)) => self.numerator_ends(),
            Some((Group::Denominator, _)) => {
                self.denominator_ends();
                Ok(())
            }
            Some((Group::Hat(before), open)) => self.hat_ends(before, open),
        }
    }

    fn command(&mut self, start: usize) -> Result<(), Mistake> {
        let rest = self.rest();
        let letters = rest.len() - rest.trim_start_matches(|letter: char| letter.is_ascii_alphabetic()).len();
        let length = if letters > 0 { letters } else { rest.chars().next().map_or(0, char::len_utf8) };
        let name = &rest[..length];
        self.at += length;
        if let Some((_, character)) = CHARACTERS.iter().find(|(command, _)| *command == name) {
            let kind = match character {
                'ℓ' | 'ε' | 'θ' | 'φ' | 'ρ' | 'κ' => AtomKind::Letter { letter: *character, hat: false },
                other => AtomKind::Char(*other),
            };
            self.push(kind, start);
        } else if let Some(letter) = greek(name) {
            self.push(AtomKind::Letter { letter, hat: false }, start);
        } else if WORDS.contains(&name) {
            self.push(AtomKind::Word(name.to_string()), start);
        } else if matches!(name, "quad" | "qquad") {
            self.push(AtomKind::Wide, start);
        } else if EMPTY.contains(&name) || name.chars().all(char::is_whitespace) {
            self.spaced = true;
            if matches!(name, "left" | "right" | "middle") || name.starts_with("big") || name.starts_with("Big") {
                self.size = Some(start);
            }
            self.null_delimiter(name);
        } else if FONTS.contains(&name) {
            // The braces of the argument are dropped as any that LaTeX does not show.
            self.skip_spaces();
        } else if UPRIGHT.contains(&name) {
            return self.upright(start);
        } else if DROPPED.contains(&name) {
            self.argument(start)?;
        } else {
            return match name {
                "frac" | "dfrac" | "cfrac" => self.fraction(start, false),
                "tfrac" => self.fraction(start, true),
                "hat" | "widehat" => self.hat(start),
                _ => Err(self.unknown(name, start)),
            };
        }
        Ok(())
    }

    /// Behind \left and \right a point is no bracket.
    fn null_delimiter(&mut self, name: &str) {
        if matches!(name, "left" | "right") {
            self.skip_spaces();
            if self.rest().starts_with('.') {
                self.at += 1;
                self.size = None;
            }
        }
    }

    fn unknown(&self, name: &str, start: usize) -> Mistake {
        let mistake = self.source.mistake(start, self.at, format!("\\{name} is not in the language"));
        if let Some((_, advice)) = MISSING.iter().find(|(missing, _)| *missing == name) {
            return mistake.help(*advice);
        }
        if let Some(advice) = foreign(name) {
            return mistake.help(advice);
        }
        let characters = CHARACTERS.iter().map(|(command, _)| *command);
        let others = FONTS
            .iter()
            .chain(&UPRIGHT)
            .chain(&WORDS)
            .chain(EMPTY)
            .chain(&["frac", "hat", "lambda", "sigma", "Lambda", "Sigma", "kappa"]);
        match nearest(name, characters.chain(others.copied())) {
            Some(near) if name.len() > 1 => mistake.help(format!("Nearest: \\{near}.")),
            _ => mistake,
        }
    }

    /// The text between the braces that follow.
    fn argument(&mut self, start: usize) -> Result<&'a str, Mistake> {
        self.skip_spaces();
        let rest = self.rest();
        if let Some(star) = rest.strip_prefix('*') {
            self.at += rest.len() - star.len();
            self.skip_spaces();
        }
        let rest = self.rest();
        let Some(inside) = rest.strip_prefix('{') else {
            let first = rest.chars().next().map_or(0, char::len_utf8);
            self.at += first;
            return Ok(&rest[..first]);
        };
        let mut depth = 1;
        for (position, found) in inside.char_indices() {
            depth = match found {
                '{' => depth + 1,
                '}' => depth - 1,
                _ => depth,
            };
            if depth == 0 {
                self.at += 1 + position + 1;
                return Ok(&inside[..position]);
            }
        }
        let end = self.source.text.len();
        Err(self.source.mistake(start, end, "the brace behind this command is not closed").help("Close it with }."))
    }

    /// Upright letters are a word; with spaces between all of them, too. Anything else is as it would be in italics.
    fn upright(&mut self, start: usize) -> Result<(), Mistake> {
        self.skip_spaces();
        let letter = |found: char| found.is_ascii_alphabetic() || found.is_whitespace();
        let inside = self.rest().strip_prefix('{').map(|inside| inside.trim_start_matches(letter));
        if inside.is_some_and(|behind| !behind.starts_with('}')) {
            return Ok(());
        }
        let words: Vec<&str> = self.argument(start)?.split_whitespace().collect();
        if words.is_empty() {
            self.spaced = true;
        } else if words.iter().all(|word| word.len() == 1) {
            self.word(words.concat(), start);
        } else {
            for word in words {
                self.word(word.to_string(), start);
            }
        }
        Ok(())
    }

    fn word(&mut self, word: String, start: usize) {
        let mut letters = word.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => self.push(AtomKind::Letter { letter, hat: false }, start),
            _ => self.push(AtomKind::Word(word), start),
        }
    }

    fn fraction(&mut self, start: usize, small: bool) -> Result<(), Mistake> {
        if self.fractions.len() > DEEP {
            return Err(self.source.mistake(start, self.at, TOO_DEEP));
        }
        self.fractions.push((self.atoms.len(), small));
        self.push(AtomKind::FractionOpen, start);
        self.skip_spaces();
        let open = self.at;
        if self.rest().starts_with('{') {
            self.at += 1;
            self.groups.push((Group::Numerator, open));
            return Ok(());
        }
        self.single(start)?;
        let numerator = &self.source.text[open..self.at];
        self.skip_spaces();
        if let Some(script) = self.rest().chars().next().filter(|next| "^_'".contains(*next)) {
            let message = format!("{script} stands behind a numerator that has no braces");
            let mistake = self.source.mistake(start, self.at + 1, message);
            return Err(mistake.help(format!("Put braces around the numerator: \\frac{{{numerator}{script}…}}{{…}}.")));
        }
        self.numerator_ends()
    }

    fn numerator_ends(&mut self) -> Result<(), Mistake> {
        self.push(AtomKind::FractionBar, self.at);
        self.skip_spaces();
        let open = self.at;
        if self.rest().starts_with('{') {
            self.at += 1;
            self.groups.push((Group::Denominator, open));
            return Ok(());
        }
        self.single(open)?;
        self.denominator_ends();
        Ok(())
    }

    fn denominator_ends(&mut self) {
        self.push(AtomKind::FractionClose, self.at);
        let Some((begin, true)) = self.fractions.pop() else { return };
        let inside: Vec<Option<char>> = self.atoms[begin..].iter().map(Atom::char).collect();
        let number = match inside[..] {
            [None, Some('1'), None, Some('2'), None] => '½',
            [None, Some('1'), None, Some('4'), None] => '¼',
            [None, Some('3'), None, Some('4'), None] => '¾',
            _ => return,
        };
        let start = self.atoms[begin].start;
        self.spaced = self.atoms[begin].spaced;
        self.atoms.truncate(begin);
        self.push(AtomKind::Char(number), start);
    }

    /// An argument that is not in braces: one character, or one command that stands for one.
    fn single(&mut self, start: usize) -> Result<(), Mistake> {
        let (before, groups) = (self.atoms.len(), self.groups.len());
        let fractions = self.fractions.len();
        self.single += 1;
        if self.single > DEEP {
            return Err(self.source.mistake(start, self.at, TOO_DEEP));
        }
        self.step()?;
        self.single -= 1;
        let read = self.atoms.len() == before + 1 && self.groups.len() == groups && self.fractions.len() == fractions;
        if read && !matches!(self.atoms[before].kind, AtomKind::FractionOpen | AtomKind::Wide) {
            return Ok(());
        }
        let mistake = self.source.mistake(start, self.at, "an argument of this command is missing");
        Err(mistake.help("Put each argument into braces: \\frac{a}{b}, \\hat{g}."))
    }

    fn hat(&mut self, start: usize) -> Result<(), Mistake> {
        self.skip_spaces();
        let (before, open) = (self.atoms.len(), self.at);
        if self.rest().starts_with('{') {
            self.at += 1;
            self.groups.push((Group::Hat(before), open));
            return Ok(());
        }
        self.single(start)?;
        self.hat_ends(before, start)
    }

    fn hat_ends(&mut self, before: usize, start: usize) -> Result<(), Mistake> {
        let end = self.at;
        match &mut self.atoms[before..] {
            [Atom { kind: AtomKind::Letter { hat, .. }, end: letter_end, .. }] if !*hat => {
                *hat = true;
                *letter_end = end;
                Ok(())
            }
            _ => Err(self.source.mistake(start, end, "a hat stands over one letter").help("Write \\hat{g}.")),
        }
    }
}
