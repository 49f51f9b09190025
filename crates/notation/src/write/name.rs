//! The spellings of names.

use super::spelling::Spelling;
use crate::greek::GREEK;
use crate::tree::{Index, Name, Point};

/// Letters that have a character of their own with a hat.
const HATS: &str = "âaĉcêeĝgĥhîiĵjôoŝsûuŵwŷyẑzÂAĈCÊEĜGĤHÎIĴJÔOŜSÛUŴWŶYẐZ";

/// Words that are no product of letters.
const WORDS: [&str; 35] = [
    "Tr",
    "vec",
    "max",
    "diag",
    "sum",
    "grad",
    "inf",
    "hat",
    "and",
    "iff",
    "if",
    "only",
    "on",
    "in",
    "mean",
    "where",
    "somewhere",
    "stationary",
    "solves",
    "ox",
    "ell",
    "lim",
    "min",
    "sup",
    "arg",
    "det",
    "rank",
    "exp",
    "log",
    "ln",
    "sin",
    "cos",
    "tr",
    "Cov",
    "Var",
];

/// Whether a run of Latin letters is a word, or could be taken for letters with a word among them.
pub(super) fn is_word(run: &str) -> bool {
    let words = WORDS.iter().chain(GREEK.iter().map(|(_, word)| word));
    words.into_iter().any(|word| run == *word || ((word.len() > 2 || *word == "Tr") && run.contains(word)))
}

/// The parts of a name.
struct Parts {
    nabla: bool,
    letter: String,
    hat: bool,
    primes: usize,
    star: bool,
    subscript: String,
    squared: bool,
}

impl Parts {
    fn of(name: &Name) -> Self {
        let (nabla, rest) = match name.as_str().strip_prefix('∇') {
            Some(rest) => (true, rest),
            None => (false, name.as_str()),
        };
        let mut parts = Parts {
            nabla,
            letter: String::new(),
            hat: false,
            primes: 0,
            star: false,
            subscript: String::new(),
            squared: false,
        };
        let mut rest = rest.chars();
        while let Some(letter) = rest.next() {
            match letter {
                '\'' => parts.primes += 1,
                '*' => parts.star = true,
                '²' => parts.squared = true,
                '\u{302}' => parts.hat = true,
                '₀'..='₉' => parts.subscript.extend(digit(letter)),
                '_' => parts.subscript.extend(rest.by_ref().filter(|letter| !matches!(letter, '{' | '}'))),
                _ => {
                    let without = HATS.chars().skip_while(|hat| *hat != letter).nth(1);
                    match without.filter(|_| !letter.is_ascii()) {
                        Some(bare) => {
                            parts.hat = true;
                            parts.letter.push(bare);
                        }
                        None => parts.letter.push(letter),
                    }
                }
            }
        }
        parts
    }

    fn ascii(&self) -> String {
        let mut text = String::new();
        if self.nabla {
            text.push_str("grad ");
        }
        text.push_str(&word(&self.letter));
        if self.hat {
            text.push_str("hat");
        }
        text.push_str(&"'".repeat(self.primes));
        if self.star {
            text.push('*');
        }
        if !self.subscript.is_empty() {
            text.push('_');
            text.push_str(&word(&self.subscript));
        }
        text
    }

    /// In LaTeX, with further subscripts and superscripts, as a letter takes one of each.
    fn latex(&self, index: &str, superscript: &str) -> String {
        let mut text = String::new();
        if self.nabla {
            text.push_str("\\nabla ");
        }
        let letter = match self.letter.as_str() {
            "w" => "\\mathbf{w}".to_string(),
            letter => command(letter),
        };
        text.push_str(&if self.hat { format!("\\hat{{{letter}}}") } else { letter });
        let subscript = match self.subscript.as_str() {
            word if word.chars().count() > 1 && word.chars().all(|letter| letter.is_ascii_alphabetic()) => {
                format!("\\text{{{word}}}")
            }
            other => command(other),
        };
        let plain = superscript.is_empty() && !self.star;
        if plain {
            text.push_str(&"'".repeat(self.primes));
        }
        if !subscript.is_empty() || !index.is_empty() {
            text.push_str(&format!("_{{{subscript}{index}}}"));
        }
        let mut above = if plain { String::new() } else { "\\prime".repeat(self.primes) };
        if self.star {
            above.push('*');
        }
        if self.squared {
            above.push('2');
        }
        if above.ends_with("prime") && superscript.starts_with(|first: char| first.is_ascii_alphabetic()) {
            above.push(' ');
        }
        above.push_str(superscript);
        if !above.is_empty() {
            text.push_str(&format!("^{{{above}}}"));
        }
        text
    }
}

/// The name in a spelling.
pub(super) fn name(name: &Name, spelling: Spelling) -> String {
    match spelling {
        Spelling::Unicode => name.as_str().to_string(),
        Spelling::Ascii => {
            let parts = Parts::of(name);
            if parts.squared { parts.ascii() + "^2" } else { parts.ascii() }
        }
        Spelling::Latex => Parts::of(name).latex("", ""),
    }
}

/// The name in LaTeX, with an index and a superscript.
pub(super) fn latex(name: &Name, index: Option<Index>, superscript: &str) -> String {
    Parts::of(name).latex(index.map_or("", latin), superscript)
}

/// Whether the name ends with a word, or with a letter below the line, that a letter behind it would run into.
pub(super) fn ends_with_subscript(name: &Name) -> bool {
    name.as_str().contains('_')
}

/// Whether the name is written with an exponent of its own.
pub(super) fn is_squared(name: &Name) -> bool {
    name.as_str().ends_with('²')
}

/// The index, behind a name or behind ∑.
pub(super) fn index(index: Index, spelling: Spelling) -> &'static str {
    match (spelling, index) {
        (Spelling::Unicode, Index::I) => "ᵢ",
        (Spelling::Unicode, Index::J) => "ⱼ",
        (Spelling::Ascii, Index::I) => "_i",
        (Spelling::Ascii, Index::J) => "_j",
        (Spelling::Latex, Index::I) => "_{i}",
        (Spelling::Latex, Index::J) => "_{j}",
    }
}

/// The point in a spelling.
pub(super) fn point(point: Point, spelling: Spelling) -> String {
    let weights = match point {
        Point::Weights => "w",
        Point::Minimizer => "w*",
        Point::Initial => "w₀",
        Point::True => "u",
    };
    name(&Name(weights.to_string()), spelling)
}

/// Whether a name is that of a point, so that in brackets it could be an argument.
pub(super) fn is_point(name: &Name) -> bool {
    matches!(name.as_str(), "w" | "w*" | "w₀" | "u")
}

fn latin(index: Index) -> &'static str {
    match index {
        Index::I => "i",
        Index::J => "j",
    }
}

/// 3 of ₃.
fn digit(subscript: char) -> Option<char> {
    char::from_digit(u32::from(subscript).checked_sub(u32::from('₀'))?, 10)
}

/// The letters for a keyboard.
fn word(letters: &str) -> String {
    letters
        .chars()
        .map(|letter| match GREEK.iter().find(|(greek, _)| *greek == letter) {
            Some((_, word)) => (*word).to_string(),
            None if letter == 'ℓ' => "l".to_string(),
            None => letter.to_string(),
        })
        .collect()
}

/// The letters for a typesetter.
fn command(letters: &str) -> String {
    letters
        .chars()
        .map(|letter| match GREEK.iter().find(|(greek, _)| *greek == letter) {
            Some((_, word)) => format!("\\{word}"),
            None if letter == 'ℓ' => "\\ell".to_string(),
            None => letter.to_string(),
        })
        .collect()
}
