//! One problem with Γ = γI: which γ are stable, and which is the best.

use exact::ExactError;
use numbers::{Matrix, Vector, matrix, nearest_f64};
use rug::{Integer, Rational};
use symbols::{BatchSize, Gaussian, Population, Setting};

use tables::StudyError;
use tables::registered::{self, TEST_LOSS};

/// The number of halvings that find an edge of stability.
pub const EDGE_STEPS: u32 = 40;
/// The number of halvings that find a best γ.
const STEPS: u32 = 80;
/// The derivative at γ is a difference over 2 to the minus this.
const DIFFERENCE: u32 = 100;
/// The number of points in each half of the grid on which a first stable γ is looked for.
const GRID: u32 = 64;

/// A setting of section 4 whose γ can be chosen.
pub struct Problem(Setting<Rational>);

/// L_test as a function of a setting: by Theorem 4, or by the engine.
pub type Loss = fn(&Setting<Rational>) -> Result<Rational, StudyError>;

/// L_test by eq. (11), as printed.
pub fn by_form(setting: &Setting<Rational>) -> Result<Rational, StudyError> {
    Ok(matrix::trace(&registered::value(&registered::claim(TEST_LOSS)?.printed, setting)?))
}

/// L_test by the exact engine.
pub fn by_engine(setting: &Setting<Rational>) -> Result<Rational, StudyError> {
    // Gaussian features always have a test loss.
    Ok(exact::stationary(setting)?.test_loss.unwrap_or_default())
}

impl Problem {
    /// A problem without label noise, input noise and momentum.
    pub fn new(A: Matrix<Rational>, u: Vector<Rational>, rate: &Rational, batch: u32) -> Result<Self, StudyError> {
        let D = u.len();
        let model = Gaussian {
            feature_covariance: A,
            input_noise_covariance: Matrix::zeros(D, D),
            label_noise_variance: Rational::new(),
            true_weights: u,
        };
        let rate = matrix::identity(D) * rate.clone();
        Ok(Problem(Setting::new(Population::Gaussian(model), rate, BatchSize::new(batch)?)?))
    }

    /// A problem with A = I and u = (1, 0, …), so that λ is λa.
    pub fn isotropic(D: usize, rate: &Rational, batch: u32) -> Result<Self, StudyError> {
        let u = Vector::from_fn(D, |i, _| Rational::from(u32::from(i == 0)));
        Self::new(matrix::identity(D), u, rate, batch)
    }

    /// The setting with Γ = γI.
    pub fn with(&self, decay: &Rational) -> Result<Setting<Rational>, StudyError> {
        Ok(self.0.clone().with_weight_decay(matrix::identity(self.0.dimension()) * decay.clone())?)
    }

    /// Whether the exact engine finds a stationary state.
    pub fn is_stable(&self, decay: &Rational) -> Result<bool, StudyError> {
        match exact::stationary(&self.with(decay)?) {
            Ok(_) => Ok(true),
            Err(ExactError::Unstable | ExactError::SingularHessian { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the Lyapunov engine proves that there is a stationary state, or that there is none; `None` where neither.
    pub fn is_proved_stable(&self, decay: &Rational) -> Result<Option<bool>, StudyError> {
        let setting = self.with(decay)?.map(nearest_f64);
        Ok(lyapunov::decide(&lyapunov::Problem::nearest(&setting))?.is_stable())
    }

    /// The γ that puts the mean of the eigenvalues of λK at `mean`. No γ is stable whose mean is not between 0 and 2.
    pub fn decay_at(&self, mean: Rational) -> Rational {
        let D = self.0.dimension() as u32;
        let [a, rate] = [self.0.feature_covariance(), self.0.learning_rate().clone()].map(|M| matrix::trace(&M) / D);
        mean / rate - a
    }

    /// A stable γ: the one where λk is 1 on average, or the least on a grid; `None` where there is none.
    ///
    /// With A = aI the first of these is stable if any γ is. For another A an interval that is narrower than the grid
    /// would be missed.
    fn any_stable(&self) -> Result<Option<Rational>, StudyError> {
        for step in [GRID].into_iter().chain(1..2 * GRID) {
            let decay = self.decay_at((step, GRID).into());
            if self.is_stable(&decay)? {
                return Ok(Some(decay));
            }
        }
        Ok(None)
    }

    /// Stable γ next to both ends of the interval; `None` where nothing is stable.
    pub fn stable_decays(&self) -> Result<Option<[Rational; 2]>, StudyError> {
        let Some(inside) = self.any_stable()? else { return Ok(None) };
        let edge = |mean: u32| -> Result<Rational, StudyError> {
            let outside = self.decay_at(mean.into());
            let [stable, _] = bisect([inside.clone(), outside], EDGE_STEPS, |decay| self.is_stable(decay))?;
            Ok(stable)
        };
        Ok(Some([edge(0)?, edge(2)?]))
    }

    /// L_test at γ − δ, γ and γ + δ.
    pub fn losses(&self, loss: Loss, decay: &Rational) -> Result<[Rational; 3], StudyError> {
        let at = |decay: Rational| loss(&self.with(&decay)?);
        Ok([at(decay.clone() - difference())?, at(decay.clone())?, at(decay.clone() + difference())?])
    }

    /// L'/L'' at γ: by how much a step of Newton's method would move it.
    pub fn newton_step(&self, loss: Loss, decay: &Rational) -> Result<Rational, StudyError> {
        let [before, here, after] = self.losses(loss, decay)?;
        let slope: Rational = (after.clone() - &before) / 2u32;
        Ok(slope * difference() / (after + before - here * 2u32))
    }

    /// The best γ between two bounds: 0, or the two ends of an interval in which dL_test/dγ changes its sign.
    ///
    /// L_test is infinite at both edges of stability unless γ = 0 there.
    pub fn best_decay(&self, [least, largest]: &[Rational; 2]) -> Result<[Rational; 2], StudyError> {
        if self.is_stable(&Rational::new())? {
            return Ok([Rational::new(), Rational::new()]);
        }
        bisect([least.clone(), largest.clone()], STEPS, |decay| {
            let [before, _, after] = self.losses(by_form, decay)?;
            Ok(after < before)
        })
    }
}

/// δ = 2⁻¹⁰⁰.
fn difference() -> Rational {
    (Integer::from(1), Integer::from(1) << DIFFERENCE).into()
}

/// Halves the interval between a point where something holds and one where it does not.
pub fn bisect(
    [mut inside, mut outside]: [Rational; 2],
    steps: u32,
    mut holds: impl FnMut(&Rational) -> Result<bool, StudyError>,
) -> Result<[Rational; 2], StudyError> {
    for _ in 0..steps {
        let middle = Rational::from(&inside + &outside) / 2u32;
        let end = if holds(&middle)? { &mut inside } else { &mut outside };
        *end = middle;
    }
    Ok([inside, outside])
}

#[cfg(test)]
mod tests {
    use super::*;
    use numbers::decimal;
    use proptest::prelude::*;

    fn q(numerator: i64, denominator: i64) -> Rational {
        Rational::from((numerator, denominator))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

        /// The stable γ are those with gᵢ > 0 and Σᵢ λ²aᵢ²/gᵢ < S: the interval between the edges, and none beyond.
        #[test]
        fn the_stable_decays_are_an_interval(
            eighths in prop::collection::vec(1i64..17, 1..4), S in 1u32..24, tenths in 1i64..20, part in 1i64..16,
        ) {
            let (D, rate) = (eighths.len(), q(tenths, 10));
            let A = Matrix::from_fn(D, D, |i, j| if i == j { q(eighths[i], 8) } else { Rational::new() });
            let problem = Problem::new(A, Vector::from_element(D, Rational::from(1)), &rate, S).unwrap();
            let holds = |decay: &Rational| {
                let shares = Vec::from_iter(eighths.iter().map(|&a| {
                    let (x, k) = (q(a, 8) * &rate, (q(a, 8) + decay) * &rate);
                    let square = x.clone() * x;
                    let g: Rational = k.clone() * (Rational::from(2) - k) - square.clone() / S;
                    (square, g)
                }));
                shares.iter().all(|(_, g)| *g > 0)
                    && shares.iter().fold(Rational::new(), |sum, (square, g)| sum + square.clone() / g) < S
            };
            let within = problem.decay_at(q(part, 8));
            prop_assert_eq!(problem.is_stable(&within).unwrap(), holds(&within));
            let Some([least, largest]) = problem.stable_decays().unwrap() else { return Ok(()) };
            let between = least.clone() + (largest.clone() - &least) * q(part, 16);
            prop_assert!([&least, &between, &largest].into_iter().all(holds));
            prop_assert!(problem.is_stable(&between).unwrap());
            let width = q(1, 1_000_000_000);
            prop_assert!(!holds(&(least - &width)) && !holds(&(largest + &width)));
        }
    }

    /// From eq. (159) at a = 1: 2/γ − λ/(2 − λk) − 1/k − (2 − 2λk)/(k(2 − λk) − 2λa²/S) = 0.
    #[test]
    fn the_best_decay_of_one_weight_solves_its_equation() {
        for (S, rate) in [(1, q(7, 10)), (8, q(9, 5)), (32, q(3, 1))] {
            let problem = Problem::isotropic(1, &rate, S).unwrap();
            let stable = problem.stable_decays().unwrap().unwrap();
            let signs = problem.best_decay(&stable).unwrap().map(|decay| {
                let k: Rational = Rational::from(1) + &decay;
                let pull: Rational = Rational::from(2) - rate.clone() * &k;
                let margin: Rational = k.clone() * &pull - rate.clone() * 2u32 / S;
                let turn: Rational = Rational::from(2) - rate.clone() * &k * 2u32;
                (Rational::from(2) / decay - rate.clone() / pull - Rational::from(1) / k - turn / margin) > 0
            });
            assert_eq!(signs, [false, true]);
        }
    }

    #[test]
    fn just_beyond_the_edge_the_best_decay_is_twice_the_nearest() {
        for (S, edge) in [(1, q(2, 3)), (8, q(8, 5)), (32, q(32, 17))] {
            let problem = Problem::isotropic(1, &(edge + q(1, 1_000_000)), S).unwrap();
            let stable = problem.stable_decays().unwrap().unwrap();
            let [best, _] = problem.best_decay(&stable).unwrap();
            let nearest = stable.into_iter().min_by_key(|decay| decay.clone().abs()).unwrap();
            let ratio: Rational = best / nearest - 2u32;
            assert!(ratio.clone().abs() < q(1, 10_000), "{}", decimal::exact(&ratio, 5));
        }
    }
}
