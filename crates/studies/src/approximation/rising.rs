//! Fig. 6: the Hessian approximation on random data sets of growing size, beside the exact state.

use claims::StudyClaim;
use lyapunov::LyapunovError;
use numbers::{Matrix, Vector, decimal};
use rand::RngExt;
use rand_distr::StandardNormal;
use registry::approximation::{RISING_FLUCTUATION, RISING_TRACE};
use symbols::{BatchSize, DataSet, Population, Setting};
use verify::allowances::{CONSTANT_SHARE, DISTANT_MEAN};

use crate::high_dimension::draws::{gaussian, seeded};
use crate::high_dimension::estimate::Estimate;
use tables::{Judged, StudyError, Table, heads};

const D: usize = 10;
const BATCH: u32 = 10;
const RATE: f64 = 0.1;
/// N of the table, up to D and beyond.
const SAMPLES: [usize; 9] = [2, 5, 8, 10, 12, 15, 20, 40, 100];
const DRAWS: usize = 100;

/// Tr\[ÂΣ\] and Tr Σ of the approximation, then of the engine.
type Traces = [f64; 4];

/// The traces of the approximation. Its noise Â/S moves weights in the range of Â alone, which has `rank` dimensions:
/// Σ = (λ/S)(2 − λÂ)⁻¹ there.
fn approximate(spectrum: &[f64], rank: usize) -> [f64; 2] {
    let mut spectrum = spectrum.to_vec();
    spectrum.sort_unstable_by(|one, next| next.total_cmp(one));
    let moving = || spectrum.iter().take(rank).map(|a| (a, RATE / f64::from(BATCH) / (2.0 - RATE * a)));
    [moving().map(|(a, variance)| a * variance).sum(), moving().map(|(_, variance)| variance).sum()]
}

/// The traces for one data set, σ² = 1; `None` where nothing is stationary.
fn traces(X: Matrix<f64>, y: Vector<f64>) -> Result<Option<Traces>, StudyError> {
    let N = X.nrows();
    let A = X.transpose() * &X / N as f64;
    let spectrum = A.symmetric_eigenvalues();
    let [trace, fluctuation] = approximate(spectrum.as_slice(), N.min(D));
    let population = Population::Data(DataSet { features: X, labels: y });
    let setting = Setting::new(population, Matrix::identity(D, D) * RATE, BatchSize::new(BATCH)?)?;
    match lyapunov::stationary(&setting) {
        Ok(solution) => {
            let found = solution.moments.fluctuation;
            Ok(Some([trace, fluctuation, A.dot(&found), found.trace()]))
        }
        Err(LyapunovError::Unstable(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The four traces against N.
pub fn rising() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let mut columns = [const { Vec::new() }; 4];
    for N in SAMPLES {
        let stream = &mut seeded(1, &format!("rising {N}"));
        let mut found = Vec::new();
        for _ in 0..DRAWS {
            let X = gaussian(N, &[1.0; D], stream);
            let y = Vector::from_fn(N, |_, _| stream.sample::<f64, _>(StandardNormal));
            found.extend(traces(X, y)?);
        }
        let means = [0, 1, 2, 3].map(|i| Estimate::of(&Vec::from_iter(found.iter().map(|traces| traces[i]))));
        for (column, mean) in columns.iter_mut().zip(means) {
            column.push(mean);
        }
        let place = vec![decimal::measured(N as f64 / D as f64, 3), format!("{}/{DRAWS}", DRAWS - found.len())];
        rows.push([place, means.map(Estimate::text).to_vec()].concat());
    }
    let [trace, fluctuation, exact_trace, exact_fluctuation] = &columns;
    let judged =
        vec![judged(&RISING_TRACE, trace, exact_trace), judged(&RISING_FLUCTUATION, fluctuation, exact_fluctuation)];
    Ok(Table {
        title:
            "random data sets, A = I, D = 10, S = 10, λ = 0.1, σ² = 1 (Fig. 6): Hessian approximation and exact state"
                .into(),
        header: heads(["α", "unstable", "Tr[ÂΣ] approx.", "Tr Σ approx.", "Tr[ÂΣ]", "Tr Σ"]),
        rows,
        finding: "Nothing fluctuates up to α = 1. The approximation counts the directions that move: its Tr Σ rises with them, and its Tr[ÂΣ], \
                  which is proportional to Tr Â to leading order, does not.",
        judged,
    })
}

/// Judges by the differences between neighbouring N, in standard errors, up to N = D; beyond, by the change beside that of
/// the exact state.
fn judged(claim: &'static StudyClaim, approximate: &[Estimate], exact: &[Estimate]) -> Judged {
    let full = SAMPLES.iter().position(|N| *N == D).unwrap_or_default();
    let rise = |pair: &[Estimate]| (pair[1].mean - pair[0].mean) / pair[0].error.hypot(pair[1].error);
    let rises = Vec::from_iter(approximate[..=full].windows(2).map(rise));
    let change = |of: &[Estimate]| of.last().map_or(f64::NAN, |last| last.mean - of[full].mean);
    let share = change(approximate) / change(exact);
    let least = rises.iter().copied().fold(f64::INFINITY, f64::min);
    let most = rises.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let holds = least > DISTANT_MEAN && share.abs() < CONSTANT_SHARE;
    let measured = format!(
        "from one `N ≤ D` to the next it changes by {} to {} standard errors, and beyond by {} of what the exact one does",
        decimal::to_places(least, 1),
        decimal::to_places(most, 1),
        decimal::measured(share, 2),
    );
    Judged::new(claim, holds, measured)
        .with("least_rise_in_standard_errors", least)
        .with("largest_rise_in_standard_errors", most)
        .with("change_beyond_over_that_of_the_exact_state", share)
        .with("value_at_smallest_N_over_that_at_N=D", approximate[0].mean / approximate[full].mean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use registry::approximation::{Time, fluctuation};

    /// Where Â is invertible, the approximation is that of Table 2.
    #[test]
    fn on_the_whole_space_it_is_the_approximation_of_table_2() {
        let X = gaussian(3 * D, &[1.0; D], &mut seeded(1, "table 2"));
        let A = X.transpose() * &X / (3 * D) as f64;
        let [trace, sum] = approximate(A.symmetric_eigenvalues().as_slice(), D);
        let population = Population::Data(DataSet { features: X, labels: Vector::zeros(3 * D) });
        let setting = Setting::new(population, Matrix::identity(D, D) * RATE, BatchSize::new(BATCH).unwrap()).unwrap();
        let found = fluctuation(&setting, Time::Discrete).unwrap();
        assert!((A.dot(&found) / trace - 1.0).abs() < 1e-12 && (found.trace() / sum - 1.0).abs() < 1e-12);
    }

    fn exact(mean: f64) -> Estimate {
        Estimate { mean, error: 1e-3, scatter: 0.0 }
    }

    #[test]
    fn a_fall_and_a_late_rise_are_told() {
        let truth = SAMPLES.map(|N| exact(if N > D { 1.0 } else { 0.0 }));
        let verdict = |values: [f64; 9]| judged(&RISING_TRACE, &values.map(exact), &truth).verdict;
        let rising = [0.1, 0.2, 0.3, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4];
        assert_eq!(verdict(rising), verify::Verdict::Agrees);
        let mut falling = rising;
        falling[2] = 0.2;
        assert_eq!(verdict(falling), verify::Verdict::Differs);
        let mut late = rising;
        late[8] = 0.5;
        assert_eq!(verdict(late), verify::Verdict::Differs);
    }
}
