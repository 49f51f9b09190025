//! Trees and settings by hand.

use formula::{EvaluationError, Formula, Given};
use notation::tree::{Body, Definition, Expr, Head, Name, Statement, Text};
use notation::{Context, Mistake, Place};
use numbers::{Matrix, Vector};
use rug::Rational;
use symbols::{BatchSize, DataSet, Gaussian, Momentum, Population, Setting};

use crate::common::build;
pub use crate::common::build::{
    equation, i as indexed, is, mean, n as name, over_i as over_all, p as times, pow as power, sub as less,
    t as turned, tr as trace,
};

pub fn q(numerator: i64, denominator: i64) -> Rational {
    Rational::from((numerator, denominator))
}

pub fn number(value: i64) -> Expr {
    build::q(value)
}

pub fn sum<const N: usize>(parts: [Expr; N]) -> Expr {
    build::sum(parts.map(build::plus))
}

pub fn over(above: Expr, below: Expr) -> Expr {
    build::over([above], below)
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

/// The units of a weight and of a feature.
pub struct Scale {
    pub weight: Rational,
    pub feature: Rational,
}

impl Scale {
    pub fn one() -> Self {
        Scale { weight: q(1, 1), feature: q(1, 1) }
    }

    /// A number of these units.
    pub fn of(&self, weight: i32, feature: i32) -> Rational {
        use rug::ops::Pow;
        self.weight.clone().pow(weight) * self.feature.clone().pow(feature)
    }
}

/// Two weights, nothing zero and nothing commuting.
pub fn two_weights() -> Setting<Rational> {
    two_weights_in(&Scale::one())
}

pub fn two_weights_in(scale: &Scale) -> Setting<Rational> {
    let curvature = || scale.of(0, 2);
    let model = Gaussian {
        feature_covariance: symmetric(3, 1, 2) * curvature(),
        input_noise_covariance: symmetric(1, 0, 2) * curvature(),
        label_noise_variance: q(2, 3) * scale.of(2, 2),
        true_weights: Vector::from_vec(vec![q(1, 1), q(-2, 1)]) * scale.of(1, 0),
    };
    let rate = symmetric(2, 1, 3) * scale.of(0, -2) / q(40, 1);
    let setting = Setting::new(Population::Gaussian(model), rate, BatchSize::new(3).unwrap()).unwrap();
    let setting = setting.with_weight_decay(symmetric(1, -1, 3) * curvature() / q(5, 1)).unwrap();
    let start = Vector::from_vec(vec![q(1, 2), q(3, 1)]) * scale.of(1, 0);
    setting.with_momentum(Momentum::new(q(1, 3)).unwrap()).with_initial_weights(start).unwrap()
}

/// Three samples of two weights.
pub fn three_samples() -> Setting<Rational> {
    three_samples_in(&Scale::one())
}

pub fn three_samples_in(scale: &Scale) -> Setting<Rational> {
    let features = Matrix::from_row_slice(3, 2, &[1, 2, 0, 1, -1, 3].map(|v| q(v, 1))) * scale.of(0, 1);
    let labels = Vector::from_vec(vec![q(1, 1), q(2, 1), q(-1, 2)]) * scale.of(1, 1);
    let rate = symmetric(2, 1, 3) * scale.of(0, -2) / q(100, 1);
    let population = Population::Data(DataSet { features, labels });
    let setting = Setting::new(population, rate, BatchSize::new(2).unwrap()).unwrap();
    let setting = setting.with_weight_decay(symmetric(1, 0, 2) * scale.of(0, 2) / q(7, 1)).unwrap();
    let start = Vector::from_vec(vec![q(1, 3), q(2, 5)]) * scale.of(1, 0);
    setting.with_initial_weights(start).unwrap()
}
