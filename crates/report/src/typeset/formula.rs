//! Reads a formula: factors with their scripts, brackets, fractions.
//!
//! ```text
//! (σ²/S)(1 + κ/S) ΛG⁻¹   ──>   fraction σ² over S, bracket 1 + (fraction κ over S), Λ, G to the −1
//! ```
//!
//! What stands without a space is one product, and the whole of it is above the fraction bar, as in `σ²ΛAΛ/S`. Of
//! brackets side by side only the last one is above the bar, and it loses its brackets: `(a)(b)/(c)` is a times b over
//! c. Brackets about nothing but a fraction go, too. A bracket that follows the denominator, as in `1/S(w)`, might be
//! meant to stand below the bar or behind it, so that the stroke stays.

use std::collections::VecDeque;
use std::ops::Range;

use super::symbols::{BRACKETS, HATTED, NAMES, Role, symbol};
use super::words::number;

/// How deep brackets may be nested. Where they are nested deeper, the outer ones are set as they stand.
const DEEPEST: usize = 32;

/// A part of a formula.
pub enum Node {
    Space,
    /// An operator or a punctuation mark, in LaTeX.
    Operator(&'static str),
    Factor(Factor),
}

/// What can stand in a product.
pub struct Factor {
    pub base: Base,
    /// Its superscripts and subscripts, in the order in which they stand.
    pub scripts: Vec<(Role, Script)>,
    /// Whether it follows a letter or a number without a space: a bracket may then be an argument.
    attached: bool,
}

/// A part of a superscript or of a subscript.
pub enum Script {
    /// A symbol or a word, in LaTeX.
    Latex(String),
    Formula(Vec<Node>),
}

impl<T: Into<String>> From<T> for Script {
    fn from(latex: T) -> Self {
        Script::Latex(latex.into())
    }
}

/// A factor without its scripts.
pub enum Base {
    /// A letter or a number, in LaTeX.
    Symbol(String),
    /// A name in LaTeX, such as that of the trace, which takes what follows as its argument.
    Name(&'static str),
    /// How it opens and closes, in LaTeX, and what it holds.
    Bracket([&'static str; 2], Vec<Node>),
    /// A square matrix, by rows and entries.
    Matrix(Vec<Vec<Vec<Node>>>),
    Fraction(Vec<Node>, Vec<Node>),
    Root(Vec<Node>),
}

impl Factor {
    fn is_bracket(&self) -> bool {
        matches!(self.base, Base::Bracket(..) | Base::Matrix(_) | Base::Fraction(..))
    }

    /// Whether its round brackets, if any are left, only hold together what is above or below a fraction bar.
    fn is_bare(&self) -> bool {
        let round = matches!(self.base, Base::Bracket(["(", _], _) | Base::Fraction(..));
        round && self.scripts.is_empty() && !self.attached
    }
}

/// The parts of a formula.
pub fn read(text: &str) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let attached = matches!(nodes.last(), Some(Node::Factor(factor)) if !factor.is_bracket());
        let (node, behind) = if c.is_whitespace() {
            (Node::Space, rest.trim_start())
        } else if let Some(latex) = operator(rest) {
            (Node::Operator(latex), after)
        } else {
            let (factor, behind) = factor(rest, attached);
            (Node::Factor(factor), behind)
        };
        nodes.push(node);
        rest = behind;
    }
    fractions(nodes)
}

/// The LaTeX of the operator, or of the bracket without a partner, at the start of `text`.
fn operator(text: &str) -> Option<&'static str> {
    let c = text.chars().next()?;
    let alone = || {
        let sides = BRACKETS.iter().flat_map(|(left, right, open, close)| [(*left, *open), (*right, *close)]);
        let mut latex = sides.filter(|(bracket, _)| *bracket == c).map(|(_, latex)| latex);
        latex.next().filter(|_| enclosed(text).is_none())
    };
    match symbol(c) {
        Some((Role::Operator, latex)) => Some(latex),
        Some(_) => None,
        None => alone(),
    }
}

/// The brackets about what stands at the start of `text`, in LaTeX, what they hold, and what is behind them.
fn enclosed(text: &str) -> Option<([&'static str; 2], &str, &str)> {
    let first = text.chars().next()?;
    let (.., open, close) = BRACKETS.iter().find(|(left, ..)| *left == first)?;
    let mut partners: Vec<char> = Vec::new();
    for (place, c) in text.char_indices() {
        if partners.last() == Some(&c) {
            partners.pop();
        } else if let Some((left, right, ..)) = BRACKETS.iter().find(|(left, right, ..)| *left == c || *right == c) {
            if *left != c {
                return None;
            }
            partners.push(*right);
        }
        if partners.is_empty() {
            let inner = &text[first.len_utf8()..place];
            return Some(([open, close], inner, &text[place + c.len_utf8()..]));
        }
        if partners.len() > DEEPEST {
            return None;
        }
    }
    None
}

/// The factor at the start of `text`, which is neither empty nor an operator, and what is behind it.
fn factor(text: &str, attached: bool) -> (Factor, &str) {
    let (base, behind) = base(text, attached);
    let mut factor = Factor { base, scripts: Vec::new(), attached };
    let behind = scripts(behind, &mut factor);
    if let (true, Base::Bracket(_, inner)) = (factor.is_bare(), &mut factor.base)
        && let [Node::Factor(only)] = inner.as_slice()
        && only.is_bare()
        && matches!(only.base, Base::Fraction(..))
        && let Some(Node::Factor(only)) = inner.pop()
    {
        factor = only;
    }
    (factor, behind)
}

/// The factor at the start of `text` without its scripts, and what is behind it.
fn base(text: &str, attached: bool) -> (Base, &str) {
    let Some(c) = text.chars().next() else { return (Base::Symbol(String::new()), text) };
    let after = &text[c.len_utf8()..];
    if let Some((latex, inner, behind)) = enclosed(text) {
        let matrix = if latex[0] == "[" { matrix(inner) } else { None };
        return (matrix.unwrap_or_else(|| Base::Bracket(latex, read(inner))), behind);
    }
    let name = NAMES.iter().find_map(|(name, latex)| {
        let behind = text.strip_prefix(name).filter(|rest| !rest.starts_with(|c: char| c.is_ascii_alphabetic()))?;
        Some((*latex, behind))
    });
    if let Some((latex, behind)) = name {
        return (Base::Name(latex), behind);
    }
    if c == 'E' && after.starts_with('[') {
        return (Base::Name(r"\operatorname{E}"), after);
    }
    if c == 'Σ' && !attached && is_sum(after) {
        return (Base::Name(r"\sum"), after);
    }
    if c == '√' {
        let alone = after.starts_with(|c: char| c.is_whitespace() || c == '√') || operator(after).is_some();
        if alone || after.is_empty() {
            return (Base::Symbol(r"\surd".into()), after);
        }
        let (radicand, behind) = factor(after, false);
        return (Base::Root(unbracketed(radicand)), behind);
    }
    if let Some(length) = number(text) {
        let latex = text[..length].replace('e', r"\times 10^{");
        let closed = if latex.len() > length { latex + "}" } else { latex };
        return (Base::Symbol(closed), &text[length..]);
    }
    if let Some((_, letter)) = HATTED.iter().find(|(hatted, _)| *hatted == c) {
        return (Base::Symbol(format!(r"\hat{{{letter}}}")), after);
    }
    match symbol(c) {
        Some((Role::Letter, latex)) => (Base::Symbol(latex.into()), after),
        // A script of nothing.
        Some(_) => (Base::Symbol("{}".into()), text),
        None if c == '\'' || c == '_' => (Base::Symbol("{}".into()), text),
        None if c.is_ascii_alphabetic() => (Base::Symbol(c.into()), after),
        None => (Base::Symbol(format!(r"\text{{{c}}}")), after),
    }
}

/// Whether a Σ is a sum, by what follows: subscripts, a space and a summand.
fn is_sum(text: &str) -> bool {
    let behind = text.trim_start_matches(|c| matches!(symbol(c), Some((Role::Subscript, _))));
    let summand = behind.trim_start();
    summand.len() < behind.len()
        && summand.chars().next().is_some_and(|c| !matches!(symbol(c), Some((Role::Operator, _))))
}

/// The rows of `[[a, b], [c, d]]`, from what its outer brackets hold, where it is square; rows of data are none.
fn matrix(inner: &str) -> Option<Base> {
    let mut rows: Vec<Vec<&str>> = Vec::new();
    let mut rest = inner;
    loop {
        let (["[", _], row, behind) = enclosed(rest)? else { return None };
        rows.push(row.split(", ").collect());
        match behind.strip_prefix(", ") {
            Some(next) => rest = next,
            None if behind.is_empty() => break,
            None => return None,
        }
    }
    let square = rows.len() > 1 && rows.iter().all(|row| row.len() == rows.len());
    let read_row = |row: Vec<&str>| row.into_iter().map(read).collect();
    square.then(|| Base::Matrix(rows.into_iter().map(read_row).collect()))
}

/// What a factor holds, where it is no more than something in round brackets; otherwise the factor.
fn unbracketed(factor: Factor) -> Vec<Node> {
    match factor {
        Factor { base: Base::Bracket(["(", _], inner), scripts, .. } if scripts.is_empty() => inner,
        factor => vec![Node::Factor(factor)],
    }
}

/// Reads the scripts and accents at the start of `text` and returns what is behind them.
fn scripts<'a>(text: &'a str, factor: &mut Factor) -> &'a str {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let (script, behind) = match (c, symbol(c)) {
            ('\'', _) => ((Role::Superscript, r"\prime".into()), after),
            ('*', _) => ((Role::Superscript, "*".into()), after),
            ('_', _) => lowered(after),
            ('^', _) => match raised(after) {
                Some(raised) => raised,
                None => break,
            },
            (_, Some((role @ (Role::Superscript | Role::Subscript), latex))) => ((role, latex.into()), after),
            (_, Some((Role::Accent, latex))) => match &mut factor.base {
                Base::Symbol(letter) if factor.scripts.is_empty() => {
                    *letter = format!("{latex}{{{letter}}}");
                    rest = after;
                    continue;
                }
                _ => ((Role::Superscript, format!("{latex}{{}}").into()), after),
            },
            _ => break,
        };
        factor.scripts.push(script);
        rest = behind;
    }
    rest
}

/// The superscript behind a `^`: what braces hold, or one letter or digit.
fn raised(text: &str) -> Option<((Role, Script), &str)> {
    let script = |inner: &str| (Role::Superscript, Script::Formula(read(inner)));
    if let Some((inner, behind)) = text.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        return Some((script(inner), behind));
    }
    let c = text.chars().next()?;
    let is_letter = c.is_ascii_digit() || matches!(symbol(c), Some((Role::Letter, _))) || c.is_ascii_alphabetic();
    is_letter.then(|| (script(&text[..c.len_utf8()]), &text[c.len_utf8()..]))
}

/// The subscript behind a `_`: a word or one character.
fn lowered(text: &str) -> ((Role, Script), &str) {
    let word = text.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(text.len());
    let script = |latex: String| (Role::Subscript, Script::Latex(latex));
    match text.chars().next() {
        Some(_) if word > 1 => (script(format!(r"\text{{{}}}", &text[..word])), &text[word..]),
        Some(c) if c.is_ascii_alphanumeric() => (script(c.into()), &text[1..]),
        Some(c) => match symbol(c) {
            Some((Role::Letter, latex)) => (script(latex.into()), &text[c.len_utf8()..]),
            _ => (script(r"\_".into()), text),
        },
        None => (script(r"\_".into()), text),
    }
}

/// Makes fractions of the strokes that have a numerator and a denominator.
fn fractions(nodes: Vec<Node>) -> Vec<Node> {
    let mut made: Vec<Node> = Vec::new();
    let mut rest = VecDeque::from(nodes);
    while let Some(node) = rest.pop_front() {
        let parts = match node {
            Node::Operator("/") => numerator(&made).zip(denominator(rest.make_contiguous())),
            _ => None,
        };
        let Some((above, below)) = parts else {
            made.push(node);
            continue;
        };
        made.truncate(above.end);
        let above = held(made.drain(above).collect());
        let below = held(rest.drain(..below.end).skip(below.start).collect());
        made.push(Node::Factor(Factor { base: Base::Fraction(above, below), scripts: Vec::new(), attached: false }));
    }
    made
}

/// Which of the nodes before a stroke are above the bar; `None` behind a fraction: a/b/c has one bar.
fn numerator(before: &[Node]) -> Option<Range<usize>> {
    let end = before.iter().rposition(|node| !matches!(node, Node::Space))? + 1;
    if matches!(before[end - 1], Node::Factor(Factor { base: Base::Fraction(..), .. })) {
        return None;
    }
    let mut start = end;
    while let Some(Node::Factor(factor)) = before[..start].last() {
        if factor.is_bare() {
            // The last of several brackets, or the end of a product behind them.
            start -= usize::from(start == end);
            break;
        }
        start -= 1;
    }
    (start < end).then_some(start..end)
}

/// Which of the nodes behind a stroke are below the bar; `None` where a bracket behind them leaves that open.
fn denominator(behind: &[Node]) -> Option<Range<usize>> {
    let start = behind.iter().position(|node| !matches!(node, Node::Space))?;
    let mut end = start;
    while let Some(Node::Factor(factor)) = behind.get(end) {
        let before = behind[start..end].last();
        let argument = matches!(before, Some(Node::Factor(Factor { base: Base::Name(_), .. })));
        match before {
            Some(_) if factor.is_bracket() && !argument => return None,
            None if factor.is_bare() => return Some(start..end + 1),
            _ => end += 1,
        }
    }
    (start < end).then_some(start..end)
}

/// The nodes, or what a single pair of round brackets among them holds.
fn held(mut nodes: Vec<Node>) -> Vec<Node> {
    match (nodes.pop(), nodes.is_empty()) {
        (Some(Node::Factor(only)), true) => unbracketed(only),
        (last, _) => {
            nodes.extend(last);
            nodes
        }
    }
}
