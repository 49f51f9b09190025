//! Axes.

use std::ops::Range;

use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use plotters::coord::types::RangedCoordf64;

/// An axis with equal distances for equal differences, or for equal ratios.
#[derive(Debug, Clone)]
pub struct Scale {
    range: Range<f64>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Linear,
    Logarithmic,
    /// The number is k where 2ᵏ is meant.
    PowerOfTwo,
}

impl Scale {
    /// Equal distances for equal differences, from one end to the other.
    pub fn linear(from: f64, to: f64) -> Scale {
        Scale { range: from..to, kind: Kind::Linear }
    }

    /// Equal distances for equal ratios; both ends are positive.
    pub fn logarithmic(from: f64, to: f64) -> Scale {
        Scale { range: from..to, kind: Kind::Logarithmic }
    }

    /// An axis of exponents: the place k is labelled 2ᵏ.
    pub fn powers_of_two(from: f64, to: f64) -> Scale {
        Scale { kind: Kind::PowerOfTwo, ..Scale::linear(from, to) }
    }

    /// The first end and the second.
    pub fn ends(&self) -> [f64; 2] {
        [self.range.start, self.range.end]
    }

    /// Whether a number lies between the ends.
    pub fn contains(&self, value: f64) -> bool {
        let [from, to] = self.ends();
        (from.min(to)..=from.max(to)).contains(&value)
    }

    /// Where a number lies, 0 at the first end and 1 at the second.
    pub fn place(&self, value: f64) -> f64 {
        let [from, to, value] = [self.range.start, self.range.end, value].map(|number| self.position(number));
        (value - from) / (to - from)
    }

    /// The number, or its logarithm to the base 10: what is equally far apart.
    fn position(&self, value: f64) -> f64 {
        if self.kind == Kind::Logarithmic { value.max(f64::MIN_POSITIVE).log10() } else { value }
    }

    /// The axis of positions.
    fn positions(&self) -> RangedCoordf64 {
        let [from, to] = self.ends().map(|end| self.position(end));
        (from..to).into()
    }

    /// The label of a number beside the axis.
    pub(crate) fn label(&self, value: f64) -> String {
        if self.kind == Kind::PowerOfTwo {
            return format!("2^{value:.0}");
        }
        // On a linear axis a number far smaller than its length is a rounding error of 0. A logarithmic axis has no 0.
        let [from, to] = self.ends();
        if value == 0.0 || self.kind == Kind::Linear && value.abs() < 1e-8 * (to - from).abs() {
            return "0".into();
        }
        // Six digits, as far as they say something.
        let rounded = format!("{value:.5e}").parse().unwrap_or(value);
        let text = if (1e-4..1e7).contains(&value.abs()) { format!("{rounded}") } else { format!("{rounded:e}") };
        text.replace('-', "−")
    }
}

impl Ranged for Scale {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        self.positions().map(&self.position(*value), limit)
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if self.kind != Kind::Logarithmic {
            return self.positions().key_points(hint);
        }
        let [low, high] = self.ends().map(|end| self.position(end));
        let (low, high) = (low.floor() as i32, high.ceil() as i32);
        let steps: &[f64] = if high - low > 3 { &[1.0] } else { &[1.0, 2.0, 5.0] };
        let points = (low..=high).flat_map(|power| steps.iter().map(move |step| step * 10f64.powi(power)));
        points.filter(|point| self.contains(*point)).collect()
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let cases = [(0.5, "0.5"), (-2.0, "−2"), (100.0, "100"), (-1e-9, "0"), (0.0001, "0.0001"), (0.0, "0")];
        for (number, text) in cases {
            assert_eq!(Scale::linear(0.0, 1.0).label(number), text);
        }
        assert_eq!(Scale::powers_of_two(0.0, -40.0).label(-7.0), "2^-7");
        // A place on a short axis, or on a logarithmic one, is no zero.
        assert_eq!(Scale::linear(0.0, 1e-5).label(2.0 * 1e-6), "2e−6");
        assert_eq!(Scale::linear(-1.0, 1.0).label(0.1 + 0.2 - 0.3), "0");
        for (number, text) in [(1e-5, "1e−5"), (2.0 * 10_f64.powi(-3), "0.002"), (5e8, "5e8"), (1e4, "10000")] {
            assert_eq!(Scale::logarithmic(1e-6, 1e9).label(number), text);
        }
    }

    #[test]
    fn equal_ratios_are_equally_far_apart() {
        let scale = Scale::logarithmic(0.01, 100.0);
        for (number, place) in [(0.01, 0.0), (0.1, 0.25), (1.0, 0.5), (100.0, 1.0)] {
            assert!((scale.place(number) - place).abs() < 1e-12, "{number}");
        }
        assert_eq!(Scale::linear(4.0, 2.0).place(3.5), 0.25);
    }

    #[test]
    fn what_an_axis_holds_lies_between_its_ends() {
        let scale = Scale::powers_of_two(0.0, -40.0);
        assert!(scale.contains(-40.0) && scale.contains(0.0) && !scale.contains(1.0) && !scale.contains(f64::NAN));
    }
}
