//! The tail of several weights with features of one variance in all directions: the index by its equation, between bounds
//! from the growth of even moments; its limit for small steps; the kurtosis.
//!
//! The equation is solved with the law of one step. The engine's even moments and their growth come from the update rule of
//! a setting of D weights, so that the two know nothing of each other.

use claims::tail::several::{INDEX, KURTOSIS, SMALL_STEPS, even_moment, excess_kurtosis};
use exact::ExactError;
use exact::tail::{growth, index, index_bounds, isotropic_index, small_steps as limit_of_small_steps};
use numbers::{Matrix, Vector, decimal, matrix, nearest_f64};
use rug::Rational;
use symbols::{BatchSize, Gaussian, Population, Setting};
use verify::allowances::{ORDER, VANISHING_ORDER};

use super::certain::{certain, error, percent};
use crate::judged::Judged;
use crate::table::{StudyError, Table, heads};

/// Significant digits of an index of several weights, of which each costs.
const DIGITS: usize = 4;
/// The largest degree of the moments that bound an index.
const DEGREE: u32 = 6;
/// D, S and aλ of the table of indices.
const PLACES: [(u32, u32, (u32, u32)); 8] = [
    (1, 2, (1, 1)),
    (2, 1, (1, 3)),
    (2, 2, (1, 2)),
    (2, 2, (3, 4)),
    (2, 4, (1, 1)),
    (3, 2, (1, 2)),
    (3, 2, (3, 4)),
    (3, 4, (1, 1)),
];

/// D weights with A = 2I, label noise of variance 1 and Λ = λI.
fn setting(D: u32, S: u32, step_size: &Rational) -> Result<Setting<Rational>, StudyError> {
    let D = D as usize;
    let identity = matrix::identity::<Rational>(D);
    let model = Gaussian {
        feature_covariance: &identity * Rational::from(2),
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance: Rational::from(1),
        true_weights: Vector::zeros(D),
    };
    let rate = identity * Rational::from(step_size / 2u32);
    Ok(Setting::new(Population::Gaussian(model), rate, BatchSize::new(S)?)?)
}

/// The kurtosis of a weight by the engine; `None` where there is no fourth moment.
fn kurtosis_of(setting: &Setting<Rational>) -> Result<Option<Rational>, ExactError> {
    match exact::central_moments(setting) {
        Ok(found) => Ok(found.kurtosis(0)),
        Err(ExactError::HeavyTail { .. } | ExactError::Unstable) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the engine finds the moment of degree 2 or 4 at a step size.
fn has_moment(degree: u32, D: u32, S: u32, step_size: &Rational) -> Result<bool, StudyError> {
    let setting = setting(D, S, step_size)?;
    if degree == 4 {
        return Ok(kurtosis_of(&setting)?.is_some());
    }
    match exact::stationary(&setting) {
        Ok(_) => Ok(true),
        Err(ExactError::Unstable) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The index by its equation, and what the engine says of it.
pub(super) fn index_of_several() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let [mut between, mut equal, mut thresholds, mut several, mut above, mut lower] = [0_usize; 6];
    for (D, S, step_size) in PLACES {
        let step_size = Rational::from(step_size);
        let setting = setting(D, S, &step_size)?;
        let (text, found) = certain(DIGITS, |digits| isotropic_index(&step_size, S, D, digits))?;
        let (of_one, one) = certain(DIGITS, |digits| index(&step_size, S, digits))?;
        let bounds = index_bounds(&setting, DEGREE)?;
        let high = bounds.high;
        between += usize::from(bounds.low <= found && high.as_ref().is_none_or(|high| found <= *high));
        if D > 1 {
            several += 1;
            above += usize::from(high.as_ref().is_some_and(|high| one > *high));
            lower += usize::from(found < one);
        }
        let mut cells = vec![D.to_string(), S.to_string(), step_size.to_string(), text];
        cells.push(decimal::exact(&bounds.low, DIGITS));
        cells.push(high.map_or_else(|| "–".into(), |high| decimal::exact(&high, DIGITS)));
        let mut is_equal = true;
        for degree in [2, 4] {
            let claimed = even_moment(degree / 2, &step_size, &Rational::from(S), D as usize);
            is_equal &= growth(&setting, degree, 8)?.contains(&claimed);
            is_equal &= has_moment(degree, D, S, &step_size)? == (claimed < 1);
            // A moment that keeps its size ends there: it exists at any smaller step.
            if claimed == 1 {
                let smaller = step_size.clone() * Rational::from((999_999_999, 1_000_000_000));
                let is_index = (found.clone() - degree).abs() < Rational::from((1, 1000));
                thresholds += usize::from(is_index && has_moment(degree, D, S, &smaller)?);
            }
            cells.push(claimed.to_string());
        }
        equal += usize::from(is_equal);
        cells.push(of_one);
        rows.push(cells);
    }
    let places = PLACES.len();
    let measured = format!(
        "the root lies between the engine's bounds at {between} of {places} places, and its moments of degree 2 and 4 are the \
         engine's at {equal}; at {thresholds} of them one is 1 exactly, and the index is its degree; the index of one weight is larger at \
         {lower} of {several} places with `D > 1`, and above the bounds at {above}",
    );
    let holds = between == places && equal == places && thresholds > 2 && lower == several && above > 0;
    let judged = Judged::new(&INDEX, holds, measured)
        .with("places", places as f64)
        .with("places_between_the_bounds", between as f64)
        .with("places_with_the_moments_of_the_engine", equal as f64)
        .with("places_of_an_even_index", thresholds as f64)
        .with("places_of_several_weights", several as f64)
        .with("places_where_one_weight_is_above_the_bounds", above as f64);
    let header = heads(["D", "S", "aλ", "index", "at least", "at most", "degree 2", "degree 4", "index of one weight"]);
    Ok(Table {
        title: "the tail index of D weights, A = aI, between bounds by the growth of moments up to degree 6; by what a step multiplies \
                moments of degree 2 and 4"
            .into(),
        header,
        rows,
        finding: "The second moment exists where its factor is below 1, and so does the fourth: where one is 1, the index is its degree. \
                  Each direction more makes the tail heavier.",
        judged: vec![judged],
    })
}

/// S/(2aλ) of the table of small steps: the cost of an index grows like the square.
const RATES: [u32; 4] = [4, 8, 16, 32];

/// aλβ/S as λ → 0, beside its limit and beside 2.
pub(super) fn small_steps() -> Result<Table, StudyError> {
    let limit = limit_of_small_steps(20)?.midpoint().unwrap_or_default();
    let mut rows = Vec::new();
    let [mut orders, mut of_rival, mut extrapolated] = [const { Vec::new() }; 3];
    for S in [1, 2] {
        for D in [1, 2, 4, 8] {
            let mut before: Option<(Rational, [Rational; 2])> = None;
            for rate in RATES {
                let step_size = Rational::from((S, 2 * rate));
                let (text, found) = certain(STEP_DIGITS, |digits| isotropic_index(&step_size, S, D, digits))?;
                let scaled = found * &step_size / S;
                let errors = [error(&scaled, &limit), error(&scaled, &Rational::from(2))];
                let mut row = vec![D.to_string(), S.to_string(), step_size.to_string(), text];
                row.push(decimal::exact(&scaled, STEP_DIGITS));
                let order = |i: usize| {
                    let (_, before) = before.as_ref()?;
                    Some(nearest_f64(&Rational::from(&before[i] / &errors[i])).log2())
                };
                for (i, error) in errors.iter().enumerate() {
                    row.push(percent(error, STEP_DIGITS));
                    row.push(order(i).map_or_else(|| "–".into(), |order| decimal::to_places(order, 2)));
                }
                // Without the error of the order λ.
                let beyond = before.as_ref().map(|(before, _)| scaled.clone() * 2u32 - before);
                row.push(beyond.as_ref().map_or_else(|| "–".into(), |beyond| decimal::exact(beyond, 4)));
                if Some(&rate) == RATES.last() {
                    orders.extend(order(0));
                    of_rival.extend(order(1));
                    extrapolated.extend(beyond.map(|beyond| nearest_f64(&beyond)));
                }
                before = Some((scaled, errors));
                rows.push(row);
            }
        }
    }
    let ends = |values: &[f64], places: usize| {
        let [least, most] = crate::rational::ends(values, |value| decimal::to_places(*value, places));
        format!("{least} to {most}")
    };
    let measured = format!(
        "it tends to `y/2` = {} with the order {} in `λ`, and to 2 with the order {}; without the error of the first order it is {} at the \
         smallest steps",
        decimal::exact(&limit, 5),
        ends(&orders, 2),
        ends(&of_rival, 2),
        ends(&extrapolated, 4),
    );
    let holds = orders.iter().all(|order| *order > 1.0 - ORDER)
        && of_rival.iter().all(|order| *order < VANISHING_ORDER)
        && orders.len() == 8;
    let judged = Judged::new(&SMALL_STEPS, holds, measured)
        .with("limit", nearest_f64(&limit))
        .with_range("order_of_claim", orders.iter().copied())
        .with_range("order_of_rival", of_rival.iter().copied())
        .with_range("extrapolated", extrapolated.iter().copied());
    let less = ["less y/2", "order", "less 2", "order", "extrapolated"];
    Ok(Table {
        title: "aλβ/S of D weights with A = aI as λ → 0, beside y/2, y ln y = 1 + y, and beside the 2 of Mori et al.".into(),
        header: [heads(["D", "S", "aλ", "β", "aλβ/S"]), heads(less)].concat(),
        rows,
        finding: "Neither D nor S changes the limit.",
        judged: vec![judged],
    })
}

/// Significant digits of an index at small steps.
const STEP_DIGITS: usize = 6;

/// The kurtosis of a weight by the engine, and in closed form.
pub(super) fn kurtosis() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let [mut places, mut equal, mut infinite, mut ended, mut several, mut of_one] = [0_usize; 6];
    for D in [1, 2, 3, 4] {
        for S in [1, 2, 5] {
            for step_size in [(1, 20), (1, 10), (1, 4), (1, 2), (1, 1)].map(Rational::from) {
                let found = kurtosis_of(&setting(D, S, &step_size)?)?.map(|kurtosis| kurtosis - Rational::from(3));
                let size = Rational::from(S);
                let (claimed, denominator) = excess_kurtosis(&step_size, &size, D as usize);
                let (rival, _) = excess_kurtosis(&step_size, &size, 1);
                places += 1;
                let mut row = vec![D.to_string(), S.to_string(), step_size.to_string()];
                if let Some(found) = found {
                    let is_equal = denominator > 0 && claimed.as_ref() == Some(&found);
                    equal += usize::from(is_equal);
                    if D > 1 {
                        several += 1;
                        of_one += usize::from(rival.as_ref() == Some(&found));
                    }
                    row.extend([found.to_string(), decimal::exact(&found, 6)]);
                } else {
                    infinite += 1;
                    ended += usize::from(denominator <= 0);
                    row.extend(["no fourth moment".into(), String::new()]);
                }
                row.push(claimed.filter(|_| denominator > 0).map_or_else(|| "–".into(), |claimed| claimed.to_string()));
                rows.push(row);
            }
        }
    }
    let finite = places - infinite;
    let measured = format!(
        "equal as fractions at {equal} of {finite} places, and not positive in the denominator at {ended} of {infinite} without a fourth \
         moment; that of one weight is equal at {of_one} of {several} with `D > 1`",
    );
    let judged = Judged::new(&KURTOSIS, equal == finite && ended == infinite && of_one < several, measured)
        .with("places", places as f64)
        .with("places_where_it_is_equal", equal as f64)
        .with("places_without_a_fourth_moment", infinite as f64)
        .with("places_of_several_weights", several as f64)
        .with("places_where_that_of_one_weight_is_equal", of_one as f64);
    Ok(Table {
        title: "kurtosis − 3 of a weight among D, A = aI, label noise".into(),
        header: heads(["D", "S", "aλ", "kurtosis − 3", "as a decimal", "claimed"]),
        rows,
        finding: "There is no fourth moment where the denominator is not positive.",
        judged: vec![judged],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The engine's fourth moment ends where the index passes 4, which no index has to be computed for.
    #[test]
    fn the_fourth_moment_ends_at_an_index_of_4() {
        for (D, S, step_size) in [(3, 2, (1, 2)), (2, 1, (1, 3))] {
            let at = Rational::from(step_size);
            assert!(!has_moment(4, D, S, &at).unwrap() && has_moment(2, D, S, &at).unwrap());
            assert!(has_moment(4, D, S, &(at * Rational::from((999, 1000)))).unwrap());
        }
    }

    /// A and λ enter by their product alone.
    #[test]
    fn the_setting_has_the_step_size() {
        let setting = setting(2, 3, &Rational::from((1, 5))).unwrap();
        let product = setting.learning_rate() * setting.feature_covariance();
        assert_eq!(product, matrix::identity::<Rational>(2) * Rational::from((1, 5)));
    }
}
