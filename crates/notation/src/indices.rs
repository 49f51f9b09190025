//! Which index belongs to which sum.

use crate::Place;
use crate::tree::{Expr, Index, Node, Summand};

/// Indices that are not bound by a sum, by index.
type Free = [Option<Place>; 2];

/// The first index that stands behind the sum that it seems to belong to, and where: yᵢ in ∑ᵢ xᵢ + yᵢ.
pub fn behind_its_sum(expr: &Expr) -> Option<(Index, Place)> {
    free(expr).err()
}

fn free(expr: &Expr) -> Result<Free, (Index, Place)> {
    let mut found: Free = [None; 2];
    if let Node::Indexed(_, index) | Node::At(_, Some(index), _) = &expr.node {
        found[position(*index)] = Some(expr.place);
    }
    let mut closed = [false; 2];
    let summands: &[Summand] = match &expr.node {
        Node::Sum(summands) => summands,
        _ => &[],
    };
    for (number, part) in expr.parts().into_iter().enumerate() {
        let inside = free(part)?;
        for index in [Index::I, Index::J] {
            let Some(place) = inside[position(index)] else { continue };
            if closed[position(index)] {
                return Err((index, place));
            }
            found[position(index)] = found[position(index)].or(Some(place));
        }
        if let Some(summand) = summands.get(number) {
            close(&summand.expr, &mut closed);
        }
    }
    if let Node::Over(index, _) = &expr.node {
        found[position(*index)] = None;
    }
    Ok(found)
}

fn position(index: Index) -> usize {
    match index {
        Index::I => 0,
        Index::J => 1,
    }
}

/// Marks the indices of the sums with which an expression ends.
fn close(expr: &Expr, closed: &mut [bool; 2]) {
    match &expr.node {
        Node::Over(index, part) => {
            closed[position(*index)] = true;
            close(part, closed);
        }
        Node::Product(factors) => {
            if let Some(last) = factors.last().filter(|last| !last.divides) {
                close(&last.expr, closed);
            }
        }
        _ => {}
    }
}
