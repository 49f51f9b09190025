//! Claims that no single setting decides: limits over random data sets, transcendental equations, optima, precision.
//!
//! A [`Study`](study::Study) makes tables, and judges claims by the numbers in them; [`STUDIES`] lists those that do. [`figures`] are
//! points, with what they show of a claim, and [`precision`] walks into extremes and counts the digits that a closed form keeps.
//!
//! Deliberately absent: the terminal, HTML, SVG, and the comparison with what is recorded.

pub mod approximation;
pub mod figures;
pub mod high_dimension;
pub mod networks;
pub mod precision;
mod rational;
pub mod study;
mod table;
pub mod tail;
pub mod weight_decay;

pub use study::{Judged, Study, StudyClaim};
pub use table::{Maker, StudyError, Table};

/// Every study that judges a claim.
pub const STUDIES: [&Study; 5] =
    [&approximation::STUDY, &high_dimension::STUDY, &networks::STUDY, &tail::STUDY, &weight_decay::STUDY];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_verdict_is_read_as_it_was_written() {
        let [claim, other] = [&high_dimension::STUDY.claims[0], &tail::STUDY.claims[0]];
        let judged = Judged::new(claim, false, "order 0.1: not 1".into());
        let texts = ["another".into(), format!("a table\n\n{}\nmore", judged.line())];
        let found = claim.recorded(&texts);
        assert_eq!((&*found.verdict, &*found.measured), ("differs", "order 0.1: not 1"));
        assert_eq!(other.recorded(&texts).verdict, "not recorded");
    }

    #[test]
    fn claims_are_named_after_their_study() {
        for (study, claim) in STUDIES.iter().flat_map(|study| study.claims.iter().map(move |claim| (study, claim))) {
            assert_eq!(claim.study(), study.name);
        }
    }
}
