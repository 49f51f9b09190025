//! The claims of section 6 that a model must not be linear for, and what makes a table speak for or against one.

use claims::paper;

use super::course::{Course, order_text};
use crate::rational::ends;
use crate::study::{Judged, StudyClaim};

pub const NOISE: StudyClaim = StudyClaim {
    id: "networks/noise",
    source: paper::THEOREM_5,
    equations: &["14"],
    statement: "C(w) = (2L₀/S) H₀ − (1/S) ∇L_Γ∇L_Γᵀ + o(L₀), |L₀ − ℓᵢ| = 0 and L₀ → 0",
    instead: Some("C(w) = (2L₀/S) H₀ − (1/S) ∇L₀∇L₀ᵀ + O(L₀^{3/2})"),
};
pub const NOISE_OF_PLAIN_LOSS: StudyClaim = StudyClaim {
    id: "networks/noise-of-plain-loss",
    source: paper::OWN,
    equations: &[],
    statement: "C(w) = (2L₀/S) H₀ − (1/S) ∇L₀∇L₀ᵀ + O(L₀^{3/2}), |L₀ − ℓᵢ| = 0",
    instead: None,
};
pub const NOISE_AT_MINIMUM: StudyClaim = StudyClaim {
    id: "networks/noise-at-minimum",
    source: paper::COROLLARY_2,
    equations: &["15"],
    statement: "C(w*) = (2L₀(w*)/S) H₀ − (1/S) Γw*w*ᵀΓ + o(L₀), |L₀ − ℓᵢ| = 0 and L₀ → 0",
    instead: None,
};
pub const NOISE_AT_UNREGULARIZED_MINIMUM: StudyClaim = StudyClaim {
    id: "networks/noise-at-unregularized-minimum",
    source: paper::COROLLARY_2,
    equations: &["16"],
    statement: "C(w*) = (2L₀(w*)/S) H₀ + o(L₀), |L₀ − ℓᵢ| = 0 and L₀ → 0",
    instead: None,
};
pub const NOISE_AT_GIVEN_LOSS: StudyClaim = StudyClaim {
    id: "networks/noise-at-given-loss",
    source: paper::THEOREM_5,
    equations: &["14"],
    statement: "C(w) → (2L₀/S) H₀ − (1/S) ∇L₀∇L₀ᵀ, |L₀ − ℓᵢ| → 0 at a given L₀",
    instead: Some("C(w) → (2L₀/S) G₀ − (1/S) ∇L₀∇L₀ᵀ, G₀ the mean of ∇fᵢ∇fᵢᵀ; with H₀ an error of O(L₀^{3/2}) stays"),
};
pub const NOISE_BY_GAUSS_NEWTON: StudyClaim = StudyClaim {
    id: "networks/noise-by-gauss-newton",
    source: paper::OWN,
    equations: &[],
    statement: "C(w) = (2L₀/S) G₀ − (1/S) ∇L₀∇L₀ᵀ + O(|L₀ − ℓᵢ|), G₀ the mean of ∇fᵢ∇fᵢᵀ",
    instead: None,
};
pub const NOISE_NEAR_MINIMUM: StudyClaim = StudyClaim {
    id: "networks/noise-near-minimum",
    source: paper::COROLLARY_2,
    equations: &["15", "16"],
    statement: "what the noise near w* adds to that at w* is O(|w−w*|²), on average",
    instead: Some("at one w it is O(|w−w*|)"),
};
pub const NOISE_NEAR_INTERPOLATION: StudyClaim = StudyClaim {
    id: "networks/noise-near-interpolation",
    source: paper::COROLLARY_2,
    equations: &["17"],
    statement: "C = (1/S)(Tr[H₀Σ] I − H₀Σ) H₀ to leading order at L₀(w*) = 0, all ∇fᵢᵀΣ∇fᵢ equal",
    instead: Some("for any Σ, C = (1/S)(the mean of (∇fᵢᵀΣ∇fᵢ)∇fᵢ∇fᵢᵀ − H₀ΣH₀)"),
};
pub const NOISE_BY_FOURTH_MOMENTS: StudyClaim = StudyClaim {
    id: "networks/noise-by-fourth-moments",
    source: paper::OWN,
    equations: &[],
    statement: "C = (1/S)(the mean of (∇fᵢᵀΣ∇fᵢ)∇fᵢ∇fᵢᵀ − H₀ΣH₀) to leading order at L₀(w*) = 0",
    instead: None,
};

/// Whether relative errors vanish with at least this order, while `parameter` is halved.
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
        measured.push(format!("error up to {largest:.1e}, order {least} to {most} in {parameter}"));
    }
    if orders.len() < courses.len() {
        measured.push(format!("no error at {} of {}", courses.len() - orders.len(), courses.len()));
    }
    Judged::new(claim, holds, measured.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rug::Rational;
    use symbols::matrix;
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
        assert_eq!(measured, "error up to 7.8e-3, order 1.00 to 2.00 in ρ, no error at 1 of 3");
    }
}
