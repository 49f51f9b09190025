//! Figs. 2 and 7: the tail index of one weight.

use exact::ExactError;
use numbers::nearest_f64;
use registry::tail::{continuous_time, discrete_time};
use rug::Rational;

use super::figure::{Axis, Figure, Point, Role, Series, Shown};
use super::one_weight::shown_of;
use super::{draws, places};
use tables::StudyError;
use tails::{certain, error, one_weight};

/// Significant digits of an index.
const DIGITS: usize = 12;
/// The largest index that is measured. Where the index is larger, the largest of some millions of weights lie where the
/// law does not yet look like its tail.
const LARGEST_MEASURED: u32 = 10;

/// Formulas at the places x of their curves, with aλ and S there; the exact index and draws at other places, and what they
/// show of claims. Curves end where nothing is stationary any more.
fn curves(
    curves: Vec<(f64, Rational, Rational)>,
    places: Vec<(f64, Rational, u32)>,
) -> Result<(Vec<Series>, Vec<Shown>), StudyError> {
    let [mut exact, mut measured] = [const { Vec::new() }; 2];
    let mut errors = Vec::new();
    for (x, step_size, batch_size) in places {
        let found = match certain(DIGITS, |digits| exact::tail::index(&step_size, batch_size, digits)) {
            Ok((_, found)) => found,
            Err(ExactError::NoStationaryLaw { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        errors.push(error(&discrete_time(&batch_size.into(), &step_size), &found));
        exact.push(Point::certain(x, nearest_f64(&found)));
        if found <= LARGEST_MEASURED {
            measured.extend(draws::tail_index(x, &one_weight(&step_size, batch_size)?)?);
        }
    }
    let last = exact.last().map_or(0.0, |point| point.x);
    let curve = |formula: fn(&Rational, &Rational) -> Rational| {
        let places = curves.iter().filter(|(x, ..)| *x <= last);
        Vec::from_iter(places.map(|(x, step_size, S)| Point::certain(*x, nearest_f64(&formula(S, step_size)))))
    };
    let series = [
        (Role::ContinuousTime, "continuous time: `2S/(aλ) + 1`", curve(continuous_time)),
        (Role::Printed, "theory as printed: `2S/(aλ) − S`", curve(discrete_time)),
        (Role::Exact, "exact", exact),
        (Role::Draws, "measured ± 2 standard errors", measured),
    ];
    let series = series.map(|(role, name, points)| Series { role, name, points });
    Ok((series.into(), vec![shown_of("tail/discrete-time", &errors)]))
}

/// Fig. 2: β against S at aλ = 1.
///
/// # Errors
/// None that a caller can cause.
pub fn against_batch_size() -> Result<Figure, StudyError> {
    let sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 16, 32, 64, 128];
    let ends = [1.0, 128.0];
    let between = places::equal_ratios(ends, &[]).into_iter().map(|S| (nearest_f64(&S), Rational::from(1), S));
    let (series, shown) = curves(between.collect(), sizes.map(|S| (f64::from(S), Rational::from(1), S)).into())?;
    Ok(Figure {
        name: "2",
        title: "Tail index of one weight against the batch size".into(),
        caption: format!(
            "`aλ = 1`, `σ² = 1`. {}; measured where the index is at most {LARGEST_MEASURED}.",
            draws::chains()
        ),
        horizontal: Axis { label: "`S`", is_logarithmic: true, ends },
        vertical: Axis { label: "tail index", is_logarithmic: true, ends: [0.7, 300.0] },
        is_map: false,
        series,
        divergences: Vec::new(),
        shown,
    })
}

/// Fig. 7: β against λ, as far as a law is stationary.
///
/// # Errors
/// None that a caller can cause.
pub fn against_learning_rate(name: &'static str, batch_size: u32) -> Result<Figure, StudyError> {
    let places = (1..=26).map(|tenths| Rational::from((tenths, 10)));
    let places = places.map(|step| (nearest_f64(&step), step, batch_size));
    // 2S/(aλ) − S = 0 there, whatever S.
    let divergences = vec![2.0];
    let between = places::equally_spaced([&0.into(), &Rational::from((13, 5))], &divergences);
    let between = between.into_iter().map(|step| (nearest_f64(&step), step, batch_size.into()));
    let (series, shown) = curves(between.collect(), places.collect())?;
    Ok(Figure {
        name,
        title: format!("Tail index of one weight against the learning rate, `S = {batch_size}`"),
        caption: format!(
            "`a = 1`, `σ² = 1`. {}; measured where the index is at most {LARGEST_MEASURED}.",
            draws::chains()
        ),
        horizontal: Axis { label: "`λ`", is_logarithmic: false, ends: [0.0, 2.6] },
        vertical: Axis {
            label: "tail index",
            is_logarithmic: false,
            ends: [0.0, f64::from(5 * batch_size.min(10)).max(20.0)],
        },
        is_map: false,
        series,
        divergences,
        shown,
    })
}
