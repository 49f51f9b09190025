//! What makes a run the run that it is.

use std::mem::swap;

use symbols::{LastBatch, Population, Setting};

use crate::{CheckpointProblem, Draws, LabelNoise, Plan};

/// By name, as words.
pub(crate) struct Parameters(pub(super) Vec<Parameter>);

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    kind: Kind,
    pub(super) words: Vec<u64>,
}

/// What a word means.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Count,
    Double,
    Draws,
    Sampling,
}

/// The first thing in which two runs differ, and what it is in each.
pub(crate) struct Difference {
    pub(crate) quantity: &'static str,
    pub(crate) own: String,
    pub(crate) other: String,
}

/// All ways of drawing, in the order of their words.
const DRAWS: [Draws; 8] = [
    Draws::Literal(LabelNoise::Gaussian),
    Draws::Literal(LabelNoise::Uniform),
    Draws::Literal(LabelNoise::Rademacher),
    Draws::Literal(LabelNoise::Laplace),
    Draws::InLaw,
    Draws::ShuffledEpochs(LastBatch::Keep),
    Draws::ShuffledEpochs(LastBatch::Drop),
    Draws::ShuffledEpochs(LastBatch::Straddle),
];

impl Parameter {
    /// The words of two, where they differ.
    fn difference(&self, other: &[u64]) -> Option<Difference> {
        let quantity = self.name;
        if self.words.len() != other.len() {
            let numbers = |count: usize| format!("of {count} numbers");
            return Some(Difference { quantity, own: numbers(self.words.len()), other: numbers(other.len()) });
        }
        let place = (0..other.len()).find(|&place| self.words[place] != other[place])?;
        let entry = if other.len() == 1 { String::new() } else { format!(" in entry {}", place + 1) };
        let [own, other] = [self.words[place], other[place]].map(|word| self.kind.described(word) + &entry);
        Some(Difference { quantity, own, other })
    }
}

impl Kind {
    fn described(self, word: u64) -> String {
        let choice = usize::try_from(word).unwrap_or(usize::MAX);
        match self {
            Kind::Count => word.to_string(),
            // Short for numbers of any size.
            Kind::Double => format!("{:?}", f64::from_bits(word)),
            Kind::Draws => DRAWS.get(choice).map_or_else(|| format!("number {word}"), Draws::to_string),
            Kind::Sampling => ["with-replacement", "without-replacement"]
                .get(choice)
                .map_or_else(|| format!("number {word}"), |name| (*name).to_owned()),
        }
    }
}

impl Parameters {
    pub(super) fn of(setting: &Setting<f64>, plan: &Plan) -> Self {
        let count = |name, value: u64| Parameter { name, kind: Kind::Count, words: vec![value] };
        let doubles = |name, numbers: &[f64]| Parameter {
            name,
            kind: Kind::Double,
            words: numbers.iter().map(|number| number.to_bits()).collect(),
        };
        let draws = DRAWS.iter().position(|draws| *draws == plan.draws).unwrap_or(DRAWS.len());
        let mut all = vec![
            count("seed", plan.seed),
            count("number of chains", plan.chains as u64),
            count("burn-in", plan.burn_in as u64),
            count("number of steps", plan.steps as u64),
            Parameter { name: "draws", kind: Kind::Draws, words: vec![draws as u64] },
            count("dimension", setting.dimension() as u64),
            count("batch size", u64::from(setting.batch_size().get())),
            Parameter { name: "sampling", kind: Kind::Sampling, words: vec![setting.sampling() as u64] },
            doubles("learning rate", setting.learning_rate().as_slice()),
            doubles("momentum", &[*setting.momentum()]),
            doubles("weight decay", setting.weight_decay().as_slice()),
        ];
        match setting.population() {
            Population::Gaussian(model) => all.extend([
                doubles("feature covariance", model.feature_covariance.as_slice()),
                doubles("input noise covariance", model.input_noise_covariance.as_slice()),
                doubles("label noise variance", &[model.label_noise_variance]),
                doubles("true weights", model.true_weights.as_slice()),
            ]),
            Population::Data(data) => {
                all.extend([doubles("features", data.features.as_slice()), doubles("labels", data.labels.as_slice())]);
            }
        }
        Parameters(all)
    }

    /// The first parameter that differs.
    pub(crate) fn first_difference(&self, other: &Parameters) -> Option<Difference> {
        // Where one has more of them, their names differ before: they are of another population.
        self.0.iter().zip(&other.0).find_map(|(mine, theirs)| match mine.name == theirs.name {
            true => mine.difference(&theirs.words),
            false => Some(Difference { quantity: "population", own: mine.name.into(), other: theirs.name.into() }),
        })
    }

    /// Each is preceded by its length.
    pub(super) fn words(&self) -> Vec<u64> {
        let words =
            self.0.iter().flat_map(|parameter| [&[parameter.words.len() as u64][..], &parameter.words].concat());
        words.collect()
    }

    /// Whether these are the parameters that come first among the words.
    pub(super) fn check(&self, words: &mut impl ExactSizeIterator<Item = u64>) -> Result<(), CheckpointProblem> {
        let missing = |found| CheckpointProblem::Inconsistent {
            quantity: "number of words",
            found: found as u64,
            expected: "more".to_owned(),
        };
        let count = words.len();
        for parameter in &self.0 {
            let length = words.next().ok_or_else(|| missing(count))?;
            let own = parameter.words.len();
            let found = if length == own as u64 {
                Vec::from_iter(words.by_ref().take(own))
            } else {
                // Another length is a difference, whatever the words are.
                let (quantity, numbers) = (parameter.name, |count| format!("of {count} numbers"));
                let (found, expected) = (numbers(length), numbers(own as u64));
                return Err(CheckpointProblem::AnotherRun { quantity, found, expected });
            };
            if found.len() < own {
                return Err(missing(count));
            }
            if let Some(Difference { quantity, mut own, mut other }) = parameter.difference(&found) {
                swap(&mut own, &mut other);
                return Err(CheckpointProblem::AnotherRun { quantity, found: own, expected: other });
            }
        }
        Ok(())
    }
}
