//! Columns and linear maps for a loop that runs a hundred million times: nothing here allocates, and where the number
//! of weights is known to the compiler the loops unroll and the columns live in registers.
//!
//! Deliberately absent: anything that is done once a run. That is written with [`Matrix`].

use symbols::Matrix;

/// How long a column is. The recursion is written once, over a width, and compiled for the small ones.
pub(crate) trait Width: Copy + Send + Sync {
    /// A column of that length.
    type Column: AsRef<[f64]> + AsMut<[f64]>;
    /// The length.
    fn get(self) -> usize;
    /// A column of zeros.
    fn zeros(self) -> Self::Column;
}

/// A width that the compiler knows.
#[derive(Clone, Copy)]
pub(crate) struct Fixed<const N: usize>;

/// Any other width.
#[derive(Clone, Copy)]
pub(crate) struct Any(pub usize);

impl<const N: usize> Width for Fixed<N> {
    type Column = [f64; N];

    #[inline(always)]
    fn get(self) -> usize {
        N
    }

    #[inline(always)]
    fn zeros(self) -> [f64; N] {
        [0.0; N]
    }
}

impl Width for Any {
    type Column = Box<[f64]>;

    #[inline(always)]
    fn get(self) -> usize {
        self.0
    }

    fn zeros(self) -> Box<[f64]> {
        vec![0.0; self.0].into_boxed_slice()
    }
}

/// xᵀy. Eight sums run side by side: one would wait for the latency of every addition.
#[inline(always)]
pub(crate) fn dot(x: &[f64], y: &[f64]) -> f64 {
    let (x_eights, y_eights) = (x.chunks_exact(8), y.chunks_exact(8));
    let mut rest = 0.0;
    for (x, y) in x_eights.remainder().iter().zip(y_eights.remainder()) {
        rest += x * y;
    }
    if x.len() < 8 {
        return rest;
    }
    let mut sums = [0.0; 8];
    for (x, y) in x_eights.zip(y_eights) {
        for lane in 0..8 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// y += factor · x.
#[inline(always)]
pub(crate) fn add_multiple(factor: f64, x: &[f64], y: &mut [f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += factor * x;
    }
}

/// A linear map, stored by what it costs to apply.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Linear {
    /// Nothing to do.
    Zero,
    /// One product an entry.
    Diagonal(Vec<f64>),
    /// Rows × columns products.
    Dense(Matrix<f64>),
}

impl Linear {
    /// The cheapest form of M.
    pub(crate) fn new(M: &Matrix<f64>) -> Self {
        let off_diagonal = (0..M.ncols()).any(|j| (0..M.nrows()).any(|i| i != j && M[(i, j)] != 0.0));
        if off_diagonal || !M.is_square() {
            Linear::Dense(M.clone())
        } else if M.iter().all(|&entry| entry == 0.0) {
            Linear::Zero
        } else {
            Linear::Diagonal(M.diagonal().as_slice().to_vec())
        }
    }

    /// y += M x.
    #[inline(always)]
    pub(crate) fn add_product(&self, x: &[f64], y: &mut [f64]) {
        match self {
            Linear::Zero => {}
            Linear::Diagonal(diagonal) => {
                for ((y, x), d) in y.iter_mut().zip(x).zip(diagonal) {
                    *y += d * x;
                }
            }
            Linear::Dense(M) => {
                for (column, &x) in M.as_slice().chunks_exact(y.len().max(1)).zip(x) {
                    add_multiple(x, column, y);
                }
            }
        }
    }

    /// y += Mᵀ x.
    #[inline(always)]
    pub(crate) fn add_transposed_product(&self, x: &[f64], y: &mut [f64]) {
        match self {
            Linear::Zero | Linear::Diagonal(_) => self.add_product(x, y),
            Linear::Dense(M) => {
                for (column, y) in M.as_slice().chunks_exact(x.len().max(1)).zip(y) {
                    *y += dot(column, x);
                }
            }
        }
    }
}

/// A running sum of x xᵀ, its lower half column by column.
#[derive(Debug, Clone)]
pub(crate) struct OuterSum {
    order: usize,
    lower: Vec<f64>,
}

impl OuterSum {
    pub(crate) fn zero(order: usize) -> Self {
        OuterSum { order, lower: vec![0.0; order * (order + 1) / 2] }
    }

    /// Adds x xᵀ.
    #[inline(always)]
    pub(crate) fn add(&mut self, x: &[f64]) {
        let mut rest = self.lower.as_mut_slice();
        for j in 0..x.len() {
            let (column, after) = rest.split_at_mut(x.len() - j);
            add_multiple(x[j], &x[j..], column);
            rest = after;
        }
    }

    /// The sum divided by `count`.
    pub(crate) fn mean(&self, count: f64) -> Matrix<f64> {
        let mut M = Matrix::zeros(self.order, self.order);
        let mut entries = self.lower.iter();
        for j in 0..self.order {
            for (i, sum) in (j..self.order).zip(entries.by_ref()) {
                M[(i, j)] = sum / count;
                M[(j, i)] = M[(i, j)];
            }
        }
        M
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use symbols::Vector;

    proptest! {
        #[test]
        fn a_linear_map_acts_as_its_matrix(rows in 1usize..20, columns in 1usize..20, shift in 0usize..7) {
            let M = Matrix::from_fn(rows, columns, |i, j| ((3 * i + 5 * j + shift) % 7) as f64);
            let diagonal = Matrix::from_diagonal(&Vector::from_fn(rows, |i, _| (i + shift) as f64));
            for M in [M, diagonal, Matrix::zeros(rows, rows)] {
                let x = Vector::from_fn(M.ncols(), |i, _| ((i + shift) % 5) as f64);
                let y = Vector::from_fn(M.nrows(), |i, _| ((2 * i + shift) % 3) as f64);
                let (mut right, mut left) = (y.clone(), x.clone());
                Linear::new(&M).add_product(x.as_slice(), right.as_mut_slice());
                Linear::new(&M).add_transposed_product(y.as_slice(), left.as_mut_slice());
                // Small integers: every sum is exact.
                prop_assert_eq!(right, &y + &M * &x);
                prop_assert_eq!(left, &x + M.transpose() * &y);
            }
        }

        #[test]
        fn an_outer_sum_is_the_sum_of_outer_products(entries in prop::collection::vec(-9i32..10, 15)) {
            let X = Matrix::from_iterator(5, 3, entries.iter().map(|&e| f64::from(e)));
            let mut sum = OuterSum::zero(5);
            X.column_iter().for_each(|x| sum.add(x.as_slice()));
            prop_assert_eq!(sum.mean(1.0), &X * X.transpose());
        }
    }
}
