//! Cuts a line into prose and formulas.
//!
//! A word has two letters or more, with a vowel, lower case behind the first, between spaces, punctuation or brackets,
//! and is no operator. So `Tr`, `L_train`, `Sk(k + 1)`, `AU` and the product `st` are formulas, and `the` is none. The
//! name of a claim or of a file is a word with its slashes. Punctuation outside the brackets of a formula ends it, and
//! brackets belong to the prose where a word stands in them. What is left is a formula where it has at least one
//! character that is neither digit nor space: 20 settings are prose, N → ∞ is not.

use std::ops::Range;

use super::symbols::{BRACKETS, HATTED, NAMES, symbol};

/// A part of a line, as it stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words, with the spaces and punctuation around them.
    Prose(&'a str),
    /// A formula.
    Formula(&'a str),
}

/// Words that may follow a quantity `a`, which is then no article.
const AFTER_QUANTITY: [&str; 8] = ["and", "are", "as", "at", "for", "in", "is", "or"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Number,
    Space,
    /// Punctuation: prose outside brackets of a formula.
    Mark,
    Open,
    Close,
    /// Anything else: part of a formula.
    Sign,
}

struct Token<'a> {
    text: &'a str,
    start: usize,
    kind: Kind,
}

/// The parts of a line, in order; joined, they are the line.
pub fn pieces(line: &str) -> Vec<Piece<'_>> {
    let mut tokens = tokens(line);
    articles_are_words(&mut tokens);
    let mut pieces = Vec::new();
    let mut end = 0;
    for formula in formulas(&tokens) {
        let range = tokens[formula.start].start..tokens[formula.end - 1].start + tokens[formula.end - 1].text.len();
        if end < range.start {
            pieces.push(Piece::Prose(&line[end..range.start]));
        }
        end = range.end;
        pieces.push(Piece::Formula(&line[range]));
    }
    if end < line.len() {
        pieces.push(Piece::Prose(&line[end..]));
    }
    pieces
}

/// Runs of tokens that are formulas, none empty, without spaces at their ends.
fn formulas(tokens: &[Token]) -> Vec<Range<usize>> {
    let inside = insides(tokens);
    let mut formulas: Vec<Range<usize>> = Vec::new();
    let mut run: Option<Range<usize>> = None;
    let mut close = |run: Option<Range<usize>>| {
        let has_sign = |run: &Range<usize>| tokens[run.clone()].iter().any(|token| token.kind == Kind::Sign);
        formulas.extend(run.filter(has_sign));
    };
    for (place, token) in tokens.iter().enumerate() {
        match (token.kind, &mut run) {
            (Kind::Space, _) => {}
            (Kind::Word, _) => close(run.take()),
            (Kind::Mark | Kind::Open | Kind::Close, _) if !inside[place] => close(run.take()),
            (_, Some(run)) => run.end = place + 1,
            (_, None) => run = Some(place..place + 1),
        }
    }
    close(run);
    formulas
}

/// Tells of each token whether it is a bracket of a formula or stands between two of them. A word makes prose of all
/// brackets around it.
fn insides(tokens: &[Token]) -> Vec<bool> {
    let mut words = 0;
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut pairs = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Word => words += 1,
            Kind::Open => open.push((place, words)),
            Kind::Close => {
                let last = open.pop_if(|(start, _)| closes(tokens[*start].text, token.text));
                pairs.extend(last.filter(|(_, before)| *before == words).map(|(start, _)| start..place + 1));
            }
            _ => {}
        }
    }
    // The outer pairs come first; the inner ones add nothing to them.
    pairs.sort_by_key(|pair| pair.start);
    let mut inside = vec![false; tokens.len()];
    let mut end = 0;
    for pair in pairs {
        if pair.start >= end {
            end = pair.end;
            inside[pair].fill(true);
        }
    }
    inside
}

fn closes(open: &str, close: &str) -> bool {
    BRACKETS.iter().any(|(left, right, ..)| open.starts_with(*left) && close.starts_with(*right))
}

/// Makes a word of each `a` that is an article: the first of its formula, alone, and not followed by an operator.
fn articles_are_words(tokens: &mut [Token]) {
    for place in 0..tokens.len() {
        let (before, rest) = tokens.split_at_mut(place);
        let [token, Token { kind: Kind::Space, .. }, next, ..] = rest else { continue };
        let first = match before {
            [] => true,
            [.., last] if last.kind == Kind::Open => true,
            [.., last, Token { kind: Kind::Space, .. }] => matches!(last.kind, Kind::Word | Kind::Mark),
            _ => false,
        };
        let followed = match next.kind {
            Kind::Word => !AFTER_QUANTITY.contains(&next.text),
            Kind::Sign => next.text.chars().all(char::is_alphabetic),
            Kind::Number => true,
            _ => false,
        };
        if token.text == "a" && first && followed {
            token.kind = Kind::Word;
        }
    }
}

fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut start = 0;
    while let Some(first) = line[start..].chars().next() {
        let rest = &line[start..];
        let before = line[..start].chars().next_back();
        let (length, kind) = if first.is_whitespace() {
            (span(rest, char::is_whitespace), Kind::Space)
        } else if let Some(length) = number(rest) {
            (length, Kind::Number)
        } else if let Some(length) = path(rest).or_else(|| word(rest)).filter(|_| before.is_none_or(ends)) {
            (length, Kind::Word)
        } else if first == '-' && before.is_some_and(char::is_alphanumeric) && rest[1..].starts_with(is_latin) {
            (1, Kind::Mark)
        } else if let Some(kind) = bracket(first) {
            (first.len_utf8(), kind)
        } else if is_mark(first) {
            (first.len_utf8(), Kind::Mark)
        } else {
            (first.len_utf8(), Kind::Sign)
        };
        tokens.push(Token { text: &rest[..length], start, kind });
        start += length;
    }
    tokens
}

/// Bytes of the longest start of `text` whose characters are all `wanted`.
fn span(text: &str, wanted: impl Fn(char) -> bool) -> usize {
    text.find(|c| !wanted(c)).unwrap_or(text.len())
}

/// Bytes of a number at the start of `text`: `12`, `1.5`, `1.2e-3`.
pub fn number(text: &str) -> Option<usize> {
    let digits = |from: usize| from + span(&text[from..], |c| c.is_ascii_digit());
    let mut end = digits(0);
    if end == 0 {
        return None;
    }
    if text[end..].starts_with('.') && digits(end + 1) > end + 1 {
        end = digits(end + 1);
    }
    if text[end..].starts_with('e') {
        let exponent = end + 1 + usize::from(text[end + 1..].starts_with('-'));
        if digits(exponent) > exponent {
            end = digits(exponent);
        }
    }
    Some(end)
}

/// Bytes of a word at the start of `text`, or of an abbreviation such as `i.i.d.`
fn word(text: &str) -> Option<usize> {
    let mut end = span(text, is_latin);
    let abbreviated = |end: usize| text[end..].starts_with('.') && text[end + 1..].starts_with(is_latin);
    if end == 1 && abbreviated(end) {
        while end < text.len() && text[end..].starts_with('.') && span(&text[end + 1..], is_latin) == 1 {
            end += 2;
        }
        return Some(end);
    }
    let letters = &text[..end];
    if text[end..].starts_with('\'') && span(&text[end + 1..], is_latin) > 0 {
        end += 1 + span(&text[end + 1..], is_latin);
    }
    let long = letters.chars().count() > 1;
    let lower = letters.chars().skip(1).all(char::is_lowercase);
    let vowel = letters.chars().any(|c| !c.is_ascii() || "aeiouyAEIOUY".contains(c));
    let named = NAMES.iter().any(|(name, _)| *name == letters);
    (long && lower && vowel && !named && text[end..].chars().next().is_none_or(begins)).then_some(end)
}

/// Bytes of a path at the start of `text`, as in `label-noise/fluctuation`. Its parts begin with three letters or more,
/// which those of no fraction do.
fn path(text: &str) -> Option<usize> {
    let end = span(text, |c| c.is_ascii_lowercase() || c.is_ascii_digit() || "/-.".contains(c));
    let path = text[..end].trim_end_matches('.');
    let is_part = |part: &str| span(part, |c| c.is_ascii_lowercase()) > 2;
    (path.contains('/') && path.split('/').all(is_part)).then_some(path.len())
}

/// A letter of words, ASCII or not: no Greek one, and none of the notation's own.
fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || c.is_alphabetic() && symbol(c).is_none() && HATTED.iter().all(|(hatted, _)| *hatted != c)
}

fn is_mark(c: char) -> bool {
    ",;:.?!%\"«»“”„’–—`$#".contains(c)
}

fn bracket(c: char) -> Option<Kind> {
    let two = BRACKETS.iter().filter(|(left, right, ..)| left != right);
    let kinds = two.flat_map(|(left, right, ..)| [(*left, Kind::Open), (*right, Kind::Close)]);
    kinds.into_iter().find_map(|(bracket, kind)| (bracket == c).then_some(kind))
}

/// Whether a word can begin behind this character.
fn ends(c: char) -> bool {
    c.is_whitespace() || is_mark(c) || c == '-' || matches!(bracket(c), Some(Kind::Open))
}

/// Whether a word can end before this character.
fn begins(c: char) -> bool {
    c.is_whitespace() || is_mark(c) || c == '-' || matches!(bracket(c), Some(Kind::Close))
}
