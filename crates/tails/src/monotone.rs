//! How the tail index of several weights changes with λ, S and D: indices where A = aI, the growth of moments for any
//! A, and the places of even indices by moments over ℚ.

use exact::ExactError;
use exact::tail::growth;
use numbers::{Interval, decimal};
use registry::tail::monotone::{DECREASING_IN_DIMENSION, DECREASING_IN_RATE, INCREASING_IN_BATCH};
use rug::Rational;

use super::even::{HALVES, ordered};
use super::isotropic::isotropic;
use super::settings::setting;
use super::several::{DEGREE, DIGITS};
use tables::{Judged, StudyError, Table, heads};

/// Variances of the features: A = I of growing dimension, and directions beside the first of another variance.
const FEATURES: [&[(u32, u32)]; 4] = [&[(1, 1)], &[(1, 1), (1, 1)], &[(1, 1), (1, 1), (1, 1)], &[(1, 1), (1, 2)]];
/// Which of them have the directions of which others, and more.
const ADDED: [(usize, usize); 3] = [(0, 1), (1, 2), (0, 3)];
/// S of the table.
const SIZES: [u32; 3] = [1, 2, 4];
/// D of the places of even indices.
const DIMENSIONS: [u32; 3] = [1, 2, 3];
/// λ of the table, in ascending order.
const RATES: [(u32, u32); 3] = [(1, 8), (1, 4), (1, 2)];

/// A setting with its index, where A = I and a law is stationary, and the growth of its moments of degree 2, 4 and 6.
struct Place {
    name: String,
    is_isotropic: bool,
    S: u32,
    rate: Rational,
    index: Option<(String, Rational)>,
    growths: Vec<Interval>,
}

impl Place {
    fn new(variances: &[(u32, u32)], S: u32, rate: (u32, u32)) -> Result<Self, StudyError> {
        let variances = Vec::from_iter(variances.iter().map(|variance| Rational::from(*variance)));
        let rate = Rational::from(rate);
        let is_isotropic = variances.iter().all(|variance| *variance == 1);
        let D = variances.len() as u32;
        let index = match is_isotropic.then(|| isotropic(&rate, S, D, DIGITS)) {
            Some(Ok(found)) => Some(found),
            None | Some(Err(ExactError::NoStationaryLaw { .. })) => None,
            Some(Err(error)) => return Err(error.into()),
        };
        let setting = setting(&variances, S, &rate)?;
        let growths = (2..=DEGREE).step_by(2).map(|degree| growth(&setting, degree, 8)).collect::<Result<_, _>>()?;
        let name = format!("diag({})", Vec::from_iter(variances.iter().map(Rational::to_string)).join(", "));
        Ok(Place { name, is_isotropic, S, rate, index, growths })
    }

    fn value(&self) -> Option<&Rational> {
        self.index.as_ref().map(|(_, value)| value)
    }

    fn cells(&self) -> Vec<String> {
        let mut cells = vec![self.name.clone(), self.S.to_string(), self.rate.to_string()];
        cells.push(match &self.index {
            Some((text, _)) => text.clone(),
            None if self.is_isotropic => "nothing is stationary".into(),
            None => "–".into(),
        });
        let middle = |growth: &Interval| growth.midpoint().unwrap_or_default();
        cells.extend(self.growths.iter().map(|growth| decimal::exact(&middle(growth), DIGITS + 1)));
        cells
    }
}

/// Pairs of places, and those of which the claim says the right thing.
#[derive(Default)]
struct Count {
    pairs: usize,
    right: usize,
}

impl Count {
    fn add(&mut self, is_right: bool) {
        self.pairs += 1;
        self.right += usize::from(is_right);
    }

    /// An index that is, or one that is smaller or ends.
    fn add_fall(&mut self, before: &Place, after: &Place) {
        if let Some(before) = before.value() {
            self.add(after.value().is_none_or(|after| after < before));
        }
    }

    /// That moments of all degrees certainly grow less at the one place than at the other, whose growth is changed to
    /// 1 − θ + θh.
    fn add_growth(&mut self, less: &Place, more: &Place, share: &Rational) {
        for (less, more) in less.growths.iter().zip(&more.growths) {
            let rest = Rational::from(1) - share;
            let most = more.clone() * Interval::from(share.clone()) + Interval::from(rest);
            self.add(less.high().zip(most.low()).is_some_and(|(less, most)| less <= most));
        }
    }

    fn is_full(&self) -> bool {
        self.pairs > 0 && self.right == self.pairs
    }
}

/// The three claims, by pairs of neighbours.
pub(super) fn monotone() -> Result<Table, StudyError> {
    let mut places = Vec::new();
    for variances in FEATURES {
        for S in SIZES {
            places.push(RATES.iter().map(|rate| Place::new(variances, S, *rate)).collect::<Result<Vec<_>, _>>()?);
        }
    }
    let place = |features: usize, size: usize, rate: usize| &places[features * SIZES.len() + size][rate];
    let one = Rational::from(1);
    let [mut in_rate, mut in_batch, mut in_dimension] = [const { [const { Count { pairs: 0, right: 0 } }; 2] }; 3];
    for size in 0..SIZES.len() {
        for rate in 0..RATES.len() {
            for features in 0..FEATURES.len() {
                let here = place(features, size, rate);
                if rate > 0 {
                    let slower = place(features, size, rate - 1);
                    in_rate[0].add_fall(slower, here);
                    in_rate[1].add_growth(slower, here, &Rational::from(&slower.rate / &here.rate));
                }
                if size > 0 {
                    let smaller = place(features, size - 1, rate);
                    if let Some(index) = smaller.value().filter(|index| **index >= 1) {
                        in_batch[0].add(here.value().is_some_and(|larger| larger > index));
                    }
                    in_batch[1].add_growth(here, smaller, &one);
                }
            }
            for (fewer, more) in ADDED {
                let [fewer, more] = [fewer, more].map(|features| place(features, size, rate));
                if more.is_isotropic {
                    in_dimension[0].add_fall(fewer, more);
                }
                in_dimension[1].add_growth(fewer, more, &one);
            }
        }
    }
    let of_even = ordered(&SIZES, &DIMENSIONS).map(|[pairs, right]| Count { pairs, right });
    let judged = |claim, counts: &[Count; 2], even: &Count, [change, of_growth, of_even]: [&str; 3]| {
        let [indices, growths] = counts;
        let measured = format!(
            "the index {change} in {} of {} pairs of places with `A = I`; {of_growth} in {} of {} comparisons of the \
             growth of moments, with other `A` as well; by even moments over `ℚ` the `aλ` at which the index is 2, 4, \
             … {} {of_even} in {} of {} pairs",
            indices.right,
            indices.pairs,
            growths.right,
            growths.pairs,
            2 * HALVES,
            even.right,
            even.pairs,
        );
        Judged::new(claim, counts.iter().chain([even]).all(Count::is_full), measured)
            .with("pairs", indices.pairs as f64)
            .with("pairs_where_it_holds", indices.right as f64)
            .with("comparisons_of_growth", growths.pairs as f64)
            .with("comparisons_of_growth_where_it_holds", growths.right as f64)
            .with("pairs_of_even_indices", even.pairs as f64)
            .with("pairs_of_even_indices_where_it_holds", even.right as f64)
    };
    let of_rate = ["falls with `λ`", "`h` at `θλ` is at most `1 − θ + θh`", "falls with the index"];
    let of_batch = ["rises with `S` where it is at least 1,", "`h` falls with `S`", "rises with `S`"];
    let of_dimension = ["falls with `D`", "`h` rises with more directions", "falls with `D`"];
    Ok(Table {
        title: "the tail index against λ, S and D, and by what a step multiplies moments of degree 2, 4 and 6".into(),
        header: heads(["A", "S", "λ", "index", "h(2)", "h(4)", "h(6)"]),
        rows: places.iter().flatten().map(Place::cells).collect(),
        finding: "Larger steps, smaller minibatches and more weights make the tail heavier.",
        judged: vec![
            judged(&DECREASING_IN_RATE, &in_rate, &of_even[0], of_rate),
            judged(&INCREASING_IN_BATCH, &in_batch, &of_even[1], of_batch),
            judged(&DECREASING_IN_DIMENSION, &in_dimension, &of_even[2], of_dimension),
        ],
    })
}
