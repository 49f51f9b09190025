//! From the sums of chains to the stationary moments.

use symbols::{Matrix, Moments, Population, Setting, Vector, matrix};

use crate::MonteCarloError;
use crate::check::all_finite;
use crate::diagnostics::{ChainRecord, Diagnostics, HalfSums};
use crate::estimate::Estimate;
use crate::linear::product;
use crate::pack::{Pack, PartSums, Recursion};

/// What turns second moments of v = w − w* into Σ, C and the losses.
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
}

impl Readout {
    pub(crate) fn new(setting: &Setting<f64>) -> Result<Self, MonteCarloError> {
        let hessian = setting.hessian();
        let solution = matrix::solve(&hessian, &Matrix::from_columns(&[setting.label_moment()]))
            .map_err(|source| MonteCarloError::SingularHessian { source })?;
        let minimizer = solution.column(0).into_owned();
        all_finite("minimizer", &minimizer)?;
        let regularizer = minimizer.dot(&(setting.weight_decay() * &minimizer));
        // Every term is a square or nearly one: nothing cancels when L(w*) is small.
        let (residuals, offset) = match setting.population() {
            Population::Gaussian(model) => {
                let offset = &minimizer - &model.true_weights;
                let features = offset.dot(&(&model.feature_covariance * &offset));
                let input_noise = minimizer.dot(&(&model.input_noise_covariance * &minimizer));
                (features + input_noise + model.label_noise_variance, Some(offset))
            }
            Population::Data(data) => {
                let residuals = &data.features * &minimizer - &data.labels;
                (residuals.norm_squared() / residuals.len() as f64, None)
            }
        };
        let least_loss = 0.5 * (residuals + regularizer);
        Ok(Readout { setting: setting.clone(), hessian, minimizer, least_loss, offset })
    }

    /// The size of a v that is no more than the rounding of w*.
    fn rounding(&self) -> f64 {
        let largest = self.hessian.diagonal().amax();
        let weight = |i: usize| if largest > 0.0 { self.hessian[(i, i)].abs() / largest } else { 1.0 };
        let unit = 64.0 * f64::EPSILON;
        self.minimizer.iter().enumerate().map(|(i, w)| weight(i) * (unit * w) * (unit * w)).sum()
    }

    /// The estimate of packs that have at least two parts behind them.
    pub(crate) fn estimate(&self, recursion: &Recursion, packs: &[Pack]) -> Result<Estimate, MonteCarloError> {
        let lanes = || packs.iter().flat_map(|pack| (0..pack.live).map(move |lane| (pack, lane)));
        let chains: Vec<_> = lanes().map(|(pack, lane)| self.moments(recursion, pack, lane)).collect();
        for moments in &chains {
            all_finite("fluctuation", &moments.fluctuation)?;
            all_finite("noise_covariance", &moments.noise_covariance)?;
            all_finite("train_loss", &[moments.train_loss])?;
            all_finite("test_loss", &moments.test_loss)?;
        }
        let records: Vec<_> = lanes().map(|(pack, lane)| record(pack, lane)).collect();
        Ok(Estimate { diagnostics: Diagnostics::of(&records, self.rounding()), chains })
    }

    fn moments(&self, recursion: &Recursion, pack: &Pack, lane: usize) -> Moments<f64> {
        let steps = pack.parts.iter().map(|part| part.measured).sum::<u64>() as f64;
        let fluctuation = recursion.frame.of_weights(&pack.fluctuation.mean(lane, steps));
        let test_loss = self.offset.as_ref().map(|offset| {
            let A = self.setting.feature_covariance();
            let mean = |i: usize| pack.parts.iter().map(|part| part.first[i][lane]).sum::<f64>() / steps;
            let mean = recursion.frame.weights(&(0..pack.y.len()).map(mean).collect::<Vec<_>>());
            let across =
                product(&A, &Matrix::from_columns(std::slice::from_ref(offset))).column(0).dot(&(mean * 2.0 + offset));
            0.5 * (A.dot(&fluctuation) + across)
        });
        Moments {
            noise_covariance: recursion.frame.of_gradients(&pack.noise.mean(lane, steps)),
            train_loss: self.least_loss + 0.5 * self.hessian.dot(&fluctuation),
            test_loss,
            fluctuation,
        }
    }
}

/// What the diagnostics look at, of one chain.
fn record(pack: &Pack, lane: usize) -> ChainRecord {
    let D = pack.y.len();
    let half = |parts: &[PartSums]| HalfSums {
        steps: parts.iter().map(|part| part.measured).sum::<u64>() as f64,
        first: (0..D).map(|i| parts.iter().map(|part| part.first[i][lane]).sum()).collect(),
        second: (0..D).map(|i| parts.iter().map(|part| part.second[i][lane]).sum()).collect(),
        fourth: (0..D).map(|i| parts.iter().map(|part| part.fourth[i][lane]).sum()).collect(),
    };
    let (early, late) = pack.parts.split_at(pack.parts.len() / 2);
    ChainRecord {
        halves: [half(early), half(late)],
        maxima: pack.blocks.iter().map(|block| block.largest[lane]).collect(),
        means: pack.blocks.iter().map(|block| block.mean[lane]).collect(),
        draws: (0..D).map(|i| pack.draws.chunks_exact(D).map(|y| y[i][lane]).collect()).collect(),
    }
}
