//! The tail index of several weights as λ → 0, and as S → ∞: indices by their equation, and even ones by
//! moments over ℚ.

use exact::tail::{large_batch as limit_of_large_batch, small_steps as limit_of_small_steps};
use numbers::{decimal, nearest_f64};
use registry::tail::several::{LARGE_BATCH, SMALL_STEPS};
use rug::Rational;
use verify::allowances::{ORDER, VANISHING_ORDER};

use super::certain::error;
use super::even::EvenMoment;
use super::isotropic::isotropic;
use tables::rational::ends;
use tables::{Judged, StudyError, Table, heads};

/// Significant digits of an index.
const DIGITS: usize = 5;
/// S/(2aλ) of the table of small steps: the cost of an index grows like the square.
const RATES: [u32; 3] = [4, 8, 16];

/// S and D of the table of small steps.
const SMALL_SIZES: [u32; 2] = [1, 2];
const SMALL_DIMENSIONS: [u32; 3] = [1, 2, 4];
/// Indices that are even, far along the same path.
const EVEN: [u32; 2] = [64, 128];

/// The order in which errors vanish from one to the next, whose parameter is half as large.
fn order(before: f64, now: f64) -> f64 {
    (before / now).abs().log2()
}

/// How far aλβ/S is from the limit y/2, from that with the next term, and from 2.
fn errors_of_small_steps(scaled: f64, step_size: &Rational, S: u32, limit: f64) -> [f64; 3] {
    let part = nearest_f64(step_size) / f64::from(S);
    let next = 0.5 * f64::from(S - 1) * part * part.ln() / (2.0 * limit).ln();
    [scaled - limit, scaled - limit - next, scaled - 2.0]
}

/// The orders in λ of these errors between two places at which the index is even by moments over ℚ.
fn even_small_steps(limit: f64) -> [Vec<f64>; 3] {
    let mut orders = [const { Vec::new() }; 3];
    for S in SMALL_SIZES {
        for D in SMALL_DIMENSIONS {
            let [before, now] = EVEN.map(|index| {
                let place = EvenMoment::new(index / 2, S, D).place().value();
                let scaled = nearest_f64(&(Rational::from(&place * index) / S));
                (nearest_f64(&place), errors_of_small_steps(scaled, &place, S, limit))
            });
            for (i, orders) in orders.iter_mut().enumerate() {
                orders.push(order(before.1[i], now.1[i]) / order(before.0, now.0));
            }
        }
    }
    orders
}

/// A cell for an order, which the first row of a limit has not.
fn cell(order: Option<f64>) -> String {
    order.map_or_else(|| "–".into(), |order| decimal::to_places(order, 2))
}

fn between(values: &[f64], places: usize) -> String {
    let [least, most] = ends(values, |value| decimal::to_places(*value, places));
    format!("{least} to {most}")
}

/// aλβ/S as λ → 0, beside its limit, with the next term and without it, and beside 2.
pub(super) fn small_steps() -> Result<Table, StudyError> {
    let limit = nearest_f64(&limit_of_small_steps(20)?.midpoint().unwrap_or_default());
    let mut rows = Vec::new();
    // Of the limit, of the limit with the next term, and of 2.
    let mut orders = [const { Vec::new() }; 3];
    for S in SMALL_SIZES {
        for D in SMALL_DIMENSIONS {
            let mut before: Option<[f64; 3]> = None;
            for rate in RATES {
                let step_size = Rational::from((S, 2 * rate));
                let (text, found) = isotropic(&step_size, S, D, DIGITS)?;
                let scaled = nearest_f64(&(found * &step_size / Rational::from(S)));
                let errors = errors_of_small_steps(scaled, &step_size, S, limit);
                let mut row = vec![D.to_string(), S.to_string(), step_size.to_string(), text];
                row.push(decimal::measured(scaled, DIGITS));
                for (i, error) in errors.into_iter().enumerate() {
                    let order = before.map(|before| order(before[i], error));
                    row.push(decimal::measured(error, 3));
                    row.push(cell(order));
                    if Some(&rate) == RATES.last() {
                        orders[i].extend(order);
                    }
                }
                before = Some(errors);
                rows.push(row);
            }
        }
    }
    let even = even_small_steps(limit);
    let [of_limit, of_next, of_rival] = &orders;
    let [even_limit, even_next, even_rival] = &even;
    let measured = format!(
        "it tends to `y/2` = {} with the order {} in `λ`, and less the logarithm with the order {}; to 2 it tends with \
         the order {}; between the `aλ` at which the index is {} and {} by even moments over `ℚ` the orders are {}, {} \
         and {}",
        decimal::measured(limit, 5),
        between(of_limit, 2),
        between(of_next, 2),
        between(of_rival, 2),
        EVEN[0],
        EVEN[1],
        between(even_limit, 2),
        between(even_next, 2),
        between(even_rival, 2),
    );
    let holds = [&orders, &even].into_iter().all(|[of_limit, of_next, of_rival]| {
        of_limit.iter().all(|order| *order > VANISHING_ORDER)
            && of_next.iter().all(|order| *order > 1.0 - ORDER)
            && of_rival.iter().all(|order| *order < VANISHING_ORDER)
    });
    let judged = Judged::new(&SMALL_STEPS, holds, measured)
        .with("limit", limit)
        .with_range("order_of_claim", of_limit.iter().copied())
        .with_range("order_less_the_logarithm", of_next.iter().copied())
        .with_range("order_of_rival", of_rival.iter().copied())
        .with_range("order_of_claim_by_even_moments", even_limit.iter().copied())
        .with_range("order_less_the_logarithm_by_even_moments", even_next.iter().copied())
        .with_range("order_of_rival_by_even_moments", even_rival.iter().copied());
    let less = ["less y/2", "order", "and the logarithm", "order", "less 2", "order"];
    Ok(Table {
        title:
            "aλβ/S of D weights with A = aI as λ → 0, beside y/2, y ln y = 1 + y, beside y/2 with the next term, and \
                beside the 2 of Mori et al."
                .into(),
        header: [heads(["D", "S", "aλ", "β", "aλβ/S"]), heads(less)].concat(),
        rows,
        finding: "Neither D nor S changes the limit. For S = 1 there is no logarithm.",
        judged: vec![judged],
    })
}

/// D and L of the table of large minibatches.
const COLUMNS: [(u32, (u32, u32)); 4] = [(1, (1, 1)), (2, (1, 1)), (2, (3, 2)), (4, (3, 2))];
/// S of the table.
const SIZES: [u32; 3] = [16, 32, 64];

/// D of places with an even index, and the numerators and denominators of that over S.
const EVEN_DIMENSIONS: [u32; 3] = [1, 2, 4];
const SHARES: [(u32, u32); 2] = [(1, 2), (1, 4)];
/// Their S.
const EVEN_SIZES: [u32; 2] = [64, 128];
/// D, the indices, and S of places with an even index near aλ = 2.
const CORNERS: [(u32, u32); 4] = [(1, 2), (1, 4), (2, 2), (2, 4)];
const CORNER_SIZES: [u32; 2] = [128, 256];

/// The orders in 1/S of the errors of c and of y/(2aλ) at places at which β/S is fixed and β even by moments over ℚ.
fn even_large_batch(small: f64) -> Result<[Vec<f64>; 2], StudyError> {
    let mut orders = [const { Vec::new() }; 2];
    for D in EVEN_DIMENSIONS {
        for (numerator, denominator) in SHARES {
            let share = Rational::from((numerator, denominator));
            let errors = |S: u32| {
                let place = EvenMoment::new(S * numerator / denominator / 2, S, D).place().value();
                let limit = limit_of_large_batch(&place, 12)?.midpoint().unwrap_or_default();
                let rival = small / nearest_f64(&place);
                Ok::<_, StudyError>([nearest_f64(&error(&share, &limit)), nearest_f64(&share) / rival - 1.0])
            };
            let [before, now] = EVEN_SIZES.map(errors);
            let (before, now) = (before?, now?);
            for (i, orders) in orders.iter_mut().enumerate() {
                orders.push(order(before[i], now[i]));
            }
        }
    }
    Ok(orders)
}

/// The orders in 1/S of the error of (3 − D)/2 + δ/4 at places aλ = 2 − δ/S at which the index is even by moments
/// over ℚ.
fn even_corner() -> Vec<f64> {
    let order_of = |(D, index): (u32, u32)| {
        let [before, now] = CORNER_SIZES.map(|S| {
            let rest = (Rational::from(2) - EvenMoment::new(index / 2, S, D).place().value()) * S;
            let claimed = nearest_f64(&(rest / 4u32 + (Rational::from(3) - D) / 2u32));
            claimed / f64::from(index) - 1.0
        });
        order(before, now)
    };
    CORNERS.map(order_of).to_vec()
}

/// β/S at a fixed aλ as S → ∞, and β at aλ = 2.
pub(super) fn large_batch() -> Result<Table, StudyError> {
    let small = nearest_f64(&limit_of_small_steps(20)?.midpoint().unwrap_or_default());
    let mut rows = Vec::new();
    let [mut orders, mut of_rival, mut corner] = [const { Vec::new() }; 3];
    for (D, step_size) in COLUMNS {
        let step_size = Rational::from(step_size);
        let limit = limit_of_large_batch(&step_size, 12)?.midpoint().unwrap_or_default();
        let rival = small / nearest_f64(&step_size);
        let mut before: Option<[f64; 2]> = None;
        for S in SIZES {
            let (text, found) = isotropic(&step_size, S, D, DIGITS)?;
            let scaled = found / Rational::from(S);
            let errors = [nearest_f64(&error(&scaled, &limit)), nearest_f64(&scaled) / rival - 1.0];
            let changes = before.map(|before| [order(before[0], errors[0]), order(before[1], errors[1])]);
            let mut row = vec![D.to_string(), step_size.to_string(), S.to_string(), text];
            row.extend([&scaled, &limit].map(|value| decimal::exact(value, DIGITS)));
            row.extend([decimal::measured(errors[0], 3), cell(changes.map(|[order, _]| order))]);
            if Some(&S) == SIZES.last() {
                orders.extend(changes.map(|[order, _]| order));
                of_rival.extend(changes.map(|[_, order]| order));
            }
            before = Some(errors);
            rows.push(row);
        }
    }
    // At the corner, where c is 0, the index itself has a limit.
    for D in [1, 2] {
        let limit = (3.0 - f64::from(D)) / 2.0;
        let mut before = None;
        for S in SIZES {
            let two = Rational::from(2);
            let (text, found) = isotropic(&two, S, D, DIGITS)?;
            let error = nearest_f64(&found) / limit - 1.0;
            let change = before.map(|before| order(before, error));
            let mut row = vec![D.to_string(), two.to_string(), S.to_string(), text];
            row.extend([decimal::exact(&(found / Rational::from(S)), DIGITS), format!("0, and β → {limit}")]);
            row.extend([decimal::measured(error, 3), cell(change)]);
            if Some(&S) == SIZES.last() {
                corner.extend(change);
            }
            before = Some(error);
            rows.push(row);
        }
    }
    let [even, even_rival] = even_large_batch(small)?;
    let even_corner = even_corner();
    let measured = format!(
        "it tends to `c` with the order {} in `1/S`, and to `y/(2aλ)`, the limit of small steps, with the order {}; at \
         `aλ = 2` the index tends to `(3 − D)/2` with the order {}; where it is `S/2` or `S/4` by even moments over \
         `ℚ`, the orders are {} and {}, and where it is 2 or 4, at `aλ = 2 − δ/S`, it tends to `(3 − D)/2 + δ/4` with the \
         order {}",
        between(&orders, 2),
        between(&of_rival, 2),
        between(&corner, 2),
        between(&even, 2),
        between(&even_rival, 2),
        between(&even_corner, 2),
    );
    let holds = [&orders, &corner, &even, &even_corner].into_iter().flatten().all(|order| *order > 1.0 - ORDER)
        && [&of_rival, &even_rival].into_iter().flatten().all(|order| *order < VANISHING_ORDER);
    let judged = Judged::new(&LARGE_BATCH, holds, measured)
        .with_range("order_of_claim", orders.iter().copied())
        .with_range("order_of_rival", of_rival.iter().copied())
        .with_range("order_at_the_corner", corner.iter().copied())
        .with_range("order_of_claim_by_even_moments", even.iter().copied())
        .with_range("order_of_rival_by_even_moments", even_rival.iter().copied())
        .with_range("order_at_the_corner_by_even_moments", even_corner.iter().copied());
    Ok(Table {
        title: "β/S of D weights with A = aI as S → ∞ at a fixed aλ, beside its limit c; and β at aλ = 2, beside \
                (3 − D)/2"
            .into(),
        header: heads(["D", "aλ", "S", "β", "β/S", "c", "relative error", "order"]),
        rows,
        finding: "D does not change the limit of β/S.",
        judged: vec![judged],
    })
}
