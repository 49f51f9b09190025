//! Factors and their bounds, written down once.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use rug::{Complete, Integer};

/// Why nothing is known of the numerator of a rational function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DegreesError {
    /// There is no rational function.
    #[error("a division by zero")]
    DivisionByZero,
    /// Operands, or a value and the variables that its degrees were asked in, come from different calls of
    /// [`Degrees::variables`](super::Degrees::variables).
    #[error("bounds of degrees in two different sets of variables: expected one set")]
    ForeignVariables,
    /// A degree or an exponent that the bounds cannot hold.
    #[error("the bound of a degree is above {limit}: expected at most {limit}")]
    DegreeTooLarge {
        /// The largest degree that bounds can hold.
        limit: u32,
    },
}

impl DegreesError {
    pub(super) const TOO_LARGE: DegreesError = DegreesError::DegreeTooLarge { limit: i32::MAX as u32 };
}

/// The exponent of each factor, never zero.
pub(super) type Powers = BTreeMap<usize, i32>;

/// Bounds of a polynomial.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bounds {
    /// The degree in each variable; shorter vectors end in zeros.
    pub(super) degrees: Vec<u32>,
    /// The sum of the absolute values of the coefficients.
    pub(super) norm: Integer,
    /// The weight in each grading.
    pub(super) weights: Vec<Option<i32>>,
}

impl Bounds {
    pub(super) fn degree(&self, variable: usize) -> u32 {
        self.degrees.get(variable).copied().unwrap_or(0)
    }

    /// Bounds of a sum.
    fn plus(self, other: Bounds) -> Bounds {
        let variables = self.degrees.len().max(other.degrees.len());
        let degrees = Vec::from_iter((0..variables).map(|v| self.degree(v).max(other.degree(v))));
        let same = |(x, y): (Option<i32>, Option<i32>)| if x == y { x } else { None };
        let weights = Vec::from_iter(self.weights.into_iter().zip(other.weights).map(same));
        Bounds { degrees, norm: self.norm + other.norm, weights }
    }
}

/// The factors made from some variables.
pub(super) struct Ring {
    gradings: usize,
    factors: Mutex<Factors>,
}

struct Factors {
    bounds: Vec<Bounds>,
    /// The two terms of a sum, and its factor.
    sums: HashMap<[Term; 2], usize>,
}

/// A whole multiple of a product of factors.
type Term = (Integer, Powers);

impl Ring {
    pub(super) fn new(variables: usize, gradings: &[Vec<i32>]) -> Self {
        let bounds = Vec::from_iter((0..variables).map(|variable| Bounds {
            degrees: Vec::from_iter((0..variables).map(|v| u32::from(v == variable))),
            norm: Integer::from(1),
            weights: Vec::from_iter(gradings.iter().map(|grading| grading.get(variable).copied())),
        }));
        Ring { gradings: gradings.len(), factors: Mutex::new(Factors { bounds, sums: HashMap::new() }) }
    }

    /// Bounds of `constant` times a product of nonnegative powers.
    pub(super) fn product(&self, powers: &Powers, constant: Integer) -> Result<Bounds, DegreesError> {
        self.with(|factors| factors.product(powers, constant, self.gradings))
    }

    /// The weight of a product of powers, in each grading.
    pub(super) fn weights(&self, powers: &Powers) -> Vec<Option<i32>> {
        self.with(|factors| factors.weights(powers, self.gradings))
    }

    /// The factor that stands for a sum, and whether it stands for the negative of the sum. The same terms in either
    /// order have the same factor.
    pub(super) fn sum(&self, x: Term, y: Term) -> Result<(usize, bool), DegreesError> {
        let mut terms = if x.1 <= y.1 { [x, y] } else { [y, x] };
        let negative = terms[0].0 < 0;
        if negative {
            terms.iter_mut().for_each(|term| term.0 = -term.0.clone());
        }
        let factor = self.with(|factors| {
            if let Some(&known) = factors.sums.get(&terms) {
                return Ok(known);
            }
            let of = |(constant, powers): &Term| factors.product(powers, constant.abs_ref().complete(), self.gradings);
            let bounds = of(&terms[0])?.plus(of(&terms[1])?);
            let factor = factors.write_down(bounds);
            factors.sums.insert(terms, factor);
            Ok(factor)
        });
        factor.map(|factor| (factor, negative))
    }

    /// A new factor with these bounds.
    pub(super) fn factor(&self, bounds: Bounds) -> usize {
        self.with(|factors| factors.write_down(bounds))
    }

    fn with<R>(&self, f: impl FnOnce(&mut Factors) -> R) -> R {
        // Nothing is left half written: a list that a panic poisoned is still a list of bounds.
        f(&mut self.factors.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Factors {
    fn write_down(&mut self, bounds: Bounds) -> usize {
        self.bounds.push(bounds);
        self.bounds.len() - 1
    }

    fn product(&self, powers: &Powers, constant: Integer, gradings: usize) -> Result<Bounds, DegreesError> {
        let weights = self.weights(powers, gradings);
        let mut product = Bounds { degrees: Vec::new(), norm: constant, weights };
        for (&factor, &exponent) in powers {
            let (bounds, exponent) = (&self.bounds[factor], exponent.unsigned_abs());
            let variables = product.degrees.len().max(bounds.degrees.len());
            product.degrees.resize(variables, 0);
            for variable in 0..variables {
                let degree = exponent.checked_mul(bounds.degree(variable));
                let sum = degree.and_then(|degree| degree.checked_add(product.degrees[variable]));
                let within = |degree: &u32| i32::try_from(*degree).is_ok();
                product.degrees[variable] = sum.filter(within).ok_or(DegreesError::TOO_LARGE)?;
            }
            for _ in 0..exponent {
                product.norm *= &bounds.norm;
            }
        }
        Ok(product)
    }

    fn weights(&self, powers: &Powers, gradings: usize) -> Vec<Option<i32>> {
        let weight = |grading: usize| {
            powers.iter().try_fold(0_i32, |sum, (&factor, exponent)| {
                let weight = self.bounds[factor].weights.get(grading).copied().flatten()?;
                sum.checked_add(exponent.checked_mul(weight)?)
            })
        };
        Vec::from_iter((0..gradings).map(weight))
    }
}
