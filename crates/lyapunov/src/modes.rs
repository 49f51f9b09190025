//! Coordinates in which everything but the noise acts on each entry of Σ alone.
//!
//! Let Λ = LLᵀ and LᵀKL = U diag(h) Uᵀ. With W = LU and v = W s, p = W q, a step of SGD is
//!
//! ```text
//! q' = μq + h∘s + Wᵀξ,    s' = s − q'
//! ```
//!
//! so that the pulls h act on each coordinate alone, and the covariance of Wᵀξ is that of the same samples with the
//! features Wᵀx̃. Eq. (3) for Σ = W X Wᵀ is then d∘X − Ĉ(X) = Ĉ₀, where Ĉ is the part of the noise that is linear in X,
//! and
//!
//! ```text
//! d_ij = (1−μ)(hᵢ + hⱼ) + (μ(hᵢ² + hⱼ²) − (1+μ²)hᵢhⱼ)/(1−μ²)
//! ```
//!
//! # Source
//! Eq. (3), Theorem 1; from Liu, Ziyin and Ueda, Noise and fluctuation of finite learning rate SGD (2021). There
//!
//! ```text
//! (1−μ)(ΛKΣ + ΣKΛ) − (1+μ²)/(1−μ²) ΛKΣKΛ + μ/(1−μ²)(ΛKΛKΣ + ΣKΛKΛ) = ΛCΛ
//! ```

use std::borrow::Cow;

use numbers::{Matrix, Vector};

use crate::arithmetic::{Arithmetic, lower_product, product_into, view};
use crate::center::Curvature;
use crate::decomposition::{Root, congruence, eigen};
use crate::error::LyapunovError;
use crate::graded;
use crate::noise::Residual;
use crate::packed::{by_pairs, pack, packed, unpack, unpacked};
use crate::step::Step;

/// Where the quotient of two pulls is below this, a method that knows each by itself is worth its cost.
const GRADED: f64 = 1e-10;

pub(crate) struct Modes {
    /// W: a column for each direction in which the weights move and are pulled back.
    pub(crate) basis: Matrix<f64>,
    /// L.
    root: Root,
    /// U.
    U: Matrix<f64>,
    /// h.
    pub(crate) pulls: Vec<f64>,
    /// Whether a direction of the weights moves without a pull back.
    pub(crate) adrift: bool,
    /// WᵀMW.
    pub(crate) second_moment: Matrix<f64>,
    /// WᵀMW as a column.
    packed_second_moment: Vector<f64>,
    /// Whether WᵀMW is diagonal, within rounding.
    is_diagonal: bool,
    /// Rows Wᵀx̃ᵢ of a data set.
    features: Option<Matrix<f64>>,
    /// What Ĉ does to each entry alone, for f = 1. It is kept, as for a data set it takes as long as Ĉ itself.
    noise_of_entries: Vector<f64>,
    /// f.
    factor: f64,
    /// μ.
    momentum: f64,
}

impl Modes {
    /// `None` where Λ has eigenvalues of both signs, so that ΛK need not be similar to a symmetric matrix.
    pub(crate) fn new(step: &Step<f64>) -> Result<Option<Self>, LyapunovError> {
        let (K, M) = (&step.hessian, &step.noise.second_moment);
        let Some(root) = Root::new(&step.learning_rate, K.nrows())? else { return Ok(None) };
        let (mut U, mut pulls) = eigen("ΛK", &root.congruence(K))?;
        let spread =
            pulls.iter().fold((f64::INFINITY, 0.0_f64), |(least, most), h| (least.min(h.abs()), most.max(h.abs())));
        let mut is_graded = false;
        if spread.0 < GRADED * spread.1
            && root.sign() > 0.0
            && let Some(found) = graded::eigen(&root, K)
        {
            ((U, pulls), is_graded) = (found, true);
        }
        pulls.iter_mut().for_each(|h| *h *= root.sign());
        let mut basis = root.times(&U);
        if pulls.iter().chain(&basis).any(|v| !v.is_finite()) {
            return Err(LyapunovError::NotFinite { quantity: "ΛK" });
        }
        let mut second_moment = if M == K {
            Matrix::from_diagonal(&Vector::from_column_slice(&pulls)) * root.sign()
        } else {
            congruence(&basis, M)
        };

        // A pull within rounding of zero: still where there is no noise either, else adrift.
        let rounding = 4.0 * pulls.len() as f64 * f64::EPSILON;
        let largest = pulls.iter().fold(0.0, |largest: f64, h| largest.max(h.abs()));
        // Underflow, or nothing that is pulled is moved.
        if largest == 0.0 && step.learning_rate.times(&(K / K.amax())).amax() > 0.0 {
            return Err(LyapunovError::OutOfRange { quantity: "ΛK", largest });
        }
        LyapunovError::unless_in_range("ΛK", &pulls)?;
        let noisiest = second_moment.diagonal().amax();
        let is_null = |k: usize| !is_graded && pulls[k].abs() <= largest * rounding;
        let is_still = |k: usize| is_null(k) && second_moment[(k, k)].abs() <= noisiest * rounding;
        let adrift = (0..pulls.len()).any(|k| pulls[k] < 0.0 && !is_null(k) || is_null(k) && !is_still(k));
        let kept = Vec::from_iter((0..pulls.len()).filter(|&k| !is_still(k)));
        if kept.len() < pulls.len() {
            basis = basis.select_columns(&kept);
            U = U.select_columns(&kept);
            second_moment = second_moment.select_columns(&kept).select_rows(&kept);
            pulls = kept.iter().map(|&k| pulls[k]).collect();
        }
        let size = second_moment.diagonal().map(|v| v.max(0.0).sqrt());
        let r = pulls.len();
        let is_negligible = |i: usize, j: usize| second_moment[(i, j)].abs() <= f64::EPSILON * size[i] * size[j];
        let is_diagonal = (0..r).all(|j| (j + 1..r).all(|i| is_negligible(i, j)));
        let features = step.noise.features.as_ref().map(|X| f64::product(X, &basis));
        let (factor, momentum) = (step.noise.factor, step.momentum);
        let packed_second_moment = packed(&second_moment);
        let noise_of_entries = noise_of_entries(&second_moment, features.as_ref());
        Ok(Some(Modes {
            basis,
            root,
            U,
            pulls,
            adrift,
            second_moment,
            packed_second_moment,
            is_diagonal,
            features,
            noise_of_entries,
            factor,
            momentum,
        }))
    }

    /// W⁻ᵀ: its columns are dual to those of W.
    pub(crate) fn dual(&self) -> Matrix<f64> {
        self.root.dual(&self.U)
    }

    /// The number of coordinates.
    pub(crate) fn count(&self) -> usize {
        self.pulls.len()
    }

    /// hᵢ.
    pub(crate) fn pull(&self, i: usize) -> f64 {
        self.pulls[i]
    }

    /// W and WᵀKW.
    pub(crate) fn curvature(&self) -> Curvature<'_> {
        let diagonal = self.pulls.iter().map(|h| h * self.root.sign()).collect();
        Curvature { basis: Cow::Borrowed(&self.basis), diagonal }
    }

    /// How many coordinates were left out, as in doubles nothing happens in them.
    pub(crate) fn lost(&self) -> usize {
        self.basis.nrows() - self.count()
    }

    /// f.
    pub(crate) fn factor(&self) -> f64 {
        self.factor
    }

    /// Sets f.
    pub(crate) fn set_factor(&mut self, factor: f64) {
        self.factor = factor;
    }

    /// Sets μ.
    pub(crate) fn set_momentum(&mut self, momentum: f64) {
        self.momentum = momentum;
    }

    /// The largest factor on Λ with c² α f ‖h‖² ≤ 1, where α f ‖h‖² is the least Tr\[ĤC(v)\]/vᵀĤv for Ĥ = diag(h), M̂ =
    /// Ĥ.
    ///
    /// Tr\[ĤC(v)\] = vᵀBv with B = Ĉ(Ĥ), as the noise is a symmetric map.
    pub(crate) fn alignment_bound(&self) -> Result<f64, LyapunovError> {
        let n = self.count();
        let H = packed(&Matrix::from_diagonal(&Vector::from_column_slice(&self.pulls)));
        let B = unpacked(&self.noise_of(&H), n);
        let scaled = Matrix::from_fn(n, n, |i, j| B[(i, j)] / (self.pulls[i] * self.pulls[j]).sqrt());
        let (_, values) = eigen("the noise of the Hessian", &scaled)?;
        let least = values.iter().copied().fold(f64::INFINITY, f64::min).max(0.0);
        Ok(1.0 / least.sqrt())
    }

    /// μ.
    pub(crate) fn momentum(&self) -> f64 {
        self.momentum
    }

    /// WᵀCW.
    pub(crate) fn congruence(&self, C: &Matrix<f64>) -> Matrix<f64> {
        congruence(&self.basis, C)
    }

    /// WᵀC(0)W of Gaussian samples, whose M is known in these coordinates.
    pub(crate) fn constant(&self, residual: &Residual<f64>) -> Matrix<f64> {
        let slope = self.basis.tr_mul(&residual.slope);
        let mut C = &self.second_moment * (self.factor * residual.mean_square);
        C.ger(self.factor, &slope, &slope, 1.0);
        C
    }

    /// W X Wᵀ.
    pub(crate) fn outward(&self, X: &Matrix<f64>) -> Matrix<f64> {
        f64::symmetric_product(&f64::product(&self.basis, X), &self.basis)
    }

    /// A function of two pulls, at every pair of coordinates, as a column.
    pub(crate) fn by_pulls(&self, entry: impl Fn(f64, f64) -> f64) -> Vector<f64> {
        by_pairs(self.count(), |i, j| entry(self.pulls[i], self.pulls[j]))
    }

    /// d.
    pub(crate) fn drift(&self) -> Vector<f64> {
        let first = 1.0 - self.momentum;
        self.by_pulls(|g, h| first * (g + h)) - self.overshoot()
    }

    /// ((1 + μ²)hᵢhⱼ − μ(hᵢ² + hⱼ²))/(1 − μ²), which a longer step takes from d, without the cancellation for μ next to
    /// 1.
    pub(crate) fn overshoot(&self) -> Vector<f64> {
        let mu = self.momentum;
        let (own, apart) = ((1.0 - mu) / (1.0 + mu), mu / ((1.0 - mu) * (1.0 + mu)));
        self.by_pulls(|g, h| own * g * h - apart * (g - h).powi(2))
    }

    /// Whether the noise has a part M̂ Tr\[M̂X\] of its own; that of a data set is spread over its samples.
    pub(crate) fn has_trace(&self) -> bool {
        self.features.is_none()
    }

    /// WᵀMW, as a column.
    pub(crate) fn packed_second_moment(&self) -> &Vector<f64> {
        &self.packed_second_moment
    }

    /// Ĉ(X), both as columns.
    pub(crate) fn noise(&self, X: &Vector<f64>, out: &mut Vector<f64>, room: &mut Room) {
        let (M, f) = (&self.second_moment, self.factor);
        let Room { square, product, result } = room;
        let sandwich = if self.features.is_some() { -f } else { f };
        if self.is_diagonal {
            let mut entries = out.as_mut_slice().iter_mut().zip(X.as_slice());
            for j in 0..self.count() {
                for (i, (out, x)) in (j..self.count()).zip(&mut entries) {
                    *out = sandwich * M[(i, i)] * M[(j, j)] * x;
                }
            }
        } else {
            unpack(X, square);
            product_into(M, square, product);
            lower_product(result, 1.0, view(product), view(M));
            pack(result, sandwich, out);
        }
        let Some(features) = &self.features else {
            out.axpy(f * self.packed_second_moment.dot(X), &self.packed_second_moment, 1.0);
            return;
        };
        if self.is_diagonal {
            unpack(X, square);
        }
        let weights = f64::quadratic_forms(features, square) * (f / features.nrows() as f64);
        let fourth = f64::weighted_gram(features.shape(), |n, i| features[(n, i)], |n| weights[n]);
        let mut column = Vector::zeros(out.len());
        pack(&fourth, 1.0, &mut column);
        *out += column;
    }

    /// Ĉ(X) in a column of its own.
    pub(crate) fn noise_of(&self, X: &Vector<f64>) -> Vector<f64> {
        let mut out = Vector::zeros(X.len());
        self.noise(X, &mut out, &mut Room::new(self.count()));
        out
    }

    /// What Ĉ does to each entry alone; without f M̂ Tr\[M̂X\] where that stands apart.
    pub(crate) fn noise_of_entries(&self) -> Vector<f64> {
        &self.noise_of_entries * self.factor
    }
}

fn noise_of_entries(M: &Matrix<f64>, features: Option<&Matrix<f64>>) -> Vector<f64> {
    let sandwich = |i: usize, j: usize| M[(i, i)] * M[(j, j)] + if i == j { 0.0 } else { M[(i, j)].powi(2) };
    let Some(X) = features else { return by_pairs(M.nrows(), sandwich) };
    let scale = 1.0 / X.nrows() as f64;
    let fourth = f64::weighted_gram(X.shape(), |n, i| X[(n, i)] * X[(n, i)], |_| scale);
    by_pairs(M.nrows(), |i, j| if i == j { 1.0 } else { 2.0 } * fourth[(i, j)] - sandwich(i, j))
}

/// Memory for products of matrices.
pub(crate) struct Room {
    square: Matrix<f64>,
    product: Matrix<f64>,
    result: Matrix<f64>,
}

impl Room {
    pub(crate) fn new(n: usize) -> Self {
        Room { square: Matrix::zeros(n, n), product: Matrix::zeros(n, n), result: Matrix::zeros(n, n) }
    }
}

#[cfg(test)]
mod tests {
    use numbers::matrix::scalar;
    use symbols::{BatchSize, DataSet, Gaussian, Population, Setting};

    use super::*;

    /// What the noise of a single entry adds to that entry itself.
    #[test]
    fn each_entry_alone_is_the_diagonal_of_the_noise() {
        let A = Matrix::from_row_slice(3, 3, &[2.0, 0.5, -0.25, 0.5, 1.0, 0.125, -0.25, 0.125, 0.75]);
        let gaussian = Population::Gaussian(Gaussian {
            feature_covariance: A.clone(),
            input_noise_covariance: Matrix::from_diagonal_element(3, 3, 0.25),
            label_noise_variance: 1.0,
            true_weights: Vector::zeros(3),
        });
        let features = Matrix::from_row_slice(4, 3, &[1.0, 2.0, -1.0, 0.5, -1.0, 3.0, 2.0, 0.25, 1.0, -1.0, 1.0, 0.75]);
        let data = Population::Data(DataSet { features, labels: Vector::zeros(4) });
        for population in [gaussian, data] {
            let rate = Matrix::identity(3, 3) * 0.05;
            let setting = Setting::new(population, rate, BatchSize::new(2).unwrap()).unwrap();
            // Does not commute with the features, so that M is full in the modes.
            let decay = Matrix::from_row_slice(3, 3, &[1.0, 0.5, 0.0, 0.5, 2.0, 0.25, 0.0, 0.25, 0.5]);
            let setting = setting.with_weight_decay(decay).unwrap();
            let step = Step::of_setting(&setting);
            let modes = Modes::new(&step).unwrap().unwrap();
            let (alone, M) = (modes.noise_of_entries(), modes.packed_second_moment());
            for k in 0..alone.len() {
                let mut entry = Vector::zeros(alone.len());
                entry[k] = 1.0;
                let trace = if modes.has_trace() { modes.factor() * M[k] * M[k] } else { 0.0 };
                let found = modes.noise_of(&entry)[k] - trace;
                assert!((found - alone[k]).abs() < 1e-12 * alone.amax(), "{k}: {found}, not {}", alone[k]);
            }
            assert_eq!(modes.has_trace(), setting.sample_count().is_none());
        }
        let one = Setting::new(
            Population::Data(DataSet { features: scalar(2.0), labels: Vector::zeros(1) }),
            scalar(0.1),
            BatchSize::new(2).unwrap(),
        );
        // x⁴ − (x²)² of a single sample: no noise.
        let one = one.unwrap();
        let step = Step::of_setting(&one);
        assert_eq!(Modes::new(&step).unwrap().unwrap().noise_of_entries()[0], 0.0);
    }

    /// W = √λ: λ = 1/4, of either sign.
    #[test]
    fn a_single_mode_is_that_computed_by_hand() {
        for lambda in [0.25, -0.25] {
            let population = Population::Data(DataSet { features: scalar(2.0), labels: Vector::zeros(1) });
            let setting = Setting::new(population, scalar(lambda), BatchSize::new(1).unwrap()).unwrap();
            let step = Step::of_setting(&setting);
            let modes = Modes::new(&step).unwrap().unwrap();
            assert_eq!((modes.pulls.as_slice(), modes.curvature().diagonal), ([4.0 * lambda].as_slice(), vec![1.0]));
            assert_eq!((modes.basis[(0, 0)].abs(), modes.dual()[(0, 0)].abs()), (0.5, 2.0));
            assert_eq!((modes.second_moment[(0, 0)], modes.adrift), (1.0, lambda < 0.0));
        }
    }
}
