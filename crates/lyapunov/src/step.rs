//! One step of the joint second moments: the definition that every answer is held against.
//!
//! With v = w − w* and p = Λm, the gradient is ĝ = Kv + ξ, where ξ has mean zero and covariance C given v. So z = (v,
//! p) obeys
//!
//! ```text
//! p' = μp + ΛKv + Λξ,  v' = v − p':    z' = (I + N) z + J ξ,    N = [−ΛK, −μI; ΛK, −(1−μ)I],    J = [−Λ; Λ]
//! P' = Φ(P) + J C(0) Jᵀ,    Φ(P) = (I + N) P (I + N)ᵀ + J (C(P_vv) − C(0)) Jᵀ,    P = E[z zᵀ]
//! ```
//!
//! Φ is positive: it maps positive semidefinite matrices to such. For μ = 0 the p of a step is forgotten in the next,
//! and z = v with N = −ΛK, J = −Λ.
//!
//! The equation of the stationary state is P − Φ(P) = J C(0) Jᵀ. Its left side is evaluated as
//! −(NP + PNᵀ + NPNᵀ) − J (C(P_vv) − C(0)) Jᵀ, in which a small Λ cancels nothing.

use std::borrow::Cow;

use numbers::Matrix;
use symbols::Setting;

use crate::arithmetic::Arithmetic;
use crate::noise::Noise;

pub(crate) struct Step<'a, T: Arithmetic> {
    pub(crate) noise: Noise<'a, T>,
    /// Λ.
    pub(crate) learning_rate: Rate<T>,
    /// K.
    pub(crate) hessian: Matrix<T>,
    /// μ.
    pub(crate) momentum: T,
    /// N.
    increment: Matrix<T>,
}

/// Λ, which costs nothing to multiply with where it is a number.
#[derive(Clone)]
pub(crate) enum Rate<T: Arithmetic> {
    /// λI.
    Number(T),
    /// Any other.
    Matrix(Matrix<T>),
}

impl<T: Arithmetic> Rate<T> {
    pub(crate) fn new(M: &Matrix<T>) -> Self {
        let Some(number) = M.get((0, 0)).cloned() else { return Rate::Number(T::zero()) };
        let entry = |i: usize, j: usize| if i == j { M[(i, j)] == number } else { M[(i, j)].is_zero() };
        let is_number = (0..M.ncols()).all(|j| (0..M.nrows()).all(|i| entry(i, j)));
        if is_number { Rate::Number(number) } else { Rate::Matrix(M.clone()) }
    }

    /// Λ, of this order.
    pub(crate) fn matrix(&self, order: usize) -> Matrix<T> {
        match self {
            Rate::Number(lambda) => Matrix::from_diagonal_element(order, order, lambda.clone()),
            Rate::Matrix(L) => L.clone(),
        }
    }

    /// Λ M.
    pub(crate) fn times(&self, M: &Matrix<T>) -> Matrix<T> {
        match self {
            Rate::Number(lambda) => M * lambda.clone(),
            Rate::Matrix(L) => T::product(L, M),
        }
    }

    /// Λ C Λ for a symmetric C.
    pub(crate) fn around(&self, C: &Matrix<T>) -> Matrix<T> {
        match self {
            Rate::Number(lambda) => C * (lambda.clone() * lambda),
            Rate::Matrix(L) => T::symmetric_product(&T::product(L, C), L),
        }
    }
}

impl<'a, T: Arithmetic> Step<'a, T> {
    pub(crate) fn of_setting(setting: &'a Setting<T>) -> Self {
        let noise = Noise::new(setting);
        let hessian = &noise.second_moment + setting.weight_decay();
        Step::new(noise, Rate::new(setting.learning_rate()), hessian, setting.momentum().clone())
    }

    /// The step of some of the weights, the others staying where they are: with Λ, K and the features of these alone.
    pub(crate) fn among(setting: &Setting<T>, noise: &Noise<'a, T>, active: &[usize]) -> Self {
        let among = |M: &Matrix<T>| M.select_rows(active).select_columns(active);
        let hessian = among(&(&noise.second_moment + setting.weight_decay()));
        let noise = Noise {
            factor: noise.factor.clone(),
            second_moment: among(&noise.second_moment),
            features: noise.features.as_ref().map(|X| Cow::Owned(X.select_columns(active))),
        };
        Step::new(noise, Rate::new(&among(setting.learning_rate())), hessian, setting.momentum().clone())
    }

    pub(crate) fn new(noise: Noise<'a, T>, learning_rate: Rate<T>, hessian: Matrix<T>, momentum: T) -> Self {
        let pull = learning_rate.times(&hessian);
        let increment = if momentum.is_zero() {
            -pull
        } else {
            let lost = Matrix::from_diagonal_element(pull.nrows(), pull.ncols(), momentum.clone() - T::one());
            let carried = Matrix::from_diagonal_element(pull.nrows(), pull.ncols(), -momentum.clone());
            stacked(&[&[&-&pull, &carried], &[&pull, &lost]])
        };
        Step { noise, learning_rate, hessian, momentum, increment }
    }

    /// D.
    pub(crate) fn dimension(&self) -> usize {
        self.hessian.nrows()
    }

    /// Rows of P.
    pub(crate) fn rows(&self) -> usize {
        self.increment.nrows()
    }

    /// P − Φ(P).
    pub(crate) fn settled(&self, P: &Matrix<T>) -> Matrix<T> {
        self.residual(P, &self.noise.linear(&self.fluctuation(P)))
    }

    /// P − Φ(P) − J C(0) Jᵀ, given C(P_vv).
    pub(crate) fn residual(&self, P: &Matrix<T>, noise_covariance: &Matrix<T>) -> Matrix<T> {
        let moved = T::product(&self.increment, P);
        let twice = T::symmetric_product(&moved, &self.increment);
        -(&moved + moved.transpose() + twice) - self.injected(noise_covariance)
    }

    /// J C Jᵀ.
    pub(crate) fn injected(&self, C: &Matrix<T>) -> Matrix<T> {
        self.kicked(self.learning_rate.around(C))
    }

    /// J C Jᵀ, from ΛCΛ.
    pub(crate) fn kicked(&self, kick: Matrix<T>) -> Matrix<T> {
        if self.momentum.is_zero() { kick } else { stacked(&[&[&kick, &-&kick], &[&-&kick, &kick]]) }
    }

    /// The P whose P_vv is Σ and for which all but the step of P_pp is stationary.
    ///
    /// v = v' + p' gives P_vv = P_vv + P_vp + P_pv + P_pp, and E\[v p'ᵀ\] = E\[(v' + p')p'ᵀ\] gives P_vp + P_pp =
    /// μP_vp + ΣKΛ. Together, P_pp = (ΛKΣ + ΣKΛ)/(1 + μ) and P_vp = (ΣKΛ − P_pp)/(1 − μ). What is left, the step of
    /// P_pp, is eq. (3).
    pub(crate) fn joint(&self, fluctuation: &Matrix<T>) -> Matrix<T> {
        if self.momentum.is_zero() {
            return fluctuation.clone();
        }
        let one = T::one();
        let pulled = T::product(fluctuation, &self.learning_rate.times(&self.hessian).transpose());
        let of_steps = (&pulled + pulled.transpose()) / (one.clone() + &self.momentum);
        let across = (pulled - &of_steps) / (one - &self.momentum);
        stacked(&[&[fluctuation, &across], &[&across.transpose(), &of_steps]])
    }

    /// P_vv.
    pub(crate) fn fluctuation(&self, P: &Matrix<T>) -> Matrix<T> {
        P.view((0, 0), (self.dimension(), self.dimension())).into_owned()
    }
}

/// A matrix from blocks of equal size.
pub(crate) fn stacked<T: Arithmetic>(blocks: &[&[&Matrix<T>]]) -> Matrix<T> {
    let (rows, columns) = blocks[0][0].shape();
    Matrix::from_fn(rows * blocks.len(), columns * blocks[0].len(), |i, j| {
        blocks[i / rows][j / columns][(i % rows, j % columns)].clone()
    })
}
