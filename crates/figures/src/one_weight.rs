//! Figs. 3, 4a and 5: one weight.

use claims::Form;
use exact::ExactError;
use numbers::{Vector, decimal, matrix, nearest_f64};
use registry::approximation::{self, Time};
use rug::Rational;
use symbols::{BatchSize, Gaussian, Population, Quantity, Setting};

use super::figure::{Axis, Figure, Point, Role, Series, Shown};
use super::{draws, places};
use tables::StudyError;
use tables::rational::ends;
use tables::registered::{self, STABILITY, STABILITY_OF_ONE, TEST_LOSS_OF_ONE};
use verify::Verdict;

/// A curve of Fig. 3 right or of Fig. 5: λ and S at a = u = 1.
#[derive(Debug, Clone, Copy)]
pub struct Curve {
    learning_rate: (u32, u32),
    batch_size: u32,
    /// The end of the vertical axis.
    highest: f64,
}

/// Fig. 3 right.
pub const FIGURE_3: Curve = Curve { learning_rate: (1, 2), batch_size: 1, highest: 1.0 };
/// The three curves of Fig. 5: with little noise, with more, and where 2S/(S + 2) < λa < √(S/2), so that γ = 0 is
/// unstable.
pub const FIGURE_5: [Curve; 3] = [
    Curve { learning_rate: (1, 2), batch_size: 10, highest: 1.0 },
    Curve { learning_rate: (3, 2), batch_size: 10, highest: 1.0 },
    Curve { learning_rate: (9, 5), batch_size: 10, highest: 4.0 },
];

/// The number of halvings that find an edge to the precision of a figure.
const HALVINGS: u32 = 40;

/// The parameters of one weight: a, σ², u, γ, λ and S.
struct One {
    curvature: Rational,
    label_noise: u32,
    true_weight: u32,
    decay: Rational,
    learning_rate: Rational,
    batch_size: u32,
}

impl One {
    fn setting(self) -> Result<Setting<Rational>, StudyError> {
        let model = Gaussian {
            feature_covariance: matrix::scalar(self.curvature),
            input_noise_covariance: matrix::scalar(Rational::new()),
            label_noise_variance: self.label_noise.into(),
            true_weights: Vector::from_element(1, self.true_weight.into()),
        };
        let rate = matrix::scalar(self.learning_rate);
        let setting = Setting::new(Population::Gaussian(model), rate, BatchSize::new(self.batch_size)?)?;
        Ok(setting.with_weight_decay(matrix::scalar(self.decay))?)
    }
}

/// A setting, and where it stands on the horizontal axis.
type Place = (f64, Setting<Rational>);

/// A quantity that is drawn, with its claims and its approximation.
struct Subject {
    quantity: Quantity,
    claim: &'static str,
    approximation: fn(&Setting<Rational>, Time) -> Result<Rational, StudyError>,
    approximation_claim: &'static str,
}

const FLUCTUATION: Subject = Subject {
    quantity: Quantity::Fluctuation,
    claim: registered::FLUCTUATION,
    approximation: |setting, time| Ok(matrix::trace(&approximation::fluctuation(setting, time)?)),
    approximation_claim: "approximation/label-noise",
};

const TEST_LOSS: Subject = Subject {
    quantity: Quantity::TestLoss,
    claim: TEST_LOSS_OF_ONE,
    approximation: |setting, time| Ok(approximation::test_loss(setting, time)?),
    approximation_claim: "approximation/regularization",
};

impl Subject {
    /// Theory at the places of its curves, where `stable` holds; the exact answer and draws at other places, and what
    /// they show of claims.
    fn of(&self, curves: &[Place], places: &[Place], stable: &Form) -> Result<(Vec<Series>, Vec<Shown>), StudyError> {
        let [mut printed, mut exact, mut drawn] = [const { Vec::new() }; 3];
        let [mut discrete, mut continuous] = [const { Vec::new() }; 2];
        let [mut errors, mut approximate] = [const { Vec::new() }; 2];
        let form = &registered::claim(self.claim)?.printed;
        for (x, setting) in curves {
            let by = |time| Ok::<_, StudyError>(Point::certain(*x, nearest_f64(&(self.approximation)(setting, time)?)));
            discrete.push(by(Time::Discrete)?);
            continuous.push(by(Time::Continuous)?);
            if claims_stable(stable, setting)? {
                printed.push(Point::certain(*x, nearest_f64(&matrix::trace(&registered::value(form, setting)?))));
            }
        }
        for (x, setting) in places {
            let moments = match exact::stationary(setting) {
                Ok(moments) => moments,
                Err(ExactError::Unstable | ExactError::SingularHessian { .. }) => continue,
                Err(error) => return Err(error.into()),
            };
            let claimed = matrix::trace(&registered::value(form, setting)?);
            let found = self.quantity.of_moments(setting, &moments).map(|M| matrix::trace(&M)).unwrap_or_default();
            exact.push(Point::certain(*x, nearest_f64(&found)));
            if !found.is_zero() {
                errors.push(Rational::from(&claimed / &found) - 1);
                approximate.push((self.approximation)(setting, Time::Discrete)? / found - Rational::from(1));
            }
            let quantity =
                |moments: &_| self.quantity.of_moments(&setting.map(nearest_f64), moments).map(|M| M.trace());
            drawn.extend(draws::point(*x, setting, quantity)?);
        }
        let series = [
            (Role::DiscreteTime, discrete),
            (Role::ContinuousTime, continuous),
            (Role::Printed, printed),
            (Role::Exact, exact),
            (Role::Draws, drawn),
        ];
        let shown = [(self.claim, errors), (self.approximation_claim, approximate)];
        let shown = shown.map(|(claim, errors)| shown_of(claim, &errors));
        Ok((Vec::from(series.map(|(role, points)| Series::of(role, points))), shown.into()))
    }
}

/// Whether two curves are one, by the relative errors of one of them.
pub fn shown_of(claim: &'static str, errors: &[Rational]) -> Shown {
    let equal = errors.iter().filter(|error| error.is_zero()).count();
    if equal == errors.len() {
        return Shown { claim, verdict: Verdict::Agrees, measured: format!("equal at all {equal} places") };
    }
    let [least, most] = ends(errors, |error| decimal::percent(error, 3));
    Shown { claim, verdict: Verdict::Differs, measured: format!("off by {least} to {most}") }
}

/// The place where a condition ends that holds at x = `inside` and not at `outside`.
fn edge(
    inside: Rational,
    outside: Rational,
    holds: impl Fn(&Rational) -> Result<bool, StudyError>,
) -> Result<f64, StudyError> {
    let (mut inside, mut outside) = (inside, outside);
    for _ in 0..HALVINGS {
        let middle = Rational::from(&inside + &outside) / 2u32;
        if holds(&middle)? { inside = middle } else { outside = middle }
    }
    Ok(nearest_f64(&inside))
}

/// Whether a form claims that a setting is stable.
fn claims_stable(form: &Form, setting: &Setting<Rational>) -> Result<bool, StudyError> {
    Ok(form.holds(setting)?)
}

/// One weight with label noise, σ² = 1.
fn noisy(curvature: Rational, learning_rate: Rational, batch_size: u32) -> Result<Setting<Rational>, StudyError> {
    One { curvature, label_noise: 1, true_weight: 0, decay: Rational::new(), learning_rate, batch_size }.setting()
}

/// Fig. 3 left: Σ against S.
///
/// # Errors
/// None that a caller can cause.
pub fn fluctuation_against_batch_size() -> Result<Figure, StudyError> {
    let at = |batch_size| noisy(Rational::from((3, 2)), 1.into(), batch_size);
    let sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 17, 20, 25, 32, 40, 50, 64, 80, 100];
    let places = sizes.map(|S| Ok((f64::from(S), at(S)?)));
    let places = places.into_iter().collect::<Result<Vec<_>, StudyError>>()?;
    let form = registered::claim(STABILITY)?.believed();
    // Formulas go on between whole numbers.
    let between = |S: &Rational| Ok::<_, StudyError>(at(1)?.with_indeterminates(Rational::new(), S.clone()));
    let ends = [1.0, 100.0];
    let divergences = vec![edge(100.into(), 1.into(), |S| claims_stable(form, &between(S)?))?];
    let curves = places::equal_ratios(ends, &divergences).into_iter().map(|S| Ok((nearest_f64(&S), between(&S)?)));
    let curves = curves.collect::<Result<Vec<_>, StudyError>>()?;
    let (series, shown) = FLUCTUATION.of(&curves, &places, form)?;
    Ok(Figure {
        name: "3-left",
        title: "One weight with label noise: `Σ` against the batch size".into(),
        caption: format!("`a = 1.5`, `λ = 1`, `σ² = 1`. {}.", draws::described()),
        horizontal: Axis { label: "`S`", is_logarithmic: true, ends },
        vertical: Axis { label: "`Σ`", is_logarithmic: true, ends: [0.003, 10.0] },
        is_map: false,
        series,
        divergences,
        shown,
    })
}

/// Fig. 4a: Σ against λ, up to where it diverges.
///
/// # Errors
/// None that a caller can cause.
pub fn fluctuation_against_learning_rate() -> Result<Figure, StudyError> {
    let at = |learning_rate| noisy(1.into(), learning_rate, 10);
    let places = (1..=38).map(|k| Rational::from((k, 20))).map(|rate| Ok((nearest_f64(&rate), at(rate)?)));
    let places = places.collect::<Result<Vec<_>, StudyError>>()?;
    let form = registered::claim(STABILITY)?.believed();
    let stable = |rate: &Rational| claims_stable(form, &at(rate.clone())?);
    let divergences = vec![edge(Rational::from((1, 20)), 2.into(), stable)?];
    let curves = places::equally_spaced([&0.into(), &2.into()], &divergences);
    let curves = curves.into_iter().map(|rate| Ok((nearest_f64(&rate), at(rate)?)));
    let curves = curves.collect::<Result<Vec<_>, StudyError>>()?;
    let (series, shown) = FLUCTUATION.of(&curves, &places, form)?;
    Ok(Figure {
        name: "4a",
        title: "One weight with label noise: `Σ` against the learning rate".into(),
        caption: format!("`a = 1`, `S = 10`, `σ² = 1`. {}.", draws::described()),
        horizontal: Axis { label: "`λ`", is_logarithmic: false, ends: [0.0, 2.0] },
        vertical: Axis { label: "`Σ`", is_logarithmic: true, ends: [0.001, 10.0] },
        is_map: false,
        series,
        divergences,
        shown,
    })
}

/// Fig. 3 right and Fig. 5: L_test against γ, and where the stable γ end.
///
/// # Errors
/// None that a caller can cause.
pub fn test_loss_against_decay(name: &'static str, curve: Curve) -> Result<Figure, StudyError> {
    let Curve { learning_rate, batch_size, highest } = curve;
    let rate = Rational::from(learning_rate);
    let at = |decay: Rational| {
        let learning_rate = rate.clone();
        One { curvature: 1.into(), label_noise: 0, true_weight: 1, decay, learning_rate, batch_size }.setting()
    };
    let form = &registered::claim(STABILITY_OF_ONE)?.printed;
    let stable = |decay: &Rational| claims_stable(form, &at(decay.clone())?);
    // The margin is largest at λ(a + γ) = 1, and nothing is stable where λ(a + γ) is 0 or 2.
    let middle = Rational::from(1 / &rate) - Rational::from(1);
    let reach = Rational::from(1 / &rate);
    let [least, most] = [Rational::from(&middle - &reach), Rational::from(&middle + &reach)];
    let divergences = vec![edge(middle.clone(), least.clone(), stable)?, edge(middle, most.clone(), stable)?];
    let step = Rational::from(&most - &least) / 40u32;
    // Both ends are left out: γ = −a has no minimum, and λ(a + γ) = 2 is a pole of the approximation.
    let places = (1..40).map(|k| &least + Rational::from(&step * k));
    let placed = |decay: Rational| Ok((nearest_f64(&decay), at(decay)?));
    let places = places.map(placed).collect::<Result<Vec<_>, StudyError>>()?;
    let curves = places::equally_spaced([&least, &most], &divergences).into_iter().map(placed);
    let curves = curves.collect::<Result<Vec<_>, StudyError>>()?;
    let (series, shown) = TEST_LOSS.of(&curves, &places, form)?;
    let rate = decimal::exact(&rate, 3);
    Ok(Figure {
        name,
        title: format!(
            "One weight without label noise: test loss against the weight decay, `λ = {rate}`, `S = {batch_size}`"
        ),
        caption: format!("`a = 1`, `u = 1`, `σ² = 0`. {}.", draws::described()),
        horizontal: Axis { label: "`γ`", is_logarithmic: false, ends: [least, most].map(|end| nearest_f64(&end)) },
        vertical: Axis { label: "`L_test`", is_logarithmic: false, ends: [0.0, highest] },
        is_map: false,
        series,
        divergences,
        shown,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_curves_are_one_where_every_error_vanishes() {
        let shown = |errors: &[(i32, i32)]| {
            let errors = Vec::from_iter(errors.iter().map(|error| Rational::from(*error)));
            let Shown { claim, verdict, measured } = shown_of("a/b", &errors);
            assert_eq!(claim, "a/b");
            (verdict, measured)
        };
        assert_eq!(shown(&[(0, 1), (0, 1)]), (Verdict::Agrees, "equal at all 2 places".into()));
        assert_eq!(shown(&[(0, 1), (-1, 4), (1, 2)]), (Verdict::Differs, "off by -25 % to 50 %".into()));
    }

    /// The condition is λa < 2S/(S + 2), whose ends are computed by hand.
    #[test]
    fn a_divergence_is_where_it_should_be() {
        let form = registered::claim(STABILITY).unwrap().believed();
        let by_rate = |rate: &Rational| claims_stable(form, &noisy(1.into(), rate.clone(), 10)?);
        let found = edge(Rational::from((1, 20)), 2.into(), by_rate).unwrap();
        assert!((found - 5.0 / 3.0).abs() < 1e-9, "{found}");
        let at = noisy(Rational::from((3, 2)), 1.into(), 1).unwrap();
        let by_size = |S: &Rational| claims_stable(form, &at.clone().with_indeterminates(Rational::new(), S.clone()));
        let found = edge(100.into(), 1.into(), by_size).unwrap();
        assert!((found - 6.0).abs() < 1e-9, "{found}");
    }

    /// Without label noise the test loss vanishes at γ = 0. At λ = 9/5 and S = 10 nothing is stationary there.
    #[test]
    fn curves_of_the_test_loss_know_where_nothing_is_stationary() {
        let [.., beyond] = FIGURE_5;
        for (curve, stationary) in [(FIGURE_3, true), (beyond, false)] {
            let Curve { learning_rate, batch_size, .. } = curve;
            let learning_rate = learning_rate.into();
            let one = One {
                curvature: 1.into(),
                label_noise: 0,
                true_weight: 1,
                decay: Rational::new(),
                learning_rate,
                batch_size,
            };
            let form = &registered::claim(STABILITY_OF_ONE).unwrap().printed;
            let stable = claims_stable(form, &one.setting().unwrap());
            assert_eq!(stable.unwrap(), stationary, "{curve:?}");
        }
    }
}
