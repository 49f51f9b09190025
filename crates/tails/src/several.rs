//! The tail of several weights: the index by its equation, between bounds from the growth of even moments; the
//! kurtosis; the index of chains of draws.
//!
//! The equation is solved with the law of one step. The engine's even moments and their growth come from the update
//! rule of a setting of D weights, so that the two know nothing of each other.

use exact::ExactError;
use exact::tail::{growth, index_bounds};
use montecarlo::{Draws, Plan};
use numbers::{decimal, nearest_f64};
use registry::tail::several::{GROWTH, INDEX, KURTOSIS, even_moment, excess_kurtosis};
use rug::Rational;
use symbols::{Momentum, Setting};

use super::draws;
use super::isotropic::isotropic;
use super::settings::{fourth_moments, of_two, setting};
use tables::draws::Scores;
use tables::{Judged, StudyError, Table, heads};

/// Significant digits of an index of several weights, of which each costs.
pub(super) const DIGITS: usize = 4;
/// The largest degree of the moments that bound an index.
pub(super) const DEGREE: u32 = 6;
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

/// Whether the engine finds the moment of degree 2 or 4.
fn has_moment(degree: u32, setting: &Setting<Rational>) -> Result<bool, ExactError> {
    if degree == 4 {
        return Ok(fourth_moments(setting)?.is_some());
    }
    match exact::stationary(setting) {
        Ok(_) => Ok(true),
        Err(ExactError::Unstable) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The index by its equation, and what the engine says of it.
pub(super) fn index_of_several() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let [mut between, mut equal, mut thresholds, mut of_rival] = [0_usize; 4];
    let [mut of_index, mut of_larger] = [const { Scores::new() }; 2];
    for (D, S, step_size) in PLACES {
        let step_size = Rational::from(step_size);
        let setting = of_two(D, S, &step_size)?;
        let (text, found) = isotropic(&step_size, S, D, DIGITS)?;
        let lengths = draws::lengths(&setting)?;
        // A larger one by a fifth is told from the index.
        for (scores, part) in [(&mut of_index, 1.0), (&mut of_larger, 1.2)] {
            let beta = part * nearest_f64(&found);
            scores.compare_numbers(lengths.iter().map(|length| length.powf(beta)), 1.0);
        }
        let bounds = index_bounds(&setting, DEGREE)?;
        let high = bounds.high;
        between += usize::from(bounds.low <= found && high.as_ref().is_none_or(|high| found <= *high));
        let mut cells = vec![D.to_string(), S.to_string(), step_size.to_string(), text];
        cells.push(decimal::exact(&bounds.low, DIGITS));
        cells.push(high.map_or_else(|| "–".into(), |high| decimal::exact(&high, DIGITS)));
        let mut is_equal = true;
        for degree in [2, 4] {
            let claimed = even_moment(degree / 2, &step_size, &Rational::from(S), D as usize);
            is_equal &= growth(&setting, degree, 8)?.contains(&claimed);
            is_equal &= has_moment(degree, &setting)? == (claimed < 1);
            // A moment that keeps its size ends there: it exists at any smaller step.
            if claimed == 1 {
                let smaller = step_size.clone() * Rational::from((999_999_999, 1_000_000_000));
                let is_index = (found.clone() - Rational::from(degree)).abs() < Rational::from((1, 1000));
                thresholds += usize::from(is_index && has_moment(degree, &of_two(D, S, &smaller)?)?);
            }
            cells.push(claimed.to_string());
        }
        equal += usize::from(is_equal);
        // The formula of discrete time, as it would be with D weights.
        let rival = Rational::from(2 * S) / &step_size - Rational::from(S + D - 1);
        of_rival += usize::from((rival.clone() - &found).abs() < Rational::from((1, 1000)));
        cells.push(decimal::exact(&rival, DIGITS));
        rows.push(cells);
    }
    let places = PLACES.len();
    let measured = format!(
        "the root lies between the engine's bounds at {between} of {places} places, and its moments of degree 2 and 4 \
         are the engine's at {equal}; at {thresholds} of them one is 1 exactly, and the index is its degree; \
         `2S/(aλ) − (S + D − 1)` is the index at {of_rival}, where it is 2 or `D = S + 1`; draws of one step have the \
         mean 1 to {} standard errors, and with a `β` larger by a fifth they are at least {} away",
        decimal::to_places(of_index.largest(), 1),
        decimal::to_places(of_larger.least(), 1),
    );
    let holds = between == places && equal == places && thresholds > 2 && of_rival < places && of_index.agree();
    let judged = Judged::new(&INDEX, holds, measured)
        .with("places", places as f64)
        .with("places_between_the_bounds", between as f64)
        .with("places_with_the_moments_of_the_engine", equal as f64)
        .with("places_of_an_even_index", thresholds as f64)
        .with("places_of_the_formula_of_discrete_time", of_rival as f64)
        .with("largest_z_score", of_index.largest())
        .with("least_z_score_of_an_index_larger_by_a_fifth", of_larger.least());
    let header =
        heads(["D", "S", "aλ", "index", "at least", "at most", "degree 2", "degree 4", "2S/(aλ) − (S + D − 1)"]);
    Ok(Table {
        title:
            "the tail index of D weights, A = aI, between bounds by the growth of moments up to degree 6; by what a \
                step multiplies moments of degree 2 and 4"
                .into(),
        header,
        rows,
        finding: "A moment exists where its factor is below 1: where the factor is 1, the index is the degree.",
        judged: vec![judged],
    })
}

/// The kurtosis of a weight by the engine, and in closed form.
pub(super) fn kurtosis() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let [mut places, mut equal, mut infinite, mut ended, mut several, mut of_one] = [0_usize; 6];
    for D in [1, 2, 3, 4] {
        for S in [1, 2, 5] {
            for step_size in [(1, 20), (1, 10), (1, 4), (1, 2), (1, 1)].map(Rational::from) {
                let found = fourth_moments(&of_two(D, S, &step_size)?)?.and_then(|moments| moments.kurtosis(0));
                let found = found.map(|kurtosis| kurtosis - Rational::from(3));
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
                let claimed = claimed.filter(|_| denominator > 0);
                row.push(claimed.map_or_else(|| "–".into(), |claimed| claimed.to_string()));
                rows.push(row);
            }
        }
    }
    let finite = places - infinite;
    let [of_claim, of_rival] = draws::kurtosis()?;
    let measured = format!(
        "equal as fractions at {equal} of {finite} places, and not positive in the denominator at {ended} of {infinite} \
         without a fourth moment; that of one weight is equal at {of_one} of {several} with `D > 1`; draws have it at {} \
         places to {} standard errors, and are at least {} from that of one weight",
        of_claim.count(),
        decimal::to_places(of_claim.largest(), 1),
        decimal::to_places(of_rival.least(), 1),
    );
    let holds = equal == finite && ended == infinite && of_one == 0 && of_claim.agree();
    let judged = Judged::new(&KURTOSIS, holds, measured)
        .with("places", places as f64)
        .with("places_where_it_is_equal", equal as f64)
        .with("places_without_a_fourth_moment", infinite as f64)
        .with("places_of_several_weights", several as f64)
        .with("places_where_that_of_one_weight_is_equal", of_one as f64)
        .with("places_of_draws", of_claim.count() as f64)
        .with("largest_z_score", of_claim.largest())
        .with("least_z_score_of_that_of_one_weight", of_rival.least());
    Ok(Table {
        title: "kurtosis − 3 of a weight among D, A = aI, label noise".into(),
        header: heads(["D", "S", "aλ", "kurtosis − 3", "as a decimal", "claimed"]),
        rows,
        finding: "There is no fourth moment where the denominator is not positive.",
        judged: vec![judged],
    })
}

type Fraction = (u32, u32);

/// Variances of the features, S, λ and μ of the table of measured indices.
const MEASURED: [([Fraction; 2], u32, Fraction, Fraction); 7] = [
    ([(1, 1), (1, 1)], 2, (1, 2), (0, 1)),
    ([(1, 1), (1, 1)], 2, (3, 4), (0, 1)),
    ([(1, 1), (1, 1)], 4, (1, 1), (0, 1)),
    ([(1, 1), (1, 2)], 4, (1, 1), (0, 1)),
    ([(1, 1), (1, 2)], 2, (3, 4), (0, 1)),
    ([(1, 1), (1, 4)], 1, (1, 2), (0, 1)),
    ([(1, 1), (1, 2)], 2, (1, 2), (1, 3)),
];
/// How many standard errors of Hill's estimate an index may lie outside of its bounds.
///
/// Seven estimates are beyond 4 by chance with a probability of 4·10⁻⁴, and the draws are those of one seed.
const DEVIATIONS: f64 = 4.0;

/// The index of chains of draws, by Hill, beside bounds on it by the growth of moments.
pub(super) fn measured() -> Result<Table, StudyError> {
    let plan = Plan::new().with_chains(256).with_burn_in(1_000).with_steps(10_000).with_draws(Draws::InDistribution);
    let mut rows = Vec::new();
    let mut distances = Vec::new();
    for (variances, S, rate, momentum) in MEASURED {
        let variances = variances.map(Rational::from);
        let [rate, momentum] = [rate, momentum].map(Rational::from);
        let setting = setting(&variances, S, &rate)?.with_momentum(Momentum::new(momentum.clone())?);
        let bounds = index_bounds(&setting, DEGREE)?;
        let found = montecarlo::stationary(&setting.map(nearest_f64), &plan, &())?.diagnostics.tail_index;
        let low = nearest_f64(&bounds.low);
        let high = bounds.high.as_ref().map_or(f64::INFINITY, nearest_f64);
        let outside = (low - found.estimate).max(found.estimate - high).max(0.0) / found.standard_error;
        distances.push(outside);
        let of_all = Vec::from_iter(variances.iter().map(Rational::to_string)).join(", ");
        let mut row = vec![format!("diag({of_all})"), S.to_string(), rate.to_string(), momentum.to_string()];
        for degree in (2..=DEGREE).step_by(2) {
            let growth = growth(&setting, degree, 8)?.midpoint().unwrap_or_default();
            row.push(decimal::exact(&growth, DIGITS + 1));
        }
        row.push(decimal::exact(&bounds.low, DIGITS));
        row.push(bounds.high.map_or_else(|| "–".into(), |high| decimal::exact(&high, DIGITS)));
        row.push(format!("{:.2} ± {:.2}", found.estimate, found.standard_error));
        rows.push(row);
    }
    let largest = distances.iter().copied().fold(0.0, f64::max);
    let inside = distances.iter().filter(|distance| **distance == 0.0).count();
    let measured = format!(
        "Hill's estimate lies between the bounds at {inside} of {} places, and at the others at most {} of its standard \
         errors beside them",
        distances.len(),
        decimal::to_places(largest, 1),
    );
    let judged = Judged::new(&GROWTH, largest < DEVIATIONS, measured)
        .with("places", distances.len() as f64)
        .with("places_between_the_bounds", inside as f64)
        .with("largest_distance_in_standard_errors", largest);
    Ok(Table {
        title: "the growth of moments of degree 2, 4 and 6 in a step, bounds on the tail index by its chords, and the \
                index of 256 chains of draws"
            .into(),
        header: heads(["A", "S", "λ", "μ", "h(2)", "h(4)", "h(6)", "at least", "at most", "Hill"]),
        rows,
        finding: "",
        judged: vec![judged],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use numbers::matrix;

    /// The engine's fourth moment ends where the index passes 4, which no index has to be computed for.
    #[test]
    fn the_fourth_moment_ends_at_an_index_of_4() {
        for (D, S, step_size) in [(3, 2, (1, 2)), (2, 1, (1, 3))] {
            let at = Rational::from(step_size);
            let there = of_two(D, S, &at).unwrap();
            assert!(!has_moment(4, &there).unwrap() && has_moment(2, &there).unwrap());
            assert!(has_moment(4, &of_two(D, S, &(at * Rational::from((999, 1000)))).unwrap()).unwrap());
        }
    }

    /// A and λ enter by their product alone.
    #[test]
    fn the_setting_has_the_step_size() {
        let setting = of_two(2, 3, &Rational::from((1, 5))).unwrap();
        let product = setting.learning_rate() * setting.feature_covariance();
        assert_eq!(product, matrix::identity::<Rational>(2) * Rational::from((1, 5)));
    }
}
