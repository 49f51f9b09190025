//! Products to twice the working precision, with a bound on what rounding did to them.
//!
//! A = A₁ + A₂ where A₁ keeps the leading b bits of each row, 2b + log₂ n ≤ 53. With an X₁ of b bits for each column,
//! A₁X₁ sums n integers up to 2²ᵇ in units that row and column share: doubles hold it, and every partial sum, exactly,
//! in whatever order it is added. What remains is 2⁻ᵇ times smaller, and so is its rounding. Three products by faer
//! leave an error of γₙ 2⁻ᵇ ‖A‖ ‖X‖ where one leaves γₙ ‖A‖ ‖X‖, so γₙ can be the bound that holds for every order of
//! summation:
//!
//! ```text
//! |fl(Σ aₖbₖ) − Σ aₖbₖ| ≤ γₙ Σ|aₖ||bₖ|,   γₙ = n u/(1 − n u);     ‖ |A| |B| ‖ ≤ ‖A‖ ‖B‖     (Frobenius norms)
//! ```
//!
//! An error is bounded by one number, its Frobenius norm.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatMut, MatRef};

use crate::matrix::{add_lower_product, frobenius, parallelism};
use crate::rounding::{UNIT, gamma, two_sum};

/// Covers products below the normal range: 3n³ of them, off by 2⁻¹⁰⁷⁵ each, for every n that fits a memory.
const UNDERFLOW: f64 = 1e-300;

/// A matrix as the exact sum of its leading bits and the rest.
pub(crate) struct Split<'a> {
    whole: MatRef<'a, f64>,
    leading: Mat<f64>,
    rest: Mat<f64>,
    /// ‖A‖, ‖A₁‖, ‖A₂‖.
    norms: [f64; 3],
}

impl<'a> Split<'a> {
    /// Splits a left factor: each row has units of its own.
    pub(crate) fn of_rows(A: MatRef<'a, f64>) -> Self {
        let mut largest = vec![0.0_f64; A.nrows()];
        for column in A.col_iter() {
            for (largest, v) in largest.iter_mut().zip(column.iter()) {
                *largest = largest.max(v.abs());
            }
        }
        let shifts = Vec::from_iter(largest.into_iter().map(|largest| shift(largest, A.ncols())));
        let leading = Mat::from_fn(A.nrows(), A.ncols(), |i, j| (A[(i, j)] + shifts[i]) - shifts[i]);
        Self::new(A, leading)
    }

    /// Splits a right factor: each column has units of its own.
    pub(crate) fn of_columns(A: MatRef<'a, f64>) -> Self {
        let shifts = Vec::from_iter(A.col_iter().map(|column| shift(column.norm_max(), A.nrows())));
        let leading = Mat::from_fn(A.nrows(), A.ncols(), |i, j| (A[(i, j)] + shifts[j]) - shifts[j]);
        Self::new(A, leading)
    }

    fn new(whole: MatRef<'a, f64>, leading: Mat<f64>) -> Self {
        let rest = whole - &leading;
        let norms = [whole, leading.as_ref(), rest.as_ref()].map(frobenius);
        Split { whole, leading, rest, norms }
    }
}

/// The number that, added and subtracted again, rounds numbers up to `largest` to b bits with 2b + log₂ n ≤ 53.
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
pub(crate) struct Product {
    pub(crate) high: Mat<f64>,
    pub(crate) low: Mat<f64>,
    pub(crate) rounding: f64,
}

/// Which entries of a product are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    All,
    /// The lower triangle of a product that is symmetric.
    Lower,
}

/// A X, by rows of A and columns of X.
pub(crate) fn product(A: &Split, X: &Split) -> Product {
    let (rows, columns) = (A.whole.nrows(), X.whole.ncols());
    let [mut high, mut low] = [(); 2].map(|()| Mat::zeros(rows, columns));
    add_product(high.as_mut(), Part::All, A.leading.as_ref(), X.leading.as_ref());
    add_product(low.as_mut(), Part::All, A.leading.as_ref(), X.rest.as_ref());
    add_product(low.as_mut(), Part::All, A.rest.as_ref(), X.whole);
    let terms = A.norms[1] * X.norms[2] + A.norms[2] * X.norms[0];
    let rounding = gamma(2 * A.whole.ncols() + 2, UNIT) * terms + UNDERFLOW;
    settle(&mut high, &mut low);
    Product { high, low, rounding }
}

/// P Bᵀ, by rows of both.
pub(crate) fn product_with_transpose(P: &Product, B: &Split, part: Part) -> Product {
    let (rows, columns) = (P.high.nrows(), B.whole.nrows());
    let [mut high, mut low] = [(); 2].map(|()| Mat::zeros(rows, columns));
    let Split { leading, rest, norms, .. } = Split::of_rows(P.high.as_ref());
    let rest = rest + &P.low;
    add_product(high.as_mut(), part, leading.as_ref(), B.leading.transpose());
    add_product(low.as_mut(), part, leading.as_ref(), B.rest.transpose());
    add_product(low.as_mut(), part, rest.as_ref(), B.whole.transpose());
    // The sum of the two rests is rounded once more.
    let rest = frobenius(rest.as_ref()) * B.norms[0];
    let terms = norms[1] * B.norms[2] + rest;
    let rounding = gamma(2 * B.whole.ncols() + 3, UNIT) * terms + UNIT * rest + P.rounding * B.norms[0];
    // An entry of the lower triangle stands for two.
    let copies = if part == Part::All { 1.0 } else { std::f64::consts::SQRT_2 };
    settle(&mut high, &mut low);
    Product { high, low, rounding: rounding * copies + UNDERFLOW }
}

fn add_product(out: MatMut<f64>, part: Part, A: MatRef<f64>, B: MatRef<f64>) {
    match part {
        Part::All => matmul(out, Accum::Add, A, B, 1.0, parallelism(A.nrows())),
        Part::Lower => add_lower_product(out, A, B),
    }
}

/// Moves what high + low has in common to the high part: the low part is then below its last place.
fn settle(high: &mut Mat<f64>, low: &mut Mat<f64>) {
    for (high, low) in high.col_iter_mut().zip(low.col_iter_mut()) {
        for (high, low) in high.iter_mut().zip(low.iter_mut()) {
            (*high, *low) = two_sum(*high, *low);
        }
    }
}

#[cfg(test)]
mod tests {
    use faer::mat;

    use super::*;
    use crate::matrix::examples::small;

    /// A 3×3 matrix of zeros but for the first entry, in what is to be split.
    fn single(entry: f64) -> Mat<f64> {
        let mut M = Mat::zeros(3, 3);
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
        let A = mat![[fine, 0.5 + small(25)], [1048576.0, fine]];
        let row = Split::of_rows(A.as_ref());
        assert_eq!(row.rest, mat![[small(30), small(25)], [0.0, small(30)]]);
        assert_eq!(row.leading, mat![[1.0, 0.5], [1048576.0, 1.0]]);
        let column = Split::of_columns(A.transpose());
        assert_eq!((column.leading.transpose(), column.rest.transpose()), (row.leading.as_ref(), row.rest.as_ref()));
    }

    /// a = 1 + 2⁻³⁰ and x = 3 + 2⁻²⁸ are split after the first summand; of a matrix of order 3 that is zero otherwise.
    #[test]
    fn a_product_and_its_rounding_are_those_computed_by_hand() {
        let [A, X, zero] = [1.0 + small(30), 3.0 + small(28), 0.0].map(single);
        let found = product(&Split::of_rows(A.as_ref()), &Split::of_columns(X.as_ref()));
        assert_eq!((found.high, found.low), (single(3.0 + 7.0 * small(30)), single(small(58))));
        // 8 u (1 · 2⁻²⁸ + 2⁻³⁰ · 3)
        assert_close(found.rounding, 8.0 * UNIT * 7.0 * small(30));
        let nothing = product(&Split::of_rows(zero.as_ref()), &Split::of_columns(zero.as_ref()));
        assert_eq!(nothing.rounding, UNDERFLOW);
    }

    /// (a + 2⁻³¹) x, where the left factor is off by 2⁻²⁸ u.
    #[test]
    fn a_product_with_a_transpose_and_its_rounding_are_those_computed_by_hand() {
        let [high, low, X, zero] = [1.0 + small(30), small(31), 3.0 + small(28), 0.0].map(single);
        let P = Product { high, low, rounding: UNIT * small(28) };
        for (part, copies) in [(Part::All, 1.0), (Part::Lower, 2.0_f64.sqrt())] {
            let found = product_with_transpose(&P, &Split::of_rows(X.as_ref()), part);
            assert_eq!((found.high, found.low), (single(3.0 + 8.5 * small(30)), single(1.5 * small(58))));
            // 9 u (1 · 2⁻²⁸ + 1.5 · 2⁻³⁰ · 3) + u · 1.5 · 2⁻³⁰ · 3 + 2⁻²⁸ u · 3
            assert_close(found.rounding, copies * UNIT * (9.0 * 8.5 + 4.5 + 12.0) * small(30));
            let nothing = Product { high: zero.clone(), low: zero.clone(), rounding: 0.0 };
            assert_eq!(product_with_transpose(&nothing, &Split::of_rows(zero.as_ref()), part).rounding, UNDERFLOW);
        }
    }

    /// To what 2⁻²⁸ is beside 1.
    fn assert_close(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 1e-7, "{found:e}, not {expected:e}");
    }
}
