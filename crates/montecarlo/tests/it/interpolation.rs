//! Problems without noise, and with more weights than samples.

use crate::common::{label_noise, run};
use montecarlo::{Plan, Run};
use numbers::{Matrix, Vector, matrix};
use symbols::{BatchSize, DataSet, Population, Sampling, Setting};

const PLAN: Plan = Plan::new().with_chains(16).with_burn_in(500).with_steps(5_000).with_seed(4);

fn data(rows: &[&[f64]], labels: &[f64], rate: f64) -> Setting<f64> {
    let D = rows[0].len();
    let features = Matrix::from_fn(rows.len(), D, |i, j| rows[i][j]);
    let population = Population::Data(DataSet { features, labels: Vector::from_column_slice(labels) });
    Setting::new(population, matrix::identity::<f64>(D) * rate, BatchSize::new(1).unwrap()).unwrap()
}

#[test]
fn samples_on_a_line_have_no_noise() {
    for (slope, scale) in [(2.0, 1.0), (0.7, 1.0), (1.0 / 3.0, 1e-6), (-0.3, 1e6)] {
        let x = [1.0, 2.0, 3.0].map(|x| x * scale);
        let rows = x.each_ref().map(std::slice::from_ref);
        let setting = data(&rows, &x.map(|x| slope * x), 0.05 / scale / scale);
        let estimate = run(&setting, PLAN);
        let bound = estimate.no_noise.unwrap_or_else(|| panic!("{slope}: {}", estimate.chains[0].fluctuation));
        assert!(bound < 1e-24 * slope * slope, "{slope}: {bound}");
        assert!(estimate.chains.iter().all(|moments| moments.fluctuation.amax() <= bound));
    }
}

/// The data of two samples and three weights: any labels can be fitted, with a direction that never moves.
#[test]
fn more_weights_than_samples_run_on_the_range_of_the_features() {
    let setting = data(&[&[3.0, 1.0, 2.0], &[1.0, -2.0, 3.0]], &[1.0, 2.0], 0.0625);
    let plan = PLAN;
    let run = Run::new(&setting, &plan).unwrap();
    assert_eq!(run.still_directions(), 1);
    // The shortest weights that fit: every other has more of (1, −1, −1), along which no sample lies.
    let w = &run.weights()[0];
    assert!(
        (3.0 * w[0] + w[1] + 2.0 * w[2] - 1.0).abs() < 1e-14 && (w[0] - 2.0 * w[1] + 3.0 * w[2] - 2.0).abs() < 1e-14
    );
    assert!((w[0] - w[1] - w[2]).abs() < 1e-14, "{w}");
    let estimate = crate::common::run(&setting, plan);
    assert!(estimate.no_noise.unwrap() < 1e-24, "{:?}", estimate.no_noise);
}

/// The one subset of all samples, residuals or not.
#[test]
fn a_batch_of_all_samples_is_without_noise() {
    let setting = crate::common::data(5, Sampling::WithoutReplacement);
    assert!(run(&setting, PLAN).no_noise.is_some());
}

#[test]
fn a_little_noise_is_noise() {
    assert_eq!(run(&label_noise(1.0, 0.1, 3), PLAN).no_noise, None);
    let x = [1.0, 2.0, 3.0];
    for off in [1e-3, 1e-8, 1e-11] {
        let labels = [2.0, 4.0, 6.0 + off];
        let estimate = run(&data(&x.each_ref().map(std::slice::from_ref), &labels, 0.05), PLAN);
        assert_eq!(estimate.no_noise, None, "{off}: {}", estimate.chains[0].fluctuation);
        let size = estimate.mean(|moments| moments.fluctuation.clone()).mean[(0, 0)].sqrt() / off;
        assert!((0.05..0.5).contains(&size), "{off}: {size}");
    }
}
