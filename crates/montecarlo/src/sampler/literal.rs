//! Gaussian features, drawn one by one.

use super::draw::{At, Sampler};
use crate::lanes::{Lanes, rows, zeros};
use crate::stream::Stream;
use crate::stream::label_noise::LabelNoise;

/// The S samples of a minibatch, as eq. (1) has them: S draws of z ~ N(0, I) and of ε,
///
/// ```text
/// e = zᵀp − ε,   g = (1/S) Σ z e
/// ```
///
/// The features x = L z, and with input noise x̃ = L z + M ζ, appear through maps that act once a step and not once a
/// sample: see [`Frame`](crate::frame::Frame). With input noise z stands for (z, ζ).
///
/// Draws, sample by sample: z, then ε unless σ² = 0.
pub(crate) struct Literal {
    batch_size: u32,
    width: usize,
    label_noise: Noise,
}

/// Where ε comes from.
enum Noise {
    None,
    /// From one more normal number, times σ.
    Normal(f64),
    /// From another law, times σ.
    Other(f64, LabelNoise),
}

impl Literal {
    pub(crate) fn new(batch_size: u32, width: usize, label_noise_variance: f64, law: LabelNoise) -> Self {
        let scale = label_noise_variance.sqrt();
        let label_noise = match law {
            _ if label_noise_variance == 0.0 => Noise::None,
            LabelNoise::Gaussian => Noise::Normal(scale),
            other => Noise::Other(scale, other),
        };
        Literal { batch_size, width, label_noise }
    }
}

impl Sampler for Literal {
    type Scratch = Vec<Lanes>;

    fn scratch(&self) -> Vec<Lanes> {
        zeros(self.width + usize::from(matches!(self.label_noise, Noise::Normal(_))))
    }

    fn cost(&self) -> usize {
        // A normal number costs as much as about eight products.
        self.batch_size as usize * (self.width + 1) * 10
    }

    #[inline(always)]
    fn draw(&self, at: At<'_>, _: u64, stream: &mut Stream, numbers: &mut Vec<Lanes>, g: &mut [Lanes]) {
        g.fill(Lanes::ZERO);
        for _ in 0..self.batch_size {
            stream.normals(numbers);
            let (z, after) = numbers.split_at(self.width);
            let mut residual = Lanes::ZERO;
            match self.label_noise {
                Noise::None => {}
                Noise::Normal(scale) => after.iter().for_each(|normal| residual.add_multiple(-scale, normal)),
                Noise::Other(scale, law) => residual.add_multiple(-scale, &stream.label_noise(law)),
            }
            for (z, p) in rows(z.iter().zip(at.p)) {
                residual.add_product(z, p);
            }
            for (g, z) in rows(g.iter_mut().zip(z)) {
                g.add_product(&residual, z);
            }
        }
        let share = 1.0 / f64::from(self.batch_size);
        for g in rows(g.iter_mut()) {
            *g = g.times(share);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::LANES;
    use crate::stream::Use;

    /// (1/S) Σ z (zᵀp − σε) with the z and ε that the stream has next, sample by sample.
    #[test]
    fn a_gradient_is_the_mean_over_its_samples() {
        let p = [0.5, -2.0].map(|p| Lanes(std::array::from_fn(|l| p * (l + 1) as f64)));
        for (variance, law) in [
            (0.0, LabelNoise::Gaussian),
            (0.0, LabelNoise::Laplace),
            (2.25, LabelNoise::Gaussian),
            (2.25, LabelNoise::Laplace),
        ] {
            let sampler = Literal::new(3, 2, variance, law);
            let mut stream = Stream::new(3, Use::Chain, 0);
            let mut same = stream.clone();
            let (mut scratch, mut g) = (sampler.scratch(), zeros(2));
            for step in 0..100 {
                sampler.draw(At { y: &[], p: &p }, step, &mut stream, &mut scratch, &mut g);
                let mut sums = [[0.0; LANES]; 2];
                for _ in 0..3 {
                    let z = [same.normal(), same.normal()];
                    let noise = if variance == 0.0 { Lanes::ZERO } else { same.label_noise(law) };
                    for l in 0..LANES {
                        let residual = z[0][l] * p[0][l] + z[1][l] * p[1][l] - 1.5 * noise[l];
                        sums.iter_mut().zip(&z).for_each(|(sum, z)| sum[l] += residual * z[l]);
                    }
                }
                for (g, sum) in g.iter().zip(&sums) {
                    assert!((0..LANES).all(|l| (g[l] - sum[l] / 3.0).abs() < 1e-12), "{law}, {variance}: {g:?}");
                }
            }
        }
    }
}
