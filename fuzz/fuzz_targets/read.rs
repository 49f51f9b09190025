//! Bytes as the texts of a formula, the first a statement and the others definitions: a tree, or one line that says why
//! not, with a place inside the text that it is about.
#![no_main]

use fuzz::is_a_line;
use libfuzzer_sys::fuzz_target;

/// What separates the texts: no formula holds it.
const BETWEEN: char = '\0';

fuzz_target!(|bytes: &[u8]| {
    let Ok(all) = std::str::from_utf8(bytes) else { return };
    let texts: Vec<&str> = all.split(BETWEEN).collect();
    let (statements, definitions) = texts.split_at(1);
    match reader::text(statements, definitions) {
        Ok(text) => assert!(!text.statements.is_empty()),
        Err(mistake) => {
            is_a_line(&mistake.message);
            mistake.help.iter().for_each(|help| is_a_line(help));
            let place = mistake.place;
            assert!(texts[place.text].get(place.start..place.end).is_some(), "{mistake:?}");
            assert!(mistake.render(&texts, None).starts_with("error: "));
        }
    }
});
