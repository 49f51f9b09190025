//! Draws of weights with A = aI: by what a step multiplies lengths, its noise, and the fourth moments of chains.

use montecarlo::{Draws, Plan};
use numbers::{Matrix, Vector, nearest_f64};
use registry::tail::several::excess_kurtosis;
use rug::Rational;
use symbols::{Gaussian, Minibatch, Population, Setting};

use super::settings::of_two;
use tables::StudyError;
use tables::draws::{Chains, Scores};

/// How many steps are drawn.
const DRAWN: usize = 1 << 16;

/// |v'|/|v| over draws of a step without label noise.
pub(super) fn lengths(setting: &Setting<Rational>) -> Result<Vec<f64>, StudyError> {
    let D = setting.dimension();
    let model = Gaussian {
        feature_covariance: setting.feature_covariance(),
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance: Rational::new(),
        true_weights: Vector::zeros(D),
    };
    let start = Vector::from_fn(D, |i, _| Rational::from(u32::from(i == 0)));
    let setting = setting.clone().with_population(Population::Gaussian(model))?.with_initial_weights(start)?;
    let setting = setting.map(nearest_f64);
    let next = |block: &Minibatch<f64>| setting.initial_weights() - setting.learning_rate() * &block.gradient;
    Ok(minibatches(&setting)?.iter().map(|block| next(block).norm()).collect())
}

/// (ĝ − ∇L)(ĝ − ∇L)ᵀ of minibatches drawn at the initial weights, whose mean is the covariance of the noise.
pub(super) fn noises(setting: &Setting<Rational>) -> Result<Vec<Matrix<f64>>, StudyError> {
    Ok(minibatches(&setting.map(nearest_f64))?.into_iter().map(|block| block.noise_covariance).collect())
}

fn minibatches(setting: &Setting<f64>) -> Result<Vec<Minibatch<f64>>, StudyError> {
    let plan = Plan::new().with_chains(DRAWN).with_steps(1).with_draws(Draws::InDistribution);
    Ok(montecarlo::minibatch(setting, &plan, &())?.blocks)
}

/// D, S and aλ at which the eighth moment exists, so that a mean of fourth powers has a standard error with one of its own.
const PLACES: [(u32, u32, (u32, u32)); 3] = [(1, 5, (1, 2)), (4, 5, (1, 2)), (4, 2, (1, 4))];
/// How many chains are drawn.
const CHAINS: usize = 1 << 14;
/// How often they are looked at, and after how many steps again.
const LOOKS: [usize; 2] = [16, 8];

/// One value of each chain, whose mean is the kurtosis of a weight less 3.
pub(super) fn excesses(D: u32, S: u32, step_size: &Rational) -> Result<Vec<f64>, StudyError> {
    let setting = of_two(D, S, step_size)?;
    let variance = nearest_f64(&exact::stationary(&setting)?.fluctuation[(0, 0)]);
    let [looks, steps] = LOOKS;
    let mut chains = Chains::new(&setting, CHAINS, steps)?;
    let mut sums = vec![0.0; CHAINS];
    for _ in 0..looks {
        // E[x⁴ − 6x² + 3] is the kurtosis less 3 where E[x²] = 1, and varies less than x⁴.
        let part = |v: &f64| ((v * v / variance - 6.0) * v * v / variance + 3.0) / f64::from(D) / looks as f64;
        sums.iter_mut().zip(chains.after(steps)?).for_each(|(sum, v)| *sum += v.iter().map(part).sum::<f64>());
    }
    Ok(sums)
}

/// The kurtosis of chains against that of the claim, and where D > 1 against that of one weight.
pub(super) fn kurtosis() -> Result<[Scores; 2], StudyError> {
    let [mut of_claim, mut of_rival] = [const { Scores::new() }; 2];
    for (D, S, step_size) in PLACES {
        let step_size = Rational::from(step_size);
        let found = excesses(D, S, &step_size)?;
        let claimed = |D: u32| {
            let (excess, _) = excess_kurtosis(&step_size, &Rational::from(S), D as usize);
            excess.map_or(f64::NAN, |excess| nearest_f64(&excess))
        };
        of_claim.compare_numbers(found.iter().copied(), claimed(D));
        if D > 1 {
            of_rival.compare_numbers(found.iter().copied(), claimed(1));
        }
    }
    Ok([of_claim, of_rival])
}
