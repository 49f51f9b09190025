//! Bytes as a claim file: claims whose forms are written and read back to themselves, or mistakes, each with a place in
//! the file.
#![no_main]

use claims::file;
use notation::Spelling;
use notation::tree::Text;
use fuzz::is_a_line;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match file::read("claims.toml", text) {
        Ok(claims) => {
            for (_, form) in claims.iter().flat_map(|claim| claim.forms()) {
                for spelling in [Spelling::Unicode, Spelling::Ascii, Spelling::Latex] {
                    is_read_back(form.text(), spelling);
                }
            }
        }
        Err(error) => {
            assert!(!error.mistakes.is_empty() && error.to_string().starts_with("error: "));
            for mistake in &error.mistakes {
                is_a_line(&mistake.fault.to_string());
                mistake.fault.help().iter().for_each(|help| is_a_line(help));
                assert!(text.get(mistake.span.clone()).is_some(), "{mistake:?}");
            }
        }
    }
});

/// What is written is the same formula.
fn is_read_back(text: &Text, spelling: Spelling) {
    let statements = Vec::from_iter(text.statements.iter().map(|statement| statement.written(spelling)));
    let definitions = Vec::from_iter(text.definitions.iter().map(|definition| definition.written(spelling)));
    let [statements, definitions] =
        [&statements, &definitions].map(|texts| Vec::from_iter(texts.iter().map(String::as_str)));
    let read = reader::text(&statements, &definitions);
    assert_eq!(read.as_ref().ok(), Some(text), "{statements:?}, {definitions:?}: {read:?}");
}
