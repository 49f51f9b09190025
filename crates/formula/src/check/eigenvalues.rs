//! Sums over eigenvalues, as traces: ∑ᵢ f(aᵢ) = Tr\[p(A) q(A)⁻¹\] for f = p/q.
//!
//! A value is a pair (p, q), so that 1/(2/(λa) − c) becomes (λa, 2 − cλa), and a singular A is no pole. What commutes
//! with A may stand beside it, as eigenvalues of one index are those of one basis; what need not commute may be added to
//! it alone. A sum over both indices takes A⊗I for aᵢ and I⊗A for aⱼ.

use super::checker::{Checker, Env, Typed, written};
use super::spectra::{Spectra, help};
use crate::program::Op;
use notation::symbol::{self, Meaning, Shape, Spectrum};
use notation::tree::{Body, Expr, Factor, Head, Index, Name, Node};

/// p and q, each a scalar or a matrix; no q is 1.
#[derive(Clone, Copy)]
struct Ratio {
    above: Typed,
    below: Option<Typed>,
    /// Whose eigenvalues it reads.
    spectra: Spectra,
}

/// The surroundings of a term, and the indices of the sums around it.
struct Sums<'a> {
    env: &'a Env,
    indices: Vec<Index>,
}

impl Checker<'_> {
    /// ∑ᵢ f(aᵢ), or ∑ᵢ ∑ⱼ f(aᵢ, aⱼ).
    pub(super) fn over_eigenvalues(&mut self, index: Index, body: &Expr, env: &Env) -> Option<Typed> {
        let mut sums = Sums { env, indices: vec![index] };
        let mut term = body;
        while let Node::Over(inner, body) = &term.node {
            if sums.indices.contains(inner) {
                return self.says(term.place, "one index runs twice", "ᵢ and ⱼ are two");
            }
            sums.indices.push(*inner);
            term = body;
        }
        let Ratio { above, below, .. } = self.ratio(term, &sums)?;
        let square = self.shape(Shape { rows: sums.indices.len() as u8, columns: sums.indices.len() as u8 });
        let above = self.matrix(above, square);
        let value = match below {
            None => above,
            Some(below) => {
                let below = self.matrix(below, square);
                let inverse = self.inverse(below, term);
                self.multiplied(above, inverse)
            }
        };
        self.trace(value, term, term.place)
    }

    fn ratio(&mut self, expr: &Expr, sums: &Sums) -> Option<Ratio> {
        self.inside(expr.place, |checker| checker.ratio_node(expr, sums))
    }

    fn ratio_node(&mut self, expr: &Expr, sums: &Sums) -> Option<Ratio> {
        let varies = sums.indices.iter().any(|&index| {
            let runs = self.runs(index, expr);
            runs.eigenvalues || runs.samples
        });
        if !varies {
            let value = self.expr(expr, sums.env)?;
            if !value.shape.is_scalar() {
                let message =
                    format!("{} is {}, and a sum over eigenvalues is one of scalars", written(expr), value.shape);
                return self.says(expr.place, message, "write a trace");
            }
            return Some(Ratio { above: value, below: None, spectra: Spectra::default() });
        }
        match &expr.node {
            Node::Indexed(name, index) => self.eigenvalue(name, *index, expr, sums),
            Node::Sum(summands) => {
                let mut total: Option<Ratio> = None;
                for summand in summands {
                    let part = self.ratio(&summand.expr, sums)?;
                    total = Some(match total {
                        None => Ratio { above: self.signed(part.above, summand.negative), ..part },
                        Some(sum) => self.added(sum, part, summand.negative, (expr, &summand.expr))?,
                    });
                }
                total
            }
            Node::Product(factors) => {
                let mut total: Option<Ratio> = None;
                let term = expr;
                for Factor { divides, expr } in factors {
                    let part = self.ratio(expr, sums)?;
                    total = Some(match total {
                        None => part,
                        Some(product) if *divides => self.over_ratio(product, part, term)?,
                        Some(product) => self.times_ratio(product, part, term)?,
                    });
                }
                total
            }
            Node::Power(base, exponent) if exponent.unsigned_abs() <= 64 => {
                let base = self.ratio(base, sums)?;
                let mut power = base;
                for _ in 1..exponent.unsigned_abs() {
                    power = self.times_ratio(power, base, expr)?;
                }
                if *exponent > 0 { Some(power) } else { self.reciprocal(power, expr) }
            }
            Node::Transpose(part) | Node::Trace(part) => self.ratio(part, sums),
            _ => self.says(
                expr.place,
                format!("{} is no rational function of eigenvalues", written(expr)),
                "a sum over eigenvalues takes sums, products, quotients and powers",
            ),
        }
    }

    fn eigenvalue(&mut self, name: &Name, index: Index, text: &Expr, sums: &Sums) -> Option<Ratio> {
        if let Some(definition) = self.scope.get(name.as_str()) {
            let (Head::Indexed(_, own), Body::Is(body)) = (&definition.head, &definition.body) else {
                return self.says(text.place, format!("{} has no index", written(text)), "leave the index out");
            };
            if *own != index {
                return self.says(
                    text.place,
                    format!("{} has another index", written(text)),
                    "define it with this one",
                );
            }
            return self.ratio(body, sums);
        }
        let Some(symbol) = symbol::indexed(name.as_str()) else {
            let env = sums.env;
            let spectra = Spectra::default();
            return self.indexed(name, index, text.place, env).map(|above| Ratio { above, below: None, spectra });
        };
        let Meaning::Eigenvalue(spectrum) = symbol.meaning else {
            return self.says(text.place, format!("{} is no eigenvalue", written(text)), "write two sums");
        };
        let mut matrix = self.of(match spectrum {
            Spectrum::FeatureCovariance => Meaning::FeatureCovariance,
            Spectrum::InputNoiseCovariance => Meaning::InputNoiseCovariance,
            Spectrum::WeightDecay => Meaning::WeightDecay,
            Spectrum::Hessian => Meaning::Hessian,
            Spectrum::PlainHessian => Meaning::PlainHessian,
            Spectrum::LearningRate => Meaning::LearningRate,
        });
        // Only the place of its own index is not I.
        let I = self.identity(matrix.shape);
        let own = matrix;
        for (place, other) in sums.indices.iter().enumerate() {
            let factor = if *other == index { own } else { I };
            matrix = if place == 0 { factor } else { self.kronecker(matrix, factor, text.place)? };
        }
        Some(Ratio { above: matrix, below: None, spectra: Spectra::one(spectrum, index) })
    }

    /// A scalar beside matrices is its multiple of I.
    fn matrix(&mut self, x: Typed, square: Shape) -> Typed {
        if x.shape == square {
            return x;
        }
        let I = self.identity(square);
        self.multiplied(x, I)
    }

    /// Notes a mistake where eigenvalues that are multiplied have no common basis.
    fn have_one_basis(&mut self, x: Spectra, y: Spectra, text: &Expr) -> Option<()> {
        match x.apart_from(y, self.context) {
            None => Some(()),
            Some(pair) => {
                let [one, other] = pair.map(Spectrum::names);
                let message = format!(
                    "{}ᵢ and {}ᵢ are eigenvalues of {} and {}, which need not commute, and have no common order",
                    one.1, other.1, one.0, other.0
                );
                self.says(text.place, message, help(pair, self.context))
            }
        }
    }

    fn times_ratio(&mut self, x: Ratio, y: Ratio, text: &Expr) -> Option<Ratio> {
        self.have_one_basis(x.spectra, y.spectra, text)?;
        let above = self.multiplied(x.above, y.above);
        Some(Ratio { above, below: self.times(x.below, y.below), spectra: x.spectra.and(y.spectra) })
    }

    fn reciprocal(&mut self, x: Ratio, text: &Expr) -> Option<Ratio> {
        self.have_one_basis(x.spectra, x.spectra, text)?;
        let one = self.number(&rug::Rational::from(1));
        Some(Ratio { above: x.below.unwrap_or(one), below: Some(x.above), spectra: x.spectra })
    }

    fn over_ratio(&mut self, x: Ratio, y: Ratio, text: &Expr) -> Option<Ratio> {
        let spectra = x.spectra.and(y.spectra);
        self.have_one_basis(spectra, y.spectra, text)?;
        let below = self.times(x.below, Some(y.above));
        let above = match y.below {
            Some(factor) => self.multiplied(x.above, factor),
            None => x.above,
        };
        Some(Ratio { above, below, spectra })
    }

    /// (p₁q₂ ± p₂q₁, q₁q₂), and (p₁ ± p₂, q) for one q.
    fn added(&mut self, x: Ratio, y: Ratio, negative: bool, texts: (&Expr, &Expr)) -> Option<Ratio> {
        let same = match (x.below, y.below) {
            (None, None) => true,
            (Some(one), Some(other)) => one.id == other.id,
            _ => false,
        };
        let spectra = x.spectra.and(y.spectra);
        // Fractions are multiplied for one denominator.
        if x.below.is_some() || y.below.is_some() {
            self.have_one_basis(spectra, spectra, texts.0)?;
        }
        let (left, right) = if same {
            (x.above, y.above)
        } else {
            let left = y.below.map_or(x.above, |factor| self.multiplied(x.above, factor));
            let right = x.below.map_or(y.above, |factor| self.multiplied(y.above, factor));
            (left, right)
        };
        let square = if left.shape.is_scalar() { right.shape } else { left.shape };
        let (left, right) = (self.matrix(left, square), self.matrix(right, square));
        let units = self.same_units(left, right, texts)?;
        let op = if negative { Op::Difference(left.id, right.id) } else { Op::Sum(left.id, right.id) };
        let above = Typed::other(self.program.add(op, square), square, units);
        let below = if same { x.below } else { self.times(x.below, y.below) };
        Some(Ratio { above, below, spectra })
    }
}
