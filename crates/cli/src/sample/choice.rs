//! What to run: what was asked for, and what is chosen where nothing was.

use std::ops::ControlFlow;

use lyapunov::{Problem, Stability, Verdict};
use montecarlo::{Draws, LabelNoise, Plan, Run};
use symbols::{LastBatch, Population, Setting};

use super::refusal::Refusal;
use crate::progress::Watch;

/// The number of chains by default.
const CHAINS: usize = 64;
/// Normal numbers, or as much work, that are drawn in the seconds that a run takes by default.
const NORMALS: usize = 1 << 31;
/// Multiplications of a product with a matrix in the time of a normal number.
const PRODUCTS_OF_NORMAL: usize = 64;
/// The least number of steps, in units of the burn-in, which is thirty e-folds of the second moments: enough for every
/// chain to be worth a hundred independent draws.
const BURN_INS: usize = 10;
const FEWEST_STEPS: usize = 1000;
/// The factor on the number of steps where an error is asked for, as it is only a limit then.
const LIMIT: usize = 16;

/// A plan as far as the user has one.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Choice {
    /// How minibatches are drawn [default: in-distribution for Gaussian features, literal for data sets]
    #[arg(long, value_name = "HOW")]
    draws: Option<How>,
    /// What becomes of the last samples of a shuffled epoch where S does not divide their number [default: keep]
    #[arg(long, value_name = "WHAT")]
    last_batch: Option<Last>,
    /// The law of the label noise, for literal draws of Gaussian features [default: gaussian]
    #[arg(long, value_name = "LAW")]
    label_noise: Option<Law>,
    /// Independent chains [default: 64]
    #[arg(long, value_name = "M")]
    chains: Option<usize>,
    /// Steps of each chain that count [default: a few seconds' worth, or ten burn-ins; with --error 16 times that]
    #[arg(long, value_name = "N")]
    steps: Option<usize>,
    /// Steps of each chain that are forgotten [default: thirty e-folds of the second moments]
    #[arg(long, value_name = "N")]
    burn_in: Option<usize>,
    /// The seed of every draw [default: 1]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

/// The kinds of draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum How {
    /// Sample by sample
    Literal,
    /// The gradient of a minibatch from its distribution
    InDistribution,
    /// Consecutive minibatches of a shuffled data set
    ShuffledEpochs,
}

/// The ways to cut shuffled epochs into minibatches.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Last {
    /// A smaller minibatch, the mean over fewer samples: drop_last=False, the default of PyTorch's DataLoader
    Keep,
    /// They are left out: drop_last=True of PyTorch, drop_remainder=True of tf.data with batch before repeat
    Drop,
    /// Filled up from the next epoch: shuffle, repeat and then batch in tf.data
    Straddle,
}

/// The laws of label noise.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Law {
    Gaussian,
    Uniform,
    Rademacher,
    Laplace,
}

/// A plan, and how long chains take to forget.
pub struct Chosen {
    pub plan: Plan,
    pub burn_in: BurnIn,
}

/// Where a burn-in comes from.
pub enum BurnIn {
    /// The user.
    Given,
    /// The second moments.
    Known(Stability),
    /// Pilot runs: the radius that they found, and why the second moments do not tell.
    Pilot(f64, String),
}

impl Chosen {
    /// The stability of the second moments, where it is known.
    pub fn stability(&self) -> Option<Stability> {
        match self.burn_in {
            BurnIn::Known(stability) => Some(stability),
            BurnIn::Given | BurnIn::Pilot(..) => None,
        }
    }
}

impl Choice {
    /// Everything by default but the seed.
    pub fn with_seed(seed: u64) -> Self {
        Choice { seed: Some(seed), ..Choice::default() }
    }

    /// The plan for a setting; `to_an_error` where the number of steps is only a limit.
    ///
    /// What cannot be run at all is refused before anything is computed.
    pub fn chosen(&self, setting: &Setting<f64>, to_an_error: bool) -> Result<Chosen, Refusal> {
        let mut plan = Plan::new()
            .with_chains(self.chains.unwrap_or(CHAINS))
            .with_burn_in(self.burn_in.unwrap_or(0))
            .with_steps(self.steps.unwrap_or(FEWEST_STEPS))
            .with_seed(self.seed.unwrap_or(1))
            .with_draws(self.draws(setting)?);
        Run::new(setting, &plan)?;
        let burn_in = match self.burn_in {
            Some(_) => BurnIn::Given,
            None => forgetting(setting, &plan)?,
        };
        plan.burn_in = match burn_in {
            BurnIn::Given => plan.burn_in,
            BurnIn::Known(stability) => {
                montecarlo::burn_in(stability.spectral_radius).ok_or_else(|| not_stationary(setting, stability))?
            }
            BurnIn::Pilot(radius, _) => montecarlo::burn_in(radius).ok_or_else(|| {
                Refusal::Failed(anyhow::anyhow!(
                    "spectral radius {radius:.4} in pilot runs: expected less than 1, with --burn-in a chain runs all the same"
                ))
            })?,
        };
        if self.steps.is_none() {
            let affordable = NORMALS / plan.chains / work(setting, plan.draws);
            let steps = affordable.max(plan.burn_in.saturating_mul(BURN_INS)).max(FEWEST_STEPS);
            plan.steps = steps.saturating_mul(if to_an_error { LIMIT } else { 1 }).min(Plan::MAX_STEPS);
        }
        Ok(Chosen { plan, burn_in })
    }

    fn draws(&self, setting: &Setting<f64>) -> Result<Draws, Refusal> {
        let how = self.draws.unwrap_or(match setting.population() {
            Population::Gaussian(_) if self.label_noise.is_none() => How::InDistribution,
            _ => How::Literal,
        });
        if let (Some(last), How::Literal | How::InDistribution) = (self.last_batch, how) {
            let last = LastBatch::from(last);
            return Err(Refusal::Failed(anyhow::anyhow!("last-batch = {last}: expected --draws shuffled-epochs")));
        }
        match (how, self.label_noise) {
            (How::Literal, law) => Ok(Draws::Literal(law.map_or(LabelNoise::default(), LabelNoise::from))),
            (_, Some(law)) => {
                let law = LabelNoise::from(law);
                Err(Refusal::Failed(anyhow::anyhow!(
                    "label-noise = {law}: expected literal draws, nothing else draws labels"
                )))
            }
            (How::InDistribution, None) => Ok(Draws::InDistribution),
            (How::ShuffledEpochs, None) => {
                Ok(Draws::ShuffledEpochs(self.last_batch.map_or(LastBatch::default(), LastBatch::from)))
            }
        }
    }
}

impl From<Last> for LastBatch {
    fn from(last: Last) -> Self {
        match last {
            Last::Keep => LastBatch::Keep,
            Last::Drop => LastBatch::Drop,
            Last::Straddle => LastBatch::Straddle,
        }
    }
}

impl From<Law> for LabelNoise {
    fn from(law: Law) -> Self {
        match law {
            Law::Gaussian => LabelNoise::Gaussian,
            Law::Uniform => LabelNoise::Uniform,
            Law::Rademacher => LabelNoise::Rademacher,
            Law::Laplace => LabelNoise::Laplace,
        }
    }
}

/// What a step of a chain costs, in normal numbers.
fn work(setting: &Setting<f64>, draws: Draws) -> usize {
    let (D, S) = (setting.dimension(), setting.batch_size().get() as usize);
    // A χ² costs as much as eight of them.
    let drawn = if draws == Draws::InDistribution { D + 8 } else { S.saturating_mul(D + 1) };
    drawn.saturating_add(D * D / PRODUCTS_OF_NORMAL)
}

/// Why a problem whose radius is about 1 or more is not run: proven to have no stationary state, or undecided.
fn not_stationary(setting: &Setting<f64>, stability: Stability) -> Refusal {
    match lyapunov::decide(&Problem::nearest(setting)) {
        Ok(Verdict::Unstable(stability)) => Refusal::Unstable(stability),
        _ => Refusal::Undecided(stability),
    }
}

/// How fast second moments forget: known where minibatches are independent and the Lyapunov engine has an answer.
fn forgetting(setting: &Setting<f64>, plan: &Plan) -> Result<BurnIn, Refusal> {
    let watch = Watch::new("how fast the second moments forget");
    let unknown = if matches!(plan.draws, Draws::ShuffledEpochs(_)) {
        "minibatches of an epoch depend on each other".to_owned()
    } else {
        match lyapunov::stability(setting) {
            Ok(stability) => return Ok(BurnIn::Known(stability)),
            Err(error) => error.to_string(),
        }
    };
    watch.say("pilot runs, which tell how long a chain has to be run before it counts");
    let radius = montecarlo::spectral_radius(setting, plan, &mut |part| {
        watch.say(format!(
            "pilot runs, which tell how long a chain has to be run before it counts: {:.0} %",
            100.0 * part
        ));
        ControlFlow::Continue(())
    })?;
    Ok(BurnIn::Pilot(radius, unknown))
}
