//! Axes.

/// An axis with equal distances for equal differences, or for equal ratios.
#[derive(Debug, Clone)]
pub struct Scale {
    ends: [f64; 2],
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Linear,
    Logarithmic,
    /// The number is k where 2ᵏ is meant.
    PowerOfTwo,
}

/// The largest number of steps between round numbers on an axis.
const STEPS: f64 = 9.0;

impl Scale {
    /// Equal distances for equal differences, from one end to the other.
    pub fn linear(from: f64, to: f64) -> Scale {
        Scale { ends: [from, to], kind: Kind::Linear }
    }

    /// Equal distances for equal ratios; both ends are positive.
    pub fn logarithmic(from: f64, to: f64) -> Scale {
        Scale { ends: [from, to], kind: Kind::Logarithmic }
    }

    /// An axis of exponents: the place k is labelled 2ᵏ.
    pub fn powers_of_two(from: f64, to: f64) -> Scale {
        Scale { kind: Kind::PowerOfTwo, ..Scale::linear(from, to) }
    }

    /// The first end and the second.
    pub fn ends(&self) -> [f64; 2] {
        self.ends
    }

    /// Whether a number lies between the ends.
    pub fn contains(&self, value: f64) -> bool {
        let [from, to] = self.ends();
        (from.min(to)..=from.max(to)).contains(&value)
    }

    /// Where a number lies, 0 at the first end and 1 at the second.
    pub fn place(&self, value: f64) -> f64 {
        let [from, to] = self.ends.map(|end| self.position(end));
        let value = self.position(value);
        (value - from) / (to - from)
    }

    /// The number, or its logarithm to the base 10: what is equally far apart.
    fn position(&self, value: f64) -> f64 {
        if self.kind == Kind::Logarithmic { value.max(f64::MIN_POSITIVE).log10() } else { value }
    }

    /// Round numbers from one end to the other.
    pub(crate) fn ticks(&self) -> Vec<f64> {
        let [from, to] = self.ends.map(|end| self.position(end));
        let (low, high) = (from.min(to), from.max(to));
        let ticks = match self.kind {
            Kind::Logarithmic => {
                let (low, high) = (low.floor() as i32, high.ceil() as i32);
                let leading: &[f64] = if high - low > 3 { &[1.0] } else { &[1.0, 2.0, 5.0] };
                Vec::from_iter((low..=high).flat_map(|power| leading.iter().map(move |one| one * 10f64.powi(power))))
            }
            Kind::Linear | Kind::PowerOfTwo => {
                let step = round_step((high - low) / STEPS);
                let step = if self.kind == Kind::PowerOfTwo { step.max(1.0) } else { step };
                let (first, last) = ((low / step).floor() as i64, (high / step).ceil() as i64);
                Vec::from_iter((first..=last).map(|k| k as f64 * step))
            }
        };
        // The last bits of an end may be those of a computation.
        let slack = 1e-9;
        ticks.into_iter().filter(|tick| (-slack..=1.0 + slack).contains(&self.place(*tick))).collect()
    }

    /// The label of a number beside the axis, a formula where it has an exponent.
    pub(crate) fn label(&self, value: f64) -> String {
        if self.kind == Kind::PowerOfTwo {
            return format!("`2^{value:.0}`").replace('-', "−");
        }
        // On a linear axis a number far smaller than its length is a rounding error of 0. A logarithmic axis has no 0.
        let [from, to] = self.ends();
        if value == 0.0 || self.kind == Kind::Linear && value.abs() < 1e-8 * (to - from).abs() {
            return "0".into();
        }
        // Six digits, as far as they say something.
        let rounded = format!("{value:.5e}").parse().unwrap_or(value);
        let text = match (1e-4..1e7).contains(&value.abs()) {
            true => format!("{rounded}"),
            false => format!("`{rounded:e}`").replace('e', "·10^").replace("`1·", "`"),
        };
        text.replace('-', "−")
    }
}

/// The smallest of 1, 2 and 5 times a power of ten that is at least so large.
fn round_step(least: f64) -> f64 {
    let power = 10f64.powi(least.log10().floor() as i32);
    let step = [1.0, 2.0, 5.0].into_iter().map(|leading| leading * power).find(|step| *step >= least);
    step.unwrap_or(10.0 * power)
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
        assert_eq!(Scale::powers_of_two(0.0, -40.0).label(-7.0), "`2^−7`");
        // A place on a short axis, or on a logarithmic one, is no zero.
        assert_eq!(Scale::linear(0.0, 1e-5).label(2.0 * 1e-6), "`2·10^−6`");
        assert_eq!(Scale::linear(-1.0, 1.0).label(0.1 + 0.2 - 0.3), "0");
        for (number, text) in [(1e-5, "`10^−5`"), (2.0 * 10_f64.powi(-3), "0.002"), (5e8, "`5·10^8`"), (1e4, "10000")]
        {
            assert_eq!(Scale::logarithmic(1e-6, 1e9).label(number), text);
        }
    }

    #[test]
    fn ticks_are_round_numbers_between_the_ends() {
        let ticks = |scale: Scale| Vec::from_iter(scale.ticks().iter().map(|tick| scale.label(*tick))).join(" ");
        assert_eq!(ticks(Scale::linear(0.0, 2.0 - 1e-15)), "0 0.5 1 1.5 2");
        assert_eq!(ticks(Scale::linear(0.3, -0.1)), "−0.1 −0.05 0 0.05 0.1 0.15 0.2 0.25 0.3");
        assert_eq!(ticks(Scale::powers_of_two(0.0, 3.0)), "`2^0` `2^1` `2^2` `2^3`");
        assert_eq!(ticks(Scale::logarithmic(0.7, 30.0)), "1 2 5 10 20");
        assert_eq!(ticks(Scale::logarithmic(0.01, 1e3)), "0.01 0.1 1 10 100 1000");
        assert_eq!(ticks(Scale::linear(1.0, 1.0)), "");
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
