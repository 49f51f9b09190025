//! Changed texts can be handed on as texts.

use crate::common::places::without_places;
use crate::common::spelled::{SPELLINGS, again, read, shown};
use crate::common::strategy;
use notation::Context;
use proptest::prelude::*;
use rivals::{Mutant, mutants, repairs};

proptest! {
    /// A mutant is a tree, and can be handed on as a text.
    #[test]
    fn mutants_are_read_as_they_are_written(text in strategy::text(), position in any::<prop::sample::Index>()) {
        let mutants = mutants(&text, &Context::default(), &|_| Vec::new());
        if !mutants.is_empty() {
            is_read_as_it_is_written(position.get(&mutants))?;
        }
    }

    #[test]
    fn repairs_are_read_as_they_are_written(text in strategy::text(), position in 0usize..1000) {
        if let Some(repair) = repairs(&text, &Context::default(), &|_| Vec::new(), &[]).nth(position) {
            is_read_as_it_is_written(&repair)?;
        }
    }
}

fn is_read_as_it_is_written(mutant: &Mutant) -> Result<(), TestCaseError> {
    let text = without_places(&mutant.text);
    for spelling in SPELLINGS {
        prop_assert_eq!(&again(&text, spelling)?, &text, "{}, {:?}:\n{}", mutant.change, spelling, shown(&text));
    }
    Ok(())
}

/// ∑ᵢ xᵢ + ∑ᵢ aᵢ without its second sum would be ∑ᵢ xᵢ + aᵢ, where aᵢ seems to belong to the first one, and so would
/// what has its trace, its exponent or its last factor left out. Without its first sum it is another text.
#[test]
fn no_mutant_leaves_an_index_behind_its_sum() -> Result<(), TestCaseError> {
    for (text, kept, refused) in [
        ("Σ = ∑ᵢ xᵢ + ∑ᵢ aᵢ", "∑ᵢ xᵢ without its sum", "∑ᵢ aᵢ without its sum"),
        ("Σ = ½ Tr[∑ᵢ xᵢ] + aᵢ", "without ½ in ½ Tr[∑ᵢ xᵢ]", "Tr[∑ᵢ xᵢ] without its trace in ½ Tr[∑ᵢ xᵢ]"),
        ("Σ = (∑ᵢ xᵢ)² + aᵢ", "(∑ᵢ xᵢ)³ for (∑ᵢ xᵢ)²", "∑ᵢ xᵢ for (∑ᵢ xᵢ)²"),
        ("Σ = (∑ᵢ xᵢ) A + aᵢ", "without ∑ᵢ xᵢ in (∑ᵢ xᵢ) A", "order of ∑ᵢ xᵢ and A in (∑ᵢ xᵢ) A"),
    ] {
        let found = mutants(&read(&[text], &[])?, &Context::default(), &|_| Vec::new());
        found.iter().try_for_each(is_read_as_it_is_written)?;
        let holds = |change: &str| found.iter().any(|mutant| mutant.change == change);
        prop_assert!(holds(kept) && !holds(refused), "{}", text);
    }
    Ok(())
}
