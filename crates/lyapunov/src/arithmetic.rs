//! Products of dense matrices in the two arithmetics of this crate: doubles, by faer, and double-double numbers.

use faer::linalg::matmul::{matmul, triangular};
use faer::{Accum, MatMut, MatRef, Par};
use matrix_equations::rounding;
use numbers::{DoubleDouble, Matrix, Scalar, Vector};

use triangular::BlockStructure::{Rectangular, TriangularLower};

/// Samples that are summed at once; the sums are then added up.
pub(crate) const CHUNK: usize = 512;

/// From this order on faer may use the threads that [`faer::set_global_parallelism`] grants.
const PARALLEL_ORDER: usize = 256;

/// A rounded field with fast products.
///
/// Every product here is a sum of products in some order: with n terms, its error is at most γₙ = n u/(1 − n u) times
/// the same sum of absolute values, where u is [`UNIT`](Arithmetic::UNIT).
pub(crate) trait Arithmetic: Scalar {
    /// A bound on the relative error of one operation.
    const UNIT: f64;

    /// The number itself.
    fn of(value: f64) -> Self;

    /// The nearest double.
    fn to_f64(&self) -> f64;

    /// A B.
    fn product(A: &Matrix<Self>, B: &Matrix<Self>) -> Matrix<Self>;

    /// A Bᵀ where that is symmetric.
    fn symmetric_product(A: &Matrix<Self>, B: &Matrix<Self>) -> Matrix<Self> {
        Self::product(A, &B.transpose())
    }

    /// Aᵀ B.
    fn transposed_product(A: &Matrix<Self>, B: &Matrix<Self>) -> Matrix<Self> {
        Self::product(&A.transpose(), B)
    }

    /// Σₙ cₙ gₙgₙᵀ of vectors gₙ, as many and of as many entries as `shape` says; `entry(n, i)` is (gₙ)ᵢ.
    fn weighted_gram(
        shape: (usize, usize),
        entry: impl Fn(usize, usize) -> Self,
        weight: impl Fn(usize) -> Self,
    ) -> Matrix<Self>;

    /// A x.
    fn image(A: &Matrix<Self>, x: &Vector<Self>) -> Vector<Self> {
        A * x
    }

    /// xₙᵀ S xₙ for the rows of X.
    fn quadratic_forms(X: &Matrix<Self>, S: &Matrix<Self>) -> Vector<Self> {
        Self::product(X, S).component_mul(X).column_sum()
    }
}

impl Arithmetic for DoubleDouble {
    const UNIT: f64 = 2.0 * DoubleDouble::UNIT;

    fn product(A: &Matrix<Self>, B: &Matrix<Self>) -> Matrix<Self> {
        let mut out = Matrix::zeros(A.nrows(), B.ncols());
        for (j, out) in out.as_mut_slice().chunks_exact_mut(A.nrows().max(1)).enumerate() {
            add_combination(out, A, B.as_slice()[j * B.nrows()..].iter());
        }
        out
    }

    fn weighted_gram(
        (count, dimension): (usize, usize),
        entry: impl Fn(usize, usize) -> Self,
        weight: impl Fn(usize) -> Self,
    ) -> Matrix<Self> {
        let mut sum = Matrix::zeros(dimension, dimension);
        let mut row = vec![DoubleDouble::from(0.0); dimension];
        for n in 0..count {
            row.iter_mut().enumerate().for_each(|(i, x)| *x = entry(n, i));
            for j in 0..dimension {
                DoubleDouble::add_multiple(&mut sum.as_mut_slice()[j * dimension + j..], weight(n) * row[j], &row[j..]);
            }
        }
        mirror(&mut sum);
        sum
    }

    fn image(A: &Matrix<Self>, x: &Vector<Self>) -> Vector<Self> {
        let mut out = Vector::zeros(A.nrows());
        add_combination(out.as_mut_slice(), A, x.iter());
        out
    }

    fn of(value: f64) -> Self {
        value.into()
    }

    fn to_f64(&self) -> f64 {
        self.nearest()
    }
}

impl Arithmetic for f64 {
    const UNIT: f64 = rounding::UNIT;

    fn of(value: f64) -> Self {
        value
    }

    fn to_f64(&self) -> f64 {
        *self
    }

    fn product(A: &Matrix<f64>, B: &Matrix<f64>) -> Matrix<f64> {
        let mut out = Matrix::zeros(A.nrows(), B.ncols());
        product_into(A, B, &mut out);
        out
    }

    fn symmetric_product(A: &Matrix<f64>, B: &Matrix<f64>) -> Matrix<f64> {
        let mut out = Matrix::zeros(A.nrows(), B.nrows());
        lower_product(&mut out, 1.0, view(A), view(B).transpose());
        mirror(&mut out);
        out
    }

    fn transposed_product(A: &Matrix<f64>, B: &Matrix<f64>) -> Matrix<f64> {
        let mut out = Matrix::zeros(A.ncols(), B.ncols());
        matmul(view_mut(&mut out), Accum::Replace, view(A).transpose(), view(B), 1.0, parallelism(A.ncols()));
        out
    }

    fn weighted_gram(
        (count, dimension): (usize, usize),
        entry: impl Fn(usize, usize) -> f64,
        weight: impl Fn(usize) -> f64,
    ) -> Matrix<f64> {
        let mut sum = Matrix::zeros(dimension, dimension);
        let mut rows = Matrix::zeros(CHUNK.min(count), dimension);
        let mut weighted = rows.clone();
        for start in (0..count).step_by(CHUNK) {
            let end = count.min(start + CHUNK);
            for j in 0..dimension {
                for n in start..end {
                    let value = entry(n, j);
                    rows[(n - start, j)] = value;
                    weighted[(n - start, j)] = weight(n) * value;
                }
            }
            let [left, right] = [&weighted, &rows].map(|part| view(part).subrows(0, end - start));
            add_lower_product(&mut sum, 1.0, left.transpose(), right);
        }
        mirror(&mut sum);
        sum
    }

    fn quadratic_forms(X: &Matrix<f64>, S: &Matrix<f64>) -> Vector<f64> {
        let (count, dimension) = X.shape();
        let mut forms = Vector::zeros(count);
        let mut product = Matrix::zeros(CHUNK.min(count), dimension);
        for start in (0..count).step_by(CHUNK) {
            let size = CHUNK.min(count - start);
            let rows = view(X).subrows(start, size);
            let out = view_mut(&mut product).subrows_mut(0, size);
            matmul(out, Accum::Replace, rows, view(S), 1.0, parallelism(dimension));
            for j in 0..dimension {
                let columns = product.column(j);
                for (n, form) in forms.as_mut_slice()[start..start + size].iter_mut().enumerate() {
                    *form += columns[n] * X[(start + n, j)];
                }
            }
        }
        forms
    }
}

/// out += Σ xₖ aₖ for the columns aₖ.
fn add_combination<'a>(out: &mut [DoubleDouble], A: &Matrix<DoubleDouble>, x: impl Iterator<Item = &'a DoubleDouble>) {
    for (column, x) in A.as_slice().chunks_exact(out.len().max(1)).zip(x) {
        DoubleDouble::add_multiple(out, *x, column);
    }
}

/// How many terms, at most, are on the way to a sum over `count` samples.
pub(crate) fn terms_of_samples(count: usize) -> usize {
    count.min(CHUNK) + count.div_ceil(CHUNK)
}

/// `out` becomes A B.
pub(crate) fn product_into(A: &Matrix<f64>, B: &Matrix<f64>, out: &mut Matrix<f64>) {
    matmul(view_mut(out), Accum::Replace, view(A), view(B), 1.0, parallelism(A.nrows()));
}

/// The lower triangle of `out` becomes that of α A B.
pub(crate) fn lower_product(out: &mut Matrix<f64>, alpha: f64, A: MatRef<f64>, B: MatRef<f64>) {
    triangular_product(out, Accum::Replace, alpha, A, B);
}

/// The lower triangle of `out` gains that of α A B.
fn add_lower_product(out: &mut Matrix<f64>, alpha: f64, A: MatRef<f64>, B: MatRef<f64>) {
    triangular_product(out, Accum::Add, alpha, A, B);
}

fn triangular_product(out: &mut Matrix<f64>, accum: Accum, alpha: f64, A: MatRef<f64>, B: MatRef<f64>) {
    let parallelism = parallelism(out.nrows());
    triangular::matmul(view_mut(out), TriangularLower, accum, A, Rectangular, B, Rectangular, alpha, parallelism);
}

pub(crate) fn parallelism(order: usize) -> Par {
    if order < PARALLEL_ORDER { Par::Seq } else { faer::get_global_parallelism() }
}

/// The upper triangle becomes the transpose of the lower one, block by block as caches like it.
pub(crate) fn mirror<T: Scalar>(M: &mut Matrix<T>) {
    const BLOCK: usize = 16;
    let n = M.nrows();
    let entries = M.as_mut_slice();
    for columns in (0..n).step_by(BLOCK) {
        for rows in (columns..n).step_by(BLOCK) {
            for j in columns..n.min(columns + BLOCK) {
                for i in rows.max(j + 1)..n.min(rows + BLOCK) {
                    entries[i * n + j] = entries[j * n + i].clone();
                }
            }
        }
    }
}

pub(crate) fn view(M: &Matrix<f64>) -> MatRef<'_, f64> {
    MatRef::from_column_major_slice(M.as_slice(), M.nrows(), M.ncols())
}

pub(crate) fn view_mut(M: &mut Matrix<f64>) -> MatMut<'_, f64> {
    let (rows, columns) = M.shape();
    MatMut::from_column_major_slice_mut(M.as_mut_slice(), rows, columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chunk, and the sums of chunks.
    #[test]
    fn terms_are_counted() {
        let counts = [1, CHUNK, CHUNK + 1, 3 * CHUNK].map(terms_of_samples);
        assert_eq!(counts, [2, CHUNK + 1, CHUNK + 2, CHUNK + 3]);
    }

    /// Sums over whole numbers, which are exact, for less than a chunk of samples, for chunks, and for some more.
    #[test]
    fn sums_over_samples_are_those_of_the_definition() {
        for count in [3, CHUNK, 2 * CHUNK + 5] {
            let X = Matrix::from_fn(count, 3, |n, i| ((7 * n + 5 * i * i) % 11) as f64 - 4.0);
            let S = Matrix::from_row_slice(3, 3, &[1.0, 2.0, -3.0, 2.0, 5.0, 1.0, -3.0, 1.0, 4.0]);
            let weight = |n: usize| (n % 5) as f64 - 1.0;
            let gram = X.transpose() * Matrix::from_fn(count, 3, |n, i| weight(n) * X[(n, i)]);
            let forms = Vector::from_iterator(count, X.row_iter().map(|x| (x * &S * x.transpose())[(0, 0)]));
            assert_eq!(f64::weighted_gram(X.shape(), |n, i| X[(n, i)], weight), gram);
            assert_eq!(f64::quadratic_forms(&X, &S), forms);
            let [double_double, of_double_double] = [&X, &S].map(|M| M.map(DoubleDouble::from));
            let found =
                DoubleDouble::weighted_gram(X.shape(), |n, i| double_double[(n, i)], |n| DoubleDouble::from(weight(n)));
            assert_eq!(found.map(|v| v.nearest()), gram);
            assert_eq!(DoubleDouble::quadratic_forms(&double_double, &of_double_double).map(|v| v.nearest()), forms);
        }
    }

    /// More than a block, and not whole blocks.
    #[test]
    fn the_upper_triangle_mirrors_the_lower() {
        let lower = Matrix::from_fn(37, 37, |i, j| if i >= j { (100 * i + j) as f64 } else { -1.0 });
        let mut found = lower.clone();
        mirror(&mut found);
        assert_eq!(found, Matrix::from_fn(37, 37, |i, j| lower[(i.max(j), i.min(j))]));
    }
}
