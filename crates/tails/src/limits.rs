//! The tail index of several weights as λ → 0, and as S → ∞.

use exact::tail::{large_batch as limit_of_large_batch, small_steps as limit_of_small_steps};
use numbers::{decimal, nearest_f64};
use registry::tail::several::{LARGE_BATCH, SMALL_STEPS};
use rug::Rational;
use verify::allowances::{ORDER, VANISHING_ORDER};

use super::certain::error;
use super::isotropic::isotropic;
use tables::rational::ends;
use tables::{Judged, StudyError, Table, heads};

/// Significant digits of an index.
const DIGITS: usize = 5;
/// S/(2aλ) of the table of small steps: the cost of an index grows like the square.
const RATES: [u32; 3] = [4, 8, 16];

/// The order in which errors vanish from one to the next, whose parameter is half as large.
fn order(before: f64, now: f64) -> f64 {
    (before / now).abs().log2()
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
    let slope = (2.0 * limit).ln();
    let mut rows = Vec::new();
    // Of the limit, of the limit with the next term, and of 2.
    let mut orders = [const { Vec::new() }; 3];
    for S in [1, 2] {
        for D in [1, 2, 4] {
            let mut before: Option<[f64; 3]> = None;
            for rate in RATES {
                let step_size = Rational::from((S, 2 * rate));
                let (text, found) = isotropic(&step_size, S, D, DIGITS)?;
                let scaled = nearest_f64(&(found * &step_size / Rational::from(S)));
                let part = 1.0 / f64::from(2 * rate);
                let next = 0.5 * f64::from(S - 1) * part * part.ln() / slope;
                let errors = [scaled - limit, scaled - limit - next, scaled - 2.0];
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
    let [of_limit, of_next, of_rival] = &orders;
    let measured = format!(
        "it tends to `y/2` = {} with the order {} in `λ`, and less the logarithm with the order {}; to 2 it tends with \
         the order {}",
        decimal::measured(limit, 5),
        between(of_limit, 2),
        between(of_next, 2),
        between(of_rival, 2),
    );
    let holds = of_limit.iter().all(|order| *order > VANISHING_ORDER)
        && of_next.iter().all(|order| *order > 1.0 - ORDER)
        && of_rival.iter().all(|order| *order < VANISHING_ORDER);
    let judged = Judged::new(&SMALL_STEPS, holds, measured)
        .with("limit", limit)
        .with_range("order_of_claim", of_limit.iter().copied())
        .with_range("order_less_the_logarithm", of_next.iter().copied())
        .with_range("order_of_rival", of_rival.iter().copied());
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
    let measured = format!(
        "it tends to `c` with the order {} in `1/S`, and to `y/(2aλ)`, the limit of small steps, with the order {}; at \
         `aλ = 2` the index tends to `(3 − D)/2` with the order {}",
        between(&orders, 2),
        between(&of_rival, 2),
        between(&corner, 2),
    );
    let holds = [&orders, &corner].into_iter().flatten().all(|order| *order > 1.0 - ORDER)
        && of_rival.iter().all(|order| *order < VANISHING_ORDER);
    let judged = Judged::new(&LARGE_BATCH, holds, measured)
        .with_range("order_of_claim", orders.iter().copied())
        .with_range("order_of_rival", of_rival.iter().copied())
        .with_range("order_at_the_corner", corner.iter().copied());
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
