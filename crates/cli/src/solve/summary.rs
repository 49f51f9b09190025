//! The answer for a reader.

use std::path::Path;

use numbers::decimal::{self, measured};
use numbers::nearest_f64;
use rug::Rational;
use symbols::Setting;

use super::engine::Engine;
use lyapunov::{Enclosure, Stability};

use super::ask::{Answer, Kurtosis, no_test_loss};
use crate::words::{DIGITS, LARGEST_TABLE, apart_from_one, listed, problem, titled};

/// Characters of the longest rational that is printed in full; longer ones are printed as decimals.
const LONGEST_RATIONAL: usize = 24;

/// Digits of a number that was estimated by draws.
const DIGITS_OF_DRAWS: usize = 5;

/// The whole answer, a paragraph and two tables.
pub fn summary(file: &Path, setting: &Setting<f64>, answer: &Answer) -> String {
    let digits = if answer.engine == Engine::Montecarlo { DIGITS_OF_DRAWS } else { DIGITS };
    let (in_full, errors) = (answer.in_full.as_ref(), answer.errors.as_ref());
    let number = |value: f64, exact: Option<&Rational>, error: Option<f64>| {
        let in_digits = || exact.map(|exact| decimal::exact(exact, digits));
        short(exact).or_else(in_digits).unwrap_or_else(|| within(value, error.unwrap_or_default(), digits))
    };

    let mut lines = vec![
        ("engine", name(answer.engine), answer.remark.clone().unwrap_or_default()),
        ("stable", "yes".to_owned(), if answer.gap.is_some() { "proven".into() } else { String::new() }),
    ];
    lines.extend(of_stability(answer));
    let train_loss = number(answer.moments.train_loss, in_full.map(|m| &m.train_loss), errors.map(|e| e.train_loss));
    lines.push(("train loss", train_loss, "regularizer included".into()));
    if let Some(value) = answer.moments.test_loss {
        let exact = in_full.and_then(|m| m.test_loss.as_ref());
        lines.push(("test loss", number(value, exact, errors.and_then(|e| e.test_loss)), String::new()));
    }
    lines.extend(no_test_loss(setting).map(|why| ("test loss", "–".to_owned(), why.to_owned())));
    if let Some((_, least_loss)) = &answer.minimum {
        lines.push(("least loss", measured(*least_loss, digits), "without fluctuation, at the minimizer w*".into()));
    }
    if let Some(kurtosis) = &answer.kurtosis {
        lines.extend(of_kurtosis(kurtosis, |value| number(nearest_f64(value), Some(value), None)));
    }
    if let Some(value) = answer.residual {
        lines.push(("residual", measured(value, 2), "of the stationary equation, relative".into()));
    }
    lines.extend(of_error(answer));
    if let Some(condition) = answer.condition {
        let meaning = "at most: relative errors of the numbers in the file count so many times";
        lines.push(("condition number", measured(condition, 2), meaning.into()));
    }
    if answer.still > 0 {
        let meaning = "directions in which the weights never move: proven";
        lines.push(("still", answer.still.to_string(), meaning.into()));
    }

    let mut text = format!("{}: {}\n\n{}", file.display(), problem(setting), listed(&lines));
    if let Some((w, _)) = answer.minimum.as_ref().filter(|(w, _)| w.len() <= LARGEST_TABLE) {
        let entries = Vec::from_iter(w.iter().map(|v| measured(*v, digits)));
        let of_start = if answer.still > 0 { ", of the many the one that SGD comes to from w₀ = 0" } else { "" };
        text += &format!("\nminimizer w*{of_start}\n {}\n", entries.join("  "));
    }
    let of_entries = errors.map(|errors| &errors.fluctuation_entries);
    let fluctuation = |i, j| {
        let exact = in_full.map(|m| &m.fluctuation[(i, j)]);
        number(answer.moments.fluctuation[(i, j)], exact, of_entries.map(|E| E[(i, j)]))
    };
    let C = &answer.moments.noise_covariance;
    let of_noise = errors.map(|errors| &errors.noise_covariance_entries);
    let noise_covariance = |i, j| {
        let exact = in_full.map(|m| &m.noise_covariance[(i, j)]);
        number(C[(i, j)], exact, of_noise.map(|E| E[(i, j)]))
    };
    text += &titled("fluctuation Σ", &answer.moments.fluctuation, digits, fluctuation);
    text += &titled("noise covariance C", C, digits, noise_covariance);
    text
}

/// A name, a value, and what it means.
type Line = (&'static str, String, String);

fn of_stability(answer: &Answer) -> Vec<Line> {
    let Some(Stability { spectral_radius, margin, .. }) = answer.stability else {
        let below = |gap| ("spectral radius", "–".to_owned(), format!("below 1, by at least {}", measured(gap, 2)));
        return answer.gap.map(below).into_iter().collect();
    };
    let mut of_radius = "of the second-moment recursion: stable below 1".to_owned();
    let mut of_margin = "the largest factor on the learning rate".to_owned();
    if let Some(enclosures) = answer.enclosures {
        of_radius += &between(enclosures.spectral_radius);
        of_margin += &between(enclosures.margin);
    }
    // A radius that is only just below 1 is below 1 by so much.
    if let Some(gap) = answer.gap.filter(|_| spectral_radius > CLOSE) {
        of_radius = format!("below 1, by at least {}", measured(gap, 2));
    }
    vec![
        ("spectral radius", apart_from_one(spectral_radius), of_radius),
        ("stability margin", apart_from_one(margin), of_margin),
    ]
}

/// Two bounds in words: to how many digits the number between them is proven, or both of them, rounded outward.
fn between(Enclosure { low, high }: Enclosure) -> String {
    let agreed = if high > low { -((high - low) / high).log10() } else { f64::INFINITY };
    match agreed as usize {
        _ if low == high => String::new(),
        _ if !high.is_finite() => format!("; in doubles, proven: at least {}", outward(low, -1.0)),
        agreed @ 4.. => format!(", proven to {} digits", agreed.min(DIGITS)),
        _ => format!("; in doubles, proven: {} to {}", outward(low, -1.0), outward(high, 1.0)),
    }
}

/// A number to three digits, or as many as tell it from 1, rounded up or down.
fn outward(value: f64, sign: f64) -> String {
    let digits = if value < 1.0 { (2.0 - (1.0 - value).log10()) as usize } else { 3 };
    let digits = digits.clamp(3, 17);
    let unit = 2.0 * 0.1_f64.powi(digits as i32);
    let is_outward = |text: &str| text.parse::<f64>().is_ok_and(|printed| sign * (printed - value) >= 0.0);
    let moved = |k: i32| measured(value + sign * f64::from(k) * unit * value.abs(), digits);
    (0..8).map(moved).find(|text| is_outward(text)).unwrap_or_else(|| measured(value, 17))
}

fn of_kurtosis(kurtosis: &Kurtosis<Rational>, number: impl Fn(&Rational) -> String) -> Vec<Line> {
    let of_weight = |value: &Option<Rational>| value.as_ref().map_or_else(|| "–".to_owned(), &number);
    let values = match kurtosis {
        Kurtosis::Finite(values) => values.iter().map(of_weight).collect(),
        Kurtosis::Infinite => vec!["infinite".to_owned()],
    };
    let line = |(i, value)| match i {
        0 => ("kurtosis", value, "of each weight, 3 for a Gaussian".to_owned()),
        _ => ("", value, String::new()),
    };
    values.into_iter().enumerate().map(line).collect()
}

fn of_error(answer: &Answer) -> Vec<Line> {
    let mut lines = Vec::new();
    let proven = "on the fluctuation of the problem as the file states it, relative, Frobenius";
    match (answer.engine, answer.error_bound, &answer.errors) {
        (Engine::Montecarlo, Some(error), _) => {
            let meaning = "one standard error of the fluctuation, relative, Frobenius";
            lines.push(("error", measured(error, 2), meaning.to_owned()));
        }
        (Engine::Montecarlo, None, _) => {}
        (Engine::Exact, ..) => {
            lines.push(("error bound", "0".into(), "before printing; all fractions in full: --json FILE".into()));
        }
        (Engine::Lyapunov, bound, errors) => {
            let size = answer.moments.fluctuation.norm();
            let absolute = errors.as_ref().map_or(f64::INFINITY, |errors| errors.fluctuation);
            if size == 0.0 && absolute == 0.0 {
                lines.push(("no noise", "Σ = 0".into(), "proven: nothing is noisy at w*, or nothing moves".into()));
            } else if size == 0.0 {
                let meaning = "Σ is zero within this bound: what is left of the noise is rounding";
                lines.push(("no noise", measured(absolute, 2), meaning.into()));
            }
            if let Some(bound) = bound {
                lines.push(("error bound", measured(bound, 2), proven.into()));
            }
        }
    }
    lines
}

/// A radius beyond this takes more digits to be told from 1 than are printed.
const CLOSE: f64 = 1.0 - 1e-9;

/// A number to the digits that its error leaves, at most so many; a number that is all error is 0 within it.
fn within(value: f64, error: f64, digits: usize) -> String {
    if error > 0.0 && value.abs() <= error {
        return format!("0 ± {}", measured(error, 2));
    }
    let known = if error > 0.0 { (value.abs() / error).log10() } else { f64::INFINITY };
    measured(value, (known as usize).clamp(1, digits))
}

fn name(engine: Engine) -> String {
    use clap::ValueEnum;
    engine.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

/// A rational in full, if it is known and short.
fn short(value: Option<&Rational>) -> Option<String> {
    value.map(Rational::to_string).filter(|text| text.len() <= LONGEST_RATIONAL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_the_digits_that_its_error_leaves() {
        assert_eq!(within(0.25, 0.0, 10), "0.2500000000");
        assert_eq!(within(1234.5678, 0.001, 10), "1234.57");
        assert_eq!(within(1e-30, 2e-30, 10), "0 ± 2.0e-30");
        assert_eq!(within(0.0, 0.0, 10), "0");
    }

    #[test]
    fn bounds_are_rounded_outward() {
        for (value, down, up) in [(0.12345, "0.123", "0.124"), (1.0, "1.00", "1.00"), (0.99812, "0.9981", "0.9983")] {
            assert_eq!((outward(value, -1.0).as_str(), outward(value, 1.0).as_str()), (down, up), "{value}");
        }
        assert_eq!(between(Enclosure { low: 0.5, high: 0.5 + 1e-12 }), ", proven to 10 digits");
        assert_eq!(between(Enclosure { low: 1.0, high: f64::INFINITY }), "; in doubles, proven: at least 1.00");
    }

    #[test]
    fn a_rational_is_printed_in_full_only_if_short() {
        assert_eq!(short(Some(&Rational::from((-7, 3)))), Some("-7/3".into()));
        assert_eq!(short(Some(&Rational::from((1, u128::MAX)))), None);
        assert_eq!(short(None), None);
    }
}
