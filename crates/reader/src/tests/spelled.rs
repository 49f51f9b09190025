//! Trees spelled out with all their brackets, so that a test says what it expects in one line.

use notation::Mistake;
use notation::tree::{Body, Expr, Index, Node, Point, Statement};

/// The tree of an expression: products with · and /, every node of more than one part in brackets.
pub(super) fn spelled(expr: &Expr) -> String {
    let all = |parts: &[Expr], sign: &str| parts.iter().map(spelled).collect::<Vec<_>>().join(sign);
    match &expr.node {
        Node::Number(number) => number.to_string(),
        Node::Name(name) => name.as_str().to_string(),
        Node::Indexed(name, index) => format!("{}{}", name.as_str(), letter(*index)),
        Node::At(name, index, point) => {
            let index = index.map_or("", letter);
            let point = match point {
                Point::Weights => "w",
                Point::Minimizer => "w*",
                Point::Initial => "w₀",
                Point::True => "u",
            };
            format!("{}{index}@{point}", name.as_str())
        }
        Node::Call(name, arguments) => format!("{}⟨{}⟩", name.as_str(), all(arguments, ", ")),
        Node::Sum(summands) => {
            let parts =
                summands.iter().map(|part| format!("{}{}", if part.negative { "-" } else { "+" }, spelled(&part.expr)));
            format!("({})", parts.collect::<String>())
        }
        Node::Product(factors) => {
            let parts = factors.iter().enumerate().map(|(position, factor)| {
                let sign = if factor.divides { "/" } else { "·" };
                format!("{}{}", if position == 0 { "" } else { sign }, spelled(&factor.expr))
            });
            format!("[{}]", parts.collect::<String>())
        }
        Node::Kronecker(parts) => format!("({})", all(parts, "⊗")),
        Node::KroneckerSum(parts) => format!("({})", all(parts, "⊕")),
        Node::Power(base, exponent) => format!("{}^{exponent}", spelled(base)),
        Node::Transpose(base) => format!("{}ᵀ", spelled(base)),
        Node::Pseudoinverse(base) => format!("{}⁺", spelled(base)),
        Node::PositivePart(part) => format!("max⟨{}⟩", spelled(part)),
        Node::Trace(part) => format!("Tr⟨{}⟩", spelled(part)),
        Node::Vec(part) => format!("vec⟨{}⟩", spelled(part)),
        Node::Mean(part) => format!("E⟨{}⟩", spelled(part)),
        Node::Norm(part) => format!("‖{}‖", spelled(part)),
        Node::Over(index, part) => format!("∑{}⟨{}⟩", letter(*index), spelled(part)),
    }
}

fn letter(index: Index) -> &'static str {
    match index {
        Index::I => "ᵢ",
        Index::J => "ⱼ",
    }
}

/// The expression of a text, with definitions.
pub(super) fn with(text: &str, definitions: &[&str]) -> Result<String, Mistake> {
    let statement = format!("0 = {text}");
    match &crate::text(&[&statement], definitions)?.statements[..] {
        [Statement::Equation { right, .. }] => Ok(spelled(right)),
        other => panic!("{text}: {other:?}"),
    }
}

/// The tree of a text that is read.
pub(super) fn reads(text: &str) -> String {
    with(text, &[]).unwrap_or_else(|mistake| panic!("{text}: {mistake} {:?}", mistake.help))
}

/// The body of a definition.
pub(super) fn defines(text: &str) -> String {
    let read =
        crate::text(&["0 = 0"], &[text]).unwrap_or_else(|mistake| panic!("{text}: {mistake} {:?}", mistake.help));
    match &read.definitions[0].body {
        Body::Is(expr) => spelled(expr),
        Body::Solves(left, right) => format!("{} = {}", spelled(left), spelled(right)),
    }
}

/// What is wrong with an expression, what would be right, and the text at the place.
pub(super) fn wrong(text: &str) -> (String, String, String) {
    let statement = format!("0 = {text}");
    match crate::text(&[&statement], &[]) {
        Ok(read) => panic!("{text} is read: {read:?}"),
        Err(mistake) => {
            let place = statement.get(mistake.place.start..mistake.place.end).unwrap().to_string();
            (mistake.message, mistake.help.unwrap_or_default(), place)
        }
    }
}
