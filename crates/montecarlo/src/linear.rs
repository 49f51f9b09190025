//! Linear maps and outer products for a loop that runs a hundred million times, on eight chains at once: nothing here
//! allocates.
//!
//! Deliberately absent: anything that is done once a run. That is written with [`Matrix`], but for [`product`], which
//! has the same bits on any machine, as `Matrix`'s own product, which fuses operations where the processor can, has
//! not.

use numbers::Matrix;
use serde::{Deserialize, Serialize};

use crate::lanes::{Lanes, rows, zeros};

/// A linear map, stored by what it costs to apply.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Linear {
    /// Nothing to do.
    Zero,
    /// One sum an entry.
    Identity,
    /// One product an entry.
    Diagonal(Vec<f64>),
    /// Rows × columns products. The transpose is stored: row by row.
    Dense(Matrix<f64>),
}

impl Linear {
    /// The cheapest form of M.
    pub(crate) fn new(M: &Matrix<f64>) -> Self {
        if !M.is_square() || !is_diagonal(M) {
            return Linear::Dense(M.transpose());
        }
        let diagonal = M.diagonal().as_slice().to_vec();
        if diagonal.iter().all(|&entry| entry == 0.0) {
            Linear::Zero
        } else if diagonal.iter().all(|&entry| entry == 1.0) {
            Linear::Identity
        } else {
            Linear::Diagonal(diagonal)
        }
    }

    /// How many products it takes.
    pub(crate) fn cost(&self) -> usize {
        match self {
            Linear::Zero | Linear::Identity => 0,
            Linear::Diagonal(diagonal) => diagonal.len(),
            Linear::Dense(transpose) => transpose.len(),
        }
    }

    /// y += M x.
    #[inline(always)]
    pub(crate) fn add_product(&self, x: &[Lanes], y: &mut [Lanes]) {
        match self {
            Linear::Zero => {}
            Linear::Identity => {
                for (y, x) in rows(y.iter_mut().zip(x)) {
                    y.add_multiple(1.0, x);
                }
            }
            Linear::Diagonal(diagonal) => {
                for ((y, x), &d) in rows(y.iter_mut().zip(x).zip(diagonal)) {
                    y.add_multiple(d, x);
                }
            }
            Linear::Dense(transpose) => {
                let columns = transpose.nrows().max(1);
                let entries = transpose.as_slice();
                // Four rows share the loads of x. Their sums are copies, which stay in registers: in memory each term would
                // wait until the one before is stored.
                for (y, entries) in y.chunks_mut(4).zip(entries.chunks(4 * columns)) {
                    match y {
                        [a, b, c, d] => {
                            let (ab, cd) = entries.split_at(2 * columns);
                            let ((ra, rb), (rc, rd)) = (ab.split_at(columns), cd.split_at(columns));
                            let mut sums = [*a, *b, *c, *d];
                            for ((((x, &ra), &rb), &rc), &rd) in rows(x.iter().zip(ra).zip(rb).zip(rc).zip(rd)) {
                                sums[0].add_multiple(ra, x);
                                sums[1].add_multiple(rb, x);
                                sums[2].add_multiple(rc, x);
                                sums[3].add_multiple(rd, x);
                            }
                            [*a, *b, *c, *d] = sums;
                        }
                        few => {
                            for (y, row) in few.iter_mut().zip(entries.chunks_exact(columns)) {
                                let mut sum = *y;
                                for (x, &entry) in rows(x.iter().zip(row)) {
                                    sum.add_multiple(entry, x);
                                }
                                *y = sum;
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Whether nothing stands beside the diagonal.
pub(crate) fn is_diagonal(M: &Matrix<f64>) -> bool {
    (0..M.ncols()).all(|j| (0..M.nrows()).all(|i| i == j || M[(i, j)] == 0.0))
}

/// A B, summed in the order of the columns of A.
pub(crate) fn product(A: &Matrix<f64>, B: &Matrix<f64>) -> Matrix<f64> {
    Matrix::from_fn(A.nrows(), B.ncols(), |i, j| (0..A.ncols()).fold(0.0, |sum, k| sum + A[(i, k)] * B[(k, j)]))
}

/// Running sums of x xᵀ, for each of eight chains; their lower halves column by column.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct OuterSums {
    pub(crate) order: usize,
    pub(crate) lower: Vec<Lanes>,
}

impl OuterSums {
    pub(crate) fn zero(order: usize) -> Self {
        OuterSums { order, lower: zeros(order * (order + 1) / 2) }
    }

    /// Adds x xᵀ.
    #[inline(always)]
    pub(crate) fn add(&mut self, x: &[Lanes]) {
        let mut rest = self.lower.as_mut_slice();
        for j in 0..x.len() {
            let (column, after) = rest.split_at_mut(x.len() - j);
            for (sum, entry) in rows(column.iter_mut().zip(&x[j..])) {
                sum.add_product(entry, &x[j]);
            }
            rest = after;
        }
    }

    /// The sum of one chain divided by `count`.
    pub(crate) fn mean(&self, lane: usize, count: f64) -> Matrix<f64> {
        let mut M = Matrix::zeros(self.order, self.order);
        let mut entries = self.lower.iter();
        for j in 0..self.order {
            for (i, sum) in (j..self.order).zip(entries.by_ref()) {
                M[(i, j)] = sum[lane] / count;
                M[(j, i)] = M[(i, j)];
            }
        }
        M
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::LANES;
    use numbers::Vector;
    use proptest::prelude::*;

    /// Lane l holds l + 1 times the column: lanes that mix give something else.
    fn lanes(x: &[f64]) -> Vec<Lanes> {
        x.iter().map(|&x| Lanes(std::array::from_fn(|l| x * (l + 1) as f64))).collect()
    }

    #[test]
    fn one_entry_beside_the_diagonal_is_enough() {
        let diagonal = Matrix::from_diagonal(&Vector::from_vec(vec![1.0, 0.0, 2.0]));
        assert!(is_diagonal(&diagonal));
        let mut full = diagonal;
        full[(2, 0)] = f64::MIN_POSITIVE;
        assert!(!is_diagonal(&full) && !is_diagonal(&full.transpose()));
    }

    proptest! {
        #[test]
        fn a_linear_map_acts_as_its_matrix(rows in 1usize..20, columns in 1usize..20, shift in 0usize..7) {
            let M = Matrix::from_fn(rows, columns, |i, j| ((3 * i + 5 * j + shift) % 7) as f64);
            let diagonal = Matrix::from_diagonal(&Vector::from_fn(rows, |i, _| (i + shift) as f64));
            let zero = Matrix::zeros(rows, rows);
            for M in [M, diagonal, zero, Matrix::identity(rows, rows)] {
                let x = Vector::from_fn(M.ncols(), |i, _| ((i + shift) % 5) as f64);
                let y = Vector::from_fn(M.nrows(), |i, _| ((2 * i + shift) % 3) as f64);
                let mut found = lanes(y.as_slice());
                Linear::new(&M).add_product(&lanes(x.as_slice()), &mut found);
                // Small integers: every sum is exact.
                prop_assert_eq!(found, lanes((&y + product(&M, &Matrix::from_columns(&[x]))).as_slice()));
            }
        }

        #[test]
        fn an_outer_sum_is_the_sum_of_outer_products(entries in prop::collection::vec(-9i32..10, 15)) {
            let X = Matrix::from_iterator(5, 3, entries.iter().map(|&e| f64::from(e)));
            let mut sums = OuterSums::zero(5);
            X.column_iter().for_each(|x| sums.add(&lanes(x.clone_owned().as_slice())));
            for lane in 0..LANES {
                prop_assert_eq!(sums.mean(lane, ((lane + 1) * (lane + 1)) as f64), product(&X, &X.transpose()));
            }
        }
    }

    #[test]
    fn a_map_is_stored_by_what_it_costs() {
        let diagonal = |entries: &[f64]| Linear::new(&Matrix::from_diagonal(&Vector::from_column_slice(entries)));
        assert_eq!(diagonal(&[0.0, 0.0]), Linear::Zero);
        assert_eq!(diagonal(&[1.0, 1.0]), Linear::Identity);
        for entries in [[0.0, 1.0], [1.0, 0.0], [2.0, 3.0]] {
            assert_eq!(diagonal(&entries), Linear::Diagonal(entries.to_vec()));
        }
        let full = Matrix::from_row_slice(2, 2, &[1.0, 2.0, 0.0, 1.0]);
        assert_eq!(Linear::new(&full), Linear::Dense(full.transpose()));
        // Nothing stands beside the diagonal, and yet it is none.
        let row = Matrix::from_row_slice(1, 2, &[1.0, 0.0]);
        assert_eq!(Linear::new(&row), Linear::Dense(row.transpose()));
    }

    /// 5 · 6/2.
    #[test]
    fn an_outer_sum_has_the_entries_of_a_triangle() {
        assert_eq!(OuterSums::zero(5).lower.len(), 15);
        assert_eq!(OuterSums::zero(1).lower, zeros(1));
    }
}
