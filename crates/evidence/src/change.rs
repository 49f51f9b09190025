//! Changes of one number of a setting, or of several that are measured in one unit.

use std::cmp::Ordering;

use numbers::Matrix;
use numbers::matrix::identity;
use rug::Rational;
use symbols::{DataSet, Population, Setting};

use crate::part::Part;

/// One change.
#[derive(Debug, Clone)]
pub enum Change {
    /// One entry is this number; of a symmetric part its mirror image, too.
    Entry(Part, (usize, usize), Rational),
    /// The part is this number times I; if it is no square, every entry is this number.
    Multiple(Part, Rational),
    /// The part is multiplied so that its first entry that is not zero becomes this number.
    Scaled(Part, Rational),
    /// Another unit of features: the first number that is not zero in A, or in x, becomes this one.
    Features(Rational),
    /// Another unit of weights: the first number that is not zero in u, or in y, becomes this one.
    Weights(Rational),
    /// One sample is left out.
    Without(usize),
}

impl Change {
    /// All changes of a setting to numbers of a list, those that change most first. Of changes that stand together, one
    /// undoes the other.
    pub fn all(setting: &Setting<Rational>, numbers: &[Rational]) -> Vec<Vec<Change>> {
        let parts = Vec::from_iter(Part::ALL.into_iter().filter_map(|part| Some((part, part.of(setting)?))));
        let each = |change: &dyn Fn(Rational) -> Change| Vec::from_iter(numbers.iter().cloned().map(change));
        let mut changes = Vec::from_iter(parts.iter().map(|(part, _)| vec![Change::Multiple(*part, Rational::new())]));
        changes.extend((0..setting.sample_count().unwrap_or(0)).rev().map(|sample| vec![Change::Without(sample)]));
        changes.push(each(&Change::Features));
        changes.push(each(&Change::Weights));
        for (part, value) in &parts {
            if value.len() > 1 {
                changes.push(each(&|number| Change::Multiple(*part, number)));
                changes.push(each(&|number| Change::Scaled(*part, number)));
            }
            for (i, j) in (0..value.ncols()).flat_map(|j| (0..value.nrows()).map(move |i| (i, j))) {
                if i >= j || !part.is_symmetric() {
                    changes.push(each(&|number| Change::Entry(*part, (i, j), number)));
                }
            }
        }
        changes
    }

    /// The changed setting; `None` where it would be none.
    pub fn apply(&self, setting: &Setting<Rational>) -> Option<Setting<Rational>> {
        match self {
            Change::Entry(part, (i, j), number) => {
                let mut value = part.of(setting)?;
                *value.get_mut((*i, *j))? = number.clone();
                if part.is_symmetric() {
                    value[(*j, *i)] = number.clone();
                }
                part.put(setting.clone(), value)
            }
            Change::Multiple(part, number) => {
                let value = part.of(setting)?;
                let multiple = match value.is_square() {
                    true => identity::<Rational>(value.nrows()) * number.clone(),
                    false => value.map(|_| number.clone()),
                };
                part.put(setting.clone(), multiple)
            }
            Change::Scaled(part, number) => {
                let value = part.of(setting)?;
                let factor = number.clone() / first(&value)?;
                part.put(setting.clone(), value * factor)
            }
            // Features count twice in their covariances, which may so have units whose root is no fraction.
            Change::Features(number) => {
                let (factor, square) = match setting.population() {
                    Population::Gaussian(model) => (None, number.clone() / first(&model.feature_covariance)?),
                    Population::Data(data) => {
                        let factor = number.clone() / first(&data.features)?;
                        (Some(factor.clone()), factor.square())
                    }
                };
                multiplied(setting, |part| match part {
                    Part::FeatureCovariance | Part::InputNoise | Part::LabelNoise | Part::WeightDecay => {
                        Some(square.clone())
                    }
                    Part::LearningRate if !square.is_zero() => Some(square.clone().recip()),
                    Part::Features | Part::Labels => factor.clone(),
                    _ => None,
                })
            }
            Change::Weights(number) => {
                let part = if setting.sample_count().is_some() { Part::Labels } else { Part::TrueWeights };
                let factor = number.clone() / first(&part.of(setting)?)?;
                multiplied(setting, |part| match part {
                    Part::TrueWeights | Part::Labels | Part::InitialWeights => Some(factor.clone()),
                    Part::LabelNoise => Some(factor.clone().square()),
                    _ => None,
                })
            }
            Change::Without(sample) => {
                let Population::Data(data) = setting.population() else { return None };
                if *sample >= data.labels.len() || data.labels.len() == 1 {
                    return None;
                }
                // Not by `remove_row` of nalgebra, which frees fractions twice.
                let kept = Vec::from_iter((0..data.labels.len()).filter(|row| row != sample));
                let features = data.features.select_rows(&kept);
                let labels = data.labels.select_rows(&kept);
                setting.clone().with_population(Population::Data(DataSet { features, labels })).ok()
            }
        }
    }
}

/// The setting with parts multiplied by numbers.
fn multiplied(setting: &Setting<Rational>, by: impl Fn(Part) -> Option<Rational>) -> Option<Setting<Rational>> {
    Part::ALL.into_iter().try_fold(setting.clone(), |setting, part| match (part.of(&setting), by(part)) {
        (Some(value), Some(factor)) => part.put(setting, value * factor),
        _ => Some(setting),
    })
}

/// The first entry that is not zero.
fn first(M: &Matrix<Rational>) -> Option<&Rational> {
    M.iter().find(|entry| !entry.is_zero())
}

/// Fractions up to a height, zero included, the simple ones first; negative ones as well up to `negative`.
pub fn simple(height: u32, negative: u32) -> Vec<Rational> {
    let mut numbers = vec![Rational::new()];
    for sum in 2..=2 * height {
        for denominator in 1..sum {
            let numerator = sum - denominator;
            let number = Rational::from((numerator, denominator));
            let largest = numerator.max(denominator);
            if largest > height || *number.denom() != denominator {
                continue;
            }
            if largest <= negative {
                numbers.extend([number.clone(), -number]);
            } else {
                numbers.push(number);
            }
        }
    }
    numbers
}

/// The fraction with the least denominator in an interval of positive numbers, both ends included.
pub fn simplest(low: Rational, high: Rational) -> Rational {
    let whole = low.clone().ceil();
    if whole.cmp(&high) != Ordering::Greater {
        return whole;
    }
    // Both lie between two integers.
    let floor = low.clone().floor();
    floor.clone() + simplest((high - &floor).recip(), (low - &floor).recip()).recip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_numbers_come_first() {
        let texts = Vec::from_iter(simple(3, 1).iter().map(ToString::to_string));
        assert_eq!(texts, ["0", "1", "-1", "2", "1/2", "3", "1/3", "3/2", "2/3"]);
    }

    #[test]
    fn the_simplest_fraction_of_an_interval() {
        let of = |low: (i32, i32), high: (i32, i32)| simplest(Rational::from(low), Rational::from(high));
        for (low, high, expected) in [
            ((1, 2), (3, 2), (1, 1)),
            ((1, 3), (1, 2), (1, 2)),
            ((2, 5), (3, 7), (2, 5)),
            ((314, 100), (315, 100), (22, 7)),
            ((5, 4), (5, 4), (5, 4)),
        ] {
            assert_eq!(of(low, high), Rational::from(expected));
        }
    }
}
