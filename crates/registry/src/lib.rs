//! Every claim of the paper and of the project, in one list.
//!
//! [`REGISTRY`] has them in the order of the paper. The closed forms of a topic are one claim file,
//! `texts/<topic>.toml`, of the same format as anybody's; the claims of a study are one Rust file, `<study>.rs`, with
//! the formulas that they name. [`paper`] is the bibliography.
//!
//! Deliberately absent: what a claim is, which is for `claims`, and whether one is true.
//!
//! # Example
//! ```
//! use formula::Given;
//! use numbers::{Matrix, Vector};
//! use rug::Rational;
//! use symbols::{BatchSize, Gaussian, Population, Setting};
//!
//! let q = |n, d| Rational::from((n, d));
//! let model = Gaussian {
//!     feature_covariance: Matrix::from_element(1, 1, q(1, 1)),
//!     input_noise_covariance: Matrix::from_element(1, 1, q(0, 1)),
//!     label_noise_variance: q(1, 1),
//!     true_weights: Vector::from_element(1, q(0, 1)),
//! };
//! let learning_rate = Matrix::from_element(1, 1, q(1, 2));
//! let setting = Setting::new(Population::Gaussian(model), learning_rate, BatchSize::new(2)?)?;
//! // G = 2 − (1 + 1/2)/2 = 5/4, Tr = 2/5, κ = (2/5)/(4/5) = 1/2, Σ = (1/2)(5/4)(2/5) = 1/4.
//! let claim = registry::claim("label-noise/fluctuation").unwrap();
//! assert_eq!(claim.printed.claimed(&Given::setting(&setting))?[(0, 0)], q(1, 4));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod approximation;
pub mod averages;
pub mod counts;
pub mod enhancement;
pub mod high_dimension;
pub mod networks;
pub mod paper;
pub mod second_order;
pub mod tail;
pub mod weight_decay;

use std::borrow::Cow;
use std::sync::LazyLock;

use notation::prose;

use Entry::{ClosedForm, Studied};
use claims::{Claim, Provenance, Refutation, StudyClaim, file};

/// A claim of either kind.
#[derive(Clone, Copy)]
pub enum Entry {
    /// A formula, which engines judge setting by setting.
    ClosedForm(&'static Claim),
    /// A claim that a study judges by its tables.
    Studied(&'static StudyClaim),
}

/// A part of the list.
enum Part {
    /// The claim file of a topic.
    Texts(&'static str, &'static str),
    /// The claims of a study.
    Studies(&'static [&'static StudyClaim]),
}

/// The claim file of a topic, `texts/<topic>.toml`.
macro_rules! texts {
    ($topic:literal) => {
        Part::Texts(concat!("texts/", $topic, ".toml"), include_str!(concat!("../texts/", $topic, ".toml")))
    };
}

/// All parts, in the order of the paper.
const PARTS: &[Part] = &[
    texts!("minibatch"),
    Part::Studies(&[&counts::COUNTS]),
    texts!("stationary"),
    texts!("label-noise"),
    Part::Studies(&[&enhancement::LEADING_IN_FIGURES, &enhancement::SCALING_AT_SMALL_BATCH]),
    texts!("regularization"),
    Part::Studies(&[&weight_decay::NEGATIVE, &weight_decay::NEGATIVE_OF_SEVERAL, &weight_decay::STATIONARITY]),
    texts!("input-noise"),
    texts!("generic"),
    Part::Studies(&[
        &networks::NOISE,
        &networks::NOISE_OF_PLAIN_LOSS,
        &networks::NOISE_AT_MINIMUM,
        &networks::NOISE_AT_UNREGULARIZED_MINIMUM,
        &networks::NOISE_AT_GIVEN_LOSS,
        &networks::NOISE_BY_GAUSS_NEWTON,
        &networks::NOISE_NEAR_MINIMUM,
        &networks::NOISE_NEAR_INTERPOLATION,
        &networks::NOISE_BY_FOURTH_MOMENTS,
    ]),
    Part::Studies(&[
        &high_dimension::LOSS_AT_MINIMUM,
        &high_dimension::NOISE,
        &high_dimension::NOISE_OF_EQUAL_RESIDUALS,
        &high_dimension::SECOND_TERM,
        &high_dimension::TRACE,
        &high_dimension::TRACE_OF_GROWING_BATCH,
        &high_dimension::LARGEST_RATE,
        &high_dimension::LARGEST_RATE_OF_GROWING_BATCH,
    ]),
    texts!("high-dimension"),
    texts!("second-order"),
    Part::Studies(&[&second_order::NATURAL_GRADIENT_STABILITY, &second_order::NATURAL_GRADIENT_ITERATION]),
    Part::Studies(&[
        &tail::CONTINUOUS_TIME,
        &tail::SMALL_STEPS,
        &tail::HEAVIER,
        &tail::HEAVIER_THAN_LEMMA_1,
        &tail::DISCRETE_TIME,
        &tail::KURTOSIS,
        &tail::VARIANCE,
        &tail::DENSITY,
        &tail::DISCRETE_CONTRIBUTION,
        &tail::DECREASING_IN_RATE,
        &tail::INCREASING_IN_BATCH,
        &tail::several::INDEX,
        &tail::several::GROWTH,
        &tail::several::SMALL_STEPS,
        &tail::several::LARGE_BATCH,
        &tail::several::KURTOSIS,
        &tail::monotone::DECREASING_IN_RATE,
        &tail::monotone::INCREASING_IN_BATCH,
        &tail::monotone::DECREASING_IN_DIMENSION,
        &tail::diffusion::LAW,
        &tail::diffusion::CROSSING,
    ]),
    Part::Studies(&[
        &approximation::LABEL_NOISE,
        &approximation::INPUT_NOISE,
        &approximation::REGULARIZATION,
        &approximation::RISING_TRACE,
        &approximation::RISING_FLUCTUATION,
    ]),
    texts!("approximation"),
    texts!("own"),
    Part::Studies(&[&averages::COVARIANCE, &averages::LIMIT]),
];

/// The claims of all parts.
enum Read {
    Texts(Vec<Claim>),
    Studies(&'static [&'static StudyClaim]),
}

static READ: LazyLock<Vec<Read>> = LazyLock::new(|| {
    let read = |part: &Part| match part {
        // The files are part of the program, and a test reads them.
        Part::Texts(name, text) => Read::Texts(file::read(name, text).unwrap_or_else(|error| panic!("{error}"))),
        Part::Studies(claims) => Read::Studies(claims),
    };
    PARTS.iter().map(read).collect()
});

/// Every claim of the workspace, in the order of the paper.
pub static REGISTRY: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let entries = |read: &'static Read| match read {
        Read::Texts(claims) => Vec::from_iter(claims.iter().map(ClosedForm)),
        Read::Studies(claims) => Vec::from_iter(claims.iter().copied().map(Studied)),
    };
    READ.iter().flat_map(entries).collect()
});

/// The claims that engines judge, in the order of the registry.
pub fn closed_forms() -> &'static [&'static Claim] {
    static FORMS: LazyLock<Vec<&Claim>> = LazyLock::new(|| REGISTRY.iter().filter_map(|e| e.closed_form()).collect());
    &FORMS
}

/// The claims that studies judge, in the order of the registry.
pub fn studied() -> &'static [&'static StudyClaim] {
    static STUDIED: LazyLock<Vec<&StudyClaim>> =
        LazyLock::new(|| REGISTRY.iter().filter_map(|e| e.studied()).collect());
    &STUDIED
}

/// The claim of a name that engines judge.
pub fn claim(id: &str) -> Option<&'static Claim> {
    closed_forms().iter().copied().find(|claim| claim.id == id)
}

impl Entry {
    /// Permanent name, `<topic>/<quantity>`.
    pub fn id(self) -> &'static str {
        match self {
            ClosedForm(claim) => &claim.id,
            Studied(claim) => claim.id,
        }
    }

    /// Where it is printed, a key of [`paper`].
    pub fn source(self) -> &'static str {
        match self {
            ClosedForm(claim) => &claim.source,
            Studied(claim) => claim.source,
        }
    }

    /// Equation numbers, as PAPER.md numbers them.
    pub fn equations(self) -> Vec<&'static str> {
        match self {
            ClosedForm(claim) => claim.equations.iter().map(String::as_str).collect(),
            Studied(claim) => claim.equations.to_vec(),
        }
    }

    /// How the wording of the statement came about.
    pub fn provenance(self) -> Provenance {
        match self {
            ClosedForm(claim) => claim.provenance,
            Studied(claim) => claim.provenance,
        }
    }

    /// The claim, for a reader: a sentence with marked formulas. A note beside a formula stands behind it.
    pub fn statement(self) -> Cow<'static, str> {
        match self {
            ClosedForm(claim) => {
                let formula = prose::marked(&claim.statement());
                claim.note.as_ref().map_or_else(|| formula.clone(), |note| format!("{formula}; {note}")).into()
            }
            Studied(claim) => claim.statement.into(),
        }
    }

    /// What it is that fails where it is refuted.
    pub fn refutation(self) -> Option<&'static Refutation> {
        match self {
            ClosedForm(claim) => claim.refutation.as_ref(),
            Studied(claim) => claim.refutation.as_ref(),
        }
    }

    /// The topic or the study to which it belongs, the first part of its name.
    pub fn topic(self) -> &'static str {
        claims::topic(self.id())
    }

    /// What holds in its place where it is refuted, for a reader.
    pub fn correction(self) -> Option<Cow<'static, str>> {
        match self {
            ClosedForm(claim) => claim.correction.as_ref().map(|correction| correction.statement().into()),
            Studied(claim) => claim.correction.map(Cow::from),
        }
    }

    /// What holds beyond it: under fewer hypotheses, or more than it says.
    pub fn beyond(self) -> Option<Cow<'static, str>> {
        match self {
            ClosedForm(claim) => claim.strengthened.as_ref().map(|strengthened| strengthened.statement().into()),
            Studied(claim) => claim.beyond.map(Cow::from),
        }
    }

    /// The record of a closed form.
    pub fn closed_form(self) -> Option<&'static Claim> {
        match self {
            ClosedForm(claim) => Some(claim),
            Studied(_) => None,
        }
    }

    /// The record of a claim that a study judges.
    pub fn studied(self) -> Option<&'static StudyClaim> {
        match self {
            ClosedForm(_) => None,
            Studied(claim) => Some(claim),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::mem::discriminant;

    use super::*;

    #[test]
    fn every_claim_has_one_of_the_two_kinds() {
        assert_eq!(closed_forms().len() + studied().len(), REGISTRY.len());
        let kinds = REGISTRY.iter().map(|entry| (entry.closed_form().is_some(), entry.studied().is_some()));
        assert!(kinds.into_iter().all(|(closed, studied)| closed != studied));
    }

    #[test]
    fn what_the_paper_does_not_say_is_the_project_s_own() {
        for entry in REGISTRY.iter() {
            assert_eq!(entry.source() == paper::OWN, entry.provenance() == Provenance::Own, "{}", entry.id());
            assert!(entry.source() != paper::OWN || entry.equations().is_empty(), "{}", entry.id());
        }
    }

    /// The marks that docs/PAPER.md puts to Table 2 as a whole.
    #[test]
    fn table_2_is_reconstructed() {
        let of_table_2 = REGISTRY.iter().filter(|entry| entry.source() == paper::TABLE_2);
        assert!(of_table_2.into_iter().all(|entry| entry.provenance() == Provenance::Reconstructed));
    }

    #[test]
    fn what_is_refuted_has_a_correction_and_other_claims_have_none() {
        let stands = |id| REGISTRY.iter().any(|entry| entry.id() == id && entry.refutation().is_none());
        for entry in REGISTRY.iter() {
            let id = entry.id();
            assert_eq!(entry.refutation().is_some(), entry.correction().is_some(), "{id}");
            let Some(Refutation { refutes, because }) = entry.refutation() else { continue };
            assert!(because.ends_with('.') && !because.contains("  "), "{id}: {because}");
            for other in refutes.others() {
                assert!(stands(other), "{id} names {other}");
            }
        }
    }

    #[test]
    fn a_proof_is_made_of_sentences_and_names_claims_of_the_registry() {
        let proofs = Vec::from_iter(studied().iter().filter_map(|claim| Some((claim.id, claim.proof?))));
        assert!(proofs.len() >= 45, "{}", proofs.len());
        for (id, proof) in proofs {
            for paragraph in proof.split("\n\n") {
                assert!(paragraph.ends_with('.') && !paragraph.contains("  ") && !paragraph.contains('\n'), "{id}");
                let words = prose::pieces(paragraph).into_iter().filter_map(|piece| match piece {
                    prose::Piece::Words(words) => Some(words.split_whitespace()),
                    prose::Piece::Formula(_) => None,
                });
                let names = words.flatten().filter(|word| word.contains('/') && word.starts_with(char::is_alphabetic));
                for name in names.map(|name| name.trim_end_matches(['.', ',', ':', ';'])) {
                    assert!(name != id && REGISTRY.iter().any(|entry| entry.id() == name), "{id} names {name}");
                }
            }
        }
    }

    #[test]
    fn a_claim_of_a_study_is_corrected_or_holds_further() {
        assert!(studied().iter().all(|claim| claim.correction.is_none() || claim.beyond.is_none()));
    }

    #[test]
    fn the_claims_of_a_topic_stand_together() {
        let topics = Vec::from_iter(REGISTRY.iter().map(|entry| entry.topic()));
        let mut runs = topics.clone();
        runs.dedup();
        let mut distinct = runs.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(runs.len(), distinct.len(), "{runs:?}");
    }

    #[test]
    fn formulas_of_studies_are_texts() {
        let formulas = studied().iter().flat_map(|claim| claim.formulas.iter().map(|formula| (claim.id, *formula)));
        for (id, formula) in formulas {
            if let Err(mistake) = reader::text(&[formula], &[]) {
                panic!("{id}: {}", mistake.render(&[formula], None));
            }
        }
        assert!(studied().iter().filter(|claim| !claim.formulas.is_empty()).count() >= 21);
    }

    #[test]
    fn a_name_tells_the_kind() {
        for one in closed_forms() {
            for other in closed_forms() {
                let alike = discriminant(&one.kind) == discriminant(&other.kind);
                assert_eq!(one.kind.name() == other.kind.name(), alike, "{} and {}", one.id, other.id);
            }
        }
    }
}
