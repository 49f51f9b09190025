//! Definitions, and how formulas of one text are told from each other.

use winnow::prelude::*;
use winnow::stream::Stream;
use winnow::token::any;

use super::expr::expr;
use super::input::{Input, Parsed, fail, missing, mistake_here, peek, since, start};
use super::token::{Bracket, Gap, Kind, Token, Word};
use notation::Mistake;
use notation::tree::{Body, Definition, Head, Name, Relation};

/// definition { (";" | ",") definition }
pub(super) fn definitions(input: &mut Input) -> Parsed<Vec<Definition>> {
    let mut read = Vec::new();
    loop {
        read.push(definition(input)?);
        if !separated_from_next(input, &mut true)? {
            return Ok(read);
        }
    }
}

/// definition = head ( "=" | ":=" ) expr | name "solves" expr "=" expr
pub(super) fn definition(input: &mut Input) -> Parsed<Definition> {
    let begin = start(input);
    let head = head(input)?;
    let body = match (peek(input), &head) {
        (Some(Kind::Relation(Relation::Equal) | Kind::Defines), _) => {
            any.parse_next(input)?;
            Body::Is(expr(input)?)
        }
        (Some(Kind::Word(Word::Solves)), Head::Name(_)) => {
            any.parse_next(input)?;
            let left = expr(input)?;
            if peek(input) != Some(&Kind::Relation(Relation::Equal)) {
                return missing(input, "=");
            }
            any.parse_next(input)?;
            Body::Solves(left, expr(input)?)
        }
        _ => {
            let mistake = mistake_here(input, "a definition is name = …");
            return fail(mistake.help("Write κ = …, dᵢ = …, f(s, t) = …, or X solves … = …."));
        }
    };
    Ok(Definition { head, body, place: since(input, begin) })
}

/// head = name | name index | name "(" name { "," name } ")"
fn head(input: &mut Input) -> Parsed<Head> {
    match head_of(&input.input) {
        Some((head, length)) => {
            let begin = start(input);
            for _ in 0..length {
                any.parse_next(input)?;
            }
            let Head::Function(_, parameters) = &head else { return Ok(head) };
            let twice = |(at, name): (usize, &Name)| parameters[..at].contains(name);
            if parameters.iter().enumerate().any(twice) {
                return fail(Mistake::new(since(input, begin), "two arguments have the same name"));
            }
            Ok(head)
        }
        None => {
            let mistake = mistake_here(input, "a definition begins with the name that it defines");
            fail(mistake.help("Write κ = …, dᵢ = …, f(s, t) = …, or X solves … = …."))
        }
    }
}

/// The head with which some tokens begin, and how many they are.
pub(super) fn head_of(tokens: &[Token]) -> Option<(Head, usize)> {
    let name = match &tokens.first()?.kind {
        Kind::Indexed(name, index) => return Some((Head::Indexed(name.clone(), *index), 1)),
        Kind::Name(name) => name,
        _ => return None,
    };
    match tokens.get(1) {
        Some(Token { kind: Kind::Open(Bracket::Round), gap, .. }) if *gap == Gap::Tight => {}
        _ => return Some((Head::Name(name.clone()), 1)),
    }
    let mut parameters = Vec::new();
    for pair in tokens[2..].chunks(2) {
        match pair {
            [Token { kind: Kind::Name(parameter), .. }, Token { kind: Kind::Comma, .. }] => {
                parameters.push(parameter.clone());
            }
            [Token { kind: Kind::Name(parameter), .. }, Token { kind: Kind::Close(Bracket::Round), .. }] => {
                parameters.push(parameter.clone());
                let length = 2 + 2 * parameters.len();
                return Some((Head::Function(name.clone(), parameters), length));
            }
            _ => return None,
        }
    }
    None
}

/// The functions that a text defines, with the number of their arguments. A text of statements defines behind "where"
/// and ";", or by :=.
pub(super) fn functions(tokens: &[Token], defining: bool) -> Vec<(Name, usize)> {
    let mut found = Vec::new();
    let mut defining = defining;
    let mut rest = tokens;
    loop {
        let piece = piece(rest);
        if (defining || is_definition(piece))
            && let Some((Head::Function(name, parameters), length)) = head_of(piece)
            && matches!(piece.get(length), Some(Token { kind: Kind::Relation(Relation::Equal) | Kind::Defines, .. }))
        {
            found.push((name, parameters.len()));
        }
        match &rest[piece.len()..] {
            [] => return found,
            [separator, behind @ ..] => {
                defining |= separator.kind != Kind::Comma;
                rest = behind;
            }
        }
    }
}

/// Whether a name is defined before the next comma or semicolon.
pub(super) fn is_definition(tokens: &[Token]) -> bool {
    piece(tokens).iter().any(|token| matches!(token.kind, Kind::Defines | Kind::Word(Word::Solves)))
}

/// The tokens up to the next comma, semicolon or "where" outside of brackets.
pub(super) fn piece(tokens: &[Token]) -> &[Token] {
    let mut depth = 0_usize;
    let end = tokens.iter().position(|token| {
        match token.kind {
            Kind::Open(_) => depth += 1,
            Kind::Close(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(token.kind, Kind::Comma | Kind::Semicolon | Kind::Word(Word::Where))
    });
    &tokens[..end.unwrap_or(tokens.len())]
}

/// Skips what stands between two formulas, and says whether another one follows. Behind "where" and ";" definitions do.
pub(super) fn separated_from_next(input: &mut Input, defining: &mut bool) -> Parsed<bool> {
    let mut separated = false;
    while let Some(kind @ (Kind::Comma | Kind::Semicolon | Kind::Word(Word::Where))) = peek(input) {
        *defining |= *kind != Kind::Comma;
        separated = true;
        any.parse_next(input)?;
    }
    match input.peek_token() {
        None => Ok(false),
        Some(_) if separated => Ok(true),
        Some(Token { kind: Kind::Close(_), .. }) => fail(mistake_here(input, "this bracket closes nothing")),
        Some(Token { kind: Kind::Word(Word::And), .. }) => {
            let mistake = mistake_here(input, "and stands between conditions, behind iff, if and only if");
            fail(mistake.help("Statements that all hold are separated by commas."))
        }
        Some(token) => {
            let found = input.state.source.slice(token.start, token.end);
            fail(mistake_here(input, format!("{found} does not belong here")))
        }
    }
}
