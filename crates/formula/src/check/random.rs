//! What is random under E\[·\]: sums of a constant, of terms that are linear in something of mean 0, and of the mean of
//! what is quadratic.

use super::checker::{Checker, Typed};
use crate::Subject;
use crate::program::Op;
use notation::Place;
use notation::symbol::{Meaning, Shape, Units};
use notation::tree::Expr;

/// The most linear terms of one expression.
const TERMS: usize = 1000;

/// Something of mean 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noise {
    /// w − w*.
    Weights,
    /// ĝ, less its mean.
    Gradient,
    /// m.
    Buffer,
}

/// ± left · noise · right, or with the noise as a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Linear {
    negative: bool,
    left: Option<Typed>,
    noise: Noise,
    row: bool,
    right: Option<Typed>,
}

/// A value of degree 2 at most in what is random.
#[derive(Debug, Clone)]
pub(super) struct Random {
    pub(super) constant: Option<Typed>,
    pub(super) linear: Vec<Linear>,
    /// The mean of the part of degree 2.
    pub(super) second: Option<Typed>,
    pub(super) shape: Shape,
    pub(super) units: Option<Units>,
}

impl Noise {
    fn units(self) -> Units {
        match self {
            Noise::Weights => Units::new(1, 0),
            Noise::Gradient | Noise::Buffer => Units::new(1, 2),
        }
    }
}

impl Random {
    pub(super) fn constant(value: Typed) -> Self {
        Random { constant: Some(value), linear: Vec::new(), second: None, shape: value.shape, units: value.units }
    }

    pub(super) fn second(value: Typed) -> Self {
        Random { constant: None, second: Some(value), ..Random::constant(value) }
    }

    /// A column of noise, times a matrix.
    pub(super) fn linear(left: Option<Typed>, noise: Noise, shape: Shape) -> Self {
        let units = left.map_or(Some(Units::NONE), |left| left.units).map(|units| units.times(noise.units()));
        let linear = vec![Linear { negative: false, left, noise, row: false, right: None }];
        Random { constant: None, linear, second: None, shape, units }
    }

    pub(super) fn is_constant(&self) -> bool {
        self.linear.is_empty() && self.second.is_none()
    }
}

impl Checker<'_> {
    /// E\[x\].
    pub(super) fn expectation(&mut self, x: &Random) -> Typed {
        match (x.second, x.constant) {
            (Some(second), Some(constant)) => self.plus(second, constant),
            (Some(value), None) | (None, Some(value)) => value,
            (None, None) => Typed::other(self.program.add(Op::Zero, x.shape), x.shape, x.units),
        }
    }

    pub(super) fn add_random(&mut self, x: Random, y: Random, negative: bool, texts: (&Expr, &Expr)) -> Option<Random> {
        if x.linear.len() + y.linear.len() > TERMS {
            return self.says(texts.1.place, "a mean of too many terms", "define fewer sums");
        }
        // Stand-ins bring both to one shape, and find units that differ.
        let (one, other) = (self.stand_in(&x), self.stand_in(&y));
        let (one, other) = self.fitted(one, other, texts, "times I?")?;
        let units = self.same_units(one, other, texts)?;
        let constant = match (x.constant, y.constant) {
            (Some(_), None) => Some(if x.is_constant() { one } else { x.constant? }),
            (None, Some(constant)) => {
                let constant = if y.is_constant() { other } else { constant };
                Some(self.signed(constant, negative))
            }
            (Some(x), Some(y)) => Some(self.add(x, y, negative, texts)?),
            (None, None) => None,
        };
        let second = match (x.second, y.second) {
            (Some(x), Some(y)) => Some(self.add(x, y, negative, texts)?),
            (None, Some(y)) => Some(self.signed(y, negative)),
            (x, None) => x,
        };
        let turned = y.linear.into_iter().map(|term| Linear { negative: term.negative != negative, ..term });
        Some(Random { constant, linear: x.linear.into_iter().chain(turned).collect(), second, shape: one.shape, units })
    }

    /// A value of the shape and the units of another.
    fn stand_in(&mut self, x: &Random) -> Typed {
        match x.constant {
            Some(constant) if x.is_constant() => constant,
            _ => Typed::other(self.program.add(Op::Zero, x.shape), x.shape, x.units),
        }
    }

    pub(super) fn transposed_random(&mut self, x: Random) -> Random {
        let linear = Vec::from_iter(x.linear.iter().map(|term| Linear {
            left: term.right.map(|right| self.transposed(right)),
            row: !term.row,
            right: term.left.map(|left| self.transposed(left)),
            ..*term
        }));
        let mut of = |value: Option<Typed>| value.map(|value| self.transposed(value));
        Random { constant: of(x.constant), second: of(x.second), linear, shape: x.shape.transposed(), units: x.units }
    }

    /// The product, of degree 2 at most.
    pub(super) fn multiply_random(&mut self, x: &Random, y: &Random, place: Place) -> Option<Random> {
        let linear_or_more = |x: &Random| !x.linear.is_empty();
        if (x.second.is_some() && (linear_or_more(y) || y.second.is_some()))
            || (y.second.is_some() && linear_or_more(x))
        {
            return self.says(place, "a mean of what has degree 3 or more", "E[·] takes what is quadratic at most");
        }
        let shape = match (x.shape.is_scalar(), y.shape.is_scalar()) {
            (true, _) => y.shape,
            (_, true) => x.shape,
            _ => Shape { rows: x.shape.rows, columns: y.shape.columns },
        };
        let units = x.units.zip(y.units).map(|(x, y)| x.times(y));
        let constant = x.constant.zip(y.constant).map(|(x, y)| self.multiplied(x, y));
        let mut linear = Vec::new();
        for term in &x.linear {
            if let Some(constant) = y.constant {
                linear.push(self.scaled(*term, x.shape, constant, false, place)?);
            }
        }
        for term in &y.linear {
            if let Some(constant) = x.constant {
                linear.push(self.scaled(*term, y.shape, constant, true, place)?);
            }
        }
        let mut parts = Vec::new();
        parts.extend(x.second.zip(y.constant).map(|(x, y)| self.multiplied(x, y)));
        parts.extend(x.constant.zip(y.second).map(|(x, y)| self.multiplied(x, y)));
        for one in &x.linear {
            for other in &y.linear {
                let mean = self.mean_of_product(one, x.shape, other, y.shape);
                parts.push(self.signed(mean, one.negative != other.negative));
            }
        }
        let second = parts.into_iter().reduce(|sum, part| self.plus(sum, part));
        Some(Random { constant, linear, second, shape, units })
    }

    /// A linear term times a constant that stands before or behind it.
    fn scaled(&mut self, term: Linear, shape: Shape, by: Typed, before: bool, place: Place) -> Option<Linear> {
        let to_left =
            by.shape.is_scalar() || (before && !shape.is_scalar()) || (shape.is_scalar() && by.shape.columns == 0);
        let to_right = (!before && !shape.is_scalar()) || (shape.is_scalar() && by.shape.rows == 0);
        match (to_left, to_right) {
            (true, _) => Some(Linear { left: self.times(Some(by), term.left), ..term }),
            (_, true) => Some(Linear { right: self.times(term.right, Some(by)), ..term }),
            _ => self.says(place, "a matrix times a random scalar", "take the matrix out of E[·]"),
        }
    }

    /// E\[xy\] for two linear terms.
    fn mean_of_product(&mut self, x: &Linear, x_shape: Shape, y: &Linear, y_shape: Shape) -> Typed {
        if x_shape.is_scalar() {
            let weight = self.weight(x);
            return self.weighted(weight, x.noise, y);
        }
        if y_shape.is_scalar() {
            let weight = self.weight(y);
            return self.weighted(weight, y.noise, x);
        }
        let between = self.times(x.right, y.left);
        let inner = match (x.row, y.row) {
            // a (…) b = E[abᵀ] (…)ᵀ
            (false, false) => {
                let covariance = self.covariance(x.noise, y.noise);
                let turned = between.map(|between| self.transposed(between));
                self.times(Some(covariance), turned)
            }
            // a s bᵀ
            (false, true) => {
                let covariance = self.covariance(x.noise, y.noise);
                self.times(between, Some(covariance))
            }
            // aᵀMb = Tr[M E[baᵀ]]
            (true, false) => {
                let covariance = self.covariance(y.noise, x.noise);
                let product = self.times(between, Some(covariance)).unwrap_or(covariance);
                Some(self.trace_of_square(product))
            }
            // aᵀc bᵀ = cᵀ E[abᵀ]
            (true, true) => {
                let covariance = self.covariance(x.noise, y.noise);
                let turned = between.map(|between| self.transposed(between));
                self.times(turned, Some(covariance))
            }
        };
        let inner = self.times(x.left, inner);
        let value = self.times(inner, y.right);
        value.unwrap_or_else(|| self.covariance(x.noise, y.noise))
    }

    /// The product of two, where nothing stands for 1.
    pub(super) fn times(&mut self, x: Option<Typed>, y: Option<Typed>) -> Option<Typed> {
        match (x, y) {
            (Some(x), Some(y)) => Some(self.multiplied(x, y)),
            (x, y) => x.or(y),
        }
    }

    /// c of a scalar term cᵀa, a column; `None` stands for 1 where everything is a scalar.
    fn weight(&mut self, term: &Linear) -> Option<Typed> {
        if term.row {
            self.times(term.right, term.left)
        } else {
            let left = term.left.map(|left| self.transposed(left));
            self.times(left, term.right)
        }
    }

    /// E\[(cᵀa) X\] for a linear X.
    fn weighted(&mut self, weight: Option<Typed>, noise: Noise, x: &Linear) -> Typed {
        let inner = if x.row {
            let covariance = self.covariance(noise, x.noise);
            let turned = weight.map(|weight| self.transposed(weight));
            self.times(turned, Some(covariance))
        } else {
            let covariance = self.covariance(x.noise, noise);
            self.times(Some(covariance), weight)
        };
        let inner = self.times(x.left, inner);
        self.times(inner, x.right).unwrap_or_else(|| self.covariance(noise, x.noise))
    }

    /// E\[abᵀ\].
    fn covariance(&mut self, a: Noise, b: Noise) -> Typed {
        let shape = self.shape(Shape::MATRIX);
        match (self.subject, a, b) {
            (Subject::Minibatch, ..) => {
                Typed::other(self.program.add(Op::MinibatchNoise, shape), shape, Some(Units::new(2, 4)))
            }
            (_, Noise::Weights, Noise::Weights) => self.of(Meaning::Fluctuation),
            (_, Noise::Gradient, Noise::Weights) => {
                let [K, spread] = [Meaning::Hessian, Meaning::Fluctuation].map(|m| self.of(m));
                self.multiplied(K, spread)
            }
            (_, Noise::Weights, Noise::Gradient) => {
                let [K, spread] = [Meaning::Hessian, Meaning::Fluctuation].map(|m| self.of(m));
                self.multiplied(spread, K)
            }
            (_, Noise::Weights, Noise::Buffer) => self.with_buffer(),
            (_, Noise::Buffer, Noise::Weights) => {
                let moment = self.with_buffer();
                self.transposed(moment)
            }
            (_, Noise::Buffer, Noise::Buffer) => {
                Typed::other(self.program.add(Op::SquareOfBuffer, shape), shape, Some(Units::new(2, 4)))
            }
            // ĝ is drawn after m, and its mean is K(w − w*).
            (_, Noise::Gradient, Noise::Buffer) => {
                let (K, moment) = (self.of(Meaning::Hessian), self.with_buffer());
                self.multiplied(K, moment)
            }
            (_, Noise::Buffer, Noise::Gradient) => {
                let moment = self.with_buffer();
                let (turned, K) = (self.transposed(moment), self.of(Meaning::Hessian));
                self.multiplied(turned, K)
            }
            // C + KΣK.
            (_, Noise::Gradient, Noise::Gradient) => {
                let [C, K, spread] = [Meaning::Noise, Meaning::Hessian, Meaning::Fluctuation].map(|m| self.of(m));
                let half = self.multiplied(K, spread);
                let square = self.multiplied(half, K);
                self.plus(C, square)
            }
        }
    }

    /// E\[(w − w*)mᵀ\].
    fn with_buffer(&mut self) -> Typed {
        let shape = self.shape(Shape::MATRIX);
        Typed::other(self.program.add(Op::WeightsTimesBuffer, shape), shape, Some(Units::new(2, 2)))
    }

    /// The trace: of p a q, the scalar qp a.
    pub(super) fn trace_random(&mut self, x: Random, text: &Expr, place: Place) -> Option<Random> {
        if x.shape.is_scalar() {
            return Some(x);
        }
        let linear = Vec::from_iter(x.linear.iter().map(|term| {
            let both = self.times(term.right, term.left);
            let (left, right) = if term.row { (None, both) } else { (both, None) };
            Linear { left, right, ..*term }
        }));
        let constant = match x.constant {
            Some(value) => Some(self.trace(value, text, place)?),
            None => None,
        };
        let second = match x.second {
            Some(value) => Some(self.trace(value, text, place)?),
            None => None,
        };
        Some(Random { constant, linear, second, shape: Shape::SCALAR, units: x.units })
    }

    /// The sum over the samples of a loop: what is linear may vary with them on one side of the noise.
    pub(super) fn sum_random(&mut self, x: Random, level: u32, place: Place) -> Option<Random> {
        let sum = |checker: &mut Self, value: Typed| {
            let op = Op::OverSamples(level, crate::program::Join::Sum, value.id);
            Typed { id: checker.program.add(op, value.shape), ..value }
        };
        let mut linear = Vec::new();
        for term in &x.linear {
            let varies = |checker: &Self, part: Option<Typed>| {
                part.is_some_and(|part| checker.program.node(part.id).binders & crate::program::level_bit(level) != 0)
            };
            let shape = self.shape(Shape::MATRIX);
            let term = match (varies(self, term.left), varies(self, term.right)) {
                (true, true) => {
                    return self.says(place, "a random sum varies on both sides", "take the sum out of E[·]");
                }
                (false, true) => Linear { right: term.right.map(|right| sum(self, right)), ..*term },
                _ => {
                    let I = self.identity(if term.row { Shape::SCALAR } else { shape });
                    Linear { left: Some(sum(self, term.left.unwrap_or(I))), ..*term }
                }
            };
            linear.push(term);
        }
        let constant = x.constant.map(|value| sum(self, value));
        let second = x.second.map(|value| sum(self, value));
        Some(Random { constant, linear, second, ..x })
    }

    /// Over a constant scalar.
    pub(super) fn divide_random(&mut self, x: Random, by: Typed, text: &Expr) -> Option<Random> {
        let one = self.number(&rug::Rational::from(1));
        let of = |checker: &mut Self, value: Typed| checker.divided(value, by, text);
        let constant = match x.constant {
            Some(value) => Some(of(self, value)?),
            None => None,
        };
        let second = match x.second {
            Some(value) => Some(of(self, value)?),
            None => None,
        };
        let mut linear = Vec::new();
        for term in x.linear {
            linear.push(Linear { left: Some(of(self, term.left.unwrap_or(one))?), ..term });
        }
        let units = x.units.zip(by.units).map(|(x, by)| x.times(by.power(-1)));
        Some(Random { constant, linear, second, shape: x.shape, units })
    }
}
