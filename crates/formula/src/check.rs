//! From a text to a program: names, shapes and units are checked while the operations are written down.
//!
//! ```text
//! names ──> subject (given weights or stationary state) ──> shapes, units and operations, expression by expression
//! ```
//!
//! What E\[·\], a sum over eigenvalues and an equation mean is written down in operations here, so that the program
//! knows nothing of them but sums over samples and linear systems.

mod eigenvalues;
mod expression;
mod function;
mod mean;
mod names;
mod product;
mod random;
mod scope;
mod solves;
mod statement;
mod sum;

use std::collections::HashMap;

use crate::program::{Id, Program};
use crate::symbol::{Shape, Units};
use crate::tree::{Expr, Head, Index, Name, Point, Text};
use crate::{Context, Mistake, Place, Spelling, Subject, Weights};

use scope::Scope;
pub(crate) use scope::used;
pub(crate) use statement::{Asserted, Compared};

/// How deep expressions and definitions may stand inside each other.
const DEPTH: u32 = 200;
/// The most expressions that are read, those of definitions as often as they are expanded.
const STEPS: u32 = 1_000_000;

/// A text with its meaning.
pub(crate) struct Checked {
    pub(crate) program: Program,
    pub(crate) asserted: Vec<Asserted>,
    pub(crate) subject: Subject,
    /// The names that definitions give, with an index where they have one, in the order of the text.
    pub(crate) defined: Vec<Defined>,
}

/// What a definition gives.
#[derive(Debug, Clone)]
pub(crate) struct Defined {
    pub(crate) name: Name,
    pub(crate) indexed: bool,
    pub(crate) shape: Shape,
    pub(crate) units: Option<Units>,
}

/// Checks a text whose definitions are all its own.
pub(crate) fn check(text: &Text, context: &Context) -> Result<Checked, Vec<Mistake>> {
    let (scope, mut mistakes) = Scope::of(text);
    let subject = match scope::subject(text, &scope) {
        Ok(subject) => subject,
        Err(mistake) => {
            mistakes.push(mistake);
            Subject::Stationary
        }
    };
    let mut checker = Checker {
        context,
        scope: &scope,
        subject,
        program: Program::default(),
        known: HashMap::new(),
        open: Vec::new(),
        mistakes,
        depth: 0,
        steps: 0,
        unknowns: 0,
    };
    let asserted = Vec::from_iter(text.statements.iter().map(|statement| checker.statement(statement)));
    let asserted = Vec::from_iter(asserted.into_iter().flatten());
    checker.one_kind(text, &asserted);
    let Checker { program, mut mistakes, known, .. } = checker;
    if mistakes.is_empty() {
        let defined = text.definitions.iter().filter_map(|definition| {
            let name = definition.head.name();
            let (_, found) = known.iter().find(|((known, env), _)| known == name && env.arguments.is_empty())?;
            let Typed { shape, units, .. } = (*found)?;
            let indexed = matches!(definition.head, Head::Indexed(..));
            Some(Defined { name: name.clone(), indexed, shape, units })
        });
        return Ok(Checked { defined: defined.collect(), program, asserted, subject });
    }
    mistakes.sort_by_key(|mistake| (mistake.place.text, mistake.place.start));
    mistakes.dedup();
    Err(mistakes)
}

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
    point: Point,
    /// The depth of the loop that each index runs in.
    levels: [Option<u32>; 2],
    /// How many loops there are around.
    depth: u32,
    /// The arguments of a function that a definition gives.
    arguments: Vec<(Name, Typed)>,
    /// The unknown of an equation.
    unknown: Option<(Name, Typed)>,
}

/// What was found out about a definition: where it stands decides.
type Known = HashMap<(Name, Env), Option<Typed>>;

pub(crate) struct Checker<'a> {
    context: &'a Context,
    scope: &'a Scope<'a>,
    subject: Subject,
    program: Program,
    known: Known,
    /// Definitions that are being read.
    open: Vec<Name>,
    mistakes: Vec<Mistake>,
    depth: u32,
    /// How many expressions were read.
    steps: u32,
    /// How many equations there are.
    unknowns: u32,
}

impl Env {
    /// Outside of everything.
    fn new() -> Self {
        Env { point: Point::Weights, levels: [None; 2], depth: 0, arguments: Vec::new(), unknown: None }
    }

    /// Where w is taken at a point.
    fn at(&self, point: Point) -> Self {
        let point = if point == Point::Weights { self.point } else { point };
        Env { point, ..self.clone() }
    }

    fn level(&self, index: Index) -> Option<u32> {
        self.levels[index as usize]
    }

    fn set(&mut self, index: Index, level: Option<u32>) {
        self.levels[index as usize] = level;
    }
}

impl Typed {
    fn other(id: Id, shape: Shape, units: Option<Units>) -> Self {
        Typed { id, shape, units, sort: Sort::Other }
    }
}

impl Checker<'_> {
    /// Notes a mistake. The result is that of the expression in which it stands: none.
    fn mistake<R>(&mut self, mistake: Mistake) -> Option<R> {
        self.mistakes.push(mistake);
        None
    }

    fn says<R>(&mut self, place: Place, message: impl Into<String>, help: impl Into<String>) -> Option<R> {
        self.mistake(Mistake::new(place, message).help(help))
    }

    /// Reads one more expression inside others, unless it stands too deep or they are too many.
    fn inside<R>(&mut self, place: Place, read: impl FnOnce(&mut Self) -> Option<R>) -> Option<R> {
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
        let found = read(self);
        self.depth -= 1;
        found
    }

    /// Several statements claim in one sense.
    fn one_kind(&mut self, text: &Text, asserted: &[Asserted]) {
        let mut kinds = asserted.iter().map(Asserted::kind);
        let first = kinds.next();
        if let Some(other) = kinds.position(|kind| Some(kind) != first) {
            let side = text.statements.get(other + 1).and_then(|statement| scope::sides(statement).into_iter().next());
            let place = side.map_or_else(Place::default, |side| side.place);
            self.mistakes.push(
                Mistake::new(place, "the statements of one claim are of different kinds")
                    .help("make them claims of their own"),
            );
        }
    }

    /// A shape, which one weight makes a number.
    fn shape(&self, shape: Shape) -> Shape {
        if self.context.weights == Weights::One { Shape::SCALAR } else { shape }
    }
}

/// An expression for a message.
fn written(expr: &Expr) -> String {
    expr.written(Spelling::Unicode)
}
