//! What was written is read as the same tree, in each spelling and across them.

use crate::common::spelled::{SPELLINGS, again, read, shown};
use crate::common::strategy;
use crate::common::well_formed::is_well_formed;
use notation::Spelling::{Ascii, Latex};
use proptest::prelude::*;

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
}
