//! Random texts that keep the invariants, and that can be read: an index is bound, a function defined.

use notation::Place;
use notation::tree::{
    Body, Comparison, Condition, Definition, Expr, Factor, Head, Index, Limit, Name, Node, Point, Relation, Remainder,
    Statement, Summand, Text, When,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::build::{i, is, n, named, q};

/// Names without an index, among them all of the table that have a spelling of their own.
const NAMES: [&str; 38] = [
    "Λ", "A", "B", "Γ", "K", "H", "H₀", "U", "J", "Σ", "C", "I", "u", "w*", "w", "w₀", "∇L", "∇L_Γ", "∇L₀", "ĝ", "m",
    "L", "L_Γ", "L₀", "L_train", "L_test", "σ²", "μ", "S", "D", "N", "λ", "Γ'", "κ_μ", "x₁", "T₀", "G_μ'", "t",
];

/// Names that can have an index.
const INDEXED: [&str; 8] = ["x", "y", "r", "ℓ", "∇ℓ", "a", "λ", "ξ"];

/// The function that the definitions give.
const FUNCTION: &str = "f";

fn name() -> impl Strategy<Value = Name> {
    select(&NAMES[..]).prop_filter("a prime stands before a subscript", |name| *name != "G_μ'").prop_map(named)
}

fn point() -> impl Strategy<Value = Point> {
    select(vec![Point::Weights, Point::Minimizer, Point::Initial, Point::True])
}

fn number() -> impl Strategy<Value = Expr> {
    prop_oneof![
        (0u32..30).prop_map(q),
        select(vec![(1, 2), (1, 4), (3, 4), (1, 10), (3, 2), (1, 1000), (12345, 100)]).prop_map(q),
    ]
}

fn leaf(calls: bool) -> impl Strategy<Value = Expr> {
    let leaves = prop_oneof![
        6 => name().prop_map(|name| Expr::of(Node::Name(name))),
        3 => number(),
        1 => (select(vec!["C", "L₀", "J", "∇L", "L"]), point())
            .prop_map(|(name, point)| Expr::of(Node::At(named(name), None, point))),
    ];
    let call = (select(vec!["a", "S", "κ"]), select(vec!["t", "D", "λ"]))
        .prop_map(|(first, second)| Expr::of(Node::Call(named(FUNCTION), vec![n(first), n(second)])));
    if calls { prop_oneof![9 => leaves, 1 => call].boxed() } else { leaves.boxed() }
}

/// Whether the base can have an exponent: a norm only an even one, which the caller gives.
fn power(base: Expr, exponent: i32) -> Expr {
    Expr::of(Node::Power(Box::new(base), exponent))
}

fn sum(parts: Vec<(bool, Expr)>) -> Expr {
    Expr::of(Node::Sum(parts.into_iter().map(|(negative, expr)| Summand { negative, expr }).collect()))
}

fn product(parts: Vec<Expr>, divides: bool) -> Expr {
    let last = parts.len() - 1;
    Expr::of(Node::Product(
        parts
            .into_iter()
            .enumerate()
            .map(|(position, expr)| Factor { divides: divides && position == last, expr })
            .collect(),
    ))
}

/// An expression with its index bound. The sums over samples hold no other sum, so that no index is taken twice.
pub fn expr(calls: bool) -> impl Strategy<Value = Expr> {
    let over = (select(&INDEXED[..]), leaf(false), any::<bool>(), any::<bool>(), select(vec![Index::I, Index::J]))
        .prop_map(|(name, other, behind, divides, index)| {
            let indexed = Expr::of(Node::Indexed(named(name), index));
            let parts = if behind { vec![other, indexed] } else { vec![indexed, other] };
            Expr::of(Node::Over(index, Box::new(product(parts, divides))))
        });
    let at = |name: &str| Expr::of(Node::At(named(name), Some(Index::I), Point::Minimizer));
    let single = (select(&INDEXED[..]), 0..3).prop_map(move |(name, kind)| {
        let part = match kind {
            0 => i(name),
            1 => power(i(name), 2),
            _ => at(name),
        };
        Expr::of(Node::Over(Index::I, Box::new(part)))
    });
    let leaves = prop_oneof![10 => leaf(calls), 1 => over, 1 => single];
    leaves.prop_recursive(5, 40, 4, |part| {
        let exponent = select(vec![-3, -2, -1, 2, 3, 12]);
        let even = select(vec![-2, 2, 4]);
        // Bars in bars could be read in two ways, so that what is inside has none.
        let plain = part.clone().prop_filter("a norm holds no norm", |part| !holds_norm(part));
        let boxed = |node: fn(Box<Expr>) -> Node| move |part| Expr::of(node(Box::new(part)));
        prop_oneof![
            4 => vec((any::<bool>(), part.clone()), 2..4).prop_map(sum),
            1 => part.clone().prop_map(|part| sum(vec![(true, part)])),
            6 => (vec(part.clone(), 2..5), any::<bool>()).prop_map(|(parts, divides)| product(parts, divides)),
            1 => vec(part.clone(), 2..4).prop_map(|parts| Expr::of(Node::Kronecker(parts))),
            1 => vec(part.clone(), 2..4).prop_map(|parts| Expr::of(Node::KroneckerSum(parts))),
            2 => (part.clone(), exponent).prop_map(|(base, exponent)| power(base, exponent)),
            1 => part.clone().prop_map(boxed(Node::Transpose)),
            1 => part.clone().prop_map(boxed(Node::Pseudoinverse)),
            1 => part.clone().prop_map(boxed(Node::PositivePart)),
            2 => part.clone().prop_map(boxed(Node::Trace)),
            1 => part.clone().prop_map(boxed(Node::Vec)),
            1 => part.prop_map(boxed(Node::Mean)),
            1 => (plain, even).prop_map(|(part, even)| power(Expr::of(Node::Norm(Box::new(part))), even)),
        ]
    })
}

fn holds_norm(expr: &Expr) -> bool {
    matches!(expr.node, Node::Norm(_)) || expr.parts().into_iter().any(holds_norm)
}

fn relation(equal: bool) -> impl Strategy<Value = Relation> {
    let mut relations = vec![
        Relation::Less,
        Relation::AtMost,
        Relation::Greater,
        Relation::AtLeast,
        Relation::Precedes,
        Relation::PrecedesOrEquals,
        Relation::Succeeds,
        Relation::SucceedsOrEquals,
    ];
    if equal {
        relations.extend([Relation::Equal, Relation::Unequal]);
    }
    select(relations)
}

/// A comparison; at the head of a statement "=" would make it an equation.
fn comparison(equal: bool) -> impl Strategy<Value = Comparison> {
    (expr(false), vec((relation(equal), expr(false)), 1..3), proptest::option::weighted(0.2, name()))
        .prop_map(|(first, rest, on)| Comparison { first, rest, on: on.map(|name| Expr::of(Node::Name(name))) })
}

fn condition() -> impl Strategy<Value = Condition> {
    vec(comparison(true), 1..3).prop_map(Condition)
}

fn limit() -> impl Strategy<Value = Limit> {
    select(vec![Limit::LearningRate, Limit::BatchSize, Limit::Samples, Limit::LabelNoise, Limit::Residuals])
}

fn remainder() -> impl Strategy<Value = Remainder> {
    prop_oneof![
        (select(vec![Limit::LearningRate, Limit::BatchSize, Limit::Samples]), 1u32..4)
            .prop_map(|(limit, order)| Remainder { limit, order }),
        Just(Remainder { limit: Limit::Residuals, order: 1 }),
    ]
}

/// A statement of any kind.
pub fn statement(calls: bool) -> impl Strategy<Value = Statement> {
    prop_oneof![
        3 => (expr(calls), expr(calls), proptest::option::of(remainder()))
            .prop_map(|(left, right, remainder)| Statement::Equation { left, right, remainder }),
        2 => (expr(calls), expr(calls), any::<bool>(), limit())
            .prop_map(|(left, right, relative, limit)| Statement::Limit { left, right, relative, limit }),
        1 => (comparison(false), any::<bool>())
            .prop_map(|(comparison, somewhere)| Statement::Comparison { comparison, somewhere }),
        1 => (comparison(false), condition()).prop_map(|(left, right)| Statement::Equivalence { left, right }),
        1 => (any::<bool>(), select(vec![When::Iff, When::If, When::OnlyIf]), condition())
            .prop_map(|(in_mean, when, condition)| Statement::Stationary { in_mean, when, condition }),
    ]
}

fn definition() -> impl Strategy<Value = Definition> {
    let defined = |head, body| Definition { head, body, place: Place::default() };
    prop_oneof![
        3 => (select(vec!["κ", "G", "q₀", "Γ'", "κ_μ", "Σ₀", "t"]), expr(false)).prop_map(|(name, body)| is(name, body)),
        1 => (select(vec!["d", "M"]), select(&INDEXED[..]), expr(false)).prop_map(move |(name, indexed, other)| {
            let head = Head::Indexed(named(name), Index::I);
            defined(head, Body::Is(product(vec![i(indexed), other], false)))
        }),
        1 => (expr(false), expr(false))
            .prop_map(move |(left, right)| defined(Head::Name(named("X")), Body::Solves(left, right))),
    ]
}

/// A text of one statement or two, with a function if it is called, and other definitions.
pub fn text() -> impl Strategy<Value = Text> {
    any::<bool>().prop_flat_map(|calls| {
        (vec(statement(calls), 1..3), vec(definition(), 0..3), expr(false)).prop_map(
            move |(statements, others, body)| {
                let function = Definition {
                    head: Head::Function(named(FUNCTION), vec![named("s"), named("p")]),
                    body: Body::Is(body),
                    place: Place::default(),
                };
                let mut definitions: Vec<Definition> = Vec::new();
                for definition in calls.then_some(function).into_iter().chain(others) {
                    if definitions.iter().all(|known| known.head != definition.head) {
                        definitions.push(definition);
                    }
                }
                Text { statements, definitions }
            },
        )
    })
}
