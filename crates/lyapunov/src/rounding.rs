//! Bounds on rounding, from the sizes of the numbers that meet.
//!
//! An entry of a product of matrices is a sum of products in some order. It is off by at most γ ‖aᵢ‖‖bⱼ‖ for the row aᵢ
//! and the column bⱼ that meet in it (Cauchy–Schwarz, on absolute values). Such bounds are outer products of two
//! columns of numbers, whatever is done to them later, and cost a look at each matrix.

use matrix_equations::rounding::{SAFETY, gamma};
use numbers::{Matrix, Vector};
use symbols::{Population, Setting};

use crate::arithmetic::{Arithmetic, terms_of_samples};
use crate::step::{Rate, Step};

/// The sources of an error: the numbers of the problem, and the operations on them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Doubt {
    /// A bound on the relative error of each number of the problem; 0 where they are what is meant.
    pub(crate) input: f64,
    /// Whether operations are rounded. They are not where a bound is to speak of the numbers alone.
    pub(crate) operations: bool,
}

impl Doubt {
    /// The doubt about operations on numbers that are exact.
    #[cfg(test)]
    pub(crate) const OPERATIONS: Doubt = Doubt { input: 0.0, operations: true };

    /// γₙ for n operations, and c times the error of a number for the c numbers that are multiplied on the way.
    pub(crate) fn of(self, operations: usize, numbers: usize, unit: f64) -> f64 {
        let rounded = if self.operations { gamma(operations, unit) } else { 0.0 };
        rounded + gamma(numbers, self.input)
    }
}

/// The most numbers of a problem that meet in one product. In J(C(P_vv) − C(0))Jᵀ for a data set these are Λ twice and
/// features four times; in NPNᵀ they are Λ twice and K twice, which for a data set is a product of two features.
const FACTORS: usize = 6;

/// No result below this is rounded with a small relative error.
const UNDERFLOW: f64 = 1e-250;

/// A bound on the entries of a symmetric matrix: Σ aᵢbⱼ + bᵢaⱼ.
#[derive(Default)]
pub(crate) struct Rounding(pub(crate) Vec<(Vector<f64>, Vector<f64>)>);

impl Rounding {
    /// The pair of columns that stands for a aᵀ.
    pub(crate) fn square(a: Vector<f64>) -> (Vector<f64>, Vector<f64>) {
        let half = &a * 0.5;
        (a, half)
    }

    /// The bound along some of the weights.
    pub(crate) fn among(&self, active: &[usize]) -> Self {
        self.map(|a| a.select_rows(active))
    }

    /// A bound on each entry of a matrix of this order.
    pub(crate) fn entries(&self, n: usize) -> Matrix<f64> {
        let entry = |i: usize, j: usize| self.0.iter().map(|(a, b)| a[i] * b[j] + b[i] * a[j]).sum::<f64>() * SAFETY;
        Matrix::from_fn(n, n, entry)
    }

    /// The bound with another column in place of each.
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

/// The norm of each column.
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
    /// The sizes for some of the weights of a setting with this M.
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
    /// |Λ|, and the norms of its rows.
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
    /// The sizes of a step with this Γ, whose numbers are exact.
    #[cfg(test)]
    pub(crate) fn new(step: &'a Step<'a, T>, weight_decay: &Matrix<T>) -> Self {
        let sizes = |M: &Matrix<T>| M.map(|v| v.to_f64().abs());
        let (second_moment, weight_decay) = (sizes(&step.noise.second_moment), sizes(weight_decay));
        Magnitude::of(step, &Sizes { second_moment, weight_decay, learning_rate: None }, Doubt::OPERATIONS)
    }

    /// The sizes of a step that is made of numbers of these sizes.
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

    /// A bound on the rounding of P − Φ(P) = −(NP + PNᵀ + NPNᵀ) − J(C(P_vv) − C(0))Jᵀ.
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
        // Zeros are not rounded.
        if size > 0.0 {
            terms.push(Rounding::square(Vector::from_element(self.step.rows(), UNDERFLOW.sqrt())));
        }
        Rounding(terms)
    }

    /// A bound on the rounding of J(C(Σ) − C(0))Jᵀ.
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

    /// A bound on the rounding of J C Jᵀ, for a C that is itself off by `rounding`.
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
mod tests;
