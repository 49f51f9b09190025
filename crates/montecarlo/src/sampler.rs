//! Where minibatches come from.
//!
//! A sampler draws, for eight chains at once, what [`Frame`](crate::frame::Frame) needs of a minibatch: g = (1/S) Σ z
//! e. Nothing here knows what the moments of g are, but for its mean p, which is that of the full loss.

mod data;
pub(crate) mod draw;
mod in_distribution;
mod literal;

use numbers::{Matrix, Vector, matrix};
use symbols::{DataSet, Gaussian, LastBatch, Population, Setting};

use crate::draws::Draws;
use crate::error::MonteCarloError;
use crate::factor::factor;
use crate::frame::{Features, Frame};
use crate::linear::product;
use crate::stream::label_noise::LabelNoise;

use draw::Sampler;

pub(crate) use data::DataSampler;
pub(crate) use in_distribution::InDistribution;
pub(crate) use literal::Literal;

/// Any of the samplers.
pub(crate) enum AnySampler {
    Literal(Literal),
    InDistribution(InDistribution),
    Data(DataSampler),
}

impl AnySampler {
    /// The cost of a draw, in products.
    pub(crate) fn cost(&self) -> usize {
        match self {
            AnySampler::Literal(sampler) => sampler.cost(),
            AnySampler::InDistribution(sampler) => sampler.cost(),
            AnySampler::Data(sampler) => sampler.cost(),
        }
    }

    /// Steps after which the law of a minibatch comes again: 1 where none depends on others.
    pub(crate) fn cycle(&self) -> u64 {
        match self {
            AnySampler::Data(sampler) => sampler.cycle(),
            AnySampler::Literal(_) | AnySampler::InDistribution(_) => 1,
        }
    }
}

/// A setting whose samples can be drawn.
pub(crate) enum Source<'a> {
    /// Gaussian features, with what draws them.
    Gaussian { features: Features, sampler: AnySampler },
    /// A data set.
    Data { data: &'a DataSet<f64>, epochs: Option<LastBatch> },
}

impl<'a> Source<'a> {
    /// # Errors
    /// Where σ², A or B is no (co)variance, or samples cannot be drawn like that.
    pub(crate) fn new(setting: &'a Setting<f64>, draws: Draws) -> Result<Self, MonteCarloError> {
        let unfit = |expected| Err(MonteCarloError::UnfitDraws { draws, expected });
        match (setting.population(), draws) {
            (Population::Gaussian(_), Draws::ShuffledEpochs(_)) => unfit("a data set"),
            (Population::Data(_), Draws::InDistribution) => unfit("Gaussian features and labels"),
            (Population::Data(_), Draws::Literal(law)) if law != LabelNoise::Gaussian => {
                unfit("Gaussian features: the labels of a data set are given")
            }
            (Population::Data(data), Draws::ShuffledEpochs(LastBatch::Drop))
                if setting.batch_size().get() as usize > data.labels.len() =>
            {
                unfit("a batch size of at most the number of samples")
            }
            (Population::Data(data), Draws::ShuffledEpochs(last)) => Ok(Source::Data { data, epochs: Some(last) }),
            (Population::Data(data), _) => Ok(Source::Data { data, epochs: None }),
            (Population::Gaussian(model), _) => gaussian(model, setting.batch_size().get(), draws),
        }
    }

    /// The sampler, with a frame about `reference`; `whiten` where it can be done, is allowed.
    pub(crate) fn about(self, setting: &Setting<f64>, reference: &Vector<f64>, whiten: bool) -> (AnySampler, Frame) {
        match self {
            Source::Gaussian { features, sampler } => {
                (sampler, Frame::of_gaussian(setting, &features, reference, whiten))
            }
            Source::Data { data, epochs } => {
                let sampler = DataSampler::new(setting, data, epochs, reference);
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
    } else if draws == Draws::InDistribution {
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
        _ => AnySampler::InDistribution(InDistribution::new(S, width, remainder)),
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

#[cfg(test)]
mod tests {
    use super::draw::At;
    use super::*;
    use crate::lanes::{LANES, Lanes, zeros};
    use crate::statistics::{assert_same_law, z_of_mean};
    use crate::stream::{Stream, Use};

    /// A number that a draw of g gives.
    type Projection<'a> = &'a dyn Fn(&Vec<f64>) -> f64;

    /// Draws of g where its mean is p: one a row.
    fn draws<S: Sampler>(sampler: &S, p: &[f64], seed: u64) -> Vec<Vec<f64>> {
        let mut stream = Stream::new(seed, Use::Chain, 0);
        let mut scratch = sampler.scratch();
        let mut g = zeros(p.len());
        let p: Vec<Lanes> = p.iter().map(|&p| Lanes([p; LANES])).collect();
        let mut all = Vec::new();
        for step in 0..40_000 {
            sampler.draw(At { y: &[], p: &p }, step, &mut stream, &mut scratch, &mut g);
            all.extend((0..LANES).map(|l| g.iter().map(|g| g[l]).collect()));
        }
        all
    }

    /// E[g] = p, and cov(z e) = q I + p pᵀ, so that S cov(g) is that: |z| up to 5, one in 10⁶ for each of the entries.
    fn assert_moments(draws: &[Vec<f64>], p: &[f64], remainder: f64, S: u32, what: &str) {
        let q = p.iter().map(|p| p * p).sum::<f64>() + remainder;
        for i in 0..p.len() {
            let z = z_of_mean(draws.iter().map(|g| g[i] - p[i]));
            assert!(z.abs() < 5.0, "{what}: mean {i}, z = {z}");
            for j in 0..=i {
                let expected = (p[i] * p[j] + if i == j { q } else { 0.0 }) / f64::from(S);
                let z = z_of_mean(draws.iter().map(|g| (g[i] - p[i]) * (g[j] - p[j]) - expected));
                assert!(z.abs() < 5.0, "{what}: covariance {i} {j}, z = {z}");
            }
        }
    }

    #[test]
    fn in_distribution_and_literally_a_gradient_has_the_same_law() {
        let means: [&[f64]; 5] = [&[0.7], &[0.0], &[0.0, 0.0], &[1.0, -0.3], &[0.2, 0.0, -1.5, 0.9, 0.4]];
        let mut seed = 0;
        for S in [1, 2, 3, 16, 17, 40] {
            for p in means {
                for remainder in [0.0, 0.5] {
                    if remainder == 0.0 && p.iter().all(|&p| p == 0.0) {
                        continue;
                    }
                    seed += 2;
                    let what = format!("S = {S}, p = {p:?}, remainder {remainder}, seed {seed}");
                    let literal = draws(&Literal::new(S, p.len(), remainder, LabelNoise::Gaussian), p, seed);
                    let in_distribution = draws(&InDistribution::new(S, p.len(), remainder), p, seed + 1);
                    assert_moments(&literal, p, remainder, S, &what);
                    assert_moments(&in_distribution, p, remainder, S, &what);
                    // 54 cases of 4 projections: a false alarm in 5000 runs of other seeds.
                    let square: f64 = p.iter().map(|p| p * p).sum();
                    let along = |g: &Vec<f64>| g.iter().zip(p).map(|(g, p)| g * p).sum::<f64>();
                    let size = |g: &Vec<f64>| g.iter().map(|g| g * g).sum::<f64>();
                    let projections: [(&str, Projection); 4] = [
                        ("first", &|g| g[0]),
                        ("along p", &along),
                        ("size", &size),
                        ("off p", &|g| size(g) * square - along(g).powi(2)),
                    ];
                    // Off p there is nothing but rounding for one weight.
                    for (name, projection) in &projections[..if p.len() == 1 { 3 } else { 4 }] {
                        // Without p both are 0.
                        if square == 0.0 && name.contains('p') {
                            continue;
                        }
                        let of = |draws: &[Vec<f64>]| draws.iter().step_by(10).map(projection).collect::<Vec<f64>>();
                        assert_same_law(&of(&literal), &of(&in_distribution), 1e-6, &format!("{name}, {what}"));
                    }
                }
            }
        }
    }

    #[test]
    fn without_slope_and_noise_there_is_no_gradient() {
        let exactly_nothing = |draws: Vec<Vec<f64>>| draws.iter().flatten().all(|&g| g == 0.0);
        for S in [1, 5, 50] {
            assert!(exactly_nothing(draws(&InDistribution::new(S, 3, 0.0), &[0.0; 3], 1)));
            assert!(exactly_nothing(draws(&Literal::new(S, 3, 0.0, LabelNoise::Gaussian), &[0.0; 3], 1)));
        }
    }

    /// A = diag(4, 1), u = (3, 2).
    fn model(input_noise: &[f64], label_noise_variance: f64) -> Gaussian<f64> {
        Gaussian {
            feature_covariance: Matrix::from_diagonal(&Vector::from_vec(vec![4.0, 1.0])),
            input_noise_covariance: Matrix::from_diagonal(&Vector::from_column_slice(input_noise)),
            label_noise_variance,
            true_weights: Vector::from_vec(vec![3.0, 2.0]),
        }
    }

    /// N, E[zy] and whether the sampler draws like another, to the bit.
    fn assert_source(model: &Gaussian<f64>, how: Draws, N: &Matrix<f64>, label_moment: &[f64], remainder: f64) {
        let Ok(Source::Gaussian { features, sampler }) = gaussian(model, 3, how) else { panic!("{how}") };
        assert_eq!((&features.factor, features.label_moment.as_slice()), (N, label_moment), "{how}");
        let width = N.ncols();
        let p = vec![1.0; width];
        let same = match (sampler, how) {
            (AnySampler::Literal(sampler), Draws::Literal(law)) => {
                draws(&sampler, &p, 1) == draws(&Literal::new(3, width, remainder, law), &p, 1)
            }
            (AnySampler::InDistribution(sampler), Draws::InDistribution) => {
                draws(&sampler, &p, 1) == draws(&InDistribution::new(3, width, remainder), &p, 1)
            }
            _ => false,
        };
        assert!(same, "{how}");
    }

    /// B = diag(5, 0): literally z is that of x and η, N = (L, M). In distribution N Nᵀ = diag(9, 1), so that N a = A u
    /// is (12, 2) for a = (4, 2), and the remainder has aᵀ(5, 0) = 20 beside σ², as N (5, 0) = B u.
    #[test]
    fn sources_of_gaussian_features_by_hand() {
        let L = Matrix::from_row_slice(2, 2, &[2.0, 0.0, 0.0, 1.0]);
        let joint = Matrix::from_row_slice(2, 4, &[2.0, 0.0, 5.0_f64.sqrt(), 0.0, 0.0, 1.0, 0.0, 0.0]);
        let N = Matrix::from_row_slice(2, 2, &[3.0, 0.0, 0.0, 1.0]);
        let literal = Draws::Literal(LabelNoise::Laplace);
        for variance in [0.0, 0.5] {
            let (without, with) = (model(&[0.0, 0.0], variance), model(&[5.0, 0.0], variance));
            assert_source(&without, literal, &L, &[6.0, 2.0], variance);
            assert_source(&without, Draws::InDistribution, &L, &[6.0, 2.0], variance);
            assert_source(&with, literal, &joint, &[6.0, 2.0, 0.0, 0.0], variance);
            assert_source(&with, Draws::InDistribution, &N, &[4.0, 2.0], variance + 20.0);
        }
        let negative = gaussian(&model(&[0.0, 0.0], -0.5), 3, literal).err();
        let error = MonteCarloError::NegativeVariance { quantity: "label_noise_variance", value: -0.5 };
        assert_eq!(negative, Some(error));
        let indefinite = gaussian(&model(&[0.0, -1.0], 0.5), 3, literal).err();
        let error = MonteCarloError::NotPositiveSemidefinite { quantity: "input_noise_covariance", pivot: -1.0 };
        assert_eq!(indefinite, Some(error));
    }

    #[test]
    fn coordinates_that_are_not_used_are_zero() {
        let N = Matrix::from_row_slice(2, 2, &[2.0, 0.0, 0.0, 0.0]);
        assert_eq!(coordinates(&N, &Matrix::from_column_slice(2, 1, &[6.0, 0.0])).unwrap().as_slice(), [3.0, 0.0]);
        let N = Matrix::from_row_slice(2, 1, &[1.0, 2.0]);
        assert_eq!(coordinates(&N, &Matrix::from_column_slice(2, 1, &[3.0, 6.0])).unwrap().as_slice(), [3.0]);
    }

    #[test]
    fn draws_have_to_fit_the_population() {
        let setting =
            |population| Setting::new(population, matrix::identity(2), symbols::BatchSize::new(1).unwrap()).unwrap();
        let gaussian = setting(Population::Gaussian(model(&[0.0, 0.0], 0.5)));
        let samples = DataSet { features: matrix::identity(2), labels: Vector::zeros(2) };
        let data = setting(Population::Data(samples));
        let laws = [LabelNoise::Gaussian, LabelNoise::Uniform, LabelNoise::Rademacher, LabelNoise::Laplace];
        let fits = |setting, draws| Source::new(setting, draws).is_ok();
        assert!(laws.iter().all(|&law| fits(&gaussian, Draws::Literal(law))));
        assert!(fits(&gaussian, Draws::InDistribution) && !fits(&gaussian, Draws::ShuffledEpochs(LastBatch::Keep)));
        assert_eq!(laws.map(|law| fits(&data, Draws::Literal(law))), [true, false, false, false]);
        assert!(!fits(&data, Draws::InDistribution));
        let shuffled = LastBatch::ALL.map(|last| (Draws::ShuffledEpochs(last), Some(last)));
        for (draws, expected) in shuffled.into_iter().chain([(Draws::default(), None)]) {
            let Ok(Source::Data { epochs, .. }) = Source::new(&data, draws) else { panic!("{draws}") };
            assert_eq!(epochs, expected);
        }
        // An epoch of two samples has no minibatch of three.
        let large = data.clone().with_batch_size(symbols::BatchSize::new(3).unwrap()).unwrap();
        let fits = LastBatch::ALL.map(|last| fits(&large, Draws::ShuffledEpochs(last)));
        assert_eq!(fits, [true, false, true]);
    }
}
