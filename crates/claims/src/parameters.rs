//! The parameters of a family: their names, how they scale, and where their values come from.

use numbers::Scalar;
use rug::Rational;

/// One parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its weight when weight i is measured in another unit, w_i → t⁻¹w_i, x_i → t x_i; by i, and last for the unit of
    /// labels.
    pub weights: Vec<i32>,
    /// Which unit it may define.
    pub unit: Option<usize>,
}

/// How a parameter scales: as x_i x_j to half a power, and with the labels.
#[derive(Clone, Copy)]
pub(crate) struct Weights {
    /// i and j; `None` for a parameter that scales with all features alike, or with none.
    pub(crate) of: Option<(usize, usize)>,
    pub(crate) power: i32,
    pub(crate) label: i32,
}

/// Where the values of parameters come from.
pub(crate) trait Source<T> {
    fn next(&mut self, name: &str, weights: Weights) -> T;
}

impl<T: Scalar, I: Iterator<Item = T>> Source<T> for I {
    fn next(&mut self, _: &str, _: Weights) -> T {
        Iterator::next(self).unwrap_or_else(T::zero)
    }
}

/// Collects the parameters.
pub(crate) struct Names {
    pub(crate) parameters: Vec<Parameter>,
    /// D.
    pub(crate) dimension: usize,
}

impl Source<Rational> for Names {
    fn next(&mut self, name: &str, Weights { of, power, label }: Weights) -> Rational {
        let D = self.dimension;
        let mut weights = vec![0; D + 1];
        weights[D] = label;
        let indices = match of {
            Some((i, j)) => {
                weights[i] += power;
                weights[j] += power;
                if i == j { (i + 1).to_string() } else { format!("{}{}", j + 1, i + 1) }
            }
            None => {
                weights[..D].fill(2 * power);
                String::new()
            }
        };
        let unit = match (name, of) {
            ("a" | "x0", Some((i, j))) if i == j => Some(i),
            ("σ²" | "y0" | "r", _) | ("c", Some((0, 0))) => Some(D),
            ("u", Some((0, 0))) => Some(D),
            _ => None,
        };
        let name = if D == 1 || of.is_none() { name.into() } else { format!("{name}{indices}") };
        self.parameters.push(Parameter { name, weights, unit });
        Rational::from(1)
    }
}
