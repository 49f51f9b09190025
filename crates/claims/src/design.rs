//! The project's own claims turned round: the learning rate that has a given stationary state.
//!
//! `own/design` gives Λ for a given Σ, and `own/scaling-rule` how that Λ depends on S. Both are judged as claims of the
//! registry; here they are functions for whoever wants such a Λ.
//!
//! Deliberately absent: the check. An engine that solves for Σ knows nothing of these formulas, and the caller asks it.

use numbers::matrix::{self, Matrix, Singular};
use rug::Rational;
use symbols::{Gaussian, Population, Setting};

/// Halvings of an interval that ends at the largest λ: its relative width is then about 2⁻⁶⁴.
const HALVINGS: u32 = 64;

/// No learning rate, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DesignError {
    /// Samples of a data set, for which the closed form does not hold.
    #[error("samples of a data set: expected Gaussian features, for which Λ has a closed form")]
    DataSet,
    /// Γ ≠ 0, for which the closed form does not hold.
    #[error("weight_decay is not 0: expected 0, as Λ has a closed form without weight decay only")]
    WeightDecay,
    /// B ≠ 0 where a loss is the target.
    #[error("input_noise_covariance is not 0: expected 0 for a target of the test loss; a target of Σ may have any")]
    InputNoise,
    /// K has no inverse, so that Σ is not that of one Λ.
    #[error("the hessian is singular: expected feature_covariance + input_noise_covariance positive definite")]
    SingularHessian,
    /// No noise at the minimum: Λ would be on the edge of stability, where Σ depends on the start.
    #[error("no label noise and no input noise: nothing is noisy at the minimum, so that only Σ = 0 is stationary")]
    NoNoise,
    /// A target of the wrong shape.
    #[error("the target is {} by {}: expected {dimension} by {dimension}, as there are {dimension} weights", found.0, found.1)]
    Shape {
        /// Rows and columns.
        found: (usize, usize),
        /// D.
        dimension: usize,
    },
    /// A target that no covariance is.
    #[error("the target is not symmetric: expected a covariance")]
    NotSymmetric,
    /// A target that is no covariance of weights that all move.
    #[error("the target is not positive definite: expected Σ ≻ 0")]
    NotPositiveDefinite,
    /// A loss that is not positive.
    #[error("the target of the test loss is {value}: expected a number above 0")]
    Loss {
        /// The target.
        value: Rational,
    },
}

impl From<Singular> for DesignError {
    fn from(_: Singular) -> Self {
        DesignError::SingularHessian
    }
}

/// An interval that holds a number λ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosed {
    /// A number that is not above it.
    pub low: Rational,
    /// A number that is not below it; the same where it is known exactly.
    pub high: Rational,
}

/// The one Λ ≻ 0 with the stationary covariance Σ; whatever learning rate `setting` has is not used.
///
/// ```text
/// Λ⁻¹ = [(q/S) Σ⁻¹ + (ν + 1/S) K]/(2(1−μ)),    q = 2L(w*) + Tr[KΣ],    ν = (1−μ)/(1+μ),    K = A + B
/// ```
///
/// `fluctuation` is a D×D matrix, units (2, 0); Λ is one of units (0, −2).
///
/// # Assumes
/// Gaussian features; label noise and input noise of any size, not both 0; Γ = 0. Any μ and S.
/// # Errors
/// [`DesignError`] where one of these fails, or Σ is not a symmetric positive definite D×D matrix.
/// # Source
/// The claim `own/design`: 2(1−μ)Λ⁻¹ − (ν + 1/S)K = (q/S)Σ⁻¹ ≻ 0 and Tr\[KΣ\] < q make it stable.
pub fn learning_rate(
    setting: &Setting<Rational>,
    fluctuation: &Matrix<Rational>,
) -> Result<Matrix<Rational>, DesignError> {
    let model = gaussian(setting)?;
    let D = setting.dimension();
    if fluctuation.shape() != (D, D) {
        return Err(DesignError::Shape { found: fluctuation.shape(), dimension: D });
    }
    if !matrix::is_symmetric(fluctuation) {
        return Err(DesignError::NotSymmetric);
    }
    if !matrix::is_positive_definite(fluctuation) {
        return Err(DesignError::NotPositiveDefinite);
    }
    let K = setting.hessian();
    if !matrix::is_positive_definite(&K) {
        return Err(DesignError::SingularHessian);
    }
    let minimizer = setting.minimizer()?;
    let error = &minimizer - &model.true_weights;
    let quadratic = |M: &Matrix<Rational>, x: &matrix::Vector<Rational>| x.dot(&(M * x));
    let noise = model.label_noise_variance.clone()
        + quadratic(&model.feature_covariance, &error)
        + quadratic(&model.input_noise_covariance, &minimizer);
    if noise <= 0 {
        return Err(DesignError::NoNoise);
    }
    let S = setting.draws();
    let q = noise + matrix::trace(&(&K * fluctuation));
    let inverse = matrix::inverse(fluctuation)? * (q / S) + K * (pull(setting) + S.clone().recip());
    Ok(matrix::inverse(&(inverse / (damping(setting) * Rational::from(2))))?)
}

/// The one λ for which Λ = λI has the stationary test loss ½ Tr\[AΣ\], enclosed; whatever learning rate `setting` has is
/// not used.
///
/// ```text
/// Tr[λA (2(1−μ)S I − (νS + 1)λA)⁻¹] = 2L_test/(σ² + 2L_test)
/// ```
///
/// The left side grows with λ from 0 without bound up to where the matrix ceases to be positive definite. For A = aI
/// the root is rational, λ = 2(1−μ)S/(a(νS + 1 + D(σ² + 2L_test)/(2L_test))); else halvings enclose it.
///
/// # Assumes
/// Gaussian features with label noise, Γ = 0 and B = 0. Any μ and S.
/// # Errors
/// [`DesignError`] where one of these fails, or the loss is not positive.
/// # Source
/// The trace of A times the claim `own/fluctuation-by-train-loss`, for Λ = λI.
pub fn scalar_learning_rate(setting: &Setting<Rational>, test_loss: &Rational) -> Result<Enclosed, DesignError> {
    let model = gaussian(setting)?;
    if model.input_noise_covariance.iter().any(|entry| !entry.is_zero()) {
        return Err(DesignError::InputNoise);
    }
    if *test_loss <= 0 {
        return Err(DesignError::Loss { value: test_loss.clone() });
    }
    let A = &model.feature_covariance;
    if !matrix::is_positive_definite(A) {
        return Err(DesignError::SingularHessian);
    }
    if model.label_noise_variance <= 0 {
        return Err(DesignError::NoNoise);
    }
    let D = setting.dimension();
    let identity = matrix::identity::<Rational>(D);
    let twice = Rational::from(2 * test_loss);
    let share = twice.clone() / (twice + &model.label_noise_variance);
    let S = setting.draws();
    let most = damping(setting) * Rational::from(2) * S;
    let pulled = pull(setting) * S + Rational::from(1);
    let mean = matrix::trace(A) / Rational::from(D as u64);
    if *A == &identity * mean.clone() {
        let rate = most / (mean * (pulled + Rational::from(D as u64) / share));
        return Ok(Enclosed { low: rate.clone(), high: rate });
    }
    let is_below = |rate: &Rational| {
        let scaled = A * rate.clone();
        let left = &identity * most.clone() - &scaled * pulled.clone();
        matrix::is_positive_definite(&left)
            && matrix::solve(&left, &scaled).is_ok_and(|solved| matrix::trace(&solved) <= share)
    };
    // No largest eigenvalue is less than their mean.
    let (mut low, mut high) = (Rational::new(), Rational::from(&most / &pulled) / mean);
    for _ in 0..HALVINGS {
        let middle = Rational::from(&low + &high) / 2;
        if is_below(&middle) { low = middle } else { high = middle }
    }
    Ok(Enclosed { low, high })
}

/// Asks whether Λ has a closed form for the samples and the weight decay of a setting, before anything is computed.
///
/// # Errors
/// [`DesignError::DataSet`], [`DesignError::WeightDecay`].
pub fn admit(setting: &Setting<Rational>) -> Result<(), DesignError> {
    gaussian(setting).map(drop)
}

/// The Gaussian model of a setting for which Λ has a closed form.
fn gaussian(setting: &Setting<Rational>) -> Result<&Gaussian<Rational>, DesignError> {
    match setting.population() {
        Population::Data(_) => Err(DesignError::DataSet),
        Population::Gaussian(_) if setting.weight_decay().iter().any(|entry| !entry.is_zero()) => {
            Err(DesignError::WeightDecay)
        }
        Population::Gaussian(model) => Ok(model),
    }
}

/// 1 − μ.
fn damping(setting: &Setting<Rational>) -> Rational {
    Rational::from(1) - setting.momentum()
}

/// ν = (1−μ)/(1+μ).
fn pull(setting: &Setting<Rational>) -> Rational {
    damping(setting) / (Rational::from(1) + setting.momentum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use exact::stationary;
    use numbers::matrix::Vector;
    use proptest::prelude::*;
    use symbols::{BatchSize, Momentum};

    fn q(numerator: i64, denominator: i64) -> Rational {
        Rational::from((numerator, denominator))
    }

    fn matrix_of(entries: [i64; 4], denominator: i64) -> Matrix<Rational> {
        Matrix::from_row_iterator(2, 2, entries.map(|entry| q(entry, denominator)))
    }

    /// X Xᵀ + I/8, of any X: positive definite.
    fn positive(entries: [i64; 4]) -> Matrix<Rational> {
        let X = matrix_of(entries, 2);
        &X * X.transpose() + matrix::identity::<Rational>(2) * q(1, 8)
    }

    fn setting(
        A: Matrix<Rational>,
        B: Matrix<Rational>,
        noise: Rational,
        S: u32,
        momentum: Rational,
    ) -> Setting<Rational> {
        let D = A.nrows();
        let model = Gaussian {
            feature_covariance: A,
            input_noise_covariance: B,
            label_noise_variance: noise,
            true_weights: Vector::from_iterator(D, (1..).map(|i| q(i, 2)).take(D)),
        };
        let unused = matrix::identity(D);
        let setting = Setting::new(Population::Gaussian(model), unused, BatchSize::new(S).unwrap()).unwrap();
        setting.with_momentum(Momentum::new(momentum).unwrap())
    }

    fn label_noise(A: Matrix<Rational>, S: u32, momentum: Rational) -> Setting<Rational> {
        let D = A.nrows();
        setting(A, Matrix::zeros(D, D), q(1, 1), S, momentum)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn the_learning_rate_has_exactly_the_target(
            features in prop::array::uniform4(-3i64..4),
            noises in prop::array::uniform4(-1i64..2),
            target in prop::array::uniform4(-3i64..4),
            label in 1i64..4,
            S in 1u32..20,
            momentum in 0i64..8,
        ) {
            let X = matrix_of(noises, 2);
            let setting = setting(positive(features), &X * X.transpose(), q(label, 3), S, q(momentum, 9));
            let target = positive(target);
            let rate = learning_rate(&setting, &target).unwrap();
            prop_assert!(matrix::is_positive_definite(&rate));
            let solved = stationary(&setting.with_learning_rate(rate).unwrap()).unwrap();
            prop_assert_eq!(solved.fluctuation, target);
        }

        /// The two ends have losses on both sides of the target, by an engine that knows nothing of the equation.
        #[test]
        fn the_scalar_learning_rate_is_enclosed(
            features in prop::array::uniform4(-3i64..4),
            loss in 1i64..60,
            S in 1u32..20,
            momentum in 0i64..8,
        ) {
            let setting = label_noise(positive(features), S, q(momentum, 9));
            let target = q(loss, 20);
            let Enclosed { low, high } = scalar_learning_rate(&setting, &target).unwrap();
            prop_assert!(Rational::from(&high - &low) <= high.clone() >> 50);
            let loss_at = |rate: &Rational| {
                let setting = setting.clone().with_learning_rate(matrix::identity::<Rational>(2) * rate.clone());
                stationary(&setting.unwrap()).map(|moments| moments.test_loss.unwrap())
            };
            prop_assert!(loss_at(&low).unwrap() <= target);
            prop_assert!(loss_at(&high).is_ok_and(|loss| loss >= target));
        }
    }

    /// By hand: A⁻¹ and Σ⁻¹ of two by two, then one inverse more.
    #[test]
    fn matrices_of_known_fractions() {
        let A = matrix_of([2, 1, 1, 2], 2);
        let target = matrix_of([1, 0, 0, 2], 10);
        for (S, momentum, entries, denominator) in [
            (1, q(0, 1), [34, -4, -4, 60], 253),
            (4, q(0, 1), [368, -80, -80, 576], 803),
            (4, q(1, 2), [424, -56, -56, 736], 1609),
        ] {
            let setting = label_noise(A.clone(), S, momentum);
            assert_eq!(learning_rate(&setting, &target), Ok(matrix_of(entries, denominator)));
        }
    }

    #[test]
    fn one_curvature_has_a_rational_learning_rate() {
        // L_test = Tr[Σ]/2 = 2/71 where Σ = I/71, D = 4: λ = 1/10 at S = 4, and 8/23 at S = 16.
        for (S, rate) in [(1, q(2, 77)), (4, q(1, 10)), (16, q(8, 23)), (64, q(32, 35)), (1024, q(512, 275))] {
            let setting = label_noise(matrix::identity(4), S, q(0, 1));
            let Enclosed { low, high } = scalar_learning_rate(&setting, &q(2, 71)).unwrap();
            assert_eq!((&low, &high), (&rate, &rate), "S = {S}");
        }
    }

    #[test]
    fn a_root_that_is_no_fraction_is_that_of_its_polynomial() {
        // At S = 16: λ = 32/y with 76y² − 2829y + 21080 = 0, which decreases in λ up to its larger root.
        let A = matrix_of([2, 0, 0, 1], 2);
        let setting = label_noise(A, 16, q(0, 1));
        let Enclosed { low, high } = scalar_learning_rate(&setting, &q(19, 259)).unwrap();
        let polynomial = |rate: &Rational| {
            let y = q(32, 1) / rate;
            q(76, 1) * &y * &y - q(2829, 1) * &y + q(21080, 1)
        };
        assert!(polynomial(&low) >= 0 && polynomial(&high) <= 0 && low < high);
    }

    #[test]
    fn what_has_no_closed_form_is_refused() {
        let A = || matrix_of([2, 1, 1, 2], 2);
        let at = |A| label_noise(A, 4, q(0, 1));
        let target = matrix_of([1, 0, 0, 2], 10);
        let decayed = at(A()).with_weight_decay(matrix::identity(2)).unwrap();
        assert_eq!(learning_rate(&decayed, &target), Err(DesignError::WeightDecay));
        let quiet = setting(A(), Matrix::zeros(2, 2), q(0, 1), 4, q(0, 1));
        assert_eq!(learning_rate(&quiet, &target), Err(DesignError::NoNoise));
        assert_eq!(scalar_learning_rate(&quiet, &q(1, 1)), Err(DesignError::NoNoise));
        let singular = at(matrix_of([1, 1, 1, 1], 1));
        assert_eq!(learning_rate(&singular, &target), Err(DesignError::SingularHessian));
        let noisy = setting(A(), matrix::identity(2), q(1, 1), 4, q(0, 1));
        assert_eq!(scalar_learning_rate(&noisy, &q(1, 1)), Err(DesignError::InputNoise));
        for (target, error) in [
            (matrix_of([1, 2, 2, 1], 1), DesignError::NotPositiveDefinite),
            (matrix_of([1, 1, 1, 1], 1), DesignError::NotPositiveDefinite),
            (matrix_of([1, 1, 0, 1], 1), DesignError::NotSymmetric),
            (matrix::identity(3), DesignError::Shape { found: (3, 3), dimension: 2 }),
        ] {
            assert_eq!(learning_rate(&at(A()), &target), Err(error));
        }
        assert_eq!(scalar_learning_rate(&at(A()), &q(0, 1)), Err(DesignError::Loss { value: q(0, 1) }));
    }
}
