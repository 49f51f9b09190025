//! Words that several commands have for a problem and for what is known of it.

use std::fmt::Display;

use comfy_table::{CellAlignment, Table, presets};
use lyapunov::Stability;
use numbers::decimal::measured;
use numbers::{Matrix, matrix};
use symbols::{Population, Setting};

/// Rows of the largest matrix that is printed in full; larger ones are summed up.
pub const LARGEST_TABLE: usize = 8;

/// Digits of a number that nobody has a bound for, or that is known to more.
pub const DIGITS: usize = 10;

/// A number to as many digits as tell it from 1, ten at least.
pub fn apart_from_one(value: f64) -> String {
    let needed = if value == 1.0 { 0.0 } else { 2.0 - (value - 1.0).abs().log10() };
    measured(value, (needed as usize).clamp(DIGITS, 17))
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
    let (trace, norm) = (measured(matrix::trace(M), digits), measured(M.norm(), digits));
    format!("\n{title}: trace {trace}, Frobenius norm {norm}; in full: --json FILE or --npy DIR\n")
}

/// Why an unstable problem has no answer, where doubles may not tell how far it is from the edge.
pub fn proven_unstable(stability: Option<&Stability>) -> String {
    stability.map_or_else(|| "unstable: proven over ℚ; how far from stable is beyond doubles".to_owned(), unstable)
}

/// Why an unstable problem has no answer.
pub fn unstable(stability: &Stability) -> String {
    let Stability { spectral_radius, margin, .. } = stability;
    let radius = if *spectral_radius == 1.0 { "1 or more".to_owned() } else { apart_from_one(*spectral_radius) };
    let cure = match margin {
        margin if *margin >= 1.0 => "; stable with any less of the learning rate".to_owned(),
        margin if *margin > 0.0 => {
            let digits = (3.0 - (1.0 - margin).log10()) as usize;
            format!("; stable with less than {} times the learning rate", measured(*margin, digits.clamp(4, 17)))
        }
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

fn table(M: &Matrix<f64>, cell: impl Fn(usize, usize) -> String) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    for i in 0..M.nrows() {
        table.add_row((0..M.ncols()).map(|j| cell(i, j)));
    }
    table.column_iter_mut().for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table.trim_fmt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_beside_one_is_told_from_it() {
        assert_eq!(apart_from_one(0.75), "0.7500000000");
        assert_eq!(apart_from_one(1.0_f64.next_down()), "0.99999999999999989");
        assert_eq!(apart_from_one(1.0), "1.000000000");
    }
}
