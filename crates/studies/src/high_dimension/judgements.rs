//! The rules by which a table speaks for or against a claim of section 7.

use claims::StudyClaim;
use numbers::decimal;

use super::estimate::Estimate;
use tables::Judged;
use tables::rational::ends;
use verify::allowances::{DISTANT_MEAN, VANISHING_ORDER};

/// Judges a claim on means over data sets, by the distance of each from its claimed value.
pub fn means(claim: &'static StudyClaim, pairs: &[(Estimate, f64)]) -> Judged {
    let distance = |(found, claimed): &(Estimate, f64)| match found.error > 0.0 {
        true => (found.mean - claimed).abs() / found.error,
        false if found.mean == *claimed => 0.0,
        false => f64::INFINITY,
    };
    let worst = pairs.iter().map(distance).fold(0.0, f64::max);
    Judged::new(claim, worst < DISTANT_MEAN, format!("|z| up to {worst:.1} in {} means over data sets", pairs.len()))
        .with("largest_z", worst)
        .with("means", pairs.len() as f64)
}

/// Judges a claim whose error has to vanish as D grows, in each kind of data set.
pub fn vanishes(claim: &'static StudyClaim, quantity: &str, kinds: &[Vec<Estimate>]) -> Judged {
    let pairs = Vec::from_iter(kinds.iter().filter_map(|kind| kind.last_chunk::<2>()));
    let orders = Vec::from_iter(pairs.iter().filter_map(|[before, last]| before.order(*last)).map(|(order, _)| order));
    let errors = Vec::from_iter(pairs.iter().map(|[_, last]| last.mean));
    // Four places, or two digits of an error that would be zero there.
    let small = |error: f64| error != 0.0 && error.abs() < 1e-3;
    let error_text =
        |error: &f64| if small(*error) { decimal::measured(*error, 2) } else { decimal::to_places(*error, 4) };
    let [least, most] = ends(&errors, error_text);
    let [slowest, fastest] = ends(&orders, |order| decimal::to_places(*order, 2));
    let measured = format!("{quantity} is {least} to {most} at the largest `D`, order {slowest} to {fastest} in `1/D`");
    Judged::new(claim, orders.len() == kinds.len() && orders.iter().all(|order| *order > VANISHING_ORDER), measured)
        .with_range("error_at_largest_dimension", errors.iter().copied())
        .with_range("order_in_1/D", orders.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use registry::high_dimension::{LOSS_AT_MINIMUM, NOISE};
    use verify::Verdict;

    fn exact(mean: f64) -> Estimate {
        Estimate::of(&[mean])
    }

    #[test]
    fn an_error_that_stays_does_not_vanish() {
        let falling = vec![exact(0.4), exact(0.2), exact(0.1)];
        let staying = vec![exact(0.4), exact(0.21), exact(0.2)];
        let verdict = |kinds: &[Vec<Estimate>]| vanishes(&NOISE, "it", kinds).verdict;
        assert_eq!(verdict(std::slice::from_ref(&falling)), Verdict::Agrees);
        assert_eq!(verdict(&[falling, staying]), Verdict::Differs);
        let measured = vanishes(&NOISE, "it", &[vec![exact(0.4), exact(0.1)]]).measured;
        assert_eq!(measured, "it is 0.1000 to 0.1000 at the largest `D`, order 2.00 to 2.00 in `1/D`");
    }

    #[test]
    fn a_mean_far_from_its_claim_differs() {
        let known = Estimate { mean: 1.0, error: 0.1, scatter: 1.0 };
        let verdict = |claimed| means(&LOSS_AT_MINIMUM, &[(known, 1.0), (known, claimed)]).verdict;
        assert_eq!(verdict(1.3), Verdict::Agrees);
        assert_eq!(verdict(1.5), Verdict::Differs);
        assert_eq!(means(&LOSS_AT_MINIMUM, &[(exact(0.0), 0.0)]).verdict, Verdict::Agrees);
        assert_eq!(means(&LOSS_AT_MINIMUM, &[(exact(0.1), 0.0)]).verdict, Verdict::Differs);
    }
}
