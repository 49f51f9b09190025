//! M = L Δ Lᵀ in MPFR numbers, the largest pivot first: which rows carry the rank, and where a negative direction may
//! be.

use rug::{Float, Integer, Rational};

use super::scaled::{Budget, Scaled};

/// About how many nanoseconds a product and its addition take, and how many more for each bit.
const PRODUCT: f64 = 30.0;
const PRODUCT_OF_BIT: f64 = 0.05;

/// The factors, as far as pivots are above 2^(−bits/2 − 1), beside a diagonal of about 1.
pub(super) struct Factor {
    bits: u32,
    rank: usize,
    /// Rows in the order of their pivots, and behind them the others.
    order: Vec<usize>,
    /// Row by row: L left of the rank, and what is left of M from there to the diagonal.
    entries: Vec<Vec<Float>>,
}

impl Factor {
    /// `None` where the budget does not suffice.
    pub(super) fn new(scaled: &Scaled, bits: u32, budget: &mut Budget) -> Option<Self> {
        let n = scaled.order();
        let mut order = Vec::from_iter(0..n);
        let mut entries = rounded(scaled, &order, bits);
        let mut rank = 0;
        while rank < n {
            let k = rank;
            let largest = (k..n).max_by(|&i, &j| entries[i][i].total_cmp(&entries[j][j]))?;
            if entries[largest][largest] <= Float::with_val(bits, 0.5) >> (bits / 2) {
                break;
            }
            budget.spend((n - k).pow(2) as f64 / 2.0 * (PRODUCT + PRODUCT_OF_BIT * f64::from(bits)))?;
            exchange(&mut entries, k, largest);
            order.swap(k, largest);
            eliminate(&mut entries, k);
            rank += 1;
        }
        Some(Factor { bits, rank, order, entries })
    }

    pub(super) fn pivots(&self) -> &[usize] {
        &self.order[..self.rank]
    }

    pub(super) fn rest(&self) -> &[usize] {
        &self.order[self.rank..]
    }

    /// Integers y along which yᵀMy may be negative: one for the smallest entry that elimination left on the diagonal,
    /// if that is negative, and one for the largest that it left beside the diagonal.
    pub(super) fn directions(&self) -> Vec<Vec<Integer>> {
        let (r, n) = (self.rank, self.order.len());
        let left = |i: usize, j: usize| &self.entries[i][j];
        let smallest = (r..n).min_by(|&i, &j| left(i, i).total_cmp(left(j, j)));
        let pairs = (r..n).flat_map(|i| (r..i).map(move |j| (i, j)));
        let largest =
            pairs.max_by(|&(i, j), &(k, l)| left(i, j).cmp_abs(left(k, l)).unwrap_or(std::cmp::Ordering::Equal));
        let of_smallest = smallest.filter(|&i| *left(i, i) < 0).map(|i| self.direction(&[(i, 1)]));
        let of_largest = largest.filter(|&(i, j)| !left(i, j).is_zero());
        let of_largest = of_largest.map(|(i, j)| self.direction(&[(i, 1), (j, if *left(i, j) > 0 { -1 } else { 1 })]));
        of_smallest.into_iter().chain(of_largest).collect()
    }

    /// y with these entries among the rows that are left, and y_K = −M_KK⁻¹ M_KL y_L = −L⁻ᵀ (rows of L)ᵀ y_L.
    fn direction(&self, given: &[(usize, i32)]) -> Vec<Integer> {
        let (bits, r) = (self.bits, self.rank);
        let mut y = vec![Float::with_val(bits, 0); self.order.len()];
        for &(i, value) in given {
            y[i] += value;
            for (entry, factor) in y.iter_mut().zip(&self.entries[i][..r]) {
                *entry -= factor * Float::with_val(bits, value);
            }
        }
        for k in (0..r).rev() {
            let (before, from) = y.split_at_mut(k);
            for (j, entry) in before.iter_mut().enumerate() {
                *entry -= &self.entries[k][j] * &from[0];
            }
        }
        let mut direction = vec![Integer::new(); y.len()];
        for (value, &row) in y.into_iter().zip(&self.order) {
            direction[row] = (value << bits).to_integer().unwrap_or_default();
        }
        direction
    }
}

/// Whether the block of these rows is proved to be positive definite; `None` where the budget does not suffice.
///
/// The rounding of the entries, of the shift and of the factorization is below (r + 8) 2^−bits times the trace.
pub(super) fn is_definite(scaled: &Scaled, rows: &[usize], bits: u32, budget: &mut Budget) -> Option<bool> {
    let mut entries = rounded(scaled, rows, bits);
    let trace = entries.iter().enumerate().fold(Float::with_val(bits, 0), |sum, (i, row)| sum + &row[i]);
    let shift = (trace * (4 * rows.len() as u64 + 32)) >> bits;
    entries.iter_mut().enumerate().for_each(|(i, row)| row[i] -= &shift);
    for k in 0..rows.len() {
        if entries[k][k].is_nan() || entries[k][k] <= 0 {
            return Some(false);
        }
        let left = (rows.len() - k).pow(2) as f64 / 2.0;
        budget.spend(left * (PRODUCT + PRODUCT_OF_BIT * f64::from(bits)))?;
        eliminate(&mut entries, k);
    }
    Some(true)
}

/// The entries of these rows, half of the matrix.
fn rounded(scaled: &Scaled, rows: &[usize], bits: u32) -> Vec<Vec<Float>> {
    let entry = |i: usize, j: usize| Float::with_val(bits, Rational::from((scaled.entry(i, j), &scaled.common)));
    let row = |i: usize| Vec::from_iter((0..=i).map(|j| entry(rows[i], rows[j])));
    (0..rows.len()).map(row).collect()
}

/// One step: L in column k, and Lₖ Δₖ Lₖᵀ subtracted from what is below.
fn eliminate(entries: &mut [Vec<Float>], k: usize) {
    let pivot = entries[k][k].clone();
    let column = Vec::from_iter(entries[k + 1..].iter().map(|row| row[k].clone()));
    for (row, own) in entries[k + 1..].iter_mut().zip(&column) {
        row[k] /= &pivot;
        if own.is_zero() {
            continue;
        }
        let (factors, rest) = row.split_at_mut(k + 1);
        for (entry, other) in rest.iter_mut().zip(&column) {
            *entry -= &factors[k] * other;
        }
    }
}

/// Exchanges rows and columns k < l of a symmetric matrix of which half is there.
fn exchange(entries: &mut [Vec<Float>], k: usize, l: usize) {
    if k == l {
        return;
    }
    let (above, below) = entries.split_at_mut(l);
    let other = &mut below[0];
    let row = &mut above[k];
    row[..k].swap_with_slice(&mut other[..k]);
    std::mem::swap(&mut row[k], &mut other[l]);
    for (i, between) in above.iter_mut().enumerate().skip(k + 1) {
        std::mem::swap(&mut between[k], &mut other[i]);
    }
    below[1..].iter_mut().for_each(|row| row.swap(k, l));
}
