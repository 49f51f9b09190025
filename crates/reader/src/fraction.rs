//! Quotients: what stands below a stroke, and the fractions of LaTeX.

use winnow::combinator::opt;
use winnow::prelude::*;
use winnow::stream::Stream;

use super::input::{Input, Parsed, begins_factor, end, fail, missing, mistake_here, nested, peek, since, start, token};
use super::token::{Gap, Kind, Token};
use notation::tree::{Expr, Factor, Node};
use notation::{Mistake, Place};

/// An expression, of which the product is still open if it is one product.
pub(super) enum Whole {
    Term(Vec<Factor>),
    Expr(Expr),
}

/// A text that is longer is not repeated in a message.
const SHORT: usize = 60;

/// The product of factors, which is the factor if there is one.
pub(super) fn product(mut factors: Vec<Factor>, place: Place) -> Expr {
    match factors.len() {
        1 => factors.remove(0).expr,
        _ => Expr { node: Node::Product(factors), place },
    }
}

/// denominator = bracketed { postfix } | factor { TIGHT factor }
///
/// Letters and numbers without spaces are below the stroke; in LaTeX, which has no spaces, all of them. Brackets end
/// it, but it must be clear that they do: without a space before what follows, both readings occur in print, and in
/// LaTeX no space makes it clear. The term starts at `term`, its stroke at `stroke`.
pub(super) fn denominator<'a>(
    input: &mut Input<'a>,
    term: usize,
    stroke: usize,
    factor: impl Fn(&mut Input<'a>) -> Parsed<Expr>,
) -> Parsed<Expr> {
    let begin = start(input);
    if let Some(Kind::Sum(_)) = peek(input) {
        let mistake = mistake_here(input, "where does this sum below the stroke end?");
        return fail(mistake.help("Put it into brackets: 1/(∑ᵢ …)."));
    }
    let letters = |token: &Token| matches!(token.kind, Kind::Number(_) | Kind::Name(_) | Kind::Indexed(..));
    let open = input.peek_token().is_some_and(letters);
    let mut factors = vec![Factor { divides: false, expr: factor(input)? }];
    while open && input.peek_token().is_some_and(|next| letters(next) && next.gap == Gap::Tight) {
        factors.push(Factor { divides: false, expr: factor(input)? });
    }
    let below = product(factors, since(input, begin));
    match input.peek_token() {
        Some(Token { kind: Kind::Dot | Kind::Slash, .. }) => ambiguous(input, term, stroke, begin),
        Some(next) if next.gap == Gap::Tight && begins_factor(input, &next.kind) => {
            ambiguous(input, term, stroke, begin)
        }
        _ => Ok(below),
    }
}

/// What follows a denominator can be read as part of it, or not.
fn ambiguous<T>(input: &Input, term: usize, stroke: usize, begin: usize) -> Parsed<T> {
    let source = input.state.source;
    let Some(next) = input.peek_token() else { return missing(input, "a factor") };
    let (operation, first) = match next.kind {
        Kind::Dot => ("·", 1),
        Kind::Slash => ("/", 1),
        _ => ("", 0),
    };
    let (from, to) = factor_ahead(input, first);
    let (above, below, rest) = (source.slice(term, stroke), source.slice(begin, end(input)), source.slice(from, to));
    let message = match input.input.get(first).map(|token| &token.kind) {
        Some(Kind::Open(_)) => "is the bracket below the stroke?".to_string(),
        _ if rest.len() < SHORT && !rest.is_empty() => format!("is {rest} below the stroke?"),
        _ => "is this below the stroke?".to_string(),
    };
    let mistake = Mistake::new(source.place(from, to.max(from)), message);
    if above.len() + below.len() + rest.len() > SHORT {
        return fail(mistake.help("Put brackets about the quotient, or about all that is below the stroke."));
    }
    let bare = below.strip_prefix('(').and_then(|inside| inside.strip_suffix(')'));
    let bare = bare.filter(|inside| inside.chars().all(char::is_alphanumeric)).unwrap_or(&below);
    fail(mistake.help(format!("Write ({above}/{below}){operation}{rest} or {above}/({bare}{operation}{rest}).")))
}

/// The bytes of the factor that starts at a distance: up to the bracket or bar that closes the first one, with postfixes.
fn factor_ahead(input: &Input, first: usize) -> (usize, usize) {
    let tokens: &[Token] = &input.input[first.min(input.input.len())..];
    let Some(start) = tokens.first().map(|token| token.start) else { return (end(input), end(input)) };
    let mut end = start;
    let mut depth = 0_usize;
    for (position, token) in tokens.iter().enumerate() {
        let postfix =
            matches!(token.kind, Kind::Exponent(_) | Kind::Transpose | Kind::Pseudoinverse | Kind::PositivePart);
        let opens = matches!(token.kind, Kind::Open(_));
        let argument = position == 1 && opens && matches!(tokens[0].kind, Kind::Function(_) | Kind::Max);
        if depth == 0 && position > 0 && !postfix && !argument {
            break;
        }
        match token.kind {
            Kind::Open(_) | Kind::FractionOpen => depth += 1,
            Kind::Close(_) | Kind::FractionClose => depth = depth.saturating_sub(1),
            Kind::Bar | Kind::Norm if position == 0 => depth = 1,
            // Bars inside of brackets have other bars to close them.
            Kind::Bar | Kind::Norm if depth == 1 && token.kind == tokens[0].kind => depth = 0,
            _ => {}
        }
        end = token.end;
    }
    (start, end)
}

/// A fraction of LaTeX: the factors of its numerator, if that is one product, divided by the denominator.
pub(super) fn fraction<'a>(
    input: &mut Input<'a>,
    whole: impl Fn(&mut Input<'a>) -> Parsed<Whole>,
    expr: impl Fn(&mut Input<'a>) -> Parsed<Expr>,
) -> Parsed<Expr> {
    let begin = start(input);
    token(Kind::FractionOpen).parse_next(input)?;
    let inside = start(input);
    let above = nested(input, None, whole)?;
    let place = since(input, inside);
    let mut factors = match above {
        Whole::Term(factors) if !factors.last().is_some_and(|last| last.divides) => factors,
        Whole::Term(factors) => vec![Factor { divides: false, expr: product(factors, place) }],
        Whole::Expr(expr) => vec![Factor { divides: false, expr }],
    };
    if opt(token(Kind::FractionBar)).parse_next(input)?.is_none() {
        return fail(mistake_here(input, "this does not belong into a numerator"));
    }
    let below = nested(input, None, expr)?;
    if opt(token(Kind::FractionClose)).parse_next(input)?.is_none() {
        return fail(mistake_here(input, "this does not belong into a denominator"));
    }
    factors.push(Factor { divides: true, expr: below });
    Ok(product(factors, since(input, begin)))
}
