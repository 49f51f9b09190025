//! The one list of all claims.

use std::sync::LazyLock;

use crate::{
    Claim, Provenance, Refutation, StudyClaim, approximation, generic, high_dimension, input_noise, label_noise,
    minibatch, networks, regularization, second_order, stationary, tail, weight_decay,
};
use Entry::{ClosedForm, Studied};

/// A claim of either kind.
#[derive(Clone, Copy)]
pub enum Entry {
    /// A closed form, which engines judge setting by setting.
    ClosedForm(&'static Claim),
    /// A claim that a study judges by its tables.
    Studied(&'static StudyClaim),
}

/// Every claim of the workspace, in the order of the paper.
pub static REGISTRY: &[Entry] = &[
    ClosedForm(&minibatch::gradient_with_replacement::CLAIM),
    ClosedForm(&minibatch::gradient_without_replacement::CLAIM),
    ClosedForm(&minibatch::noise::CLAIM),
    ClosedForm(&minibatch::noise_with_replacement::CLAIM),
    ClosedForm(&minibatch::noise_without_replacement::CLAIM),
    ClosedForm(&minibatch::samplings_of_one::CLAIM),
    ClosedForm(&minibatch::samplings_of_many::CLAIM),
    ClosedForm(&minibatch::noise_at_interpolation::CLAIM),
    ClosedForm(&stationary::equation::CLAIM),
    ClosedForm(&stationary::small_learning_rate::CLAIM),
    ClosedForm(&label_noise::noise_given_fluctuation::CLAIM),
    ClosedForm(&label_noise::fluctuation::CLAIM),
    ClosedForm(&label_noise::small_learning_rate::CLAIM),
    ClosedForm(&label_noise::noise_covariance::CLAIM),
    ClosedForm(&label_noise::train_loss::CLAIM),
    ClosedForm(&label_noise::test_loss::CLAIM),
    ClosedForm(&label_noise::train_loss_limit::CLAIM),
    ClosedForm(&label_noise::test_loss_limit::CLAIM),
    ClosedForm(&label_noise::stability::CLAIM),
    ClosedForm(&label_noise::noise_large_batch::CLAIM),
    ClosedForm(&label_noise::fluctuation_large_batch::CLAIM),
    ClosedForm(&label_noise::train_loss_large_batch::CLAIM),
    ClosedForm(&label_noise::test_loss_large_batch::CLAIM),
    ClosedForm(&label_noise::noise_small_learning_rate::CLAIM),
    ClosedForm(&label_noise::train_loss_small_learning_rate::CLAIM),
    ClosedForm(&label_noise::test_loss_small_learning_rate::CLAIM),
    ClosedForm(&label_noise::linear_scaling::CLAIM),
    ClosedForm(&regularization::noise_given_fluctuation::CLAIM),
    ClosedForm(&regularization::test_loss::CLAIM),
    ClosedForm(&regularization::fluctuation::CLAIM),
    ClosedForm(&regularization::fluctuation_aligned::CLAIM),
    ClosedForm(&regularization::train_loss::CLAIM),
    ClosedForm(&regularization::test_loss_in_one_dimension::CLAIM),
    ClosedForm(&regularization::train_loss_in_one_dimension::CLAIM),
    ClosedForm(&regularization::test_loss_exceeding::CLAIM),
    ClosedForm(&regularization::stability_in_one_dimension::CLAIM),
    ClosedForm(&regularization::noise_large_batch::CLAIM),
    ClosedForm(&regularization::fluctuation_large_batch::CLAIM),
    ClosedForm(&regularization::train_loss_large_batch::CLAIM),
    ClosedForm(&regularization::test_loss_large_batch::CLAIM),
    ClosedForm(&regularization::noise_small_learning_rate::CLAIM),
    ClosedForm(&regularization::fluctuation_small_learning_rate::CLAIM),
    ClosedForm(&regularization::train_loss_small_learning_rate::CLAIM),
    ClosedForm(&regularization::test_loss_small_learning_rate::CLAIM),
    Studied(&weight_decay::NEGATIVE),
    Studied(&weight_decay::NEGATIVE_OF_SEVERAL),
    Studied(&weight_decay::STATIONARITY),
    ClosedForm(&input_noise::noise_given_fluctuation::CLAIM),
    ClosedForm(&input_noise::train_loss::CLAIM),
    ClosedForm(&input_noise::test_loss::CLAIM),
    ClosedForm(&input_noise::fluctuation::CLAIM),
    ClosedForm(&input_noise::loss_difference::CLAIM),
    ClosedForm(&input_noise::test_loss_bound::CLAIM),
    ClosedForm(&input_noise::fluctuation_large_batch::CLAIM),
    ClosedForm(&input_noise::train_loss_large_batch::CLAIM),
    ClosedForm(&input_noise::test_loss_large_batch::CLAIM),
    ClosedForm(&input_noise::fluctuation_small_learning_rate::CLAIM),
    ClosedForm(&input_noise::train_loss_small_learning_rate::CLAIM),
    ClosedForm(&input_noise::test_loss_small_learning_rate::CLAIM),
    ClosedForm(&generic::noise::CLAIM),
    ClosedForm(&generic::noise_without_weight_decay::CLAIM),
    ClosedForm(&generic::noise_of_nearly_equal_residuals::CLAIM),
    ClosedForm(&generic::noise_at_minimum::CLAIM),
    ClosedForm(&generic::noise_at_unregularized_minimum::CLAIM),
    ClosedForm(&generic::noise_near_interpolation::CLAIM),
    ClosedForm(&generic::noise_large_batch::CLAIM),
    ClosedForm(&generic::noise_given_fluctuation::CLAIM),
    ClosedForm(&generic::noise_under_regularization::CLAIM),
    ClosedForm(&generic::fluctuation::CLAIM),
    ClosedForm(&generic::fluctuation_with_weight_decay::CLAIM),
    ClosedForm(&generic::fluctuation_aligned::CLAIM),
    ClosedForm(&generic::fluctuation_under_regularization::CLAIM),
    ClosedForm(&generic::fluctuation_at_interpolation::CLAIM),
    Studied(&networks::NOISE),
    Studied(&networks::NOISE_OF_PLAIN_LOSS),
    Studied(&networks::NOISE_AT_MINIMUM),
    Studied(&networks::NOISE_AT_UNREGULARIZED_MINIMUM),
    Studied(&networks::NOISE_AT_GIVEN_LOSS),
    Studied(&networks::NOISE_BY_GAUSS_NEWTON),
    Studied(&networks::NOISE_NEAR_MINIMUM),
    Studied(&networks::NOISE_NEAR_INTERPOLATION),
    Studied(&networks::NOISE_BY_FOURTH_MOMENTS),
    Studied(&high_dimension::LOSS_AT_MINIMUM),
    Studied(&high_dimension::NOISE),
    Studied(&high_dimension::SECOND_TERM),
    Studied(&high_dimension::TRACE),
    Studied(&high_dimension::LARGEST_RATE),
    ClosedForm(&second_order::damped_newton::CLAIM),
    ClosedForm(&second_order::stability::CLAIM),
    ClosedForm(&second_order::natural_gradient_step::CLAIM),
    ClosedForm(&second_order::natural_gradient::CLAIM),
    ClosedForm(&second_order::natural_gradient_without_label_noise::CLAIM),
    Studied(&tail::CONTINUOUS_TIME),
    Studied(&tail::HEAVIER),
    Studied(&tail::DISCRETE_TIME),
    Studied(&tail::KURTOSIS),
    Studied(&tail::VARIANCE),
    Studied(&tail::DENSITY),
    Studied(&approximation::LABEL_NOISE),
    Studied(&approximation::INPUT_NOISE),
    Studied(&approximation::REGULARIZATION),
];

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

/// A field that both kinds have.
macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident: $type:ty),*) => {
        impl Entry {$(
            $(#[$doc])*
            pub fn $name(self) -> $type {
                match self {
                    ClosedForm(claim) => claim.$name,
                    Studied(claim) => claim.$name,
                }
            }
        )*}
    };
}

fields!(
    /// Permanent name, `<topic>/<quantity>`.
    id: &'static str,
    /// Where it is printed, a key of [`paper`](crate::paper).
    source: &'static str,
    /// Equation numbers, as PAPER.md numbers them.
    equations: &'static [&'static str],
    /// How the wording of the statement came about.
    provenance: Provenance,
    /// The claim, for a reader.
    statement: &'static str,
    /// What it is that fails where it is refuted.
    refutation: Option<Refutation>
);

impl Entry {
    /// The topic or the study to which it belongs, the first part of its name.
    pub fn topic(self) -> &'static str {
        crate::topic(self.id())
    }

    /// What holds in its place where it is refuted, for a reader.
    pub fn correction(self) -> Option<&'static str> {
        match self {
            ClosedForm(claim) => claim.correction.as_ref().map(|correction| correction.statement),
            Studied(claim) => claim.correction,
        }
    }

    /// What holds beyond it: under fewer hypotheses, or more than it says.
    pub fn beyond(self) -> Option<&'static str> {
        match self {
            ClosedForm(claim) => claim.strengthened.as_ref().map(|strengthened| strengthened.statement),
            Studied(claim) => claim.beyond,
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
    use super::*;
    use crate::paper;

    #[test]
    fn every_claim_has_one_of_the_two_kinds() {
        assert_eq!(closed_forms().len() + studied().len(), REGISTRY.len());
        let kinds = REGISTRY.iter().map(|entry| (entry.closed_form().is_some(), entry.studied().is_some()));
        assert!(kinds.into_iter().all(|(closed, studied)| closed != studied));
    }

    #[test]
    fn what_the_paper_does_not_say_is_the_project_s_own() {
        for entry in REGISTRY {
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
        for entry in REGISTRY {
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
}
