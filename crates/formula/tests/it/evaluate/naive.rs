//! A second evaluator, which follows the tree and knows nothing of programs.

use notation::tree::{Expr, Node};
use numbers::Matrix;
use numbers::matrix::{self, identity};
use proptest::prelude::*;
use rug::Rational;
use symbols::Setting;

use super::build::*;

/// The value, as a matrix; `None` where there is none.
fn naive(expr: &Expr, setting: &Setting<Rational>) -> Option<Matrix<Rational>> {
    let scalar = |value: Rational| matrix::scalar(value);
    let column = |x: numbers::Vector<Rational>| Matrix::from_columns(&[x]);
    Some(match &expr.node {
        Node::Number(value) => scalar(value.clone()),
        Node::Name(name) => match name.as_str() {
            "Λ" => setting.learning_rate().clone(),
            "A" => setting.feature_covariance(),
            "K" => setting.hessian(),
            "Γ" => setting.weight_decay().clone(),
            "I" => identity(setting.dimension()),
            "u" => column(setting.true_weights().ok()?),
            "w*" => column(setting.minimizer().ok()?),
            "S" => scalar(setting.draws().clone()),
            "μ" => scalar(setting.momentum().clone()),
            _ => return None,
        },
        Node::Sum(parts) => {
            let mut total: Option<Matrix<Rational>> = None;
            for part in parts {
                let value = naive(&part.expr, setting)?;
                let value = if part.negative { -value } else { value };
                total = Some(match total {
                    None => value,
                    Some(sum) => sum + value,
                });
            }
            total?
        }
        Node::Product(factors) => {
            let mut product: Option<Matrix<Rational>> = None;
            for factor in factors {
                let value = naive(&factor.expr, setting)?;
                product = Some(match product {
                    None => value,
                    Some(_) if factor.divides && value[(0, 0)] == 0 => return None,
                    Some(product) if factor.divides => product / value[(0, 0)].clone(),
                    Some(product) if product.len() == 1 => value * product[(0, 0)].clone(),
                    Some(product) if value.len() == 1 => product * value[(0, 0)].clone(),
                    Some(product) => product * value,
                });
            }
            product?
        }
        Node::Transpose(part) => naive(part, setting)?.transpose(),
        Node::Trace(part) => scalar(matrix::trace(&naive(part, setting)?)),
        Node::Power(base, exponent) => {
            let base = naive(base, setting)?;
            let base = if *exponent < 0 { matrix::inverse(&base).ok()? } else { base };
            (1..exponent.unsigned_abs()).fold(base.clone(), |product, _| product * &base)
        }
        _ => return None,
    })
}

/// Formulas of one shape: 0 for scalars, 1 for columns, 2 for matrices.
fn formulas(shape: usize, depth: u32) -> BoxedStrategy<Expr> {
    let leaves: &[&str] = [&["S", "μ"][..], &["u", "w*"], &["Λ", "A", "K", "Γ", "I"]][shape];
    let leaf = prop::sample::select(leaves).prop_map(name);
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = |shape| formulas(shape, depth - 1);
    let product = |x, y| (inner(x), inner(y)).prop_map(|(x, y)| times([x, y]));
    let sums = (inner(shape), inner(shape), any::<bool>())
        .prop_map(|(x, y, negative)| if negative { less(x, y) } else { sum([x, y]) });
    let over_number = (inner(shape), inner(0)).prop_map(|(x, y)| over(x, y));
    match shape {
        0 => prop_oneof![
            leaf,
            (1i64..5).prop_map(number),
            sums,
            product(0, 0),
            over_number,
            inner(2).prop_map(trace),
            (inner(1), inner(1)).prop_map(|(x, y)| times([turned(x), y])),
        ]
        .boxed(),
        1 => prop_oneof![leaf, sums, product(0, 1), product(2, 1), over_number].boxed(),
        _ => prop_oneof![
            leaf,
            sums,
            product(2, 2),
            product(2, 0),
            over_number,
            inner(2).prop_map(turned),
            inner(2).prop_map(|x| power(x, -1)),
            inner(2).prop_map(|x| power(x, 2)),
            (inner(1), inner(1)).prop_map(|(x, y)| times([x, turned(y)])),
        ]
        .boxed(),
    }
}

proptest! {
    /// Units do not fit in random formulas, so that they are natural and S stands for everything.
    #[test]
    fn a_program_has_the_value_of_its_tree(expr in (0usize..3).prop_flat_map(|shape| formulas(shape, 3))) {
        let formula = formula::Formula::new(
            text(equation(expr.clone(), number(0)), []),
            &notation::Context::default(),
        );
        // Units differ in most sums; those formulas are for the checker.
        let Ok(formula) = formula else { return Err(TestCaseError::reject("units")) };
        let setting = two_weights();
        match (formula.found(&formula::Given::setting(&setting)), naive(&expr, &setting)) {
            (Ok(found), Some(value)) => prop_assert_eq!(found, value),
            (Err(_), None) => {}
            (found, value) => prop_assert!(false, "{:?} {:?}", found, value),
        }
    }
}
