//! What needs all of a text: which factors before ⊗ are scalars, and whether indices stand inside of their sums.

use std::collections::{BTreeMap, HashSet};

use notation::indices::behind_its_sum;
use notation::tree::{Body, Expr, Factor, Head, Index, Name, Node, Statement, Text};
use notation::{Mistake, Place};

/// Rows and columns, as far as they are seen without checking anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Number,
    Column,
    Row,
    Matrix,
    Unknown,
}

/// Puts the scalars before a product by ⊗ or ⊕ in front of it: ½ H⊕H is ½ (H⊕H).
pub(super) fn front_scalars(text: &mut Text, tensors: &[Place]) {
    if tensors.is_empty() {
        return;
    }
    let places = tensors.iter().map(|place| (place.text, place.start, place.end)).collect();
    let mut shapes = Shapes { definitions: BTreeMap::new(), known: BTreeMap::new() };
    for definition in &text.definitions {
        if let Body::Is(body) = &definition.body {
            let (Head::Name(name) | Head::Indexed(name, _) | Head::Function(name, _)) = &definition.head;
            shapes.definitions.insert(name.clone(), body.clone());
        }
    }
    for expr in sides_mut(text) {
        front(expr, &places, &mut shapes);
    }
}

fn front(expr: &mut Expr, places: &HashSet<(usize, usize, usize)>, shapes: &mut Shapes) {
    for part in expr.parts_mut() {
        front(part, places, shapes);
    }
    if !places.contains(&(expr.place.text, expr.place.start, expr.place.end)) {
        return;
    }
    let (Node::Kronecker(operands) | Node::KroneckerSum(operands)) = &mut expr.node else { return };
    let Some(Expr { node: Node::Product(factors), .. }) = operands.first_mut() else { return };
    let divides = factors.last().is_some_and(|last| last.divides);
    let mut leading = factors.iter().take_while(|factor| shapes.of(&factor.expr) == Shape::Number).count();
    if leading == factors.len() {
        // One factor is left for the product, and it does not divide.
        leading = if divides { 0 } else { leading - 1 };
    }
    if leading == 0 {
        return;
    }
    let mut others = factors.split_off(leading);
    let mut front = std::mem::take(factors);
    let first = match others.len() {
        1 => others.remove(0).expr,
        _ => Expr { node: Node::Product(others), place: operands[0].place },
    };
    operands[0] = first;
    let place = expr.place;
    let product = std::mem::replace(expr, Expr { node: Node::Product(Vec::new()), place });
    front.push(Factor { divides: false, expr: product });
    expr.node = Node::Product(front);
}

struct Shapes {
    definitions: BTreeMap<Name, Expr>,
    known: BTreeMap<Name, Shape>,
}

impl Shapes {
    fn of(&mut self, expr: &Expr) -> Shape {
        match &expr.node {
            Node::Number(_) | Node::Trace(_) | Node::Norm(_) => Shape::Number,
            Node::Name(name) | Node::Indexed(name, _) | Node::At(name, ..) | Node::Call(name, _) => self.of_name(name),
            Node::Sum(summands) => {
                let shapes: Vec<Shape> = summands.iter().map(|summand| self.of(&summand.expr)).collect();
                let other = shapes.iter().find(|shape| **shape != Shape::Number);
                other.copied().unwrap_or(Shape::Number)
            }
            Node::Product(factors) => factors.iter().fold(Shape::Number, |left, factor| {
                if factor.divides { left } else { times(left, self.of(&factor.expr)) }
            }),
            Node::Power(base, exponent) => match self.of(base) {
                Shape::Column if exponent % 2 == 0 => Shape::Number,
                shape => shape,
            },
            Node::Transpose(part) => match self.of(part) {
                Shape::Column => Shape::Row,
                Shape::Row => Shape::Column,
                shape => shape,
            },
            Node::Pseudoinverse(part) | Node::PositivePart(part) | Node::Mean(part) | Node::Over(_, part) => {
                self.of(part)
            }
            Node::Vec(_) => Shape::Column,
            Node::Kronecker(_) | Node::KroneckerSum(_) => Shape::Matrix,
        }
    }

    fn of_name(&mut self, name: &Name) -> Shape {
        if let Some(shape) = self.known.get(name) {
            return *shape;
        }
        // A definition in a circle has no shape.
        self.known.insert(name.clone(), Shape::Unknown);
        let shape = match self.definitions.remove(name) {
            Some(body) => self.of(&body),
            None => of_symbol(name),
        };
        self.known.insert(name.clone(), shape);
        shape
    }
}

fn times(left: Shape, right: Shape) -> Shape {
    match (left, right) {
        (Shape::Number, other) | (other, Shape::Number) => other,
        (Shape::Row, Shape::Column) => Shape::Number,
        (Shape::Row, Shape::Matrix) => Shape::Row,
        (Shape::Matrix, Shape::Column) => Shape::Column,
        (Shape::Matrix, Shape::Matrix) | (Shape::Column, Shape::Row) => Shape::Matrix,
        _ => Shape::Unknown,
    }
}

/// The shape that a letter has in the table of symbols.
fn of_symbol(name: &Name) -> Shape {
    let name = name.as_str();
    if name.starts_with('∇') {
        return Shape::Column;
    }
    match name.chars().next() {
        Some('u' | 'w' | 'm' | 'ĝ' | 'x') => Shape::Column,
        Some('L' | 'S' | 'N' | 'D') => Shape::Number,
        Some(letter) if letter.is_lowercase() => Shape::Number,
        _ => Shape::Matrix,
    }
}

/// The sides of all statements and definitions, to be changed.
fn sides_mut(text: &mut Text) -> Vec<&mut Expr> {
    let mut sides = Vec::new();
    let mut comparisons = Vec::new();
    for statement in &mut text.statements {
        match statement {
            Statement::Equation { left, right, .. } | Statement::Limit { left, right, .. } => {
                sides.extend([left, right])
            }
            Statement::Comparison { comparison, .. } => comparisons.push(comparison),
            Statement::Equivalence { left, right } => {
                comparisons.push(left);
                comparisons.extend(&mut right.0);
            }
            Statement::Stationary { condition, .. } => comparisons.extend(&mut condition.0),
        }
    }
    for comparison in comparisons {
        sides.push(&mut comparison.first);
        sides.extend(comparison.rest.iter_mut().map(|(_, expr)| expr));
        sides.extend(&mut comparison.on);
    }
    for definition in &mut text.definitions {
        match &mut definition.body {
            Body::Is(expr) => sides.push(expr),
            Body::Solves(left, right) => sides.extend([left, right]),
        }
    }
    sides
}

/// No index stands behind the sum that it seems to belong to: ∑ᵢ xᵢ + yᵢ.
pub(super) fn indices_are_inside(text: &mut Text) -> Result<(), Mistake> {
    let Some((index, place)) = sides_mut(text).into_iter().find_map(|side| behind_its_sum(side)) else { return Ok(()) };
    let letter = if index == Index::I { "i" } else { "j" };
    let mistake = Mistake::new(place, format!("{letter} stands behind its sum, which ends at + or −"));
    Err(mistake.help("Put all that is summed over into brackets: ∑ᵢ (f + g)."))
}
