//! Bounds as a [`Scalar`]: linear systems by Cramer's rule.
//!
//! A system falls into blocks that share no unknown. In a block, rows and columns are divided by what their entries
//! have in common, which leaves polynomials. A determinant of polynomials has, in each variable, at most the sum over
//! rows of the largest degree in the row, or the same over columns; its norm is at most the product over rows of the
//! sum of norms, or the same over columns. It is homogeneous where entry (i, j) is of a weight rᵢ + cⱼ.

use std::sync::Arc;

use num_traits::Zero;
use rug::{Integer, Rational};

use super::factor::{Bounds, DegreesError, Powers, Ring};
use super::{Degrees, Product, State, content, least};
use crate::matrix::dense::{Matrix, Singular};
use crate::scalar::{Scalar, eliminate};

impl Scalar for Degrees {
    fn from_integer(value: i64) -> Self {
        Degrees::constant(Rational::from(value))
    }

    fn outweighs(&self, other: &Self) -> bool {
        !self.is_zero() && other.is_zero()
    }

    fn solve(M: &Matrix<Self>, right: &Matrix<Self>) -> Result<Matrix<Self>, Singular> {
        solve(M, right)
    }
}

fn solve(M: &Matrix<Degrees>, right: &Matrix<Degrees>) -> Result<Matrix<Degrees>, Singular> {
    let order = M.nrows();
    let mut X = Matrix::zeros(order, right.ncols());
    for Block { rows, columns } in blocks(M) {
        if rows.len() != columns.len() {
            return Err(Singular { order, column: columns.first().copied().unwrap_or(0) });
        }
        let part = Matrix::from_fn(rows.len(), rows.len(), |i, j| M[(rows[i], columns[j])].clone());
        let sides = Matrix::from_fn(rows.len(), right.ncols(), |i, c| right[(rows[i], c)].clone());
        let unknowns = match rows.len() {
            1 => sides.map(|side| side / &part[(0, 0)]),
            _ => block_solution(&part, &sides)?,
        };
        for (i, &column) in columns.iter().enumerate() {
            X.row_mut(column).copy_from(&unknowns.row(i));
        }
    }
    Ok(X)
}

struct Block {
    rows: Vec<usize>,
    columns: Vec<usize>,
}

/// Connected components of rows and columns, joined where an entry is not zero.
fn blocks(M: &Matrix<Degrees>) -> Vec<Block> {
    let order = M.nrows();
    let mut left = Vec::from_iter((0..order).rev());
    let mut blocks = Vec::new();
    while let Some(row) = left.pop() {
        let mut block = Block { rows: vec![row], columns: Vec::new() };
        let mut next = 0;
        while let Some(&row) = block.rows.get(next) {
            next += 1;
            for column in (0..order).filter(|&column| !M[(row, column)].is_zero()) {
                if !block.columns.contains(&column) {
                    block.columns.push(column);
                    let joins = |other: &usize| !M[(*other, column)].is_zero();
                    block.rows.extend(left.iter().copied().filter(joins));
                    left.retain(|other| !joins(other));
                }
            }
        }
        block.rows.sort_unstable();
        block.columns.sort_unstable();
        blocks.push(block);
    }
    blocks
}

fn block_solution(M: &Matrix<Degrees>, right: &Matrix<Degrees>) -> Result<Matrix<Degrees>, Singular> {
    let (order, sides) = (M.nrows(), right.ncols());
    let failed = |error| Matrix::from_element(order, sides, Degrees(State::Failed(error)));
    match System::of(M, right) {
        Err(error) => Ok(failed(error)),
        // Constants alone are no bounds but numbers.
        Ok((_, None)) => eliminate(M, right),
        Ok((system, Some(ring))) => Ok(quotients(system, &ring).unwrap_or_else(failed)),
    }
}

/// The unknowns as quotients of determinants.
fn quotients(mut system: System, ring: &Arc<Ring>) -> Result<Matrix<Degrees>, DegreesError> {
    let scales = system.reduced()?;
    let weights = system.weights(ring);
    let denominator = ring.factor(determinant(&system.polynomials(ring, None)?, weights.determinant())?);
    let mut X = Matrix::zeros(system.order, system.entries.ncols() - system.order);
    for side in 0..X.ncols() {
        for (unknown, scale) in scales.iter().enumerate() {
            let replaced = system.polynomials(ring, Some((unknown, side)))?;
            if replaced.column(unknown).iter().all(Option::is_none) {
                continue;
            }
            let numerator = ring.factor(determinant(&replaced, weights.replaced(unknown, side))?);
            let powers = Powers::from([(numerator, 1), (denominator, -1)]);
            let quotient = Product { constant: Rational::from(1), powers, ring: Some(ring.clone()) };
            X[(unknown, side)] = Degrees(State::Product(quotient.times(scale, -1)?));
        }
    }
    Ok(X)
}

/// The entries of [M, R], `None` for zero.
struct System {
    entries: Matrix<Option<Product>>,
    order: usize,
}

impl System {
    /// The entries, and the set of variables of all of them; `None` where they are constants.
    fn of(M: &Matrix<Degrees>, right: &Matrix<Degrees>) -> Result<(System, Option<Arc<Ring>>), DegreesError> {
        let entries = M.iter().chain(right.iter()).map(|entry| match &entry.0 {
            State::Zero => Ok(None),
            State::Failed(error) => Err(*error),
            State::Product(product) => Ok(Some(product.clone())),
        });
        let entries = entries.collect::<Result<Vec<_>, _>>()?;
        let ring = entries.iter().flatten().find_map(|product| product.ring.clone());
        let is_foreign = |entry: &Product| ring.as_ref().is_some_and(|ring| entry.ring.is_some() && !entry.is_of(ring));
        if entries.iter().flatten().any(is_foreign) {
            return Err(DegreesError::ForeignVariables);
        }
        let order = M.nrows();
        Ok((System { entries: Matrix::from_vec(order, order + right.ncols(), entries), order }, ring))
    }

    /// Divides rows, and columns of M, by what their entries have in common; the unknowns are thereby multiplied by the
    /// factors that are returned.
    fn reduced(&mut self) -> Result<Vec<Product>, DegreesError> {
        for mut row in self.entries.row_iter_mut() {
            let common = common(row.iter());
            for entry in row.iter_mut().flatten() {
                *entry = entry.times(&common, -1)?;
            }
        }
        let mut scales = Vec::with_capacity(self.order);
        for j in 0..self.order {
            let mut column = self.entries.column_mut(j);
            let common = common(column.iter());
            for entry in column.iter_mut().flatten() {
                *entry = entry.times(&common, -1)?;
            }
            scales.push(common);
        }
        Ok(scales)
    }

    /// M, or M with a right side in place of the column of an unknown.
    fn polynomials(
        &self,
        ring: &Ring,
        replaced: Option<(usize, usize)>,
    ) -> Result<Matrix<Option<Bounds>>, DegreesError> {
        let column = |j: usize| match replaced {
            Some((unknown, side)) if unknown == j => self.order + side,
            _ => j,
        };
        let mut polynomials = Matrix::from_element(self.order, self.order, None);
        for j in 0..self.order {
            for i in 0..self.order {
                if let Some(entry) = &self.entries[(i, column(j))] {
                    polynomials[(i, j)] = Some(ring.product(&entry.powers, entry.constant.numer().clone().abs())?);
                }
            }
        }
        Ok(polynomials)
    }

    fn weights(&self, ring: &Ring) -> Weights {
        let weights = self.entries.map(|entry| entry.map(|entry| ring.weights(&entry.powers)));
        let gradings = weights.iter().flatten().map(Vec::len).max().unwrap_or(0);
        Weights(Vec::from_iter(
            (0..gradings)
                .map(|grading| Potentials::of(&weights.map(|entry| entry.map(|weights| weights[grading])), self.order)),
        ))
    }
}

/// The content and the least powers that the entries have in common.
fn common<'a>(entries: impl Iterator<Item = &'a Option<Product>>) -> Product {
    let shared = entries.flatten().cloned().reduce(|x, y| Product {
        constant: content(&x.constant, &y.constant),
        powers: least(&x.powers, &y.powers),
        ring: x.ring.or(y.ring),
    });
    shared.unwrap_or(Product { constant: Rational::from(1), powers: Powers::new(), ring: None })
}

/// Bounds of a determinant of polynomials.
fn determinant(entries: &Matrix<Option<Bounds>>, weights: Vec<Option<i32>>) -> Result<Bounds, DegreesError> {
    let variables = entries.iter().flatten().map(|entry| entry.degrees.len()).max().unwrap_or(0);
    let degree = |variable| {
        let degrees = entries.map(|entry| entry.map_or(0, |entry| u64::from(entry.degree(variable))));
        let by_row = degrees.row_iter().map(|row| row.max()).sum::<u64>();
        let least = by_row.min(degrees.column_iter().map(|column| column.max()).sum());
        i32::try_from(least).map(i32::unsigned_abs).map_err(|_| DegreesError::TOO_LARGE)
    };
    let degrees = (0..variables).map(degree).collect::<Result<Vec<_>, _>>()?;
    let norms = entries.map(|entry| entry.map_or_else(Integer::new, |entry| entry.norm));
    let by_row = norms.row_iter().map(|row| row.iter().sum::<Integer>()).product::<Integer>();
    let by_column = norms.column_iter().map(|column| column.iter().sum::<Integer>()).product::<Integer>();
    Ok(Bounds { degrees, norm: by_row.min(by_column), weights })
}

/// The potentials of every grading, `None` where there are none.
struct Weights(Vec<Option<Potentials>>);

impl Weights {
    fn determinant(&self) -> Vec<Option<i32>> {
        Vec::from_iter(self.0.iter().map(|grading| grading.as_ref().map(Potentials::sum)))
    }

    fn replaced(&self, unknown: usize, side: usize) -> Vec<Option<i32>> {
        let weight =
            |potentials: &Potentials| Some(potentials.sum() - potentials.columns[unknown] + potentials.sides[side]?);
        Vec::from_iter(self.0.iter().map(|grading| grading.as_ref().and_then(weight)))
    }
}

/// rᵢ and cⱼ for entries of weight rᵢ + cⱼ, and for each right side the s for entries of weight rᵢ + s.
struct Potentials {
    rows: Vec<i32>,
    columns: Vec<i32>,
    /// `None` for a side whose entries have no such s.
    sides: Vec<Option<i32>>,
}

impl Potentials {
    /// `None` where the entries of M have no such weights.
    fn of(entries: &Matrix<Option<Option<i32>>>, order: usize) -> Option<Potentials> {
        let (mut rows, mut columns) = (vec![None; order], vec![None; order]);
        rows[0] = Some(0);
        // A block is connected: every round reaches another row or column until all are reached, and a last one checks.
        for _ in 0..=2 * order {
            for i in 0..order {
                for j in 0..order {
                    let Some(weight) = entries[(i, j)] else { continue };
                    let weight = weight?;
                    match (rows[i], columns[j]) {
                        (Some(row), None) => columns[j] = Some(weight - row),
                        (None, Some(column)) => rows[i] = Some(weight - column),
                        (Some(row), Some(column)) if row + column != weight => return None,
                        _ => {}
                    }
                }
            }
        }
        let rows = rows.into_iter().collect::<Option<Vec<_>>>()?;
        let columns = columns.into_iter().collect::<Option<Vec<_>>>()?;
        let side = |j: usize| {
            let mut weights = (0..order).filter_map(|i| entries[(i, j)].map(|weight| Some(weight? - rows[i])));
            let first = weights.next().unwrap_or(Some(0))?;
            weights.all(|weight| weight == Some(first)).then_some(first)
        };
        let sides = Vec::from_iter((order..entries.ncols()).map(side));
        Some(Potentials { rows, columns, sides })
    }

    fn sum(&self) -> i32 {
        self.rows.iter().sum::<i32>() + self.columns.iter().sum::<i32>()
    }
}
