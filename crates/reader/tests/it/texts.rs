//! Every text that has to be sayable is read.

use notation::Spelling;

/// A text of `texts.toml`.
fn texts() -> Vec<(Vec<String>, Vec<String>)> {
    let all: toml::Table = include_str!("texts.toml").parse().expect("a table");
    let strings = |value: Option<&toml::Value>| -> Vec<String> {
        let values = value.and_then(toml::Value::as_array).into_iter().flatten();
        values.map(|text| text.as_str().expect("a text").to_string()).collect()
    };
    let texts = all["text"].as_array().expect("texts").iter();
    texts.map(|text| (strings(text.get("formula")), strings(text.get("definitions")))).collect()
}

fn borrowed(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

#[test]
fn every_text_is_read() {
    let mut mistakes = Vec::new();
    for (statements, definitions) in texts() {
        if let Err(mistake) = reader::text(&borrowed(&statements), &borrowed(&definitions)) {
            let text = statements.iter().chain(&definitions).nth(mistake.place.text).unwrap();
            mistakes.push(format!("{text}: {mistake} at {}: {:?}", mistake.place.start, mistake.help));
        }
    }
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
    assert!(texts().len() > 200);
}

#[test]
fn every_text_is_read_again_in_every_spelling() {
    for (statements, definitions) in texts() {
        let read = reader::text(&borrowed(&statements), &borrowed(&definitions)).expect("a text");
        for spelling in [Spelling::Unicode, Spelling::Ascii, Spelling::Latex] {
            let statements: Vec<_> = read.statements.iter().map(|statement| statement.written(spelling)).collect();
            let definitions: Vec<_> = read.definitions.iter().map(|definition| definition.written(spelling)).collect();
            let again = reader::text(&borrowed(&statements), &borrowed(&definitions));
            assert_eq!(again.as_ref(), Ok(&read), "{statements:?} {definitions:?}");
        }
    }
}
