//! Orders of convergence: how fast the error of a limit vanishes.

use claims::{Claim, Form, Kind};
use rug::Rational;
use symbols::{Matrix, Setting, decimal, nearest_f64};

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
    if *first != 0.0 && (before == 0.0 || last == 0.0) {
        // An engine that rounds gives 0 for what it cannot tell from that.
        return Outcome::undecided(format!("error {first:.3e}, too small after {HALVINGS} halvings to have an order"));
    }
    if before.is_infinite() || last.is_infinite() {
        let line = "error infinite, as the claimed value is 0".into();
        return Outcome::certain(Verdict::Differs, f64::NAN, line);
    }
    let measured = (before / last).log2();
    let holds = (measured - f64::from(order)).abs() <= ORDER && last < *first;
    let line = format!(
        "error {first:.3e} → {last:.3e} in {HALVINGS} halvings of {}, order {} (claimed {order})",
        path.parameter,
        decimal::to_places(measured, 2)
    );
    Outcome::certain(if holds { Verdict::Agrees } else { Verdict::Differs }, measured, line)
}

/// The measured orders, as a range.
pub(crate) fn measured(claim: &Claim, outcomes: &[Outcome]) -> String {
    let decided = outcomes.iter().filter(|outcome| outcome.verdict != Verdict::Undecided);
    let orders = Vec::from_iter(decided.map(|outcome| outcome.figure).filter(|order| order.is_finite()));
    let order = claim.kind.path().map_or(0, |(_, order)| order);
    match (orders.iter().copied().reduce(f64::min), orders.iter().copied().reduce(f64::max)) {
        (Some(low), Some(high)) => {
            let [low, high] = [low, high].map(|order| decimal::to_places(order, 2));
            format!("order {low} to {high}, claimed {order}")
        }
        _ => "no error at all".into(),
    }
}

/// found − claimed and claimed, in doubles: subtracted before rounding.
pub(crate) fn rounded(comparison: &Comparison<Rational>) -> (Matrix<f64>, Matrix<f64>) {
    let difference = &comparison.found - &comparison.claimed;
    (difference.map(|v| nearest_f64(&v)), comparison.claimed.map(|v| nearest_f64(&v)))
}

#[cfg(test)]
mod tests {
    use claims::{Choices, closed_forms};

    use super::*;

    /// The smallest answer to every question.
    struct Least;

    impl Choices for Least {
        fn integer(&mut self, low: i64, _: i64) -> i64 {
            low
        }
    }

    /// The verdict on «Σ ≈ (λσ²/(2S)) I» where the claimed value is `claimed` and the error starts at 1 and is halved, or 0 where it
    /// is below a floor.
    fn judged(claimed: f64, floor: f64) -> Outcome {
        let claim = closed_forms().iter().find(|claim| claim.id == "label-noise/small-learning-rate").unwrap();
        let setting = claim.draw(1, &[], &mut Least).unwrap().unwrap();
        let mut error = 2.0;
        judge(claim, &claim.printed, &setting, |_, _| {
            error /= 2.0;
            let told = if error > floor { error } else { 0.0 };
            Ok((Matrix::from_element(1, 1, told), Matrix::from_element(1, 1, claimed)))
        })
    }

    #[test]
    fn an_error_that_is_halved_has_order_one() {
        let outcome = judged(4.0, 0.0);
        assert_eq!(outcome.verdict, Verdict::Agrees);
        assert_eq!(outcome.line, "error 2.500e-1 → 3.906e-3 in 6 halvings of λ, order 1.00 (claimed 1)");
    }

    #[test]
    fn no_error_is_small_beside_zero() {
        let outcome = judged(0.0, 0.0);
        assert_eq!(outcome.verdict, Verdict::Differs);
        assert_eq!(outcome.line, "error infinite, as the claimed value is 0");
    }
    #[test]
    fn an_error_that_drowns_in_rounding_refutes_no_order() {
        for (floor, verdict) in
            [(0.01, Verdict::Agrees), (0.02, Verdict::Undecided), (0.5, Verdict::Undecided), (1.0, Verdict::Agrees)]
        {
            assert_eq!(judged(4.0, floor).verdict, verdict, "{floor}");
        }
    }
}
