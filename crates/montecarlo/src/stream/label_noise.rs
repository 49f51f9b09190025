//! The laws that label noise can have.

use std::fmt;

use super::{Numbers, Stream, elementary};
use crate::lanes::{Kernel, Lanes, vectorized};

/// The law of the label noise ε: always of mean 0 and variance σ².
///
/// Of the noise of eq. (1) only two moments enter the covariance of one minibatch, so that Σ, C and the losses must not
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
            LabelNoise::Gaussian => {}
            LabelNoise::Uniform => numbers.for_each(|u| *u = 3f64.sqrt() * (2.0 * *u - 1.0)),
            LabelNoise::Rademacher => numbers.for_each(|u| *u = 1f64.copysign(*u - 0.5)),
            // |2U − 1| is uniform and never 0, whatever the sign; an exponential number has the variance 2 about 0.
            LabelNoise::Laplace => numbers.for_each(|u| {
                let size = -elementary::ln((2.0 * *u - 1.0).abs()) * 0.5f64.sqrt();
                *u = size.copysign(*u - 0.5);
            }),
        }
    }
}
