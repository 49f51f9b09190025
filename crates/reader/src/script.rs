//! What stands above or below the line.

use std::ops::Range;

use super::atom::{Atom, AtomKind};
use super::letters::{above, below, greek, subscript as lowered};
use super::source::Source;
use notation::Mistake;
use notation::tree::Index;

/// The largest exponent, either way.
const EXPONENT: i32 = 99;

/// What can stand below the line.
const BELOW: &str = "Below the line stand i or j, a number, a Greek letter, a capital, or a word: x_i, w_0, L_test.";

/// Words below the line that LaTeX would need braces for, and that are read without.
const WORDS: [&str; 5] = ["test", "train", "max", "min", "var"];

/// What stands above the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Above {
    Integer(i32),
    Transpose,
    Pseudoinverse,
    PositivePart,
    Prime,
    Star,
}

/// What stands below the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Below {
    Index(Index),
    /// Two indices, ᵢⱼ.
    Two,
    /// Part of a name, in its canonical spelling: ₀, _μ, _test.
    Name(String),
    PositivePart,
}

/// Whether a character stands below the line by itself.
pub(super) fn is_below(found: char) -> bool {
    below(found).is_some()
}

/// Reads what stands above the line from ^ or from a superscript on; each with its atom.
pub(super) fn posts(
    source: Source,
    atoms: &[Atom],
    at: &mut usize,
    latex: bool,
) -> Result<Vec<(Above, usize)>, Mistake> {
    let first = *at;
    if atoms[first].char() == Some('^') {
        let content = content(source, atoms, at, |atoms| caret(atoms, latex))?;
        let mut posts = listed(source, atoms, content)?;
        // The first one starts with ^ itself.
        if let Some((_, from)) = posts.first_mut() {
            *from = first;
        }
        return Ok(posts);
    }
    let mut run = String::new();
    while let Some(found) =
        atoms.get(*at).and_then(Atom::char).filter(|found| run.is_empty() || above(*found).is_some())
    {
        match found {
            'ᵀ' | '⁺' if run.is_empty() => {
                *at += 1;
                return Ok(vec![(if found == 'ᵀ' { Above::Transpose } else { Above::Pseudoinverse }, first)]);
            }
            _ if *at > first && atoms[*at].start != atoms[*at - 1].end => break,
            _ => run.push(above(found).unwrap_or(found)),
        }
        *at += 1;
    }
    let mistake = |message: &str| source.mistake(atoms[first].start, atoms[*at - 1].end, message);
    if let Some(second) = run.char_indices().skip(1).find(|(_, sign)| *sign == '-').map(|(second, _)| second) {
        let characters: Vec<char> = atoms[first..*at].iter().filter_map(Atom::char).collect();
        let (inner, outer): (String, String) =
            (characters[..second].iter().collect(), characters[second..].iter().collect());
        let help = format!("Bracket the inner power: (M{inner}){outer}.");
        return Err(mistake("superscripts in one run are one whole number").help(help));
    }
    Ok(vec![(integer(source, atoms, first..*at, &run)?, first)])
}

/// How many atoms behind ^ belong to it, where there are no braces.
fn caret(atoms: &[Atom], latex: bool) -> usize {
    let digit = |at: usize| atoms.get(at).and_then(Atom::char).is_some_and(|found| found.is_ascii_digit());
    let tight = |at: usize| at == 0 || atoms[at].start == atoms[at - 1].end;
    let signed = usize::from(atoms.first().and_then(Atom::char) == Some('-'));
    let mut length = signed;
    while digit(length) && tight(length) && (!latex || length == signed) {
        length += 1;
    }
    if length > signed { length } else { 1 }
}

/// The atoms behind _ or ^: those in braces, or as many as `bare` says. Behind it, `at` is the next atom.
fn content(
    source: Source,
    atoms: &[Atom],
    at: &mut usize,
    bare: impl Fn(&[Atom]) -> usize,
) -> Result<Range<usize>, Mistake> {
    let first = *at;
    let missing = |message: &str| source.mistake(atoms[first].start, atoms[first].end, message);
    match atoms.get(first + 1) {
        None => Err(missing("nothing stands behind this sign")),
        Some(Atom { kind: AtomKind::Open, .. }) => {
            let mut depth = 0_usize;
            for (position, atom) in atoms.iter().enumerate().skip(first + 1) {
                match atom.kind {
                    AtomKind::Open => depth += 1,
                    AtomKind::Close => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    *at = position + 1;
                    return Ok(first + 2..position);
                }
            }
            Err(missing("a bracket { is not closed"))
        }
        Some(_) => {
            *at = first + 1 + bare(&atoms[first + 1..]).max(1);
            Ok(first + 1..*at)
        }
    }
}

/// Primes, *, ᵀ, ⁺ and one whole number, in a row.
fn listed(source: Source, atoms: &[Atom], content: Range<usize>) -> Result<Vec<(Above, usize)>, Mistake> {
    let mut posts: Vec<(Above, usize)> = Vec::new();
    let mut at = content.start;
    while at < content.end {
        let first = at;
        at += 1;
        let post = match &atoms[first].kind {
            AtomKind::Letter { letter: 'T', hat: false } => Above::Transpose,
            AtomKind::Char('ᵀ') => Above::Transpose,
            AtomKind::Char('⁺' | '+') => Above::Pseudoinverse,
            AtomKind::Char('\'') => Above::Prime,
            AtomKind::Char('″') => {
                posts.push((Above::Prime, first));
                Above::Prime
            }
            AtomKind::Char('*') => Above::Star,
            AtomKind::Char(found) if *found == '-' || found.is_ascii_digit() || above(*found).is_some() => {
                let mut run: String = above(*found).unwrap_or(*found).into();
                while let Some(digit) =
                    atoms[at..content.end].first().and_then(Atom::char).map(|found| above(found).unwrap_or(found))
                {
                    if !digit.is_ascii_digit() {
                        break;
                    }
                    run.push(digit);
                    at += 1;
                }
                integer(source, atoms, first..at, &run)?
            }
            _ => {
                let mistake = source.mistake(atoms[first].start, atoms[first].end, "this is no exponent");
                return Err(mistake.help("Above the line stand whole numbers, ᵀ (^T), ⁺ (^+), primes, and * behind w."));
            }
        };
        posts.push((post, first));
    }
    if posts.is_empty() {
        let place = content.start.min(atoms.len() - 1);
        return Err(source.mistake(atoms[place].start, atoms[place].end, "nothing stands above the line"));
    }
    Ok(posts)
}

fn integer(source: Source, atoms: &[Atom], place: Range<usize>, run: &str) -> Result<Above, Mistake> {
    let mistake = |message: String| source.mistake(atoms[place.start].start, atoms[place.end.max(1) - 1].end, message);
    match run.parse::<i32>() {
        Ok(0) => Err(mistake("the power 0 is 1".into()).help("Write 1, or I for a matrix.")),
        Ok(1) => Err(mistake("the power 1 changes nothing".into()).help("Leave it out.")),
        Ok(exponent) if exponent.abs() <= EXPONENT => Ok(Above::Integer(exponent)),
        _ if run.trim_start_matches('-').chars().all(|digit| digit.is_ascii_digit()) && run.len() > 1 => {
            Err(mistake(format!("exponents reach from −{EXPONENT} to {EXPONENT}")))
        }
        _ => Err(mistake("this is no exponent".into()).help("Exponents are whole numbers: ⁻¹ (^-1), ² (^2).")),
    }
}

/// Reads what stands below the line from _ or from a subscript on.
pub(super) fn subscript(source: Source, atoms: &[Atom], at: &mut usize, latex: bool) -> Result<Below, Mistake> {
    let (text, place) = lower(source, atoms, at, latex)?;
    let mistake = |message: &str| source.mistake(place.start, place.end, message);
    let mut letters = text.chars();
    let (first, single) = (letters.next(), letters.next().is_none());
    Ok(match (first, text.as_str()) {
        (None, _) => return Err(mistake("nothing stands below the line")),
        (_, "+") => Below::PositivePart,
        (_, "i") => Below::Index(Index::I),
        (_, "j") => Below::Index(Index::J),
        (_, "ij" | "ji" | "ii" | "jj" | "i,j" | "j,i" | "i,i" | "j,j") => Below::Two,
        (_, digits) if digits.chars().all(|digit| digit.is_ascii_digit()) => {
            Below::Name(digits.chars().map(lowered).collect())
        }
        (Some(letter), _) if single && letter.is_alphabetic() => Below::Name(format!("_{letter}")),
        (_, word) if word.chars().all(|letter| letter.is_ascii_lowercase()) => Below::Name(format!("_{word}")),
        (_, other) if other.chars().all(|letter| letter.is_alphanumeric() || ",'*".contains(letter)) => {
            Below::Name(format!("_{{{other}}}"))
        }
        (_, bounds) if bounds.contains('=') => {
            let help = "A sum is ∑ᵢ (U+2211), in ASCII sum_i, in LaTeX \\sum_{i=1}^{N}; Σ is the fluctuation.";
            return Err(mistake("an index runs from 1 behind a sum only").help(help));
        }
        _ => {
            return Err(mistake("this is no subscript").help(BELOW));
        }
    })
}

/// The text below the line, and its bytes.
fn lower(source: Source, atoms: &[Atom], at: &mut usize, latex: bool) -> Result<(String, Range<usize>), Mistake> {
    let first = *at;
    let mut text = String::new();
    if atoms[first].char() == Some('_') {
        let content = content(source, atoms, at, |atoms| underscore(atoms, latex))?;
        for (position, atom) in content.clone().zip(&atoms[content]) {
            match &atom.kind {
                // r^{\prime} is r'.
                AtomKind::Char('^') if rises_to_prime(&atoms[position + 1..]) => {}
                AtomKind::Open | AtomKind::Close => {}
                AtomKind::Letter { letter, hat: false } => text.push(*letter),
                AtomKind::Word(word) => text.push_str(word),
                AtomKind::Char(found) => text.push(below(*found).unwrap_or(*found)),
                _ => {
                    return Err(source.mistake(atom.start, atom.end, "this is no subscript").help(BELOW));
                }
            }
        }
        if !latex && let Some(letter) = greek(&text) {
            text = letter.to_string();
        }
    } else {
        while let Some(found) = atoms.get(*at).and_then(Atom::char).and_then(below) {
            let digits = text.chars().all(|digit| digit.is_ascii_digit());
            let tight = *at == first || atoms[*at].start == atoms[*at - 1].end;
            if !tight || (!text.is_empty() && (found.is_ascii_digit() != digits || found == '+')) && !text.contains('=')
            {
                break;
            }
            text.push(found);
            *at += 1;
        }
    }
    Ok((text, atoms[first].start..atoms[*at - 1].end))
}

fn rises_to_prime(behind: &[Atom]) -> bool {
    let first = behind.iter().find(|atom| atom.kind != AtomKind::Open);
    matches!(first.and_then(Atom::char), Some('\'' | '*'))
}

/// How many atoms behind _ belong to it, where there are no braces.
fn underscore(atoms: &[Atom], latex: bool) -> usize {
    let tight = |at: usize| at == 0 || atoms[at].start == atoms[at - 1].end;
    let run = |belongs: fn(char) -> bool| -> String {
        let letters = atoms.iter().enumerate().map_while(|(at, atom)| match atom.kind {
            AtomKind::Letter { letter, hat: false } if tight(at) && belongs(letter) => Some(letter),
            AtomKind::Char(found) if tight(at) && belongs(found) => Some(found),
            _ => None,
        });
        letters.collect()
    };
    let digits = run(|found| found.is_ascii_digit()).len();
    let letters = run(|found| found.is_ascii_alphabetic());
    let small = letters.len() - letters.trim_start_matches(|letter: char| letter.is_ascii_lowercase()).len();
    let capital = match letters.chars().next() {
        Some(first) if first.is_ascii_uppercase() => {
            let behind = letters[1..].trim_start_matches(|letter: char| letter.is_ascii_lowercase());
            let word = letters.len() - behind.len();
            if greek(&letters[..word]).is_some() { word } else { 1 }
        }
        _ => 0,
    };
    if latex {
        return if WORDS.contains(&&letters[..small]) { small } else { 1 };
    }
    digits.max(small).max(capital).max(1)
}

/// The indices of a sum, from _ or a subscript on: i, ij, i=1.
pub(super) fn indices(source: Source, atoms: &[Atom], at: &mut usize, latex: bool) -> Result<Vec<Index>, Mistake> {
    let (text, place) = lower(source, atoms, at, latex)?;
    match text.as_str() {
        "i" | "i=1" => Ok(vec![Index::I]),
        "j" | "j=1" => Ok(vec![Index::J]),
        "ij" | "i,j" | "i,j=1" => Ok(vec![Index::I, Index::J]),
        "ji" | "j,i" | "j,i=1" => Ok(vec![Index::J, Index::I]),
        _ => {
            let mistake = source.mistake(place.start, place.end, "a sum runs over i or j, and over all of them");
            Err(mistake.help("Write ∑ᵢ, in ASCII sum_i, in LaTeX \\sum_i or \\sum_{i=1}^{N}."))
        }
    }
}

/// Skips the upper bound of a sum, which runs over all samples or all eigenvalues.
pub(super) fn bound(source: Source, atoms: &[Atom], at: &mut usize) -> Result<(), Mistake> {
    let first = *at;
    let bound = match atoms[first].char() {
        Some('^') => {
            let content = content(source, atoms, at, |_| 1)?;
            match &atoms[content] {
                [Atom { kind: AtomKind::Letter { letter, hat: false }, .. }] => Some(*letter),
                _ => None,
            }
        }
        other => {
            *at += 1;
            other.and_then(above)
        }
    };
    if matches!(bound, Some('N' | 'D' | 'n' | 'd')) {
        return Ok(());
    }
    let mistake = source.mistake(atoms[first].start, atoms[*at - 1].end, "a sum runs to N, over all samples, or to D");
    Err(mistake.help("Leave the bound out: ∑ᵢ runs over all samples, or over all eigenvalues."))
}
