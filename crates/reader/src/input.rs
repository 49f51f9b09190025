//! What the parsers read from, and how they fail.

use std::collections::BTreeMap;

use winnow::error::{ErrMode, ParserError};
use winnow::prelude::*;
use winnow::stream::{Stateful, Stream, TokenSlice};
use winnow::token::any;

use super::source::Source;
use super::token::{DEPTH, Kind, TOO_DEEP, Token};
use notation::tree::Name;
use notation::{Mistake, Place};

/// The tokens that are left.
pub(super) type Input<'a> = Stateful<TokenSlice<'a, Token>, State<'a>>;

/// What a parser returns.
pub(super) type Parsed<T> = ModalResult<T, Fault>;

/// What goes along with the tokens.
#[derive(Debug, Clone)]
pub(super) struct State<'a> {
    pub(super) source: Source<'a>,
    /// The defined functions, with the number of their arguments.
    pub(super) functions: &'a BTreeMap<Name, usize>,
    /// How many brackets are open.
    pub(super) depth: usize,
    /// The bar that closes the innermost bars, if nothing else is open inside them.
    pub(super) bar: Option<Kind>,
    /// Products by ⊗ or ⊕ of which the first operand is more than one factor, so that scalars may stand before it.
    pub(super) tensors: Vec<Place>,
}

/// Why a parser did not succeed: without a mistake, because it does not apply.
#[derive(Debug, Clone)]
pub(super) struct Fault(pub(super) Option<Box<Mistake>>);

impl<'a> ParserError<Input<'a>> for Fault {
    type Inner = Self;

    fn from_input(_: &Input<'a>) -> Self {
        Fault(None)
    }

    fn into_inner(self) -> Result<Self, Self> {
        Ok(self)
    }
}

/// Gives up with a mistake.
pub(super) fn fail<T>(mistake: Mistake) -> Parsed<T> {
    Err(ErrMode::Cut(Fault(Some(Box::new(mistake)))))
}

/// The kind of the next token.
pub(super) fn peek<'a>(input: &Input<'a>) -> Option<&'a Kind> {
    input.peek_token().map(|token| &token.kind)
}

/// The token at a distance from the next.
pub(super) fn ahead<'a>(input: &'a Input, distance: usize) -> Option<&'a Token> {
    input.input.get(distance)
}

/// A token of one kind.
pub(super) fn token<'a>(kind: Kind) -> impl ModalParser<Input<'a>, &'a Token, Fault> {
    any.verify(move |token: &&Token| token.kind == kind)
}

/// The byte at which the next token starts.
pub(super) fn start(input: &Input) -> usize {
    input.peek_token().map_or(input.state.source.text.len(), |token| token.start)
}

/// The byte at which the last token ended.
pub(super) fn end(input: &Input) -> usize {
    input.input.previous_tokens().next().map_or(0, |token| token.end)
}

/// The place from a byte to the last token.
pub(super) fn since(input: &Input, start: usize) -> Place {
    input.state.source.place(start, end(input).max(start))
}

/// Whether a factor begins with a token.
pub(super) fn begins_factor(input: &Input, kind: &Kind) -> bool {
    match kind {
        Kind::Number(_)
        | Kind::Name(_)
        | Kind::Indexed(..)
        | Kind::Sum(_)
        | Kind::Function(_)
        | Kind::Max
        | Kind::Open(_)
        | Kind::FractionOpen => true,
        Kind::Bar | Kind::Norm => input.state.bar.as_ref() != Some(kind),
        _ => false,
    }
}

/// A mistake at the next token.
#[inline(never)]
pub(super) fn mistake_here(input: &Input, message: impl Into<String>) -> Mistake {
    let source = input.state.source;
    match input.peek_token() {
        Some(token) => source.mistake(token.start, token.end, message),
        None => {
            let end = end(input);
            source.mistake(end, end, message)
        }
    }
}

/// Something is missing before the next token.
#[inline(never)]
pub(super) fn missing<T>(input: &Input, what: &str) -> Parsed<T> {
    let message = match input.peek_token() {
        Some(Token { kind: Kind::FractionBar | Kind::FractionClose, .. }) => {
            format!("in this fraction {what} is missing")
        }
        Some(token) => {
            let found = input.state.source.slice(token.start, token.end);
            format!("before {found} {what} is missing")
        }
        None => format!("at the end {what} is missing"),
    };
    let mistake = mistake_here(input, message);
    match input.input.previous_tokens().next() {
        Some(Token { kind: Kind::Dot, .. }) => {
            fail(mistake.help("Behind w, * is part of the name: w*. Elsewhere it is the sign of a product."))
        }
        Some(Token { kind: Kind::Plus | Kind::Minus, .. }) if matches!(peek(input), Some(Kind::Plus | Kind::Minus)) => {
            fail(mistake.help("Put brackets about what has a sign of its own: a + (−b)."))
        }
        _ => fail(mistake),
    }
}

/// Reads something that stands in brackets, below or above a stroke, or behind ∑.
pub(super) fn nested<'a, T>(
    input: &mut Input<'a>,
    bar: Option<Kind>,
    parser: impl Fn(&mut Input<'a>) -> Parsed<T>,
) -> Parsed<T> {
    if input.state.depth == DEPTH {
        return fail(mistake_here(input, TOO_DEEP).help("Give its parts names by definitions."));
    }
    input.state.depth += 1;
    let outer = std::mem::replace(&mut input.state.bar, bar);
    let read = parser(input);
    input.state.bar = outer;
    input.state.depth -= 1;
    read
}

/// Reads all tokens of a text.
pub(super) fn read_all<'a, T>(
    source: Source<'a>,
    tokens: &'a [Token],
    functions: &'a BTreeMap<Name, usize>,
    parser: impl Fn(&mut Input<'a>) -> Parsed<T>,
) -> Result<(T, Vec<Place>), Mistake> {
    let state = State { source, functions, depth: 0, bar: None, tensors: Vec::new() };
    let mut input = Stateful { input: TokenSlice::new(tokens), state };
    match parser(&mut input) {
        Ok(read) if input.input.is_empty() => Ok((read, input.state.tensors)),
        Err(ErrMode::Backtrack(Fault(Some(mistake))) | ErrMode::Cut(Fault(Some(mistake)))) => Err(*mistake),
        _ => Err(mistake_here(&input, "this does not belong here")),
    }
}
