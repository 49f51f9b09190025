//! Any tree at all is a formula or a mistake, and has a value or an error.

use formula::tree::{
    Body, Comparison, Condition, Definition, Expr, Head, Index, Limit, Name, Node, Point, Relation, Statement, Text,
    When,
};
use formula::{Context, Formula, Given, LearningRate, Place, Weights};
use numbers::{Matrix, Vector};
use proptest::prelude::*;
use symbols::{Minibatch, Moments};

use crate::build::*;

const NAMES: [&str; 24] = [
    "Λ", "λ", "A", "Γ", "K", "H₀", "U", "J", "Σ", "C", "I", "u", "w*", "w", "∇L", "ĝ", "L₀", "L", "σ²", "S", "a", "X",
    "κ", "x₁",
];

fn any_index() -> impl Strategy<Value = Index> {
    prop_oneof![Just(Index::I), Just(Index::J)]
}

fn any_expr() -> impl Strategy<Value = Expr> {
    let name = || prop::sample::select(&NAMES[..]);
    let with_index = prop::sample::select(&["x", "y", "r", "ℓ", "∇ℓ", "a", "k", "λ", "d"][..]);
    let point = prop_oneof![Just(Point::Weights), Just(Point::Minimizer), Just(Point::Initial), Just(Point::True)];
    let leaf = prop_oneof![
        4 => name().prop_map(build_name),
        2 => (0i64..4).prop_map(number),
        2 => (with_index, any_index()).prop_map(|(name, index)| Expr::of(Node::Indexed(Name(name.into()), index))),
        1 => (name(), point).prop_map(|(name, point)| Expr::of(Node::At(Name(name.into()), None, point))),
    ];
    leaf.prop_recursive(5, 40, 3, |inner| {
        let one = |wrap: fn(Box<Expr>) -> Node| inner.clone().prop_map(move |part| Expr::of(wrap(Box::new(part))));
        let pair = || (inner.clone(), inner.clone());
        prop_oneof![
            1 => pair().prop_map(|(x, y)| sum([x, y])),
            1 => pair().prop_map(|(x, y)| less(x, y)),
            4 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(x, y, z)| times([x, y, z])),
            1 => pair().prop_map(|(x, y)| over(x, y)),
            1 => pair().prop_map(|(x, y)| Expr::of(Node::Kronecker(vec![x, y]))),
            1 => pair().prop_map(|(x, y)| Expr::of(Node::KroneckerSum(vec![x, y]))),
            1 => (inner.clone(), -3i32..4).prop_map(|(x, n)| power(x, n)),
            1 => one(Node::Transpose),
            1 => one(Node::Pseudoinverse),
            1 => one(Node::PositivePart),
            1 => one(Node::Trace),
            1 => one(Node::Vec),
            2 => one(Node::Mean),
            1 => one(Node::Norm),
            1 => inner.clone().prop_map(|x| Expr::of(Node::Call(Name("f".into()), vec![x]))),
            2 => (any_index(), inner).prop_map(|(index, x)| Expr::of(Node::Over(index, Box::new(x)))),
        ]
    })
}

fn build_name(text: &str) -> Expr {
    name(text)
}

fn any_text() -> impl Strategy<Value = Text> {
    let definitions =
        (any_expr(), any_expr(), any_expr(), any_expr(), any_expr()).prop_map(|(k, d, f, left, right)| {
            let of = |head, body| Definition { head, body, place: Place::default() };
            let name = |text: &str| Name(text.into());
            vec![
                of(Head::Name(name("κ")), Body::Is(k)),
                of(Head::Indexed(name("d"), Index::I), Body::Is(d)),
                of(Head::Function(name("f"), vec![name("X")]), Body::Is(f)),
                of(Head::Name(name("X")), Body::Solves(left, right)),
            ]
        });
    let statement = (any_expr(), any_expr(), 0usize..5).prop_map(|(left, right, kind)| {
        let comparison = |relation| Comparison { first: left.clone(), rest: vec![(relation, right.clone())], on: None };
        match kind {
            0 => equation(left, right),
            1 => Statement::Limit { left, right, relative: true, limit: Limit::LearningRate },
            2 => Statement::Comparison { comparison: comparison(Relation::AtMost), somewhere: false },
            3 => Statement::Stationary {
                in_mean: false,
                when: When::Iff,
                condition: Condition(vec![comparison(Relation::Succeeds), comparison(Relation::Less)]),
            },
            _ => Statement::Equivalence {
                left: comparison(Relation::AtLeast),
                right: Condition(vec![comparison(Relation::SucceedsOrEquals)]),
            },
        }
    });
    (statement, definitions).prop_map(|(statement, definitions)| Text { statements: vec![statement], definitions })
}

fn any_context() -> impl Strategy<Value = Context> {
    let weights = prop_oneof![Just(Weights::Any), Just(Weights::OneDirection), Just(Weights::One)];
    let rate = prop_oneof![Just(LearningRate::Any), Just(LearningRate::Scalar), Just(LearningRate::Newton)];
    (weights, rate, any::<bool>()).prop_map(|(weights, learning_rate, natural_units)| Context {
        weights,
        learning_rate,
        natural_units,
        data_set: true,
        ..Context::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn no_tree_panics(text in any_text(), context in any_context()) {
        let shared = text.definitions.clone();
        let bare = Text { definitions: Vec::new(), ..text };
        let Ok(formula) = Formula::with_shared(bare, &shared, &context) else { return Ok(()) };
        for setting in [one_weight(), two_weights(), three_samples()] {
            let D = setting.dimension();
            let square = Matrix::from_diagonal_element(D, D, q(2, 1));
            let moments = Moments {
                fluctuation: square.clone(),
                noise_covariance: square.clone(),
                train_loss: q(1, 1),
                test_loss: Some(q(2, 1)),
            };
            let minibatch = Minibatch { gradient: Vector::from_element(D, q(1, 2)), noise_covariance: square };
            let given = Given { setting: &setting, moments: Some(&moments), minibatch: Some(&minibatch) };
            // What fits by its types has sides of one shape.
            if let (Ok(found), Ok(claimed)) = (formula.found(&given), formula.claimed(&given)) {
                prop_assert_eq!(found.shape(), claimed.shape());
            }
            let _ = formula.holds(&setting);
        }
    }
}
