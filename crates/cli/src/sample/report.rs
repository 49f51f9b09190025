//! The answer for a reader.

use std::path::Path;

use montecarlo::{Distrust, Draws, MeanEstimate, Shard, TailIndex};
use numbers::Matrix;
use symbols::{Moments, Population, Setting};

use super::answer::Answer;
use super::choice::BurnIn;
use super::course::End;
use super::sampled::Sampled;
use numbers::decimal::measured as decimal;

use crate::words::{listed, problem as describe, titled};

/// Digits of a number whose error nobody knows, or whose error does not matter.
const DIGITS: usize = 5;

/// The most entries of a column that are printed one by one.
const LONGEST_COLUMN: usize = 8;

/// The whole answer: what was run, what it found, and what the chains say about themselves.
pub fn report(file: &Path, setting: &Setting<f64>, error: Option<f64>, sampled: &Sampled) -> String {
    let answer = &sampled.answer;
    let mut problem = describe(setting);
    if matches!(sampled.chosen.plan.draws, Draws::ShuffledEpochs(_)) {
        problem = problem.replace(&setting.sampling().to_string(), "shuffled epochs");
    }
    let mut text = format!("{}: {problem}\n\n", file.display());
    text += &listed(&plan(setting, sampled));
    text.push('\n');
    text += &listed(&losses(sampled));
    if matches!(sampled.chosen.plan.draws, Draws::ShuffledEpochs(_)) {
        let is_valid = answer.standard_error.is_some();
        for (title, found) in [
            ("E[w] − w*", &answer.offset),
            ("mean square E[(w − w*)(w − w*)ᵀ], from which the losses follow", &answer.mean_square),
        ] {
            // The norm of a long column is said above.
            if !found.mean.is_square() && found.mean.len() > LONGEST_COLUMN {
                continue;
            }
            let error = |place| is_valid.then(|| found.standard_error[place]);
            text += &titled(title, &found.mean, DIGITS, |i, j| number(found.mean[(i, j)], error((i, j))));
        }
    }
    for (title, of) in [
        ("fluctuation Σ", (|moments| &moments.fluctuation) as fn(&Moments<f64>) -> &Matrix<f64>),
        ("noise covariance C", |moments| &moments.noise_covariance),
    ] {
        let errors = answer.standard_error.as_ref().map(of);
        let cell = |i, j| number(of(&answer.mean)[(i, j)], errors.map(|errors| errors[(i, j)]));
        text += &titled(title, of(&answer.mean), DIGITS, cell);
    }
    text.push('\n');
    text += &listed(&diagnostics(answer));
    text.push('\n');
    text += &conclusion(error, sampled);
    text
}

/// A name, a value, and what it means.
type Line = (&'static str, String, String);

fn plan(setting: &Setting<f64>, Sampled { chosen, run, answer, .. }: &Sampled) -> Vec<Line> {
    let plan = &chosen.plan;
    let draws = match (setting.population(), plan.draws) {
        (Population::Data(_), Draws::Literal(_)) => "literal".to_owned(),
        (_, draws) => draws.to_string(),
    };
    let source = match &chosen.burn_in {
        BurnIn::Given => "as asked for".to_owned(),
        BurnIn::Known(stability) => {
            format!("from the second moments, spectral radius {}", decimal(stability.spectral_radius, 10))
        }
        BurnIn::Pilot(radius, why) => format!("from pilot runs, spectral radius {}: {why}", decimal(*radius, 3)),
    };
    let steps = run.steps_done().saturating_sub(plan.burn_in as u64);
    let line = |name, value: String, meaning: &str| (name, value, meaning.to_owned());
    let mut lines = vec![
        line("engine", "montecarlo".into(), ""),
        line("draws", draws, ""),
        line("seed", plan.seed.to_string(), ""),
        line("chains", of(answer.chains, plan.chains), ""),
        line("burn-in", plan.burn_in.to_string(), &source),
        line("steps", of(steps, plan.steps), "of each chain"),
    ];
    let still = run.still_directions();
    if still > 0 {
        let meaning = "no gradient has a part along them: w = 0 there, as at the start";
        lines.push(line("still directions", of(still, setting.dimension()), meaning));
    }
    lines
}

/// What was done, and of how much where more was planned.
fn of(done: impl ToString, planned: usize) -> String {
    let (done, planned) = (done.to_string(), planned.to_string());
    if done == planned { done } else { format!("{done} of {planned}") }
}

fn losses(Sampled { answer, expected_error, .. }: &Sampled) -> Vec<Line> {
    let errors = answer.standard_error.as_ref();
    let train_loss = number(answer.mean.train_loss, errors.map(|errors| errors.train_loss));
    let mut lines = vec![("train loss", train_loss, "regularizer included".to_owned())];
    lines.push(match answer.mean.test_loss {
        Some(loss) => ("test loss", number(loss, errors.and_then(|errors| errors.test_loss)), String::new()),
        None => ("test loss", "none".into(), "a data set has no samples but those of training".into()),
    });
    let found = &answer.offset;
    let (size, error) = size(found);
    let error = answer.standard_error.as_ref().map(|_| error);
    lines.push(("‖E[w] − w*‖", number(size, error), "zero within its error where minibatches are independent".into()));
    if let Some(error) = answer.relative_error {
        lines.push(("relative error", decimal(error, 2), "one standard error of Σ, Frobenius".into()));
    }
    if let Some(error) = *expected_error {
        let value = if error.is_finite() { decimal(error, 2) } else { "infinite".into() };
        lines.push(("expected error", value, "what it should be after so many steps, by exact fourth moments".into()));
    }
    lines
}

/// The norm of a mean, and that of its standard errors, which is larger than the standard error of the norm.
fn size(found: &MeanEstimate) -> (f64, f64) {
    (found.mean.norm(), found.standard_error.norm())
}

fn diagnostics(answer: &Answer) -> Vec<Line> {
    let found = &answer.diagnostics;
    let count = |size: f64| if size.is_finite() { format!("{size:.0}") } else { "unlimited".into() };
    let index = |TailIndex { estimate, standard_error, .. }: TailIndex| match estimate.is_finite() {
        true => format!("{estimate:.2} ± {standard_error:.2}"),
        false => "infinite".into(),
    };
    let ranks = format!("of the ranks of {} draws a chain: bulk", found.draws_of_chain);
    vec![
        ("R̂", format!("{:.5}", found.r_hat), "of all steps".into()),
        ("", format!("{:.5}", found.rank_r_hat), "of ranks".into()),
        ("sample size", count(found.effective_sample_size), "effective, of all steps".into()),
        ("", count(found.bulk_sample_size), ranks),
        ("", count(found.tail_sample_size), "and tail".into()),
        ("batch means", format!("{:.3}", found.batch_error_ratio), "their standard error over that of chains".into()),
        ("drift", format!("{:.2}", found.drift), "standard errors between the halves of the chains".into()),
        ("tail index", index(found.tail_index), "by Hill: moments below it exist".into()),
        ("", index(found.moment_tail_index), "by moments".into()),
    ]
}

fn conclusion(error: Option<f64>, Sampled { end, missing, answer, .. }: &Sampled) -> String {
    let mut text = match answer.distrust {
        None => "trusted: yes\n".to_owned(),
        Some(distrust @ Distrust::NoNoise { .. }) => format!("trusted: {distrust}\n"),
        Some(distrust @ Distrust::HeavyTail { .. }) => {
            format!("trusted: no, and no standard error is valid: {distrust}\n")
        }
        Some(distrust) => format!("trusted: no, the standard errors may be too small: {distrust}\n"),
    };
    match (end, error) {
        (End::Stopped, _) => text += "INCOMPLETE: stopped before its last step\n",
        (End::Partial, _) => {
            let missing = Vec::from_iter(missing.iter().map(Shard::to_string)).join(", ");
            text += &format!("PARTIAL: without the shards {missing}\n");
        }
        (End::Limit, Some(most)) => {
            text += &format!(
                "NOT REACHED: the relative error that was asked for, {most:e}, needs more steps than the limit\n"
            );
        }
        _ => {}
    }
    text
}

/// A number and its standard error, both to the two leading digits of the error.
fn number(value: f64, standard_error: Option<f64>) -> String {
    let Some(error) = standard_error.filter(|error| error.is_finite()) else {
        return decimal(value, DIGITS);
    };
    if error == 0.0 {
        return format!("{} ± 0", decimal(value, DIGITS));
    }
    let exponent = |x: f64, digits: usize| {
        let text = format!("{x:.digits$e}");
        text.rsplit_once('e').and_then(|(_, exponent)| exponent.parse::<i32>().ok()).unwrap_or_default()
    };
    let last = exponent(error, 1) - 1;
    match usize::try_from(-last) {
        Ok(decimals @ 0..=8) => format!("{value:.decimals$} ± {error:.decimals$}"),
        _ => {
            let digits = (exponent(value, 0) - last).max(0) as usize;
            format!("{value:.digits$e} ± {error:.1e}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_ends_where_its_error_does() {
        assert_eq!(number(0.131_886_4, Some(0.000_023_1)), "0.131886 ± 0.000023");
        assert_eq!(number(-12.345, Some(0.099_7)), "-12.35 ± 0.10");
        assert_eq!(number(1234.5, Some(56.0)), "1234 ± 56");
        assert_eq!(number(1.234_56e-9, Some(2.3e-12)), "1.2346e-9 ± 2.3e-12");
        assert_eq!(number(1.234_56e9, Some(2.3e6)), "1.2346e9 ± 2.3e6");
        assert_eq!(number(1e-12, Some(2.3e-10)), "1e-12 ± 2.3e-10");
        assert_eq!(number(0.0, Some(0.0)), "0 ± 0");
        assert_eq!(number(0.25, None), "0.25000");
    }
}
