//! The formulas of section 9 for the tail index, against the index itself; the index of several weights.
//!
//! The paper's β is "the smallest moment that diverges", which is the α with E|ρ|^α = 1 that [`exact::tail`] encloses.
//! Every digit in the tables is certain.
//!
//! The density of eq. (90), p(w) ∝ (σ² + aw²)^{−(1+β)/2}, is that of Student's t with β degrees of freedom, so that
//!
//! ```text
//! Σ = σ²/(a(β − 2)),    kurtosis = 3(β − 2)/(β − 4)
//! ```
//!
//! which the exact engine tests on the moments of the stationary law itself.

use exact::ExactError;
use exact::tail::{Threshold, index, threshold};
use numbers::{Vector, decimal, matrix, nearest_f64};
use registry::tail::{
    CONTINUOUS_TIME, DENSITY, DISCRETE_TIME, HEAVIER, KURTOSIS, VARIANCE, continuous_time, discrete_time,
};
use rug::Rational;
use symbols::{BatchSize, Gaussian, Population, Setting};

use tables::draws::Scores;
use tables::rational::ends;
use tables::{Judged, Study, StudyError, Table, heads};

mod certain;
mod continuous;
mod diffusion;
mod draws;
mod even;
mod isotropic;
mod limits;
mod monotone;
mod settings;
mod several;

pub use certain::{certain, error};
use certain::{off, percent, range};

pub use verify::allowances::INDEX_DIGITS as DIGITS;
use verify::allowances::INDEX_ERROR_DIGITS as ERROR_DIGITS;

/// The study; each table takes a second or so.
pub static STUDY: Study = Study {
    name: "tail",
    subject: "tail index",
    tables: &[
        ("figure-2", figure_2),
        ("figure-7", figure_7),
        ("thresholds", thresholds),
        ("errors", errors),
        ("density", density),
        ("continuous-time", continuous::everywhere),
        ("small-steps", continuous::small_steps),
        ("crossing", continuous::crossing),
        ("several-weights", several::index_of_several),
        ("measured", several::measured),
        ("small-steps-of-several-weights", limits::small_steps),
        ("large-batch-of-several-weights", limits::large_batch),
        ("kurtosis-of-several-weights", several::kurtosis),
        ("monotone-of-several-weights", monotone::monotone),
        ("diffusion-of-several-weights", diffusion::law),
        ("crossing-of-several-weights", diffusion::crossing),
    ],
};

/// The cells for one place: the index to `digits` digits, and the two formulas with their errors.
///
/// # Errors
/// [`ExactError`] where nothing is stationary, or beyond the limits of [`exact::tail`].
pub fn row(step_size: &Rational, batch_size: u32, digits: usize) -> Result<Vec<String>, ExactError> {
    Ok(row_with_index(step_size, batch_size, digits)?.0)
}

fn row_with_index(step_size: &Rational, batch_size: u32, digits: usize) -> Result<(Vec<String>, Rational), ExactError> {
    let (found, middle) = certain(digits, |digits| index(step_size, batch_size, digits))?;
    let S = Rational::from(batch_size);
    let mut cells = vec![found];
    for formula in [discrete_time, continuous_time] {
        let claimed = formula(&S, step_size);
        cells.push(decimal::exact(&claimed, 6));
        cells.push(percent(&error(&claimed, &middle), digits));
    }
    Ok((cells, middle))
}

/// The column heads for the cells of [`row`].
pub fn row_heads() -> Vec<String> {
    heads(["tail index", "discrete time", "error", "continuous time", "error"])
}

/// One of the three thresholds in aλ, to `digits` digits.
///
/// # Errors
/// [`ExactError`] beyond the limits of [`exact::tail`].
pub fn threshold_text(which: Threshold, batch_size: u32, digits: usize) -> Result<String, ExactError> {
    Ok(certain(digits, |digits| threshold(which, batch_size, digits))?.0)
}

/// Fig. 2: aλ = 1, against S.
fn figure_2() -> Result<Table, StudyError> {
    let sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 16, 32, 64, 128];
    let rows = sizes.map(|S| Ok([vec![S.to_string()], row(&Rational::from(1), S, DIGITS)?].concat()));
    let rows = rows.into_iter().collect::<Result<_, ExactError>>()?;
    let header = [heads(["S"]), row_heads()].concat();
    Ok(Table { title: "aλ = 1 (Fig. 2)".into(), header, rows, finding: "", judged: Vec::new() })
}

/// Fig. 7: against λ, as far as a law is stationary.
fn figure_7() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let mut errors = Vec::new();
    for S in [1, 2, 5, 10] {
        for tenths in [1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26] {
            let step_size = Rational::from((tenths, 10));
            let place = vec![S.to_string(), decimal::exact(&step_size, 2)];
            match row_with_index(&step_size, S, DIGITS) {
                Ok((cells, found)) => {
                    rows.push([place, cells].concat());
                    errors.push(error(&continuous_time(&Rational::from(S), &step_size), &found));
                }
                Err(ExactError::NoStationaryLaw { .. }) => {
                    rows.push([place, vec!["nothing is stationary".into()], vec![String::new(); 4]].concat());
                    break;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    let header = [heads(["S", "aλ"]), row_heads()].concat();
    let heavier = errors.iter().filter(|error| **error > 0).count();
    let judged = vec![
        Judged::new(&CONTINUOUS_TIME, errors.iter().all(Rational::is_zero), off(&errors, DIGITS))
            .with_range("relative_error", errors.iter().map(nearest_f64)),
        Judged::new(&HEAVIER, heavier == errors.len(), format!("at {heavier} of {} places", errors.len()))
            .with("places", errors.len() as f64)
            .with("places_where_it_holds", heavier as f64),
    ];
    Ok(Table { title: "against λ (Fig. 7)".into(), header, rows, finding: "", judged })
}

/// The step sizes at which the index is 4, 2 and 0, and where the formula of discrete time puts them.
fn thresholds() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let mut errors = [const { Vec::new() }; 3];
    for S in [1, 2, 3, 4, 5, 8, 10, 16, 32, 100] {
        let mut cells = vec![S.to_string()];
        let all = [(Threshold::Kurtosis, 4), (Threshold::Variance, 2), (Threshold::Stationarity, 0)];
        for ((which, moment), errors) in all.into_iter().zip(&mut errors) {
            let (text, found) = certain(DIGITS, |digits| threshold(which, S, digits))?;
            // 2S/L − S = k where L = 2S/(S + k).
            let claimed = Rational::from((2 * S, S + moment));
            errors.push(error(&claimed, &found));
            cells.extend([text, decimal::exact(&claimed, 6)]);
        }
        rows.push(cells);
    }
    let header = heads(["S", "index 4", "formula", "index 2", "formula", "index 0", "formula"]);
    let [kurtosis, variance, _] = &errors;
    // A threshold is right where it is so in all digits that are certain.
    let judged = [(&KURTOSIS, kurtosis), (&VARIANCE, variance)].map(|(claim, errors)| {
        let holds = errors.iter().all(|error| decimal::exact(&(error.clone() + 1), DIGITS - 1) == "1");
        Judged::new(claim, holds, format!("`aλ` at the threshold is off by {}", range(errors, DIGITS)))
            .with_range("relative_error_of_step_size", errors.iter().map(nearest_f64))
    });
    let title = "aλ at which the tail index is 4, 2 and 0".into();
    Ok(Table { title, header, rows, finding: "", judged: judged.into() })
}

/// The relative error of the formula of discrete time over S and aλ.
fn errors() -> Result<Table, StudyError> {
    let sizes = [1, 2, 3, 5, 10, 30, 100, 300];
    let header = [heads(["aλ"]), sizes.map(|S| format!("S = {S}")).to_vec()].concat();
    let steps = [(1, 100), (1, 30), (1, 10), (3, 10), (2, 3), (1, 1), (4, 3), (8, 5), (9, 5), (19, 10)];
    let mut rows = Vec::new();
    let mut errors = Vec::new();
    for step_size in steps.map(Rational::from) {
        let mut row = vec![step_size.to_string()];
        for S in sizes {
            match certain(ERROR_DIGITS, |digits| index(&step_size, S, digits)) {
                Ok((_, found)) => {
                    errors.push(error(&discrete_time(&Rational::from(S), &step_size), &found));
                    row.extend(errors.last().map(|error| percent(error, ERROR_DIGITS)));
                }
                Err(ExactError::NoStationaryLaw { .. }) => row.push("–".into()),
                Err(error) => return Err(error.into()),
            }
        }
        rows.push(row);
    }
    let judged = vec![
        Judged::new(&DISCRETE_TIME, errors.iter().all(Rational::is_zero), off(&errors, ERROR_DIGITS))
            .with_range("relative_error", errors.iter().map(nearest_f64)),
    ];
    let title = "error of β = 2S/(aλ) − S relative to the tail index".into();
    Ok(Table { title, header, rows, finding: "", judged })
}

/// One weight, a = σ² = 1, scalar λ.
pub fn one_weight(step_size: &Rational, batch_size: u32) -> Result<Setting<Rational>, StudyError> {
    let model = Gaussian {
        feature_covariance: matrix::identity(1),
        input_noise_covariance: matrix::scalar(Rational::new()),
        label_noise_variance: Rational::from(1),
        true_weights: Vector::zeros(1),
    };
    let rate = matrix::scalar(step_size.clone());
    Ok(Setting::new(Population::Gaussian(model), rate, BatchSize::new(batch_size)?)?)
}

/// S and aλ at which the kurtosis is drawn, too: the eighth moment exists, and the two differ.
const DRAWN: [(u32, (u32, u32)); 2] = [(5, (1, 2)), (100, (3, 2))];

/// Eq. (90): variance and kurtosis of its density beside those of the stationary law.
fn density() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let [mut variances, mut kurtoses] = [const { Vec::new() }; 2];
    let [mut of_engine, mut of_claim] = [const { Scores::new() }; 2];
    for S in [1, 2, 5, 10, 100] {
        for step_size in [(1, 1000), (1, 10), (3, 10), (1, 2), (1, 1), (3, 2)].map(Rational::from) {
            let place = vec![S.to_string(), step_size.to_string()];
            let Some(found) = settings::fourth_moments(&one_weight(&step_size, S)?)? else {
                rows.push([place, vec!["no fourth moment".into()]].concat());
                continue;
            };
            let beta = discrete_time(&Rational::from(S), &step_size);
            let [spread, above] = [2, 4].map(|moment| beta.clone() - Rational::from(moment));
            let claimed = [spread.recip(), Rational::from(6) / above];
            // A Gaussian has the kurtosis 3. The claim is on the excess over that.
            let excess = found.kurtosis(0).unwrap_or_default() - Rational::from(3);
            let variance = found.of(&[0; 2]).unwrap_or_default();
            if DRAWN.iter().any(|(size, step)| *size == S && step_size == Rational::from(*step)) {
                let drawn = draws::excesses(1, S, &step_size)?;
                of_engine.compare_numbers(drawn.iter().copied(), nearest_f64(&excess));
                of_claim.compare_numbers(drawn.into_iter(), nearest_f64(&claimed[1]));
            }
            variances.push(error(&claimed[0], &variance));
            kurtoses.push(Rational::from(&excess / &claimed[1]));
            let cells = [&variance, &claimed[0], &excess, &claimed[1]].map(|value| decimal::exact(value, 7));
            rows.push([place, cells.into()].concat());
        }
    }
    let holds = variances.iter().all(Rational::is_zero) && kurtoses.iter().all(|ratio| *ratio == 1);
    let [least, most] = ends(&kurtoses, |ratio| decimal::exact(ratio, 3));
    let measured = format!(
        "`Σ` is off by {}, kurtosis − 3 is {least} to {most} of that claimed; draws have the exact one at {} places to {} \
         standard errors, and are at least {} from that claimed",
        range(&variances, DIGITS),
        of_engine.count(),
        decimal::to_places(of_engine.largest(), 1),
        decimal::to_places(of_claim.least(), 1),
    );
    let header = heads(["S", "aλ", "Σ", "of eq. (90)", "kurtosis − 3", "of eq. (90)"]);
    let title = "variance and kurtosis of the stationary law, and of eq. (90) with β = 2S/(aλ) − S; a = σ² = 1".into();
    let judged = Judged::new(&DENSITY, holds, measured)
        .with_range("relative_error_of_variance", variances.iter().map(nearest_f64))
        .with_range("excess_kurtosis_over_claimed", kurtoses.iter().map(nearest_f64))
        .with("largest_z_score_of_the_exact_one", of_engine.largest())
        .with("least_z_score_of_that_claimed", of_claim.least());
    Ok(Table { title, header, rows, finding: "", judged: vec![judged] })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2S/L − S is the index exactly where it is 2, and nowhere else in the table.
    #[test]
    fn the_formula_of_discrete_time_holds_where_the_index_is_2() {
        for S in [1, 2, 3, 10] {
            let at = |L: Rational| row(&L, S, 10).unwrap();
            let cells = at(Rational::from((2 * S, S + 2)));
            assert_eq!((cells[0].as_str(), cells[1].as_str(), cells[2].as_str()), ("2.000000000", "2", "0 %"));
            assert!(at(Rational::from((S, S + 2)))[2].starts_with('+'));
        }
    }

    /// By eq. (90) the excess kurtosis would have the order 1: half of it at half the learning rate.
    #[test]
    fn the_kurtosis_tends_to_that_of_a_gaussian_with_the_order_3() {
        for S in [1, 2, 10] {
            let [once, half] = [1000, 2000].map(|steps| {
                let found = exact::central_moments(&one_weight(&Rational::from((1, steps)), S).unwrap()).unwrap();
                found.kurtosis(0).unwrap() - Rational::from(3)
            });
            assert!((once / half - Rational::from(8)).abs() < Rational::from((1, 10)), "S = {S}");
        }
    }

    /// As λ → 0, aλβ/S tends to y/2 with y ln y = 1 + y, by the largest term of E|1 − λx²|^β, where both formulas have 2:
    /// the order of the rest is 1.
    #[test]
    fn the_index_of_small_steps_is_that_of_neither_formula() {
        // By Newton's method.
        let y = (0..20).fold(3.5_f64, |y, _| y - (y * y.ln() - 1.0 - y) / y.ln());
        for S in [1, 2, 10] {
            let [coarse, fine] = [100, 1000].map(|steps| {
                let (_, found) = certain(10, |digits| index(&Rational::from((1, steps)), S, digits)).unwrap();
                (found / Rational::from(steps * S)).to_f64() - y / 2.0
            });
            let order = (coarse / fine).log10();
            assert!((0.8..1.2).contains(&order) && fine.abs() < 0.005, "S = {S}: {fine}, order {order}");
        }
    }

    /// At S = 1 the formula is 2/(aλ) − 1, a whole number here, and more digits than its cell has.
    #[test]
    fn a_formula_keeps_its_whole_digits() {
        for (step_size, claimed) in [((1, 1_000_000), "1999999"), ((1, 500), "999")] {
            assert_eq!(row(&Rational::from(step_size), 1, 2).unwrap()[1], claimed);
        }
    }
}
