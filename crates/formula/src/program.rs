//! A formula as a list of operations, in the order of the text, each once.
//!
//! Equal subexpressions are one operation: what is formed twice in the same way cancels in bounds of degrees, and costs
//! nothing. Nothing else is simplified, as the order of evaluation decides which digits are kept.
//!
//! Deliberately absent: shapes that do not fit. Whoever adds an operation has checked them.

pub(crate) mod condition;
pub(crate) mod loss;
mod pair;
mod pseudoinverse;
mod run;
mod value;
mod values;

use std::collections::{BTreeSet, HashMap};

use rug::Rational;

use notation::Place;
use notation::symbol::{Meaning, Shape};
use notation::tree::Expr;

/// An operation, by its place in the list. Operands stand before what is made of them.
pub(crate) type Id = usize;

/// What a part of the program varies with: samples of loops, and unknowns of equations.
pub(crate) type Binders = u64;

/// The most loops inside each other.
pub(crate) const LEVELS: u32 = 8;
/// The most unknowns of one text.
pub(crate) const UNKNOWNS: u32 = 32;

/// Which sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Which {
    /// That of the loop of this depth.
    Level(u32),
    /// That of this number, from 0.
    Number(u32),
}

/// How a loop joins its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Join {
    /// Their sum.
    Sum,
    /// They stand below each other.
    Stack,
    /// The same without the sample of the loop around.
    StackOthers,
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Op {
    Number(Rational),
    Identity,
    Zero,
    Symbol(Meaning),
    /// E\[x̃y\], with which w* = K⁻¹ E\[x̃y\].
    LabelMoment,
    /// E\[w\] in the stationary state.
    MeanWeights,
    /// J in the stationary state.
    StationaryFisher,
    /// E\[(w − w*)mᵀ\].
    WeightsTimesBuffer,
    /// E\[mmᵀ\].
    SquareOfBuffer,
    /// C at given weights, by what the samples are.
    Noise(Id),
    /// C(w₀), the noise of the first step.
    MinibatchNoise,
    /// A value that no answer holds, and why.
    Undefined(&'static str, &'static str),
    Sample(Which),
    Label(Which),
    /// X of the equation of this number.
    Unknown(u32),
    /// L₀ at these weights.
    PlainLoss(Id),
    /// ∇L₀ at these weights.
    PlainGradient(Id),
    /// J at these weights.
    Fisher(Id),
    Sum(Id, Id),
    Difference(Id, Id),
    Negative(Id),
    /// A scalar times a matrix.
    Scale(Id, Id),
    Product(Id, Id),
    /// A matrix or a scalar over a scalar.
    Quotient(Id, Id),
    Transpose(Id),
    Inverse(Id),
    Pseudoinverse(Id),
    Trace(Id),
    /// Tr\[XY\].
    TraceOfProduct(Id, Id),
    /// Tr\[MᵀM\].
    SquaredNorm(Id),
    Kronecker(Id, Id),
    Vec(Id),
    PositivePart(Id),
    /// The body for every sample.
    OverSamples(u32, Join, Id),
    /// X with linear(X) = constant.
    Solve {
        unknown: u32,
        linear: Id,
        constant: Id,
    },
}

/// An operation with what is known of its value.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) op: Op,
    pub(crate) shape: Shape,
    /// Of which loops and equations it is a part.
    pub(crate) binders: Binders,
    /// What is divided by or inverted, as it was written first.
    text: Option<Expr>,
    /// Where the expression stands that needed it first.
    place: Place,
}

/// Operations, and for each that is a loop what stands inside it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Program {
    nodes: Vec<Node>,
    known: HashMap<(Op, Shape), Id>,
    inside: HashMap<Id, Vec<Id>>,
    /// Where the expression stands that is being written down.
    here: Place,
}

/// What a value is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Reads {
    /// Of the stationary state.
    pub(crate) moments: bool,
    /// Of the first step.
    pub(crate) minibatch: bool,
    /// D itself.
    pub(crate) dimension: bool,
}

impl Reads {
    /// Whether an engine has to be asked.
    pub(crate) fn anything(self) -> bool {
        self.moments || self.minibatch
    }
}

impl Program {
    /// The operation, which is added where it is new.
    pub(crate) fn add(&mut self, op: Op, shape: Shape) -> Id {
        self.add_with_text(op, shape, || None)
    }

    /// The same, with the text of what is divided by or inverted.
    pub(crate) fn add_with_text(&mut self, op: Op, shape: Shape, text: impl FnOnce() -> Option<Expr>) -> Id {
        let key = (op, shape);
        if let Some(&id) = self.known.get(&key) {
            return id;
        }
        let id = self.nodes.len();
        let op = key.0.clone();
        let inner = op.operands().into_iter().fold(0, |all, operand| all | self.nodes[operand].binders);
        let binders = (inner | op.varies()) & !op.binds();
        if op.binds() != 0 {
            self.inside.insert(id, self.part(op.operands(), op.binds()).0);
        }
        self.nodes.push(Node { op, shape, binders, text: text(), place: self.here });
        self.known.insert(key, id);
        id
    }

    /// What is added from now on belongs to the expression at this place, unless that stands nowhere. The result is the
    /// place of the expression around, to be entered again.
    pub(crate) fn enter(&mut self, place: Place) -> Place {
        let around = self.here;
        if place.start < place.end {
            self.here = place;
        }
        around
    }

    /// Where the expression stands that needed an operation first.
    pub(crate) fn place(&self, id: Id) -> Place {
        self.nodes[id].place
    }

    /// An operation.
    pub(crate) fn node(&self, id: Id) -> &Node {
        &self.nodes[id]
    }

    /// For each pseudoinverse the symbol that it is taken of; `None` where it is taken of anything else.
    pub(crate) fn pseudoinverses(&self) -> impl Iterator<Item = Option<Meaning>> {
        self.nodes.iter().filter_map(|node| match node.op {
            Op::Pseudoinverse(of) => Some(match self.nodes[of].op {
                Op::Symbol(meaning) => Some(meaning),
                _ => None,
            }),
            _ => None,
        })
    }

    /// Whether one of them is a positive part.
    pub(crate) fn has_positive_part(&self) -> bool {
        self.nodes.iter().any(|node| matches!(node.op, Op::PositivePart(_)))
    }

    /// The most rows that a matrix has which is inverted, or by which an equation is solved, for D weights; 0 without any.
    pub(crate) fn largest_inverse(&self, D: usize) -> usize {
        let rows = self.nodes.iter().filter_map(|node| match node.op {
            Op::Inverse(_) | Op::Pseudoinverse(_) => Some(u32::from(node.shape.rows)),
            Op::Solve { .. } => Some(u32::from(node.shape.rows) + u32::from(node.shape.columns)),
            _ => None,
        });
        rows.map(|power| D.saturating_pow(power)).max().unwrap_or(0)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// What an operation divides by or inverts, as it was written.
    fn text(&self, id: Id) -> Option<&Expr> {
        self.nodes[id].text.as_ref()
    }

    /// All that must be run for the results, in order; what stands inside loops is left to them.
    pub(crate) fn schedule(&self, results: &[Id]) -> Vec<Id> {
        self.part(results.to_vec(), 0).0
    }

    /// Of all that the results are made of, what varies with one of the binders (everything, for none), and what the
    /// rest of it starts from.
    fn part(&self, results: Vec<Id>, binders: Binders) -> (Vec<Id>, Vec<Id>) {
        let (mut inside, mut outside) = (BTreeSet::new(), BTreeSet::new());
        let mut open = results;
        while let Some(id) = open.pop() {
            let node = &self.nodes[id];
            if binders != 0 && node.binders & binders == 0 {
                outside.insert(id);
            } else if inside.insert(id) {
                match node.op.binds() {
                    0 => open.extend(node.op.operands()),
                    inner => open.extend(self.part(node.op.operands(), inner).1),
                }
            }
        }
        (Vec::from_iter(inside), Vec::from_iter(outside))
    }

    /// What the results are made of.
    pub(crate) fn reads(&self, results: &[Id]) -> Reads {
        let mut reads = Reads::default();
        let (mut seen, mut open) = (BTreeSet::new(), results.to_vec());
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let op = &self.nodes[id].op;
            match op {
                Op::Symbol(Meaning::Fluctuation | Meaning::Noise | Meaning::TrainLoss | Meaning::TestLoss)
                | Op::MeanWeights
                | Op::StationaryFisher
                | Op::WeightsTimesBuffer
                | Op::SquareOfBuffer => reads.moments = true,
                Op::Symbol(Meaning::MinibatchGradient) | Op::MinibatchNoise => reads.minibatch = true,
                Op::Symbol(Meaning::Dimension) => reads.dimension = true,
                _ => {}
            }
            open.extend(op.operands());
        }
        reads
    }
}

impl Op {
    /// What it is made of.
    pub(crate) fn operands(&self) -> Vec<Id> {
        match *self {
            Op::Number(_)
            | Op::Identity
            | Op::Zero
            | Op::Symbol(_)
            | Op::LabelMoment
            | Op::MeanWeights
            | Op::StationaryFisher
            | Op::WeightsTimesBuffer
            | Op::SquareOfBuffer
            | Op::MinibatchNoise
            | Op::Undefined(..)
            | Op::Sample(_)
            | Op::Label(_)
            | Op::Unknown(_) => Vec::new(),
            Op::PlainLoss(x)
            | Op::PlainGradient(x)
            | Op::Fisher(x)
            | Op::Noise(x)
            | Op::Negative(x)
            | Op::Transpose(x)
            | Op::Inverse(x)
            | Op::Pseudoinverse(x)
            | Op::Trace(x)
            | Op::SquaredNorm(x)
            | Op::Vec(x)
            | Op::PositivePart(x)
            | Op::OverSamples(_, _, x) => vec![x],
            Op::Sum(x, y)
            | Op::Difference(x, y)
            | Op::Scale(x, y)
            | Op::Product(x, y)
            | Op::Quotient(x, y)
            | Op::TraceOfProduct(x, y)
            | Op::Kronecker(x, y) => vec![x, y],
            Op::Solve { linear, constant, .. } => vec![linear, constant],
        }
    }

    /// What it varies with by itself.
    fn varies(&self) -> Binders {
        match *self {
            Op::Sample(Which::Level(level)) | Op::Label(Which::Level(level)) => level_bit(level),
            Op::Unknown(number) => unknown_bit(number),
            Op::OverSamples(level, Join::StackOthers, _) => level_bit(level.saturating_sub(1)),
            _ => 0,
        }
    }

    /// What no longer varies outside it.
    fn binds(&self) -> Binders {
        match *self {
            Op::OverSamples(level, ..) => level_bit(level),
            Op::Solve { unknown, .. } => unknown_bit(unknown),
            _ => 0,
        }
    }
}

/// The binder of a loop.
pub(crate) fn level_bit(level: u32) -> Binders {
    1 << level.min(LEVELS - 1)
}

/// The binder of an equation.
pub(crate) fn unknown_bit(number: u32) -> Binders {
    1 << (LEVELS + number.min(UNKNOWNS - 1))
}
