//! Names: a letter with all that belongs to it.

use unicode_normalization::UnicodeNormalization;

use super::atom::Atom;
use super::script::{Above, Below, is_below, posts, subscript};
use super::source::Source;
use super::token::{Kind, Token};
use notation::Mistake;
use notation::tree::{Index, Name};

/// The parts of a name.
pub(super) struct Parts {
    nabla: bool,
    letter: char,
    hat: bool,
    primes: usize,
    star: bool,
    /// In its canonical spelling: ₀, _μ, _test.
    subscript: String,
    pub(super) index: Option<Index>,
    /// The atom behind the name.
    pub(super) until: usize,
}

/// What stands above a name, or (x)₊, each with its first atom.
pub(super) type Behind = Vec<(Above, usize)>;

impl Parts {
    /// A letter alone.
    pub(super) fn of(letter: char, hat: bool, until: usize) -> Self {
        let subscript = String::new();
        Parts { nabla: false, letter, hat, primes: 0, star: false, subscript, index: None, until }
    }

    /// Its gradient.
    pub(super) fn gradient(self) -> Self {
        Parts { nabla: true, ..self }
    }

    /// The canonical spelling.
    pub(super) fn spelled(&self) -> String {
        let mut name = String::new();
        if self.nabla {
            name.push('∇');
        }
        name.push(if self.letter == 'l' { 'ℓ' } else { self.letter });
        if self.hat {
            name.push('\u{302}');
        }
        name.push_str(&"'".repeat(self.primes));
        if self.star {
            name.push('*');
        }
        name.push_str(&self.subscript);
        if name == "I_D" { "I".to_string() } else { name.nfc().collect() }
    }

    /// Adds what follows the letter, from the atom `at` on: primes, a star, subscripts, and in LaTeX also what stands
    /// above, as it may come before what stands below. The letter is the atom `first`.
    pub(super) fn with_scripts(
        mut self,
        source: Source,
        atoms: &[Atom],
        at: &mut usize,
        latex: bool,
        first: usize,
    ) -> Result<(Self, Behind), Mistake> {
        let mut behind = Behind::new();
        let tight = |at: usize| atoms.get(at).is_some_and(|next| latex || next.start == atoms[at - 1].end);
        while tight(*at) {
            let begin = *at;
            match atoms[begin].char() {
                Some(prime @ ('\'' | '″')) => {
                    *at += 1;
                    self.primes += if prime == '″' { 2 } else { 1 };
                }
                Some('*') if self.letter == 'w' && !self.star && !latex => {
                    *at += 1;
                    self.star = true;
                }
                Some('^') => {
                    for (post, from) in posts(source, atoms, at, latex)? {
                        match post {
                            Above::Prime => self.primes += 1,
                            Above::Star if self.letter == 'w' => self.star = true,
                            Above::Star => {
                                let message = format!("* stands behind w only, and not behind {}", self.letter);
                                let mistake = source.mistake(atoms[begin].start, atoms[*at - 1].end, message);
                                return Err(
                                    mistake.help("w* is the minimizer; another name can have a prime or a subscript.")
                                );
                            }
                            other => {
                                behind.push((other, from));
                                continue;
                            }
                        }
                        self.until = *at;
                    }
                    continue;
                }
                Some(below) if below == '_' || is_below(below) => {
                    let mistake = |at: usize, message: &str| {
                        let message = format!("{} has {message}", self.letter);
                        source.mistake(atoms[first].start, atoms[at - 1].end, message)
                    };
                    let lowered = subscript(source, atoms, at, latex);
                    let opens = || atoms.get(*at).and_then(Atom::char) == Some('[');
                    if self.letter == 'E' && (lowered.is_err() || opens()) {
                        let mistake = source.mistake(atoms[first].start, atoms[first].end, "E has no index");
                        return Err(mistake.help("Write E[…]: it is the mean over all that is random in the brackets."));
                    }
                    match lowered? {
                        Below::PositivePart => {
                            behind.push((Above::PositivePart, begin));
                            continue;
                        }
                        Below::Index(index) if self.index.is_none() && self.subscript.is_empty() => {
                            self.index = Some(index);
                        }
                        Below::Name(name) if self.subscript.is_empty() && self.index.is_none() => {
                            self.subscript = name;
                        }
                        Below::Two => return Err(mistake(*at, "two indices").help(two_indices(self.letter))),
                        _ => {
                            return Err(mistake(*at, "two subscripts").help("Put a space or a dot between two names."));
                        }
                    }
                }
                _ => break,
            }
            self.until = *at;
        }
        Ok((self, behind))
    }
}

fn two_indices(letter: char) -> &'static str {
    match letter {
        'Σ' => "Entries of an eigenbasis need roots. The matrix equation says the same without: KΣ + ΣK − … = ….",
        _ => "A symbol has one index, i or j; a matrix is written without.",
    }
}

/// σ² is a symbol, and σ none.
pub(super) fn with_squares(source: Source, tokens: Vec<Token>) -> Result<Vec<Token>, Mistake> {
    let mut read: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if token.kind != Kind::Name(Name("σ".to_string())) {
            read.push(token);
            continue;
        }
        let even = tokens.next_if(|next| matches!(next.kind, Kind::Exponent(exponent) if exponent % 2 == 0));
        let Some(Token { kind: Kind::Exponent(exponent), start, end, gap }) = even else {
            let mistake = source.mistake(token.start, token.end, "σ has no value of its own, as it is a root");
            return Err(mistake.help("σ² is the symbol; σ⁴ is its square."));
        };
        read.push(Token { kind: Kind::Name(Name("σ²".to_string())), end, ..token });
        if exponent != 2 {
            read.push(Token { kind: Kind::Exponent(exponent / 2), start, end, gap });
        }
    }
    Ok(read)
}
