//! Functions that definitions give, and sums over samples.

use std::collections::HashSet;

use super::checker::{Checker, Env, Sort, Typed, written};
use crate::program::{Join, LEVELS, Op};
use notation::Place;
use notation::symbol::{self, Meaning};
use notation::tree::{Body, Expr, Head, Index, Name, Node};

/// What the symbols with an index are.
#[derive(Default, Clone, Copy)]
pub(super) struct Runs {
    pub(super) samples: bool,
    pub(super) eigenvalues: bool,
}

impl Checker<'_> {
    /// f(s, t): the body of the function at its arguments.
    pub(super) fn call(&mut self, name: &Name, arguments: &[Expr], place: Place, env: &Env) -> Option<Typed> {
        let Some(definition) = self.scope.get(name.as_str()) else {
            return self.says(
                place,
                format!("{} is no function", name.as_str()),
                format!("add \"{}(…) = …\", or a dot before the bracket", name.as_str()),
            );
        };
        let (Head::Function(_, parameters), Body::Is(_)) = (&definition.head, &definition.body) else {
            return self.says(
                place,
                format!("{} is defined without arguments", name.as_str()),
                "a dot before the bracket makes it a product",
            );
        };
        if parameters.len() != arguments.len() {
            return self.says(
                place,
                format!("{} takes {} arguments, not {}", name.as_str(), parameters.len(), arguments.len()),
                "give each of them",
            );
        }
        let values = Vec::from_iter(arguments.iter().map(|argument| self.expr(argument, env)));
        let values = values.into_iter().collect::<Option<Vec<_>>>()?;
        let arguments = parameters.iter().cloned().zip(values).collect();
        // Loops of the body must not take the place of those that the arguments vary with.
        let own = Env { point: env.point, levels: [None; 2], depth: env.depth, arguments, unknown: None };
        self.expanded(definition, own)
    }

    /// ∑ᵢ X.
    pub(super) fn over(&mut self, index: Index, body: &Expr, place: Place, env: &Env) -> Option<Typed> {
        match self.runs(index, body) {
            Runs { samples: true, eigenvalues: true } => {
                self.says(place, "the sum runs over samples and over eigenvalues at once", "write two sums")
            }
            Runs { samples: false, eigenvalues: true } => self.over_eigenvalues(index, body, env),
            Runs { samples: true, eigenvalues: false } => self.over_samples(index, body, place, env),
            Runs { .. } => self.says(
                place,
                format!("{} does not depend on the index of the sum", written(body)),
                "a sum takes what stands before the next + or −",
            ),
        }
    }

    fn over_samples(&mut self, index: Index, body: &Expr, place: Place, env: &Env) -> Option<Typed> {
        let level = env.depth;
        if level >= LEVELS {
            return self.says(
                place,
                "too many sums stand inside each other",
                format!("at most {LEVELS} are evaluated"),
            );
        }
        let mut inner = env.clone();
        inner.set(index, Some(level));
        inner.depth = level + 1;
        let value = self.expr(body, &inner)?;
        Some(Typed { id: self.program.add(Op::OverSamples(level, Join::Sum, value.id), value.shape), ..value })
    }

    /// What an index runs over, by the symbols that have it.
    pub(super) fn runs(&self, index: Index, body: &Expr) -> Runs {
        let mut runs = Runs::default();
        let mut seen = HashSet::new();
        let mut open = vec![(index, body)];
        while let Some((index, expr)) = open.pop() {
            let name = match &expr.node {
                Node::Indexed(name, own) | Node::At(name, Some(own), _) if *own == index => Some(name.as_str()),
                // Another sum over the same index is closed.
                Node::Over(own, _) if *own == index => continue,
                _ => None,
            };
            open.extend(expr.parts().into_iter().map(|part| (index, part)));
            let Some(name) = name else { continue };
            match self.scope.get(name) {
                Some(definition) => {
                    if let (Head::Indexed(_, own), Body::Is(body)) = (&definition.head, &definition.body)
                        && seen.insert(name)
                    {
                        open.push((*own, body));
                    }
                }
                None => match symbol::indexed(name).map(|symbol| symbol.meaning) {
                    Some(Meaning::Eigenvalue(_)) => runs.eigenvalues = true,
                    // An unknown name is reported where it stands.
                    _ => runs.samples = true,
                },
            }
        }
        runs
    }

    /// The indices that are free in one of the sides, and mean every sample; two of them mean every two different ones.
    pub(super) fn free_indices(&self, sides: &[&Expr]) -> Vec<Index> {
        let is_free = |index: &Index| {
            sides.iter().any(|side| {
                let Runs { samples, eigenvalues } = self.runs(*index, side);
                samples || eigenvalues
            })
        };
        [Index::I, Index::J].into_iter().filter(is_free).collect()
    }

    /// A side; with free indices one value below the other.
    pub(super) fn side(&mut self, side: &Expr, free: &[Index]) -> Option<Typed> {
        let mut env = Env::new();
        for (level, index) in (0..).zip(free) {
            env.set(*index, Some(level));
            env.depth = level + 1;
        }
        let mut value = self.expr(side, &env)?;
        for level in (0..env.depth).rev() {
            let join = if level == 0 { Join::Stack } else { Join::StackOthers };
            let id = self.program.add(Op::OverSamples(level, join, value.id), value.shape);
            value = Typed { id, sort: Sort::Other, ..value };
        }
        Some(value)
    }
}
