//! From atoms to tokens: names with all that belongs to them, numbers, exponents, words.

use super::atom::{Atom, AtomKind};
use super::letters::{
    above, foreign, greek, hatted, in_place_of_letters, is_reserved, nearest, subscript as subscript_of,
};
use super::name::Parts;
use super::number::{DIGITS, number};
use super::script::{Above, Below, bound, indices, is_below, posts, subscript};
use super::sign::sign;
use super::source::Source;
use super::token::{Function, Gap, Kind, Token, Word};
use notation::Mistake;
use notation::tree::Name;

/// More words than a formula may have.
const TOKENS: usize = 20_000;

pub(super) struct Lexer<'a> {
    source: Source<'a>,
    atoms: &'a [Atom],
    at: usize,
    latex: bool,
    tokens: Vec<Token>,
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
                self.name(self.meant(*letter, self.at - 1)?, *hat, self.at - 1)
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

    /// The letter that stands for the atoms from one to the next to be read.
    fn meant(&self, written: char, first: usize) -> Result<char, Mistake> {
        self.source.meant(written, self.atoms[first].start, self.atoms[self.at - 1].end)
    }

    /// A mistake at an atom.
    fn mistake(&self, atom: usize, message: impl Into<String>) -> Mistake {
        let end = self.source.text.len();
        let (start, end) = self.atoms.get(atom).map_or((end, end), |atom| (atom.start, atom.end));
        self.source.mistake(start, end, message)
    }

    /// Adds a token that begins with one atom and ends before the next to be read.
    fn push(&mut self, kind: Kind, first: usize) {
        let gap = if self.atoms[first].spaced && !self.latex { Gap::Space } else { Gap::Tight };
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
                return self.name(self.meant(letter, first)?, false, first);
            }
            if let Some(letter) = hatted(&run) {
                return self.name(self.meant(letter, first)?, true, first);
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
        if run.len() > 2
            && let Some(help) = in_place_of_letters(&run, self.latex)
        {
            return Err(self.mistake_over(first, format!("{run} would be read letter by letter")).help(help));
        }
        let last = self.at - 1;
        for (position, letter) in (first..).zip(run.chars()) {
            self.at = position + 1;
            let letter = self.meant(letter, position)?;
            if position < last && letter != 'E' {
                let name = Parts::of(letter, false, self.at).spelled();
                self.push(Kind::Name(Name(name)), position);
            } else {
                self.name(letter, false, position)?;
            }
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
            return self.name('E', false, first);
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
                "ell" => return self.name('ℓ', false, first),
                "sum" => return self.sum(first),
                _ => return self.gradient(first),
            }
        }
        Ok(())
    }

    /// ∇ was read.
    fn gradient(&mut self, first: usize) -> Result<(), Mistake> {
        let letter = match self.atoms.get(self.at).map(|atom| &atom.kind) {
            Some(AtomKind::Letter { letter, hat: false }) => self.source.notation.meant(*letter).ok(),
            _ => None,
        };
        let Some(letter @ ('L' | 'ℓ')) = letter else {
            let mistake = self.mistake_over(first, "∇ stands before nothing that has a gradient here");
            return Err(mistake.help("∇ stands before L, L₀, L_Γ or ℓᵢ; second derivatives are K and H₀."));
        };
        self.at += 1;
        self.parts(Parts::of(letter, false, self.at).gradient(), first)
    }

    /// A letter was read.
    fn name(&mut self, letter: char, hat: bool, first: usize) -> Result<(), Mistake> {
        self.parts(Parts::of(letter, hat, self.at), first)
    }

    /// A letter was read; what belongs to it follows.
    fn parts(&mut self, parts: Parts, first: usize) -> Result<(), Mistake> {
        let (parts, behind) = parts.with_scripts(self.source, self.atoms, &mut self.at, self.latex, first)?;
        self.push_name(&parts, first)?;
        for (above, from) in behind {
            let kind = self.above(above, from)?;
            self.push(kind, from);
        }
        Ok(())
    }

    fn push_name(&mut self, parts: &Parts, first: usize) -> Result<(), Mistake> {
        let name = parts.spelled();
        if name == "E" && parts.index.is_none() {
            if self.at(self.at) != Some('[') {
                let mistake = self.mistake_over(first, "E is the expectation, and takes square brackets");
                return Err(mistake.help("Write E[X], or another letter for a matrix."));
            }
            self.push(Kind::Function(Function::Mean), first);
            return Ok(());
        }
        if self.at(self.at).is_some_and(|digit| digit.is_ascii_digit()) && !self.latex && self.is_tight(self.at) {
            return Err(self.digits_behind(&name, first));
        }
        if name == "Σ" && parts.index.is_some() {
            let mistake = self.mistake_over(first, "Σ is the fluctuation");
            return Err(mistake.help("A sum is ∑ᵢ (U+2211), in ASCII sum_i, in LaTeX \\sum_{i=1}^{N}."));
        }
        let kind = match parts.index {
            Some(index) => Kind::Indexed(Name(name), index),
            None => Kind::Name(Name(name)),
        };
        let end = self.atoms[first..parts.until].iter().map(|atom| atom.end).max();
        self.push(kind, first);
        if let (Some(token), Some(end)) = (self.tokens.last_mut(), end) {
            token.end = end;
        }
        Ok(())
    }

    /// H0 is H₀, or H times 0.
    fn digits_behind(&mut self, name: &str, first: usize) -> Mistake {
        let mut digits = String::new();
        while let Some(digit) = self.at(self.at).filter(|digit| digit.is_ascii_digit() && digits.len() < DIGITS) {
            digits.push(digit);
            self.at += 1;
        }
        let below: String = digits.chars().map(subscript_of).collect();
        let mistake = self.mistake_over(first, format!("{name}{digits} can be read in two ways"));
        mistake.help(format!("{name}{below} ({name}_{digits}) is a name, {name}·{digits} a product."))
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
        let mut all = Vec::new();
        loop {
            match self.at(self.at) {
                Some(below) if below == '_' || is_below(below) => {
                    all = indices(self.source, self.atoms, &mut self.at, self.latex)?;
                }
                Some(found) if found == '^' || above(found).is_some() => {
                    bound(self.source, self.atoms, &mut self.at)?;
                }
                _ => break,
            }
        }
        if all.is_empty() {
            let mistake = self.mistake_over(first, "this sum has no index");
            return Err(
                mistake.help("A sum is ∑ᵢ or ∑ⱼ, in ASCII sum_i. The fluctuation is Σ (U+03A3), in ASCII Sigma.")
            );
        }
        for index in all {
            self.push(Kind::Sum(index), first);
        }
        Ok(())
    }

    /// A wide space stands between two formulas, unless what is about it says so already.
    fn wide(&mut self) {
        let before = self.tokens.last().is_none_or(|token| token.kind.goes_on());
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
        match found {
            '0'..='9' => {
                let number = number(self.source, self.atoms, &mut self.at)?;
                self.push(Kind::Number(number), first);
                return Ok(());
            }
            '∑' => {
                self.at += 1;
                return self.sum(first);
            }
            '∇' => {
                self.at += 1;
                return self.gradient(first);
            }
            '.' => return self.full_stop(),
            'ᵀ' | '⁺' | '^' | '_' | '\'' | '″' => return self.postfix(found),
            _ if above(found).is_some() || is_below(found) => return self.postfix(found),
            _ => {}
        }
        let at = |atom: usize| self.at(atom).filter(|_| self.latex || self.is_tight(atom));
        let Some((length, kind)) = sign(found, at(first + 1), at(first + 2), self.latex) else {
            return Err(self.mistake(first, format!("{found} is out of place")));
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

    /// Something above or below the line behind what is no name.
    fn postfix(&mut self, found: char) -> Result<(), Mistake> {
        let first = self.at;
        if found == '\'' || found == '″' {
            self.above(Above::Prime, first)?;
        }
        if found == '_' || is_below(found) {
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
