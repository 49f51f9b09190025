//! Orders of factors that the language knows to be the same: factors that commute, and a trace that is cyclic.

use std::collections::HashSet;

use super::symbols::Scope;
use formula::commute;
use notation::Weights;
use notation::symbol::{Meaning, Spectrum, symbol};
use notation::tree::{Body, Expr, Node};

/// The most orders of one product that are looked through; a longer one counts as changed by any exchange.
const MOST: usize = 1_000;

/// Whether a product is the same with two neighbours exchanged, by exchanges of neighbours that are known to commute and,
/// inside of a trace, by turning the product round.
pub(super) fn is_same(factors: &[&Expr], first: usize, traced: bool, scope: &Scope) -> bool {
    let count = factors.len();
    let letter = |i: usize| factors.iter().position(|other| other == &factors[i]).unwrap_or(i);
    let word = Vec::from_iter((0..count).map(letter));
    let parts = Vec::from_iter(factors.iter().map(|factor| parts(factor, scope, scope.definitions.len())));
    let commute = |x: usize, y: usize| match (&parts[x], &parts[y]) {
        _ if scope.context.weights == Weights::One => true,
        (Some(x), Some(y)) => x.iter().all(|x| y.iter().all(|y| commute(*x, *y, scope.context))),
        _ => false,
    };
    let mut wanted = word.clone();
    wanted.swap(first, first + 1);
    let mut seen = HashSet::from([word.clone()]);
    let mut open = vec![word];
    while let Some(word) = open.pop() {
        if word == wanted {
            return true;
        }
        let mut add = |other: Vec<usize>| {
            if seen.len() < MOST && seen.insert(other.clone()) {
                open.push(other);
            }
        };
        for i in 1..count {
            if commute(word[i - 1], word[i]) {
                let mut other = word.clone();
                other.swap(i - 1, i);
                add(other);
            }
        }
        if traced {
            let mut other = word;
            other.rotate_left(1);
            add(other);
        }
    }
    false
}

/// The symmetric matrices of the setting of which an expression is made by sums, products and inverses; `None` where it
/// holds others. `definitions` are those that may be looked through, as they may go in circles.
fn parts(expr: &Expr, scope: &Scope, definitions: usize) -> Option<Vec<Spectrum>> {
    if scope.is_scalar(expr) {
        return Some(Vec::new());
    }
    match &expr.node {
        Node::Name(name) => match scope.definitions.get(name) {
            Some(definition) => match &definition.body {
                Body::Is(body) => parts(body, scope, definitions.checked_sub(1)?),
                Body::Solves(..) => None,
            },
            None => spectrum(symbol(name.as_str())?.meaning),
        },
        Node::Sum(_) | Node::Product(_) | Node::Power(..) | Node::Transpose(_) | Node::Pseudoinverse(_) => {
            let mut found = Vec::new();
            for part in expr.parts() {
                found.extend(parts(part, scope, definitions)?);
            }
            Some(found)
        }
        _ => None,
    }
}

/// The matrix of which a symbol is the name; none for I, which commutes with all.
fn spectrum(meaning: Meaning) -> Option<Vec<Spectrum>> {
    Some(vec![match meaning {
        Meaning::Identity => return Some(Vec::new()),
        Meaning::FeatureCovariance => Spectrum::FeatureCovariance,
        Meaning::InputNoiseCovariance => Spectrum::InputNoiseCovariance,
        Meaning::WeightDecay => Spectrum::WeightDecay,
        Meaning::Hessian => Spectrum::Hessian,
        Meaning::PlainHessian => Spectrum::PlainHessian,
        Meaning::LearningRate => Spectrum::LearningRate,
        _ => return None,
    }])
}
