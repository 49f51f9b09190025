//! Directions in which no weight ever moves, and the problem without them.
//!
//! Where no sample has a part along n, and weight decay neither, no gradient has: Xn = 0 and Γn = 0 for a data set,
//! An = Bn = Γn = 0 for Gaussian features. More weights than samples always leave such directions. With an orthonormal
//! basis Q of the others, every gradient is Qh, and from w₀ = 0 the weights only go to
//!
//! ```text
//! w = P c,    P = ΛQ (QᵀΛQ)⁻¹,    c' = c − QᵀΛQ m_c,    QᵀP = I
//! ```
//!
//! where m_c is the momentum of h. So c runs like the weights of a problem with features Qᵀx, and with QᵀΛQ and QᵀΓQ.
//!
//! How many directions there are is a rank, and no rounding decides it: it is that of the doubles as they are, modulo a
//! prime.

use numbers::{Matrix, Vector, matrix};
use symbols::{DataSet, Gaussian, Population, Setting};

use crate::linear::product;

/// The prime 2⁶¹ − 1, modulo which a double is its fraction times a rotation of bits.
const PRIME: u64 = (1 << 61) - 1;
/// A pivot of the scaled hessian below which it may be singular.
const SUSPICIOUS: f64 = 1e-9;

/// The directions that are left.
pub(crate) struct Range {
    /// The problem in c.
    pub(crate) setting: Setting<f64>,
    /// P.
    pub(crate) weights: Matrix<f64>,
    /// Q.
    pub(crate) gradients: Matrix<f64>,
}

impl Range {
    /// `None` where every direction moves, or cannot be told from one that does.
    pub(crate) fn of(setting: &Setting<f64>) -> Option<Self> {
        let D = setting.dimension();
        if !is_suspicious(&setting.hessian()) {
            return None;
        }
        let rows = stacked(setting);
        let rank = rank(&rows);
        if rank == 0 || rank >= D {
            return None;
        }
        let Q = row_space(&rows, rank)?;
        let L = product(&Q.transpose(), &product(setting.learning_rate(), &Q));
        let back = matrix::inverse(&L).ok()?;
        let weights = product(&product(setting.learning_rate(), &Q), &back);
        let inner = |M: &Matrix<f64>| symmetric(product(&Q.transpose(), &product(M, &Q)));
        let population = match setting.population() {
            Population::Gaussian(model) => Population::Gaussian(Gaussian {
                feature_covariance: inner(&model.feature_covariance),
                input_noise_covariance: inner(&model.input_noise_covariance),
                label_noise_variance: model.label_noise_variance,
                true_weights: Q.transpose() * &model.true_weights,
            }),
            Population::Data(data) => {
                Population::Data(DataSet { features: product(&data.features, &Q), labels: data.labels.clone() })
            }
        };
        let inside = Setting::new(population, symmetric(L), setting.batch_size()).ok()?;
        let inside =
            inside.with_sampling(setting.sampling()).ok()?.with_weight_decay(inner(setting.weight_decay())).ok()?;
        let momentum = symbols::Momentum::new(*setting.momentum()).ok()?;
        Some(Range { setting: inside.with_momentum(momentum), weights, gradients: Q })
    }

    /// P c.
    pub(crate) fn of_weights(&self, c: &Vector<f64>) -> Vector<f64> {
        &self.weights * c
    }
}

fn symmetric(M: Matrix<f64>) -> Matrix<f64> {
    (&M + M.transpose()) * 0.5
}

/// Whether elimination leaves next to nothing of a diagonal entry; an exact zero always does.
fn is_suspicious(K: &Matrix<f64>) -> bool {
    let mut pivots = K.clone();
    for j in 0..K.ncols() {
        let pivot = pivots[(j, j)];
        // NaN is no larger than anything.
        if pivot.is_nan() || pivot <= SUSPICIOUS * K[(j, j)].abs() {
            return true;
        }
        for i in j + 1..K.nrows() {
            let factor = pivots[(i, j)] / pivot;
            if factor != 0.0 {
                for k in j + 1..=i {
                    let change = factor * pivots[(k, j)];
                    pivots[(i, k)] -= change;
                }
            }
        }
    }
    false
}

/// Rows whose common null space is that of all gradients.
fn stacked(setting: &Setting<f64>) -> Matrix<f64> {
    let parts = match setting.population() {
        Population::Gaussian(model) => {
            vec![&model.feature_covariance, &model.input_noise_covariance, setting.weight_decay()]
        }
        Population::Data(data) => vec![&data.features, setting.weight_decay()],
    };
    let rows = parts.iter().flat_map(|M| M.row_iter()).filter(|row| row.iter().any(|&entry| entry != 0.0));
    let rows = Vec::from_iter(rows.map(|row| row.into_owned()));
    if rows.is_empty() { Matrix::zeros(0, setting.dimension()) } else { Matrix::from_rows(&rows) }
}

/// The rank over ℚ, but for a chance of about 2⁻⁶⁰ that it is larger.
fn rank(rows: &Matrix<f64>) -> usize {
    let D = rows.ncols();
    // Each with the column of its pivot, where it is 1.
    let mut basis: Vec<(usize, Vec<u64>)> = Vec::new();
    for row in rows.row_iter() {
        let mut row = Vec::from_iter(row.iter().map(|&entry| residue(entry)));
        for (pivot, known) in &basis {
            let factor = row[*pivot];
            if factor != 0 {
                row.iter_mut().zip(known).for_each(|(entry, known)| *entry = less(*entry, times(factor, *known)));
            }
        }
        let Some(pivot) = row.iter().position(|&entry| entry != 0) else { continue };
        let inverse = power(row[pivot], PRIME - 2);
        row.iter_mut().for_each(|entry| *entry = times(*entry, inverse));
        basis.push((pivot, row));
        if basis.len() == D {
            break;
        }
    }
    basis.len()
}

/// m 2ᵉ modulo 2⁶¹ − 1, where 2⁶¹ is 1.
fn residue(x: f64) -> u64 {
    let bits = x.to_bits();
    let (exponent, fraction) = ((bits >> 52) as i64 & 0x7ff, bits & ((1 << 52) - 1));
    let (m, e) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    let size = times(m, 1 << e.rem_euclid(61));
    if x < 0.0 { less(0, size) } else { size }
}

fn times(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(PRIME)) as u64
}

/// a − b.
fn less(a: u64, b: u64) -> u64 {
    if a >= b { a - b } else { a + (PRIME - b) }
}

fn power(base: u64, exponent: u64) -> u64 {
    let (mut result, mut square, mut left) = (1, base, exponent);
    while left > 0 {
        if left & 1 == 1 {
            result = times(result, square);
        }
        square = times(square, square);
        left >>= 1;
    }
    result
}

/// An orthonormal basis of the space of the rows, which has the dimension `rank`: modified Gram–Schmidt, twice, of the
/// rows in the order of what is left of them.
fn row_space(rows: &Matrix<f64>, rank: usize) -> Option<Matrix<f64>> {
    let mut left = rows.transpose();
    // Rows of one length: units of samples do not matter.
    for mut column in left.column_iter_mut() {
        let size = column.amax();
        column /= size;
        let norm = column.norm();
        column /= norm;
    }
    let mut basis: Vec<Vector<f64>> = Vec::new();
    for _ in 0..rank {
        let longest = (0..left.ncols()).max_by(|&i, &j| left.column(i).norm().total_cmp(&left.column(j).norm()))?;
        let mut next = left.column(longest).into_owned();
        for known in &basis {
            let part = known.dot(&next);
            next.axpy(-part, known, 1.0);
        }
        let norm = next.norm();
        if norm.is_nan() || norm < f64::MIN_POSITIVE {
            return None;
        }
        next /= norm;
        for mut column in left.column_iter_mut() {
            let part = next.dot(&column);
            column.axpy(-part, &next, 1.0);
        }
        basis.push(next);
    }
    Some(Matrix::from_columns(&basis))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use symbols::BatchSize;

    #[test]
    fn doubles_are_numbers_modulo_a_prime() {
        assert_eq!([0.0, 1.0, 3.0, -1.0, -0.0].map(residue), [0, 1, 3, PRIME - 1, 0]);
        assert_eq!(times(residue(0.1), 10), times(residue(0.1 * 2.0), 5));
        for x in [0.5, 1e-310, 5e-324, 1e300, -0.1] {
            assert_eq!(times(residue(x), 2), residue(x * 2.0), "{x}");
            assert_eq!(times(residue(x), residue(x)) == residue(x * x), x == 0.5, "{x}");
        }
    }

    proptest! {
        /// Products of integers have the rank of the smaller factor, as random ones nearly always have full rank.
        #[test]
        fn a_product_has_the_rank_of_its_factors(entries in prop::collection::vec(-9i32..10, 40), r in 1usize..4) {
            let left = Matrix::from_fn(6, r, |i, j| f64::from(entries[i * r + j]));
            let right = Matrix::from_fn(r, 5, |i, j| f64::from(entries[18 + i * 5 + j]));
            let found = rank(&(&left * &right));
            prop_assert!(found <= r);
            prop_assert_eq!(found, rank(&(&left * &right).transpose()));
        }
    }

    fn data(rows: usize, entries: &[f64], labels: &[f64]) -> Setting<f64> {
        let features = Matrix::from_row_slice(rows, entries.len() / rows, entries);
        let D = features.ncols();
        let population = Population::Data(DataSet { features, labels: Vector::from_column_slice(labels) });
        Setting::new(population, matrix::identity::<f64>(D) * 0.0625, BatchSize::new(1).unwrap()).unwrap()
    }

    #[test]
    fn more_weights_than_samples_have_a_range() {
        let range = Range::of(&data(2, &[3.0, 1.0, 2.0, 1.0, -2.0, 3.0], &[1.0, 2.0])).unwrap();
        assert_eq!((range.setting.dimension(), range.weights.shape()), (2, (3, 2)));
        assert!((range.gradients.transpose() * &range.weights - matrix::identity::<f64>(2)).amax() < 1e-15);
        // Every sample is in it.
        let X = Matrix::from_row_slice(2, 3, &[3.0, 1.0, 2.0, 1.0, -2.0, 3.0]);
        assert!((&X * &range.gradients * range.gradients.transpose() - X).amax() < 1e-14);
    }

    #[test]
    fn a_direction_that_hardly_moves_is_not_still() {
        for small in [1e-3, 1e-10, 1e-100] {
            assert!(Range::of(&data(3, &[1.0, 0.0, 2.0, 0.0, 1.0, small], &[1.0, 2.0, 3.0])).is_none(), "{small}");
        }
        assert!(Range::of(&data(3, &[1.0, 0.0, 2.0, 0.0, 1.0, 0.0], &[1.0, 2.0, 3.0])).is_some());
        // Weight decay moves it.
        let decaying = data(3, &[1.0, 0.0, 2.0, 0.0, 1.0, 0.0], &[1.0, 2.0, 3.0]);
        assert!(Range::of(&decaying.with_weight_decay(matrix::identity::<f64>(2)).unwrap()).is_none());
    }
}
