//! Statements and definitions, by the grammar.

use rug::Rational;
use winnow::combinator::{cut_err, opt, repeat, separated};
use winnow::prelude::*;
use winnow::token::any;

use super::definition::{definition, is_definition, separated_from_next};
use super::expr::expr;
use super::input::{Input, Parsed, ahead, fail, missing, mistake_here, nested, peek, since, start, token};
use super::source::Source;
use super::token::{Bracket, Kind, Token, Word};
use notation::Mistake;
use notation::tree::{
    Comparison, Condition, Definition, Expr, Limit, Node, Passage, Relation, Remainder, Statement, When,
};

/// What a text holds.
pub(super) enum Item {
    Statement(Statement),
    Definition(Definition),
}

/// The limits that can be claimed.
const LIMITS: &str = "The limits are λ → 0, S → ∞, N → ∞, σ² → 0 and |L₀ − ℓᵢ| → 0.";

/// claim = statement { "," statement } [ ("where" | ";") definition { ";" definition } ]
pub(super) fn claim(input: &mut Input) -> Parsed<Vec<Item>> {
    let mut items = Vec::new();
    let mut defining = false;
    loop {
        let defined = defining || is_definition(&input.input);
        items.push(if defined { Item::Definition(definition(input)?) } else { Item::Statement(statement(input)?) });
        if !separated_from_next(input, &mut defining)? {
            return Ok(items);
        }
    }
}

fn statement(input: &mut Input) -> Parsed<Statement> {
    if opt(token(Kind::Word(Word::Stationary))).parse_next(input)?.is_some() {
        return stationary(input);
    }
    let first = expr(input)?;
    let relative = match peek(input) {
        Some(Kind::Approximates) => true,
        Some(Kind::Tends) => false,
        Some(Kind::Relation(_)) => return compared(input, first),
        Some(Kind::Defines) => return fail(mistake_here(input, ":= defines a name, and this is none")),
        Some(Kind::Close(_)) => return fail(mistake_here(input, "this bracket closes nothing")),
        Some(Kind::Kronecker | Kind::KroneckerSum | Kind::Word(_) | Kind::Infinity) | None => {
            let mistake = mistake_here(input, "nothing is claimed: there is no relation");
            return fail(mistake.help("A claim is l = r, l ≈ r, λ → 0, l ≤ r, or stationary iff ….".to_string()));
        }
        Some(_) => return missing(input, "a relation, such as =,"),
    };
    let sign = any.parse_next(input)?;
    let right = expr(input)?;
    let comma = opt(token(Kind::Comma)).parse_next(input)?;
    let limit = match comma {
        Some(_) => limit(input)?,
        None => None,
    };
    let Some(limit) = limit else {
        let message = if relative { "≈ needs a limit" } else { "→ needs a limit" };
        let mistake = input.state.source.mistake(sign.start, sign.end, message);
        return fail(mistake.help(format!("Add it behind a comma. {LIMITS}")));
    };
    Ok(Statement::Limit { left: first, right, relative, limit })
}

/// stationary was read.
fn stationary(input: &mut Input) -> Parsed<Statement> {
    let mean = (token(Kind::Word(Word::In)), cut_err(token(Kind::Word(Word::Mean))));
    let in_mean = opt(mean).parse_next(input)?.is_some();
    let when = match (peek(input), ahead(input, 1).map(|token| &token.kind)) {
        (Some(Kind::Word(Word::Iff)), _) => When::Iff,
        (Some(Kind::Word(Word::If)), _) => When::If,
        (Some(Kind::Word(Word::Only)), Some(Kind::Word(Word::If))) => {
            any.parse_next(input)?;
            When::OnlyIf
        }
        _ => return missing(input, "iff, if or only if"),
    };
    any.parse_next(input)?;
    Ok(Statement::Stationary { in_mean, when, condition: condition(input)? })
}

/// The left side was read, and a relation follows.
fn compared(input: &mut Input, first: Expr) -> Parsed<Statement> {
    let comparison = comparison_of(input, first)?;
    if opt(token(Kind::Word(Word::Somewhere))).parse_next(input)?.is_some() {
        return Ok(Statement::Comparison { comparison, somewhere: true });
    }
    if opt(token(Kind::Word(Word::Iff))).parse_next(input)?.is_some() {
        return Ok(Statement::Equivalence { left: comparison, right: condition(input)? });
    }
    let equation = comparison.on.is_none() && matches!(comparison.rest[..], [(Relation::Equal, _)]);
    if !equation {
        return Ok(Statement::Comparison { comparison, somewhere: false });
    }
    let remainder = remainder(input)?;
    let Comparison { first: left, mut rest, .. } = comparison;
    match rest.pop() {
        Some((_, right)) => Ok(Statement::Equation { left, right, remainder }),
        None => missing(input, "the right side"),
    }
}

/// condition = comparison { "and" comparison }
fn condition(input: &mut Input) -> Parsed<Condition> {
    let comparison = |input: &mut Input| -> Parsed<Comparison> {
        let first = expr(input)?;
        match peek(input) {
            Some(Kind::Relation(_)) => comparison_of(input, first),
            _ => missing(input, "a relation, such as <,"),
        }
    };
    separated(1.., comparison, token(Kind::Word(Word::And))).map(Condition).parse_next(input)
}

/// comparison = expr rel expr { rel expr } [ "on" expr ]
fn comparison_of(input: &mut Input, first: Expr) -> Parsed<Comparison> {
    let related = |input: &mut Input| -> Parsed<(Relation, Expr)> {
        let relation = any
            .verify_map(|token: &Token| match token.kind {
                Kind::Relation(relation) => Some(relation),
                _ => None,
            })
            .parse_next(input)?;
        Ok((relation, cut_err(expr).parse_next(input)?))
    };
    let rest = repeat(1.., related).parse_next(input)?;
    let on = match opt(token(Kind::Word(Word::On))).parse_next(input)? {
        Some(_) => Some(expr(input)?),
        None => None,
    };
    Ok(Comparison { first, rest, on })
}

/// limit = ( name | "|" expr "|" ) "→" ( "0" | "∞" ); none if none follows.
fn limit(input: &mut Input) -> Parsed<Option<Limit>> {
    let start = start(input);
    let length = if is_residual(&input.input) { 5 } else { 1 };
    let tends = ahead(input, length).is_some_and(|token| token.kind == Kind::Tends);
    let zero = match ahead(input, length + 1).map(|token| &token.kind) {
        Some(Kind::Number(number)) if *number == Rational::new() => true,
        Some(Kind::Infinity) => false,
        _ => return Ok(None),
    };
    let name = match (length, peek(input)) {
        (5, _) => "|L₀ − ℓᵢ|",
        (_, Some(Kind::Name(name))) => name.as_str(),
        _ => return Ok(None),
    };
    if !tends {
        return Ok(None);
    }
    for _ in 0..length + 2 {
        any.parse_next(input)?;
    }
    Ok(Some(match (name, zero) {
        ("λ", true) => Limit::LearningRate,
        ("S", false) => Limit::BatchSize,
        ("N", false) => Limit::Samples,
        ("σ²", true) => Limit::LabelNoise,
        ("|L₀ − ℓᵢ|", true) => Limit::Residuals,
        _ => {
            let message = format!("{name} → {} is no limit of the language", if zero { "0" } else { "∞" });
            return fail(Mistake::new(since(input, start), message).help(LIMITS));
        }
    }))
}

/// small = limit | remainder, where a sentence has it without a statement.
pub(super) fn small(input: &mut Input) -> Parsed<Passage> {
    if let Some(limit) = limit(input)? {
        return Ok(Passage::Limit(limit));
    }
    match begins_remainder(&input.input) {
        true => one_remainder(input).map(Passage::Remainder),
        false => missing(input, "a limit or a remainder"),
    }
}

/// Whether O( or o( stands in front.
pub(super) fn begins_remainder(tokens: &[Token]) -> bool {
    let kinds: Vec<&Kind> = tokens.iter().take(2).map(|token| &token.kind).collect();
    matches!(kinds[..], [Kind::Name(name), Kind::Open(Bracket::Round)] if matches!(name.as_str(), "O" | "o"))
}

/// Whether |L₀ − ℓᵢ| follows.
fn is_residual(tokens: &[Token]) -> bool {
    let kinds: Vec<&Kind> = tokens.iter().take(5).map(|token| &token.kind).collect();
    match kinds[..] {
        [Kind::Bar, Kind::Name(loss), Kind::Minus, Kind::Indexed(sample, _), Kind::Bar] => {
            loss.as_str() == "L₀" && sample.as_str() == "ℓ"
        }
        _ => false,
    }
}

/// { "+" remainder }, of which a text has one at most.
fn remainder(input: &mut Input) -> Parsed<Option<Remainder>> {
    let mut read = None;
    let begin = start(input);
    while opt(token(Kind::Plus)).parse_next(input)?.is_some() {
        let next = one_remainder(input)?;
        if read.is_some_and(|read| read != next) {
            let mistake = Mistake::new(since(input, begin), "an equation has one remainder");
            return fail(mistake.help("Leave the one that is smaller in the limit that is meant."));
        }
        read = Some(next);
    }
    Ok(read)
}

fn one_remainder(input: &mut Input) -> Parsed<Remainder> {
    let begin = start(input);
    let small = matches!(any.parse_next(input)?, Token { kind: Kind::Name(name), .. } if name.as_str() == "o");
    any.parse_next(input)?;
    let residual = is_residual(&input.input);
    let read = if residual {
        for _ in 0..5 {
            any.parse_next(input)?;
        }
        Some((Limit::Residuals, 1))
    } else {
        let inside = nested(input, None, |input| {
            let bars = matches!(peek(input), Some(Kind::Bar | Kind::Norm));
            let inside = expr(input)?;
            Ok(if bars { None } else { order(&inside) })
        })?;
        inside.filter(|(_, order)| *order >= 1)
    };
    if peek(input) != Some(&Kind::Close(Bracket::Round)) {
        return missing(input, ")");
    }
    any.parse_next(input)?;
    let place = since(input, begin);
    let text = input.state.source.slice(place.start, place.end);
    match read {
        Some((limit, order)) if !small => Ok(Remainder { limit, order: u32::try_from(order).unwrap_or_default() }),
        _ => {
            let mistake = Mistake::new(place, format!("{text} does not say which limit is meant"));
            fail(mistake.help("Remainders are O(λ²), O(S⁻²), O(N⁻¹), O(σ²) and O(|L₀ − ℓᵢ|)."))
        }
    }
}

/// The limit in which an expression vanishes, and its order.
fn order(expr: &Expr) -> Option<(Limit, i32)> {
    match &expr.node {
        Node::Name(name) => match name.as_str() {
            "λ" => Some((Limit::LearningRate, 1)),
            "σ²" => Some((Limit::LabelNoise, 1)),
            "S" => Some((Limit::BatchSize, -1)),
            "N" => Some((Limit::Samples, -1)),
            _ => None,
        },
        Node::Power(base, exponent) => {
            order(base).and_then(|(limit, order)| Some((limit, order.checked_mul(*exponent)?)))
        }
        Node::Product(factors) => match &factors[..] {
            [one, below] if below.divides && matches!(&one.expr.node, Node::Number(number) if *number == 1) => {
                order(&below.expr).map(|(limit, order)| (limit, -order))
            }
            _ => None,
        },
        _ => None,
    }
}

/// A mistake about a whole text.
pub(super) fn empty(source: Source) -> Mistake {
    source
        .mistake(0, source.text.len(), "this text is empty")
        .help("A claim is l = r, l ≈ r, λ → 0, l ≤ r, or stationary iff ….")
}
