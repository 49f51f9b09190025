//! The tables of section 7.

use std::sync::LazyLock;

use numbers::{Matrix, Vector};
use symbols::{BatchSize, Gaussian, Population, Setting};

use super::draws::{BATCH, Cell, DIMENSIONS, Draw, Features, RATIOS, State, cells};
use super::estimate::Estimate;
use super::growing;
use super::judgements::{means, vanishes};
use super::marchenko_pastur;
use super::second_term::second_term;
use super::theory::{Spectrum, Variant, excess, memory};
use registry::high_dimension::{LARGEST_RATE, LOSS_AT_MINIMUM, NOISE, TRACE};
use tables::{Study, StudyError, Table, heads};
use verify::allowances::NO_NOISE;

/// The study. The first table draws the data sets that most others use, too.
pub static STUDY: Study = Study {
    name: "high-dimension",
    subject: "high dimension",
    tables: &[
        ("minimum", minimum),
        ("noise", noise),
        ("theorem-6", theorem_6),
        ("variants", || variants(&SMALL, "λ = S/(4 Tr[A])", VARIANTS)),
        ("variants-larger-rate", || variants(&LARGE, "λ = S/Tr[A]", VARIANTS_AT_LARGER_RATE)),
        ("stability", stability),
        ("second-term", second_term),
        ("growing-batch", growing::trace),
        ("growing-batch-stability", growing::largest_rate),
        ("equal-residuals", growing::equal_residuals),
    ],
};

const VARIANTS: &str = "As printed, without ÂΣÂ and with its other sign the error has the order 1 in 1/D, and a size that no sign mends; S − 1 in place \
                        of S in front is wrong in the limit too. The \
                        fourth moments of the samples with Â held fixed,\nSC = ν((Tr[ÂΣ] + ℓ)Â + 2ÂΣÂ) − ÂΣÂ with ν = N/(N + 2), take \
                        away more than nine tenths of it; with the memory nothing is left but the standard error.";
const VARIANTS_AT_LARGER_RATE: &str = "Near instability, where the variants are further apart. Over all kinds the error falls with the order 2 where \
                                       fourth moments and memory are heeded, and more slowly in all others;\nwith S − 1 in front nothing would be \
                                       stationary. (That of the column 1 \
                                       cancels between kinds here, and not at the smaller rate.)";

type Cells = LazyLock<Result<Vec<Cell>, StudyError>>;

/// The data sets at c = 1/4, where each of them has a stationary state.
static SMALL: Cells = LazyLock::new(|| cells(0.25, &RATIOS, &DIMENSIONS));
/// The data sets at c = 1, where nearly each of them has a stationary state from D = 16 on.
static LARGE: Cells = LazyLock::new(|| cells(1.0, &RATIOS[2..], &DIMENSIONS[2..]));

fn known(cells: &'static Cells) -> Result<&'static [Cell], StudyError> {
    cells.as_deref().map_err(Clone::clone)
}

/// A quantity of a data set with a stationary state.
type Quantity<'a> = &'a dyn Fn(&Cell, &Draw, &State) -> f64;

fn estimate(cell: &Cell, quantity: Quantity) -> Estimate {
    let states = cell.draws.iter().filter_map(|draw| draw.state.as_ref().map(|state| quantity(cell, draw, state)));
    Estimate::of(&Vec::from_iter(states))
}

impl Cell {
    fn set<'a>(&self, draw: &'a Draw) -> Spectrum<'a> {
        Spectrum { values: &draw.spectrum, N: self.N() as f64, S: f64::from(BATCH) }
    }

    fn place(&self) -> Vec<String> {
        vec![self.features.name().into(), fraction(self.ratio), self.D.to_string()]
    }

    /// The number of data sets without a stationary state, over that of all.
    fn unstable(&self) -> String {
        let count = self.draws.iter().filter(|draw| draw.state.is_none()).count();
        format!("{count}/{}", self.draws.len())
    }

    fn is_overdetermined(&self) -> bool {
        self.ratio.0 > self.ratio.1
    }

    /// max{0, σ²(1 − 1/α)}.
    fn average_loss(&self) -> f64 {
        (1.0 - self.ratio.1 as f64 / self.ratio.0 as f64).max(0.0)
    }
}

fn fraction((numerator, denominator): (usize, usize)) -> String {
    if denominator == 1 { numerator.to_string() } else { format!("{numerator}/{denominator}") }
}

/// Adds the rows of one kind of data set, D growing, and a row of orders beneath them. `estimates` are the columns
/// behind `before`; those whose index is in `errors` have orders.
fn with_orders(rows: &mut Vec<Vec<String>>, before: Vec<Vec<String>>, estimates: Vec<Vec<Estimate>>, errors: &[usize]) {
    let orders = estimates.last_chunk::<2>().map(|[before, next]| {
        let pairs = before.iter().zip(next).enumerate();
        Vec::from_iter(pairs.map(|(i, (b, n))| if errors.contains(&i) { b.order_text(*n) } else { String::new() }))
    });
    let blank = before.first().map_or(0, Vec::len);
    for (place, found) in before.into_iter().zip(&estimates) {
        rows.push([place, Vec::from_iter(found.iter().map(|estimate| estimate.text()))].concat());
    }
    if let Some(orders) = orders {
        let place = (0..blank).map(|i| if i == 2 { "order".into() } else { String::new() });
        rows.push([place.collect(), orders].concat());
    }
}

/// One column of estimates, D growing.
fn column(found: &[Vec<Estimate>], index: usize) -> Vec<Estimate> {
    found.iter().filter_map(|estimates| estimates.get(index).copied()).collect()
}

/// The cells by kind, D growing.
fn kinds(cells: &[Cell]) -> impl Iterator<Item = &[Cell]> {
    cells.chunk_by(|a, b| a.features == b.features && a.ratio == b.ratio)
}

/// The table on eqs. (66)–(78), the loss at the minimum.
fn minimum() -> Result<Table, StudyError> {
    let mut pairs = Vec::new();
    let rows = known(&SMALL)?.iter().map(|cell| {
        let found = estimate(cell, &|_, _, state| if state.loss < NO_NOISE { 0.0 } else { state.loss / 2.0 });
        let claimed = cell.average_loss() / 2.0;
        let distance =
            if found.error == 0.0 { "–".into() } else { format!("{:.1}", (found.mean - claimed) / found.error) };
        pairs.push((found, claimed));
        let still = estimate(cell, &|_, _, state| state.still as f64);
        [cell.place(), vec![found.text(), Estimate::of(&[claimed]).text(), distance, still.mean.to_string()]].concat()
    });
    let rows = rows.collect();
    let header = heads(["A", "α", "D", "L(w*)", "½σ²(1 − 1/α)₊", "z", "null space"]);
    let finding = "As claimed, and not only in high dimension: over labels E[2L(w*)] = σ²(N − D)/N for α > 1 at any D. Below, no loss is \
                   left, and D − N directions never move.";
    Ok(Table {
        title: "loss at the minimum, eqs. (66)–(78), and directions in which nothing moves".into(),
        header,
        rows,
        finding,
        judged: vec![means(&LOSS_AT_MINIMUM, &pairs)],
    })
}

/// The table on Proposition 4.
fn noise() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let mut as_printed = Vec::new();
    for kind in kinds(known(&SMALL)?) {
        if !kind.iter().all(Cell::is_overdetermined) {
            rows.extend(kind.iter().map(|cell| {
                let vanishing = estimate(cell, &|_, _, state| f64::from(state.noise < NO_NOISE));
                let told = if vanishing.mean == 1.0 { "C = 0" } else { "C ≠ 0" };
                [cell.place(), vec![cell.unstable(), told.into()]].concat()
            }));
            continue;
        }
        let distance = |i: usize| move |_: &Cell, _: &Draw, state: &State| state.distances[i];
        let predicted = |cell: &Cell, draw: &Draw, state: &State| {
            let share = state.loss / (state.trace + state.loss) * memory(cell.set(draw), cell.rate);
            let N = cell.N() as f64;
            let r = 2.0_f64.sqrt() * share * draw.spectrum.iter().sum::<f64>() / (N.sqrt() * state.size);
            r / (1.0 + r * r).sqrt()
        };
        let traces = |cell: &Cell, draw: &Draw, state: &State| {
            let share = state.loss / (state.trace + state.loss) * memory(cell.set(draw), cell.rate);
            state.trace_of_noise - share * state.control
        };
        let columns: [Quantity; 5] = [&distance(0), &distance(1), &distance(2), &predicted, &traces];
        let places = kind.iter().map(|cell| [cell.place(), vec![cell.unstable()]].concat()).collect();
        let found = kind.iter().map(|cell| Vec::from_iter(columns.map(|column| estimate(cell, column))));
        let found = Vec::from_iter(found);
        as_printed.push(column(&found, 0));
        with_orders(&mut rows, places, found, &[0, 1, 2, 4]);
    }
    let header =
        heads(["A", "α", "D", "unstable", "as printed", "loss of the data", "+ÂΣÂ", "foreseen", "Tr[C] over it − 1"]);
    let title = "Proposition 4: ‖C' − C‖/‖C‖ for its C' and the engine's C, and their traces, λ = S/(4 Tr[A])".into();
    let finding = "Below α = 1 nothing is left of C, as claimed. Above, C' never becomes exact: its distance stays r/√(1 + r²) at any D \
                   (foreseen), which falls with 1/√α alone.\nThe squared residuals eᵢ² of single samples vary as much as their mean is \
                   large, which assumption 2 excludes, and no number in front of Â can follow them;\nthe sign of ÂΣÂ does not matter. \
                   Traces do become exact, with the order 1 in 1/D.";
    let judged = vec![vanishes(&NOISE, "`‖C' − C‖/‖C‖`", &as_printed)];
    Ok(Table { title, header, rows, finding, judged })
}

/// Tr\[ÂΣ\] of the engine over that of a theory, less 1. The theory takes the loss of the data set, and the part is
/// subtracted that is due to how its labels happen to have fallen.
fn over(cell: &Cell, draw: &Draw, state: &State, theory: f64) -> f64 {
    state.trace / (state.loss * theory) - 1.0 - memory(cell.set(draw), cell.rate) * state.control
}

/// The table on Theorem 6.
fn theorem_6() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let mut errors = Vec::new();
    for kind in kinds(known(&SMALL)?).filter(|kind| kind.iter().all(Cell::is_overdetermined)) {
        let printed = |cell: &Cell, draw: &Draw| Variant::Printed.trace(cell.set(draw), cell.rate);
        let limit = |cell: &Cell| {
            let S = f64::from(BATCH);
            let ratio = cell.ratio.1 as f64 / cell.ratio.0 as f64;
            let sum = cell.D as f64 * marchenko_pastur::trace(cell.rate * (1.0 - 1.0 / S), ratio);
            excess(cell.rate / S * sum)
        };
        let mut found = Vec::new();
        for cell in kind {
            let one = estimate(cell, &|cell, draw, state| state.trace / (cell.average_loss() * printed(cell, draw)));
            let mut columns = vec![
                estimate(cell, &|_, _, state| state.trace),
                estimate(cell, &|cell, draw, _| cell.average_loss() * printed(cell, draw)),
                Estimate::of(&[one.scatter]),
                estimate(cell, &|cell, draw, state| over(cell, draw, state, printed(cell, draw))),
            ];
            if cell.features == Features::Isotropic {
                columns.push(Estimate::of(&[cell.average_loss() * limit(cell)]));
                columns.push(estimate(cell, &|cell, draw, state| over(cell, draw, state, limit(cell))));
            }
            found.push(columns);
        }
        let places = kind.iter().map(|cell| [cell.place(), vec![cell.unstable()]].concat()).collect();
        errors.push(column(&found, 3));
        with_orders(&mut rows, places, found, &[3, 5]);
    }
    let header = heads([
        "A",
        "α",
        "D",
        "unstable",
        "Tr[ÂΣ]",
        "Theorem 6",
        "scatter",
        "engine over it − 1",
        "in the limit",
        "engine over it − 1",
    ]);
    let title = "Theorem 6: Tr[ÂΣ] of the engine, of κ̂ at each Â and of κ̂ in the limit of Marchenko and Pastur, λ = S/(4 Tr[A])".into();
    let finding = "Exact in the limit, with the order 1 in 1/D: κ̂ at the finite Â and in the limit of Marchenko and Pastur have the same \
                   error on average.\nBy the loss of its own data set; that of Theorem 6, σ²(1 − 1/α), has the same mean and, on a \
                   single data set, the scatter of the first columns.";
    let judged = vec![vanishes(&TRACE, "engine over claim less 1", &errors)];
    Ok(Table { title, header, rows, finding, judged })
}

fn variants(cells: &'static Cells, rate: &str, finding: &'static str) -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let mut all: Vec<Vec<Vec<Estimate>>> = Vec::new();
    let errors = &[0, 1, 2, 3, 4, 5];
    for kind in kinds(known(cells)?).filter(|kind| kind.iter().all(Cell::is_overdetermined)) {
        let found = Vec::from_iter(kind.iter().map(|cell| {
            let of = |variant: Variant| {
                estimate(cell, &|cell, draw, state| over(cell, draw, state, variant.trace(cell.set(draw), cell.rate)))
            };
            Variant::ALL.map(of).to_vec()
        }));
        let places = kind.iter().map(|cell| [cell.place(), vec![cell.unstable()]].concat()).collect();
        with_orders(&mut rows, places, found.clone(), errors);
        all.push(found);
    }
    if let Some(kind) = kinds(known(cells)?).last() {
        let places = kind.iter().map(|cell| ["all", "all", &cell.D.to_string(), ""].map(String::from).to_vec());
        let pooled = (0..kind.len()).map(|i| {
            let of = |variant: usize| Estimate::pooled(all.iter().map(|found| found[i][variant]));
            Vec::from_iter((0..Variant::ALL.len()).map(of))
        });
        with_orders(&mut rows, places.collect(), pooled.collect(), errors);
    }
    let names = Variant::ALL.map(|variant| variant.name().to_string());
    let header = [heads(["A", "α", "D", "unstable"]), names.to_vec()].concat();
    let title = format!("Tr[ÂΣ] of the engine over that of Theorem 6 and its variants, less 1, {rate}");
    Ok(Table { title, header, rows, finding, judged: Vec::new() })
}

/// The table on Sec. 6.2, the largest stable learning rate.
fn stability() -> Result<Table, StudyError> {
    let S = f64::from(BATCH);
    let columns = |sets: &[(Spectrum, f64)]| {
        let of = |claimed: &dyn Fn(Spectrum) -> f64| {
            Estimate::of(&Vec::from_iter(sets.iter().map(|(set, found)| claimed(*set) / found - 1.0)))
        };
        let scale = |set: Spectrum| 2.0 * S / set.values.iter().sum::<f64>();
        let found = Estimate::of(&Vec::from_iter(sets.iter().map(|(set, found)| found / scale(*set))));
        let variants = [Variant::Printed, Variant::OtherSign, Variant::FourthMoments, Variant::Memory];
        let variants = variants.map(|variant| of(&|set| variant.largest_rate(set)));
        [&[found, of(&scale)], &variants[..]].concat()
    };
    let mut rows = Vec::new();
    let mut errors = Vec::new();
    for features in Features::ALL {
        let (mut places, mut found) = (Vec::new(), Vec::new());
        for D in DIMENSIONS {
            let spectrum = features.spectrum(D);
            let population = Population::Gaussian(Gaussian {
                feature_covariance: Matrix::from_diagonal(&Vector::from_column_slice(&spectrum)),
                input_noise_covariance: Matrix::zeros(D, D),
                label_noise_variance: 1.0,
                true_weights: Vector::zeros(D),
            });
            let setting = Setting::new(population, Matrix::identity(D, D), BatchSize::new(BATCH)?)?;
            let margin = lyapunov::stability(&setting)?.margin;
            places.push(vec![features.name().into(), "∞".into(), D.to_string()]);
            found.push(columns(&[(Spectrum { values: &spectrum, N: f64::INFINITY, S }, margin)]));
        }
        errors.push(column(&found, 1));
        with_orders(&mut rows, places, found, &[1, 2, 3, 4, 5]);
        for kind in kinds(known(&SMALL)?).filter(|kind| kind[0].features == features) {
            let sets = |cell: &Cell| columns(&Vec::from_iter(cell.draws.iter().map(|d| (cell.set(d), d.largest_rate))));
            let places = kind.iter().map(Cell::place).collect();
            let found = Vec::from_iter(kind.iter().map(sets));
            errors.push(column(&found, 1));
            with_orders(&mut rows, places, found, &[1, 2, 3, 4, 5]);
        }
    }
    let header =
        heads(["A", "α", "D", "λ_max Tr[Â]/(2S)", "2S/Tr[Â]", "Sec. 6.2", "−1/S", "fourth moments", "and memory"]);
    let title = "the largest stable learning rate, and what is claimed of it over what it is, less 1".into();
    let finding = "λ_max tends to 2S/Tr[A] with the order 1 in 1/D. For infinitely many Gaussian samples the condition is exact with −1/S in \
                   place of +1/S;\nas printed it allows a λ that is too large, by 2/(D + S − 1) for A = I, and is no better an order than \
                   2S/Tr[A].\nData sets are less stable still. For α > 1 fourth moments and memory leave two percent or less at D = 64; for α < 1, \
                   where λ_max scatters most, all are far from a limit at D = 64.";
    let judged = vec![vanishes(&LARGEST_RATE, "claim over engine less 1", &errors)];
    Ok(Table { title, header, rows, finding, judged })
}
