//! Settings as text: in one line, in fractions.

use numbers::Matrix;
use rug::Rational;
use symbols::Setting;

use crate::part::Part;

/// A setting in one line, in fractions. B, Γ and μ are left out where they are zero, and u where there is neither
/// weight decay nor input noise.
pub fn describe(setting: &Setting<Rational>) -> String {
    let moved =
        [Part::WeightDecay, Part::InputNoise].map(|part| part.of(setting)).into_iter().flatten().any(|M| !is_zero(&M));
    parts(setting, |part| part != Part::TrueWeights || moved)
}

/// Those parts of a setting in one line that `matter`. B, Γ and μ are left out where they are zero.
pub fn parts(setting: &Setting<Rational>, mut matter: impl FnMut(Part) -> bool) -> String {
    let mut lines = Vec::new();
    for part in Part::ALL {
        let Some(value) = part.of(setting) else { continue };
        let plain = matches!(part, Part::InputNoise | Part::WeightDecay | Part::Momentum) && is_zero(&value);
        if plain || !matter(part) {
            continue;
        }
        let text = match part {
            Part::TrueWeights | Part::Labels | Part::InitialWeights => row(value.iter()),
            _ => matrix(&value),
        };
        lines.push(format!("{} = {text}", part.symbol()));
        if part == Part::Labels {
            lines.push(setting.sampling().to_string());
        }
    }
    lines.join(", ")
}

fn is_zero(M: &Matrix<Rational>) -> bool {
    M.iter().all(Rational::is_zero)
}

/// A matrix in one line; a 1×1 matrix is its entry.
pub fn matrix(M: &Matrix<Rational>) -> String {
    in_brackets(&M.map(|v| v.to_string()))
}

/// Rows of entries in brackets, without those around a single entry.
pub(crate) fn in_brackets(entries: &Matrix<String>) -> String {
    list(entries.row_iter().map(|row| list(row.iter().cloned())))
}

/// A row in one line.
pub fn row<'a>(entries: impl Iterator<Item = &'a Rational>) -> String {
    list(entries.map(Rational::to_string))
}

fn list(entries: impl Iterator<Item = String>) -> String {
    let entries = Vec::from_iter(entries);
    match entries.as_slice() {
        [one] => one.clone(),
        _ => format!("[{}]", entries.join(", ")),
    }
}
