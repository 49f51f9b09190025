//! Orders of convergence: how fast the error of a limit vanishes.

use claims::{Claim, Form, Kind};
use rug::Rational;
use symbols::{Matrix, Setting, nearest_f64};

use crate::allowances::{HALVINGS, ORDER};
use crate::engine::{Comparison, Outcome};
use crate::verdict::Verdict;

/// Judges a form by the order of its error along the claim's path, from errors that `compare` finds.
pub(crate) fn judge(
    claim: &Claim,
    form: &Form,
    setting: &Setting<Rational>,
    mut compare: impl FnMut(&Form, &Setting<Rational>) -> Result<(Matrix<f64>, Matrix<f64>), String>,
) -> Outcome {
    let Some((path, order)) = claim.kind.path() else {
        return Outcome::undecided("no path along which to measure an order".into());
    };
    let mut errors = Vec::new();
    let mut here = setting.clone();
    for step in 0..=HALVINGS {
        let (error, claimed) = match compare(form, &here) {
            Ok(found) => found,
            Err(reason) => return Outcome::undecided(reason),
        };
        let unit = match claim.kind {
            Kind::Approximation { .. } => claimed.norm(),
            _ => 1.0,
        };
        let error = error.norm();
        errors.push(if error == 0.0 { 0.0 } else { error / unit });
        if step < HALVINGS {
            here = match (path.halve)(here) {
                Ok(next) => next,
                Err(error) => return Outcome::undecided(error.to_string()),
            };
        }
    }
    let (Some(first), Some(&[before, last])) = (errors.first(), errors.last_chunk::<2>()) else {
        return Outcome::undecided("no halving".into());
    };
    if *first == 0.0 && last == 0.0 {
        return Outcome::certain(Verdict::Agrees, f64::INFINITY, "no error at all".into());
    }
    let measured = (before / last).log2();
    let holds = (measured - f64::from(order)).abs() <= ORDER && last < *first;
    let line = format!(
        "error {first:.3e} → {last:.3e} in {HALVINGS} halvings of {}, order {measured:.2} (claimed {order})",
        path.parameter
    );
    Outcome::certain(if holds { Verdict::Agrees } else { Verdict::Differs }, measured, line)
}

/// The measured orders, as a range.
pub(crate) fn measured(claim: &Claim, outcomes: &[Outcome]) -> String {
    let orders = Vec::from_iter(outcomes.iter().map(|o| o.figure).filter(|order| order.is_finite()));
    let order = claim.kind.path().map_or(0, |(_, order)| order);
    match (orders.iter().copied().reduce(f64::min), orders.iter().copied().reduce(f64::max)) {
        (Some(low), Some(high)) => format!("order {low:.2} to {high:.2}, claimed {order}"),
        _ => "no error at all".into(),
    }
}

/// found − claimed and claimed, in doubles: subtracted before rounding.
pub(crate) fn rounded(comparison: &Comparison<Rational>) -> (Matrix<f64>, Matrix<f64>) {
    let difference = &comparison.found - &comparison.claimed;
    (difference.map(|v| nearest_f64(&v)), comparison.claimed.map(|v| nearest_f64(&v)))
}
