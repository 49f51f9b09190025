//! The fixed point of the second-moment recursion, with its certificate.

use std::borrow::Cow;

use matrix_equations::rounding::{SAFETY, gamma};
use numbers::{DoubleDouble, Matrix, Vector};
use symbols::{Moments, Population, Setting};

use crate::answer::{Answer, Errors, last_place, least_loss, moments, norm, quotient};
use crate::approximation::{Approximation, DOUBLE_DOUBLE_ENTRIES};
use crate::arithmetic::Arithmetic;
use crate::center::{Center, Curvature, Known};
use crate::certificate::Certificate;
use crate::conjugate::Operator;
use crate::corrector::Corrector;
use crate::dense;
use crate::edge::Stability;
use crate::error::LyapunovError;
use crate::growth::{Growth, growth};
use crate::interpolation;
use crate::modes::Modes;
use crate::noise::Noise;
use crate::observer::Observer;
use crate::problem::{DOUBLE_DOUBLE_ROWS, Numbers, Problem, embedded, start};
use crate::rounding::{Doubt, Magnitude, Sizes};
use crate::route::Route;
use crate::stability;
use crate::step::Step;
use crate::witness::Witness;

/// Corrections of w* by double-double residuals, each of which gains ten digits.
const CENTERINGS: usize = 4;

/// Corrections of Σ, each of which gains as many digits as doubles keep: few near the limit of stability.
const CORRECTIONS: usize = 30;

/// The doubt for condition numbers: an error of the numbers of a problem alone, so small that everything is linear in
/// it.
const NUMBERS_ALONE: Doubt = Doubt { input: 1.0 / (1_u64 << 40) as f64, operations: false };

/// A stationary state with its certificate.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Solution {
    /// Σ, C and the losses. Σ is zero where its error may be as large as itself: then there is no noise, as far as
    /// doubles can tell.
    pub moments: Moments<f64>,
    /// The w* that SGD fluctuates around.
    pub minimizer: Vector<f64>,
    /// L(w*), the regularizer included.
    pub least_loss: f64,
    /// How far from instability, in doubles; that the problem is stable is proven.
    pub stability: Stability,
    /// A proven lower bound on 1 less the spectral radius.
    pub gap: f64,
    /// ‖P − Φ(P) − JC₀Jᵀ‖/‖P‖ of the joint second moments, Frobenius.
    pub residual: f64,
    /// Bounds on the errors of the moments, absolute.
    pub errors: Errors,
    /// Bound on the relative error of Σ, Frobenius: infinite where Σ is zero and its absolute error is not.
    pub error_bound: f64,
    /// A bound on the condition number of Σ: how much larger than the relative errors of the numbers of the problem the
    /// relative error of Σ can be, for small errors. `None` where Σ is zero, or no bound is known.
    pub condition: Option<f64>,
    /// What the numbers of the problem stand for: `errors`, `error_bound` and `gap` are bounds for that problem.
    pub numbers: Numbers,
    /// Applications of the operator.
    pub iterations: usize,
    /// An orthonormal basis of the directions in which the weights never move, proven, as neither a pull nor a kick
    /// reaches them: columns; `None` where every direction moves.
    pub null_space: Option<Matrix<f64>>,
}

/// The stationary state of eq. (1), by the fast route.
///
/// Any Λ, Γ, B and μ; Gaussian features or a data set, for either sampling. Nothing has to commute, Λ and K may be
/// singular where zeros or the number of samples prove which directions are still. The bounds are of the numbers as
/// they are; [`solve`] takes those that stand for others.
///
/// # Solvability
/// The spectral radius of the second-moment recursion is below 1; proven by the matrix inequality that also bounds the
/// error.
///
/// # Errors
/// [`LyapunovError`], all of its variants but `BothSigns` and `Interrupted`.
pub fn stationary(setting: &Setting<f64>) -> Result<Solution, LyapunovError> {
    stationary_by(Route::Reduced, setting)
}

/// The stationary state of eq. (1), by the route asked for.
///
/// # Errors
/// Those of [`stationary`].
pub fn stationary_by(route: Route, setting: &Setting<f64>) -> Result<Solution, LyapunovError> {
    Approximation::by(route, &Problem::read(setting), &mut ())?.certify()
}

/// The stationary state of a problem, with bounds that are of what its numbers stand for.
///
/// The observer sees every iteration and may end them; `&mut ()` lets them run.
///
/// # Errors
/// Those of [`stationary`], and [`LyapunovError::Interrupted`].
pub fn solve(problem: &Problem, observer: &mut dyn Observer) -> Result<Solution, LyapunovError> {
    Approximation::by(Route::Reduced, problem, observer)?.certify()
}

impl Approximation<'_> {
    /// Stability, bounds on the errors, and what follows from Σ; up to 16 rows of P also the last digits.
    ///
    /// # Errors
    /// [`LyapunovError::Unstable`], by a proof; [`LyapunovError::Undecided`] and [`LyapunovError::Rank`] where nothing
    /// could be proven.
    pub fn certify(&self) -> Result<Solution, LyapunovError> {
        let lost = self.modes.as_ref().map_or(0, |modes| modes.lost());
        let answer = if self.active.is_empty() {
            Some(self.standing())
        } else if lost > 0 {
            interpolation::stands(self)?
        } else if self.step.rows() <= DOUBLE_DOUBLE_ROWS {
            self.sharp()
        } else {
            self.plain()
        };
        let Some(answer) = answer else { return Err(self.without_certificate()?) };
        let Answer { mut moments, minimizer, least_loss, residual, mut errors, condition, gap, null_space } = answer;
        let errors_of = [errors.fluctuation, errors.noise_covariance, errors.train_loss, gap];
        if !errors_of.iter().chain([&moments.train_loss]).chain(&moments.noise_covariance).all(|v| v.is_finite()) {
            return Err(LyapunovError::NotFinite { quantity: "the stationary state" });
        }
        let size = moments.fluctuation.norm();
        if errors.fluctuation >= size && size > 0.0 {
            errors.fluctuation += size * SAFETY;
            errors.fluctuation_entries += moments.fluctuation.abs() * SAFETY;
            moments.fluctuation.fill(0.0);
        }
        let size = moments.fluctuation.norm();
        Ok(Solution {
            error_bound: quotient(errors.fluctuation, size),
            condition: condition.map(|error| error / size).filter(|condition| condition.is_finite()),
            least_loss,
            minimizer,
            moments,
            stability: self.stability()?.stable(gap),
            gap,
            residual,
            errors,
            numbers: self.problem.numbers(),
            iterations: self.iterations,
            null_space,
        })
    }

    /// Stability in doubles, without a proof.
    ///
    /// # Errors
    /// [`LyapunovError::NotFinite`].
    pub fn stability(&self) -> Result<Stability, LyapunovError> {
        match &self.modes {
            Some(modes) => stability::of_modes(modes),
            None if self.active.is_empty() => Ok(Stability { spectral_radius: 0.0, margin: f64::INFINITY }),
            None => dense::stability(&self.step),
        }
    }

    /// The error where no stationary state is proven: it is proven that there is none, or that is undecided.
    pub(crate) fn without_certificate(&self) -> Result<LyapunovError, LyapunovError> {
        let stability = self.stability()?;
        if self.growth().is_some_and(|growth| growth.is_proven()) {
            return Ok(LyapunovError::Unstable(stability.unstable()));
        }
        Ok(match &self.modes {
            Some(modes) if modes.lost() > 0 => {
                LyapunovError::Rank { directions: modes.lost(), dimension: self.active.len() }
            }
            _ => LyapunovError::Undecided(stability),
        })
    }

    /// The proof that nothing is stationary, as far as it goes.
    pub(crate) fn growth(&self) -> Option<Growth> {
        let modes = self.modes.as_ref()?;
        let sizes = self.sizes();
        if self.step.rows() > DOUBLE_DOUBLE_ROWS {
            return growth(modes, &self.step, &sizes, self.problem.doubt());
        }
        let (setting, doubt) = self.problem.double_double();
        let noise = Noise::new(&setting);
        growth(modes, &Step::among(&setting, &noise, &self.active), &sizes, doubt)
    }

    fn sizes(&self) -> Sizes {
        Sizes::among(self.problem.setting(), &self.noise.second_moment, &self.active)
    }

    pub(crate) fn operator<'m>(&self, modes: &'m Modes) -> Operator<'m> {
        Operator::new(modes, modes.drift(), &modes.noise_of_entries())
    }

    pub(crate) fn witness(&self) -> Option<Witness> {
        match &self.modes {
            Some(modes) => Witness::of_modes(modes, &self.operator(modes), &self.found, &self.step).ok(),
            None => Some(Witness::of_equation(&dense::Equation::new(&self.step).ok()?, &self.found)),
        }
    }

    /// The answer where no weight moves.
    fn standing(&self) -> Answer {
        let (setting, doubt) = self.problem.double_double();
        let noise = Noise::new(&setting);
        let center = Center::at(&setting, start(&setting, &self.active, &self.center.weights));
        // Nothing is displaced: the weights are what they are.
        let still = Curvature { basis: Cow::Owned(Matrix::zeros(center.weights.len(), 0)), diagonal: Vec::new() };
        let known = center.rounding((&setting, doubt), (&noise, doubt), &still);
        let fluctuation = Matrix::zeros(setting.dimension(), setting.dimension());
        let C = noise.at(&center.residual);
        let moments = moments(&setting, &noise, &center, fluctuation.clone(), C).map(|v| v.nearest());
        let of_noise = known.noise.entries(setting.dimension()) + moments.noise_covariance.map(last_place);
        let errors = Errors {
            fluctuation: 0.0,
            fluctuation_entries: fluctuation.map(|v| v.nearest()),
            noise_covariance: norm(&of_noise),
            noise_covariance_entries: of_noise,
            train_loss: known.train_loss + last_place(moments.train_loss),
            test_loss: moments.test_loss.map(|loss| known.test_loss + last_place(loss)),
        };
        let null_space = Some(Matrix::identity(setting.dimension(), setting.dimension()));
        Answer {
            moments,
            least_loss: least_loss(&setting, &center).nearest(),
            minimizer: center.nearest().weights,
            residual: 0.0,
            errors,
            condition: None,
            gap: 1.0,
            null_space,
        }
    }

    /// The answer in doubles. Only w* is corrected by double-double residuals, where the problem is not too large for
    /// that.
    fn plain(&self) -> Option<Answer> {
        let (sizes, doubt) = (self.sizes(), self.problem.doubt());
        let magnitude = Magnitude::of(&self.step, &sizes, doubt);
        let certificate = Certificate::new(&magnitude, self.witness()?)?;
        let setting = self.problem.setting();
        let curvature = self.curvature().ok()?;
        let entries = setting.dimension() * setting.sample_count().unwrap_or(setting.dimension());
        let (center, known, of_numbers) = if entries <= DOUBLE_DOUBLE_ENTRIES {
            let (double_double, of_center) = self.problem.double_double();
            let center =
                Center::of(&double_double, start(&double_double, &self.active, &self.center.weights), 1, &curvature);
            let known =
                |doubts: [Doubt; 2]| center.rounding((&double_double, doubts[0]), (&self.noise, doubts[1]), &curvature);
            let (with, alone) = (known([of_center, doubt]), known([NUMBERS_ALONE; 2]));
            (center.nearest(), with, alone)
        } else {
            let center = Center::of(setting, self.center.weights.clone(), 1, &curvature);
            let known = |doubt| center.rounding((setting, doubt), (&self.noise, doubt), &curvature);
            let (with, alone) = (known(doubt), known(NUMBERS_ALONE));
            (center, with, alone)
        };
        let numbers = Magnitude::of(&self.step, &sizes, NUMBERS_ALONE);
        let fluctuation = self.among(self.fluctuation());
        let problem = (setting, doubt, &self.noise, &center);
        let constant = self.noise.at(&center.residual);
        Some(self.answer(problem, &certificate, [&magnitude, &numbers], (fluctuation, constant), [known, of_numbers]))
    }

    /// The answer, corrected by residuals in double-double numbers.
    fn sharp(&self) -> Option<Answer> {
        let (setting, doubt) = self.problem.double_double();
        let (sizes, noise) = (self.sizes(), Noise::new(&setting));
        let step = Step::among(&setting, &noise, &self.active);
        let magnitude = Magnitude::of(&step, &sizes, doubt);
        let certificate = Certificate::new(&magnitude, self.witness()?)?;
        let curvature = self.curvature().ok()?;
        let start = start(&setting, &self.active, &self.center.weights);
        let center = Center::of(&setting, start, CENTERINGS, &curvature);
        let of_all = noise.at(&center.residual);
        let constant = self.among(&of_all);

        let corrector = Corrector::new(self)?;
        let mut fluctuation = self.among(self.fluctuation()).map(DoubleDouble::from);
        let mut last = f64::INFINITY;
        for _ in 0..CORRECTIONS {
            let P = step.joint(&fluctuation);
            let noise_covariance = &constant + step.noise.linear(&fluctuation);
            let left = step.fluctuation(&step.residual(&P, &noise_covariance));
            let Some(correction) = corrector.correction(&left.map(|v| v.nearest())) else { break };
            let size = correction.norm();
            // Once it does not shrink any more it is rounding.
            if size.is_nan() || size > 0.5 * last {
                break;
            }
            last = size;
            fluctuation -= correction.map(DoubleDouble::from);
            if size <= fluctuation.map(|v| v.nearest()).norm() * f64::EPSILON.powi(2) {
                break;
            }
        }
        let known = |doubt| center.rounding((&setting, doubt), (&noise, doubt), &curvature);
        let numbers = Magnitude::of(&step, &sizes, NUMBERS_ALONE);
        let knowns = [known(doubt), known(NUMBERS_ALONE)];
        Some(self.answer(
            (&setting, doubt, &noise, &center),
            &certificate,
            [&magnitude, &numbers],
            (fluctuation, of_all),
            knowns,
        ))
    }

    /// The answer that follows from Σ of the weights that move and from C(0). Of each pair the first part is for all
    /// rounding together, the second for an error of the numbers alone.
    fn answer<T: Arithmetic>(
        &self,
        (setting, doubt, noise, center): (&Setting<T>, Doubt, &Noise<T>, &Center<T>),
        certificate: &Certificate,
        [magnitude, numbers]: [&Magnitude<T>; 2],
        (fluctuation, constant): (Matrix<T>, Matrix<T>),
        [known, of_numbers]: [Known; 2],
    ) -> Answer {
        let D = setting.dimension();
        let whole = |M: &Matrix<f64>| embedded(M, &self.active, D);
        let step = magnitude.step;
        let P = step.joint(&fluctuation);
        let C = constant + noise.linear(&embedded(&fluctuation, &self.active, D));
        let kicking = self.among(&C);
        let R = magnitude.residual(&P, &kicking, known.noise.among(&self.active));
        let mut moved = numbers.residual(&P, &kicking, of_numbers.noise.among(&self.active));
        moved.value.fill(0.0);
        let error = certificate.error(&R);
        let nearest = fluctuation.map(|v| v.to_f64());
        let rest = (&fluctuation - nearest.map(T::of)).map(|v| v.to_f64().abs());
        let entries = whole(&(error.entries() + &rest));
        // −ρY ⪯ E ⪯ ρY and C is a positive map.
        let root = self.noise.linear(&whole(error.size)).diagonal().map(|v| v.max(0.0).sqrt());
        let of_rounding = if self.active.len() == D {
            magnitude.of_linear_noise(&nearest)
        } else {
            let all = Vec::from_iter(0..D);
            let sizes = Sizes::among(self.problem.setting(), &self.noise.second_moment, &all);
            let step = Step::among(setting, noise, &all);
            Magnitude::of(&step, &sizes, doubt).of_linear_noise(&whole(&nearest))
        };
        let mut of_noise = known.noise.entries(D) + C.map(|v| v.to_f64()).map(last_place);
        for column in of_rounding.iter().chain([&(root * error.factor.sqrt())]) {
            of_noise.ger(SAFETY, column, column, 1.0);
        }
        let of_loss = |M: &Matrix<f64>| 0.5 * M.abs().dot(&entries) * SAFETY;
        let moments = moments(setting, noise, center, embedded(&fluctuation, &self.active, D), C).map(|v| v.to_f64());
        let sizes = self.sizes();
        let hessian = whole(&(sizes.second_moment + sizes.weight_decay));
        // Over all entries, and what K or A is a sum of.
        let of_sum = magnitude.gamma + gamma(D * D, T::UNIT);
        let sum = |M: &Matrix<f64>| 0.5 * M.abs().dot(&whole(&nearest).abs()) * of_sum;
        let errors = Errors {
            fluctuation: error.norm() + rest.norm() * SAFETY,
            noise_covariance: norm(&of_noise),
            noise_covariance_entries: of_noise,
            train_loss: known.train_loss + of_loss(&hessian) + sum(&hessian) + last_place(moments.train_loss),
            test_loss: match self.problem.setting().population() {
                Population::Gaussian(model) => {
                    let (A, loss) = (&model.feature_covariance, moments.test_loss.unwrap_or_default());
                    Some(known.test_loss + of_loss(A) + sum(A) + last_place(loss))
                }
                Population::Data(_) => None,
            },
            fluctuation_entries: entries,
        };
        let condition = certificate.error(&moved).norm() / NUMBERS_ALONE.input;
        Answer {
            residual: quotient(R.value.norm(), P.map(|v| v.to_f64()).norm()),
            moments,
            least_loss: least_loss(setting, center).to_f64(),
            minimizer: center.weights.map(|v| v.to_f64()),
            errors,
            condition: Some(condition),
            gap: certificate.gap(),
            null_space: self.still(),
        }
    }

    /// The weights that never move.
    fn still(&self) -> Option<Matrix<f64>> {
        let D = self.problem.setting().dimension();
        let still = Vec::from_iter((0..D).filter(|i| !self.active.contains(i)));
        if still.is_empty() { None } else { Some(Matrix::identity(D, D).select_columns(&still)) }
    }
}
