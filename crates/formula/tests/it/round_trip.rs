//! What was written is read as the same tree, in each spelling and across them.

use crate::common::places::without_places;
use crate::common::strategy;
use crate::common::well_formed::is_well_formed;
use formula::Spelling::{self, Ascii, Latex, Unicode};
use formula::tree::Text;
use formula::{Context, Mutant, mutants, repairs};
use proptest::prelude::*;

const SPELLINGS: [Spelling; 3] = [Unicode, Ascii, Latex];

fn read(statements: &[&str], definitions: &[&str]) -> Result<Text, TestCaseError> {
    let shown = format!("{statements:?} where {definitions:?}");
    match Text::read(statements, definitions) {
        Ok(text) => Ok(without_places(&text)),
        Err(mistake) => Err(TestCaseError::fail(format!("{shown}: {mistake:?}"))),
    }
}

/// Writes each statement and each definition by itself, and reads them.
fn again(text: &Text, spelling: Spelling) -> Result<Text, TestCaseError> {
    let statements: Vec<String> = text.statements.iter().map(|statement| statement.written(spelling)).collect();
    let definitions: Vec<String> = text.definitions.iter().map(|definition| definition.written(spelling)).collect();
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    let definitions: Vec<&str> = definitions.iter().map(String::as_str).collect();
    read(&statements, &definitions)
}

fn shown(text: &Text) -> String {
    SPELLINGS.map(|spelling| text.written(spelling)).join("\n")
}

proptest! {
    #[test]
    fn random_texts_are_well_formed(text in strategy::text()) {
        prop_assert!(is_well_formed(&text));
    }

    /// TeX sets what it is given only if the braces close and no symbol has two exponents.
    #[test]
    fn latex_is_balanced(text in strategy::text()) {
        let latex = text.written(Latex);
        // Which braces are open: those of an exponent, of a subscript, or others.
        let mut open: Vec<char> = Vec::new();
        let [mut before, mut closed] = [' '; 2];
        for letter in latex.chars() {
            match letter {
                '{' if before != '\\' => open.push(before),
                '}' if before != '\\' => {
                    prop_assert!(!open.is_empty());
                    closed = open.pop().unwrap();
                }
                '}' => closed = ' ',
                '^' | '_' => prop_assert!(before != '}' || closed != letter, "{}", latex),
                _ => {}
            }
            before = letter;
        }
        prop_assert!(open.is_empty());
        prop_assert_eq!(latex.matches("\\left").count(), latex.matches("\\right").count());
    }

    /// ASCII is what a keyboard has.
    #[test]
    fn ascii_is_ascii(text in strategy::text()) {
        prop_assert!(text.written(Ascii).is_ascii());
        prop_assert!(text.written(Latex).is_ascii());
    }

    #[test]
    fn each_spelling_is_read_as_it_was_meant(text in strategy::text()) {
        for spelling in SPELLINGS {
            prop_assert_eq!(&again(&text, spelling)?, &text, "{:?}:\n{}", spelling, shown(&text));
        }
    }

    #[test]
    fn spellings_can_follow_each_other(text in strategy::text(), way in proptest::collection::vec(0usize..3, 2..5)) {
        let mut now = text.clone();
        for step in way {
            now = again(&now, SPELLINGS[step])?;
        }
        prop_assert_eq!(&now, &text, "{}", shown(&text));
    }

    #[test]
    fn a_whole_text_is_read_from_one_line(text in strategy::text()) {
        for spelling in SPELLINGS {
            let line = text.written(spelling);
            prop_assert_eq!(&read(&[&line], &[])?, &text, "{:?}:\n{}", spelling, line);
        }
    }

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
