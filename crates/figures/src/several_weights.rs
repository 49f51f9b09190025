//! Figs. 4b and 4c, clouds of two weights, and Fig. 6, random data sets.

use std::f64::consts::PI;

use montecarlo::{Plan, Run};
use numbers::{Matrix, Vector, matrix, nearest_f64};
use registry::approximation::{Time, fluctuation};
use rug::Rational;
use symbols::{BatchSize, Gaussian, Population, Setting};

use super::figure::{Axis, Figure, Point, Role, SEED, Series};
use super::one_weight::shown_of;
use super::places;
use studies::high_dimension::draws::{BATCH, Cell, Draw, Features};
use studies::high_dimension::estimate::Estimate;
use studies::high_dimension::marchenko_pastur;
use studies::high_dimension::theory::{Spectrum, Variant, excess};
use tables::StudyError;
use tables::registered::{self, FLUCTUATION};

/// The number of points in a cloud, each of a chain of its own.
const CLOUD: usize = 600;
/// The number of steps after which the weights of a chain are drawn as a point.
const STEPS: usize = 500;
/// The half axes of an ellipse, in standard deviations.
const DEVIATIONS: f64 = 2.0;
/// The number of corners of the polygon that is drawn as an ellipse.
const CORNERS: usize = 120;

/// The ellipse of `DEVIATIONS` around 0, for a diagonal covariance.
fn ellipse(covariance: &Matrix<Rational>) -> Vec<Point> {
    let [a, b] = [0, 1].map(|i| DEVIATIONS * nearest_f64(&covariance[(i, i)]).sqrt());
    let angle = |k: usize| 2.0 * PI * k as f64 / CORNERS as f64;
    (0..=CORNERS).map(|k| Point::certain(a * angle(k).cos(), b * angle(k).sin())).collect()
}

/// Figs. 4b and 4c: two weights, the stationary law of SGD and the ellipses of its predicted covariances.
///
/// # Errors
/// None that a caller can cause.
pub fn clouds(name: &'static str, batch_size: u32) -> Result<Figure, StudyError> {
    let model = Gaussian {
        feature_covariance: Matrix::from_diagonal(&Vector::from_vec(vec![1.into(), Rational::from((1, 2))])),
        input_noise_covariance: Matrix::zeros(2, 2),
        label_noise_variance: 1.into(),
        true_weights: Vector::zeros(2),
    };
    let rate = matrix::identity(2) * Rational::from((3, 2));
    let setting = Setting::new(Population::Gaussian(model), rate, BatchSize::new(batch_size)?)?;
    let printed = registered::value(&registered::claim(FLUCTUATION)?.printed, &setting)?;
    let exact = exact::stationary(&setting)?.fluctuation;
    let [discrete, continuous] = [Time::Discrete, Time::Continuous].map(|time| fluctuation(&setting, time));
    let discrete = discrete?;

    let plan = Plan::new().with_chains(CLOUD).with_burn_in(0).with_steps(STEPS).with_seed(SEED);
    let mut run = Run::new(&setting.map(nearest_f64), &plan)?;
    run.advance(usize::MAX, &())?;
    let cloud = run.weights().iter().map(|w| Point::certain(w[0], w[1])).collect();

    let error = |found: &Matrix<Rational>| {
        let entry = |i| Rational::from(&found[(i, i)] / &exact[(i, i)]) - Rational::from(1);
        [entry(0), entry(1)]
    };
    let reach = 1.3 * DEVIATIONS * nearest_f64(&exact[(0, 0)]).sqrt();
    let shown = vec![shown_of(FLUCTUATION, &error(&printed)), shown_of("approximation/label-noise", &error(&discrete))];
    let series = vec![
        Series::of(Role::Cloud, cloud),
        Series::of(Role::DiscreteTime, ellipse(&discrete)),
        Series::of(Role::ContinuousTime, ellipse(&continuous?)),
        Series::of(Role::Exact, ellipse(&exact)),
        Series::of(Role::Printed, ellipse(&printed)),
    ];
    Ok(Figure {
        name,
        title: format!("Two weights with label noise, `S = {batch_size}`"),
        caption: format!(
            "`A = diag(1, 0.5)`, `λ = 1.5`, `σ² = 1`, `u = 0`; ellipses of {DEVIATIONS} standard deviations. {CLOUD} chains after {STEPS} steps, \
             seed {SEED}.",
        ),
        horizontal: Axis { label: "`w₁`", is_logarithmic: false, ends: [-reach, reach] },
        vertical: Axis { label: "`w₂`", is_logarithmic: false, ends: [-reach, reach] },
        is_map: true,
        series,
        divergences: Vec::new(),
        shown,
    })
}

/// D of Fig. 6.
const DIMENSION: usize = 32;
/// λ of Fig. 6 as a share of S/Tr\[A\].
const SHARE: f64 = 0.5;
/// α of Fig. 6. At α = 1 the smallest eigenvalue vanishes, and nothing has a limit.
const RATIOS: [(usize, usize); 12] =
    [(1, 4), (3, 8), (1, 2), (5, 8), (3, 4), (5, 4), (3, 2), (2, 1), (3, 1), (4, 1), (6, 1), (8, 1)];

/// The ends of α in Fig. 6.
const ENDS: [f64; 2] = [0.25, 8.0];

/// Fig. 6: Tr\[ÂΣ\] against α = N/D.
///
/// # Errors
/// None that a caller can cause.
pub fn trace_against_samples() -> Result<Figure, StudyError> {
    let [mut exact, mut printed, mut approximate, mut limit] = [const { Vec::new() }; 4];
    let S = f64::from(BATCH);
    let rate = SHARE * S / DIMENSION as f64;
    for ratio in RATIOS {
        let cell = Cell::draw(Features::Isotropic, ratio, DIMENSION, rate)?;
        let x = ratio.0 as f64 / ratio.1 as f64;
        let mean =
            |value: &dyn Fn(&Draw) -> Option<f64>| Estimate::of(&Vec::from_iter(cell.draws.iter().filter_map(value)));
        let found = mean(&|draw| Some(draw.state.as_ref()?.trace));
        exact.push(Point { x, y: found.mean, error: Some(found.error) });
        let theory = mean(&|draw| {
            let set = Spectrum { values: &draw.spectrum, N: cell.N() as f64, S };
            Some(draw.state.as_ref()?.loss * Variant::Printed.trace(set, rate))
        });
        printed.push(Point::certain(x, theory.mean));
        let hessian = mean(&|draw| Some(draw.spectrum.iter().map(|a| rate / S * a / (2.0 - rate * a)).sum::<f64>()));
        approximate.push(Point::certain(x, hessian.mean));
    }
    // D samples are fitted by D weights, whatever their labels: there the theory has no fluctuation.
    printed.push(Point::certain(1.0, 0.0));
    printed.sort_by(|one, two| one.x.total_cmp(&two.x));
    for x in places::equal_ratios(ENDS, &[]).iter().map(nearest_f64) {
        let loss = (1.0 - 1.0 / x).max(0.0);
        let gain = rate / S * DIMENSION as f64 * marchenko_pastur::trace(rate * (1.0 - 1.0 / S), 1.0 / x);
        limit.push(Point::certain(x, loss * excess(gain)));
    }
    Ok(Figure {
        name: "6",
        title: "Random data sets: `Tr[ÂΣ]` against `N/D`".into(),
        caption: format!(
            "`D = {DIMENSION}`, `A = I`, `σ² = 1`, `S = {BATCH}`, `λ = {SHARE} S/Tr[A]`; means over 64 data sets of each size, seed {SEED}, bars of 2 \
             standard errors. For `N < D` the minimum interpolates, and `Σ = 0`.",
        ),
        horizontal: Axis { label: "`α = N/D`", is_logarithmic: true, ends: ENDS },
        vertical: Axis { label: "`Tr[ÂΣ]`", is_logarithmic: false, ends: [0.0, 0.5] },
        is_map: false,
        series: vec![
            Series::of(Role::DiscreteTime, approximate),
            Series::of(Role::Limit, limit),
            Series::of(Role::Printed, printed),
            Series { role: Role::Draws, name: "exact, mean ± 2 standard errors", points: exact },
        ],
        divergences: Vec::new(),
        shown: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ellipse_encloses_its_deviations() {
        let covariance = Matrix::from_diagonal(&Vector::from_vec(vec![Rational::from((1, 4)), Rational::from(9)]));
        let points = ellipse(&covariance);
        assert_eq!(points.len(), CORNERS + 1);
        for Point { x, y, .. } in points {
            let distance = 4.0 * x * x + y * y / 9.0;
            assert!((distance - DEVIATIONS * DEVIATIONS).abs() < 1e-12, "{x} {y}");
        }
    }
}
