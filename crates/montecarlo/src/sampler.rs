//! Where minibatches come from.
//!
//! A sampler draws, for eight chains at once, what [`Frame`](crate::frame::Frame) needs of a minibatch: g = (1/S) Σ z e.
//! Nothing here knows what the moments of g are, but for its mean p, which is that of the full loss.

mod data;
mod in_law;
mod literal;

use symbols::{DataSet, Gaussian, Matrix, Population, Setting, Vector, matrix};

use crate::MonteCarloError;
use crate::factor::factor;
use crate::frame::{Features, Frame};
use crate::lanes::Lanes;
use crate::linear::product;
use crate::plan::Draws;
use crate::stream::{LabelNoise, Stream};

pub(crate) use data::DataSampler;
pub(crate) use in_law::InLaw;
pub(crate) use literal::Literal;

/// A source of minibatches.
pub(crate) trait Sampler: Sync {
    /// What a draw works in. It carries nothing from one segment of a run to the next.
    type Scratch: Send;

    /// Room for [`Sampler::draw`].
    fn scratch(&self) -> Self::Scratch;

    /// What a draw costs, in products.
    fn cost(&self) -> usize;

    /// One minibatch of each chain at the weights y, where the mean of g is p: the minibatch number `step`, from 0.
    fn draw(
        &self,
        at: At<'_>,
        step: u64,
        stream: &mut Stream,
        scratch: &mut Self::Scratch,
        g: &mut [Lanes],
    );
}

/// Where a minibatch is drawn.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    /// Coordinates of the weights.
    pub(crate) y: &'a [Lanes],
    /// The mean of g.
    pub(crate) p: &'a [Lanes],
}

/// Any of the samplers.
pub(crate) enum AnySampler {
    Literal(Literal),
    InLaw(InLaw),
    Data(DataSampler),
}

impl AnySampler {
    /// What a draw costs, in products.
    pub(crate) fn cost(&self) -> usize {
        match self {
            AnySampler::Literal(sampler) => sampler.cost(),
            AnySampler::InLaw(sampler) => sampler.cost(),
            AnySampler::Data(sampler) => sampler.cost(),
        }
    }
}

/// A setting whose samples can be drawn.
pub(crate) enum Source<'a> {
    /// Gaussian features, with what draws them.
    Gaussian {
        features: Features,
        sampler: AnySampler,
    },
    /// A data set.
    Data {
        data: &'a DataSet<f64>,
        shuffled_epochs: bool,
    },
}

impl<'a> Source<'a> {
    /// # Errors
    /// Where σ², A or B is no (co)variance, or samples cannot be drawn like that.
    pub(crate) fn new(setting: &'a Setting<f64>, draws: Draws) -> Result<Self, MonteCarloError> {
        let unfit = |expected| Err(MonteCarloError::UnfitDraws { draws, expected });
        match (setting.population(), draws) {
            (Population::Gaussian(_), Draws::ShuffledEpochs) => unfit("a data set"),
            (Population::Data(_), Draws::InLaw) => unfit("Gaussian features and labels"),
            (Population::Data(_), Draws::Literal(law)) if law != LabelNoise::Gaussian => {
                unfit("Gaussian features: the labels of a data set are given")
            }
            (Population::Data(data), _) => Ok(Source::Data { data, shuffled_epochs: draws == Draws::ShuffledEpochs }),
            (Population::Gaussian(model), _) => gaussian(model, setting.batch_size().get(), draws),
        }
    }

    /// The sampler, with a frame about `reference`; `whiten` where it can be done, is allowed.
    pub(crate) fn about(
        self,
        setting: &Setting<f64>,
        reference: &Vector<f64>,
        whiten: bool,
    ) -> (AnySampler, Frame) {
        match self {
            Source::Gaussian { features, sampler } => {
                (sampler, Frame::of_gaussian(setting, &features, reference, whiten))
            }
            Source::Data { data, shuffled_epochs } => {
                let sampler = DataSampler::new(setting, data, shuffled_epochs, reference);
                (AnySampler::Data(sampler), Frame::of_data(setting, reference))
            }
        }
    }
}

fn gaussian<'a>(model: &Gaussian<f64>, S: u32, draws: Draws) -> Result<Source<'a>, MonteCarloError> {
    let variance = model.label_noise_variance;
    if variance < 0.0 {
        return Err(MonteCarloError::NegativeVariance { quantity: "label_noise_variance", value: variance });
    }
    let factor = |quantity, M: &Matrix<f64>| {
        factor(M).map_err(|indefinite| MonteCarloError::NotPositiveSemidefinite { quantity, pivot: indefinite.pivot })
    };
    let (A, B) = (&model.feature_covariance, &model.input_noise_covariance);
    let L = factor("feature_covariance", A)?;
    let M = factor("input_noise_covariance", B)?;
    let u = &Matrix::from_columns(std::slice::from_ref(&model.true_weights));
    let without_input_noise = M.iter().all(|&entry| entry == 0.0);
    let (features, remainder) = if without_input_noise {
        let label_moment = product(&L.transpose(), u).column(0).into_owned();
        (Features { factor: L, label_moment }, variance)
    } else if draws == Draws::InLaw {
        let N = factor("feature_covariance + input_noise_covariance", &(A + B))?;
        let label_moment = coordinates(&N, &product(A, u))?;
        let remainder = variance + label_moment.dot(&coordinates(&N, &product(B, u))?).max(0.0);
        (Features { factor: N, label_moment }, remainder)
    } else {
        // z stacks what x and η are made of.
        let label_moment = product(&L.transpose(), u).column(0).into_owned();
        let width = L.ncols() + M.ncols();
        let mut joint = L.clone().resize_horizontally(width, 0.0);
        joint.columns_mut(L.ncols(), M.ncols()).copy_from(&M);
        (Features { factor: joint, label_moment: label_moment.resize_vertically(width, 0.0) }, variance)
    };
    let width = features.factor.ncols();
    let sampler = match draws {
        Draws::Literal(law) => AnySampler::Literal(Literal::new(S, width, remainder, law)),
        _ => AnySampler::InLaw(InLaw::new(S, width, remainder)),
    };
    Ok(Source::Gaussian { features, sampler })
}

/// a with N a = b, for a b in the range of N; 0 in coordinates that N does not use.
fn coordinates(N: &Matrix<f64>, b: &Matrix<f64>) -> Result<Vector<f64>, MonteCarloError> {
    let mut gram = product(&N.transpose(), N);
    for j in 0..N.ncols() {
        if gram[(j, j)] == 0.0 {
            gram[(j, j)] = 1.0;
        }
    }
    let solution = matrix::solve(&gram, &product(&N.transpose(), b))
        .map_err(|source| MonteCarloError::SingularHessian { source })?;
    Ok(solution.column(0).into_owned())
}
