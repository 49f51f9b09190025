//! Tests of draws against their laws, each at a stated probability of a false alarm.

use statrs::distribution::{ChiSquared, ContinuousCDF};

/// The mean over its standard error.
pub(crate) fn z_of_mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for value in values {
        count += 1.0;
        sum += value;
        squares += value * value;
    }
    let mean: f64 = sum / count;
    mean / ((squares / count - mean * mean) / count).sqrt()
}

/// The √n D of Kolmogorov's law that is exceeded with probability `false_alarm`, from the first term of its series:
/// P = 2 exp(−2x²), too large by less than 10⁻¹⁰ where it is below 10⁻³.
fn kolmogorov(false_alarm: f64) -> f64 {
    (0.5 * (2.0 / false_alarm).ln()).sqrt()
}

/// The Kolmogorov–Smirnov test of a sample against a continuous law.
pub(crate) fn assert_follows(sample: &[f64], cdf: impl Fn(f64) -> f64, false_alarm: f64, what: &str) {
    let mut sorted = sample.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let distance = sorted.iter().enumerate().fold(0.0, |distance: f64, (i, &x)| {
        let p = cdf(x);
        distance.max(p - i as f64 / n).max((i + 1) as f64 / n - p)
    });
    let (statistic, bound) = (n.sqrt() * distance, kolmogorov(false_alarm));
    assert!(statistic < bound, "{what}: √n D = {statistic}, expected below {bound}");
}

/// The Kolmogorov–Smirnov test of two samples against each other.
pub(crate) fn assert_same_law(first: &[f64], second: &[f64], false_alarm: f64, what: &str) {
    let sorted = |sample: &[f64]| {
        let mut sorted = sample.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        sorted
    };
    let (first, second) = (sorted(first), sorted(second));
    let (n, m) = (first.len() as f64, second.len() as f64);
    let below = |sample: &[f64], x: f64| sample.partition_point(|&y| y <= x) as f64 / sample.len() as f64;
    let gaps = first.iter().chain(&second).map(|&x| (below(&first, x) - below(&second, x)).abs());
    let (statistic, bound) = ((n * m / (n + m)).sqrt() * gaps.fold(0.0, f64::max), kolmogorov(false_alarm));
    assert!(statistic < bound, "{what}: scaled D = {statistic}, expected below {bound}");
}

/// Pearson's test of counts against those expected; what has none expected must not be seen.
pub(crate) fn assert_fits(cells: &[(f64, f64)], false_alarm: f64, what: &str) {
    assert!(cells.iter().all(|&(count, expected)| expected > 0.0 || count == 0.0), "{what}: an impossible outcome");
    let possible = cells.iter().filter(|cell| cell.1 > 0.0);
    let freedom = possible.clone().count() as f64 - 1.0;
    if freedom < 1.0 {
        return;
    }
    let statistic: f64 = possible.map(|(count, expected)| (count - expected).powi(2) / expected).sum();
    let p = ChiSquared::new(freedom).unwrap().sf(statistic);
    assert!(p > false_alarm, "{what}: χ² = {statistic} with {freedom} degrees of freedom, p = {p}");
}

/// Pearson's test of counts that are all expected to be alike.
pub(crate) fn assert_uniform(counts: &[usize], false_alarm: f64, what: &str) {
    let expected = counts.iter().sum::<usize>() as f64 / counts.len() as f64;
    assert_fits(&counts.iter().map(|&count| (count as f64, expected)).collect::<Vec<_>>(), false_alarm, what);
}
