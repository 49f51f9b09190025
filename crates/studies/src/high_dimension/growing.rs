//! Section 7 where the minibatch grows with D at a fixed λ, S = sD, and Proposition 4 under its own assumption 2.
//!
//! At a fixed S, λ has to fall with 1/D, and Ĝ is 2I in the limit. Here λ(1 − 1/S)Â counts at leading order.

use std::sync::LazyLock;

use lyapunov::LyapunovError;
use numbers::{Matrix, Vector, decimal};
use rand::RngExt;
use rand_distr::StandardNormal;
use registry::high_dimension::{
    LARGEST_RATE_OF_GROWING_BATCH, NOISE_OF_EQUAL_RESIDUALS, TRACE_OF_GROWING_BATCH, growing_batch_rate,
};
use symbols::{BatchSize, DataSet, Population, Sampling, Setting};
use verify::Verdict;

use super::draws::{BATCH, Draw, control, gaussian, seeded};
use super::estimate::Estimate;
use super::judgements::vanishes;
use super::theory::{Spectrum, Variant, excess, memory};
use tables::rational::ends;
use tables::{Judged, StudyError, Table, heads};

const DIMENSIONS: [usize; 4] = [8, 16, 32, 64];
/// The data sets of the table on equal residuals.
const DRAWS: usize = 32;

/// The number of data sets of a series at D: larger ones take longer, and differ less.
fn draws(D: usize) -> usize {
    (1024 / D).clamp(16, 64)
}

/// A series of data sets: N = αD, S = sD and λ, with A = I.
#[derive(Debug, Clone, Copy)]
struct Series {
    samples: (usize, usize),
    batch: (usize, usize),
    rate: f64,
}

/// The last has s = √α, from which on full batches are unstable before the noise matters.
const SERIES: [Series; 5] = [
    Series { samples: (3, 2), batch: (1, 1), rate: 0.3 },
    Series { samples: (2, 1), batch: (1, 2), rate: 0.2 },
    Series { samples: (2, 1), batch: (1, 1), rate: 0.3 },
    Series { samples: (4, 1), batch: (1, 1), rate: 0.5 },
    Series { samples: (4, 1), batch: (2, 1), rate: 0.6 },
];

impl Series {
    fn ratio((numerator, denominator): (usize, usize)) -> f64 {
        numerator as f64 / denominator as f64
    }

    fn N(self, D: usize) -> usize {
        D * self.samples.0 / self.samples.1
    }

    fn S(self, D: usize) -> usize {
        D * self.batch.0 / self.batch.1
    }

    fn place(self, D: usize) -> Vec<String> {
        let text = |part: (usize, usize)| decimal::measured(Series::ratio(part), 3);
        vec![text(self.samples), text(self.batch), D.to_string(), self.rate.to_string()]
    }

    /// The limit of the largest stable λ.
    fn largest_rate(self) -> f64 {
        growing_batch_rate(&Series::ratio(self.batch), &Series::ratio(self.samples))
    }
}

/// The numbers of a data set that are compared with Theorem 6.
struct Found {
    /// The engine over the claim less 1: with κ̂, with Ĝ = 2I, with 1 + 1/S in Ĝ; and without replacement, with κ̂ and with
    /// (N − S)/(N − 1)/S in place of 1/S.
    errors: [f64; 5],
    /// The largest stable λ.
    largest_rate: f64,
}

/// One D of a series.
struct Cell {
    series: Series,
    D: usize,
    found: Vec<Found>,
    unstable: usize,
}

static CELLS: LazyLock<Result<Vec<Cell>, StudyError>> = LazyLock::new(|| {
    let all = SERIES.into_iter().flat_map(|series| DIMENSIONS.map(|D| (series, D)));
    all.map(|(series, D)| Cell::draw(series, D)).collect()
});

fn cells() -> Result<&'static [Cell], StudyError> {
    CELLS.as_deref().map_err(Clone::clone)
}

impl Cell {
    fn draw(series: Series, D: usize) -> Result<Cell, StudyError> {
        let (N, S) = (series.N(D), series.S(D));
        let stream = &mut seeded(1, &format!("growing batch {N} {S} {D}"));
        let mut cell = Cell { series, D, found: Vec::new(), unstable: 0 };
        for _ in 0..draws(D) {
            let X = gaussian(N, &vec![1.0; D], stream);
            let y = Vector::from_fn(N, |_, _| stream.sample::<f64, _>(StandardNormal));
            match Found::of(series.rate, S, X, y)? {
                Some(found) => cell.found.push(found),
                None => cell.unstable += 1,
            }
        }
        Ok(cell)
    }

    fn estimate(&self, quantity: impl Fn(&Found) -> f64) -> Estimate {
        Estimate::of(&Vec::from_iter(self.found.iter().map(quantity)))
    }
}

impl Found {
    /// `None` where nothing is stationary.
    fn of(rate: f64, S: usize, X: Matrix<f64>, y: Vector<f64>) -> Result<Option<Found>, StudyError> {
        let (N, D) = X.shape();
        let A = X.transpose() * &X / N as f64;
        let spectrum = Vec::from_iter(A.symmetric_eigenvalues().iter().copied());
        let with_control = control(&X, &y);
        let population = Population::Data(DataSet { features: X, labels: y });
        let setting = Setting::new(population, Matrix::identity(D, D) * rate, BatchSize::new(S as u32)?)?;
        let mut traces = [0.0; 2];
        let (mut loss, mut largest_rate) = (0.0, 0.0);
        for (i, sampling) in [Sampling::WithoutReplacement, Sampling::WithReplacement].into_iter().enumerate() {
            let solution = match lyapunov::stationary(&setting.clone().with_sampling(sampling)?) {
                Ok(solution) => solution,
                Err(LyapunovError::Unstable(_)) => return Ok(None),
                Err(error) => return Err(error.into()),
            };
            traces[i] = A.dot(&solution.moments.fluctuation);
            loss = 2.0 * solution.moments.train_loss - traces[i];
            largest_rate = solution.stability.margin * rate;
        }
        let [without, with] = traces;
        let (N, S) = (N as f64, S as f64);
        let set = |S: f64| Spectrum { values: &spectrum, N, S };
        // What is due to how the labels happen to have fallen has the mean zero, whatever its weight.
        let chance = memory(set(S), rate) * with_control;
        let plain = excess(rate / S * spectrum.iter().sum::<f64>() / 2.0);
        let smaller = set(S * (N - 1.0) / (N - S));
        let over = |found: f64, theory: f64| found / (loss * theory) - 1.0 - chance;
        let errors = [
            over(with, Variant::Printed.trace(set(S), rate)),
            over(with, plain),
            over(with, Variant::OtherSign.trace(set(S), rate)),
            over(without, Variant::Printed.trace(set(S), rate)),
            over(without, Variant::Printed.trace(smaller, rate)),
        ];
        Ok(Some(Found { errors, largest_rate }))
    }
}

/// Adds the rows of one series, and beneath them the orders of the columns whose index is in `errors`.
fn add(rows: &mut Vec<Vec<String>>, series: &[Cell], estimates: &[Vec<Estimate>], errors: &[usize]) {
    for (cell, found) in series.iter().zip(estimates) {
        let unstable = vec![format!("{}/{}", cell.unstable, draws(cell.D))];
        rows.push([cell.series.place(cell.D), unstable, found.iter().map(|one| one.text()).collect()].concat());
    }
    if let Some([before, next]) = estimates.last_chunk::<2>() {
        let pairs = before.iter().zip(next).enumerate();
        let orders = pairs.map(|(i, (b, n))| if errors.contains(&i) { b.order_text(*n) } else { String::new() });
        let blank = ["", "", "order", "", ""].map(String::from);
        rows.push([blank.to_vec(), orders.collect()].concat());
    }
}

/// Theorem 6 at S = sD.
pub fn trace() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let mut columns = [const { Vec::new() }; 5];
    for series in cells()?.chunks(DIMENSIONS.len()) {
        let found = series.iter().map(|cell| Vec::from_iter((0..5).map(|i| cell.estimate(|found| found.errors[i]))));
        let found = Vec::from_iter(found);
        for (i, column) in columns.iter_mut().enumerate() {
            column.push(Vec::from_iter(found.iter().map(|estimates| estimates[i])));
        }
        add(&mut rows, series, &found, &[0, 1, 2, 3, 4]);
    }
    let claim = &TRACE_OF_GROWING_BATCH;
    let [printed, rival, without] = [0, 1, 3].map(|i| vanishes(claim, "engine over claim less 1", &columns[i]));
    let [rejected, left, corrected] =
        [1, 3, 4].map(|i| Vec::from_iter(columns[i].iter().filter_map(|kind| Some(kind.last()?.mean))));
    // A rival that passed would make the evidence worth nothing.
    let is_told = rival.verdict == Verdict::Differs && without.verdict == Verdict::Differs;
    let holds = printed.verdict == Verdict::Agrees && is_told;
    let percent = |value: &f64| format!("{} %", decimal::to_places(100.0 * value, 1));
    let [least, most] = ends(&rejected, percent);
    let measured = format!("{}; with `Ĝ = 2I` it is {least} to {most}", printed.measured);
    let judged = Judged { figures: printed.figures, ..Judged::new(claim, holds, measured) }
        .with_range("error_with_Ĝ=2I_at_largest_dimension", rejected.into_iter())
        .with_range("error_without_replacement_at_largest_dimension", left.into_iter())
        .with_range("error_without_replacement_corrected_at_largest_dimension", corrected.into_iter());
    let header = [
        heads(["α", "S/D", "D", "λ", "unstable", "engine over Theorem 6 − 1", "over Ĝ = 2I", "over 1 + 1/S"]),
        heads(["without replacement", "with (N − S)/(N − 1)"]),
    ];
    Ok(Table {
        title: "Theorem 6 at S = sD and a fixed λ: Tr[ÂΣ] of the engine over that of κ̂ at each Â, less 1; A = I".into(),
        header: header.concat(),
        rows,
        finding: "Exact in the limit, with the order 1 in 1/D. Ĝ = 2I is not; the sign of 1/S in Ĝ does not matter in the limit.\nWithout \
                  replacement the variance of the noise has the factor (N − S)/(N − 1), which stays, as S grows with N.",
        judged: vec![judged],
    })
}

/// The largest stable λ at S = sD.
pub fn largest_rate() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let mut claimed = Vec::new();
    let mut shares = Vec::new();
    for series in cells()?.chunks(DIMENSIONS.len()) {
        let found = Vec::from_iter(series.iter().map(|cell| {
            let limit = cell.series.largest_rate();
            let twice = 2.0 * Series::ratio(cell.series.batch);
            vec![
                cell.estimate(|found| found.largest_rate),
                cell.estimate(|found| twice / found.largest_rate - 1.0),
                Estimate::of(&[limit]),
                cell.estimate(|found| found.largest_rate / limit - 1.0),
            ]
        }));
        claimed.push(Vec::from_iter(found.iter().map(|estimates| estimates[1])));
        shares.extend(found.last().map(|estimates| estimates[3].mean));
        add(&mut rows, series, &found, &[1, 3]);
    }
    let of_claim = vanishes(&LARGEST_RATE_OF_GROWING_BATCH, "`2S/(aD)` over engine less 1", &claimed);
    let [least, most] = ends(&shares, |share| decimal::to_places(*share, 4));
    let measured = format!("{}; engine over the correction less 1 is {least} to {most} there", of_claim.measured);
    let judged = Judged { measured, ..of_claim }.with_range("engine_over_correction_less_1", shares.iter().copied());
    Ok(Table {
        title: "the largest stable λ at S = sD, beside 2S/D and beside its limit 2s/((1 + s)(1 + s/α)); A = I".into(),
        header: heads(["α", "S/D", "D", "λ", "unstable", "λ_max", "2S/D over it − 1", "limit", "over the limit − 1"]),
        rows,
        finding: "The order of 2S/D is right and its constant is not: the curvature stops λ as well as the noise does, and both at once \
                  leave less.\nThe limit is the pole of Theorem 6 under the law of Marchenko and Pastur. In the last series full batches \
                  stop it.",
        judged: vec![judged],
    })
}

/// α of the table on equal residuals.
const RATIOS: [(usize, usize); 2] = [(3, 2), (4, 1)];

/// ‖C' − C‖²/‖C‖² of Proposition 4 where all residuals at w* are ±1; and where all labels are, so that the residuals are not.
fn squared_distances((numerator, denominator): (usize, usize), D: usize) -> Result<[Estimate; 3], StudyError> {
    let N = D * numerator / denominator;
    let stream = &mut seeded(1, &format!("equal residuals {N} {D}"));
    let rate = 0.25 * f64::from(BATCH) / D as f64;
    let mut found = [const { Vec::new() }; 3];
    for _ in 0..DRAWS {
        let X = gaussian(N, &vec![1.0; D], stream);
        let y = Vector::from_fn(N, |_, _| if stream.random::<bool>() { 1.0 } else { -1.0 });
        // Features without their part along y have the minimum w* = 0, with the residuals ±1.
        let orthogonal = &X - &y * (y.transpose() * &X) / N as f64;
        let states = [orthogonal, X].map(|X| Draw::of(X, y.clone(), rate));
        let [equal, spread] = states;
        let [Some(equal), Some(spread)] = [equal?.state, spread?.state] else { continue };
        let values = [equal.distances[1], equal.distances[1].powi(2), spread.distances[1].powi(2)];
        for (column, value) in found.iter_mut().zip(values) {
            column.push(value);
        }
    }
    Ok(found.map(|values| Estimate::of(&values)))
}

/// Proposition 4 under its assumption 2.
pub fn equal_residuals() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let [mut equal, mut spread] = [const { Vec::new() }; 2];
    for ratio in RATIOS {
        let found = [4, 8, 16, 32, 64].map(|D| Ok((D, squared_distances(ratio, D)?)));
        let found = found.into_iter().collect::<Result<Vec<_>, StudyError>>()?;
        for (D, estimates) in &found {
            let place = vec![decimal::measured(Series::ratio(ratio), 3), D.to_string()];
            rows.push([place, estimates.map(Estimate::text).to_vec()].concat());
        }
        if let Some([(_, before), (_, next)]) = found.last_chunk::<2>() {
            let orders = before.iter().zip(next).map(|(before, next)| before.order_text(*next));
            rows.push([vec![String::new(), "order".into()], orders.collect()].concat());
        }
        let column = |i: usize| Vec::from_iter(found.iter().map(|(_, estimates)| estimates[i]));
        equal.push(column(1));
        spread.push(column(2));
    }
    let claim = &NOISE_OF_EQUAL_RESIDUALS;
    let [found, rival] = [&equal, &spread].map(|kinds| vanishes(claim, "`‖C' − C‖²/‖C‖²`", kinds));
    let judged =
        Judged::new(claim, found.verdict == Verdict::Agrees && rival.verdict == Verdict::Differs, found.measured);
    let last = spread.iter().filter_map(|kind| Some(kind.last()?.mean));
    let judged = Judged { figures: found.figures, ..judged }.with_range("that_of_unequal_residuals", last);
    Ok(Table {
        title: "Proposition 4 where all residuals at w* are of one size, S = 2, λ = S/(4 Tr[A]), A = I".into(),
        header: heads(["α", "D", "‖C' − C‖/‖C‖", "its square", "of labels ±1"]),
        rows,
        finding: "Exact in the limit, its square with the order 1 in 1/D. Labels ±1 that do not lie at the minimum have residuals of several \
                  sizes, and their distance stays.",
        judged: vec![judged],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pole of Theorem 6 at the Â of a large data set is the limit of the largest stable λ, up to the order of 1/D.
    #[test]
    fn the_limit_is_the_pole_of_theorem_6() {
        for series in SERIES {
            let D = 240;
            let X = gaussian(series.N(D), &vec![1.0; D], &mut seeded(1, "pole"));
            let A = X.transpose() * X / series.N(D) as f64;
            let spectrum = Vec::from_iter(A.symmetric_eigenvalues().iter().copied());
            let set = Spectrum { values: &spectrum, N: series.N(D) as f64, S: series.S(D) as f64 };
            let found = Variant::Printed.largest_rate(set);
            assert!(
                (found / series.largest_rate() - 1.0).abs() < 0.03,
                "{series:?}: {found}, {}",
                series.largest_rate()
            );
        }
    }
}
