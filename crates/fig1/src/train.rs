//! One run: from a seed to what the figure shows of it.

use candle_nn::loss::cross_entropy;
use candle_nn::{AdamW, Optimizer, ParamsAdamW, SGD};
use clap::ValueEnum;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::data::{DataSet, Images};
use crate::model::{Model, batch};

/// The batch size S, which the paper states for the right panel only.
pub const BATCH_SIZE: usize = 32;
/// λ of SGD on the networks, from the paper.
pub const SGD_RATE: f64 = 0.5;
/// The rate of Adam. Its step moves every weight by about the rate, however small the gradient is, so that 0.5 would be
/// several times the first weights, which are below 1/√64 on the digits; 0.01 is a tenth of them.
pub const ADAM_RATE: f64 = 0.01;
/// The base width d₀, at which a learning rate ∝ 1/d is the constant one.
pub const BASE_WIDTH: f64 = 64.0;
/// λ of the logistic regression, from the paper.
pub const LOGISTIC_RATE: f64 = 1.5;

/// A panel of Fig. 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Panel {
    /// Networks, SGD
    Left,
    /// Networks, Adam
    Middle,
    /// Logistic regression
    Right,
}

/// A curve of a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Curve {
    /// One learning rate for every width.
    Constant,
    /// A learning rate ∝ 1/d.
    Scaled,
    /// Logistic regression against the weight decay.
    Logistic,
}

/// What a run starts from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The curve on which it is a point.
    pub curve: Curve,
    /// The width d, or the weight decay γ.
    pub x: f64,
    /// The seed of the first weights and of the order of the images; seeds are the same along a curve.
    pub seed: u64,
}

/// What a run comes to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// What is shown of the losses of the minibatches in the first epoch.
    Network {
        /// Their variance over the steps, with n − 1 below.
        variance: f64,
        /// The mean of the last quarter, to be compared with ln(classes), the loss of a guess.
        last_loss: f64,
    },
    /// What is shown of the last weights, from the images for the test.
    Logistic {
        /// The mean cross-entropy.
        test_loss: f64,
        /// The share of images whose class has the largest output.
        test_accuracy: f64,
    },
    /// A loss was not a finite number.
    Diverged {
        /// The number of steps before that.
        step: usize,
    },
}

/// Trains and measures. Only the right panel uses `epochs`.
pub fn train(panel: Panel, run: &Run, data: &DataSet, epochs: usize) -> candle_core::Result<Outcome> {
    let stream = |stream: u64| {
        let mut rng = ChaCha8Rng::seed_from_u64(run.seed);
        rng.set_stream(stream);
        rng
    };
    let (mut first_weights, mut order) = (stream(0), stream(1));
    let [features, classes] = [data.train.features, data.classes];
    let scale = if run.curve == Curve::Scaled { BASE_WIDTH / run.x } else { 1.0 };
    if panel == Panel::Right {
        let model = Model::new(&[features, classes], &mut first_weights)?;
        let sgd = SGD::new(model.variables(), LOGISTIC_RATE)?;
        return match descend(&model, sgd, &data.train, run.x, epochs, &mut order)? {
            Ok(losses) => test(&model, &data.test, losses.len()),
            Err(diverged) => Ok(diverged),
        };
    }
    let model = Model::new(&[features, run.x as usize, classes], &mut first_weights)?;
    let losses = if panel == Panel::Left {
        let sgd = SGD::new(model.variables(), SGD_RATE * scale)?;
        descend(&model, sgd, &data.train, 0.0, 1, &mut order)?
    } else {
        let params = ParamsAdamW { lr: ADAM_RATE * scale, weight_decay: 0.0, ..ParamsAdamW::default() };
        descend(&model, AdamW::new(model.variables(), params)?, &data.train, 0.0, 1, &mut order)?
    };
    Ok(losses.map_or_else(
        |diverged| diverged,
        |losses| Outcome::Network { variance: variance(&losses), last_loss: mean(&losses[losses.len() * 3 / 4..]) },
    ))
}

/// The losses of the minibatches, each before its step and without the weight decay; or where they stopped being
/// finite.
///
/// Each epoch is shuffled anew, and what is left of it after the last full minibatch is not used.
fn descend<O: Optimizer>(
    model: &Model,
    mut optimizer: O,
    images: &Images,
    weight_decay: f64,
    epochs: usize,
    order: &mut ChaCha8Rng,
) -> candle_core::Result<Result<Vec<f64>, Outcome>> {
    let mut numbers = Vec::from_iter(0..images.labels.len());
    let mut losses = Vec::new();
    for _ in 0..epochs {
        numbers.shuffle(order);
        for minibatch in numbers.chunks_exact(BATCH_SIZE) {
            let (rows, labels) = batch(images, minibatch)?;
            let loss = cross_entropy(&model.logits(&rows)?, &labels)?;
            let value = f64::from(loss.to_scalar::<f32>()?);
            if !value.is_finite() {
                return Ok(Err(Outcome::Diverged { step: losses.len() }));
            }
            losses.push(value);
            let decay = weight_decay / 2.0;
            let objective = if decay == 0.0 { loss } else { (loss + (model.squared_weights()? * decay)?)? };
            optimizer.backward_step(&objective)?;
        }
    }
    Ok(Ok(losses))
}

fn test(model: &Model, images: &Images, step: usize) -> candle_core::Result<Outcome> {
    let (rows, labels) = batch(images, &Vec::from_iter(0..images.labels.len()))?;
    let logits = model.logits(&rows)?;
    let test_loss = f64::from(cross_entropy(&logits, &labels)?.to_scalar::<f32>()?);
    if !test_loss.is_finite() {
        return Ok(Outcome::Diverged { step });
    }
    let classes = logits.argmax(1)?.to_vec1::<u32>()?;
    let hits = classes.iter().zip(&images.labels).filter(|(class, label)| class == label).count();
    Ok(Outcome::Logistic { test_loss, test_accuracy: hits as f64 / images.labels.len() as f64 })
}

/// The arithmetic mean.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The sum of squares around the mean, over n − 1.
pub fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0)
}

#[cfg(test)]
pub mod tests {
    use candle_core::Tensor;

    use super::*;

    /// Two classes, told apart by which of two pixels is bright.
    pub fn toy() -> DataSet {
        let labels = Vec::from_iter((0..96).map(|i| i % 2));
        let bright = |i: usize| 0.9 - (i % 7) as f32 / 50.0;
        let image = |(i, label): (usize, &u32)| if *label == 0 { [bright(i), 0.1] } else { [0.1, bright(i)] };
        let pixels = labels.iter().enumerate().flat_map(image).collect();
        let images = Images { pixels, labels, features: 2 };
        DataSet::new(images.clone(), images).unwrap()
    }

    fn run(curve: Curve, x: f64) -> Run {
        Run { curve, x, seed: 1 }
    }

    #[test]
    fn the_variance_is_that_computed_by_hand() {
        assert_eq!(variance(&[1.0, 2.0, 4.0, 5.0]), 10.0 / 3.0);
        assert_eq!(variance(&[0.5, 0.5]), 0.0);
    }

    #[test]
    fn a_step_of_sgd_is_the_gradient_and_the_decay() {
        let model = Model::new(&[2, 2], &mut ChaCha8Rng::seed_from_u64(1)).unwrap();
        let Images { pixels, labels, features } = toy().train;
        let images = Images { pixels: pixels[..64].to_vec(), labels: labels[..32].to_vec(), features };
        let (rows, labels) = batch(&images, &Vec::from_iter(0..32)).unwrap();
        let loss = cross_entropy(&model.logits(&rows).unwrap(), &labels).unwrap();
        let gradients = loss.backward().unwrap();
        let before = Vec::from_iter(model.variables().iter().map(|variable| variable.as_tensor().copy().unwrap()));
        let sgd = SGD::new(model.variables(), 0.5).unwrap();
        descend(&model, sgd, &images, 0.2, 1, &mut ChaCha8Rng::seed_from_u64(1)).unwrap().unwrap();
        for (k, (variable, before)) in model.variables().iter().zip(&before).enumerate() {
            let decay = if k == 0 { 0.2 } else { 0.0 };
            let gradient = (gradients.get(variable).unwrap() + (before * decay).unwrap()).unwrap();
            let wanted = (before - (gradient * 0.5).unwrap()).unwrap();
            let off = |a: &Tensor, b: &Tensor| (a - b).unwrap().abs().unwrap().sum_all().unwrap().to_scalar::<f32>();
            assert!(off(variable, &wanted).unwrap() < 1e-6, "variable {k}");
        }
    }

    #[test]
    fn what_can_be_told_apart_is_learnt() {
        let Outcome::Logistic { test_loss, test_accuracy } =
            train(Panel::Right, &run(Curve::Logistic, 0.0), &toy(), 40).unwrap()
        else {
            panic!("no logistic regression")
        };
        assert!(test_loss < 0.2 && test_accuracy == 1.0, "{test_loss}, {test_accuracy}");
    }

    #[test]
    fn divergence_is_an_outcome() {
        // Each step multiplies the weights by 1 + λ|γ| = 151, so that single precision ends within twenty.
        let outcome = train(Panel::Right, &run(Curve::Logistic, -100.0), &toy(), 40).unwrap();
        assert!(matches!(outcome, Outcome::Diverged { step: 1..20 }), "{outcome:?}");
    }

    #[test]
    fn the_seed_decides_the_outcome() {
        let data = toy();
        let of = |seed: u64| train(Panel::Left, &Run { seed, ..run(Curve::Constant, 8.0) }, &data, 1).unwrap();
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }

    #[test]
    fn both_learning_rates_are_one_at_the_base_width() {
        let data = toy();
        for panel in [Panel::Left, Panel::Middle] {
            let of = |curve: Curve, x: f64| train(panel, &run(curve, x), &data, 1).unwrap();
            assert_eq!(of(Curve::Constant, BASE_WIDTH), of(Curve::Scaled, BASE_WIDTH));
            assert_ne!(of(Curve::Constant, 32.0), of(Curve::Scaled, 32.0));
        }
    }
}
