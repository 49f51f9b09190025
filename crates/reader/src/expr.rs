//! Expressions, by the grammar: a sum of products by ⊗ and ⊕ of products of factors with what is above them.
//!
//! Every level of nesting takes some of the stack; what only one kind of factor needs is not inlined, so that the
//! others do not pay for it.

use rug::Rational;
use winnow::combinator::{cut_err, opt, repeat, separated};
use winnow::error::ErrMode;
use winnow::prelude::*;
use winnow::stream::Stream;
use winnow::token::any;

use super::fraction::{Whole, denominator, fraction, product};
use super::input::{
    Fault, Input, Parsed, ahead, begins_factor, end, fail, missing, mistake_here, nested, peek, since, start, token,
};
use super::token::{Bracket, Function, Gap, Kind, Token};
use notation::Mistake;
use notation::tree::{Expr, Factor, Index, Name, Node, Point, Summand};

/// More signs behind one factor than a formula may have.
const POSTFIXES: usize = 8;

/// expr = [sign] tensor { sign tensor }
pub(super) fn expr(input: &mut Input) -> Parsed<Expr> {
    let start = start(input);
    let whole = whole(input)?;
    Ok(closed(input, whole, start))
}

/// An expression, from which nothing is made if it is one product.
pub(super) fn whole(input: &mut Input) -> Parsed<Whole> {
    let start_of_all = start(input);
    let negative = opt(sign).parse_next(input)?;
    let start_of_first = start(input);
    let first = tensor(input)?;
    let more = |input: &mut Input| -> Parsed<Summand> {
        if is_remainder(input) {
            return Err(ErrMode::Backtrack(Fault(None)));
        }
        let negative = sign.parse_next(input)?;
        let start = start(input);
        let whole = cut_err(tensor).parse_next(input)?;
        Ok(Summand { negative, expr: closed(input, whole, start) })
    };
    let end_of_first = end(input);
    let others: Vec<Summand> = repeat(0.., more).parse_next(input)?;
    if others.is_empty() && negative != Some(true) {
        return Ok(first);
    }
    let place = input.state.source.place(start_of_first, end_of_first.max(start_of_first));
    let first = match first {
        Whole::Term(factors) => product(factors, place),
        Whole::Expr(expr) => expr,
    };
    let mut summands = vec![Summand { negative: negative == Some(true), expr: first }];
    summands.extend(others);
    Ok(Whole::Expr(Expr { node: Node::Sum(summands), place: since(input, start_of_all) }))
}

/// Makes an expression of what was read from a byte on.
pub(super) fn closed(input: &Input, whole: Whole, start: usize) -> Expr {
    match whole {
        Whole::Term(factors) => product(factors, since(input, start)),
        Whole::Expr(expr) => expr,
    }
}

/// Whether + O(…) follows, which ends an equation.
fn is_remainder(input: &Input) -> bool {
    let name = |token: &Token| matches!(&token.kind, Kind::Name(name) if matches!(name.as_str(), "O" | "o"));
    input.state.depth == 0
        && ahead(input, 0).is_some_and(|token| token.kind == Kind::Plus)
        && ahead(input, 1).is_some_and(name)
        && ahead(input, 2).is_some_and(|token| token.kind == Kind::Open(Bracket::Round) && token.gap == Gap::Tight)
}

fn sign(input: &mut Input) -> Parsed<bool> {
    any.verify_map(|token: &Token| match token.kind {
        Kind::Plus => Some(false),
        Kind::Minus => Some(true),
        _ => None,
    })
    .parse_next(input)
}

/// tensor = term { ("⊗" | "⊕") term }
fn tensor(input: &mut Input) -> Parsed<Whole> {
    let start_of_all = start(input);
    let first = term(input)?;
    let Some(operation @ (Kind::Kronecker | Kind::KroneckerSum)) = peek(input) else { return Ok(Whole::Term(first)) };
    let scalars = first.len() > 1;
    let mut operands = vec![product(first, since(input, start_of_all))];
    while peek(input) == Some(operation) {
        token(operation.clone()).parse_next(input)?;
        let start = start(input);
        let factors = term(input)?;
        operands.push(product(factors, since(input, start)));
    }
    if matches!(peek(input), Some(Kind::Kronecker | Kind::KroneckerSum)) {
        let mistake = mistake_here(input, "⊗ and ⊕ stand side by side, and neither comes first");
        return fail(mistake.help("Put brackets: (A⊗B)⊕C or A⊗(B⊕C)."));
    }
    let place = since(input, start_of_all);
    if scalars {
        input.state.tensors.push(place);
    }
    let node = match operation {
        Kind::Kronecker => Node::Kronecker(operands),
        _ => Node::KroneckerSum(operands),
    };
    Ok(Whole::Expr(Expr { node, place }))
}

/// term = factor { factor | "·" factor | "/" denominator }
///
/// Only the last of the factors divides.
fn term(input: &mut Input) -> Parsed<Vec<Factor>> {
    let start = start(input);
    let mut factors = vec![Factor { divides: false, expr: factor(input)? }];
    loop {
        let next = peek(input);
        let follows = next.is_some_and(|kind| *kind == Kind::Dot || begins_factor(input, kind));
        if follows && factors.last().is_some_and(|last| last.divides) {
            // What stands behind a quotient has it for a factor.
            let quotient = product(factors, since(input, start));
            factors = vec![Factor { divides: false, expr: quotient }];
        }
        match next {
            Some(Kind::Slash) => {
                let stroke = any.parse_next(input)?.start;
                factors.push(Factor { divides: true, expr: denominator(input, start, stroke, factor)? });
            }
            Some(kind) if follows => {
                let number = factors.last().is_some_and(|last| matches!(last.expr.node, Node::Number(_)));
                if number && matches!(kind, Kind::Number(_)) {
                    let mistake = mistake_here(input, "two numbers stand side by side");
                    return fail(mistake.help("Put a dot between factors: 2·3."));
                }
                if *kind == Kind::Dot {
                    any.parse_next(input)?;
                }
                factors.push(Factor { divides: false, expr: factor(input)? });
            }
            _ => return Ok(factors),
        }
    }
}

/// factor = primary { postfix }
pub(super) fn factor(input: &mut Input) -> Parsed<Expr> {
    let start = start(input);
    let mut expr = primary(input)?;
    let norm = matches!(expr.node, Node::Norm(_));
    let mut count = 0;
    while let Some(Token { kind, gap, .. }) = input.peek_token() {
        let wrap: fn(Box<Expr>) -> Node = match kind {
            Kind::Exponent(_) => |base| Node::Power(base, 0),
            Kind::Transpose => Node::Transpose,
            Kind::Pseudoinverse => Node::Pseudoinverse,
            Kind::PositivePart => Node::PositivePart,
            _ => break,
        };
        if *gap == Gap::Space {
            let mistake = mistake_here(input, "this stands behind a space");
            return fail(mistake.help("What is above the line stands directly behind the factor that it belongs to."));
        }
        if count == POSTFIXES {
            return fail(mistake_here(input, format!("more than {POSTFIXES} signs stand above one factor")));
        }
        if count > 0 && matches!((kind, &expr.node), (Kind::Exponent(_), Node::Power(..))) {
            let mistake = mistake_here(input, "a power of a power needs brackets");
            return fail(mistake.help("Write (M²)⁻¹."));
        }
        any.parse_next(input)?;
        let mut node = wrap(Box::new(expr));
        if let (Kind::Exponent(exponent), Node::Power(_, power)) = (kind, &mut node) {
            *power = *exponent;
        }
        expr = Expr { node, place: since(input, start) };
        count += 1;
        if norm && count == 1 && !matches!(expr.node, Node::Power(_, exponent) if exponent % 2 == 0) {
            return odd_norm(input, start);
        }
    }
    if norm && count == 0 { odd_norm(input, start) } else { Ok(expr) }
}

#[inline(never)]
fn odd_norm<T>(input: &Input, start: usize) -> Parsed<T> {
    let place = since(input, start);
    let mistake = Mistake::new(place, "a norm is a root, but for its even powers");
    fail(mistake.help("Write |x|² or ‖M‖²; |L₀ − ℓᵢ| stands in limits and in O(…) only."))
}

fn primary(input: &mut Input) -> Parsed<Expr> {
    let start = start(input);
    let Some(kind) = peek(input).filter(|kind| begins_factor(input, kind)) else {
        return missing(input, "a factor");
    };
    let node = match kind {
        Kind::Number(number) => {
            any.parse_next(input)?;
            Node::Number(number.clone())
        }
        Kind::Name(name) => {
            any.parse_next(input)?;
            return named(input, name, None, start);
        }
        Kind::Indexed(name, index) => {
            any.parse_next(input)?;
            return named(input, name, Some(*index), start);
        }
        Kind::Sum(index) => {
            any.parse_next(input)?;
            let inside = self::start(input);
            let body = nested(input, input.state.bar.clone(), tensor)?;
            Node::Over(*index, Box::new(closed(input, body, inside)))
        }
        Kind::Function(function) => {
            any.parse_next(input)?;
            function_of(input, *function)?
        }
        Kind::Max => {
            any.parse_next(input)?;
            Node::PositivePart(Box::new(maximum(input)?))
        }
        Kind::FractionOpen => return fraction(input, whole, expr),
        Kind::Bar | Kind::Norm => {
            any.parse_next(input)?;
            let inside = nested(input, Some(kind.clone()), expr)?;
            if opt(token(kind.clone())).parse_next(input)?.is_none() {
                return missing(input, "the second bar");
            }
            Node::Norm(Box::new(inside))
        }
        _ => return bracketed(input),
    };
    Ok(Expr { node, place: since(input, start) })
}

/// bracketed = "(" expr ")" | "[" expr "]"
pub(super) fn bracketed(input: &mut Input) -> Parsed<Expr> {
    let open = any.parse_next(input)?;
    let Kind::Open(bracket @ (Bracket::Round | Bracket::Square)) = open.kind else {
        let mistake = input.state.source.mistake(open.start, open.end, "braces stand behind max only");
        return fail(mistake.help("Group with ( ) or [ ]."));
    };
    let inside = nested(input, None, expr)?;
    close(input, bracket)?;
    Ok(inside)
}

fn close(input: &mut Input, bracket: Bracket) -> Parsed<()> {
    let sign = match bracket {
        Bracket::Round => "the bracket )",
        Bracket::Square => "the bracket ]",
        Bracket::Curly => "the bracket }",
    };
    match peek(input) {
        Some(Kind::Close(found)) if *found == bracket => {
            any.parse_next(input)?;
            Ok(())
        }
        Some(Kind::Comma) => {
            let mistake = mistake_here(input, "only a defined function has more than one argument");
            fail(mistake.help("Give the function as a definition: f(s, t) = …."))
        }
        _ => missing(input, sign),
    }
}

/// A name was read: with a point, with arguments, or alone.
#[inline(never)]
fn named(input: &mut Input, name: &Name, index: Option<Index>, start: usize) -> Parsed<Expr> {
    let round = ahead(input, 0).is_some_and(|next| next.kind == Kind::Open(Bracket::Round) && next.gap == Gap::Tight);
    let node = if let (Some(arity), None) = (input.state.functions.get(name).copied(), index) {
        if !matches!(peek(input), Some(Kind::Open(Bracket::Round))) {
            let place = since(input, start);
            let message = format!("{} is a function, and its argument is missing", name.as_str());
            let mistake = Mistake::new(place, message);
            return fail(mistake.help(format!("It has {arity}, in round brackets.")));
        }
        any.parse_next(input)?;
        let arguments: Vec<Expr> =
            nested(input, None, |input| separated(1.., expr, token(Kind::Comma)).parse_next(input))?;
        close(input, Bracket::Round)?;
        if arguments.len() != arity {
            let message = format!("{} has {arity} arguments, and not {}", name.as_str(), arguments.len());
            return fail(Mistake::new(since(input, start), message));
        }
        Node::Call(name.clone(), arguments)
    } else if round && name.as_str() == "O" {
        let mistake = mistake_here(input, "O(…) stands at the end of an equation, behind +");
        return fail(mistake.help("Write l = r + O(λ²)."));
    } else if let Some(point) = round.then(|| point(input)).flatten() {
        for _ in 0..3 {
            any.parse_next(input)?;
        }
        Node::At(name.clone(), index, point)
    } else {
        match index {
            Some(index) => Node::Indexed(name.clone(), index),
            None => Node::Name(name.clone()),
        }
    };
    Ok(Expr { node, place: since(input, start) })
}

/// The point in the brackets that follow, if they hold nothing else.
fn point(input: &Input) -> Option<Point> {
    let (Kind::Name(name), Kind::Close(Bracket::Round)) = (&ahead(input, 1)?.kind, &ahead(input, 2)?.kind) else {
        return None;
    };
    match name.as_str() {
        "w" => Some(Point::Weights),
        "w*" => Some(Point::Minimizer),
        "w₀" => Some(Point::Initial),
        "u" => Some(Point::True),
        _ => None,
    }
}

/// Tr, vec or E was read. Brackets end the argument; without them it is one symbol, and nothing may follow that could
/// belong to it.
#[inline(never)]
fn function_of(input: &mut Input, function: Function) -> Parsed<Node> {
    let argument = match peek(input) {
        Some(Kind::Open(_)) => bracketed(input)?,
        Some(Kind::Name(name)) if function != Function::Mean => {
            let start = start(input);
            any.parse_next(input)?;
            let place = since(input, start);
            is_alone(input, function, name.as_str())?;
            Expr { node: Node::Name(name.clone()), place }
        }
        Some(Kind::Indexed(name, index)) if function != Function::Mean => {
            let start = start(input);
            any.parse_next(input)?;
            let place = since(input, start);
            is_alone(input, function, name.as_str())?;
            Expr { node: Node::Indexed(name.clone(), *index), place }
        }
        _ => return missing(input, &format!("the argument of {}, in brackets,", function.word())),
    };
    let argument = Box::new(argument);
    Ok(match function {
        Function::Trace => Node::Trace(argument),
        Function::Vec => Node::Vec(argument),
        Function::Mean => Node::Mean(argument),
    })
}

#[inline(never)]
fn is_alone(input: &Input, function: Function, name: &str) -> Parsed<()> {
    let Some(next) = ahead(input, 0) else { return Ok(()) };
    let postfix = matches!(next.kind, Kind::Exponent(_) | Kind::Transpose | Kind::Pseudoinverse | Kind::PositivePart);
    if !postfix && !begins_factor(input, &next.kind) {
        return Ok(());
    }
    let word = function.word();
    let behind = input.state.source.slice(next.start, next.end);
    let mistake = mistake_here(input, format!("does {behind} belong to the argument of {word}?"));
    fail(mistake.help(format!("Write {word}[{name}{behind}] or {word}[{name}]{behind}.")))
}

/// max was read: {0, x}.
#[inline(never)]
fn maximum(input: &mut Input) -> Parsed<Expr> {
    let advice = "The larger of 0 and x is max{0, x}, or (x)₊.";
    let Some(Kind::Open(bracket)) = peek(input) else {
        return fail(mistake_here(input, "behind max stands a brace").help(advice));
    };
    any.parse_next(input)?;
    let zero = |token: &Token| matches!(&token.kind, Kind::Number(number) if *number == Rational::new());
    let zero_comma = ahead(input, 0).is_some_and(zero) && ahead(input, 1).is_some_and(|next| next.kind == Kind::Comma);
    if !zero_comma {
        return fail(mistake_here(input, "the first of the two behind max is 0").help(advice));
    }
    any.parse_next(input)?;
    any.parse_next(input)?;
    let inside = nested(input, None, expr)?;
    close(input, *bracket)?;
    Ok(inside)
}
