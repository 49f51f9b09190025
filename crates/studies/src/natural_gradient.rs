//! Section 6.4: the natural gradient Λ = (λ/S)C⁻¹ under label noise, as formulated: does D decide about its stability?
//!
//! A = I and σ² = 1, so that Λ = ℓI and C = (q/S)I: another A is a change of units, another σ² one of λ. The closed form of
//! q gives the ℓ with ℓq(ℓ) = λ; the Lyapunov engine says what C is there, and whether it is stable; so does the exact one for
//! few weights.

use lyapunov::LyapunovError;
use numbers::{Matrix, Scalar, Vector, decimal, matrix};
use registry::second_order::{NATURAL_GRADIENT_ITERATION, NATURAL_GRADIENT_STABILITY, gain, largest_step};
use rug::Rational;
use symbols::{BatchSize, Gaussian, Momentum, Population, Setting};
use verify::allowances::NO_MEAN;

use tables::{Judged, Study, StudyError, Table, heads};

/// The study.
pub static STUDY: Study =
    Study { name: "second-order", subject: "second-order methods", tables: &[("natural-gradient", natural_gradient)] };

const SIZES: [u32; 4] = [1, 2, 4, 20];
const DIMENSIONS: [usize; 4] = [1, 2, 4, 20];
const MOMENTA: [f64; 2] = [0.0, 0.5];
/// λ/(σ²ℓ_max).
const RATES: [f64; 5] = [0.5, 0.99, 1.01, 2.0, 100.0];
/// The D up to which the exact engine answers in no time.
const SMALL: usize = 2;
/// The number of steps ℓ at which the engine is asked whether λ = ℓq grows with ℓ.
const POINTS: usize = 8;
/// Next to the border each iteration takes a hundredth or so of the error away.
const ITERATIONS: usize = 20_000;

struct Kind {
    S: u32,
    D: usize,
    momentum: f64,
}

impl Kind {
    fn largest_step(&self) -> f64 {
        largest_step(&f64::from(self.S), self.D, &self.momentum)
    }

    fn gain(&self, step: f64) -> f64 {
        gain(&step, &1.0, &f64::from(self.S), self.D, &self.momentum)
    }

    /// A = I, σ² = 1 and Λ = ℓI, without momentum.
    fn setting<T: Scalar>(&self, step: T) -> Result<Setting<T>, StudyError> {
        let model = Gaussian {
            feature_covariance: matrix::identity(self.D),
            input_noise_covariance: Matrix::zeros(self.D, self.D),
            label_noise_variance: T::one(),
            true_weights: Vector::zeros(self.D),
        };
        let rate = matrix::identity::<T>(self.D) * step;
        Ok(Setting::new(Population::Gaussian(model), rate, BatchSize::new(self.S)?)?)
    }

    /// q by the engine; `None` where nothing is stationary.
    fn engine(&self, step: f64) -> Result<Option<f64>, StudyError> {
        match lyapunov::stationary(&self.setting(step)?.with_momentum(Momentum::new(self.momentum)?)) {
            Ok(solution) => Ok(Some(solution.moments.noise_covariance[(0, 0)] * f64::from(self.S))),
            Err(LyapunovError::Unstable(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the exact engine has the same q at ℓ = ℓ_max/2.
    fn is_exact(&self) -> Result<bool, StudyError> {
        let [S, one] = [Rational::from(self.S), Rational::from(1)];
        let momentum = Rational::from_f64(self.momentum).unwrap_or_default();
        let step = largest_step(&S, self.D, &momentum) / 2u32;
        let claimed = gain(&step, &one, &S, self.D, &momentum);
        let moments = exact::stationary(&self.setting(step)?.with_momentum(Momentum::new(momentum)?))?;
        Ok(moments.noise_covariance * S == matrix::identity::<Rational>(self.D) * claimed)
    }

    /// The ℓ below ℓ_max with ℓq(ℓ) = λ, the smaller root of mℓ² − (n + λp)ℓ + λn = 0.
    fn step(&self, rate: f64) -> f64 {
        let n = 2.0 * (1.0 - self.momentum);
        let m = (1.0 - self.momentum) / (1.0 + self.momentum);
        let b = n + rate * n / self.largest_step();
        2.0 * rate * n / (b + (b * b - 4.0 * m * rate * n).sqrt())
    }

    /// Whether ℓ ← λ/q(ℓ) arrives at a given ℓ from ℓ_max/1000 on, without leaving the stable ones.
    fn iteration_converges(&self, rate: f64, to: f64) -> bool {
        let most = self.largest_step();
        let mut step = most / 1000.0;
        for _ in 0..ITERATIONS {
            step = rate / self.gain(step);
            if step.is_nan() || step <= 0.0 || step >= most {
                return false;
            }
        }
        (step / to - 1.0).abs() < NO_MEAN
    }
}

fn natural_gradient() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let (mut farthest, mut stable, mut growing, mut kinds) = (0.0_f64, 0, 0, 0);
    let mut converging = Vec::new();
    let mut equal = Vec::new();
    let all = MOMENTA.into_iter().flat_map(|momentum| SIZES.map(|S| DIMENSIONS.map(|D| Kind { S, D, momentum })));
    for kind in all.flatten() {
        let most = kind.largest_step();
        let mut row =
            vec![kind.momentum.to_string(), kind.S.to_string(), kind.D.to_string(), decimal::measured(most, 5)];
        for scale in RATES {
            let rate = scale * most;
            let step = kind.step(rate);
            if let Some(q) = kind.engine(step)? {
                farthest = farthest.max((rate / q / step - 1.0).abs());
                stable += 1;
            }
            let arrives = kind.iteration_converges(rate, step);
            converging.push((scale, arrives));
            row.push(format!("{}{}", decimal::to_places(step / most, 5), if arrives { " *" } else { "" }));
        }
        let points = (1..=POINTS).map(|k| most * k as f64 / (POINTS + 1) as f64);
        let rates =
            points.map(|step| Ok(kind.engine(step)?.map(|q| step * q))).collect::<Result<Vec<_>, StudyError>>()?;
        growing += usize::from(rates.iter().all(Option::is_some) && rates.is_sorted_by(|one, next| one < next));
        if kind.D <= SMALL {
            equal.push(kind.is_exact()?);
        }
        kinds += 1;
        rows.push(row);
    }
    let places = converging.len();
    let foreseen = converging.iter().filter(|(scale, arrives)| (*scale < 1.0) == *arrives).count();
    let measured = format!(
        "the engine finds `Λ = (λ/S)C⁻¹` stable at {stable} of {places} places, and `λ` growing with `ℓ` up to `ℓ_max` at {growing} of \
         {kinds} choices of `S`, `D` and `μ`"
    );
    let judged = vec![
        Judged::new(&NATURAL_GRADIENT_STABILITY, stable < places, measured)
            .with("places", places as f64)
            .with("stable", stable as f64)
            .with("choices", f64::from(kinds))
            .with("choices_where_the_rate_grows_with_the_step", growing as f64),
        Judged::new(
            &NATURAL_GRADIENT_ITERATION,
            foreseen == places && farthest < NO_MEAN && equal.iter().all(|equal| *equal),
            format!(
                "it converges just where `λ < σ²ℓ_max` at {foreseen} of {places} places; its `C` is that of the exact engine at {} of {}",
                equal.iter().filter(|equal| **equal).count(),
                equal.len(),
            ),
        )
        .with("places", places as f64)
        .with("places_of_the_exact_engine", equal.len() as f64)
        .with("as_foreseen", foreseen as f64),
    ];
    let header = [heads(["μ", "S", "D", "ℓ_max"]), RATES.map(|scale| format!("ℓ/ℓ_max at λ = {scale} ℓ_max")).to_vec()];
    Ok(Table {
        title: "the natural gradient Λ = (λ/S)C⁻¹ = ℓI, A = I, σ² = 1; * where the iteration ℓ ← λ/q(ℓ) arrives at it"
            .into(),
        header: header.concat(),
        rows,
        finding: "There is one at each λ, and the engine finds it stable with the same C. D decides whether the iteration finds it.",
        judged,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_solves_its_equation_inside_the_edge() {
        for momentum in MOMENTA {
            let kind = Kind { S: 3, D: 5, momentum };
            for scale in RATES {
                let rate = scale * kind.largest_step();
                let step = kind.step(rate);
                assert!((step * kind.gain(step) / rate - 1.0).abs() < 1e-12 && step < kind.largest_step());
            }
        }
    }

    /// ℓ_max is where the engine's stability ends.
    #[test]
    fn the_largest_step_is_the_edge() {
        for momentum in MOMENTA {
            let kind = Kind { S: 2, D: 3, momentum };
            let most = kind.largest_step();
            assert!(kind.engine(most * 0.9999).unwrap().is_some() && kind.engine(most * 1.0001).unwrap().is_none());
        }
    }
}
