//! Orders of convergence: how fast the error of a limit vanishes.

use claims::{Claim, Form, Kind, Path};
use numbers::decimal;
use rug::Rational;
use symbols::{Population, Setting};

use crate::allowances::{DEEP_HALVINGS, HALVINGS, ORDER};
use crate::engine::{Bounds, Outcome, Remark};
use crate::verdict::Verdict;

/// How far a form is from what was found at a setting.
pub(crate) struct Deviation {
    /// ‖found − claimed‖, Frobenius: exactly 0 where there is no error as far as the engine can tell.
    pub(crate) error: Bounds,
    /// ‖claimed‖.
    pub(crate) claimed: Bounds,
}

/// How far an engine follows the path of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// [`HALVINGS`]: as far as doubles tell an error from rounding.
    Shallow,
    /// [`DEEP_HALVINGS`] besides, where halving makes nothing larger: an error of too low an order, however small its
    /// factor is, is the largest part of all errors there.
    Deep,
}

/// Judges a form by the order of its error along the claim's path, from deviations that `compare` finds. An error of a
/// higher order than the claimed one satisfies the claim, too.
pub(crate) fn judge(
    claim: &Claim,
    form: &Form,
    setting: &Setting<Rational>,
    depth: Depth,
    mut compare: impl FnMut(&Form, &Setting<Rational>) -> Result<Deviation, String>,
) -> Outcome {
    let Some((path, order)) = claim.kind.path() else {
        return Outcome::undecided("no path along which to measure an order".into());
    };
    let mut after = |halvings| after(claim, (path, order), form, setting, halvings, &mut compare);
    let near = after(HALVINGS);
    let halved = (path.halve)(setting.clone()).ok();
    // Errors that stay as the whole setting does speak against no limit.
    if near.verdict == Verdict::Differs && halved.as_ref() == Some(setting) {
        return Outcome::undecided(format!("halving {} leaves this setting as it is", path.parameter));
    }
    let goes_on = depth == Depth::Deep && halved.is_some_and(|halved| is_as_large(setting, &halved));
    if !goes_on || near.verdict == Verdict::Undecided {
        return near;
    }
    let far = after(DEEP_HALVINGS);
    if far.verdict == Verdict::Undecided || far.verdict == near.verdict { near } else { far }
}

/// Whether a setting has as many draws and samples as another.
fn is_as_large(one: &Setting<Rational>, other: &Setting<Rational>) -> bool {
    let samples = |setting: &Setting<Rational>| match setting.population() {
        Population::Data(data) => data.features.nrows(),
        Population::Gaussian(_) => 0,
    };
    one.batch_size() == other.batch_size() && samples(one) == samples(other)
}

/// Judges by the order of the last of several halvings.
fn after(
    claim: &Claim,
    (path, order): (&Path, u32),
    form: &Form,
    setting: &Setting<Rational>,
    halvings: usize,
    compare: &mut impl FnMut(&Form, &Setting<Rational>) -> Result<Deviation, String>,
) -> Outcome {
    let mut error_at = |setting: &Setting<Rational>| {
        let Deviation { error, claimed } = compare(form, setting)?;
        Ok::<_, String>(match claim.kind {
            Kind::Approximation { .. } => error.over(claimed),
            _ => error,
        })
    };
    // The order is that of the last halving. What is between the first setting and that is not asked.
    let halved = |times: usize, setting: Setting<Rational>| {
        (0..times).try_fold(setting, |setting, _| (path.halve)(setting)).map_err(|error| error.to_string())
    };
    let mut errors = || {
        let first = error_at(setting)?;
        let near = halved(halvings - 1, setting.clone())?;
        Ok::<_, String>((first, error_at(&near)?, error_at(&halved(1, near)?)?))
    };
    let (first, before, last) = match errors() {
        Ok(errors) => errors,
        Err(reason) => return Outcome::undecided(reason),
    };
    let is_zero = |error: &Bounds| error.high == 0.0;
    if is_zero(&first) && is_zero(&last) {
        return Outcome::certain(Verdict::Agrees, f64::INFINITY, Remark::Says("no error at all".into()));
    }
    let text = first.text(3);
    if !is_zero(&first) && (is_zero(&before) || is_zero(&last)) {
        // An error of 0 here may be one that the engine cannot tell from 0.
        return Outcome::undecided(format!("error {text}, too small after {halvings} halvings to have an order"));
    }
    if before.low.is_infinite() || last.low.is_infinite() {
        let line = "the relative error is infinite, as the claimed value is 0".into();
        return Outcome::certain(Verdict::Differs, f64::NAN, Remark::Says(line));
    }
    let (low, high) = ((before.low / last.high).log2(), (before.high / last.low).log2());
    let measured = if low == high { low } else { low + (high - low) / 2.0 };
    let least = f64::from(order) - ORDER;
    let holds = low >= least && last.high < first.low;
    let fails = high < least || last.low >= first.high;
    let line = format!(
        "error {text} → {} in {halvings} halvings of {}, order {} (claimed {order})",
        last.text(3),
        path.parameter,
        decimal::to_places(measured, 2)
    );
    match (holds, fails) {
        (true, _) => Outcome::certain(Verdict::Agrees, measured, Remark::Says(line)),
        (false, true) => Outcome::certain(Verdict::Differs, measured, Remark::Says(line)),
        // The errors are known too coarsely.
        (false, false) => Outcome::undecided(format!("{line}, not certain enough to tell")),
    }
}

/// The range of the measured orders, in words.
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

#[cfg(test)]
mod tests {
    use claims::Simplest;
    use registry::closed_forms;

    use super::*;

    /// The verdict on «Σ ≈ (λσ²/(2S)) I» where the claimed value is `claimed` and the error starts at 1 and is halved,
    /// or 0 where it is below a floor, and is known to within `width`.
    fn judged(claimed: f64, floor: f64, width: f64) -> Outcome {
        let claim = closed_forms().iter().find(|claim| claim.id == "label-noise/small-learning-rate").unwrap();
        let setting = claim.draw(1, &[], &mut Simplest).unwrap().unwrap();
        let start = setting.learning_rate()[(0, 0)].clone();
        judge(claim, &claim.printed, &setting, Depth::Shallow, |_, setting| {
            let error = (setting.learning_rate()[(0, 0)].clone() / &start).to_f64();
            let told = if error > floor { error } else { 0.0 };
            let error = Bounds { low: (told - width).max(0.0), high: told + width };
            Ok(Deviation { error, claimed: Bounds::exactly(claimed) })
        })
    }

    #[test]
    fn an_error_that_is_halved_has_order_one() {
        let outcome = judged(4.0, 0.0, 0.0);
        assert_eq!(outcome.verdict, Verdict::Agrees);
        let line = "error 2.500e-1 → 3.906e-3 in 6 halvings of λ, order 1.00 (claimed 1)";
        assert_eq!(outcome.line, Remark::Says(line.into()));
    }

    #[test]
    fn no_error_is_small_beside_zero() {
        let outcome = judged(0.0, 0.0, 0.0);
        assert_eq!(outcome.verdict, Verdict::Differs);
        // The sentence that a counterexample prints.
        let sentence = outcome.line.after("Σ = 1");
        assert_eq!(sentence, "Σ = 1; the relative error is infinite, as the claimed value is 0");
    }

    #[test]
    fn an_error_that_drowns_in_rounding_refutes_no_order() {
        for (floor, verdict) in
            [(0.01, Verdict::Agrees), (0.02, Verdict::Undecided), (0.5, Verdict::Undecided), (1.0, Verdict::Agrees)]
        {
            assert_eq!(judged(4.0, floor, 0.0).verdict, verdict, "{floor}");
        }
    }

    /// The first error is 1 and the last one 1/64.
    #[test]
    fn an_order_of_errors_that_are_hardly_known_is_undecided() {
        for (width, verdict) in [(1e-9, Verdict::Agrees), (1e-2, Verdict::Undecided), (1e-1, Verdict::Undecided)] {
            assert_eq!(judged(4.0, 0.0, width).verdict, verdict, "{width}");
        }
    }

    /// The verdict on «Σ ≈ (λσ²/(2S)) I» where the error is `linear` x + `quadratic` x², with x = 1 at first.
    fn of_orders(constant: f64, linear: f64, quadratic: f64, depth: Depth) -> Verdict {
        let claim = closed_forms().iter().find(|claim| claim.id == "label-noise/small-learning-rate").unwrap();
        let setting = claim.draw(1, &[], &mut Simplest).unwrap().unwrap();
        let start = setting.learning_rate()[(0, 0)].clone();
        let outcome = judge(claim, &claim.printed, &setting, depth, |_, setting| {
            let x = (setting.learning_rate()[(0, 0)].clone() / &start).to_f64();
            let error = Bounds::exactly(constant + linear * x + quadratic * x * x);
            Ok(Deviation { error, claimed: Bounds::exactly(1.0) })
        });
        outcome.verdict
    }

    #[test]
    fn a_higher_order_satisfies_a_claim_and_a_lower_one_does_not() {
        for depth in [Depth::Shallow, Depth::Deep] {
            assert_eq!(of_orders(0.0, 1.0, 0.0, depth), Verdict::Agrees);
            assert_eq!(of_orders(0.0, 0.0, 1.0, depth), Verdict::Agrees);
            assert_eq!(of_orders(1.0, 1.0, 0.0, depth), Verdict::Differs);
        }
    }

    #[test]
    fn a_small_error_of_too_low_an_order_is_found_far_down() {
        assert_eq!(of_orders(1e-6, 1.0, 0.0, Depth::Shallow), Verdict::Agrees);
        assert_eq!(of_orders(1e-6, 1.0, 0.0, Depth::Deep), Verdict::Differs);
        // An order that shows late is the order.
        assert_eq!(of_orders(0.0, 1.0, 1e3, Depth::Deep), Verdict::Agrees);
    }
}
