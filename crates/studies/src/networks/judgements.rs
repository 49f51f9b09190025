//! The rule by which a table and draws speak for or against a claim of section 6 on networks.

use claims::StudyClaim;

use super::course::{Course, order_text};
use super::draws::Drawn;
use tables::Judged;
use tables::rational::ends;

/// Judges a claim whose relative errors have to vanish with at least the given order, while `parameter` is halved, and
/// which has to be what was drawn.
pub fn judge<'a>(
    claim: &'static StudyClaim,
    parameter: &str,
    order: i32,
    courses: impl IntoIterator<Item = &'a Course>,
    drawn: &Drawn,
) -> Judged {
    let courses = Vec::from_iter(courses);
    let vanish = !courses.is_empty() && courses.iter().all(|course| course.vanishes(order));
    let orders = Vec::from_iter(courses.iter().filter_map(|course| course.order()));
    let largest = courses.iter().map(|course| course.last()).fold(0.0, f64::max);
    let mut measured = Vec::new();
    if !orders.is_empty() {
        let [least, most] = ends(&orders, |order| order_text(*order));
        measured.push(format!("error up to {largest:.1e}, order {least} to {most} in `{parameter}`"));
    }
    if orders.len() < courses.len() {
        measured.push(format!("no error at {} of {}", courses.len() - orders.len(), courses.len()));
    }
    let measured = format!("{}; {}", measured.join(", "), drawn.said());
    drawn
        .figures(Judged::new(claim, vanish && drawn.agrees(), measured))
        .with("courses", courses.len() as f64)
        .with("largest_error", largest)
        .with_range("order", orders.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::networks::design::{Design, NETWORKS};
    use crate::networks::draws::{Others, Place};
    use numbers::matrix;
    use registry::networks::NOISE;
    use rug::Rational;
    use verify::Verdict;

    /// An error of 2^(−1−order k) after k halvings.
    fn course(order: u32) -> Course {
        Course::new(
            (0..=6)
                .map(|k| [Rational::from(1), 1 + Rational::from((1, 2u64 << (order * k)))].map(matrix::scalar).into()),
        )
    }

    /// Draws at one place beside the noise there, times a factor.
    fn drawn(factor: (i32, i32)) -> Drawn {
        let model = Design::Plain.model(&NETWORKS[0], &Rational::from((1, 8)), &Rational::new()).unwrap();
        let weights = std::slice::from_ref(&model.weights);
        let mut drawn = Drawn::new(Others::Larger);
        let claimed = model.mean_noise(weights) * Rational::from(factor);
        drawn.compare(&Place::new(&model, weights, "judged"), &claimed, &[]);
        drawn
    }

    #[test]
    fn one_error_that_stays_is_enough_and_so_are_draws() {
        let verdict = |orders: &[u32], factor| {
            let courses = Vec::from_iter(orders.iter().map(|&order| course(order)));
            judge(&NOISE, "ρ", 1, &courses, &drawn(factor)).verdict
        };
        let right = (1, 1);
        assert_eq!(
            [verdict(&[1, 2], right), verdict(&[1, 0], right), verdict(&[], right), verdict(&[1, 2], (11, 10))],
            [Verdict::Agrees, Verdict::Differs, Verdict::Differs, Verdict::Differs]
        );
    }

    #[test]
    fn figures_are_those_of_the_worst() {
        let none = Course::new([[Rational::from(1), Rational::from(1)].map(matrix::scalar).into()]);
        let measured = judge(&NOISE, "ρ", 1, &[course(1), course(2), none], &drawn((1, 1))).measured;
        let errors =
            "error up to 7.8e-3, order 1.00 to 2.00 in `ρ`, no error at 1 of 3; 21 means over draws are at most ";
        assert!(measured.starts_with(errors) && measured.ends_with(" larger by a tenth"), "{measured}");
    }
}
