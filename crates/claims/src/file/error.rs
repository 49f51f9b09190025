//! What can be wrong with a claim file, and how it is told.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use notation::Mistake;
use reader::NotationError;

use super::key;

/// A claim file that states no claims, and why. Its message shows the first places with a caret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct FileError {
    /// What the caller calls the file.
    pub file: String,
    /// What it holds.
    pub text: String,
    /// The mistakes, in the order of the file; at least one.
    pub mistakes: Vec<Located>,
}

/// A mistake, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The bytes of the file.
    pub span: Range<usize>,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong in a claim file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The file is not TOML.
    #[error("{message}")]
    Syntax {
        /// What the parser expected.
        message: String,
        /// Whether a backslash stands there.
        backslash: bool,
    },
    /// A backslash that TOML took for the beginning of a control character.
    #[error("TOML reads \\{letter} in \"…\" as a control character")]
    ControlCharacter {
        /// The letter behind the backslash.
        letter: char,
    },
    /// A key that means nothing here.
    #[error("{key} is no key of {table}")]
    UnknownKey {
        /// The key.
        key: String,
        /// The table, in words.
        table: &'static str,
        /// The keys that are spelled alike.
        nearest: Vec<&'static str>,
        /// All keys that mean something there.
        known: &'static [&'static str],
    },
    /// A key of a claim at the head of the file.
    #[error("{key} belongs to a claim, and stands above every [[claim]]")]
    OutsideClaim {
        /// The key.
        key: String,
    },
    /// A key without which there is no claim.
    #[error("{key} is missing in {table}")]
    MissingKey {
        /// The key.
        key: &'static str,
        /// The table, in words.
        table: &'static str,
        /// What it should hold.
        expected: &'static str,
    },
    /// A value of the wrong type, or out of its range.
    #[error("{key} is not {expected}")]
    Wrong {
        /// The key.
        key: String,
        /// What it should hold.
        expected: String,
    },
    /// Two claims of one name.
    #[error("{id} is the name of two claims")]
    DuplicateId {
        /// The name.
        id: String,
    },
    /// A hypothesis that nobody knows.
    #[error("{name} is no hypothesis")]
    UnknownHypothesis {
        /// The name.
        name: String,
        /// Names that are spelled alike.
        nearest: Vec<&'static str>,
    },
    /// Several hypotheses in one text.
    #[error("{text} names {} hypotheses in one text", names.len())]
    SeveralHypotheses {
        /// The text.
        text: String,
        /// Their names.
        names: Vec<&'static str>,
    },
    /// A limit in place of a hypothesis.
    #[error("{text} is a limit, and no hypothesis")]
    LimitAssumed {
        /// The text.
        text: String,
    },
    /// A hypothesis that is assumed twice.
    #[error("{name} is assumed twice")]
    DuplicateHypothesis {
        /// Its name.
        name: &'static str,
    },
    /// A hypothesis that is left out although nothing assumes it.
    #[error("the claim does not assume {name}, so that no form can do without it")]
    NotAssumed {
        /// Its name.
        name: &'static str,
    },
    /// A letter of another paper that cannot stand for one of the table.
    #[error(transparent)]
    Notation(NotationError),
    /// A kind, or a quantity, that is not that of the formula.
    #[error("the formula is of {what} {found}")]
    Contradicted {
        /// `kind` or `quantity`.
        what: &'static str,
        /// That of the formula.
        found: String,
    },
    /// A form that claims in another sense than the printed one.
    #[error("this form is of kind {found}, and the claim of kind {claimed}")]
    OtherKind {
        /// The kind of the form.
        found: &'static str,
        /// The kind of the printed form.
        claimed: &'static str,
    },
    /// The order of an error where none is claimed to vanish.
    #[error("order is of use beside ≈ only")]
    OrderOfNoLimit,
    /// A path that the limit of the formula does not have.
    #[error("{path} is no path of this formula")]
    UnknownPath {
        /// The path.
        path: String,
        /// The parameters of its paths.
        known: Vec<&'static str>,
    },
    /// A formula that cannot be read, or does not mean anything.
    #[error(transparent)]
    Formula(Mistake),
}

impl Fault {
    /// At a place. What the file says is repeated in part, and on one line.
    pub(super) fn at(mut self, span: Range<usize>) -> Located {
        match &mut self {
            Fault::Syntax { message, .. } => shorten(message, LONG),
            Fault::UnknownKey { key: said, .. }
            | Fault::DuplicateId { id: said }
            | Fault::UnknownHypothesis { name: said, .. }
            | Fault::SeveralHypotheses { text: said, .. }
            | Fault::LimitAssumed { text: said }
            | Fault::OutsideClaim { key: said }
            | Fault::UnknownPath { path: said, .. } => shorten(said, SHORT),
            _ => {}
        }
        Located { span, fault: self }
    }

    /// What would be right, in a sentence.
    pub fn help(&self) -> Option<String> {
        const LIST: &str = "`judge --hypotheses` lists all.";
        const LITERAL: &str = "Put LaTeX between '''.";
        match self {
            Fault::Syntax { backslash: true, .. } | Fault::ControlCharacter { .. } => Some(LITERAL.into()),
            Fault::UnknownKey { nearest, known, .. } if nearest.is_empty() => {
                Some(format!("Keys are {}.", known.join(", ")))
            }
            Fault::UnknownKey { nearest, .. } => Some(format!("Nearest: {}.", nearest.join(", "))),
            Fault::OutsideClaim { .. } => Some("Write [[claim]] on a line of its own before it.".into()),
            Fault::MissingKey { key, expected, .. } => Some(format!("Add {key} = {expected}.")),
            Fault::UnknownHypothesis { nearest, .. } if nearest.is_empty() => Some(LIST.into()),
            Fault::UnknownHypothesis { nearest, .. } => Some(format!("Nearest: {}. {LIST}", nearest.join(", "))),
            Fault::SeveralHypotheses { names, .. } => {
                let list = Vec::from_iter(names.iter().map(|name| format!("\"{}\"", name.replace('-', " "))));
                Some(format!("Make a list of {}: [{}].", names.len(), list.join(", ")))
            }
            Fault::LimitAssumed { .. } => {
                Some("A limit is a part of the formula: l ≈ r, λ → 0, and so with S → ∞, N → ∞ or σ² → 0.".into())
            }
            Fault::DuplicateId { .. } => Some("Give each claim a name of its own.".into()),
            Fault::UnknownPath { known, .. } if known.is_empty() => Some("It speaks of no limit.".into()),
            Fault::UnknownPath { known, .. } => Some(format!("It has {}.", known.join(", "))),
            Fault::Formula(mistake) => mistake.help.clone(),
            Fault::Notation(NotationError::Twice { .. }) => Some("Each letter stands for one.".into()),
            Fault::Notation(_) => Some("Write \"η\" = \"λ\": their letter, and that of a symbol.".into()),
            Fault::Syntax { .. }
            | Fault::Wrong { .. }
            | Fault::DuplicateHypothesis { .. }
            | Fault::NotAssumed { .. }
            | Fault::Contradicted { .. }
            | Fault::OrderOfNoLimit
            | Fault::OtherKind { .. } => None,
        }
    }
}

/// The most mistakes that are told at a time.
const TOLD: usize = 20;
/// Characters of a name that a message repeats.
const SHORT: usize = 60;
/// Characters of a sentence of the parser that a message repeats.
const LONG: usize = 300;

fn shorten(text: &mut String, length: usize) {
    if text.contains(char::is_control) {
        *text = text.replace(char::is_control, " ");
    }
    if let Some((end, _)) = text.char_indices().nth(length) {
        text.truncate(end);
        text.push('…');
    }
}

/// One refusal in place of those of keys that belong to a claim: where its head is forgotten, all of them say the same.
pub(super) fn misplaced(unknown: Vec<Located>) -> Vec<Located> {
    let of_claim = |refusal: &Located| match &refusal.fault {
        Fault::UnknownKey { key, .. } if key::CLAIM.contains(&key.as_str()) => Some(key.clone()),
        _ => None,
    };
    let (ours, mut others) = unknown.into_iter().partition::<Vec<Located>, _>(|refusal| of_claim(refusal).is_some());
    let first = ours.into_iter().min_by_key(|refusal| refusal.span.start);
    others.extend(first.and_then(|first| Some(Fault::OutsideClaim { key: of_claim(&first)? }.at(first.span))));
    others
}

/// The last place up to one at which a character starts.
pub(super) fn boundary(text: &str, place: usize) -> usize {
    let place = place.min(text.len());
    (0..=place).rev().find(|place| text.is_char_boundary(*place)).unwrap_or(0)
}

impl FileError {
    pub(super) fn new(file: &str, text: &str, mut mistakes: Vec<Located>) -> Self {
        mistakes.sort_by_key(|mistake| (mistake.span.start, mistake.span.end));
        // A mistake in what several forms share is told once.
        mistakes.dedup();
        FileError { file: file.into(), text: text.into(), mistakes }
    }

    fn rendered(&self, mistake: &Located) -> String {
        let [start, end] = [mistake.span.start, mistake.span.end].map(|place| boundary(&self.text, place));
        let end = end.max(start);
        let message = mistake.fault.to_string();
        let snippet = Snippet::source(self.text.as_str()).path(self.file.as_str());
        let snippet = snippet.annotation(AnnotationKind::Primary.span(start..end));
        let group = Group::with_title(Level::ERROR.primary_title(message.as_str())).element(snippet);
        let help = mistake.fault.help();
        let group = match &help {
            Some(help) => group.element(Level::HELP.message(help.as_str())),
            None => group,
        };
        Renderer::plain().render(&[group])
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = Vec::from_iter(self.mistakes.iter().take(TOLD).map(|mistake| self.rendered(mistake)));
        if let Some(more) = self.mistakes.len().checked_sub(TOLD).filter(|more| *more > 0) {
            told.push(format!("error: {}: {more} more mistakes", self.file));
        }
        f.write_str(&told.join("\n\n"))
    }
}
