//! What a statement asserts, and about which quantity.

use symbols::Quantity;

use super::checker::{Checker, Typed, written};
use super::scope::sides;
use crate::program::Id;
use crate::{Kind, Subject};
use notation::symbol::{self, Meaning};
use notation::tree::{Comparison, Condition, Expr, Limit, Node, Point, Relation, Remainder, Statement};

/// A checked statement.
#[derive(Debug, Clone)]
pub(crate) enum Asserted {
    /// Two sides are compared.
    Sides {
        /// Of which engines have an answer, or the left one.
        found: Id,
        /// The other.
        claimed: Id,
        /// What is found.
        quantity: Option<Quantity>,
        /// How what is found is to compare with the other side.
        relation: Relation,
        /// Whether what is found stands on the right.
        turned: bool,
        kind: Kind,
    },
    /// A stationary state exists where all these hold.
    Stability(Vec<Compared>),
    /// These hold where those do.
    Equivalence(Vec<Compared>, Vec<Compared>),
}

/// Two sides with a relation.
#[derive(Debug, Clone)]
pub(crate) struct Compared {
    pub(crate) left: Id,
    pub(crate) relation: Relation,
    pub(crate) right: Id,
    /// The matrix on whose range it is meant.
    pub(crate) on: Option<Id>,
    /// The sides, as they are written.
    pub(crate) text: String,
}

impl Asserted {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Asserted::Sides { kind, .. } => *kind,
            Asserted::Stability(_) => Kind::Stability,
            Asserted::Equivalence(..) => Kind::Equivalence,
        }
    }
}

impl Checker<'_> {
    /// Writes down a statement.
    pub(super) fn statement(&mut self, statement: &Statement) -> Option<Asserted> {
        match statement {
            Statement::Equation { left, right, remainder } => {
                let kind = match remainder {
                    None => Kind::Exact,
                    Some(Remainder { limit, order }) => Kind::Limit(*limit, *order),
                };
                self.equation(left, right, kind)
            }
            Statement::Limit { left, right, relative, limit } => {
                if !self.context.data_set && *limit == Limit::Samples {
                    return self.says(left.place, "N has a meaning where there is a data set", "assume \"data set\"");
                }
                let kind = if *relative { Kind::Approximation(*limit, 1) } else { Kind::Limit(*limit, 1) };
                self.equation(left, right, kind)
            }
            Statement::Comparison { comparison, somewhere } => self.bound(comparison, *somewhere),
            Statement::Equivalence { left, right } => {
                let left = self.comparison(left)?;
                Some(Asserted::Equivalence(left, self.condition(right)?))
            }
            Statement::Stationary { condition, .. } => {
                if let Some(side) = sides(statement).into_iter().find(|side| self.quantity(side).is_some()) {
                    return self.says(
                        side.place,
                        format!(
                            "{} belongs to a stationary state, and the condition says where there is one",
                            written(side)
                        ),
                        "a condition is about the setting",
                    );
                }
                Some(Asserted::Stability(self.condition(condition)?))
            }
        }
    }

    fn equation(&mut self, left: &Expr, right: &Expr, kind: Kind) -> Option<Asserted> {
        let (x, y) = self.both(left, Relation::Equal, right)?;
        let (quantity, turned) = self.found(left, right);
        let (found, claimed) = if turned { (y, x) } else { (x, y) };
        let relation = Relation::Equal;
        Some(Asserted::Sides { found: found.id, claimed: claimed.id, quantity, relation, turned, kind })
    }

    /// The quantity that is found, and whether it stands on the right; without one the left side is found.
    fn found(&self, left: &Expr, right: &Expr) -> (Option<Quantity>, bool) {
        match (self.quantity(left), self.quantity(right)) {
            (None, Some(quantity)) => (Some(quantity), true),
            (quantity, _) => (quantity, false),
        }
    }

    fn bound(&mut self, comparison: &Comparison, somewhere: bool) -> Option<Asserted> {
        let Comparison { first, rest, on } = comparison;
        let [(relation, second)] = rest.as_slice() else {
            let equal = rest.iter().all(|(relation, _)| *relation == Relation::Equal);
            let what = if equal { "an equation has two sides" } else { "a bound has two sides" };
            return self.says(first.place, what, "say the others in statements of their own");
        };
        if let Some(on) = on {
            return self.says(on.place, "a range is given in conditions only", "leave it out");
        }
        if !relation.is_of_matrices() && !relation.is_of_scalars() {
            return self.says(second.place, "a bound compares by size", "write < or >");
        }
        let (x, y) = self.related(first, *relation, second)?;
        let kind = if somewhere { Kind::Existence } else { Kind::Bound };
        let (quantity, turned) = self.found(first, second);
        let (found, claimed, relation) = if turned { (y, x, relation.turned()) } else { (x, y, *relation) };
        Some(Asserted::Sides { found: found.id, claimed: claimed.id, quantity, relation, turned, kind })
    }

    fn condition(&mut self, condition: &Condition) -> Option<Vec<Compared>> {
        let parts = Vec::from_iter(condition.0.iter().map(|comparison| self.comparison(comparison)));
        Some(parts.into_iter().collect::<Option<Vec<_>>>()?.concat())
    }

    /// a < b ≤ c as a < b and b ≤ c.
    fn comparison(&mut self, comparison: &Comparison) -> Option<Vec<Compared>> {
        let on = match &comparison.on {
            Some(on) => Some((self.side(on, &[])?, on)),
            None => None,
        };
        let mut compared = Vec::new();
        let mut left = &comparison.first;
        for (relation, right) in &comparison.rest {
            let (x, y) = self.related(left, *relation, right)?;
            if let Some((matrix, text)) = on
                && (!relation.is_of_matrices() || matrix.shape.rows != x.shape.rows || matrix.shape.is_scalar())
            {
                let message = format!("{} is no matrix on whose range the comparison is meant", written(text));
                return self.says(text.place, message, "a range is that of a matrix with as many rows, beside ≻ or ⪰");
            }
            let text = format!("{} and {}", written(left), written(right));
            compared.push(Compared { left: x.id, relation: *relation, right: y.id, on: on.map(|(m, _)| m.id), text });
            left = right;
        }
        Some(compared)
    }

    /// Two sides that a relation compares.
    fn related(&mut self, left: &Expr, relation: Relation, right: &Expr) -> Option<(Typed, Typed)> {
        let (x, y) = self.both(left, relation, right)?;
        if relation.is_of_scalars() && !x.shape.is_scalar() {
            let message = format!("{} is {}, and < compares scalars", written(left), x.shape);
            return self.says(left.place, message, "≺ compares symmetric matrices");
        }
        if relation.is_of_matrices() && !x.shape.is_square() {
            let message = format!("{} is {}, and ≺ compares symmetric matrices", written(left), x.shape);
            return self.says(left.place, message, "multiply it to a symmetric matrix");
        }
        Some((x, y))
    }

    /// Two sides of one shape and the same units.
    fn both(&mut self, left: &Expr, relation: Relation, right: &Expr) -> Option<(Typed, Typed)> {
        let free = self.free_indices(&[left, right]);
        let (x, y) = (self.side(left, &free), self.side(right, &free));
        let (x, y) = (x?, y?);
        // The side that is found stays what it is: if that is a scalar, no I makes the other one fit.
        let found = if self.found(left, right).1 { y } else { x };
        let help = if found.shape.is_scalar() && !relation.is_of_matrices() { "Tr[…]?" } else { "times I?" };
        let (x, y) = self.fitted(x, y, (left, right), help)?;
        self.same_units(x, y, (left, right))?;
        Some((x, y))
    }

    /// The quantity that a side is, if it is one.
    fn quantity(&self, side: &Expr) -> Option<Quantity> {
        let meaning = |expr: &Expr| match &expr.node {
            Node::Name(name) if self.scope.get(name.as_str()).is_none() => {
                symbol::symbol(name.as_str()).map(|symbol| symbol.meaning)
            }
            _ => None,
        };
        match &side.node {
            Node::Name(_) => match meaning(side)? {
                Meaning::Fluctuation => Some(Quantity::Fluctuation),
                Meaning::Noise => Some(Quantity::NoiseCovariance),
                Meaning::TrainLoss => Some(Quantity::TrainLoss),
                Meaning::TestLoss => Some(Quantity::TestLoss),
                _ => None,
            },
            Node::At(name, None, Point::Weights | Point::Initial | Point::Minimizer)
                if self.subject == Subject::Minibatch =>
            {
                let noise = symbol::symbol(name.as_str()).is_some_and(|symbol| symbol.meaning == Meaning::Noise);
                noise.then_some(Quantity::MinibatchNoise)
            }
            Node::Mean(inside) if meaning(inside) == Some(Meaning::MinibatchGradient) => {
                (self.subject == Subject::Minibatch).then_some(Quantity::MinibatchGradient)
            }
            Node::Product(factors) => {
                let plain = factors.iter().all(|factor| !factor.divides);
                let found = Vec::from_iter(factors.iter().map(|factor| meaning(&factor.expr)));
                let step = [Meaning::LearningRate, Meaning::Noise, Meaning::LearningRate].map(Some);
                (plain && found == step).then_some(Quantity::StepCovariance)
            }
            _ => None,
        }
    }
}
