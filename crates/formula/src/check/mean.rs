//! E\[·\] of what is quadratic at most in w, m and ĝ.
//!
//! In the stationary state w = E\[w\] + ω, and ω, ĝ and m have mean 0: E\[wᵀBw\] = Tr\[BΣ\] + E\[w\]ᵀB E\[w\]. Where w is given, only
//! ĝ is random, with the mean and the covariance of the first step.

use std::collections::HashSet;

use super::checker::{Checker, Env, Typed, written};
use super::random::{Noise, Random};
use super::scope::{bodies, depends_on_weights};
use crate::Subject;
use crate::program::{LEVELS, Op};
use notation::Place;
use notation::symbol::{self, Meaning, Shape, Units};
use notation::tree::{Body, Expr, Factor, Head, Index, Name, Node, Point};

impl Checker<'_> {
    /// E\[X\].
    pub(super) fn mean(&mut self, body: &Expr, env: &Env) -> Option<Typed> {
        let x = self.random(body, env)?;
        Some(self.expectation(&x))
    }

    fn random(&mut self, expr: &Expr, env: &Env) -> Option<Random> {
        if !self.is_random(expr, env) {
            return self.expr(expr, env).map(Random::constant);
        }
        self.inside(expr.place, |checker| checker.random_node(expr, env))
    }

    fn random_node(&mut self, expr: &Expr, env: &Env) -> Option<Random> {
        let place = expr.place;
        match &expr.node {
            Node::Name(name) => self.random_name(name, None, place, env),
            Node::Indexed(name, index) => self.random_name(name, Some(*index), place, env),
            Node::At(name, index, point) => self.random_name(name, *index, place, &env.at(*point)),
            Node::Sum(summands) => {
                let parts = Vec::from_iter(summands.iter().map(|summand| self.random(&summand.expr, env)));
                let parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
                let mut parts = summands.iter().zip(parts);
                let (summand, first) = parts.next()?;
                let first = self.signed_random(first, summand.negative);
                parts.try_fold(first, |sum, (summand, part)| {
                    self.add_random(sum, part, summand.negative, (expr, &summand.expr))
                })
            }
            Node::Product(factors) => self.random_product(factors, place, env),
            Node::Power(base, exponent) if *exponent > 0 => {
                let (inside, norm) = match &base.node {
                    Node::Norm(inside) => (&**inside, true),
                    _ => (&**base, false),
                };
                let x = self.random(inside, env)?;
                if x.shape.is_square() && !norm {
                    let mut power = x.clone();
                    for _ in 1..*exponent {
                        power = self.multiply_random(&power, &x, place)?;
                    }
                    return Some(power);
                }
                if *exponent != 2 {
                    return self.says(
                        place,
                        "a mean of what has degree 3 or more",
                        "E[·] takes what is quadratic at most",
                    );
                }
                let row = self.transposed_random(x.clone());
                let square = self.multiply_random(&row, &x, place)?;
                self.trace_random(square, base, place)
            }
            Node::Transpose(part) => {
                let x = self.random(part, env)?;
                Some(self.transposed_random(x))
            }
            Node::Trace(part) => {
                let x = self.random(part, env)?;
                if !x.shape.is_square() {
                    let message = format!("{} is {}, and a trace takes a square matrix", written(part), x.shape);
                    return self.says(place, message, "multiply it to a square matrix");
                }
                self.trace_random(x, part, place)
            }
            Node::Over(index, body) => {
                let level = env.depth;
                let runs = self.runs(*index, body);
                if runs.eigenvalues || !runs.samples || level >= LEVELS {
                    return self.says(place, "a random sum runs over samples", "take the sum out of E[·]");
                }
                let mut inner = env.clone();
                inner.set(*index, Some(level));
                inner.depth = level + 1;
                let x = self.random(body, &inner)?;
                self.sum_random(x, level, place)
            }
            _ => self.says(
                place,
                format!("{} is not quadratic in what is random", written(expr)),
                "E[·] takes sums, products, transposes and traces of w, m, ĝ and what is linear or quadratic in them",
            ),
        }
    }

    fn signed_random(&mut self, x: Random, negative: bool) -> Random {
        if !negative {
            return x;
        }
        let one = self.number(&rug::Rational::from(1));
        let one = self.signed(one, true);
        self.multiply_random(&Random::constant(one), &x, Place::default()).unwrap_or(x)
    }

    /// As [`Checker::product`].
    fn random_product(&mut self, factors: &[Factor], place: Place, env: &Env) -> Option<Random> {
        let mut groups: Vec<Random> = Vec::new();
        for Factor { divides, expr } in factors {
            if *divides {
                if self.is_random(expr, env) {
                    let message = format!("{} is random, and stands below `/`", written(expr));
                    return self.says(expr.place, message, "E[·] takes what is quadratic at most");
                }
                let (by, last) = (self.expr(expr, env)?, groups.pop()?);
                if !by.shape.is_scalar() {
                    return self.divided(by, by, expr).map(Random::constant);
                }
                groups.push(self.divide_random(last, by, expr)?);
                continue;
            }
            let part = self.random(expr, env)?;
            match groups.pop() {
                None => groups.push(part),
                Some(last) if super::product::fits(last.shape, part.shape) => {
                    groups.push(self.multiply_random(&last, &part, place)?);
                }
                Some(last) if part.shape.rows == 0 => groups.extend([last, part]),
                Some(last) => {
                    let message = format!("{} and {} do not fit as factors", last.shape, part.shape);
                    return self.says(expr.place, message, "the columns of the one must be the rows of the other; ᵀ?");
                }
            }
            while let [.., before, last] = groups.as_slice()
                && last.shape.is_scalar()
            {
                let product = self.multiply_random(before, last, place)?;
                groups.truncate(groups.len() - 2);
                groups.push(product);
            }
        }
        match groups.len() {
            1 => groups.pop(),
            _ => self.says(place, "the factors do not fit", "the columns of the one must be the rows of the other; ᵀ?"),
        }
    }

    /// A random symbol, or a definition that holds one.
    fn random_name(&mut self, name: &Name, index: Option<Index>, place: Place, env: &Env) -> Option<Random> {
        if let Some(definition) = self.scope.get(name.as_str()) {
            let mut levels = [None; 2];
            match (&definition.head, index) {
                (Head::Name(_), None) => {}
                (Head::Indexed(_, own), Some(index)) => levels[*own as usize] = env.level(index),
                // The plain reading says what is wrong.
                (_, None) => return self.name(name, place, env).map(Random::constant),
                (_, Some(index)) => return self.indexed(name, index, place, env).map(Random::constant),
            }
            let Body::Is(body) = &definition.body else {
                return self.says(
                    place,
                    format!("{} is random", name.as_str()),
                    "an equation is solved outside of E[·]",
                );
            };
            if self.open.contains(name) {
                return self.name(name, place, env).map(Random::constant);
            }
            let depth = levels.iter().flatten().map(|level| level + 1).max().unwrap_or(0);
            let own = Env { point: env.point, levels, depth, arguments: Vec::new(), unknown: None };
            self.open.push(name.clone());
            let found = self.random(body, &own);
            self.open.pop();
            return found;
        }
        match index {
            None => self.random_symbol(name, place, env),
            Some(index) => self.random_of_sample(name, index, place, env),
        }
    }

    fn random_symbol(&mut self, name: &Name, place: Place, env: &Env) -> Option<Random> {
        let vector = self.shape(Shape::VECTOR);
        let meaning = symbol::symbol(name.as_str())?.meaning;
        let noise = |noise| Random::linear(None, noise, vector);
        if meaning == Meaning::Buffer {
            if self.subject == Subject::Minibatch {
                return self.says(
                    place,
                    "m belongs to the stationary state, and here w is given",
                    "put w under E[·], too",
                );
            }
            return Some(noise(Noise::Buffer));
        }
        if self.subject == Subject::Minibatch {
            let id = self.program.add(Op::Symbol(Meaning::MinibatchGradient), vector);
            let mean = Random::constant(Typed::other(id, vector, Some(Units::new(1, 2))));
            return Some(Random { linear: noise(Noise::Gradient).linear, ..mean });
        }
        let least = Env { point: Point::Minimizer, ..env.clone() };
        match meaning {
            Meaning::Weights => {
                let mean = self.program.add(Op::MeanWeights, vector);
                let mean = Random::constant(Typed::other(mean, vector, Some(Units::new(1, 0))));
                Some(Random { linear: noise(Noise::Weights).linear, ..mean })
            }
            Meaning::MinibatchGradient => Some(noise(Noise::Gradient)),
            Meaning::Gradient => Some(Random::linear(Some(self.of(Meaning::Hessian)), Noise::Weights, vector)),
            Meaning::PlainGradient => {
                let mean = Random::constant(self.name(name, place, &least)?);
                let hessian = self.of(Meaning::PlainHessian);
                Some(Random { linear: Random::linear(Some(hessian), Noise::Weights, vector).linear, ..mean })
            }
            // At w* the gradient vanishes.
            Meaning::Loss => {
                let mean = Random::constant(self.name(name, place, &least)?);
                Some(Random { second: Some(self.curved(Meaning::Hessian)), ..mean })
            }
            Meaning::PlainLoss => {
                let mean = Random::constant(self.name(name, place, &least)?);
                let gradient = self.name(&Name("∇L₀".into()), place, &least)?;
                let row = self.transposed(gradient);
                let linear = Random::linear(Some(row), Noise::Weights, Shape::SCALAR).linear;
                Some(Random { linear, second: Some(self.curved(Meaning::PlainHessian)), ..mean })
            }
            Meaning::Noise => Some(Random::second(self.of(Meaning::Noise))),
            Meaning::Fisher => self.name(name, place, env).map(Random::second),
            _ => self.name(name, place, env).map(Random::constant),
        }
    }

    /// ½Tr\[MΣ\].
    fn curved(&mut self, meaning: Meaning) -> Typed {
        let [matrix, spread] = [meaning, Meaning::Fluctuation].map(|meaning| self.of(meaning));
        let product = self.multiplied(matrix, spread);
        let trace = self.trace_of_square(product);
        self.half(trace)
    }

    /// rᵢ = xᵢᵀw − yᵢ, ℓᵢ = ½rᵢ² + ½wᵀΓw and ∇ℓᵢ = rᵢxᵢ + Γw at a random w.
    fn random_of_sample(&mut self, name: &Name, index: Index, place: Place, env: &Env) -> Option<Random> {
        let meaning = symbol::indexed(name.as_str())?.meaning;
        let least = Env { point: Point::Minimizer, ..env.clone() };
        let indexed = |checker: &mut Self, name: &str| checker.indexed(&Name(name.into()), index, place, &least);
        let x = indexed(self, "x")?;
        let row = self.transposed(x);
        let mean = Random::constant(indexed(self, "r")?);
        let residual = Random { linear: Random::linear(Some(row), Noise::Weights, Shape::SCALAR).linear, ..mean };
        let text = Expr { node: Node::Indexed(name.clone(), index), place };
        let weights = self.random_symbol(&Name("w".into()), place, env)?;
        let decay = Random::constant(self.of(Meaning::WeightDecay));
        let decayed = self.multiply_random(&decay, &weights, place)?;
        match meaning {
            Meaning::SampleGradient => {
                let pull = self.multiply_random(&residual, &Random::constant(x), place)?;
                self.add_random(pull, decayed, false, (&text, &text))
            }
            Meaning::SampleLoss => {
                let square = self.multiply_random(&residual, &residual, place)?;
                let row = self.transposed_random(weights);
                let penalty = self.multiply_random(&row, &decayed, place)?;
                let both = self.add_random(square, penalty, false, (&text, &text))?;
                let half = Random::constant(self.number(&rug::Rational::from((1, 2))));
                self.multiply_random(&half, &both, place)
            }
            _ => Some(residual),
        }
    }

    /// Whether an expression holds something random, through definitions, too.
    fn is_random(&self, expr: &Expr, env: &Env) -> bool {
        let mut seen = HashSet::new();
        let mut open = vec![(expr, env.point)];
        while let Some((expr, point)) = open.pop() {
            let (name, index, point) = match &expr.node {
                // A mean is a number.
                Node::Mean(_) => continue,
                Node::Name(name) | Node::Call(name, _) => (name.as_str(), false, point),
                Node::Indexed(name, _) => (name.as_str(), true, point),
                Node::At(name, index, at) => {
                    (name.as_str(), index.is_some(), if *at == Point::Weights { point } else { *at })
                }
                _ => {
                    open.extend(expr.parts().into_iter().map(|part| (part, point)));
                    continue;
                }
            };
            open.extend(expr.parts().into_iter().map(|part| (part, point)));
            if env.arguments.iter().any(|(argument, _)| argument.as_str() == name) {
                continue;
            }
            match self.scope.get(name) {
                Some(definition) => {
                    if seen.insert((name, point)) {
                        open.extend(bodies(definition).into_iter().map(|body| (body, point)));
                    }
                }
                None => {
                    let symbol = if index { symbol::indexed(name) } else { symbol::symbol(name) };
                    let Some(symbol) = symbol else { continue };
                    let always = matches!(symbol.meaning, Meaning::MinibatchGradient | Meaning::Buffer);
                    let is_function =
                        matches!(expr.node, Node::At(..)) && matches!(symbol.meaning, Meaning::Noise | Meaning::Fisher);
                    let stationary = self.subject != Subject::Minibatch && point == Point::Weights;
                    if always || (stationary && (depends_on_weights(symbol.meaning) || is_function)) {
                        return true;
                    }
                }
            }
        }
        false
    }
}
