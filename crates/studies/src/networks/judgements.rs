//! The rule by which a table speaks for or against a claim of section 6 on networks.

use claims::StudyClaim;

use super::course::{Course, order_text};
use tables::Judged;
use tables::rational::ends;

/// Judges a claim whose relative errors have to vanish with at least the given order, while `parameter` is halved.
pub fn vanish<'a>(
    claim: &'static StudyClaim,
    parameter: &str,
    order: i32,
    courses: impl IntoIterator<Item = &'a Course>,
) -> Judged {
    let courses = Vec::from_iter(courses);
    let holds = !courses.is_empty() && courses.iter().all(|course| course.vanishes(order));
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
    Judged::new(claim, holds, measured.join(", "))
        .with("courses", courses.len() as f64)
        .with("largest_error", largest)
        .with_range("order", orders.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
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

    #[test]
    fn one_error_that_stays_is_enough() {
        let verdict = |orders: &[u32]| {
            let courses = Vec::from_iter(orders.iter().map(|&order| course(order)));
            vanish(&NOISE, "ρ", 1, &courses).verdict
        };
        assert_eq!(
            [verdict(&[1, 2]), verdict(&[1, 0]), verdict(&[])],
            [Verdict::Agrees, Verdict::Differs, Verdict::Differs]
        );
    }

    #[test]
    fn figures_are_those_of_the_worst() {
        let none = Course::new([[Rational::from(1), Rational::from(1)].map(matrix::scalar).into()]);
        let measured = vanish(&NOISE, "ρ", 1, &[course(1), course(2), none]).measured;
        assert_eq!(measured, "error up to 7.8e-3, order 1.00 to 2.00 in `ρ`, no error at 1 of 3");
    }
}
