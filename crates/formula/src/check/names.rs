//! What a name is: an argument, an unknown, a definition, or a symbol of the notation.

use rug::Rational;

use super::checker::{Checker, Env, Typed, written};
use crate::Subject;
use crate::program::{Op, Which};
use notation::Place;
use notation::symbol::{self, Meaning, Shape, Symbol, Units};
use notation::tree::{Body, Definition, Expr, Factor, Head, Index, Name, Node, Point};

const CURVATURE: Units = Units::new(0, 2);

impl Checker<'_> {
    /// κ.
    pub(super) fn name(&mut self, name: &Name, place: Place, env: &Env) -> Option<Typed> {
        if let Some((_, value)) = env.arguments.iter().find(|(argument, _)| argument == name) {
            return Some(*value);
        }
        if let Some((unknown, value)) = &env.unknown
            && unknown == name
        {
            return Some(*value);
        }
        if let Some(definition) = self.scope.get(name.as_str()).filter(|definition| !is_beside_symbol(definition)) {
            return match &definition.head {
                Head::Name(_) => self.defined(definition, env, [None; 2]),
                Head::Indexed(_, _) => self.says(
                    place,
                    format!("{0} is defined with an index", name.as_str()),
                    format!("write {}ᵢ", name.as_str()),
                ),
                Head::Function(_, arguments) => self.says(
                    place,
                    format!("{} is a function", name.as_str()),
                    format!("write its {} arguments in round brackets", arguments.len()),
                ),
            };
        }
        if let Some(symbol) = symbol::symbol(name.as_str()) {
            return self.symbol(symbol, place, env);
        }
        if let Some((symbol, number)) = fixed_sample(name.as_str()) {
            return self.of_sample(symbol, Which::Number(number), place, env);
        }
        self.unknown(name.as_str(), false, place)
    }

    /// xᵢ.
    pub(super) fn indexed(&mut self, name: &Name, index: Index, place: Place, env: &Env) -> Option<Typed> {
        let level = env.level(index);
        if let Some(definition) = self.scope.get(name.as_str()) {
            return match &definition.head {
                Head::Indexed(_, own) => {
                    let mut levels = [None; 2];
                    levels[*own as usize] = level;
                    self.defined(definition, env, levels)
                }
                _ => self.says(
                    place,
                    format!("{} is defined without an index", name.as_str()),
                    format!("write {}", name.as_str()),
                ),
            };
        }
        let Some(symbol) = symbol::indexed(name.as_str()) else {
            return self.unknown(name.as_str(), true, place);
        };
        let Some(level) = level else {
            let text = written(&Expr { node: Node::Indexed(name.clone(), index), place });
            return self.says(place, format!("nothing says what the index of {text} runs over"), "put a sum before it");
        };
        self.of_sample(symbol, Which::Level(level), place, env)
    }

    /// L₀(w*).
    pub(super) fn at(
        &mut self,
        name: &Name,
        index: Option<Index>,
        point: Point,
        place: Place,
        env: &Env,
    ) -> Option<Typed> {
        let env = env.at(point);
        if let Some(index) = index {
            return self.indexed(name, index, place, &env);
        }
        if self.scope.get(name.as_str()).is_some() {
            return self.name(name, place, &env);
        }
        let Some(symbol) = symbol::symbol(name.as_str()) else {
            return self.unknown(name.as_str(), false, place);
        };
        match symbol.meaning {
            Meaning::Noise if self.subject == Subject::Minibatch => self.primitive(Op::MinibatchNoise, symbol),
            Meaning::Noise => {
                let w = self.weights(env.point);
                self.primitive(Op::Noise(w.id), symbol)
            }
            Meaning::Fisher => {
                let w = self.weights(env.point);
                self.primitive(Op::Fisher(w.id), symbol)
            }
            // The Hessian of a quadratic loss is the same everywhere.
            Meaning::Gradient
            | Meaning::PlainGradient
            | Meaning::Loss
            | Meaning::PlainLoss
            | Meaning::Hessian
            | Meaning::PlainHessian => self.symbol(symbol, place, &env),
            _ => self.says(
                place,
                format!("{} is no function of the weights", name.as_str()),
                "C, J, L, L₀, ∇L, ∇L₀, K and H₀ are; a dot before the bracket makes it a product",
            ),
        }
    }

    fn unknown<R>(&mut self, name: &str, with_index: bool, place: Place) -> Option<R> {
        let near = self.scope.nearest(name, with_index);
        let nearest = if near.is_empty() { String::new() } else { format!("nearest: {}; ", near.join(", ")) };
        let index = if with_index { "ᵢ" } else { "" };
        let message = if name.contains('\'') {
            format!(
                "{name} is no symbol, and no definition gives it; a prime is a part of the name, and a transpose is ᵀ"
            )
        } else {
            format!("{name}{index} is no symbol, and no definition gives it")
        };
        let elsewhere = symbol::written_elsewhere(name).map_or_else(String::new, |ours| {
            format!(", or at the head of the file notation = {{ \"{name}\" = \"{ours}\" }} if it is {ours}")
        });
        self.says(place, message, format!("{nearest}add \"{name}{index} = …\"{elsewhere}"))
    }

    /// What a definition gives, where w and the indices are those of the place that names it.
    pub(super) fn defined(&mut self, definition: &Definition, env: &Env, levels: [Option<u32>; 2]) -> Option<Typed> {
        let depth = levels.iter().flatten().map(|level| level + 1).max().unwrap_or(0);
        let own = Env { point: env.point, levels, depth, arguments: Vec::new(), unknown: None };
        self.expanded(definition, own)
    }

    /// The body of a definition in surroundings of its own, once for each.
    pub(super) fn expanded(&mut self, definition: &Definition, env: Env) -> Option<Typed> {
        let name = definition.head.name();
        let key = (name.clone(), env);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        if self.open.contains(name) {
            return self.says(
                definition.place,
                format!("{} is defined by itself", name.as_str()),
                "for a linear equation write \"X solves … = …\"",
            );
        }
        self.open.push(name.clone());
        let found = match &definition.body {
            Body::Is(expr) => self.expr(expr, &key.1),
            Body::Solves(left, right) => self.solves(definition, left, right, &key.1),
        };
        self.open.pop();
        self.known.insert(key, found);
        found
    }

    /// An operation that a symbol alone stands for.
    pub(super) fn primitive(&mut self, op: Op, symbol: &Symbol) -> Option<Typed> {
        let (shape, units) = (symbol.shape_in(self.context), symbol.units_in(self.context));
        Some(Typed::other(self.program.add(op, shape), shape, Some(units)))
    }

    /// A symbol of the notation, at the weights of the surroundings.
    fn symbol(&mut self, symbol: &'static Symbol, place: Place, env: &Env) -> Option<Typed> {
        if let Some((message, help)) = symbol.missing_in(self.context) {
            return self.says(place, message, help);
        }
        match symbol.meaning {
            Meaning::Identity => Some(self.identity(symbol.shape_in(self.context))),
            Meaning::Minimizer => Some(self.weights(Point::Minimizer)),
            Meaning::Weights => Some(self.weights(env.point)),
            Meaning::Fisher => self.primitive(Op::StationaryFisher, symbol),
            Meaning::PlainLoss => {
                let w = self.weights(env.point);
                self.primitive(Op::PlainLoss(w.id), symbol)
            }
            Meaning::Loss => {
                let w = self.weights(env.point);
                let plain = self.primitive(Op::PlainLoss(w.id), symbol)?;
                let penalty = self.penalty(w);
                Some(self.plus(plain, penalty))
            }
            Meaning::PlainGradient => {
                let w = self.weights(env.point);
                self.primitive(Op::PlainGradient(w.id), symbol)
            }
            // The mean of the gradients of the samples, as an engine forms it: in bounds of degrees the two are one.
            Meaning::Gradient if self.context.data_set => {
                let own = Env { point: env.point, levels: [None; 2], depth: 0, arguments: Vec::new(), unknown: None };
                self.expr(&mean_gradient(), &own)
            }
            Meaning::Gradient => {
                let w = self.weights(env.point);
                let plain = self.primitive(Op::PlainGradient(w.id), symbol)?;
                let decay = self.decayed(w);
                Some(self.plus(plain, decay))
            }
            Meaning::MinibatchGradient | Meaning::Buffer => self.says(
                place,
                format!("{} is random", symbol.name),
                format!("write E[·] around what holds {}", symbol.name),
            ),
            Meaning::ScalarLearningRate if self.context.learning_rate == notation::LearningRate::Newton => {
                let [rate, A] = [Meaning::LearningRate, Meaning::FeatureCovariance].map(|m| self.of(m));
                let product = self.multiplied(rate, A);
                self.mean_eigenvalue(product, symbol, place)
            }
            Meaning::ScalarLearningRate if self.one() => Some(self.of(Meaning::LearningRate)),
            Meaning::ScalarFeatureCovariance if self.one() => Some(self.of(Meaning::FeatureCovariance)),
            Meaning::ScalarFeatureCovariance if self.context.isotropic_features => {
                let A = self.of(Meaning::FeatureCovariance);
                self.mean_eigenvalue(A, symbol, place)
            }
            Meaning::ScalarInputNoise if self.one() => Some(self.of(Meaning::InputNoiseCovariance)),
            Meaning::ScalarWeightDecay if self.one() => Some(self.of(Meaning::WeightDecay)),
            meaning => self.primitive(Op::Symbol(meaning), symbol),
        }
    }

    /// Tr[M]/D, for which a symbol stands.
    fn mean_eigenvalue(&mut self, M: Typed, symbol: &Symbol, place: Place) -> Option<Typed> {
        let name = |name: &str| Expr::of(Node::Name(Name(name.into())));
        let trace = self.trace(M, &name(symbol.name), place)?;
        let D = self.of(Meaning::Dimension);
        self.divided(trace, D, &name("D"))
    }

    fn one(&self) -> bool {
        self.context.weights == notation::Weights::One
    }

    /// What belongs to a sample.
    fn of_sample(&mut self, symbol: &'static Symbol, which: Which, place: Place, env: &Env) -> Option<Typed> {
        if let Some((message, help)) = symbol.missing_in(self.context) {
            return self.says(place, message, help);
        }
        match symbol.meaning {
            Meaning::Sample => self.primitive(Op::Sample(which), symbol),
            Meaning::Label => self.primitive(Op::Label(which), symbol),
            Meaning::Residual => Some(self.residual(which, env)),
            Meaning::SampleLoss => {
                let r = self.residual(which, env);
                let square = self.multiplied(r, r);
                let half = self.half(square);
                let w = self.weights(env.point);
                let penalty = self.penalty(w);
                Some(self.plus(half, penalty))
            }
            Meaning::SampleGradient => {
                let (r, x) = (self.residual(which, env), self.sample(which));
                let pull = self.multiplied(r, x);
                let w = self.weights(env.point);
                let decay = self.decayed(w);
                Some(self.plus(pull, decay))
            }
            Meaning::Draws => {
                self.primitive(Op::Undefined("sᵢ", "the counts of draws belong to no answer of an engine"), symbol)
            }
            _ => self.says(
                place,
                format!("{}ᵢ is an eigenvalue, and stands in a sum over eigenvalues", symbol.name),
                "put ∑ᵢ before it",
            ),
        }
    }

    fn sample(&mut self, which: Which) -> Typed {
        let shape = self.shape(Shape::VECTOR);
        Typed::other(self.program.add(Op::Sample(which), shape), shape, Some(Units::new(0, 1)))
    }

    /// xᵢᵀw − yᵢ.
    fn residual(&mut self, which: Which, env: &Env) -> Typed {
        let (x, w) = (self.sample(which), self.weights(env.point));
        let row = self.transposed(x);
        let product = self.multiplied(row, w);
        let label = self.program.add(Op::Label(which), Shape::SCALAR);
        let id = self.program.add(Op::Difference(product.id, label), Shape::SCALAR);
        Typed { id, ..product }
    }

    /// w, w*, w₀ or u.
    pub(super) fn weights(&mut self, point: Point) -> Typed {
        let (shape, units) = (self.shape(Shape::VECTOR), Some(Units::new(1, 0)));
        let meaning = match point {
            Point::Weights | Point::Initial => Meaning::InitialWeights,
            Point::True => Meaning::TrueWeights,
            Point::Minimizer => {
                // By the K⁻¹ that formulas have, so that bounds of degrees see one.
                let K = self.of(Meaning::Hessian);
                let inverse = self.inverse(K, &Expr::of(Node::Name(Name("K".into()))));
                let moment = self.program.add(Op::LabelMoment, shape);
                let moment = Typed::other(moment, shape, Some(Units::new(1, 2)));
                return self.multiplied(inverse, moment);
            }
        };
        Typed::other(self.program.add(Op::Symbol(meaning), shape), shape, units)
    }

    /// A matrix of the setting, or D.
    pub(super) fn of(&mut self, meaning: Meaning) -> Typed {
        let (shape, units) = match meaning {
            Meaning::Dimension => (Shape::SCALAR, Units::NONE),
            Meaning::LearningRate => (Shape::MATRIX, Units::new(0, -2)),
            Meaning::Fluctuation => (Shape::MATRIX, Units::new(2, 0)),
            Meaning::Noise => (Shape::MATRIX, Units::new(2, 4)),
            _ => (Shape::MATRIX, CURVATURE),
        };
        let shape = self.shape(shape);
        Typed::other(self.program.add(Op::Symbol(meaning), shape), shape, Some(units))
    }

    /// Γw.
    pub(super) fn decayed(&mut self, w: Typed) -> Typed {
        let decay = self.of(Meaning::WeightDecay);
        self.multiplied(decay, w)
    }

    /// ½wᵀΓw.
    pub(super) fn penalty(&mut self, w: Typed) -> Typed {
        let (row, decay) = (self.transposed(w), self.decayed(w));
        let square = self.multiplied(row, decay);
        self.half(square)
    }

    pub(super) fn half(&mut self, x: Typed) -> Typed {
        let half = self.number(&Rational::from((1, 2)));
        self.multiplied(half, x)
    }

    /// The sum of two of one shape and the same units.
    pub(super) fn plus(&mut self, x: Typed, y: Typed) -> Typed {
        let units = x.units.or(y.units);
        Typed::other(self.program.add(Op::Sum(x.id, y.id), x.shape), x.shape, units)
    }
}

/// x₁: a symbol of samples, and its sample, from 0.
fn fixed_sample(name: &str) -> Option<(&'static Symbol, u32)> {
    let digit = |letter: char| ('₀'..='₉').contains(&letter);
    let base = name.trim_end_matches(digit);
    let digits = name[base.len()..].chars().map(|letter| letter as u32 - '₀' as u32);
    let number = digits.clone().try_fold(0u32, |number, digit| number.checked_mul(10)?.checked_add(digit))?;
    let symbol = symbol::indexed(base).filter(|symbol| !matches!(symbol.meaning, Meaning::Eigenvalue(_)))?;
    Some((symbol, number.checked_sub(1)?))
}

/// ∑ᵢ ∇ℓᵢ/N.
fn mean_gradient() -> Expr {
    let sum = Node::Over(Index::I, Box::new(Expr::of(Node::Indexed(Name("∇ℓ".into()), Index::I))));
    let factors = [(false, sum), (true, Node::Name(Name("N".into())))];
    let factors = factors.map(|(divides, node)| Factor { divides, expr: Expr::of(node) });
    Expr::of(Node::Product(factors.into()))
}

/// Whether a definition such as Hᵢ stands beside a symbol H that is the same for all samples and weights, so that H is
/// still that.
fn is_beside_symbol(definition: &Definition) -> bool {
    let Head::Indexed(name, _) = &definition.head else { return false };
    symbol::symbol(name.as_str()).is_some_and(|symbol| {
        matches!(
            symbol.meaning,
            Meaning::FeatureCovariance
                | Meaning::InputNoiseCovariance
                | Meaning::WeightDecay
                | Meaning::Hessian
                | Meaning::PlainHessian
        )
    })
}
