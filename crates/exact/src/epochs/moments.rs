//! The first two moments of z = (v, m), and what a step with a given minibatch makes of them.
//!
//! With H the mean of xxᵀ over the minibatch, plus Γ, and b = ĝ(w*), the gradient is ĝ = Hv + b, so that
//!
//! ```text
//! z' = F z + c,    F = [I − ΛH, −μΛ; H, μI],    c = [−Λb; b]
//! ```
//!
//! For μ = 0 the m of a step is forgotten in the next, and z = v.

use std::ops::Mul;

use numbers::matrix::{self, Matrix, Vector};
use rug::Rational;
use symbols::{DataSet, Setting};

use crate::stationary::triangle;

/// E\[1; z; zzᵀ\], over a part of all cases.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    /// The probability of the part.
    pub(super) mass: Rational,
    pub(super) first: Vector<Rational>,
    pub(super) second: Matrix<Rational>,
}

impl Sums {
    pub(super) fn zero(n: usize) -> Self {
        Sums { mass: Rational::new(), first: Vector::zeros(n), second: Matrix::zeros(n, n) }
    }

    /// One for each unknown, in the order of [`Sums::column`]: the lower triangle, z, and last the probability.
    pub(super) fn basis(n: usize) -> Vec<Self> {
        let one = || Rational::from(1);
        let mut all = Vec::new();
        for (i, j) in triangle(n) {
            let mut sums = Sums::zero(n);
            sums.second[(i, j)] = one();
            sums.second[(j, i)] = one();
            all.push(sums);
        }
        for i in 0..n {
            let mut sums = Sums::zero(n);
            sums.first[i] = one();
            all.push(sums);
        }
        all.push(Sums { mass: one(), ..Sums::zero(n) });
        all
    }

    pub(super) fn column(&self) -> Vector<Rational> {
        let n = self.first.len();
        let second = triangle(n).map(|place| self.second[place].clone());
        let all = Vec::from_iter(second.chain(self.first.iter().cloned()).chain([self.mass.clone()]));
        Vector::from_vec(all)
    }

    /// Moments with the probability 1, from all entries of a column but the last.
    pub(super) fn from_column(n: usize, column: &Vector<Rational>) -> Self {
        let mut sums = Sums { mass: Rational::from(1), ..Sums::zero(n) };
        let entries = &mut column.iter().cloned();
        for ((i, j), entry) in triangle(n).zip(entries.by_ref()) {
            sums.second[(j, i)] = entry.clone();
            sums.second[(i, j)] = entry;
        }
        sums.first.iter_mut().zip(entries).for_each(|(place, entry)| *place = entry);
        sums
    }

    pub(super) fn add(&mut self, other: Sums) {
        self.mass += other.mass;
        self.first += other.first;
        self.second += other.second;
    }
}

impl Mul<Rational> for Sums {
    type Output = Sums;

    fn mul(self, factor: Rational) -> Sums {
        Sums { mass: self.mass * &factor, first: self.first * factor.clone(), second: self.second * factor }
    }
}

/// Eq. (1), with a given minibatch.
pub(super) struct Step<'a> {
    setting: &'a Setting<Rational>,
    data: &'a DataSet<Rational>,
    /// xᵀw* − y.
    residuals: Vector<Rational>,
    /// Γw*.
    decay: Vector<Rational>,
    hessian: Matrix<Rational>,
}

impl<'a> Step<'a> {
    pub(super) fn new(
        setting: &'a Setting<Rational>,
        data: &'a DataSet<Rational>,
        minimizer: &Vector<Rational>,
    ) -> Self {
        let residuals = &data.features * minimizer - &data.labels;
        Step { setting, data, residuals, decay: setting.weight_decay() * minimizer, hessian: setting.hessian() }
    }

    /// The length of z.
    pub(super) fn order(&self) -> usize {
        if *self.setting.momentum() == 0 { self.setting.dimension() } else { 2 * self.setting.dimension() }
    }

    /// H and b.
    fn gradient(&self, batch: &[usize]) -> (Matrix<Rational>, Vector<Rational>) {
        let D = self.setting.dimension();
        let (mut squares, mut slopes) = (Matrix::zeros(D, D), Vector::zeros(D));
        for &i in batch {
            let x = self.data.features.row(i).transpose();
            squares += matrix::outer(&x, &x);
            slopes += x * self.residuals[i].clone();
        }
        let share = Rational::from((1, batch.len()));
        (squares * share.clone() + self.setting.weight_decay(), slopes * share + &self.decay)
    }

    /// Moments after the step, of those before it.
    pub(super) fn after(&self, before: &Sums, batch: &[usize]) -> Sums {
        let (F, c) = self.map(batch);
        let moved = &F * &before.first;
        let across = matrix::outer(&moved, &c);
        Sums {
            mass: before.mass.clone(),
            first: moved + &c * before.mass.clone(),
            second: matrix::sandwich(&F, &before.second)
                + &across
                + across.transpose()
                + matrix::outer(&c, &c) * before.mass.clone(),
        }
    }

    /// F and c.
    fn map(&self, batch: &[usize]) -> (Matrix<Rational>, Vector<Rational>) {
        let (H, b) = self.gradient(batch);
        let (D, L, mu) = (self.setting.dimension(), self.setting.learning_rate(), self.setting.momentum());
        let contraction = matrix::identity(D) - L * &H;
        if *mu == 0 {
            return (contraction, -(L * b));
        }
        let mut F = Matrix::zeros(2 * D, 2 * D);
        F.view_mut((0, 0), (D, D)).copy_from(&contraction);
        F.view_mut((0, D), (D, D)).copy_from(&(L * -mu.clone()));
        F.view_mut((D, 0), (D, D)).copy_from(&H);
        F.view_mut((D, D), (D, D)).copy_from(&(matrix::identity(D) * mu.clone()));
        let mut c = Vector::zeros(2 * D);
        c.rows_mut(0, D).copy_from(&-(L * &b));
        c.rows_mut(D, D).copy_from(&b);
        (F, c)
    }

    /// E\[(ĝ − ∇L)(ĝ − ∇L)ᵀ\], with ĝ − ∇L = (H − K) v + b.
    pub(super) fn noise(&self, before: &Sums, batch: &[usize]) -> Matrix<Rational> {
        let D = self.setting.dimension();
        let (H, b) = self.gradient(batch);
        let excess = H - &self.hessian;
        let across = matrix::outer(&(&excess * before.first.rows(0, D)), &b);
        matrix::sandwich(&excess, &before.second.view((0, 0), (D, D)).into_owned())
            + &across
            + across.transpose()
            + matrix::outer(&b, &b) * before.mass.clone()
    }
}
