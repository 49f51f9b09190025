//! The two models: softmax regression and a network with one layer of tanh, x ↦ W₂ tanh(W₁x + b₁) + b₂.

use candle_core::{Device, Tensor, Var};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::data::Images;

/// A map x ↦ Wx + b; the rows of the tensor are the columns of W, so that images are rows.
pub struct Layer {
    /// The weights, features × outputs.
    pub weights: Var,
    /// The biases b, which never decay.
    pub bias: Var,
}

/// Layers with a tanh between each and the next.
pub struct Model(pub Vec<Layer>);

impl Model {
    /// A model through layers of these widths, the features first and the classes last.
    ///
    /// Weights and biases are uniform between ±1/√(inputs of the layer), as PyTorch has them. They are drawn here
    /// because the generator of candle cannot be seeded on a CPU.
    pub fn new(widths: &[usize], rng: &mut ChaCha8Rng) -> candle_core::Result<Self> {
        let mut layer = |inputs: usize, outputs: usize| {
            let bound = 1.0 / (inputs as f32).sqrt();
            let mut uniform = |count: usize| Vec::from_iter((0..count).map(|_| rng.random_range(-bound..=bound)));
            let weights = Tensor::from_vec(uniform(inputs * outputs), (inputs, outputs), &Device::Cpu)?;
            let bias = Tensor::from_vec(uniform(outputs), outputs, &Device::Cpu)?;
            Ok(Layer { weights: Var::from_tensor(&weights)?, bias: Var::from_tensor(&bias)? })
        };
        widths.windows(2).map(|pair| layer(pair[0], pair[1])).collect::<candle_core::Result<_>>().map(Model)
    }

    /// Everything that is learnt.
    pub fn variables(&self) -> Vec<Var> {
        self.0.iter().flat_map(|layer| [layer.weights.clone(), layer.bias.clone()]).collect()
    }

    /// The logarithms of the odds of each class, for each row.
    pub fn logits(&self, rows: &Tensor) -> candle_core::Result<Tensor> {
        let mut values = rows.clone();
        for (i, Layer { weights, bias }) in self.0.iter().enumerate() {
            if i > 0 {
                values = values.tanh()?;
            }
            values = values.matmul(weights)?.broadcast_add(bias)?;
        }
        Ok(values)
    }

    /// |W|², without the biases.
    pub fn squared_weights(&self) -> candle_core::Result<Tensor> {
        let mut sum = Tensor::new(0f32, &Device::Cpu)?;
        for layer in &self.0 {
            sum = (sum + layer.weights.sqr()?.sum_all()?)?;
        }
        Ok(sum)
    }
}

/// The images of these numbers as rows, and their classes.
pub fn batch(images: &Images, numbers: &[usize]) -> candle_core::Result<(Tensor, Tensor)> {
    let pixels: Vec<f32> = numbers.iter().flat_map(|&i| images.image(i)).copied().collect();
    let labels: Vec<u32> = numbers.iter().map(|&i| images.labels[i]).collect();
    let rows = Tensor::from_vec(pixels, (numbers.len(), images.features), &Device::Cpu)?;
    Ok((rows, Tensor::from_vec(labels, numbers.len(), &Device::Cpu)?))
}

#[cfg(test)]
mod tests {
    use candle_nn::loss::cross_entropy;
    use rand::SeedableRng;

    use super::*;

    const WIDTHS: [usize; 3] = [3, 4, 2];

    fn images() -> Images {
        Images { pixels: vec![0.9, 0.1, 0.4, 0.2, 0.7, 1.0], labels: vec![1, 0], features: 3 }
    }

    /// The loss in doubles, from the formula, of parameters in the order of [`Model::variables`].
    fn loss(parameters: &[Vec<f64>]) -> f64 {
        let affine = |W: &[f64], b: &[f64], x: &[f64]| {
            let output = |j: usize| b[j] + (0..x.len()).map(|i| W[i * b.len() + j] * x[i]).sum::<f64>();
            Vec::from_iter((0..b.len()).map(output))
        };
        let images = images();
        let of_image = |i: usize| {
            let x = Vec::from_iter(images.image(i).iter().map(|pixel| f64::from(*pixel)));
            let hidden = affine(&parameters[0], &parameters[1], &x);
            let hidden = Vec::from_iter(hidden.iter().map(|h| h.tanh()));
            let logits = affine(&parameters[2], &parameters[3], &hidden);
            logits.iter().map(|z| z.exp()).sum::<f64>().ln() - logits[images.labels[i] as usize]
        };
        (of_image(0) + of_image(1)) / 2.0
    }

    #[test]
    fn the_gradient_is_that_of_the_formula() {
        let model = Model::new(&WIDTHS, &mut ChaCha8Rng::seed_from_u64(1)).unwrap();
        let (rows, labels) = batch(&images(), &[0, 1]).unwrap();
        let value = cross_entropy(&model.logits(&rows).unwrap(), &labels).unwrap();
        let gradients = value.backward().unwrap();
        let flat = |tensor: &Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let doubles = |tensor: &Tensor| Vec::from_iter(flat(tensor).into_iter().map(f64::from));
        let variables = model.variables();
        let parameters = Vec::from_iter(variables.iter().map(|variable| doubles(variable)));
        assert!((f64::from(value.to_scalar::<f32>().unwrap()) - loss(&parameters)).abs() < 1e-6);
        for (k, variable) in variables.iter().enumerate() {
            let gradient = doubles(gradients.get(variable).unwrap());
            assert!(gradient.iter().any(|entry| entry.abs() > 1e-3), "variable {k} does nothing");
            for (i, entry) in gradient.iter().enumerate() {
                let moved = |by: f64| {
                    let mut parameters = parameters.clone();
                    parameters[k][i] += by;
                    loss(&parameters)
                };
                let difference = (moved(1e-4) - moved(-1e-4)) / 2e-4;
                assert!((entry - difference).abs() < 1e-6, "variable {k}, entry {i}: {entry}, not {difference}");
            }
        }
    }

    #[test]
    fn biases_do_not_decay() {
        let model = Model::new(&WIDTHS, &mut ChaCha8Rng::seed_from_u64(1)).unwrap();
        let squares = |tensor: &Tensor| tensor.sqr().unwrap().sum_all().unwrap().to_scalar::<f32>().unwrap();
        let weights: f32 = model.0.iter().map(|layer| squares(&layer.weights)).sum();
        assert!((squares_of(&model) - weights).abs() < 1e-6);
    }

    fn squares_of(model: &Model) -> f32 {
        model.squared_weights().unwrap().to_scalar().unwrap()
    }

    #[test]
    fn the_seed_decides_the_first_weights_and_their_bound() {
        let weights = |seed: u64| {
            let model = Model::new(&[100, 7], &mut ChaCha8Rng::seed_from_u64(seed)).unwrap();
            model.0[0].weights.flatten_all().unwrap().to_vec1::<f32>().unwrap()
        };
        assert_eq!(weights(1), weights(1));
        assert_ne!(weights(1), weights(2));
        let largest = weights(1).into_iter().map(f32::abs).fold(0.0, f32::max);
        assert!((0.099..=0.1).contains(&largest), "{largest}");
    }
}
