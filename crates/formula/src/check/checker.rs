//! What is known while a text is checked.

use std::collections::HashMap;

use super::length::{LONGEST, Lengths};
use super::scope::Scope;
use crate::Subject;
use crate::program::{Id, Program};
use notation::symbol::{Shape, Units};
use notation::tree::{Expr, Index, Name, Point};
use notation::{Context, Mistake, Place, Spelling, Weights};

/// How deep expressions and definitions may stand inside each other.
const DEPTH: u32 = 200;
/// The most expressions that are read, those of definitions as often as they are expanded.
const STEPS: u32 = 1_000_000;

/// An expression that was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Typed {
    pub(crate) id: Id,
    pub(crate) shape: Shape,
    /// `None` for what is zero, which has all units.
    pub(crate) units: Option<Units>,
    pub(crate) sort: Sort,
}

/// What besides shape and units decides how an expression is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Sort {
    /// 0, of every shape.
    Zero,
    /// A number, of which a square matrix takes the multiple of I.
    Number,
    /// Anything else.
    Other,
}

/// Where an expression stands: what w and the indices are, and which names are arguments.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Env {
    /// The weights at which functions of w are taken.
    pub(super) point: Point,
    /// The depth of the loop that each index runs in.
    pub(super) levels: [Option<u32>; 2],
    /// How many loops there are around.
    pub(super) depth: u32,
    /// The arguments of a function that a definition gives.
    pub(super) arguments: Vec<(Name, Typed)>,
    /// The unknown of an equation.
    pub(super) unknown: Option<(Name, Typed)>,
}

/// What was found out about a definition: where it stands decides.
pub(super) type Known = HashMap<(Name, Env), Option<Typed>>;

pub(crate) struct Checker<'a> {
    pub(super) context: &'a Context,
    pub(super) scope: &'a Scope<'a>,
    pub(super) subject: Subject,
    pub(super) program: Program,
    pub(super) known: Known,
    /// Definitions that are being read.
    pub(super) open: Vec<Name>,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) depth: u32,
    /// How many expressions were read.
    pub(super) steps: u32,
    /// How many equations there are.
    pub(super) unknowns: u32,
    /// How long values are.
    pub(super) lengths: Lengths,
}

impl Env {
    /// Outside of everything.
    pub(super) fn new() -> Self {
        Env { point: Point::Weights, levels: [None; 2], depth: 0, arguments: Vec::new(), unknown: None }
    }

    /// Where w is taken at a point.
    pub(super) fn at(&self, point: Point) -> Self {
        let point = if point == Point::Weights { self.point } else { point };
        Env { point, ..self.clone() }
    }

    pub(super) fn level(&self, index: Index) -> Option<u32> {
        self.levels[index as usize]
    }

    pub(super) fn set(&mut self, index: Index, level: Option<u32>) {
        self.levels[index as usize] = level;
    }
}

impl Typed {
    pub(super) fn other(id: Id, shape: Shape, units: Option<Units>) -> Self {
        Typed { id, shape, units, sort: Sort::Other }
    }
}

impl Checker<'_> {
    /// Notes a mistake. The result is that of the expression in which it stands: none.
    pub(super) fn mistake<R>(&mut self, mistake: Mistake) -> Option<R> {
        self.mistakes.push(mistake);
        None
    }

    pub(super) fn says<R>(&mut self, place: Place, message: impl Into<String>, help: impl Into<String>) -> Option<R> {
        self.mistake(Mistake::new(place, message).help(help))
    }

    /// Reads one more expression inside others, unless it stands too deep or they are too many.
    pub(super) fn inside<R>(&mut self, place: Place, read: impl FnOnce(&mut Self) -> Option<R>) -> Option<R> {
        if self.depth >= DEPTH {
            return self.says(place, "the formula is nested too deeply", "define its parts");
        }
        if self.steps >= STEPS {
            return self.says(
                place,
                "the formula is too long with all its definitions",
                "leave out what it can do without",
            );
        }
        self.depth += 1;
        self.steps += 1;
        let around = self.program.enter(place);
        let found = read(self);
        self.program.enter(around);
        self.depth -= 1;
        match found {
            Some(_) if self.lengths.are_too_long(&self.program) => self.says(
                place,
                format!("more than {LONGEST} numbers are multiplied here, with all powers and definitions"),
                "exact numbers grow with every factor: take smaller powers",
            ),
            _ => found,
        }
    }

    /// A shape, which one weight makes a number.
    pub(super) fn shape(&self, shape: Shape) -> Shape {
        if self.context.weights == Weights::One { Shape::SCALAR } else { shape }
    }
}

/// An expression for a message.
pub(super) fn written(expr: &Expr) -> String {
    expr.written(Spelling::Unicode)
}
