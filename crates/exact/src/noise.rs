//! The covariance of the minibatch gradient, averaged over v: affine in Σ, from the moments of one sample.
//!
//! A sample's gradient at w = w* + v is ∇ℓ = x̃e + Γw with the residual e = x̃ᵀw − y. Its mean over samples is Kv. For
//! ĝ, the mean of S gradients, sum over pairs of slots:
//!
//! ```text
//! E[ĝĝᵀ] = (1/S²) (S E[g gᵀ] + S(S−1) E[g_I g_Jᵀ])
//! ```
//!
//! where with replacement I and J are independent, E\[g_I g_Jᵀ\] = ḡḡᵀ, and without they are distinct,
//! E\[g_I g_Jᵀ\] = (N ḡḡᵀ − E\[g gᵀ\])/(N − 1). Adding the same constant to every gradient changes no covariance, so
//! cov(ĝ) = f (E\[x̃x̃ᵀe²\] − E\[x̃e\]E\[x̃e\]ᵀ) with f = 1/S or (N − S)/(S(N − 1)).

use numbers::{Matrix, Scalar, Vector, matrix};
use symbols::{Population, Sampling, Setting};

/// C(Σ), affine in Σ.
pub(crate) struct Noise<'a, T: Scalar> {
    setting: &'a Setting<T>,
    /// f: what S draws leave of the covariance of one.
    factor: T,
    /// M = E\[x̃x̃ᵀ\] = A + B.
    second_moment: Matrix<T>,
    /// w*.
    minimizer: Vector<T>,
    /// The residual at w* of every sample of a data set.
    residuals: Vector<T>,
    /// Fourth moments of the features of a data set.
    fourth: FourthMoments<T>,
}

impl<'a, T: Scalar> Noise<'a, T> {
    pub(crate) fn new(setting: &'a Setting<T>, minimizer: Vector<T>) -> Self {
        let (residuals, fourth) = match setting.population() {
            Population::Gaussian(_) => (Vector::zeros(0), FourthMoments(Vec::new())),
            Population::Data(data) => (&data.features * &minimizer - &data.labels, FourthMoments::of(&data.features)),
        };
        let second_moment = setting.feature_covariance() + setting.input_noise_covariance();
        Noise { setting, factor: slots(setting), second_moment, minimizer, residuals, fourth }
    }

    /// C at v = 0.
    pub(crate) fn constant(&self) -> Matrix<T> {
        let square = match self.setting.population() {
            Population::Gaussian(_) => self.wick(&self.at_minimizer()),
            Population::Data(data) => {
                let mean = data.features.transpose() * &self.residuals / count::<T>(data.labels.len());
                let squares = Vec::from_iter(self.residuals.iter().map(|r| r.clone() * r));
                weighted_square(&data.features, &squares) - matrix::outer(&mean, &mean)
            }
        };
        square * self.factor.clone()
    }

    /// C(Σ) − C(0).
    pub(crate) fn linear(&self, fluctuation: &Matrix<T>) -> Matrix<T> {
        let M = &self.second_moment;
        let square = match self.setting.population() {
            // e − e* = x̃ᵀv: averaged over v, cov(x̃, e) cov(e, x̃) gains MΣM and var(e) gains Tr[MΣ].
            Population::Gaussian(_) => matrix::sandwich(M, fluctuation) + M * matrix::trace(&(M * fluctuation)),
            Population::Data(_) => self.fourth.contracted(fluctuation) - matrix::sandwich(M, fluctuation),
        };
        square * self.factor.clone()
    }

    /// cov(x̃, e) and var(e) at w*: e = w*ᵀη + (w* − u)ᵀx − ε, x̃ = x + η.
    pub(crate) fn at_minimizer(&self) -> (Vector<T>, T) {
        let Population::Gaussian(model) = self.setting.population() else {
            return (Vector::zeros(self.minimizer.len()), T::zero());
        };
        let (w, offset) = (&self.minimizer, &self.minimizer - &model.true_weights);
        let of_x = &model.feature_covariance * &offset;
        let of_noise = &model.input_noise_covariance * w;
        let variance = offset.dot(&of_x) + w.dot(&of_noise) + &model.label_noise_variance;
        (of_x + of_noise, variance)
    }

    /// E\[x̃x̃ᵀe²\] − E\[x̃e\]E\[x̃e\]ᵀ by Wick's three pairings of (x̃ᵢ, e, x̃ⱼ, e): cov(x̃ᵢ, x̃ⱼ) var(e) + 2 cov(x̃ᵢ,
    /// e) cov(x̃ⱼ, e), less one of the latter.
    fn wick(&self, (covariance, variance): &(Vector<T>, T)) -> Matrix<T> {
        &self.second_moment * variance.clone() + matrix::outer(covariance, covariance)
    }
}

/// f, from the pairs of slots.
pub(crate) fn slots<T: Scalar>(setting: &Setting<T>) -> T {
    let S = setting.draws();
    match (setting.sampling(), setting.sample_count()) {
        (Sampling::WithoutReplacement, Some(N)) if N > 1 => (count::<T>(N) - S) / (count::<T>(N - 1) * S),
        // The one subset of one sample has no noise, and neither has the one sample.
        (Sampling::WithoutReplacement, _) => T::zero(),
        (Sampling::WithReplacement, _) => T::one() / S,
    }
}

fn count<T: Scalar>(N: usize) -> T {
    T::from_integer(N as i64)
}

/// (1/N) Σ cᵢ xᵢxᵢᵀ.
fn weighted_square<T: Scalar>(features: &Matrix<T>, weights: &[T]) -> Matrix<T> {
    let weighted = Matrix::from_fn(features.nrows(), features.ncols(), |i, j| features[(i, j)].clone() * &weights[i]);
    features.transpose() * weighted / count::<T>(features.nrows())
}

/// E\[xᵢxⱼxₖxₗ\] of a data set, once for every multiset of indices: its N samples are summed over here and nowhere
/// else.
struct FourthMoments<T>(Vec<T>);

impl<T: Scalar> FourthMoments<T> {
    fn of(features: &Matrix<T>) -> Self {
        let (N, D) = features.shape();
        let mut sums = vec![T::zero(); place([0, 0, 0, D])];
        for x in features.row_iter() {
            for i in 0..D {
                for j in 0..=i {
                    let pair = x[i].clone() * &x[j];
                    for k in 0..=j {
                        let triple = pair.clone() * &x[k];
                        for l in 0..=k {
                            sums[place([l, k, j, i])] += triple.clone() * &x[l];
                        }
                    }
                }
            }
        }
        FourthMoments(sums.into_iter().map(|sum| sum / count::<T>(N)).collect())
    }

    /// E\[xxᵀ (xᵀSx)\] for a symmetric S.
    fn contracted(&self, S: &Matrix<T>) -> Matrix<T> {
        let D = S.nrows();
        let nonzero = Vec::from_iter((0..D * D).map(|kl| (kl / D, kl % D)).filter(|&kl| !S[kl].is_zero()));
        let mut square = Matrix::<T>::zeros(D, D);
        for i in 0..D {
            for j in 0..=i {
                for &(k, l) in &nonzero {
                    let mut indices = [i, j, k, l];
                    indices.sort_unstable();
                    square[(i, j)] += self.0[place(indices)].clone() * &S[(k, l)];
                }
            }
        }
        square.fill_upper_triangle_with_lower_triangle();
        square
    }
}

/// The place of an ascending quadruple among all of them: C(i, 1) + C(j + 1, 2) + C(k + 2, 3) + C(l + 3, 4).
fn place([i, j, k, l]: [usize; 4]) -> usize {
    i + j * (j + 1) / 2 + k * (k + 1) * (k + 2) / 6 + l * (l + 1) * (l + 2) * (l + 3) / 24
}
