//! The laws that label noise can have.

use std::fmt;

use super::{Numbers, Stream, elementary};
use crate::lanes::{Kernel, Lanes, vectorized};

/// The law of the label noise ε: always of mean 0 and variance σ².
///
/// Only two moments of the noise of eq. (1) enter the covariance of one minibatch, so that Σ, C and the losses must not
/// depend on the law. What does depend on it is every higher moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LabelNoise {
    /// Normal.
    #[default]
    Gaussian,
    /// Uniform on [−√3 σ, √3 σ].
    Uniform,
    /// ±σ.
    Rademacher,
    /// Density e^{−√2 |ε|/σ}/(√2 σ): heavier than normal.
    Laplace,
}

impl fmt::Display for LabelNoise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LabelNoise::Gaussian => "gaussian",
            LabelNoise::Uniform => "uniform",
            LabelNoise::Rademacher => "rademacher",
            LabelNoise::Laplace => "laplace",
        })
    }
}

impl Stream {
    /// A row of noise of variance 1.
    #[inline(always)]
    pub(crate) fn label_noise(&mut self, law: LabelNoise) -> Lanes {
        if law == LabelNoise::Gaussian {
            return self.normal();
        }
        if self.others.is_empty() {
            self.refill_label_noise(law);
        }
        self.others.take()
    }

    #[inline(never)]
    fn refill_label_noise(&mut self, law: LabelNoise) {
        self.others.numbers.0 = self.uniform_batch().0;
        self.others.next = 0;
        vectorized(FromUniform { law, numbers: &mut self.others.numbers });
    }
}

/// Turns uniform numbers into noise.
struct FromUniform<'a> {
    law: LabelNoise,
    numbers: &'a mut Numbers,
}

impl Kernel for FromUniform<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let numbers = self.numbers.0.iter_mut();
        match self.law {
            // Never asked for: a normal number is made of two uniform ones.
            LabelNoise::Gaussian => {}
            LabelNoise::Uniform => numbers.for_each(|u| *u = 3f64.sqrt() * (2.0 * *u - 1.0)),
            LabelNoise::Rademacher => numbers.for_each(|u| *u = 1f64.copysign(*u - 0.5)),
            // |2U − 1| is uniform and never 0, whatever the sign; an exponential number has the variance 2 about 0.
            LabelNoise::Laplace => numbers.for_each(|u| {
                let logarithm = elementary::ln((2.0 * *u - 1.0).abs()) * 0.5f64.sqrt();
                *u = logarithm.copysign(*u - 0.5);
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::{assert_follows, assert_uniform, z_of_mean};
    use crate::stream::Use;

    fn sample(law: LabelNoise, seed: u64) -> Vec<f64> {
        let mut stream = Stream::new(seed, Use::Chain, 0);
        (0..1 << 15).flat_map(|_| stream.label_noise(law).0).collect()
    }

    #[test]
    fn noise_follows_its_law_and_has_variance_one() {
        let uniform = sample(LabelNoise::Uniform, 1);
        assert_follows(&uniform, |x| 0.5 + x / 12f64.sqrt(), 1e-6, "uniform");
        let laplace = sample(LabelNoise::Laplace, 2);
        let below = |x: f64| if x < 0.0 { 0.5 * (2f64.sqrt() * x).exp() } else { 1.0 - 0.5 * (-2f64.sqrt() * x).exp() };
        assert_follows(&laplace, below, 1e-6, "laplace");
        let signs = sample(LabelNoise::Rademacher, 3);
        assert!(signs.iter().all(|x| x.abs() == 1.0));
        let positive = signs.iter().filter(|x| **x > 0.0).count();
        assert_uniform(&[positive, signs.len() - positive], 1e-6, "signs");
        for (law, sample) in [("uniform", uniform), ("laplace", laplace)] {
            let z = [z_of_mean(sample.iter().copied()), z_of_mean(sample.iter().map(|x| x * x - 1.0))];
            assert!(z.iter().all(|z| z.abs() < 5.0), "{law}: {z:?}");
        }
    }

    #[test]
    fn noise_of_given_uniform_numbers_by_hand() {
        let of = |law: LabelNoise, uniform: f64| {
            let mut numbers = Numbers([uniform; 512]);
            FromUniform { law, numbers: &mut numbers }.run();
            assert!(numbers.0.iter().all(|&number| number == numbers.0[0]));
            numbers.0[0]
        };
        // √3 (2U − 1).
        for (uniform, expected) in [(0.75, 0.75_f64.sqrt()), (0.25, -0.75_f64.sqrt()), (0.5, 0.0)] {
            assert!((of(LabelNoise::Uniform, uniform) - expected).abs() < 1e-15);
        }
        assert_eq!([0.125, 0.499, 0.501, 0.75].map(|u| of(LabelNoise::Rademacher, u)), [-1.0, -1.0, 1.0, 1.0]);
        // −ln|2U − 1|/√2: ln 2/√2 at ¾ and ¼, ln 4/√2 at ⅝ and ⅜.
        let unit = 2.0_f64.ln() / 2.0_f64.sqrt();
        for (uniform, expected) in [(0.75, unit), (0.25, -unit), (0.625, 2.0 * unit), (0.375, -2.0 * unit)] {
            assert!((of(LabelNoise::Laplace, uniform) - expected).abs() < 1e-14, "{uniform}");
        }
    }

    #[test]
    fn normal_noise_is_the_next_normal_number_and_any_other_a_uniform_one() {
        let mut stream = Stream::new(5, Use::Chain, 0);
        let mut same = stream.clone();
        assert_eq!(stream.label_noise(LabelNoise::Gaussian), same.normal());
        for _ in 0..130 {
            let uniform = same.uniform();
            let expected = uniform.map(|u| 1f64.copysign(u - 0.5));
            assert_eq!(stream.label_noise(LabelNoise::Rademacher), expected);
        }
    }

    #[test]
    fn laws_have_their_names() {
        let laws = [LabelNoise::Gaussian, LabelNoise::Uniform, LabelNoise::Rademacher, LabelNoise::Laplace];
        assert_eq!(laws.map(|law| law.to_string()), ["gaussian", "uniform", "rademacher", "laplace"]);
    }
}
