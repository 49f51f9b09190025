//! Whether the paper's observations reproduce, from means over seeds and their standard errors. Any answer may be no.

use std::collections::BTreeMap;
use std::fmt;

use crate::state::Finished;
use crate::train::{Curve, Outcome, mean, variance};

/// How many standard errors make a difference.
const ERRORS: f64 = 2.0;

/// What a figure shows of an outcome; `None` for one that diverged.
pub type Quantity = fn(&Outcome) -> Option<f64>;

/// The seeds of one place of a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The width, or the weight decay.
    pub x: f64,
    /// The mean over the seeds that did not diverge.
    pub mean: f64,
    /// The standard error of the mean; 0 for a single seed.
    pub standard_error: f64,
    /// Seeds that diverged.
    pub diverged: usize,
}

/// Whether an observation of the paper reproduces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Reproduces,
    /// Some of it does.
    InPart,
    /// The standard errors are too large to tell.
    Undecided,
    /// It does not.
    DoesNot,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::Reproduces => "reproduces",
            Verdict::InPart => "reproduces in part",
            Verdict::Undecided => "undecided",
            Verdict::DoesNot => "does not reproduce",
        })
    }
}

/// A verdict and its reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The verdict, in a word or two.
    pub verdict: Verdict,
    /// The reason, in one sentence with numbers.
    pub reason: String,
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {}.", self.verdict, self.reason)
    }
}

/// The means of a curve, place by place.
pub fn points(finished: &[Finished], curve: Curve, quantity: Quantity) -> Vec<Point> {
    let mut places: Vec<(f64, Vec<Option<f64>>)> = Vec::new();
    for Finished { run, outcome } in finished.iter().filter(|finished| finished.run.curve == curve) {
        match places.last_mut() {
            Some((x, values)) if *x == run.x => values.push(quantity(outcome)),
            _ => places.push((run.x, vec![quantity(outcome)])),
        }
    }
    let point = |(x, values): (f64, Vec<Option<f64>>)| {
        let finite = Vec::from_iter(values.iter().flatten().copied());
        let n = finite.len();
        let standard_error = if n > 1 { (variance(&finite) / n as f64).sqrt() } else { 0.0 };
        Point { x, mean: mean(&finite), standard_error, diverged: values.len() - n }
    };
    places.into_iter().map(point).collect()
}

/// How the last mean of a curve compares with the first.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Growth {
    /// Last over first, above 1 by more than the standard errors.
    Grows(f64),
    /// Last over first, 1 as far as the standard errors tell.
    Level(f64),
    /// Last over first, below 1 by more than the standard errors.
    Falls(f64),
    /// Some seeds diverge at the last place.
    Diverges,
}

impl Growth {
    fn of(points: &[Point]) -> Growth {
        let [first, .., last] = points else { return Growth::Level(1.0) };
        if last.diverged > 0 {
            return Growth::Diverges;
        }
        if first.diverged > 0 {
            return Growth::Falls(0.0);
        }
        let factor = last.mean / first.mean;
        let error = (first.standard_error / first.mean).hypot(last.standard_error / last.mean);
        match factor.ln() {
            logarithm if logarithm > ERRORS * error => Growth::Grows(factor),
            logarithm if logarithm < -ERRORS * error => Growth::Falls(factor),
            _ => Growth::Level(factor),
        }
    }

    fn is_growth(self) -> bool {
        matches!(self, Growth::Grows(_) | Growth::Diverges)
    }
}

impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Growth::Grows(factor) => write!(f, "grows by a factor {}", short(*factor)),
            Growth::Level(factor) => write!(f, "changes by a factor {}, no more than its errors", short(*factor)),
            Growth::Falls(factor) => write!(f, "falls by a factor {}", short(factor.recip())),
            Growth::Diverges => f.write_str("diverges"),
        }
    }
}

/// Three digits at most.
pub fn short(number: f64) -> String {
    if number >= 10.0 { format!("{number:.0}") } else { format!("{number:.2}") }
}

/// The smallest width at which some losses were above ln(classes), the loss of a guess, or a seed diverged. Losses from
/// 0 to that of a guess cannot have a variance above the square of half their range, by Popoviciu's inequality.
fn unstable_from(variances: &[Point], classes: usize) -> Option<f64> {
    let most = ((classes as f64).ln() / 2.0).powi(2);
    variances.iter().find(|point| point.diverged > 0 || point.mean > most).map(|point| point.x)
}

/// Left and middle: with a constant learning rate the variance grows with the width, and training becomes unstable;
/// with λ ∝ 1/d it does not.
///
/// Both curves begin with the same runs; below that width a rate ∝ 1/d would be the larger one.
pub fn of_networks([constant, scaled]: [&[Point]; 2], classes: usize) -> Judged {
    let unstable = [constant, scaled].map(|points| unstable_from(points, classes));
    let growths = [constant, scaled].map(Growth::of);
    let verdict = match (growths[0].is_growth(), growths[1].is_growth(), unstable) {
        (true, false, [Some(_), None]) => Verdict::Reproduces,
        (true, false, _) => Verdict::InPart,
        _ => Verdict::DoesNot,
    };
    let [from, to] = [constant.first(), constant.last()].map(|point| point.map_or(0.0, |point| point.x));
    let stability =
        unstable.map(|unstable| unstable.map_or("stable throughout".into(), |d| format!("unstable from `d = {d}`")));
    let reason = format!(
        "From `d = {from}` to {to} the variance {} with a constant learning rate ({}) and {} with one `∝ 1/d` ({})",
        growths[0], stability[0], growths[1], stability[1]
    );
    Judged { verdict, reason }
}

/// Right: the best weight decay is negative.
///
/// The best negative decay is compared with the best of the others, seed by seed. A decay at which a seed diverged does
/// not count.
pub fn of_decay(finished: &[Finished], quantity: Quantity, larger_is_better: bool) -> Judged {
    let values = |x: f64| -> BTreeMap<u64, Option<f64>> {
        let there = finished.iter().filter(|finished| finished.run.x == x);
        there.map(|Finished { run, outcome }| (run.seed, quantity(outcome))).collect()
    };
    let gain = |point: &Point| if larger_is_better { point.mean } else { -point.mean };
    let all = points(finished, Curve::Logistic, quantity);
    let best = |is_negative: bool| {
        let there = all.iter().filter(|point| point.diverged == 0 && (point.x < 0.0) == is_negative);
        there.max_by(|a, b| gain(a).total_cmp(&gain(b)))
    };
    let (Some(negative), Some(other)) = (best(true), best(false)) else {
        let all_negative =
            if best(true).is_none() { "Every negative `γ` diverges" } else { "Every `γ ≥ 0` diverges" };
        let verdict = if best(true).is_none() { Verdict::DoesNot } else { Verdict::Reproduces };
        return Judged { verdict, reason: all_negative.into() };
    };
    let (of_negative, of_other) = (values(negative.x), values(other.x));
    let sign = if larger_is_better { 1.0 } else { -1.0 };
    let pairs = of_negative.iter().filter_map(|(seed, value)| Some(sign * ((*value)? - (*of_other.get(seed)?)?)));
    let gains = Vec::from_iter(pairs);
    let (gain, error) = (mean(&gains), (variance(&gains) / gains.len() as f64).sqrt());
    let verdict = match gain {
        gain if gain > ERRORS * error => Verdict::Reproduces,
        gain if gain < -ERRORS * error => Verdict::DoesNot,
        _ => Verdict::Undecided,
    };
    let reason = format!(
        "The best `γ < 0`, {}, has {:.5}, and the best `γ ≥ 0`, {}, has {:.5}; seed by seed the negative one is better by \
         {gain:.5} ± {:.5}",
        minus(negative.x),
        negative.mean,
        minus(other.x),
        other.mean,
        ERRORS * error
    );
    Judged { verdict, reason: reason.replace("by -", "by −") }
}

/// A number as the paper prints it.
pub fn minus(number: f64) -> String {
    number.to_string().replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Run;

    fn curve(means: [f64; 2], standard_error: f64, diverged: usize) -> Vec<Point> {
        let point = |x: f64, mean: f64, diverged| Point { x, mean, standard_error, diverged };
        vec![point(8.0, means[0], 0), point(16.0, means[1], diverged)]
    }

    #[test]
    fn each_verdict_on_networks_is_reached() {
        let (grows, unstable, diverges) =
            (curve([0.1, 0.4], 0.01, 0), curve([0.1, 4.0], 0.01, 0), curve([0.1, 0.1], 0.01, 1));
        let (level, noisy, falls) =
            (curve([0.1, 0.11], 0.01, 0), curve([1.0, 2.0], 0.5, 0), curve([0.2, 0.1], 0.001, 0));
        let cases = [
            (&unstable, &level, Verdict::Reproduces),
            (&diverges, &falls, Verdict::Reproduces),
            (&grows, &level, Verdict::InPart),
            (&unstable, &grows, Verdict::DoesNot),
            (&unstable, &diverges, Verdict::DoesNot),
            (&noisy, &level, Verdict::DoesNot),
            (&falls, &level, Verdict::DoesNot),
        ];
        for (constant, scaled, wanted) in cases {
            let judged = of_networks([constant, scaled], 10);
            assert_eq!(judged.verdict, wanted, "{judged}");
        }
        let told = of_networks([&unstable, &falls], 10).to_string();
        assert!(told.contains("grows by a factor 40") && told.contains("falls by a factor 2.00"), "{told}");
        assert!(told.contains("unstable from `d = 16`") && told.contains("stable throughout"), "{told}");
    }

    #[test]
    fn a_variance_that_descent_cannot_have_is_unstable() {
        // (ln 10)²/4 = 1.3255…
        for (variance, diverged, wanted) in [(1.32, 0, None), (1.33, 0, Some(16.0)), (0.5, 1, Some(16.0))] {
            assert_eq!(unstable_from(&curve([0.5, variance], 0.0, diverged), 10), wanted);
        }
    }

    /// Losses of γ = −1, 0 and 1 for seeds 1, 2 and so on.
    fn losses(rows: &[[f64; 3]]) -> Vec<Finished> {
        let at = |i: usize, x: f64| {
            rows.iter().zip(1..).map(move |(row, seed)| {
                let test_loss = row[i];
                let outcome = match test_loss.is_finite() {
                    true => Outcome::Logistic { test_loss, test_accuracy: 1.0 - test_loss },
                    false => Outcome::Diverged { step: 3 },
                };
                Finished { run: Run { curve: Curve::Logistic, x, seed }, outcome }
            })
        };
        [-1.0, 0.0, 1.0].iter().enumerate().flat_map(|(i, x)| at(i, *x)).collect()
    }

    fn loss(outcome: &Outcome) -> Option<f64> {
        if let Outcome::Logistic { test_loss, .. } = outcome { Some(*test_loss) } else { None }
    }

    fn accuracy(outcome: &Outcome) -> Option<f64> {
        if let Outcome::Logistic { test_accuracy, .. } = outcome { Some(*test_accuracy) } else { None }
    }

    #[test]
    fn each_verdict_on_the_decay_is_reached() {
        let cases = [
            // Seeds differ by more than decays do, and are compared one by one.
            (losses(&[[0.1, 0.2, 0.9], [0.5, 0.61, 0.9], [0.3, 0.4, 0.9]]), Verdict::Reproduces),
            (losses(&[[0.2, 0.1, 0.9], [0.61, 0.5, 0.9], [0.4, 0.3, 0.9]]), Verdict::DoesNot),
            (losses(&[[0.2, 0.1, 0.9], [0.3, 0.5, 0.9], [0.4, 0.3, 0.9]]), Verdict::Undecided),
            (losses(&[[f64::NAN, 0.1, 0.9], [0.1, 0.5, 0.9]]), Verdict::DoesNot),
            (losses(&[[0.9, f64::NAN, f64::INFINITY], [0.8, 0.5, 0.9]]), Verdict::Reproduces),
        ];
        for (finished, wanted) in cases {
            let [by_loss, by_accuracy] = [of_decay(&finished, loss, false), of_decay(&finished, accuracy, true)];
            assert_eq!((by_loss.verdict, by_accuracy.verdict), (wanted, wanted), "{by_loss}");
        }
    }

    #[test]
    fn a_mean_has_its_standard_error_and_counts_what_diverged() {
        let of = points(&losses(&[[1.0, 0.0, f64::NAN], [3.0, 0.0, 0.5]]), Curve::Logistic, loss);
        let point = |x: f64, mean: f64, standard_error: f64, diverged| Point { x, mean, standard_error, diverged };
        assert_eq!(of, [point(-1.0, 2.0, 1.0, 0), point(0.0, 0.0, 0.0, 0), point(1.0, 0.5, 0.0, 1)]);
        assert!(points(&losses(&[[f64::NAN; 3]]), Curve::Logistic, loss)[0].mean.is_nan());
    }
}
