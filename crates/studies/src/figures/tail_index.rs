//! Figs. 2 and 7: the tail index of one weight.

use claims::tail::{continuous_time, discrete_time};
use exact::ExactError;
use numbers::nearest_f64;
use rug::Rational;

use super::draws;
use super::figure::{Axis, Figure, Point, Role, Series, Shown};
use super::one_weight::shown_of;
use crate::table::StudyError;
use crate::tail::{certain, error, one_weight};

/// Significant digits of an index.
const DIGITS: usize = 12;
/// The largest index that is measured. Where the index is larger, the largest of some millions of weights lie where the
/// law does not yet look like its tail.
const LARGEST_MEASURED: u32 = 10;

/// The series over all places x with their aλ and S, and what they show of claims.
fn curves(places: Vec<(f64, Rational, u32)>) -> Result<(Vec<Series>, Vec<Shown>), StudyError> {
    let [mut exact, mut discrete, mut continuous, mut measured] = [const { Vec::new() }; 4];
    let mut errors = Vec::new();
    for (x, step_size, batch_size) in places {
        let S = Rational::from(batch_size);
        let formulas = [discrete_time, continuous_time].map(|formula| formula(&S, &step_size));
        let found = match certain(DIGITS, |digits| exact::tail::index(&step_size, batch_size, digits)) {
            Ok((_, found)) => found,
            Err(ExactError::NoStationaryLaw { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        for (points, formula) in [&mut discrete, &mut continuous].into_iter().zip(&formulas) {
            points.push(Point::certain(x, nearest_f64(formula)));
        }
        errors.push(error(&formulas[0], &found));
        exact.push(Point::certain(x, nearest_f64(&found)));
        if found <= LARGEST_MEASURED {
            measured.extend(draws::tail_index(x, &one_weight(&step_size, batch_size)?)?);
        }
    }
    let series = [
        (Role::ContinuousTime, "continuous time: 2S/(aλ) + 1", continuous),
        (Role::Printed, "theory as printed: 2S/(aλ) − S", discrete),
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
    let (series, shown) = curves(sizes.map(|S| (f64::from(S), Rational::from(1), S)).into())?;
    Ok(Figure {
        name: "2",
        title: "Tail index of one weight against the batch size".into(),
        caption: format!(
            "aλ = 1, σ² = 1. {}; measured where the index is at most {LARGEST_MEASURED}.",
            draws::chains()
        ),
        horizontal: Axis { label: "S", is_logarithmic: true, ends: [1.0, 128.0] },
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
    let (series, shown) = curves(places.map(|step| (nearest_f64(&step), step, batch_size)).collect())?;
    // 2S/(aλ) − S = 0 there, whatever S.
    let divergences = vec![2.0];
    Ok(Figure {
        name,
        title: format!("Tail index of one weight against the learning rate, S = {batch_size}"),
        caption: format!("a = 1, σ² = 1. {}; measured where the index is at most {LARGEST_MEASURED}.", draws::chains()),
        horizontal: Axis { label: "λ", is_logarithmic: false, ends: [0.0, 2.6] },
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
