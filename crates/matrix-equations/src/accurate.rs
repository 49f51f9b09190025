//! Products to twice the working precision, with a bound on what rounding did to them.
//!
//! A = A₁ + A₂ where A₁ keeps the leading b bits of each row, 2b + log₂ n ≤ 53. With an X₁ of b bits for each column, A₁X₁ sums n
//! integers up to 2²ᵇ in units that row and column share: doubles hold it, and every partial sum, exactly, in whatever order
//! it is added. What remains is 2⁻ᵇ times smaller, and so is its rounding. Three products by faer leave an error of
//! γₙ 2⁻ᵇ ‖A‖ ‖X‖ where one leaves γₙ ‖A‖ ‖X‖, so γₙ can be the bound that holds for every order of summation:
//!
//! ```text
//! |fl(Σ aₖbₖ) − Σ aₖbₖ| ≤ γₙ Σ|aₖ||bₖ|,   γₙ = n u/(1 − n u);     ‖ |A| |B| ‖ ≤ ‖A‖ ‖B‖     (Frobenius norms)
//! ```
//!
//! An error is bounded by one number, its Frobenius norm.

use faer::linalg::matmul::{matmul, triangular};
use faer::{Accum, MatRef};
use symbols::Matrix;

use triangular::BlockStructure::{Rectangular, TriangularLower};

use crate::arithmetic::{Arithmetic, parallelism, view, view_mut};
use crate::rounding::gamma;

/// Half of the distance from 1 to the next double.
pub(super) const UNIT: f64 = f64::UNIT;

/// Covers products below the normal range: 3n³ of them, off by 2⁻¹⁰⁷⁵ each, for every n that fits a memory.
const UNDERFLOW: f64 = 1e-300;

/// A matrix, its leading bits, and the rest, exactly.
pub(super) struct Split<'a> {
    whole: &'a Matrix<f64>,
    leading: Matrix<f64>,
    rest: Matrix<f64>,
    /// ‖A‖, ‖A₁‖, ‖A₂‖.
    norms: [f64; 3],
}

impl<'a> Split<'a> {
    /// Each row in units of its own, for a left factor.
    pub(super) fn of_rows(A: &'a Matrix<f64>) -> Self {
        let mut largest = vec![0.0_f64; A.nrows()];
        for column in A.column_iter() {
            for (largest, v) in largest.iter_mut().zip(&column) {
                *largest = largest.max(v.abs());
            }
        }
        let shifts = Vec::from_iter(largest.into_iter().map(|largest| shift(largest, A.ncols())));
        let mut leading = A.clone();
        for mut column in leading.column_iter_mut() {
            for (v, shift) in column.iter_mut().zip(&shifts) {
                *v = (*v + shift) - shift;
            }
        }
        Self::new(A, leading)
    }

    /// Each column in units of its own, for a right factor.
    pub(super) fn of_columns(A: &'a Matrix<f64>) -> Self {
        let mut leading = A.clone();
        for mut column in leading.column_iter_mut() {
            let shift = shift(column.amax(), A.nrows());
            column.apply(|v| *v = (*v + shift) - shift);
        }
        Self::new(A, leading)
    }

    fn new(whole: &'a Matrix<f64>, leading: Matrix<f64>) -> Self {
        let rest = whole - &leading;
        let norms = [frobenius(whole), frobenius(&leading), frobenius(&rest)];
        Split { whole, leading, rest, norms }
    }
}

/// What, added and subtracted again, rounds numbers up to `largest` to b bits with 2b + log₂ n ≤ 53.
fn shift(largest: f64, n: usize) -> f64 {
    if largest == 0.0 {
        return 0.0;
    }
    // The next power of two is above `largest`, and 2ˡᵒᵍ above n.
    let power = largest.log2().floor() + 1.0;
    let log = (usize::BITS - n.leading_zeros()) as i32;
    let bits = (52 - log) / 2;
    1.5 * (power + f64::from(52 - bits)).exp2()
}

/// A product as high + low, and a bound on the Frobenius norm of what it is off by.
pub(super) struct Product {
    pub(super) high: Matrix<f64>,
    pub(super) low: Matrix<f64>,
    pub(super) rounding: f64,
}

/// Which entries of a product are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    All,
    /// The lower triangle of a product that is symmetric.
    Lower,
}

/// A X, by rows of A and columns of X.
pub(super) fn product(A: &Split, X: &Split) -> Product {
    let (rows, columns) = (A.whole.nrows(), X.whole.ncols());
    let [mut high, mut low] = [(); 2].map(|()| Matrix::zeros(rows, columns));
    add_product(&mut high, Part::All, view(&A.leading), view(&X.leading));
    add_product(&mut low, Part::All, view(&A.leading), view(&X.rest));
    add_product(&mut low, Part::All, view(&A.rest), view(X.whole));
    let terms = A.norms[1] * X.norms[2] + A.norms[2] * X.norms[0];
    let rounding = gamma(2 * A.whole.ncols() + 2, UNIT) * terms + UNDERFLOW;
    settle(&mut high, &mut low);
    Product { high, low, rounding }
}

/// P Bᵀ, by rows of both.
pub(super) fn product_with_transpose(P: &Product, B: &Split, part: Part) -> Product {
    let (rows, columns) = (P.high.nrows(), B.whole.nrows());
    let [mut high, mut low] = [(); 2].map(|()| Matrix::zeros(rows, columns));
    let Split { leading, rest, norms, .. } = Split::of_rows(&P.high);
    let rest = rest + &P.low;
    add_product(&mut high, part, view(&leading), view(&B.leading).transpose());
    add_product(&mut low, part, view(&leading), view(&B.rest).transpose());
    add_product(&mut low, part, view(&rest), view(B.whole).transpose());
    // The sum of the two rests is rounded once more.
    let rest = frobenius(&rest) * B.norms[0];
    let terms = norms[1] * B.norms[2] + rest;
    let rounding = gamma(2 * B.whole.ncols() + 3, UNIT) * terms + UNIT * rest + P.rounding * B.norms[0];
    // An entry of the lower triangle stands for two.
    let copies = if part == Part::All { 1.0 } else { std::f64::consts::SQRT_2 };
    settle(&mut high, &mut low);
    Product { high, low, rounding: rounding * copies + UNDERFLOW }
}

fn add_product(out: &mut Matrix<f64>, part: Part, A: MatRef<f64>, B: MatRef<f64>) {
    let parallelism = parallelism(out.nrows());
    let out = view_mut(out);
    match part {
        Part::All => matmul(out, Accum::Add, A, B, 1.0, parallelism),
        Part::Lower => {
            triangular::matmul(out, TriangularLower, Accum::Add, A, Rectangular, B, Rectangular, 1.0, parallelism);
        }
    }
}

/// The same sum, with the low part below the last place of the high one.
fn settle(high: &mut Matrix<f64>, low: &mut Matrix<f64>) {
    for (high, low) in high.iter_mut().zip(low.iter_mut()) {
        (*high, *low) = two_sum(*high, *low);
    }
}

/// a + b = sum + error, exactly (Knuth).
pub(super) fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// The Frobenius norm, up to rounding.
pub(super) fn frobenius(A: &Matrix<f64>) -> f64 {
    let norm = A.norm();
    if (1e-140..1e140).contains(&norm) {
        return norm;
    }
    // Squares leave the range of doubles: in units of the largest entry they do not.
    let largest = A.amax();
    if largest == 0.0 { 0.0 } else { A.map(|v| v / largest).norm() * largest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::small;

    /// A 3×3 matrix of zeros but for the first entry, in what is to be split.
    fn single(entry: f64) -> Matrix<f64> {
        let mut M = Matrix::zeros(3, 3);
        M[(0, 0)] = entry;
        M
    }

    /// The last place of 1.5 · 2ᵏ is 2ᵏ⁻⁵².
    #[test]
    fn sums_of_products_of_leading_bits_are_exact() {
        for (largest, n, power, bits) in
            [(1.0, 1, 1, 25), (0.75, 1, 0, 25), (3.9, 2, 2, 25), (1.0, 4, 1, 24), (4.0, 16, 3, 23)]
        {
            assert_eq!(shift(largest, n), 1.5 * f64::from(power + 52 - bits).exp2(), "{largest} {n}");
        }
        assert_eq!(shift(0.0, 1), 0.0);
    }

    /// 2²⁰ sets the unit of its row and of its column, 2²¹⁻²⁵.
    #[test]
    fn rows_and_columns_have_units_of_their_own() {
        let fine = 1.0 + small(30);
        let A = Matrix::from_row_slice(2, 2, &[fine, 0.5 + small(25), 1048576.0, fine]);
        let row = Split::of_rows(&A);
        assert_eq!(row.rest, Matrix::from_row_slice(2, 2, &[small(30), small(25), 0.0, small(30)]));
        assert_eq!(row.leading, Matrix::from_row_slice(2, 2, &[1.0, 0.5, 1048576.0, 1.0]));
        let transposed = A.transpose();
        let column = Split::of_columns(&transposed);
        assert_eq!((column.leading, column.rest), (row.leading.transpose(), row.rest.transpose()));
    }

    /// a = 1 + 2⁻³⁰ and x = 3 + 2⁻²⁸ are split after the first summand; of a matrix of order 3 that is zero otherwise.
    #[test]
    fn a_product_and_its_rounding_are_those_computed_by_hand() {
        let [A, X, zero] = [1.0 + small(30), 3.0 + small(28), 0.0].map(single);
        let found = product(&Split::of_rows(&A), &Split::of_columns(&X));
        assert_eq!((found.high, found.low), (single(3.0 + 7.0 * small(30)), single(small(58))));
        // 8 u (1 · 2⁻²⁸ + 2⁻³⁰ · 3)
        assert_close(found.rounding, 8.0 * UNIT * 7.0 * small(30));
        let nothing = product(&Split::of_rows(&zero), &Split::of_columns(&zero));
        assert_eq!(nothing.rounding, UNDERFLOW);
    }

    /// (a + 2⁻³¹) x, where the left factor is off by 2⁻²⁸ u.
    #[test]
    fn a_product_with_a_transpose_and_its_rounding_are_those_computed_by_hand() {
        let [high, low, X, zero] = [1.0 + small(30), small(31), 3.0 + small(28), 0.0].map(single);
        let P = Product { high, low, rounding: UNIT * small(28) };
        for (part, copies) in [(Part::All, 1.0), (Part::Lower, 2.0_f64.sqrt())] {
            let found = product_with_transpose(&P, &Split::of_rows(&X), part);
            assert_eq!((found.high, found.low), (single(3.0 + 8.5 * small(30)), single(1.5 * small(58))));
            // 9 u (1 · 2⁻²⁸ + 1.5 · 2⁻³⁰ · 3) + u · 1.5 · 2⁻³⁰ · 3 + 2⁻²⁸ u · 3
            assert_close(found.rounding, copies * UNIT * (9.0 * 8.5 + 4.5 + 12.0) * small(30));
            let nothing = Product { high: zero.clone(), low: zero.clone(), rounding: 0.0 };
            assert_eq!(product_with_transpose(&nothing, &Split::of_rows(&zero), part).rounding, UNDERFLOW);
        }
    }

    /// To what 2⁻²⁸ is beside 1.
    fn assert_close(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 1e-7, "{found:e}, not {expected:e}");
    }

    #[test]
    fn norms_stay_in_the_range_of_doubles() {
        for size in [1e-200, 1.0, 1e200] {
            let found = frobenius(&Matrix::from_row_slice(1, 2, &[3.0 * size, -4.0 * size]));
            assert!((found / size - 5.0).abs() < 1e-14, "{found:e}");
        }
        assert_eq!(frobenius(&Matrix::zeros(2, 2)), 0.0);
    }
}
