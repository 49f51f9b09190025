//! What rounding can have done, bounded before it is met.
//!
//! An entry of a product of matrices is a sum of products, in whatever order: off by at most γ ‖aᵢ‖‖bⱼ‖ for the row aᵢ and the column
//! bⱼ that meet in it (Cauchy–Schwarz, on absolute values). Such bounds are outer products of two columns of numbers, whatever is done
//! to them later, and cost a look at each matrix.

use symbols::{Matrix, Population, Setting, Vector};

use crate::arithmetic::{Arithmetic, terms_of_samples};
use crate::step::{Rate, Step};

/// What is uncertain, beside the values that are computed: the numbers of the problem, and the operations on them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Doubt {
    /// A bound on the relative error of each number of the problem; 0 where they are what is meant.
    pub(crate) input: f64,
    /// Whether operations are rounded. They are not where a bound is to speak of the numbers alone.
    pub(crate) operations: bool,
}

impl Doubt {
    /// Of operations on numbers that are what is meant.
    #[cfg(test)]
    pub(crate) const OPERATIONS: Doubt = Doubt { input: 0.0, operations: true };

    /// γₙ for n operations, and c times the error of a number for the c numbers that are multiplied on the way.
    pub(crate) fn of(self, operations: usize, numbers: usize, unit: f64) -> f64 {
        let rounded = if self.operations { gamma(operations, unit) } else { 0.0 };
        rounded + gamma(numbers, self.input)
    }
}

/// Numbers of a problem that meet in one product at most: of J(C(P_vv) − C(0))Jᵀ for a data set Λ twice and a feature four times, or
/// of NPNᵀ Λ and K, of a data set a product of two features, twice.
const FACTORS: usize = 6;

/// Covers the rounding of a bound itself: a few sums of nonnegative numbers one after the other, fewer than 10⁹ at a time. It is
/// applied once, where the bound is complete.
pub(crate) const SAFETY: f64 = 1.000_01;

/// No result below this is rounded with a small relative error.
const UNDERFLOW: f64 = 1e-250;

/// A bound on the entries of a symmetric matrix: Σ aᵢbⱼ + bᵢaⱼ.
#[derive(Default)]
pub(crate) struct Rounding(pub(crate) Vec<(Vector<f64>, Vector<f64>)>);

impl Rounding {
    /// Of a aᵀ.
    pub(crate) fn square(a: Vector<f64>) -> (Vector<f64>, Vector<f64>) {
        let half = &a * 0.5;
        (a, half)
    }

    /// Along some of the weights.
    pub(crate) fn among(&self, active: &[usize]) -> Self {
        self.map(|a| a.select_rows(active))
    }

    /// A bound on each entry of a matrix of this order.
    pub(crate) fn entries(&self, n: usize) -> Matrix<f64> {
        let entry = |i: usize, j: usize| self.0.iter().map(|(a, b)| a[i] * b[j] + b[i] * a[j]).sum::<f64>() * SAFETY;
        Matrix::from_fn(n, n, entry)
    }

    /// With another column in place of each.
    fn map(&self, f: impl Fn(&Vector<f64>) -> Vector<f64>) -> Self {
        Rounding(self.0.iter().map(|(a, b)| (f(a), f(b))).collect())
    }

    /// A bound on the Frobenius norm of V(·)Vᵀ, from |V| and ‖V‖².
    pub(crate) fn norm_between(&self, absolute: &Matrix<f64>, square: f64) -> f64 {
        let pair = |(a, b): &(Vector<f64>, Vector<f64>)| {
            let entrywise = (absolute * a).norm() * (absolute * b).norm();
            2.0 * entrywise.min(square * a.norm() * b.norm())
        };
        self.0.iter().map(pair).sum()
    }
}

/// A symmetric matrix, and what rounding can have done to its entries.
pub(crate) struct Rounded {
    pub(crate) value: Matrix<f64>,
    pub(crate) rounding: Rounding,
}

/// γₙ.
pub(crate) fn gamma(n: usize, unit: f64) -> f64 {
    let product = n as f64 * unit;
    product / (1.0 - product)
}

/// Norms of columns.
pub(crate) fn norms(M: &Matrix<f64>) -> Vector<f64> {
    Vector::from_iterator(M.ncols(), M.column_iter().map(|column| column.norm()))
}

/// √((1/N) Σₙ entry²).
pub(crate) fn root_mean_square<T: Arithmetic>(X: &Matrix<T>, entry: impl Fn(usize, usize) -> f64) -> Vector<f64> {
    let (N, D) = X.shape();
    Vector::from_fn(D, |i, _| ((0..N).map(|n| entry(n, i).powi(2)).sum::<f64>() / N as f64).sqrt())
}

/// p with |M_ij| ≤ pᵢpⱼ: the roots of the diagonal, where M ⪰ 0.
pub(crate) fn bound_of_entries(M: &Matrix<f64>) -> Vector<f64> {
    let n = M.nrows();
    let floor = M.amax() * f64::EPSILON * f64::EPSILON;
    let mut p = M.diagonal().map(|v| v.abs().max(floor).sqrt());
    let mut excess = 1.0_f64;
    for j in 0..n {
        for i in j..n {
            if M[(i, j)] != 0.0 {
                excess = excess.max(M[(i, j)].abs() / (p[i] * p[j]));
            }
        }
    }
    p *= excess.sqrt();
    p
}

/// Sizes of the numbers that a step is made of, entry by entry.
pub(crate) struct Sizes {
    /// |A| + |B|.
    pub(crate) second_moment: Matrix<f64>,
    /// |Γ|.
    pub(crate) weight_decay: Matrix<f64>,
    /// What the entries of Λ are sums of, where they are sums.
    pub(crate) learning_rate: Option<Matrix<f64>>,
}

impl Sizes {
    /// Of some of the weights of a setting with this M.
    pub(crate) fn among(setting: &Setting<f64>, second_moment: &Matrix<f64>, active: &[usize]) -> Self {
        let among =
            |M: Matrix<f64>| if active.len() < M.nrows() { M.select_rows(active).select_columns(active) } else { M };
        let second_moment = match setting.population() {
            Population::Gaussian(model) => model.feature_covariance.abs() + model.input_noise_covariance.abs(),
            Population::Data(_) => second_moment.abs(),
        };
        let weight_decay = among(setting.weight_decay().abs());
        Sizes { second_moment: among(second_moment), weight_decay, learning_rate: None }
    }
}

/// |Λ|.
enum Kick {
    Number(f64),
    /// With the norms of its rows.
    Matrix(Matrix<f64>, Vector<f64>),
}

/// Sizes of what a step is made of.
pub(crate) struct Magnitude<'a, T: Arithmetic> {
    pub(crate) step: &'a Step<'a, T>,
    doubt: Doubt,
    /// γ for everything that is done here.
    pub(crate) gamma: f64,
    rate: Kick,
    /// μ, which is a number of the problem, too.
    momentum: f64,
    /// p with |M_ij| ≤ pᵢpⱼ, also of what M is a sum of.
    entries: Vector<f64>,
    /// Norms of the rows of M, as far as rounding is concerned.
    second_moment: Vector<f64>,
    /// Norms of the rows of N, and of what it is made of.
    increment: Vector<f64>,
}

impl<'a, T: Arithmetic> Magnitude<'a, T> {
    /// Of a step whose Γ is this, and whose numbers are what is meant.
    #[cfg(test)]
    pub(crate) fn new(step: &'a Step<'a, T>, weight_decay: &Matrix<T>) -> Self {
        let sizes = |M: &Matrix<T>| M.map(|v| v.to_f64().abs());
        let (second_moment, weight_decay) = (sizes(&step.noise.second_moment), sizes(weight_decay));
        Magnitude::of(step, &Sizes { second_moment, weight_decay, learning_rate: None }, Doubt::OPERATIONS)
    }

    /// Of a step that is made of numbers of these sizes.
    pub(crate) fn of(step: &'a Step<'a, T>, sizes: &Sizes, doubt: Doubt) -> Self {
        let samples = step.noise.features.as_ref().map_or(0, |X| 2 * terms_of_samples(X.nrows()));
        // The longest way to an entry: three products of matrices and a few operations more.
        let gamma = doubt.of(3 * (step.rows() + 8) + samples, FACTORS, T::UNIT);
        let entries = bound_of_entries(&sizes.second_moment);
        let second_moment = match &step.noise.features {
            None => norms(&sizes.second_moment),
            // A mean over samples is rounded like the absolute values that it is a mean of.
            Some(_) => &entries * entries.norm(),
        };
        let hessian = &second_moment + norms(&sizes.weight_decay);
        let (rate, pull) = match (&step.learning_rate, &sizes.learning_rate) {
            (Rate::Number(lambda), None) => {
                let size = lambda.to_f64().abs();
                (Kick::Number(size), &hessian * size)
            }
            (rate, sums) => {
                // Sums may cancel to a number times the identity, and be off elsewhere.
                let absolute = sums.clone().unwrap_or_else(|| rate.matrix(step.dimension()).map(|v| v.to_f64().abs()));
                let rows = norms(&absolute);
                let pull = &rows * hessian.norm();
                (Kick::Matrix(absolute, rows), pull)
            }
        };
        let momentum = step.momentum.to_f64();
        let increment = if step.rows() == step.dimension() {
            pull
        } else {
            let D = pull.len();
            let (carried, lost) = (momentum, 1.0 - momentum);
            Vector::from_fn(2 * D, |i, _| if i < D { pull[i] + carried } else { pull[i - D] + lost })
        };
        Magnitude { step, doubt, gamma, rate, momentum, entries, second_moment, increment }
    }

    /// P − Φ(P).
    pub(crate) fn settled(&self, P: &Matrix<T>) -> Rounded {
        Rounded { value: self.step.settled(P).map(|v| v.to_f64()), rounding: self.of_settled(P) }
    }

    /// A bound on the rounding of each entry of C(Σ) − C(0): aᵢaⱼ for the columns that are returned, added up.
    pub(crate) fn of_linear_noise(&self, fluctuation: &Matrix<f64>) -> [Vector<f64>; 2] {
        let (size, f) = (fluctuation.abs(), self.step.noise.factor.to_f64().abs());
        let scale = (self.gamma * f * SAFETY).sqrt();
        // (|M||Σ||M|)_ij and |M|_ij Tr[|M||Σ|] are at most pᵢpⱼ pᵀ|Σ|p.
        let sandwich = &self.entries * (scale * self.entries.dot(&(&size * &self.entries)).sqrt());
        let fourth = match &self.step.noise.features {
            None => sandwich.clone(),
            Some(X) => {
                let sizes = X.map(|v| v.to_f64().abs());
                let forms = f64::quadratic_forms(&sizes, &size).map(f64::sqrt);
                root_mean_square(X, |n, i| sizes[(n, i)] * forms[n]) * scale
            }
        };
        [sandwich, fourth]
    }

    /// P − Φ(P) − JC(0)Jᵀ, given C(P_vv) of a C(0) that is off by no more than `constant`.
    pub(crate) fn residual(&self, P: &Matrix<T>, noise_covariance: &Matrix<T>, constant: Rounding) -> Rounded {
        let mut rounding = self.of_settled(P);
        rounding.0.extend(self.of_injected(noise_covariance, constant).0);
        Rounded { value: self.step.residual(P, noise_covariance).map(|v| v.to_f64()), rounding }
    }

    /// Of P − Φ(P) = −(NP + PNᵀ + NPNᵀ) − J(C(P_vv) − C(0))Jᵀ.
    fn of_settled(&self, P: &Matrix<T>) -> Rounding {
        let p = P.map(|v| v.to_f64());
        let (columns, size) = (norms(&p), p.norm());
        let twice = &self.increment * (self.gamma * size).sqrt();
        let mut terms = vec![(&self.increment * self.gamma, columns.clone()), Rounding::square(twice)];
        // 1 − μ, which may be small, is off by what μ is off by.
        if self.doubt.input > 0.0 && self.momentum > 0.0 {
            let of_momentum = Vector::from_element(self.step.rows(), self.momentum * self.doubt.input);
            terms.push((&of_momentum * size, self.increment.clone()));
            terms.push((of_momentum, columns));
        }
        let D = self.step.dimension();
        terms.extend(self.of_noise(&p.view((0, 0), (D, D)).into_owned()).0);
        // Of zeros nothing is rounded.
        if size > 0.0 {
            terms.push(Rounding::square(Vector::from_element(self.step.rows(), UNDERFLOW.sqrt())));
        }
        Rounding(terms)
    }

    /// Of J(C(Σ) − C(0))Jᵀ.
    fn of_noise(&self, fluctuation: &Matrix<f64>) -> Rounding {
        let noise = &self.step.noise;
        let (m, columns, size) = (&self.second_moment, norms(fluctuation), fluctuation.norm());
        let scale = noise.factor.to_f64().abs() * self.gamma;
        let fourth = match &noise.features {
            None => &self.entries * (scale * m.dot(&columns)).sqrt(),
            Some(X) => {
                let lengths = Vec::from_iter(
                    (0..X.nrows()).map(|n| X.row(n).iter().map(|v| v.to_f64().powi(2)).sum::<f64>().sqrt()),
                );
                root_mean_square(X, |n, i| X[(n, i)].to_f64() * lengths[n]) * (scale * size).sqrt()
            }
        };
        self.injected(Rounding(vec![Rounding::square(m * (scale * size).sqrt()), Rounding::square(fourth)]))
    }

    /// Of J C Jᵀ.
    fn of_injected(&self, C: &Matrix<T>, rounding: Rounding) -> Rounding {
        let products = match self.rate {
            Kick::Number(_) => 0,
            Kick::Matrix(..) => 2 * self.step.dimension(),
        };
        let mut terms = rounding.0;
        let gamma = self.doubt.of(products + 8, 2, T::UNIT);
        terms.push(Rounding::square(bound_of_entries(&C.map(|v| v.to_f64())) * gamma.sqrt()));
        self.injected(Rounding(terms))
    }

    /// |J|(·)|J|ᵀ, entry by entry or, where that is less, by norms of rows.
    fn injected(&self, rounding: Rounding) -> Rounding {
        let twice = self.step.rows() / self.step.dimension();
        rounding.map(|a| {
            let kick = match &self.rate {
                Kick::Number(size) => a * *size,
                Kick::Matrix(absolute, rows) => (absolute * a).zip_map(&(rows * a.norm()), f64::min),
            };
            Vector::from_fn(kick.len() * twice, |i, _| kick[i % kick.len()])
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use symbols::matrix::scalar;
    use symbols::{BatchSize, DataSet, Gaussian, Momentum, Twofold};

    use super::*;

    /// A step in doubles, and how far its rounding goes beside its bound: entry by entry, 1 and above are wrong.
    fn worst(setting: &Setting<f64>, P: &Matrix<f64>) -> f64 {
        let step = Step::of_setting(setting);
        let Rounded { value, rounding } = Magnitude::new(&step, setting.weight_decay()).settled(P);
        let twofold = setting.map(|v| Twofold::from(*v));
        let exact = Step::of_setting(&twofold).settled(&P.map(Twofold::from));
        let bound = |i: usize, j: usize| rounding.0.iter().map(|(a, b)| a[i] * b[j] + b[i] * a[j]).sum::<f64>();
        let mut worst = 0.0_f64;
        for j in 0..P.ncols() {
            for i in 0..P.nrows() {
                let off = (exact[(i, j)] - Twofold::from(value[(i, j)])).nearest().abs();
                worst = worst.max(off / bound(i, j));
            }
        }
        worst
    }

    prop_compose! {
        /// Any signs; with a weight decay of −A nothing is left of a step but its noise.
        fn settings()(
            D in 1usize..6,
            mu in prop_oneof![Just(0.0), 0.0..0.99],
            S in prop_oneof![Just(1_u32), Just(1 << 31)],
            data: bool,
            only_noise: bool,
            size in prop::sample::select(vec![1e-8, 1.0, 1e8]),
            entries in prop::collection::vec(-1.0..1.0, 200),
        ) -> (Setting<f64>, Matrix<f64>) {
            let mut entries = entries.into_iter();
            let mut matrix = |m: usize, n: usize| Matrix::from_fn(m, n, |_, _| entries.next().unwrap());
            let gram = |M: Matrix<f64>| { let P = &M * M.transpose(); (&P + P.transpose()) * 0.5 };
            let population = if data {
                Population::Data(DataSet { features: matrix(7, D), labels: Vector::zeros(7) })
            } else {
                Population::Gaussian(Gaussian {
                    feature_covariance: gram(matrix(D, D)),
                    input_noise_covariance: Matrix::zeros(D, D),
                    label_noise_variance: 1.0,
                    true_weights: Vector::zeros(D),
                })
            };
            let L = { let M = matrix(D, D); (&M + M.transpose()) * size };
            let setting = Setting::new(population, L, BatchSize::new(S).unwrap()).unwrap();
            let decay = if only_noise { -setting.feature_covariance() } else { let M = matrix(D, D); &M + M.transpose() };
            let setting = setting.with_weight_decay((&decay + decay.transpose()) * 0.5).unwrap();
            let rows = if mu == 0.0 { D } else { 2 * D };
            (setting.with_momentum(Momentum::new(mu).unwrap()), gram(matrix(rows, rows)))
        }
    }

    /// 3 is more than √1 √4, by a half; and zeros on the diagonal have a floor, ε of the largest entry's root.
    #[test]
    fn entries_are_bounded_by_a_product() {
        let of = |entries: [f64; 4]| bound_of_entries(&Matrix::from_row_slice(2, 2, &entries));
        let close = |found: Vector<f64>, expected: [f64; 2]| {
            assert!((&found - Vector::from_row_slice(&expected)).norm() < 1e-15, "{found}");
        };
        close(of([1.0, 1.5, 1.5, 4.0]), [1.0, 2.0]);
        close(of([1.0, 3.0, 3.0, 4.0]), [1.5_f64.sqrt(), 6.0_f64.sqrt()]);
        close(of([4.0, 0.0, 0.0, 0.0]), [2.0, 2.0 * f64::EPSILON]);
        // What is within the bound of the floor changes nothing: 2 · 2ε is 4ε.
        close(of([4.0, 4.0 * f64::EPSILON, 4.0 * f64::EPSILON, 0.0]), [2.0, 2.0 * f64::EPSILON]);
        assert_eq!(of([0.0; 4]), Vector::zeros(2));
        assert_eq!(gamma(1 << 51, f64::UNIT), 1.0 / 3.0);
        assert_eq!(root_mean_square(&Matrix::<f64>::zeros(2, 1), |n, _| if n == 0 { 1.0 } else { 7.0 })[0], 5.0);
    }

    /// One weight with momentum: Γ = 1/2, λ = 1/8, μ = 1/4, f = 1/4, and P = [[2, −1], [−1, 3]]. Each term by hand, to a part in a
    /// thousand.
    #[test]
    fn each_term_is_that_computed_by_hand() {
        let gaussian = Population::Gaussian(Gaussian {
            feature_covariance: scalar(3.0),
            input_noise_covariance: scalar(0.0),
            label_noise_variance: 1.0,
            true_weights: Vector::zeros(1),
        });
        // Mean squares 5 and 41, and the latter is not 5².
        let data =
            Population::Data(DataSet { features: Matrix::from_row_slice(2, 1, &[1.0, 3.0]), labels: Vector::zeros(2) });
        for (population, M, fourth, samples) in [(gaussian, 3.0, 9.0, 0), (data, 5.0, 41.0, 2 * terms_of_samples(2))] {
            let setting = Setting::new(population, scalar(0.125), BatchSize::new(4).unwrap()).unwrap();
            let setting = setting.with_weight_decay(scalar(0.5)).unwrap().with_momentum(Momentum::new(0.25).unwrap());
            let (lambda, f, C) = (0.125, 0.25, 6.0);
            let P = Matrix::from_row_slice(2, 2, &[2.0, -1.0, -1.0, 3.0]);
            let (columns, size) = ([5.0_f64.sqrt(), 10.0_f64.sqrt()], 15.0_f64.sqrt());
            let step = Step::of_setting(&setting);
            let unit = f64::EPSILON / 2.0;
            let gamma = (3 * (2 + 8) + samples) as f64 * unit;
            let pull = lambda * (M + 0.5);
            let increment = [pull + 0.25, pull + 0.75];
            let constant = Rounding(vec![(Vector::from_element(1, 5.0), Vector::from_element(1, 7.0))]);
            let found = Magnitude::new(&step, setting.weight_decay()).residual(&P, &scalar(C), constant).rounding;
            let of = |i: usize, j: usize| {
                let noise = lambda * lambda * f * gamma * 2.0;
                [
                    (increment[i] * columns[j] + columns[i] * increment[j]) * gamma,
                    increment[i] * increment[j] * gamma * size,
                    noise * M * M,
                    noise * fourth,
                    UNDERFLOW,
                    2.0 * lambda * lambda * 35.0,
                    lambda * lambda * C * 8.0 * unit,
                ]
            };
            assert_eq!(found.0.len(), 7);
            for (i, j) in [(0, 0), (0, 1), (1, 1)] {
                for (k, ((a, b), expected)) in found.0.iter().zip(of(i, j)).enumerate() {
                    let term = a[i] * b[j] + b[i] * a[j];
                    assert!((term / expected - 1.0).abs() < 1e-3, "term {k} of ({i}, {j}): {term:e}, not {expected:e}");
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn rounding_stays_below_its_bound((setting, P) in settings()) {
            let worst = worst(&setting, &P);
            prop_assert!(worst < 1.0, "{worst}");
        }
    }
}
