//! What can be wrong with a claim file, and how it is told.

use std::fmt;
use std::ops::Range;

use formula::Mistake;

/// A claim file that states no claims, and why. Its message shows every place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct FileError {
    /// What the caller calls the file.
    pub file: String,
    /// The mistakes, in the order of the file; at least one.
    pub mistakes: Vec<Located>,
}

/// A mistake, and where it stands. Lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// How many characters of the line it takes, at least one.
    pub width: usize,
    /// The line itself.
    pub text: String,
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
        /// The keys that are spelled alike, or else all.
        nearest: Vec<&'static str>,
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

/// A fault, and the bytes of the file at which it stands.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) span: Range<usize>,
    pub(super) fault: Fault,
}

impl Fault {
    /// At a place.
    pub(super) fn at(self, span: Range<usize>) -> Refusal {
        Refusal { span, fault: self }
    }

    /// What would be right, in a sentence.
    pub fn help(&self) -> Option<String> {
        const LITERAL: &str = "Put LaTeX between '''.";
        match self {
            Fault::Syntax { backslash: true, .. } | Fault::ControlCharacter { .. } => Some(LITERAL.into()),
            Fault::UnknownKey { nearest, .. } => Some(format!("Keys are {}.", nearest.join(", "))),
            Fault::MissingKey { key, expected, .. } => Some(format!("Add {key} = {expected}.")),
            Fault::UnknownHypothesis { nearest, .. } if nearest.is_empty() => None,
            Fault::UnknownHypothesis { nearest, .. } => Some(format!("Nearest: {}.", nearest.join(", "))),
            Fault::DuplicateId { .. } => Some("Give each claim a name of its own.".into()),
            Fault::UnknownPath { known, .. } if known.is_empty() => Some("It speaks of no limit.".into()),
            Fault::UnknownPath { known, .. } => Some(format!("It has {}.", known.join(", "))),
            Fault::Formula(mistake) => mistake.help.clone(),
            Fault::Syntax { .. }
            | Fault::Wrong { .. }
            | Fault::DuplicateHypothesis { .. }
            | Fault::NotAssumed { .. }
            | Fault::Contradicted { .. }
            | Fault::OtherKind { .. } => None,
        }
    }
}

impl FileError {
    pub(super) fn new(file: &str, text: &str, mut refusals: Vec<Refusal>) -> Self {
        refusals.sort_by_key(|refusal| (refusal.span.start, refusal.span.end));
        let mistakes = refusals.into_iter().map(|Refusal { span, fault }| Located::new(text, span, fault)).collect();
        FileError { file: file.into(), mistakes }
    }
}

impl Located {
    fn new(text: &str, span: Range<usize>, fault: Fault) -> Self {
        let within = |place: usize| text.floor_char_boundary(place.min(text.len()));
        let (start, end) = (within(span.start), within(span.end));
        let first = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let last = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        let count = |part: &str| part.chars().count();
        Located {
            line: text[..first].matches('\n').count() + 1,
            column: count(&text[first..start]) + 1,
            width: count(&text[start..end.clamp(start, last)]).max(1),
            text: text[first..last].trim_end().into(),
            fault,
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, mistake) in self.mistakes.iter().enumerate() {
            let separator = if i == 0 { "" } else { "\n\n" };
            write!(f, "{separator}{}:{mistake}", self.file)?;
        }
        Ok(())
    }
}

impl fmt::Display for Located {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Located { line, column, width, text, fault } = self;
        let margin = " ".repeat(line.to_string().len());
        // Tabs stay, so that the caret stands where the terminal puts the place.
        let before = text.chars().take(column - 1).map(|c| if c == '\t' { c } else { ' ' });
        let before = String::from_iter(before);
        writeln!(f, "{line}:{column}: {fault}")?;
        writeln!(f, "{margin} |\n{line} | {text}")?;
        write!(f, "{margin} | {before}{}", "^".repeat(*width))?;
        if let Some(help) = fault.help() {
            write!(f, "\n{margin} = {help}")?;
        }
        Ok(())
    }
}
