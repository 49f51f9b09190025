//! Any tree at all is a formula or a mistake, and has a value or an error.

use formula::{EvaluationError, Formula, Given};
use notation::tree::{
    Body, Comparison, Condition, Definition, Expr, Head, Index, Limit, Name, Node, Point, Relation, Statement, Text,
    When,
};
use notation::{Context, LearningRate, Place, Weights};
use numbers::{Matrix, Residue, Vector, matrix};
use proptest::prelude::*;
use symbols::{BufferMoments, Minibatch, Moments};

use super::build::*;

const NAMES: [&str; 26] = [
    "Λ", "λ", "A", "Γ", "K", "H₀", "U", "J", "Σ", "C", "I", "u", "w*", "w", "∇L", "ĝ", "L₀", "L", "σ²", "S", "a", "X",
    "κ", "x₁", "x₄", "m",
];

fn any_index() -> impl Strategy<Value = Index> {
    prop_oneof![Just(Index::I), Just(Index::J)]
}

fn any_expr() -> impl Strategy<Value = Expr> {
    let symbol = || prop::sample::select(&NAMES[..]);
    let with_index = prop::sample::select(&["x", "y", "r", "ℓ", "∇ℓ", "a", "k", "λ", "d"][..]);
    let point = prop_oneof![Just(Point::Weights), Just(Point::Minimizer), Just(Point::Initial), Just(Point::True)];
    let leaf = prop_oneof![
        4 => symbol().prop_map(name),
        2 => (0i64..4).prop_map(number),
        2 => (with_index, any_index()).prop_map(|(name, index)| Expr::of(Node::Indexed(Name(name.into()), index))),
        1 => (symbol(), point).prop_map(|(name, point)| Expr::of(Node::At(Name(name.into()), None, point))),
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
                mean: None,
                fluctuation: square.clone(),
                noise_covariance: square.clone(),
                train_loss: q(1, 1),
                test_loss: Some(q(2, 1)),
                buffer: Some(BufferMoments { with_weights: square.clone(), square: square.clone() }),
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

/// Products that have no units where weight · feature = 1, and columns that have those of a weight: whatever is added
/// to whatever fits. The shape is 0 for scalars, 1 for columns, 2 for matrices.
fn leaves(shape: usize, given: bool, mean: bool) -> Vec<Expr> {
    let product = |names: &[&str]| {
        let factors = names.iter().map(|text| match text.strip_suffix('ᵀ') {
            Some(text) => turned(name(text)),
            None => name(text),
        });
        let factor = |expr| notation::tree::Factor { divides: false, expr };
        Expr::of(Node::Product(factors.map(factor).collect()))
    };
    let plain = [&["S", "σ²", "μ"][..], &["u", "w*", "w₀"], &["I"]][shape].iter().map(|text| name(text));
    let products: [&[&[&str]]; 3] = [
        &[&["λ", "a"]],
        &[&["Λ", "A", "u"], &["U", "K", "w*"]],
        &[&["Λ", "A"], &["Λ", "K"], &["H₀", "U"], &["Γ", "Λ"]],
    ];
    let mut all = Vec::from_iter(plain.chain(products[shape].iter().map(|names| product(names))));
    match (shape, given || mean) {
        (0, true) => all.extend([name("L"), name("L₀")]),
        (1, true) => all.extend([name("w"), product(&["Λ", "∇L"]), product(&["Λ", "∇L₀"])]),
        (2, true) => all.extend([product(&["w", "wᵀ", "A"]), product(&["Λ", "∇L", "wᵀ", "K"])]),
        (0, false) => all.extend([name("L_train"), Expr::of(Node::At(Name("L₀".into()), None, Point::Minimizer))]),
        (2, false) => all.extend([product(&["Σ", "K"]), product(&["C", "Λ"])]),
        _ => {}
    }
    if mean && shape == 1 {
        all.push(product(&["Λ", "ĝ"]));
    }
    if mean && !given && shape == 1 {
        all.push(product(&["Λ", "m"]));
    }
    all
}

fn fitting(shape: usize, depth: u32, given: bool, mean: bool) -> BoxedStrategy<Expr> {
    let leaf = prop::sample::select(leaves(shape, given, mean));
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = move |shape| fitting(shape, depth - 1, given, mean);
    let product = move |x, y| (inner(x), inner(y)).prop_map(|(x, y)| times([x, y]));
    let sums = (inner(shape), inner(shape), any::<bool>())
        .prop_map(|(x, y, negative)| if negative { less(x, y) } else { sum([x, y]) });
    let under_mean = (!mean).then(|| fitting(shape, 1, given, true).prop_map(super::build::mean));
    let own = match shape {
        0 => {
            let square = (inner(1), inner(1)).prop_map(|(x, y)| times([turned(x), name("A"), y]));
            prop_oneof![product(0, 0), inner(2).prop_map(trace), square, (1i64..5).prop_map(number)].boxed()
        }
        1 => prop_oneof![product(0, 1), product(2, 1), product(1, 0)].boxed(),
        _ => {
            let square = (inner(1), inner(1)).prop_map(|(x, y)| times([x, turned(y), name("K")]));
            prop_oneof![product(2, 2), product(0, 2), square, inner(2).prop_map(turned)].boxed()
        }
    };
    let over_number = (inner(shape), fitting(0, 0, given, mean)).prop_map(|(x, y)| over(x, y));
    match (under_mean, mean) {
        (Some(under_mean), _) => prop_oneof![leaf, sums, own, over_number, under_mean].boxed(),
        (None, _) => prop_oneof![leaf, sums, own].boxed(),
    }
}

fn residue(value: &rug::Rational) -> Residue {
    let whole = |v: &rug::Integer| {
        let modulus = rug::Integer::from(Residue::MODULUS);
        Residue::new(rug::Integer::from(v.modulo_ref(&modulus)).to_u128().unwrap())
    };
    whole(value.numer()) / whole(value.denom())
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 20_000, ..ProptestConfig::with_cases(400) })]
    /// The value modulo a prime is that of the fractions, in the shape that was found.
    #[test]
    fn what_fits_has_a_value_in_every_field(
        (shape, expr) in (0usize..3, any::<bool>())
            .prop_flat_map(|(shape, given)| (Just(shape), fitting(shape, 3, given, false)))
    ) {
        let context = Context { natural_units: true, weights: Weights::OneDirection, ..Context::default() };
        let Ok(formula) = Formula::new(text(equation(expr, number(0)), []), &context) else {
            return Err(TestCaseError::reject("of degree 3, or w is given and random"));
        };
        let setting = two_weights();
        let moments = Moments {
            mean: None,
            fluctuation: Matrix::from_row_slice(2, 2, &[q(2, 1), q(1, 3), q(1, 3), q(4, 1)]),
            noise_covariance: Matrix::from_row_slice(2, 2, &[q(3, 1), q(-1, 5), q(-1, 5), q(1, 1)]),
            train_loss: q(1, 7),
            test_loss: Some(q(2, 1)),
            buffer: Some(BufferMoments {
                with_weights: Matrix::from_row_slice(2, 2, &[q(1, 1), q(2, 3), q(-1, 2), q(3, 1)]),
                square: Matrix::from_row_slice(2, 2, &[q(5, 1), q(1, 4), q(1, 4), q(2, 1)]),
            }),
        };
        let minibatch = Minibatch {
            gradient: Vector::from_element(2, q(1, 2)),
            noise_covariance: moments.noise_covariance.clone(),
        };
        let found = formula.found(&Given { setting: &setting, moments: Some(&moments), minibatch: Some(&minibatch) });
        let modular = formula.found(&Given {
            setting: &setting.map(residue),
            moments: Some(&moments.map(residue)),
            minibatch: Some(&Minibatch {
                gradient: minibatch.gradient.map(|v| residue(&v)),
                noise_covariance: minibatch.noise_covariance.map(|v| residue(&v)),
            }),
        });
        match (found, modular) {
            (Ok(found), Ok(modular)) => {
                prop_assert_eq!(found.shape(), [(1, 1), (2, 1), (2, 2)][shape]);
                prop_assert!(found.iter().zip(&modular).all(|(exact, modular)| residue(exact) == *modular));
            }
            (Err(_), Err(_)) => {}
            (found, modular) => prop_assert!(false, "{:?} {:?}", found, modular),
        }
    }
}

/// Of three samples.
#[test]
fn a_sample_beyond_the_last_has_no_value() {
    let value = |text: &str| {
        let text = reader::text(&[text], &[]).unwrap();
        Formula::new(text, &super::data()).unwrap().found(&Given::setting(&three_samples()))
    };
    assert_eq!(value("x₃ᵀx₃ = 0"), Ok(matrix::scalar(q(10, 1))));
    for text in ["x₄ᵀx₄ = 0", "y₄ = 0"] {
        assert!(matches!(value(text), Err(EvaluationError::Undefined { ref symbol, .. }) if symbol == "a sample"));
    }
}
