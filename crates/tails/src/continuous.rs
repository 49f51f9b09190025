//! The index against those of two diffusions, and against λ and S: what sections 6.6 and D.3 say in words.

use std::cmp::Ordering;

use exact::ExactError;
use exact::tail::{index, moment};
use numbers::{Interval, decide, decimal, nearest_f64};
use registry::tail::{
    DECREASING_IN_RATE, DISCRETE_CONTRIBUTION, HEAVIER_THAN_LEMMA_1, INCREASING_IN_BATCH, SMALL_STEPS, continuous_time,
    diffusion, discrete_time,
};
use rug::Rational;
use verify::Verdict;
use verify::allowances::{DISTANT_MEAN, INDEX_ERROR_DIGITS, VANISHING_ORDER};

use super::certain::{certain, error, is_none};
use super::draws;
use super::even::{HALVES, ordered};
use super::settings::of_two;
use tables::draws::Scores;
use tables::rational::ends;
use tables::{Judged, StudyError, Table, heads};

/// Significant digits of an index.
const DIGITS: usize = 28;
/// S of the tables.
const SIZES: [u32; 9] = [1, 2, 3, 4, 5, 8, 10, 32, 100];
/// aλ of the tables.
const STEPS: [(u32, u32); 12] =
    [(1, 100), (3, 100), (1, 10), (3, 10), (2, 3), (1, 1), (3, 2), (19, 10), (2, 1), (11, 5), (12, 5), (5, 2)];

/// A setting of one weight with its index, where a law is stationary.
struct Place {
    S: Rational,
    step_size: Rational,
    index: Option<(String, Rational)>,
}

impl Place {
    fn at(batch_size: u32, step_size: &Rational) -> Result<Place, ExactError> {
        let index = match certain(DIGITS, |digits| index(step_size, batch_size, digits)) {
            Ok(found) => Some(found),
            Err(ExactError::NoStationaryLaw { .. }) => None,
            Err(error) => return Err(error),
        };
        Ok(Place { S: Rational::from(batch_size), step_size: step_size.clone(), index })
    }

    fn value(&self) -> Option<&Rational> {
        self.index.as_ref().map(|(_, value)| value)
    }

    /// What discrete time adds to the index of continuous time.
    fn contribution(&self) -> Option<Rational> {
        self.value().map(|index| index.clone() - continuous_time(&self.S, &self.step_size))
    }

    fn cells(&self) -> Vec<String> {
        let place = [self.S.to_string(), self.step_size.to_string()];
        let (Some((digits, _)), Some(added)) = (&self.index, self.contribution()) else {
            return [&place[..], &["nothing is stationary".into()]].concat();
        };
        let claimed = Rational::from(-1) - &self.S;
        let lemma = diffusion(&self.S, &self.step_size);
        let cells = [digits.clone(), decimal::exact(&added, 6), claimed.to_string(), decimal::exact(&lemma, 6)];
        [&place[..], &cells].concat()
    }
}

/// The index over S and aλ, and what is said of it there.
pub fn everywhere() -> Result<Table, StudyError> {
    let columns = SIZES.map(|S| STEPS.iter().map(|step| Place::at(S, &Rational::from(*step))).collect());
    let columns = columns.into_iter().collect::<Result<Vec<Vec<Place>>, ExactError>>()?;
    let places = || columns.iter().flatten();
    let across = (0..STEPS.len()).map(|i| Vec::from_iter(columns.iter().map(|column| &column[i])));
    let along = columns.iter().map(Vec::from_iter);
    let [of_index, of_size, _] = ordered(&SIZES, &[1]);
    let judged =
        vec![contribution(places()), beside_lemma_1(places()), in_rate(along, of_index), in_batch(across, of_size)?];
    Ok(Table {
        title:
            "the tail index β beside those of continuous time, 2S/(aλ) + 1 and, with the noise of Lemma 1, S/(aλ) + 1"
                .into(),
        header: heads(["S", "aλ", "β", "β − 2S/(aλ) − 1", "−(S + 1)", "S/(aλ) + 1"]),
        rows: places().map(Place::cells).collect(),
        finding: "What discrete time adds is −(S + 1) where β = 2, and depends on λ everywhere. The index falls with λ; with S it rises as long \
                  as aλ ≤ 2.\nBeside the diffusion with the noise of SGD the tail is lighter for small aλ, and heavier for large.",
        judged,
    })
}

fn contribution<'a>(places: impl Iterator<Item = &'a Place> + Clone) -> Judged {
    // It is −(S + 1) where the index is that of discrete time.
    let is_claimed = |place: &&Place| {
        let claimed = discrete_time(&place.S, &place.step_size);
        place.value().is_some_and(|index| is_none(&error(&claimed, index), DIGITS))
    };
    let shares = places.clone().filter_map(|place| Some(place.contribution()? / (Rational::from(-1) - &place.S)));
    let shares = Vec::from_iter(shares);
    let equal = places.filter(is_claimed).count();
    let [least, most] = ends(&shares, |share| decimal::exact(share, 5));
    let measured =
        format!("it is {least} to {most} times `−(S + 1)`, and `−(S + 1)` at {equal} of {} places", shares.len());
    Judged::new(&DISCRETE_CONTRIBUTION, equal == shares.len(), measured)
        .with_range("contribution_over_claimed", shares.iter().map(nearest_f64))
        .with("places", shares.len() as f64)
        .with("places_where_it_holds", equal as f64)
}

fn beside_lemma_1<'a>(places: impl Iterator<Item = &'a Place>) -> Judged {
    let found =
        places.filter_map(|place| Some((&place.step_size, place.value()? < &diffusion(&place.S, &place.step_size))));
    let found = Vec::from_iter(found);
    let steps = |heavier| Vec::from_iter(found.iter().filter(|one| one.1 == heavier).map(|one| one.0));
    let [heavier, lighter] = [steps(true), steps(false)];
    let least = heavier.iter().min().map_or_else(String::new, |step| step.to_string());
    let most = lighter.iter().max().map_or_else(String::new, |step| step.to_string());
    let measured = format!(
        "heavier at {} of {} places, all with `aλ` ≥ {least}; lighter at all with `aλ` ≤ {most}",
        heavier.len(),
        found.len(),
    );
    Judged::new(&HEAVIER_THAN_LEMMA_1, lighter.is_empty(), measured)
        .with("places", found.len() as f64)
        .with("places_where_it_holds", heavier.len() as f64)
        .with_range("step_size_where_heavier", heavier.iter().map(|step| nearest_f64(step)))
        .with_range("step_size_where_lighter", lighter.iter().map(|step| nearest_f64(step)))
}

/// How the index changes from one place to the next; `None` where there is none before.
///
/// An index that ends is smaller than any.
fn change(before: &Place, next: &Place) -> Option<Ordering> {
    let before = before.value()?;
    Some(next.value().map_or(Ordering::Less, |next| next.cmp(before)))
}

/// `even` is the count of pairs of even indices, and that of those whose aλ falls with the index.
fn in_rate<'a>(columns: impl Iterator<Item = Vec<&'a Place>>, even: [usize; 2]) -> Judged {
    let changes =
        columns.flat_map(|column| Vec::from_iter(column.windows(2).filter_map(|pair| change(pair[0], pair[1]))));
    let changes = Vec::from_iter(changes);
    let falls = changes.iter().filter(|change| change.is_lt()).count();
    let [all_even, falls_even] = even;
    let measured = format!(
        "it falls from one `λ` to the next in {falls} of {} pairs; by even moments over `ℚ` the `aλ` at which it is 2, \
         4, … {} falls with it in {falls_even} of {all_even} pairs",
        changes.len(),
        2 * HALVES,
    );
    Judged::new(&DECREASING_IN_RATE, falls == changes.len() && falls_even == all_even, measured)
        .with("pairs", changes.len() as f64)
        .with("pairs_where_it_falls", falls as f64)
        .with("pairs_of_even_indices", all_even as f64)
        .with("pairs_of_even_indices_where_it_falls", falls_even as f64)
}

/// aλ > 2 and an S from which on the index falls.
const FALLS: [((u32, u32), u32); 3] = [((11, 5), 8), ((12, 5), 4), ((5, 2), 3)];
/// A larger S, at which it has certainly fallen, or none is.
const LARGER: u32 = 32;

/// How far the mean of |v'|^β/|v|^β over draws of a step is from 1, for the index β at the smaller S, there and at the
/// larger S; at how many of the latter it is above 1, so that the index is smaller or none is.
fn drawn_falls() -> Result<([Scores; 2], usize), StudyError> {
    let mut scores = [const { Scores::new() }; 2];
    let mut above = 0;
    for (step_size, smaller) in FALLS {
        let step_size = Rational::from(step_size);
        let (_, index) = certain(INDEX_ERROR_DIGITS, |digits| index(&step_size, smaller, digits))?;
        let powers = |S: u32| {
            let lengths = draws::lengths(&of_two(1, S, &step_size)?)?;
            Ok::<_, StudyError>(Vec::from_iter(lengths.iter().map(|length| length.powf(nearest_f64(&index)))))
        };
        let powers = [powers(smaller)?, powers(LARGER)?];
        above += usize::from(powers[1].iter().sum::<f64>() > powers[1].len() as f64);
        for (scores, powers) in scores.iter_mut().zip(powers) {
            scores.compare_numbers(powers.into_iter(), 1.0);
        }
    }
    Ok((scores, above))
}

/// `even` is the count of pairs of batch sizes, and that of those at the larger of which aλ is larger for one even
/// index.
fn in_batch<'a>(rows: impl Iterator<Item = Vec<&'a Place>>, even: [usize; 2]) -> Result<Judged, StudyError> {
    let pairs = Vec::from_iter(rows.flat_map(|row| Vec::from_iter(row.windows(2).map(|pair| [pair[0], pair[1]]))));
    let changes = Vec::from_iter(pairs.iter().filter_map(|[one, next]| Some((one, next, change(one, next)?))));
    let rises = |among: &dyn Fn(&Place) -> bool| {
        let among = || changes.iter().filter(|(one, ..)| among(one));
        [among().count(), among().filter(|(.., change)| change.is_gt()).count()]
    };
    let [all, rising] = rises(&|_| true);
    let [below, rising_below] = rises(&|place| place.step_size <= 2);
    let [large, rising_large] = rises(&|place| place.value().is_some_and(|index| *index >= 1));
    let mut falls = Vec::from_iter(changes.iter().filter(|(.., change)| change.is_lt()));
    // The first of each aλ is enough.
    falls.dedup_by_key(|(one, ..)| one.step_size.clone());
    let falls = Vec::from_iter(
        falls.iter().map(|(one, next, _)| format!("`S` = {} → {} at `aλ` = {}", one.S, next.S, one.step_size)),
    );
    let ([of_smaller, of_larger], above) = drawn_falls()?;
    let is_drawn = of_smaller.agree() && above == FALLS.len() && of_larger.least() > DISTANT_MEAN;
    let [all_even, rising_even] = even;
    let measured = format!(
        "it rises in {rising} of {all} pairs, in {rising_below} of {below} with `aλ` ≤ 2 and in {rising_large} of {large} with `β` ≥ 1; it \
         falls or ends from {}; by draws of a step the power `β` of the length of `v` keeps its mean there \
         to {} standard errors, and with the same `β` the mean grows at `S` = {LARGER} at {above} of {} `aλ`, by at \
         least {} standard errors; by even moments over `ℚ` the `aλ` at which the index is 2, 4, … {} rises with `S` in \
         {rising_even} of {all_even} pairs",
        falls.join(", "),
        decimal::to_places(of_smaller.largest(), 1),
        FALLS.len(),
        decimal::to_places(of_larger.least(), 0),
        2 * HALVES,
    );
    let mut judged = Judged::new(&INCREASING_IN_BATCH, rising == all && rising_even == all_even, measured);
    // Where the index falls by the engine, draws have to say the same.
    if judged.verdict == Verdict::Differs && !is_drawn {
        judged.verdict = Verdict::Undecided;
    }
    let judged = judged
        .with("pairs", all as f64)
        .with("pairs_where_it_rises", rising as f64)
        .with("pairs_up_to_2", below as f64)
        .with("pairs_up_to_2_where_it_rises", rising_below as f64)
        .with("pairs_of_index_1_and_more", large as f64)
        .with("pairs_of_index_1_and_more_where_it_rises", rising_large as f64)
        .with("largest_z_score", of_smaller.largest())
        .with("least_z_score_of_a_fall", of_larger.least())
        .with("pairs_of_even_indices", all_even as f64)
        .with("pairs_of_even_indices_where_it_rises", rising_even as f64);
    Ok(judged)
}

/// The y with y ln y = 1 + y, 3.59112…, by Newton's method.
fn y() -> f64 {
    (0..20).fold(3.5_f64, |y, _| y - (y * y.ln() - 1.0 - y) / y.ln())
}

/// The index of Mori et al. over the true one as λ → 0.
pub fn small_steps() -> Result<Table, StudyError> {
    let limit = 4.0 / y();
    let mut rows = Vec::new();
    let [mut quotients, mut orders, mut corrected] = [const { Vec::new() }; 3];
    for S in [1, 2, 10] {
        let mut before: Option<[f64; 2]> = None;
        for steps in [10, 100, 1000] {
            let step_size = Rational::from((1, steps));
            let (text, found) = certain(DIGITS, |digits| index(&step_size, S, digits))?;
            let quotient = nearest_f64(&(error(&continuous_time(&Rational::from(S), &step_size), &found) + 1));
            let errors = [quotient - 1.0, quotient / limit - 1.0];
            let mut row = vec![S.to_string(), step_size.to_string(), text, decimal::to_places(quotient, 6)];
            let order = |i: usize| before.map(|before| (before[i] / errors[i]).abs().log10());
            for i in [0, 1] {
                row.push(decimal::measured(errors[i], 4));
                row.push(order(i).map_or_else(|| "–".into(), |order| decimal::to_places(order, 2)));
            }
            if steps == 1000 {
                quotients.push(quotient);
                orders.extend(order(0));
                corrected.extend(order(1));
            }
            before = Some(errors);
            rows.push(row);
        }
    }
    let places = |value: &f64| decimal::to_places(*value, 4);
    let [least, most] = ends(&quotients, places);
    let [slowest, fastest] = ends(&corrected, |order| decimal::to_places(*order, 2));
    let measured = format!(
        "it is {least} to {most} at `aλ` = 1/1000, and tends to `4/y` = {} with the order {slowest} to {fastest} in `λ`",
        places(&limit),
    );
    let judged = Judged::new(&SMALL_STEPS, orders.iter().all(|order| *order > VANISHING_ORDER), measured)
        .with("limit", limit)
        .with_range("quotient_at_smallest_rate", quotients.iter().copied())
        .with_range("order_of_claim", orders.iter().copied())
        .with_range("order_of_correction", corrected.iter().copied());
    Ok(Table {
        title: "2S/(aλ) + 1 over the tail index β as λ → 0, beside 1 and beside 4/y, y ln y = 1 + y".into(),
        header: heads(["S", "aλ", "β", "over β", "less 1", "order", "over 4/y less 1", "order"]),
        rows,
        finding: "",
        judged: vec![judged],
    })
}

/// The aλ at which the index is S/(aλ) + 1, where the tail of SGD is as heavy as that of the diffusion with its noise.
pub fn crossing() -> Result<Table, StudyError> {
    let rows = [1, 2, 3, 4, 5, 6, 8, 10, 100].map(|S| {
        let found = crossing_of(S)?;
        let beta = diffusion(&Rational::from(S), &found);
        Ok(vec![S.to_string(), decimal::exact(&found, CROSSING_DIGITS), decimal::exact(&beta, CROSSING_DIGITS)])
    });
    Ok(Table {
        title: "aλ at which the tail index is that of the diffusion with the noise of Lemma 1".into(),
        header: heads(["S", "aλ", "β"]),
        rows: rows.into_iter().collect::<Result<_, StudyError>>()?,
        finding: "Below it the tail of SGD is the lighter one, above it the heavier.",
        judged: Vec::new(),
    })
}

/// Significant digits of the aλ of a crossing.
const CROSSING_DIGITS: usize = 10;

/// By bisection between aλ = 1/10, where E|ρ|^α < 1 at α = S/(aλ) + 1, and aλ = 1, where it is above 1.
fn crossing_of(batch_size: u32) -> Result<Rational, StudyError> {
    let S = Rational::from(batch_size);
    let (mut low, mut high) = (Rational::from((1, 10)), Rational::from(1));
    for _ in 0..40 {
        let middle = Rational::from(&low + &high) / 2u32;
        let alpha = diffusion(&S, &middle);
        let sign = |bits| (moment(&alpha, &middle, batch_size, bits).ok()? - &Interval::from(Rational::from(1))).sign();
        let is_above = decide(64..=1024, sign).map_err(ExactError::from)?.is_gt();
        if is_above { high = middle } else { low = middle }
    }
    Ok(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// E|1 − xV|^α − 1 changes its sign at the crossing, and the index is above S/(aλ) + 1 below it.
    #[test]
    fn the_tail_is_lighter_below_the_crossing_and_heavier_above() {
        for (S, digits) in [(1, "0.471841"), (2, "0.577022"), (5, "0.617258"), (10, "0.61347")] {
            let found = crossing_of(S).unwrap();
            assert!(decimal::exact(&found, 9).starts_with(digits), "S = {S}: {found}");
            for (tenths, heavier) in [(9, false), (11, true)] {
                let step_size = found.clone() * tenths / 10u32;
                let place = Place::at(S, &step_size).unwrap();
                assert_eq!(place.value().unwrap() < &diffusion(&Rational::from(S), &step_size), heavier, "S = {S}");
            }
        }
    }

    /// With an even S and a whole α, E|1 − X/2|^α is a sum of elementary integrals. At S = 2 and aλ = 1 the index is 2, as
    /// X is exponential.
    #[test]
    fn the_contribution_is_as_claimed_where_the_index_is_2() {
        let place = Place::at(2, &Rational::from(1)).unwrap();
        assert_eq!(decimal::exact(&place.contribution().unwrap(), 20), "-3.0000000000000000000");
        assert!((y() * y().ln() - 1.0 - y()).abs() < 1e-14);
    }
}
