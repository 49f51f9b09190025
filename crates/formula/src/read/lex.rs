//! From atoms to tokens: names with all that belongs to them, numbers, exponents, words.

use rug::{Integer, Rational};

use super::atom::{Atom, AtomKind};
use super::letters::{above, foreign, greek, hatted, is_reserved, nearest, with_spaces};
use super::script::{Above, Below, posts, subscript};
use super::source::Source;
use super::token::{Bracket, Function, Gap, Kind, Token, Word};
use crate::Mistake;
use crate::tree::{Index, Name, Relation};

/// More digits than a number may have.
const DIGITS: usize = 60;

/// More words than a formula may have.
const TOKENS: usize = 20_000;

pub(super) struct Lexer<'a> {
    source: Source<'a>,
    atoms: &'a [Atom],
    at: usize,
    latex: bool,
    tokens: Vec<Token>,
}

/// The parts of a name.
#[derive(Default)]
struct Parts {
    nabla: bool,
    primes: usize,
    star: bool,
    subscript: String,
    index: Option<Index>,
}

/// The tokens of a text.
pub(super) fn tokens(source: Source, atoms: &[Atom], latex: bool) -> Result<Vec<Token>, Mistake> {
    let mut lexer = Lexer { source, atoms, at: 0, latex, tokens: Vec::new() };
    while lexer.at < atoms.len() {
        lexer.step()?;
        if lexer.tokens.len() > TOKENS {
            let message = format!("this formula has more than {TOKENS} symbols");
            return Err(source
                .mistake(0, source.text.len().min(1), message)
                .help("Give its parts names by definitions."));
        }
    }
    Ok(lexer.tokens)
}

impl<'a> Lexer<'a> {
    fn step(&mut self) -> Result<(), Mistake> {
        let atom = &self.atoms[self.at];
        match &atom.kind {
            AtomKind::Letter { letter, hat } if letter.is_ascii() && !hat => self.run(),
            AtomKind::Letter { letter, hat } => {
                self.at += 1;
                self.name(*letter, *hat, self.at - 1, false)
            }
            AtomKind::Word(word) => {
                self.at += 1;
                self.upright(word, self.at - 1)
            }
            AtomKind::Char(found) => self.char(*found),
            AtomKind::FractionOpen => self.single(Kind::FractionOpen),
            AtomKind::FractionBar => self.single(Kind::FractionBar),
            AtomKind::FractionClose => self.single(Kind::FractionClose),
            AtomKind::Wide => {
                self.at += 1;
                self.wide();
                Ok(())
            }
            // Scripts are read with what they belong to.
            AtomKind::Open | AtomKind::Close => Err(self.mistake(self.at, "this bracket is out of place")),
        }
    }

    /// A mistake at an atom.
    fn mistake(&self, atom: usize, message: impl Into<String>) -> Mistake {
        let end = self.source.text.len();
        let (start, end) = self.atoms.get(atom).map_or((end, end), |atom| (atom.start, atom.end));
        self.source.mistake(start, end, message)
    }

    /// Adds a token that begins with one atom and ends before the next to be read.
    fn push(&mut self, kind: Kind, first: usize) {
        let gap = match (self.latex, self.atoms[first].spaced) {
            (true, _) => Gap::Unknown,
            (false, true) => Gap::Space,
            (false, false) => Gap::Tight,
        };
        let end = self.atoms[first..self.at].iter().map(|atom| atom.end).max().unwrap_or_default();
        self.tokens.push(Token { kind, start: self.atoms[first].start, end, gap });
    }

    fn single(&mut self, kind: Kind) -> Result<(), Mistake> {
        self.at += 1;
        self.push(kind, self.at - 1);
        Ok(())
    }

    /// The character at a place.
    fn at(&self, atom: usize) -> Option<char> {
        self.atoms.get(atom).and_then(Atom::char)
    }

    /// Whether an atom follows the one before without a space.
    fn is_tight(&self, atom: usize) -> bool {
        atom > 0 && self.atoms.get(atom).is_some_and(|next| next.start == self.atoms[atom - 1].end)
    }

    /// Latin letters without spaces: a word, or a product of letters.
    fn run(&mut self) -> Result<(), Mistake> {
        let first = self.at;
        let mut run = String::new();
        while let Some(Atom { kind: AtomKind::Letter { letter, hat: false }, .. }) = self.atoms.get(self.at) {
            if !letter.is_ascii() || (self.at > first && !self.is_tight(self.at)) {
                break;
            }
            run.push(*letter);
            self.at += 1;
        }
        if !self.latex {
            if let Some(letter) = greek(&run) {
                return self.name(letter, false, first, false);
            }
            if let Some(letter) = hatted(&run) {
                return self.name(letter, true, first, false);
            }
            if run == "o" && self.at(self.at) == Some('+') && self.is_tight(self.at) && !self.is_tight(self.at + 1) {
                self.at += 1;
                self.push(Kind::KroneckerSum, first);
                return Ok(());
            }
        }
        if is_reserved(&run) {
            return self.word(&run, first);
        }
        if let Some(advice) = foreign(&run) {
            return Err(self.mistake_over(first, format!("{run} is not in the language")).help(advice));
        }
        if let Some(spaced) = with_spaces(&run).filter(|_| run.len() > 2) {
            let message = format!("{run} would be read letter by letter");
            return Err(self.mistake_over(first, message).help(format!("Write {spaced}, with spaces about the word.")));
        }
        let last = self.at - 1;
        for (position, letter) in (first..).zip(run.chars()) {
            self.at = position + 1;
            self.name(letter, false, position, position < last)?;
        }
        Ok(())
    }

    /// A mistake about all atoms from one to the next to be read.
    fn mistake_over(&self, first: usize, message: impl Into<String>) -> Mistake {
        let start = self.atoms[first].start;
        let end = self.atoms[first..self.at].iter().map(|atom| atom.end).max().unwrap_or(start);
        self.source.mistake(start, end, message)
    }

    /// A word that LaTeX sets upright.
    fn upright(&mut self, word: &str, first: usize) -> Result<(), Mistake> {
        if is_reserved(word) && !matches!(word, "inf" | "grad" | "sum" | "ox" | "ell") {
            return self.word(word, first);
        }
        let mistake = self.mistake_over(first, format!("{word} is not in the language"));
        let words = ["Tr", "vec", "max", "stationary", "iff", "and", "somewhere", "solves", "where"];
        Err(match (foreign(word), nearest(word, words.into_iter())) {
            (Some(advice), _) => mistake.help(advice),
            (None, Some(near)) => mistake.help(format!("Nearest: {near}.")),
            (None, None) => mistake.help("A name is one letter, with a subscript if need be."),
        })
    }

    /// A word of the language, which was read.
    fn word(&mut self, word: &str, first: usize) -> Result<(), Mistake> {
        if word == "E" {
            return self.name('E', false, first, false);
        }
        if let Some(function) = Function::of(word) {
            self.push(Kind::Function(function), first);
        } else if let Some(word) = Word::of(word) {
            self.push(Kind::Word(word), first);
        } else {
            match word {
                "max" => self.push(Kind::Max, first),
                "inf" => self.push(Kind::Infinity, first),
                "ox" => self.push(Kind::Kronecker, first),
                "ell" => return self.name('ℓ', false, first, false),
                "sum" => return self.sum(first),
                _ => return self.gradient(first),
            }
        }
        Ok(())
    }

    /// ∇ was read.
    fn gradient(&mut self, first: usize) -> Result<(), Mistake> {
        let advice = "∇ stands before L, L₀, L_Γ or ℓᵢ; second derivatives are K and H₀.";
        match self.atoms.get(self.at).map(|atom| &atom.kind) {
            Some(AtomKind::Letter { letter: 'L', hat: false }) => {
                self.at += 1;
                self.name_with('L', false, first, Parts { nabla: true, ..Parts::default() }, false)
            }
            Some(AtomKind::Letter { letter: 'ℓ' | 'l', hat: false }) => {
                self.at += 1;
                self.name_with('ℓ', false, first, Parts { nabla: true, ..Parts::default() }, false)
            }
            _ => Err(self.mistake_over(first, "∇ stands before nothing that has a gradient here").help(advice)),
        }
    }

    fn name(&mut self, letter: char, hat: bool, first: usize, alone: bool) -> Result<(), Mistake> {
        self.name_with(letter, hat, first, Parts::default(), alone)
    }

    /// A letter was read; what belongs to it follows, but for a letter inside a run.
    fn name_with(
        &mut self,
        letter: char,
        hat: bool,
        first: usize,
        mut parts: Parts,
        alone: bool,
    ) -> Result<(), Mistake> {
        let mut behind = Vec::new();
        while !alone && self.at < self.atoms.len() && (self.latex || self.is_tight(self.at)) {
            match self.atoms[self.at].char() {
                Some('\'') => {
                    self.at += 1;
                    parts.primes += 1;
                }
                Some('″') => {
                    self.at += 1;
                    parts.primes += 2;
                }
                Some('*') if letter == 'w' && !parts.star && !self.latex => {
                    self.at += 1;
                    parts.star = true;
                }
                Some('^') => {
                    let caret = self.at;
                    for (post, from) in posts(self.source, self.atoms, &mut self.at, self.latex)? {
                        match post {
                            Above::Prime => parts.primes += 1,
                            Above::Star if letter == 'w' => parts.star = true,
                            Above::Star => {
                                let message = format!("* stands behind w only, and not behind {letter}");
                                let help = "w* is the minimizer; another name can have a prime or a subscript.";
                                return Err(self.mistake_over(caret, message).help(help));
                            }
                            other => behind.push((other, from)),
                        }
                    }
                }
                Some(below) if below == '_' || super::script::is_below(below) => {
                    let begin = self.at;
                    match subscript(self.source, self.atoms, &mut self.at, self.latex)? {
                        Below::PositivePart => {
                            behind.push((Above::PositivePart, begin));
                        }
                        Below::Index(index) if parts.index.is_none() => parts.index = Some(index),
                        Below::Name(name) if parts.subscript.is_empty() && parts.index.is_none() => {
                            parts.subscript = name;
                        }
                        Below::Two => return Err(self.two_indices(letter, first)),
                        _ => {
                            return Err(self
                                .mistake_over(first, format!("{letter} has two subscripts"))
                                .help("Put a space or a dot between two names."));
                        }
                    }
                }
                _ => break,
            }
        }
        self.push_name(letter, hat, first, parts)?;
        for (above, from) in behind {
            let kind = self.above(above, from)?;
            self.push(kind, from);
        }
        Ok(())
    }

    fn two_indices(&self, letter: char, first: usize) -> Mistake {
        let mistake = self.mistake_over(first, format!("{letter} has two indices"));
        match letter {
            'Σ' => mistake.help(
                "Entries of an eigenbasis need roots. The matrix equation says the same without: KΣ + ΣK − … = ….",
            ),
            _ => mistake.help("A symbol has one index, i or j; a matrix is written without."),
        }
    }

    fn push_name(&mut self, letter: char, hat: bool, first: usize, parts: Parts) -> Result<(), Mistake> {
        let letter = if letter == 'l' { 'ℓ' } else { letter };
        let mut name = String::new();
        if parts.nabla {
            name.push('∇');
        }
        name.push(letter);
        if hat {
            name.push('\u{302}');
        }
        name.push_str(&"'".repeat(parts.primes));
        if parts.star {
            name.push('*');
        }
        name.push_str(&parts.subscript);
        let name: String = unicode_normalization::UnicodeNormalization::nfc(name.as_str()).collect();
        if name == "E" && parts.index.is_none() {
            let bracket = self.at(self.at) == Some('[');
            if !bracket {
                let mistake = self.mistake_over(first, "E is the expectation, and takes square brackets");
                return Err(mistake.help("Write E[X], or another letter for a matrix."));
            }
            self.push(Kind::Function(Function::Mean), first);
            return Ok(());
        }
        if self.at(self.at).is_some_and(|digit| digit.is_ascii_digit()) && !self.latex && self.is_tight(self.at) {
            let mut digits = String::new();
            let mut end = self.at;
            while let Some(digit) = self.at(end).filter(char::is_ascii_digit) {
                digits.push(digit);
                end += 1;
            }
            let below: String = digits.chars().map(super::letters::subscript).collect();
            self.at = end;
            let mistake = self.mistake_over(first, format!("{name}{digits} can be read in two ways"));
            return Err(mistake.help(format!("{name}{below} ({name}_{digits}) is a name, {name}·{digits} a product.")));
        }
        if name == "Σ" && parts.index.is_some() {
            let mistake = self.mistake_over(first, "Σ is the fluctuation");
            return Err(mistake.help("A sum is ∑ᵢ (U+2211), in ASCII sum_i."));
        }
        let name = Name(if name == "I_D" { "I".to_string() } else { name });
        let kind = match parts.index {
            Some(index) => Kind::Indexed(name, index),
            None => Kind::Name(name),
        };
        self.push(kind, first);
        Ok(())
    }

    /// The token of what stands above the line.
    fn above(&self, above: Above, from: usize) -> Result<Kind, Mistake> {
        Ok(match above {
            Above::Integer(exponent) => Kind::Exponent(exponent),
            Above::Transpose => Kind::Transpose,
            Above::Pseudoinverse => Kind::Pseudoinverse,
            Above::PositivePart => Kind::PositivePart,
            Above::Prime => {
                let mistake = self.mistake(from, "a prime stands behind a letter, and belongs to its name");
                return Err(mistake.help("The transpose is ᵀ, in ASCII ^T."));
            }
            Above::Star => {
                let mistake = self.mistake(from, "* stands behind w only");
                return Err(mistake.help("A product is A · B, the pseudo-inverse M⁺ (M^+)."));
            }
        })
    }

    /// ∑ was read.
    fn sum(&mut self, first: usize) -> Result<(), Mistake> {
        let mut indices = Vec::new();
        loop {
            match self.at(self.at) {
                Some(below) if below == '_' || super::script::is_below(below) => {
                    indices = super::script::indices(self.source, self.atoms, &mut self.at, self.latex)?;
                }
                Some(bound) if bound == '^' || above(bound).is_some() => {
                    super::script::bound(self.source, self.atoms, &mut self.at)?;
                }
                _ => break,
            }
        }
        if indices.is_empty() {
            let mistake = self.mistake_over(first, "this sum has no index");
            return Err(
                mistake.help("A sum is ∑ᵢ or ∑ⱼ, in ASCII sum_i. The fluctuation is Σ (U+03A3), in ASCII Sigma.")
            );
        }
        for index in indices {
            self.push(Kind::Sum(index), first);
        }
        Ok(())
    }

    /// A wide space stands between two formulas, unless what is about it says so already.
    fn wide(&mut self) {
        let binds = |kind: &Kind| {
            matches!(
                kind,
                Kind::Comma
                    | Kind::Semicolon
                    | Kind::Word(_)
                    | Kind::Relation(_)
                    | Kind::Plus
                    | Kind::Minus
                    | Kind::Defines
            )
        };
        let before = self.tokens.last().is_none_or(|token| binds(&token.kind));
        let behind = match self.atoms.get(self.at).map(|atom| &atom.kind) {
            None | Some(AtomKind::Wide) => true,
            Some(AtomKind::Word(word)) => Word::of(word).is_some(),
            Some(AtomKind::Char(found)) => ",;.=<>≤≥≔:≈→⇔∧".contains(*found),
            _ => false,
        };
        if !before && !behind {
            self.push(Kind::Comma, self.at - 1);
        }
    }

    fn char(&mut self, found: char) -> Result<(), Mistake> {
        let first = self.at;
        let next = self.at(first + 1).filter(|_| self.latex || self.is_tight(first + 1));
        let behind = self.at(first + 2).filter(|_| self.latex || self.is_tight(first + 2));
        let (length, kind) = match (found, next, behind) {
            ('0'..='9', ..) => return self.number(),
            ('½', ..) => (1, Kind::Number(Rational::from((1, 2)))),
            ('¼', ..) => (1, Kind::Number(Rational::from((1, 4)))),
            ('¾', ..) => (1, Kind::Number(Rational::from((3, 4)))),
            ('∑', ..) => {
                self.at += 1;
                return self.sum(first);
            }
            ('∇', ..) => {
                self.at += 1;
                return self.gradient(first);
            }
            ('(', ..) => (1, Kind::Open(Bracket::Round)),
            (')', ..) => (1, Kind::Close(Bracket::Round)),
            ('[', ..) => (1, Kind::Open(Bracket::Square)),
            (']', ..) => (1, Kind::Close(Bracket::Square)),
            ('{', ..) => (1, Kind::Open(Bracket::Curly)),
            ('}', ..) => (1, Kind::Close(Bracket::Curly)),
            ('|', Some('|'), _) if !self.latex => (2, Kind::Norm),
            ('|', ..) => (1, Kind::Bar),
            ('‖', ..) => (1, Kind::Norm),
            ('+', ..) => (1, Kind::Plus),
            ('-', Some('>'), _) => (2, Kind::Tends),
            ('-', ..) => (1, Kind::Minus),
            ('·' | '*', ..) => (1, Kind::Dot),
            ('/', ..) => (1, Kind::Slash),
            ('⊗', ..) => (1, Kind::Kronecker),
            ('⊕', ..) => (1, Kind::KroneckerSum),
            ('<', Some('<'), Some('=')) => (3, Kind::Relation(Relation::PrecedesOrEquals)),
            ('>', Some('>'), Some('=')) => (3, Kind::Relation(Relation::SucceedsOrEquals)),
            ('<', Some('<'), _) => (2, Kind::Relation(Relation::Precedes)),
            ('>', Some('>'), _) => (2, Kind::Relation(Relation::Succeeds)),
            ('<', Some('='), _) => (2, Kind::Relation(Relation::AtMost)),
            ('>', Some('='), _) => (2, Kind::Relation(Relation::AtLeast)),
            ('!', Some('='), _) => (2, Kind::Relation(Relation::Unequal)),
            (':', Some('='), _) => (2, Kind::Defines),
            ('≔', ..) => (1, Kind::Defines),
            ('<', ..) => (1, Kind::Relation(Relation::Less)),
            ('≤', ..) => (1, Kind::Relation(Relation::AtMost)),
            ('>', ..) => (1, Kind::Relation(Relation::Greater)),
            ('≥', ..) => (1, Kind::Relation(Relation::AtLeast)),
            ('=', ..) => (1, Kind::Relation(Relation::Equal)),
            ('≠', ..) => (1, Kind::Relation(Relation::Unequal)),
            ('≺', ..) => (1, Kind::Relation(Relation::Precedes)),
            ('⪯', ..) => (1, Kind::Relation(Relation::PrecedesOrEquals)),
            ('≻', ..) => (1, Kind::Relation(Relation::Succeeds)),
            ('⪰', ..) => (1, Kind::Relation(Relation::SucceedsOrEquals)),
            ('≈' | '~', ..) => (1, Kind::Approximates),
            ('→', ..) => (1, Kind::Tends),
            ('∞', ..) => (1, Kind::Infinity),
            (',', ..) => (1, Kind::Comma),
            (';', ..) => (1, Kind::Semicolon),
            ('⇔' | '⟺', ..) => (1, Kind::Word(Word::Iff)),
            ('∧', ..) => (1, Kind::Word(Word::And)),
            ('.', ..) => return self.full_stop(),
            ('ᵀ' | '⁺' | '₊' | '^' | '_' | '\'' | '″', ..) => return self.postfix(found),
            _ if above(found).is_some() || super::script::is_below(found) => return self.postfix(found),
            _ => return Err(self.mistake(first, format!("{found} is out of place"))),
        };
        self.at += length;
        self.push(kind, first);
        Ok(())
    }

    /// A full stop ends a formula.
    fn full_stop(&mut self) -> Result<(), Mistake> {
        let first = self.at;
        let ends = |atom: &Atom| atom.kind == AtomKind::Wide || atom.char().is_some_and(|end| ".,;".contains(end));
        if self.atoms[first..].iter().all(ends) {
            self.at = self.atoms.len();
            return Ok(());
        }
        let mistake = self.mistake(first, "a full stop ends a formula, and more follows");
        Err(mistake.help("A product is A · B, a number 0.5; give each formula as a text of its own."))
    }

    fn number(&mut self) -> Result<(), Mistake> {
        let first = self.at;
        let mut digits = String::new();
        let mut places = None;
        loop {
            match self.at(self.at).filter(|_| self.at == first || self.is_tight(self.at)) {
                Some(digit) if digit.is_ascii_digit() => {
                    digits.push(digit);
                    places = places.map(|places: u32| places + 1);
                }
                Some('.') if places.is_none() && self.is_tight(self.at + 1) => {
                    if !self.at(self.at + 1).is_some_and(|digit| digit.is_ascii_digit()) {
                        break;
                    }
                    places = Some(0);
                }
                _ => break,
            }
            self.at += 1;
            if digits.len() > DIGITS {
                return Err(self.mistake_over(first, format!("this number has more than {DIGITS} digits")));
            }
        }
        let numerator: Integer = digits.parse().unwrap_or_default();
        let power = Integer::from(Integer::u_pow_u(10, places.unwrap_or(0)));
        self.push(Kind::Number(Rational::from((numerator, power))), first);
        Ok(())
    }

    /// Something above or below the line behind what is no name.
    fn postfix(&mut self, found: char) -> Result<(), Mistake> {
        let first = self.at;
        if found == '\'' || found == '″' {
            self.above(Above::Prime, first)?;
        }
        if found == '_' || super::script::is_below(found) {
            let norm = matches!(self.tokens.last(), Some(Token { kind: Kind::Norm, .. }));
            match subscript(self.source, self.atoms, &mut self.at, self.latex)? {
                Below::PositivePart => self.push(Kind::PositivePart, first),
                // The norm of Frobenius is the only one.
                Below::Name(name) if norm && name == "_F" => {}
                _ => {
                    let mistake =
                        self.mistake_over(first, "a subscript stands behind a letter, and belongs to its name");
                    return Err(mistake.help("The positive part is (x)₊, in ASCII max{0, x}."));
                }
            }
            return Ok(());
        }
        for (above, from) in posts(self.source, self.atoms, &mut self.at, self.latex)? {
            let kind = self.above(above, from)?;
            self.push(kind, from);
        }
        Ok(())
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
