//! The parameters that decide what a run draws and measures: setting and plan.

use std::mem::discriminant;

use serde::{Deserialize, Serialize};
use symbols::{LastBatch, Population, Sampling, Setting};

use crate::draws::Draws;
use crate::error::ParameterValue;
use crate::plan::Plan;
use crate::stream::label_noise::LabelNoise;

/// The parameters of a run, in the order in which they are written and compared.
pub(crate) struct Parameters(pub(super) Vec<Parameter>);

/// One of them.
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) value: Value,
}

/// The value of a parameter.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Value {
    Count(u64),
    Numbers(Vec<f64>),
    Draws(#[serde(with = "DrawsCode")] Draws),
    Sampling(#[serde(with = "SamplingCode")] Sampling),
    Samples(Option<u64>),
}

/// [`Draws`], as it is encoded.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Draws")]
enum DrawsCode {
    Literal(#[serde(with = "LabelNoiseCode")] LabelNoise),
    InDistribution,
    ShuffledEpochs(#[serde(with = "LastBatchCode")] LastBatch),
}

/// [`LabelNoise`], as it is encoded.
#[derive(Serialize, Deserialize)]
#[serde(remote = "LabelNoise")]
enum LabelNoiseCode {
    Gaussian,
    Uniform,
    Rademacher,
    Laplace,
}

/// [`LastBatch`], as it is encoded.
#[derive(Serialize, Deserialize)]
#[serde(remote = "LastBatch")]
enum LastBatchCode {
    Keep,
    Drop,
    Straddle,
}

/// [`Sampling`], as it is encoded.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Sampling")]
enum SamplingCode {
    WithReplacement,
    WithoutReplacement,
}

/// The first thing in which two runs differ, and what it is in each.
pub(crate) struct Difference {
    pub(crate) quantity: &'static str,
    pub(crate) own: ParameterValue,
    pub(crate) other: ParameterValue,
}

impl Value {
    /// Whether another value is of the same kind, and has as many numbers.
    pub(super) fn is_like(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Numbers(own), Value::Numbers(other)) => own.len() == other.len(),
            _ => discriminant(self) == discriminant(other),
        }
    }

    /// The value, number by number.
    fn entries(&self) -> Vec<ParameterValue> {
        match self {
            Value::Count(count) => vec![ParameterValue::Count(*count)],
            Value::Numbers(numbers) => {
                let place = |i: usize| (numbers.len() > 1).then_some(i + 1);
                Vec::from_iter(numbers.iter().enumerate().map(|(i, &x)| ParameterValue::Number(x, place(i))))
            }
            Value::Draws(draws) => vec![ParameterValue::Draws(*draws)],
            Value::Sampling(sampling) => vec![ParameterValue::Sampling(*sampling)],
            Value::Samples(count) => vec![ParameterValue::Samples(*count)],
        }
    }
}

impl Parameter {
    /// Where another value, which is like it, differs.
    pub(super) fn difference(&self, other: &Value) -> Option<Difference> {
        let mut pairs = self.value.entries().into_iter().zip(other.entries());
        let (own, other) = pairs.find(|(own, other)| !have_same_bits(own, other))?;
        Some(Difference { quantity: self.name, own, other })
    }
}

/// Equality that tells zeros of different signs apart.
fn have_same_bits(own: &ParameterValue, other: &ParameterValue) -> bool {
    match (own, other) {
        (ParameterValue::Number(own, _), ParameterValue::Number(other, _)) => own.to_bits() == other.to_bits(),
        _ => own == other,
    }
}

impl Parameters {
    pub(super) fn of(setting: &Setting<f64>, plan: &Plan) -> Self {
        let numbers = |numbers: &[f64]| Value::Numbers(numbers.to_vec());
        // What decides how many numbers a vector has comes before all vectors.
        let mut all = vec![
            ("seed", Value::Count(plan.seed)),
            ("number of chains", Value::Count(plan.chains as u64)),
            ("burn-in", Value::Count(plan.burn_in as u64)),
            ("number of steps", Value::Count(plan.steps as u64)),
            ("draws", Value::Draws(plan.draws)),
            ("dimension", Value::Count(setting.dimension() as u64)),
            ("population", Value::Samples(samples(setting.population()))),
            ("batch size", Value::Count(u64::from(setting.batch_size().get()))),
            ("sampling", Value::Sampling(setting.sampling())),
            ("learning rate", numbers(setting.learning_rate().as_slice())),
            ("momentum", numbers(&[*setting.momentum()])),
            ("weight decay", numbers(setting.weight_decay().as_slice())),
        ];
        match setting.population() {
            Population::Gaussian(model) => all.extend([
                ("feature covariance", numbers(model.feature_covariance.as_slice())),
                ("input noise covariance", numbers(model.input_noise_covariance.as_slice())),
                ("label noise variance", numbers(&[model.label_noise_variance])),
                ("true weights", numbers(model.true_weights.as_slice())),
            ]),
            Population::Data(data) => all
                .extend([("features", numbers(data.features.as_slice())), ("labels", numbers(data.labels.as_slice()))]),
        }
        Parameters(all.into_iter().map(|(name, value)| Parameter { name, value }).collect())
    }

    /// The first parameter that differs.
    pub(crate) fn first_difference(&self, other: &Parameters) -> Option<Difference> {
        self.0.iter().zip(&other.0).find_map(|(mine, theirs)| mine.difference(&theirs.value))
    }
}

/// How many samples a data set has.
fn samples(population: &Population<f64>) -> Option<u64> {
    match population {
        Population::Gaussian(_) => None,
        Population::Data(data) => Some(data.labels.len() as u64),
    }
}
