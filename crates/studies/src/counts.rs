//! Section E.1: how often minibatches draw each sample, by enumeration of all minibatches.

use registry::counts::{COUNTS, Counts, with_replacement, without_replacement};
use rug::Rational;
use symbols::Sampling;

use tables::{Judged, Study, StudyError, Table, heads};

/// The study.
pub static STUDY: Study = Study { name: "minibatch", subject: "minibatches", tables: &[("counts", counts)] };

/// The largest N and S.
const LARGEST: u32 = 5;

/// Every minibatch, as the counts of its samples; each is drawn with the same probability.
fn minibatches(sampling: Sampling, N: u32, S: u32) -> Vec<Vec<u32>> {
    let tuples = (0..N.pow(S)).map(|code| Vec::from_iter((0..S).map(|draw| code / N.pow(draw) % N)));
    // One tuple of each subset is in order.
    let is_drawn =
        |draws: &Vec<u32>| sampling == Sampling::WithReplacement || draws.is_sorted_by(|one, next| one < next);
    let counts =
        |draws: Vec<u32>| Vec::from_iter((0..N).map(|i| draws.iter().filter(|draw| **draw == i).count() as u32));
    tuples.filter(is_drawn).map(counts).collect()
}

/// The moments of the counts; `None` if they are not the same for all samples and pairs.
fn enumerated(batches: &[Vec<u32>], N: u32) -> Option<Counts<Rational>> {
    let expected = |value: &dyn Fn(&[u32]) -> u32| {
        Rational::from((batches.iter().map(|counts| value(counts)).sum::<u32>(), batches.len() as u32))
    };
    let mean = |i: usize| expected(&|counts| counts[i]);
    let covariance = |i: usize, j: usize| expected(&|counts| counts[i] * counts[j]) - mean(i) * mean(j);
    let N = N as usize;
    let pairs = (0..N).flat_map(|i| (0..N).filter(move |j| *j != i).map(move |j| (i, j)));
    Some(Counts {
        mean: common((0..N).map(mean))?,
        variance: common((0..N).map(|i| covariance(i, i)))?,
        covariance: if N > 1 { Some(common(pairs.map(|(i, j)| covariance(i, j)))?) } else { None },
    })
}

/// The value that all have.
fn common(mut values: impl Iterator<Item = Rational>) -> Option<Rational> {
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

fn counts() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let (mut places, mut equal) = (0, 0);
    let [mut told_variance, mut told_covariance] = [0, 0];
    for (sampling, name) in [(Sampling::WithReplacement, "with replacement"), (Sampling::WithoutReplacement, "without")]
    {
        for (N, S) in (1..=LARGEST).flat_map(|N| (1..=LARGEST).map(move |S| (N, S))) {
            let batches = minibatches(sampling, N, S);
            // Without replacement a minibatch has at most all samples.
            if batches.is_empty() {
                continue;
            }
            let claimed = match sampling {
                Sampling::WithReplacement => with_replacement::<Rational>(N, S),
                Sampling::WithoutReplacement => without_replacement(N, S),
            };
            let found = enumerated(&batches, N);
            places += 1;
            equal += u32::from(found.as_ref() == Some(&claimed));
            let Some(found) = found else { continue };
            told_variance += u32::from(found.variance != Rational::from((S, N)));
            told_covariance += u32::from(found.covariance.as_ref().is_some_and(|covariance| *covariance != 0));
            let covariance = found.covariance.map_or_else(|| "–".into(), |value| value.to_string());
            let cells = [found.mean.to_string(), found.variance.to_string(), covariance];
            let place = [name.into(), N.to_string(), S.to_string(), batches.len().to_string()];
            rows.push([&place[..], &cells].concat());
        }
    }
    let measured = format!(
        "equal as fractions at {equal} of {places} pairs of `N` and `S`; `S/N` is not the variance at {told_variance}, 0 is not the covariance at \
         {told_covariance}"
    );
    let judged = Judged::new(&COUNTS, equal == places && told_variance > 0 && told_covariance > 0, measured)
        .with("places", places.into())
        .with("equal", equal.into())
        .with("places_that_reject_the_variance_S/N", told_variance.into())
        .with("places_that_reject_a_covariance_of_0", told_covariance.into());
    Ok(Table {
        title: "how often a sample is drawn, over all minibatches of S out of N samples".into(),
        header: heads(["sampling", "N", "S", "minibatches", "mean", "variance", "covariance"]),
        rows,
        finding: "A single sample has no other to vary with: the formula for its covariance without replacement is 0/0.",
        judged: vec![judged],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minibatches_are_all_tuples_and_all_subsets() {
        assert_eq!(minibatches(Sampling::WithReplacement, 3, 2).len(), 9);
        let subsets = minibatches(Sampling::WithoutReplacement, 4, 2);
        assert_eq!(subsets.len(), 6);
        assert!(subsets.iter().all(|counts| counts.iter().sum::<u32>() == 2 && *counts.iter().max().unwrap() == 1));
        assert!(minibatches(Sampling::WithoutReplacement, 2, 3).is_empty());
    }

    /// Two draws of two samples: counts (2, 0), (1, 1) twice, (0, 2), by hand.
    #[test]
    fn moments_of_two_draws() {
        let found = enumerated(&minibatches(Sampling::WithReplacement, 2, 2), 2).unwrap();
        let half = Rational::from((1, 2));
        assert_eq!(found, Counts { mean: Rational::from(1), variance: half.clone(), covariance: Some(-half) });
    }

    #[test]
    fn samples_that_differ_have_no_common_moments() {
        assert_eq!(enumerated(&[vec![2, 0], vec![1, 1]], 2), None);
    }
}
