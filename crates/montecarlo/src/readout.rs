//! From the sums of chains to the stationary moments.

use numbers::{Matrix, Vector, matrix};
use symbols::{DataSet, Moments, Population, Setting};

use crate::check::all_finite;
use crate::diagnostics::{ChainRecord, Diagnostics, HalfSums};
use crate::error::MonteCarloError;
use crate::estimate::Estimate;
use crate::linear::product;
use crate::pack::{Pack, Recursion};
use crate::range::Range;
use crate::state::PartSums;

/// The numbers by which second moments of v = w − w* become Σ, C and the losses.
pub(crate) struct Readout {
    setting: Setting<f64>,
    /// K.
    pub(crate) hessian: Matrix<f64>,
    /// w*.
    pub(crate) minimizer: Vector<f64>,
    /// L(w*).
    least_loss: f64,
    /// w* − u, where there is a u.
    offset: Option<Vector<f64>>,
    /// Whether the residuals at w* are rounding: then every step is without noise there.
    is_interpolating: bool,
    /// Where some directions never move, how the weights follow from those of the problem without these.
    pub(crate) range: Option<Range>,
}

/// Roundings that a number computed here may have, with a large margin.
const ROUNDINGS: f64 = 64.0;

impl Readout {
    pub(crate) fn new(setting: &Setting<f64>) -> Result<Self, MonteCarloError> {
        let hessian = setting.hessian();
        let mut minimizer = setting.minimizer().map_err(|source| MonteCarloError::SingularHessian { source })?;
        all_finite("minimizer", &minimizer)?;
        // Residuals that are small because there are none: w* is found anew from them, which leaves their own rounding.
        if let Population::Data(data) = setting.population() {
            for _ in 0..2 {
                let (square, scale) = residual_square(data, &minimizer);
                if square <= NEARLY_NONE * NEARLY_NONE * scale {
                    let N = data.labels.len() as f64;
                    let slope = data.features.transpose() * (&data.features * &minimizer - &data.labels) / N;
                    let slope = Matrix::from_columns(&[slope + setting.weight_decay() * &minimizer]);
                    let step = matrix::solve(&hessian, &slope);
                    minimizer -= step.map_err(|source| MonteCarloError::SingularHessian { source })?.column(0);
                }
            }
        }
        let regularizer = minimizer.dot(&(setting.weight_decay() * &minimizer));
        // Every term is a square or nearly one: nothing cancels when L(w*) is small.
        let unit = ROUNDINGS * f64::EPSILON;
        let (residuals, scale, offset) = match setting.population() {
            Population::Gaussian(model) => {
                let size = model.true_weights.abs();
                let scale = size.dot(&(model.feature_covariance.abs() * &size));
                let offset = &minimizer - &model.true_weights;
                let features = offset.dot(&(&model.feature_covariance * &offset));
                let input_noise = minimizer.dot(&(&model.input_noise_covariance * &minimizer));
                (features + input_noise + model.label_noise_variance, scale, Some(offset))
            }
            Population::Data(data) => {
                let (square, scale) = residual_square(data, &minimizer);
                (square, scale, None)
            }
        };
        let least_loss = 0.5 * (residuals + regularizer);
        let is_interpolating = residuals <= unit * unit * scale;
        Ok(Readout { setting: setting.clone(), hessian, minimizer, least_loss, offset, is_interpolating, range: None })
    }

    /// Weights, or differences of them, of the whole problem.
    pub(crate) fn outside(&self, w: Vector<f64>) -> Vector<f64> {
        self.range.as_ref().map_or(w.clone(), |range| range.of_weights(&w))
    }

    /// How far from 0 the entries of Σ may be, where what was measured is rounding: either no step has noise at w*, or
    /// nothing ever moved by more than the rounding of w*. Of the former, the measured square is that of roundings,
    /// which may be some tens smaller than the residuals that were taken for none.
    fn no_noise(&self, packs: &[Pack], chains: &[Moments<f64>]) -> Option<f64> {
        let blocks =
            packs.iter().flat_map(|pack| pack.state.blocks.iter().map(move |block| &block.largest[..pack.live]));
        let largest = blocks.flatten().copied().fold(0.0, f64::max);
        let unit = ROUNDINGS * f64::EPSILON;
        let measured = chains.iter().map(|moments| moments.fluctuation.norm()).fold(0.0, f64::max);
        let bound = ROUNDINGS * ROUNDINGS * measured + unit * unit * self.minimizer.norm_squared();
        (self.is_interpolating || largest <= self.rounding()).then_some(bound)
    }

    /// The size of a v that is no more than the rounding of w*.
    fn rounding(&self) -> f64 {
        let largest = self.hessian.diagonal().amax();
        let weight = |i: usize| if largest > 0.0 { self.hessian[(i, i)].abs() / largest } else { 1.0 };
        let unit = ROUNDINGS * f64::EPSILON;
        self.minimizer.iter().enumerate().map(|(i, w)| weight(i) * (unit * w) * (unit * w)).sum()
    }

    /// The estimate of packs that have at least two parts behind them.
    /// `is_shifted` where E\[v\] is not known to be zero.
    pub(crate) fn estimate(
        &self,
        recursion: &Recursion,
        packs: &[Pack],
        is_shifted: bool,
    ) -> Result<Estimate, MonteCarloError> {
        let lanes = || packs.iter().flat_map(|pack| (0..pack.live).map(move |lane| (pack, lane)));
        let offsets: Vec<_> = lanes().map(|(pack, lane)| offset(recursion, pack, lane)).collect();
        let chains = lanes().zip(&offsets).map(|((pack, lane), offset)| self.moments(recursion, pack, lane, offset));
        let chains: Vec<_> = chains.collect();
        all_finite("mean_offset", offsets.iter().flatten())?;
        for moments in &chains {
            all_finite("fluctuation", &moments.fluctuation)?;
            all_finite("noise_covariance", &moments.noise_covariance)?;
            all_finite("train_loss", &[moments.train_loss])?;
            all_finite("test_loss", &moments.test_loss)?;
        }
        let records: Vec<_> = lanes().map(|(pack, lane)| record(pack, lane)).collect();
        let diagnostics = Diagnostics::of(&records, self.rounding());
        let no_noise = self.no_noise(packs, &chains);
        let offsets = offsets.into_iter().map(|offset| self.outside(offset)).collect();
        let mut estimate = Estimate::new(chains, offsets, is_shifted, diagnostics);
        estimate.no_noise = no_noise;
        Ok(estimate)
    }

    /// About w*: its Σ is the mean square of v.
    fn moments(&self, recursion: &Recursion, pack: &Pack, lane: usize, mean: &Vector<f64>) -> Moments<f64> {
        let steps = steps(pack);
        let fluctuation = recursion.frame.of_weights(&pack.state.fluctuation.mean(lane, steps));
        let test_loss = self.offset.as_ref().map(|offset| {
            let A = self.setting.feature_covariance();
            let across =
                product(&A, &Matrix::from_columns(std::slice::from_ref(offset))).column(0).dot(&(mean * 2.0 + offset));
            0.5 * (A.dot(&fluctuation) + across)
        });
        let train_loss = self.least_loss + 0.5 * self.hessian.dot(&fluctuation);
        let noise_covariance = recursion.frame.of_gradients(&pack.state.noise.mean(lane, steps));
        let (fluctuation, noise_covariance) = match &self.range {
            Some(Range { weights, gradients, .. }) => {
                (matrix::sandwich(weights, &fluctuation), matrix::sandwich(gradients, &noise_covariance))
            }
            None => (fluctuation, noise_covariance),
        };
        Moments { mean: None, fluctuation, noise_covariance, train_loss, test_loss, buffer: None }
    }
}

/// Residuals of this size, against those of w = 0, may be none at all.
const NEARLY_NONE: f64 = 1e-6;

/// The mean square of the residuals, and that of the numbers that they are differences of.
fn residual_square(data: &DataSet<f64>, w: &Vector<f64>) -> (f64, f64) {
    let N = data.labels.len() as f64;
    let residuals = &data.features * w - &data.labels;
    let sizes = data.features.abs() * w.abs() + data.labels.abs();
    (residuals.norm_squared() / N, sizes.norm_squared() / N)
}

/// How many steps of a chain were measured.
fn steps(pack: &Pack) -> f64 {
    pack.state.parts.iter().map(|part| part.measured).sum::<u64>() as f64
}

/// ⟨v⟩ of one chain.
fn offset(recursion: &Recursion, pack: &Pack, lane: usize) -> Vector<f64> {
    let mean = |i: usize| pack.state.parts.iter().map(|part| part.first[i][lane]).sum::<f64>() / steps(pack);
    recursion.frame.weights(&(0..pack.state.y.len()).map(mean).collect::<Vec<_>>())
}

/// The part of one chain that the diagnostics look at.
fn record(pack: &Pack, lane: usize) -> ChainRecord {
    let D = pack.state.y.len();
    let half = |parts: &[PartSums]| HalfSums {
        steps: parts.iter().map(|part| part.measured).sum::<u64>() as f64,
        first: (0..D).map(|i| parts.iter().map(|part| part.first[i][lane]).sum()).collect(),
        second: (0..D).map(|i| parts.iter().map(|part| part.second[i][lane]).sum()).collect(),
        fourth: (0..D).map(|i| parts.iter().map(|part| part.fourth[i][lane]).sum()).collect(),
    };
    let (early, late) = pack.state.parts.split_at(pack.state.parts.len() / 2);
    ChainRecord {
        halves: [half(early), half(late)],
        maxima: pack.state.blocks.iter().map(|block| block.largest[lane]).collect(),
        means: pack.state.blocks.iter().map(|block| block.mean[lane]).collect(),
        draws: (0..D).map(|i| pack.state.draws.chunks_exact(D).map(|y| y[i][lane]).collect()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::Draws;
    use crate::lanes::Lanes;
    use crate::plan::Plan;
    use crate::run::Run;
    use crate::state::BlockSums;
    use symbols::{BatchSize, Gaussian};

    /// A run of blocks of one step each keeps every w_t. Chains so short have means that are not zero, which the long
    /// ones of all other tests have not.
    #[test]
    fn losses_are_the_means_of_losses_over_the_steps() {
        let population = Population::Gaussian(Gaussian {
            feature_covariance: Matrix::from_row_slice(2, 2, &[1.0, 0.25, 0.25, 0.5]),
            input_noise_covariance: Matrix::from_row_slice(2, 2, &[0.25, -0.125, -0.125, 0.125]),
            label_noise_variance: 0.5,
            true_weights: Vector::from_vec(vec![1.0, -0.5]),
        });
        let learning_rate = Matrix::from_row_slice(2, 2, &[0.125, 0.03125, 0.03125, 0.0625]);
        let decay = Matrix::from_row_slice(2, 2, &[0.125, 0.0, 0.0, 0.25]);
        let setting = Setting::new(population, learning_rate, BatchSize::new(16).unwrap()).unwrap();
        let setting = setting.with_weight_decay(decay).unwrap();
        let plan = Plan { chains: 3, burn_in: 5, steps: 64, seed: 9, draws: Draws::default() };
        let mut run = Run::new(&setting, &plan).unwrap();
        run.advance(usize::MAX, &()).unwrap();
        let (schedule, minimizer) = (&run.recursion.schedule, Readout::new(&setting).unwrap().minimizer);
        assert_eq!((schedule.blocks, schedule.thinning), (plan.steps, 1), "every step is kept and measured");

        let (A, K, u) = (setting.feature_covariance(), setting.hessian(), setting.true_weights().unwrap());
        let estimate = run.estimate().unwrap();
        for (lane, moments) in estimate.chains.iter().enumerate() {
            let weights = run.packs[0].state.draws.chunks_exact(2).map(|y| {
                let v = run.recursion.frame.weights(&y.iter().map(|y| y[lane]).collect::<Vec<_>>());
                v + &minimizer
            });
            let weights: Vec<Vector<f64>> = weights.collect();
            let mean =
                |loss: &dyn Fn(&Vector<f64>) -> f64| weights.iter().map(loss).sum::<f64>() / weights.len() as f64;
            let quadratic = |M: &Matrix<f64>, x: &Vector<f64>| x.dot(&(M * x));
            let test_loss = mean(&|w| 0.5 * quadratic(&A, &(w - &u)));
            assert!((moments.test_loss.unwrap() / test_loss - 1.0).abs() < 1e-12, "chain {lane}: test loss");
            // ∇L(w) = Kw − Au, so that L(w) − L(0) = ½ wᵀKw − wᵀAu, and L(0) = ½ E[y²].
            let at_zero = 0.5 * (quadratic(&A, &u) + 0.5);
            let train_loss = at_zero + mean(&|w| 0.5 * quadratic(&K, w) - w.dot(&(&A * &u)));
            let mean = weights.iter().sum::<Vector<f64>>() / weights.len() as f64 - &minimizer;
            let across = 2.0 * mean.dot(&(&A * (&minimizer - &u)));
            assert!(across.abs() > 1e-3 * test_loss, "chain {lane}: a mean of zero tells nothing, {across}");
            // L is read out of Σ alone: ⟨L⟩ to the last digit, as ∇L(w*) = 0.
            assert!((moments.train_loss / train_loss - 1.0).abs() < 1e-12, "chain {lane}: train loss");
        }
    }

    fn with_decay(setting: Setting<f64>, decay: &[f64]) -> Readout {
        let D = setting.dimension();
        Readout::new(&setting.with_weight_decay(Matrix::from_row_slice(D, D, decay)).unwrap()).unwrap()
    }

    fn gaussian(A: &[f64], B: &[f64], u: &[f64]) -> Setting<f64> {
        let D = u.len();
        let population = Population::Gaussian(Gaussian {
            feature_covariance: Matrix::from_row_slice(D, D, A),
            input_noise_covariance: Matrix::from_row_slice(D, D, B),
            label_noise_variance: 0.5,
            true_weights: Vector::from_column_slice(u),
        });
        Setting::new(population, matrix::identity(D), BatchSize::new(1).unwrap()).unwrap()
    }

    /// K = 1 + 1 + 2 and E[xy] = 4 give w* = 1, three below u: ½ (3² + 1 · 1² + ½ + 2 · 1²).
    #[test]
    fn the_least_loss_of_gaussian_features_by_hand() {
        let readout = with_decay(gaussian(&[1.0], &[1.0], &[4.0]), &[2.0]);
        assert_eq!((readout.minimizer[0], readout.least_loss), (1.0, 6.25));
        assert_eq!(readout.offset, Some(Vector::from_element(1, -3.0)));
    }

    /// x = 1 with labels 1 and 3, γ = 1: w* = 2/2 leaves residuals of 0 and −2, and ½ (4/2 + 1 · 1²).
    #[test]
    fn the_least_loss_of_a_data_set_by_hand() {
        let data =
            symbols::DataSet { features: Matrix::from_element(2, 1, 1.0), labels: Vector::from_vec(vec![1.0, 3.0]) };
        let setting = Setting::new(Population::Data(data), matrix::scalar(1.0), BatchSize::new(1).unwrap()).unwrap();
        let readout = with_decay(setting, &[1.0]);
        assert_eq!((readout.minimizer[0], readout.least_loss, readout.offset), (1.0, 1.5, None));
    }

    /// The rounding of w* is 64 ε, whose square is 2⁻⁹².
    #[test]
    fn the_rounding_of_a_minimizer_is_weighed_as_fluctuations_are() {
        let unit = 2.0_f64.powi(-92);
        let readout = with_decay(gaussian(&[4.0, 0.0, 0.0, 1.0], &[0.0; 4], &[3.0, 4.0]), &[0.0; 4]);
        assert_eq!(readout.rounding(), (9.0 + 0.25 * 16.0) * unit);
        let indefinite = with_decay(gaussian(&[4.0, 0.0, 0.0, 1.0], &[0.0; 4], &[3.0, 4.0]), &[0.0, 0.0, 0.0, -3.0]);
        assert_eq!(indefinite.minimizer.as_slice(), [3.0, -2.0]);
        assert_eq!(indefinite.rounding(), (9.0 + 0.5 * 4.0) * unit);
        // K = [0 1; 1 0] has nothing on its diagonal: w* = (u₂, u₁), and both count alike.
        let off = with_decay(gaussian(&[1.0, 0.0, 0.0, 1.0], &[0.0; 4], &[3.0, 4.0]), &[-1.0, 1.0, 1.0, -1.0]);
        assert_eq!((off.minimizer.as_slice(), off.rounding()), (&[4.0, 3.0][..], 25.0 * unit));
    }

    /// The earlier half of five parts is two. Lane l of entry i of part k is 100k + 10i + l, and so on.
    #[test]
    fn a_record_is_that_of_its_lane() {
        let setting = gaussian(&[1.0, 0.0, 0.0, 1.0], &[0.0; 4], &[3.0, 4.0]);
        let plan = Plan { chains: 8, burn_in: 0, steps: 16, seed: 9, draws: Draws::default() };
        let run = Run::new(&setting, &plan).unwrap();
        let row = |x: usize| Lanes(std::array::from_fn(|l| (x + l) as f64));
        let rows = |x: usize| vec![row(x), row(x + 10)];
        let mut pack = Pack::new(&run.recursion, 0);
        for (k, measured) in [2, 3, 5, 7, 11].into_iter().enumerate() {
            let x = 100 * k;
            let part = PartSums { measured, first: rows(x), second: rows(x + 1000), fourth: rows(x + 2000) };
            pack.state.parts.push(part);
            pack.state.blocks.push(BlockSums { largest: row(x + 50), mean: row(x + 20) });
            pack.state.draws.extend(rows(x + 3000));
        }
        let found = record(&pack, 4);
        let [early, late] = &found.halves;
        assert_eq!((early.steps, late.steps), (5.0, 23.0));
        let sums = |half: &HalfSums| [half.first.clone(), half.second.clone(), half.fourth.clone()].concat();
        assert_eq!(sums(early), [108.0, 128.0, 2108.0, 2128.0, 4108.0, 4128.0]);
        assert_eq!(sums(late), [912.0, 942.0, 3912.0, 3942.0, 6912.0, 6942.0]);
        let blocks = |x: f64| (0..5).map(|k| 100.0 * f64::from(k) + x).collect::<Vec<_>>();
        assert_eq!((found.maxima, found.means), (blocks(54.0), blocks(24.0)));
        assert_eq!(found.draws, [blocks(3004.0), blocks(3014.0)]);
    }
}
