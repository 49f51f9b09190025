//! Where minibatches come from: the literal draws, for Gaussian features and for a data set.
//!
//! Both are written in the w of eq. (1), and both also say what part of ĝ is noise, ĝ − ∇L(w). Nothing here knows
//! what the moments of either are.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use symbols::{Matrix, Sampling, Setting, Vector};

use crate::MonteCarloError;
use crate::factor::factor;
use crate::linear::{Linear, Width, add_multiple, dot};

/// The columns that a draw works in.
pub(crate) struct Workspace<W: Width> {
    /// One sample.
    input: W::Column,
    /// What the sample meets: the residual of a label is its product with this column.
    against: W::Column,
    /// The indices of all samples, in the order that the last subset left them.
    order: Vec<usize>,
}

/// A source of minibatches.
pub(crate) trait Sampler: Sync {
    /// The length of a noise column. It need not be D: see [`Sampler::noise_covariance`].
    fn noise_width(&self) -> usize;

    /// Room for [`Sampler::draw`].
    fn workspace<W: Width>(&self, noise_width: W) -> Workspace<W>;

    /// One minibatch at w: ĝ into `gradient`, and the noise ĝ − ∇L(w), in coordinates of the sampler, into `noise`.
    fn draw<W: Width>(
        &self,
        w: &[f64],
        rng: &mut ChaCha8Rng,
        workspace: &mut Workspace<W>,
        gradient: &mut [f64],
        noise: &mut [f64],
    );

    /// The covariance of ĝ, from that of the noise in coordinates of the sampler.
    fn noise_covariance(&self, of_noise: Matrix<f64>) -> Matrix<f64>;
}

/// Gaussian features.
///
/// With A = L Lᵀ and B = M Mᵀ a sample is x = L z, η = M ζ for standard normal z and ζ. Its residual is
///
/// ```text
/// wᵀx̃ − y = zᵀLᵀ(w − u) + ζᵀMᵀw − ε = (z, ζ)ᵀp − ε,    p = [L M]ᵀw − (Lᵀu, 0),
/// ```
///
/// and its gradient \[L M\] (z, ζ) times that, plus Γw. So the S samples are summed as g = Σ (z, ζ) ((z, ζ)ᵀp − ε), and
/// \[L M\] acts once a step, not once a sample. As E\[(z, ζ)(z, ζ)ᵀ\] = I, the full gradient is \[L M\] p + Γw, and the
/// noise is \[L M\] (g/S − p): it is handed out as g/S − p.
///
/// Draws, sample by sample: z, then ζ unless B = 0, then ε unless σ² = 0.
pub(crate) struct GaussianSampler {
    factor: Matrix<f64>,
    map: Linear,
    /// (Lᵀu, 0).
    offset: Vec<f64>,
    noise_scale: Option<f64>,
    weight_decay: Linear,
    batch_size: u32,
}

impl GaussianSampler {
    pub(crate) fn new(setting: &Setting<f64>, model: &symbols::Gaussian<f64>) -> Result<Self, MonteCarloError> {
        let variance = model.label_noise_variance;
        if variance < 0.0 {
            return Err(MonteCarloError::NegativeVariance { quantity: "label_noise_variance", value: variance });
        }
        let factor = |quantity, M| {
            factor(M)
                .map_err(|indefinite| MonteCarloError::NotPositiveSemidefinite { quantity, pivot: indefinite.pivot })
        };
        let L = factor("feature_covariance", &model.feature_covariance)?;
        let M = factor("input_noise_covariance", &model.input_noise_covariance)?;
        let offset = L.transpose() * &model.true_weights;
        let joint = if M.iter().all(|&entry| entry == 0.0) {
            L
        } else {
            let mut joint = L.clone().resize_horizontally(L.ncols() + M.ncols(), 0.0);
            joint.columns_mut(L.ncols(), M.ncols()).copy_from(&M);
            joint
        };
        Ok(GaussianSampler {
            map: Linear::new(&joint),
            offset: offset.resize_vertically(joint.ncols(), 0.0).as_slice().to_vec(),
            factor: joint,
            noise_scale: (variance > 0.0).then(|| variance.sqrt()),
            weight_decay: Linear::new(setting.weight_decay()),
            batch_size: setting.batch_size().get(),
        })
    }
}

impl Sampler for GaussianSampler {
    fn noise_width(&self) -> usize {
        self.factor.ncols()
    }

    fn workspace<W: Width>(&self, noise_width: W) -> Workspace<W> {
        Workspace { input: noise_width.zeros(), against: noise_width.zeros(), order: Vec::new() }
    }

    #[inline(always)]
    fn draw<W: Width>(
        &self,
        w: &[f64],
        rng: &mut ChaCha8Rng,
        workspace: &mut Workspace<W>,
        gradient: &mut [f64],
        noise: &mut [f64],
    ) {
        let (z, p) = (workspace.input.as_mut(), workspace.against.as_mut());
        p.iter_mut().zip(&self.offset).for_each(|(p, offset)| *p = -offset);
        self.map.add_transposed_product(w, p);
        noise.fill(0.0);
        for _ in 0..self.batch_size {
            z.iter_mut().for_each(|z| *z = rng.sample(StandardNormal));
            let mut residual = dot(z, p);
            if let Some(scale) = self.noise_scale {
                let normal: f64 = rng.sample(StandardNormal);
                residual -= scale * normal;
            }
            add_multiple(residual, z, noise);
        }
        let share = 1.0 / f64::from(self.batch_size);
        noise.iter_mut().for_each(|sum| *sum *= share);
        gradient.fill(0.0);
        self.map.add_product(noise, gradient);
        self.weight_decay.add_product(w, gradient);
        add_multiple(-1.0, p, noise);
    }

    fn noise_covariance(&self, of_noise: Matrix<f64>) -> Matrix<f64> {
        symmetrized(&self.factor * of_noise * self.factor.transpose())
    }
}

/// A data set.
///
/// With replacement: S independent uniform indices. Without: the first S places of a Fisher–Yates shuffle, which is a
/// uniform S-subset whatever order it starts from, so the last step's order serves as the next one's start.
///
/// Draws, sample by sample: one index.
pub(crate) struct DataSampler {
    /// Column i is xᵢ: D×N, so that a sample is contiguous.
    features: Matrix<f64>,
    labels: Vector<f64>,
    hessian: Linear,
    /// b of ∇L(w) = K w − b.
    right_side: Vec<f64>,
    weight_decay: Linear,
    batch_size: u32,
    sampling: Sampling,
}

impl DataSampler {
    pub(crate) fn new(setting: &Setting<f64>, data: &symbols::DataSet<f64>) -> Self {
        DataSampler {
            features: data.features.transpose(),
            labels: data.labels.clone(),
            hessian: Linear::new(&setting.hessian()),
            right_side: setting.label_moment().as_slice().to_vec(),
            weight_decay: Linear::new(setting.weight_decay()),
            batch_size: setting.batch_size().get(),
            sampling: setting.sampling(),
        }
    }

    /// The place of the next index: uniform over those that are still to be had.
    #[inline(always)]
    fn next_index(&self, taken: usize, rng: &mut ChaCha8Rng, order: &mut [usize]) -> usize {
        let N = self.labels.len();
        match self.sampling {
            Sampling::WithReplacement => rng.random_range(0..N),
            Sampling::WithoutReplacement => {
                order.swap(taken, rng.random_range(taken..N));
                order[taken]
            }
        }
    }
}

impl Sampler for DataSampler {
    fn noise_width(&self) -> usize {
        self.features.nrows()
    }

    fn workspace<W: Width>(&self, noise_width: W) -> Workspace<W> {
        let order = (0..self.labels.len()).collect();
        Workspace { input: noise_width.zeros(), against: noise_width.zeros(), order }
    }

    #[inline(always)]
    fn draw<W: Width>(
        &self,
        w: &[f64],
        rng: &mut ChaCha8Rng,
        workspace: &mut Workspace<W>,
        gradient: &mut [f64],
        noise: &mut [f64],
    ) {
        gradient.fill(0.0);
        for taken in 0..self.batch_size as usize {
            let i = self.next_index(taken, rng, &mut workspace.order);
            let x = &self.features.as_slice()[i * w.len()..][..w.len()];
            add_multiple(dot(x, w) - self.labels[i], x, gradient);
        }
        let share = 1.0 / f64::from(self.batch_size);
        gradient.iter_mut().for_each(|sum| *sum *= share);
        self.weight_decay.add_product(w, gradient);
        let full = workspace.against.as_mut();
        full.iter_mut().zip(&self.right_side).for_each(|(full, b)| *full = -b);
        self.hessian.add_product(w, full);
        noise.copy_from_slice(gradient);
        add_multiple(-1.0, full, noise);
    }

    fn noise_covariance(&self, of_noise: Matrix<f64>) -> Matrix<f64> {
        of_noise
    }
}

fn symmetrized(M: Matrix<f64>) -> Matrix<f64> {
    (&M + M.transpose()) * 0.5
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Plan;
    use crate::linear::Any;
    use crate::plan::Use;
    use statrs::distribution::{ChiSquared, ContinuousCDF};
    use symbols::{BatchSize, DataSet, Population, matrix};

    /// Six samples that are unit vectors with labels −1: at w = 0 the gradient S ĝ counts how often each is drawn.
    fn counting(batch_size: u32, sampling: Sampling) -> DataSampler {
        let data = DataSet { features: matrix::identity(6), labels: Vector::from_element(6, -1.0) };
        let setting =
            Setting::new(Population::Data(data.clone()), matrix::identity(6), BatchSize::new(batch_size).unwrap())
                .unwrap()
                .with_sampling(sampling)
                .unwrap();
        DataSampler::new(&setting, &data)
    }

    /// How often each batch is drawn, a batch being its counts of the six samples read as digits to base 4.
    fn histogram(batch_size: u32, sampling: Sampling, draws: usize, seed: u64) -> Vec<usize> {
        let sampler = counting(batch_size, sampling);
        let mut rng = Plan { chains: 2, burn_in: 0, steps: draws, seed }.stream(Use::Chain, 0);
        let mut workspace = sampler.workspace(Any(6));
        let (mut gradient, mut noise) = ([0.0; 6], [0.0; 6]);
        let mut counts = vec![0; 4096];
        for _ in 0..draws {
            sampler.draw(&[0.0; 6], &mut rng, &mut workspace, &mut gradient, &mut noise);
            let digits = gradient.iter().map(|g| (g * f64::from(batch_size)).round() as usize);
            counts[digits.fold(0, |code, digit| 4 * code + digit)] += 1;
        }
        counts
    }

    /// Pearson's χ² against expected counts; a false alarm in a million runs.
    fn assert_fits(counts: &[usize], expected: impl Fn(usize) -> f64, seed: u64) {
        let cells: Vec<_> = (0..counts.len()).map(|code| (counts[code] as f64, expected(code))).collect();
        assert!(cells.iter().all(|&(count, expected)| expected > 0.0 || count == 0.0), "seed {seed}: impossible batch");
        let possible = cells.iter().filter(|cell| cell.1 > 0.0);
        let freedom = possible.clone().count() as f64 - 1.0;
        let statistic: f64 = possible.map(|(count, expected)| (count - expected).powi(2) / expected).sum();
        let p = ChiSquared::new(freedom).unwrap().sf(statistic);
        assert!(p > 1e-6, "seed {seed}: χ² = {statistic} with {freedom} degrees of freedom, p = {p}");
    }

    fn digits(mut code: usize) -> [usize; 6] {
        std::array::from_fn(|_| {
            let digit = code % 4;
            code /= 4;
            digit
        })
    }

    #[test]
    fn without_replacement_every_subset_is_as_likely() {
        let (draws, seed) = (40_000, 11);
        let counts = histogram(3, Sampling::WithoutReplacement, draws, seed);
        // 6 choose 3.
        let subset = |code| digits(code).iter().sum::<usize>() == 3 && digits(code).iter().all(|&d| d <= 1);
        assert_fits(&counts, |code| if subset(code) { draws as f64 / 20.0 } else { 0.0 }, seed);
    }

    #[test]
    fn with_replacement_batches_are_multinomial() {
        let (draws, seed) = (40_000, 12);
        let counts = histogram(3, Sampling::WithReplacement, draws, seed);
        let factorial = |n: usize| (1..=n).product::<usize>() as f64;
        let expected = |code| {
            let digits = digits(code);
            if digits.iter().sum::<usize>() != 3 {
                return 0.0;
            }
            draws as f64 * 6.0 / digits.iter().map(|&d| factorial(d)).product::<f64>() / 216.0
        };
        assert_fits(&counts, expected, seed);
    }
}
