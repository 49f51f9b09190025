//! Trees and settings by hand.

use formula::tree::{Body, Definition, Expr, Factor, Head, Index, Name, Node, Statement, Summand, Text};
use formula::{Context, EvaluationError, Formula, Given, Mistake, Place};
use numbers::{Matrix, Vector};
use rug::Rational;
use symbols::{BatchSize, DataSet, Gaussian, Momentum, Population, Setting};

pub fn q(numerator: i64, denominator: i64) -> Rational {
    Rational::from((numerator, denominator))
}

pub fn name(text: &str) -> Expr {
    Expr::of(Node::Name(Name(text.into())))
}

pub fn indexed(text: &str) -> Expr {
    Expr::of(Node::Indexed(Name(text.into()), Index::I))
}

pub fn number(value: i64) -> Expr {
    Expr::of(Node::Number(Rational::from(value)))
}

pub fn sum<const N: usize>(parts: [Expr; N]) -> Expr {
    Expr::of(Node::Sum(parts.map(|expr| Summand { negative: false, expr }).into()))
}

/// a − b.
pub fn less(first: Expr, second: Expr) -> Expr {
    let part = |negative, expr| Summand { negative, expr };
    Expr::of(Node::Sum(vec![part(false, first), part(true, second)]))
}

pub fn times<const N: usize>(parts: [Expr; N]) -> Expr {
    Expr::of(Node::Product(parts.map(|expr| Factor { divides: false, expr }).into()))
}

pub fn over(above: Expr, below: Expr) -> Expr {
    let part = |divides, expr| Factor { divides, expr };
    Expr::of(Node::Product(vec![part(false, above), part(true, below)]))
}

pub fn power(base: Expr, exponent: i32) -> Expr {
    Expr::of(Node::Power(Box::new(base), exponent))
}

pub fn turned(part: Expr) -> Expr {
    Expr::of(Node::Transpose(Box::new(part)))
}

pub fn trace(part: Expr) -> Expr {
    Expr::of(Node::Trace(Box::new(part)))
}

pub fn mean(part: Expr) -> Expr {
    Expr::of(Node::Mean(Box::new(part)))
}

pub fn over_all(part: Expr) -> Expr {
    Expr::of(Node::Over(Index::I, Box::new(part)))
}

pub fn equation(left: Expr, right: Expr) -> Statement {
    Statement::Equation { left, right, remainder: None }
}

pub fn is(head: &str, body: Expr) -> Definition {
    Definition { head: Head::Name(Name(head.into())), body: Body::Is(body), place: Place::default() }
}

pub fn solves(head: &str, left: Expr, right: Expr) -> Definition {
    Definition { head: Head::Name(Name(head.into())), body: Body::Solves(left, right), place: Place::default() }
}

pub fn text(statement: Statement, definitions: impl IntoIterator<Item = Definition>) -> Text {
    Text { statements: vec![statement], definitions: definitions.into_iter().collect() }
}

/// Both sides at a setting alone.
pub fn sides(
    text: Text,
    context: &Context,
    setting: &Setting<Rational>,
) -> Result<[Matrix<Rational>; 2], EvaluationError> {
    let formula = Formula::new(text, context).unwrap();
    let given = Given::setting(setting);
    Ok([formula.found(&given)?, formula.claimed(&given)?])
}

/// The value of an expression at a setting.
pub fn value(expr: Expr, setting: &Setting<Rational>) -> Matrix<Rational> {
    sides(text(equation(expr, number(0)), []), &Context::default(), setting).unwrap()[0].clone()
}

pub fn mistakes(text: Text, context: &Context) -> Vec<Mistake> {
    Formula::new(text, context).unwrap_err()
}

/// A = 1, σ² = 1, Λ = ½, S = 2, u = 3.
pub fn one_weight() -> Setting<Rational> {
    let model = Gaussian {
        feature_covariance: numbers::matrix::scalar(q(1, 1)),
        input_noise_covariance: numbers::matrix::scalar(q(0, 1)),
        label_noise_variance: q(1, 1),
        true_weights: Vector::from_element(1, q(3, 1)),
    };
    let rate = numbers::matrix::scalar(q(1, 2));
    Setting::new(Population::Gaussian(model), rate, BatchSize::new(2).unwrap()).unwrap()
}

fn symmetric(a: i64, b: i64, d: i64) -> Matrix<Rational> {
    Matrix::from_row_slice(2, 2, &[q(a, 1), q(b, 1), q(b, 1), q(d, 1)])
}

/// Two weights, nothing zero and nothing commuting.
pub fn two_weights() -> Setting<Rational> {
    let model = Gaussian {
        feature_covariance: symmetric(3, 1, 2),
        input_noise_covariance: symmetric(1, 0, 2),
        label_noise_variance: q(2, 3),
        true_weights: Vector::from_vec(vec![q(1, 1), q(-2, 1)]),
    };
    let rate = symmetric(2, 1, 3) / q(40, 1);
    let setting = Setting::new(Population::Gaussian(model), rate, BatchSize::new(3).unwrap()).unwrap();
    let setting = setting.with_weight_decay(symmetric(1, -1, 3) / q(5, 1)).unwrap();
    setting.with_momentum(Momentum::new(q(1, 3)).unwrap())
}

/// Three samples of two weights.
pub fn three_samples() -> Setting<Rational> {
    let features = Matrix::from_row_slice(3, 2, &[1, 2, 0, 1, -1, 3].map(|v| q(v, 1)));
    let data = DataSet { features, labels: Vector::from_vec(vec![q(1, 1), q(2, 1), q(-1, 2)]) };
    let rate = symmetric(2, 1, 3) / q(100, 1);
    let setting = Setting::new(Population::Data(data), rate, BatchSize::new(2).unwrap()).unwrap();
    let setting = setting.with_weight_decay(symmetric(1, 0, 2) / q(7, 1)).unwrap();
    setting.with_initial_weights(Vector::from_vec(vec![q(1, 3), q(2, 5)])).unwrap()
}
