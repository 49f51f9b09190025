//! The answer for a reader.

use std::fmt::Display;
use std::path::Path;

use comfy_table::{CellAlignment, Table, presets};
use rug::Rational;
use symbols::{Matrix, Population, Setting, matrix, nearest_f64};

use super::Engine;
use lyapunov::Stability;

use super::ask::Answer;

/// Larger matrices are summed up.
const LARGEST_TABLE: usize = 8;
/// Longer rationals are printed as decimals.
const LONGEST_RATIONAL: usize = 24;

/// The whole answer, a paragraph and two tables.
pub fn summary(file: &Path, engine: Engine, setting: &Setting<f64>, answer: &Answer) -> String {
    let digits = if engine == Engine::Montecarlo { 5 } else { 10 };
    let in_full = answer.in_full.as_ref();
    let number = |value: f64, exact: Option<&Rational>| short(exact).unwrap_or_else(|| decimal(value, digits));

    let mut lines = vec![("engine", name(engine), ""), ("stable", "yes".to_owned(), "")];
    if let Some(Stability { spectral_radius, margin }) = answer.stability {
        lines.extend([
            ("spectral radius", decimal(spectral_radius, 10), "of the second-moment recursion: stable below 1"),
            ("stability margin", decimal(margin, 10), "the largest factor on the learning rate"),
        ]);
    }
    let train_loss = number(answer.moments.train_loss, in_full.map(|m| &m.train_loss));
    lines.push(("train loss", train_loss, "regularizer included"));
    if let Some(value) = answer.moments.test_loss {
        lines.push(("test loss", number(value, in_full.and_then(|m| m.test_loss.as_ref())), ""));
    }
    if let Some(kurtosis) = &answer.kurtosis {
        let value = kurtosis.as_ref().map_or("infinite".into(), |value| number(nearest_f64(value), Some(value)));
        lines.push(("kurtosis", value, "of the weight, 3 for a Gaussian"));
    }
    if let Some(value) = answer.residual {
        lines.push(("residual", decimal(value, 2), "of the stationary equation, relative"));
    }
    if let Some(value) = answer.error_bound {
        let meaning = match engine {
            Engine::Montecarlo => "one standard error of the fluctuation, relative, Frobenius",
            _ => "on the fluctuation, relative, Frobenius",
        };
        lines.push(("error bound", decimal(value, 2), meaning));
    }
    if let Some(directions) = &answer.null_space {
        let meaning = "directions in which the weights never move; the bound is one for the others, as rounded";
        lines.push(("still", directions.ncols().to_string(), meaning));
    }

    let mut text = format!("{}: {}\n\n{}", file.display(), problem(setting), listed(&lines));
    for (title, M, exact) in [
        ("fluctuation Σ", &answer.moments.fluctuation, in_full.map(|m| &m.fluctuation)),
        ("noise covariance C", &answer.moments.noise_covariance, in_full.map(|m| &m.noise_covariance)),
    ] {
        text += &titled(title, M, digits, |i, j| number(M[(i, j)], exact.map(|exact| &exact[(i, j)])));
    }
    text
}

/// Names, values and what they mean, one a line.
pub fn listed(lines: &[(&str, String, impl Display)]) -> String {
    // A hat takes no room.
    let width = |name: &str| 18 + name.matches('\u{302}').count();
    let line = |(name, value, meaning): &(&str, String, _)| format!("{name:<0$}{value:<24}{meaning}", width(name));
    lines.iter().map(|entry| line(entry).trim_end().to_owned() + "\n").collect()
}

/// A matrix below its title: cell by cell, or summed up where it is large.
pub fn titled(title: &str, M: &Matrix<f64>, digits: usize, cell: impl Fn(usize, usize) -> String) -> String {
    if M.nrows() <= LARGEST_TABLE {
        return format!("\n{title}\n{}\n", table(M, cell));
    }
    let (trace, norm) = (decimal(matrix::trace(M), digits), decimal(M.norm(), digits));
    format!("\n{title}: trace {trace}, Frobenius norm {norm}; in full: --json FILE or --npy DIR\n")
}

/// Why there is no answer.
pub fn unstable(stability: &Stability) -> String {
    let Stability { spectral_radius, margin } = stability;
    let radius = decimal(*spectral_radius, 10);
    let cure = match margin {
        margin if *margin > 0.0 => format!("; stable with less than {} times the learning rate", decimal(*margin, 4)),
        _ => String::new(),
    };
    format!("unstable: the spectral radius of the second-moment recursion is {radius}, expected < 1{cure}")
}

/// The problem in a line: D, S, μ, samples, sampling.
pub fn problem(setting: &Setting<f64>) -> String {
    let samples = match setting.population() {
        Population::Gaussian(_) => "Gaussian features".to_owned(),
        Population::Data(data) => format!("{} samples", data.labels.len()),
    };
    let (D, S) = (setting.dimension(), setting.batch_size().get());
    format!("D = {D}, S = {S}, μ = {}, {samples}, {}", setting.momentum(), setting.sampling())
}

fn name(engine: Engine) -> String {
    use clap::ValueEnum;
    engine.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

fn table(M: &Matrix<f64>, cell: impl Fn(usize, usize) -> String) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    for i in 0..M.nrows() {
        table.add_row((0..M.ncols()).map(|j| cell(i, j)));
    }
    table.column_iter_mut().for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table.trim_fmt()
}

/// A rational in full, if it is known and short.
fn short(value: Option<&Rational>) -> Option<String> {
    value.map(Rational::to_string).filter(|text| text.len() <= LONGEST_RATIONAL)
}

/// A number to so many digits: plain if it is neither large nor small.
pub fn decimal(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{value:.*e}", digits.saturating_sub(1));
    let exponent = scientific.rsplit_once('e').and_then(|(_, exponent)| exponent.parse::<i32>().ok());
    match exponent {
        Some(exponent @ -4..=8) => {
            let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
            format!("{value:.decimals$}")
        }
        _ => scientific,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_its_digits() {
        assert_eq!(decimal(0.25, 4), "0.2500");
        assert_eq!(decimal(-1234.5678, 6), "-1234.57");
        assert_eq!(decimal(9.99999, 3), "10.0");
        assert_eq!(decimal(1.5e-7, 3), "1.50e-7");
        assert_eq!(decimal(f64::INFINITY, 3), "inf");
        assert_eq!(decimal(0.0, 3), "0");
    }

    #[test]
    fn a_rational_is_printed_in_full_only_if_short() {
        assert_eq!(short(Some(&Rational::from((-7, 3)))), Some("-7/3".into()));
        assert_eq!(short(Some(&Rational::from((1, u128::MAX)))), None);
        assert_eq!(short(None), None);
    }
}
