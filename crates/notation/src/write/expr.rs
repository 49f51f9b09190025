//! The spellings of expressions.

use super::name::{self, name};
use super::number::{number, superscript};
use super::spelling::Spelling;
use crate::tree::{Expr, Factor, Index, Name, Node, Summand};

/// Writes in one spelling.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writer {
    pub(super) spelling: Spelling,
}

/// How tightly the parts of an expression hold together, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tightness {
    /// a + b
    Sum,
    /// A⊗B
    Tensor,
    /// ab, ∑ᵢ a
    Term,
    /// a², a/b as a LaTeX fraction
    Factor,
    /// a, Tr[a], what stands in brackets
    Primary,
}

impl Writer {
    /// The expression, without brackets about it.
    pub(super) fn expr(self, expr: &Expr) -> String {
        match &expr.node {
            Node::Number(value) => number(value, self.spelling),
            Node::Name(symbol) => name(symbol, self.spelling),
            Node::Indexed(symbol, index) => self.indexed(symbol, *index),
            Node::At(symbol, index, point) => {
                let symbol = match index {
                    Some(index) => self.indexed(symbol, *index),
                    None => name(symbol, self.spelling),
                };
                format!("{symbol}({})", name::point(*point, self.spelling))
            }
            Node::Call(function, arguments) => name(function, self.spelling) + &self.bracketed(&self.list(arguments)),
            Node::Sum(summands) => self.sum(summands),
            Node::Product(factors) => self.product(factors),
            Node::Kronecker(parts) => self.tensor(parts, ["⊗", " ox ", " \\otimes "]),
            Node::KroneckerSum(parts) => self.tensor(parts, ["⊕", " o+ ", " \\oplus "]),
            Node::Power(base, exponent) => match self.spelling {
                Spelling::Unicode => self.postfix(base, &superscript(*exponent)),
                _ => self.postfix(base, &exponent.to_string()),
            },
            Node::Transpose(base) => self.postfix(base, self.pick(["ᵀ", "T", "\\top"])),
            Node::Pseudoinverse(base) => self.postfix(base, self.pick(["⁺", "+", "+"])),
            Node::PositivePart(part) => match self.spelling {
                Spelling::Unicode => format!("({})₊", self.expr(part)),
                Spelling::Ascii => format!("max{{0, {}}}", self.expr(part)),
                Spelling::Latex => format!("\\max\\left\\{{0, {}\\right\\}}", self.expr(part)),
            },
            Node::Trace(part) => self.function(["Tr", "Tr", "\\operatorname{Tr}"], part),
            Node::Vec(part) => self.function(["vec", "vec", "\\operatorname{vec}"], part),
            Node::Mean(part) => self.function(["E", "E", "\\mathbb{E}"], part),
            Node::Norm(part) => {
                let [open, close] = match (holds_norm(part), self.spelling) {
                    (false, Spelling::Latex) => ["\\left|", "\\right|"],
                    (false, _) => ["|", "|"],
                    (true, Spelling::Unicode) => ["‖", "‖"],
                    (true, Spelling::Ascii) => ["||", "||"],
                    (true, Spelling::Latex) => ["\\left\\|", "\\right\\|"],
                };
                format!("{open}{}{close}", self.expr(part))
            }
            Node::Over(index, part) => {
                let sum = self.pick(["∑", "sum", "\\sum"]);
                format!("{sum}{} {}", name::index(*index, self.spelling), self.at_least(part, Tightness::Term))
            }
        }
    }

    /// A name with an index.
    pub(super) fn indexed(self, symbol: &Name, index: Index) -> String {
        match self.spelling {
            Spelling::Latex => name::latex(symbol, Some(index), ""),
            spelling => name(symbol, spelling) + name::index(index, spelling),
        }
    }

    /// Expressions behind each other, with commas.
    pub(super) fn list(self, exprs: &[Expr]) -> String {
        exprs.iter().map(|expr| self.expr(expr)).collect::<Vec<_>>().join(", ")
    }

    /// A text in round brackets.
    pub(super) fn bracketed(self, text: &str) -> String {
        match self.spelling {
            Spelling::Latex => format!("\\left({text}\\right)"),
            _ => format!("({text})"),
        }
    }

    /// The spelling of the three.
    pub(super) fn pick(self, [unicode, ascii, latex]: [&str; 3]) -> &str {
        match self.spelling {
            Spelling::Unicode => unicode,
            Spelling::Ascii => ascii,
            Spelling::Latex => latex,
        }
    }

    fn function(self, words: [&str; 3], part: &Expr) -> String {
        let (word, part) = (self.pick(words), self.expr(part));
        match self.spelling {
            Spelling::Latex => format!("{word}\\left[{part}\\right]"),
            _ => format!("{word}[{part}]"),
        }
    }

    /// The expression, in brackets if it holds together less tightly.
    fn at_least(self, expr: &Expr, tightness: Tightness) -> String {
        if self.tightness(expr) < tightness { self.bracketed(&self.expr(expr)) } else { self.expr(expr) }
    }

    fn tightness(self, expr: &Expr) -> Tightness {
        match &expr.node {
            Node::Sum(_) => Tightness::Sum,
            Node::Kronecker(_) | Node::KroneckerSum(_) => Tightness::Tensor,
            Node::Product(factors)
                if self.spelling == Spelling::Latex && factors.last().is_some_and(|last| last.divides) =>
            {
                Tightness::Factor
            }
            Node::Product(_) | Node::Over(..) => Tightness::Term,
            Node::Power(..) | Node::Transpose(_) | Node::Pseudoinverse(_) => Tightness::Factor,
            Node::PositivePart(_) if self.spelling == Spelling::Unicode => Tightness::Factor,
            Node::Name(symbol) if name::is_squared(symbol) => Tightness::Factor,
            _ => Tightness::Primary,
        }
    }

    /// An exponent, or ᵀ, or ⁺, behind the base that it belongs to.
    fn postfix(self, base: &Expr, above: &str) -> String {
        match (self.spelling, &base.node) {
            (Spelling::Latex, Node::Name(symbol)) if !name::is_squared(symbol) => name::latex(symbol, None, above),
            (Spelling::Latex, Node::Indexed(symbol, index)) => name::latex(symbol, Some(*index), above),
            (Spelling::Latex, _) => format!("{}^{{{above}}}", self.at_least(base, Tightness::Primary)),
            (Spelling::Ascii, _) => format!("{}^{above}", self.at_least(base, Tightness::Primary)),
            (Spelling::Unicode, _) => self.at_least(base, Tightness::Primary) + above,
        }
    }

    fn sum(self, summands: &[Summand]) -> String {
        let minus = self.pick(["−", "-", "-"]);
        let space = if self.spelling == Spelling::Unicode && is_momentum_factor(summands) { "" } else { " " };
        let mut text = String::new();
        for (position, summand) in summands.iter().enumerate() {
            let sign = if summand.negative { minus } else { "+" };
            match (position, summand.negative) {
                (0, true) => text.push_str(minus),
                (0, false) => {}
                _ => text.push_str(&format!("{space}{sign}{space}")),
            }
            text.push_str(&self.at_least(&summand.expr, Tightness::Tensor));
        }
        text
    }

    /// Operands side by side; whatever is not one factor stands in brackets, so that scalars in front are no question.
    fn tensor(self, parts: &[Expr], signs: [&str; 3]) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.at_least(part, Tightness::Factor)).collect();
        parts.join(self.pick(signs))
    }

    fn product(self, factors: &[Factor]) -> String {
        let mut text = String::new();
        for (position, factor) in factors.iter().enumerate() {
            let behind = factors.get(position + 1);
            match (factor.divides, self.spelling) {
                (true, Spelling::Latex) => text = format!("\\frac{{{text}}}{{{}}}", self.expr(&factor.expr)),
                (true, _) => {
                    text.push('/');
                    text.push_str(&self.denominator(&factor.expr));
                }
                (false, _) => {
                    let part = self.factor(factors, position, behind.is_none());
                    if position > 0 {
                        text.push_str(self.between(&text, &part, factors, position));
                    }
                    text.push_str(&part);
                }
            }
        }
        text
    }

    /// A factor above the stroke. The last one may be a sum over an index, which nothing ends, if it is the only sum; a
    /// numerator of one factor needs no brackets in LaTeX, but about a product, which is not the same as its factors.
    fn factor(self, factors: &[Factor], position: usize, last: bool) -> String {
        let expr = &factors[position].expr;
        let alone = position == 0 && factors.get(1).is_some_and(|second| second.divides);
        let numerator = alone && self.spelling == Spelling::Latex;
        let holds_other_sums = factors[..position].iter().any(|factor| matches!(factor.expr.node, Node::Over(..)));
        match &expr.node {
            Node::Product(_) if numerator => self.bracketed(&self.expr(expr)),
            _ if numerator => self.expr(expr),
            Node::Over(..) if last && !holds_other_sums => self.expr(expr),
            _ => self.at_least(expr, Tightness::Factor),
        }
    }

    /// What stands below a stroke: one name or number, with its exponent, or what stands in brackets.
    fn denominator(self, expr: &Expr) -> String {
        let bare = match &expr.node {
            Node::Power(base, _) | Node::Transpose(base) | Node::Pseudoinverse(base) => {
                !matches!(base.node, Node::Norm(_))
            }
            Node::Number(_) | Node::Name(_) | Node::Indexed(..) | Node::Trace(_) => true,
            _ => false,
        };
        if bare { self.expr(expr) } else { self.bracketed(&self.expr(expr)) }
    }

    /// What stands between the factors so far and the next, which does not divide.
    fn between(self, left: &str, right: &str, factors: &[Factor], position: usize) -> &'static str {
        let begins = |first: &str| right.starts_with(first);
        let number =
            right.starts_with(|first: char| first.is_ascii_digit() || "½¼".contains(first)) || begins("\\tfrac");
        let letter = right.starts_with(char::is_alphabetic);
        let divided = factors[position - 1].divides;
        match self.spelling {
            Spelling::Latex if number => "\\cdot ",
            Spelling::Latex if letter => " ",
            Spelling::Latex => "",
            _ if divided => " ",
            Spelling::Ascii if number => " * ",
            Spelling::Ascii if begins("(") && !left.ends_with(['T', '+', '*']) => "",
            Spelling::Ascii => " ",
            Spelling::Unicode if number => "·",
            Spelling::Unicode if left.ends_with(['½', '¼']) || begins("∑") => " ",
            Spelling::Unicode if begins("(") || begins("|") || begins("‖") => {
                if could_be_argument(&factors[position].expr) { " " } else { "" }
            }
            Spelling::Unicode if begins("Tr[") || begins("vec[") || begins("E[") => {
                if left.ends_with(is_greek) || left.ends_with(|last: char| last.is_ascii_digit()) { "" } else { " " }
            }
            Spelling::Unicode if is_grouped(&factors[position - 1].expr) && letter_follows(right) => {
                if is_single_behind(factors, position) { "" } else { " " }
            }
            Spelling::Unicode if ends_with_subscript(&factors[position - 1].expr) && letter => " ",
            Spelling::Unicode if name::is_word(&run(left, right)) => "·",
            Spelling::Unicode => "",
        }
    }
}

fn is_greek(letter: char) -> bool {
    ('\u{370}'..='\u{3ff}').contains(&letter)
}

fn letter_follows(right: &str) -> bool {
    right.starts_with(|first: char| first.is_alphabetic() || first == '∇')
}

/// The Latin letters about the place where two texts meet; the letter behind ∇ is part of the name of a gradient.
fn run(left: &str, right: &str) -> String {
    let rest = left.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let letters = &left[rest.len()..];
    let before = if rest.ends_with('∇') { letters.get(1..).unwrap_or_default() } else { letters };
    let behind = right.chars().take_while(char::is_ascii_alphabetic).count();
    format!("{before}{}", &right[..behind])
}

/// Whether the expression is written in brackets that hold nothing but a point.
fn could_be_argument(expr: &Expr) -> bool {
    match &expr.node {
        Node::PositivePart(part) => matches!(&part.node, Node::Name(symbol) if name::is_point(symbol)),
        _ => false,
    }
}

/// Whether the last letter of the expression is below the line.
fn ends_with_subscript(expr: &Expr) -> bool {
    matches!(&expr.node, Node::Name(symbol) if name::ends_with_subscript(symbol))
}

/// Whether a norm stands inside, of which the bars would be taken for those of the outer one.
fn holds_norm(expr: &Expr) -> bool {
    matches!(expr.node, Node::Norm(_)) || expr.parts().into_iter().any(holds_norm)
}

/// Whether a sum is 1 − μ, 1 + μ or one of μ²: the paper sets it without spaces.
fn is_momentum_factor(summands: &[Summand]) -> bool {
    let [one, momentum] = summands else { return false };
    let base = match &momentum.expr.node {
        Node::Power(base, _) => base,
        _ => &momentum.expr,
    };
    matches!(&one.expr.node, Node::Number(number) if *number == 1)
        && !one.negative
        && matches!(&base.node, Node::Name(symbol) if symbol.as_str() == "μ")
}

/// Whether a factor ends with a bracket that no exponent follows.
fn is_grouped(expr: &Expr) -> bool {
    let brackets = matches!(
        expr.node,
        Node::Sum(_) | Node::Product(_) | Node::Kronecker(_) | Node::KroneckerSum(_) | Node::Over(..)
    );
    brackets || matches!(expr.node, Node::Call(..) | Node::Trace(_) | Node::Vec(_) | Node::Mean(_))
}

/// Whether the factor is the last, one letter, and stands behind brackets that it belongs to closely: 2(1−μ)I,
/// (1 + 1/S)K, Λ(…)Λ, Tr[AΣ]A, (λ/S + 1)z.
fn is_single_behind(factors: &[Factor], position: usize) -> bool {
    let expr = &factors[position].expr;
    let symbol = match &expr.node {
        Node::Name(symbol) => symbol,
        Node::Power(base, 0..) => match &base.node {
            Node::Name(symbol) => symbol,
            _ => return false,
        },
        _ => return false,
    };
    let close = match &factors[position - 1].expr.node {
        _ if symbol.as_str().starts_with(char::is_lowercase) => true,
        Node::Trace(_) => true,
        Node::Sum(summands) => {
            matches!(summands[0].expr.node, Node::Number(_))
                || position
                    .checked_sub(2)
                    .is_some_and(|before| matches!(factors[before].expr.node, Node::Name(_) | Node::Number(_)))
        }
        _ => false,
    };
    close && position + 1 == factors.len()
}
