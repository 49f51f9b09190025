//! The first step: characters, whichever way they were spelled.
//!
//! Look-alikes are replaced, hats put on their letters, and every atom knows its bytes in the text as it was given.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use super::commands::MEAN;
use super::letters::{above, below, confused, is_letter, meant};
use super::source::Source;
use notation::Mistake;

/// A character, or what LaTeX has for one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Atom {
    pub(super) kind: AtomKind,
    /// The first byte.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
    /// Whether a space stands before it.
    pub(super) spaced: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum AtomKind {
    /// A Latin or Greek letter, or ℓ, perhaps with a hat.
    Letter { letter: char, hat: bool },
    /// A word that LaTeX sets upright.
    Word(String),
    /// Any other character.
    Char(char),
    /// The bracket before what stands above or below the line.
    Open,
    /// The bracket behind it.
    Close,
    /// Before the numerator of a fraction.
    FractionOpen,
    /// Between numerator and denominator.
    FractionBar,
    /// Behind the denominator.
    FractionClose,
    /// A wide space of LaTeX, as between two formulas.
    Wide,
}

/// The combining circumflex.
const HAT: char = '\u{302}';

impl Atom {
    pub(super) fn char(&self) -> Option<char> {
        match self.kind {
            AtomKind::Char(found) => Some(found),
            _ => None,
        }
    }
}

/// The atoms of a text in Unicode or ASCII.
pub(super) fn plain(source: Source) -> Result<Vec<Atom>, Mistake> {
    let mut atoms: Vec<Atom> = Vec::new();
    let mut scripts = Vec::new();
    let mut spaced = false;
    let mut rest = source.text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        let mut end = start + first.len_utf8();
        while let Some((at, mark)) = rest.next_if(|(_, mark)| canonical_combining_class(*mark) != 0) {
            end = at + mark.len_utf8();
        }
        if first.is_whitespace() || first.is_control() {
            is_no_escape(source, start, first)?;
            spaced = true;
            continue;
        }
        let kind = match first {
            '{' => {
                let script = matches!(atoms.last().and_then(Atom::char), Some('_' | '^'));
                scripts.push(script);
                if script { AtomKind::Open } else { AtomKind::Char('{') }
            }
            '}' if scripts.pop() == Some(true) => AtomKind::Close,
            _ => kind(source, start, end)?,
        };
        atoms.push(Atom { kind, start, end, spaced });
        spaced = false;
    }
    if scripts.contains(&true) {
        let end = source.text.len();
        return Err(source.mistake(end, end, "a bracket { is not closed").help("Close it with }."));
    }
    Ok(atoms)
}

/// What a character with its marks is.
pub(super) fn kind(source: Source, start: usize, end: usize) -> Result<AtomKind, Mistake> {
    let cluster = &source.text[start..end];
    let mut marks = cluster.nfd();
    let base = marks.next().unwrap_or_default();
    let hat = marks.next();
    let whole = marks.next().is_none();
    let mut composed = cluster.nfc();
    let composed = meant(composed.next().filter(|_| composed.next().is_none()).unwrap_or_default());
    match hat {
        None if is_letter(composed) => Ok(AtomKind::Letter { letter: composed, hat: false }),
        Some(HAT) if whole && is_letter(meant(base)) => Ok(AtomKind::Letter { letter: meant(base), hat: true }),
        None if is_known(composed) => Ok(AtomKind::Char(composed)),
        // ≠ is = with a stroke, and has a character of its own.
        Some(_) if is_known(composed) && whole => Ok(AtomKind::Char(composed)),
        _ => Err(unknown(source, start, end)),
    }
}

fn is_known(found: char) -> bool {
    found.is_ascii_graphic()
        || below(found).is_some()
        || above(found).is_some()
        || "ᵀ⁺½¼¾∑∇·≈→∞≤≥≠≺⪯≻⪰⊗⊕‖″≔∧⇔⟺".contains(found)
}

fn unknown(source: Source, start: usize, end: usize) -> Mistake {
    let cluster = &source.text[start..end];
    let found = cluster.chars().next().unwrap_or_default();
    let code = u32::from(found);
    let shown: String = cluster.chars().take(3).collect();
    let mistake = source.mistake(start, end, format!("{shown} (U+{code:04X}) is not in the language"));
    let alike = confused(found).into_iter().map(|meant| format!("{meant} (U+{:04X})", u32::from(meant)));
    let alike = Vec::from_iter(alike).join(" or ");
    match found {
        _ if !alike.is_empty() => mistake.help(format!("It looks like {alike}. Write that.")),
        '⟨' | '⟩' => mistake.help(MEAN),
        '√' => mistake.help("Formulas are evaluated exactly, so that there are no roots: state the square."),
        '±' | '∓' => mistake.help("Write two formulas, one with + and one with −."),
        '∂' | '∫' => mistake.help("Derivatives are symbols: ∇L, ∇ℓᵢ, and K, H₀ for second ones."),
        '∝' => mistake.help("Write the factor out: l = r, with a number or a name in r."),
        '⅓' | '⅔' => mistake.help("Write it as a fraction in brackets: (1/3)."),
        _ => mistake,
    }
}

/// In a TOML string with "…", \f of \frac and \t of \tau are control characters.
fn is_no_escape(source: Source, start: usize, found: char) -> Result<(), Mistake> {
    let behind = &source.text[start + found.len_utf8()..];
    let begins = |rest: &[&str]| rest.iter().any(|rest| behind.starts_with(rest));
    let letter = match found {
        '\u{c}' => 'f',
        '\u{8}' => 'b',
        '\u{1b}' => 'e',
        '\t' if begins(&["au", "ext", "frac", "imes", "op", "heta", "riangleq", "ag", "o ", "ilde"]) => 't',
        '\r' if begins(&["ight", "ho", "m{", "m {", "Vert"]) => 'r',
        '\n' if begins(&["abla", "eq", "onumber"]) => 'n',
        _ if found.is_whitespace() => return Ok(()),
        _ => {
            let message = format!("a control character (U+{:04X}) is not in the language", u32::from(found));
            return Err(source.mistake(start, start + found.len_utf8(), message));
        }
    };
    let end = start + found.len_utf8();
    let mistake = source.mistake(start, end, format!("TOML reads \\{letter} in \"…\" as a control character"));
    Err(mistake.help("Put LaTeX between '''."))
}
