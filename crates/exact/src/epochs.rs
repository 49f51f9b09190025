//! SGD over shuffled epochs: the mean over all orders of the samples, exactly.
//!
//! Minibatches of an epoch depend on each other, but not on the weights: those that are to come depend on the past only
//! through the set R of samples that are left. So the first two moments of z = (v, m), v = w − w*, taken where R is
//! left, go from step to step by a linear map, and the mean over the N! orders of an epoch is a sum over its subsets.
//!
//! Deliberately absent: any order of the samples. The tests enumerate them instead.

mod cut;
mod moments;

use numbers::matrix::{self, Matrix, Vector};
use rug::Rational;
use symbols::{LastBatch, Population, Setting};

use crate::stationary::least_loss;
use crate::{ExactError, linear};
use cut::Cut;
use moments::{Step, Sums};

/// The most that N times the number of minibatches may be for [`shuffled_epochs`], which looks at those of each step of
/// a cycle and each set of samples that can be left before it.
pub const EPOCHS_LIMIT: usize = 1_000_000;

/// The stationary state of SGD over shuffled epochs.
///
/// From step to step of a cycle the law of the weights differs, and in none of them E\[w\] is w*. Every mean here is
/// also one over the steps of a cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EpochMoments {
    /// Steps from a minibatch that begins with an epoch to the next that does.
    pub cycle: usize,
    /// E\[w\] − w*.
    pub mean_offset: Vector<Rational>,
    /// E\[(w − w*)(w − w*)ᵀ\] = Σ + (E\[w\] − w*)(E\[w\] − w*)ᵀ.
    pub mean_square: Matrix<Rational>,
    /// Σ = cov(w).
    pub fluctuation: Matrix<Rational>,
    /// E\[(ĝ − ∇L(w))(ĝ − ∇L(w))ᵀ\]: where minibatches depend on each other, ĝ − ∇L(w) has a mean at given weights.
    pub noise_covariance: Matrix<Rational>,
    /// E\[L(w)\] = L(w*) + ½ Tr\[K E\[(w − w*)(w − w*)ᵀ\]\].
    pub train_loss: Rational,
}

/// The stationary state of eq. (1) where minibatches are cut from shuffled epochs. The sampling of the setting is not
/// looked at.
///
/// # Solvability
/// Over a cycle the second moments go by P ↦ Φ(P) + …, and Φ maps positive semidefinite matrices to such. As for
/// [`stationary`](crate::stationary), they converge if and only if Y − Φ(Y) = I has a solution Y ≻ 0; then the first
/// moments, whose squares they bound, do, too.
///
/// # Errors
/// [`ExactError::NoDataSet`], [`ExactError::NoMinibatch`], [`ExactError::TooManyEpochs`],
/// [`ExactError::SingularHessian`], [`ExactError::Unstable`].
pub fn shuffled_epochs(setting: &Setting<Rational>, last: LastBatch) -> Result<EpochMoments, ExactError> {
    let Population::Data(data) = setting.population() else { return Err(ExactError::NoDataSet) };
    let (N, S) = (data.labels.len(), setting.batch_size().get() as usize);
    let cut = Cut { samples: N, batch_size: S, last };
    if last == LastBatch::Drop && S > N {
        return Err(ExactError::NoMinibatch { samples: N, batch_size: setting.batch_size().get() });
    }
    if cut.minibatches().saturating_mul(N as u128) > EPOCHS_LIMIT as u128 {
        let batch_size = setting.batch_size().get();
        return Err(ExactError::TooManyEpochs { samples: N, batch_size, limit: EPOCHS_LIMIT });
    }
    let w = setting.minimizer().map_err(|source| ExactError::SingularHessian { source })?;
    let process = Process { setting, cut, step: Step::new(setting, data, &w) };
    let start = process.fixed_point()?;
    let mean = process.mean(start);
    let half = Rational::from((1, 2));
    let train_loss = least_loss(setting, &w) + matrix::trace(&(setting.hessian() * &mean.mean_square)) * half;
    Ok(EpochMoments { train_loss, ..mean })
}

/// Moments that go from step to step.
struct Process<'a> {
    setting: &'a Setting<Rational>,
    cut: Cut,
    step: Step<'a>,
}

impl Process<'_> {
    /// Moments after a cycle; `observe` sees each step: the moments before it, its minibatch, and the moments after it.
    fn cycle(&self, start: Sums, mut observe: impl FnMut(&Sums, &[usize], &Sums)) -> (usize, Sums) {
        let mut states = vec![(self.cut.full(), start)];
        let mut steps = 0;
        loop {
            let mut next: Vec<(Vec<usize>, Sums)> = Vec::new();
            for (rest, sums) in states {
                let draws = self.cut.draws(&rest);
                let before = sums * Rational::from((1, draws.len()));
                for (batch, rest) in draws {
                    let after = self.step.after(&before, &batch);
                    observe(&before, &batch, &after);
                    match next.binary_search_by(|(known, _)| known.cmp(&rest)) {
                        Ok(place) => next[place].1.add(after),
                        Err(place) => next.insert(place, (rest, after)),
                    }
                }
            }
            states = next;
            steps += 1;
            // A cycle ends where the state is one: nothing of an epoch has been used.
            if let [(rest, _)] = &states[..]
                && *rest == self.cut.full()
                && let Some((_, end)) = states.pop()
            {
                return (steps, end);
            }
        }
    }

    /// The moments at the beginning of a cycle that come back at its end.
    fn fixed_point(&self) -> Result<Sums, ExactError> {
        let n = self.step.order();
        let basis = Sums::basis(n);
        let unknowns = basis.len() - 1;
        let images = Vec::from_iter(basis.iter().map(|sums| self.cycle(sums.clone(), |_, _, _| ()).1.column()));
        let (constant, linear) = (images[unknowns].rows(0, unknowns).into_owned(), &images[..unknowns]);
        let columns = Vec::from_iter(linear.iter().map(|image| image.rows(0, unknowns).into_owned()));
        let identity = Sums { second: matrix::identity(n), ..Sums::zero(n) };
        let right = Matrix::from_columns(&[constant, identity.column().rows(0, unknowns).into_owned()]);
        let equations = matrix::identity(unknowns) - Matrix::from_columns(&columns);
        // A singular system has 1 among the eigenvalues of the cycle.
        let solution = linear::solve(&equations, &right).map_err(|_| ExactError::Unstable)?;
        let [moments, Y] = [0, 1].map(|side| Sums::from_column(n, &solution.column(side).into_owned()));
        // First moments enter the second, and not the other way: the second side has none.
        if matrix::is_positive_definite(&Y.second) { Ok(moments) } else { Err(ExactError::Unstable) }
    }

    /// The means over a cycle; the loss is left to be said.
    fn mean(&self, start: Sums) -> EpochMoments {
        let D = self.setting.dimension();
        let mut total = Sums::zero(self.step.order());
        let mut noise_covariance = Matrix::zeros(D, D);
        let (cycle, _) = self.cycle(start, |before, batch, after| {
            total.add(after.clone());
            noise_covariance += self.step.noise(before, batch);
        });
        let share = Rational::from((1, cycle));
        let mean = total * share.clone();
        let mean_offset = mean.first.rows(0, D).into_owned();
        let mean_square = mean.second.view((0, 0), (D, D)).into_owned();
        EpochMoments {
            cycle,
            fluctuation: &mean_square - matrix::outer(&mean_offset, &mean_offset),
            mean_offset,
            mean_square,
            noise_covariance: noise_covariance * share,
            train_loss: Rational::new(),
        }
    }
}
