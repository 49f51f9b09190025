//! The page about formulas, `docs/formulas.md`: its files are read, its examples hold, its mistakes are told in the words
//! of the program, and its tables name what the language has.
//!
//! With `UPDATE_EXPECT=1` in the environment the messages and the generated tables of the page are written anew.

use claims::file::{self, Fault};
use claims::{Claim, Kind, Provenance, hypotheses};
use formula::{EvaluationError, Given, Subject};
use notation::Spelling;
use notation::prose::plain;
use notation::symbol::{Shape, TABLE, Units};
use notation::tree::{Statement, Text};
use numbers::Matrix;
use properties::Seeded;
use rug::Rational;
use symbols::Setting;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/formulas.md");
const PAGE: &str = include_str!("../../docs/formulas.md");

/// What messages of the page call a file.
const NAME: &str = "mine.toml";

/// How often a setting is drawn for an example, in each dimension.
const DRAWS: u64 = 60;

/// The blocks of a page that begin with these words.
fn blocks<'a>(page: &'a str, begin: &str) -> Vec<&'a str> {
    let begin = format!("```{begin}\n");
    Vec::from_iter(page.split(&begin).skip(1).filter_map(|rest| rest.split("```").next()))
}

/// The cells of the rows of a table without its head; a bar within a cell is written `\|`.
fn rows(table: &str) -> Vec<Vec<String>> {
    let cells = |row: &str| {
        let row = row.replace("\\|", "\0");
        Vec::from_iter(row.trim_matches('|').split('|').map(|cell| cell.trim().replace('\0', "|")))
    };
    Vec::from_iter(table.lines().take_while(|line| line.starts_with('|')).skip(2).map(cells))
}

/// The rows of the table with this head.
fn table(head: &str) -> Vec<Vec<String>> {
    let [before, _] = parted(PAGE, head);
    rows(&PAGE[before.len()..])
}

/// The texts of a cell that are set as code.
fn codes(cell: &str) -> Vec<&str> {
    Vec::from_iter(cell.split('`').skip(1).step_by(2))
}

/// What stands before these words, and what behind them.
fn parted<'a>(page: &'a str, words: &str) -> [&'a str; 2] {
    let (before, behind) = page.split_once(words).unwrap_or_else(|| panic!("the page has no {words}"));
    [before, behind]
}

/// What stands between the marks of this name.
fn marked(name: &str) -> &'static str {
    let [_, behind] = parted(PAGE, &format!("<!-- {name} -->\n"));
    parted(behind, &format!("<!-- end of {name} -->"))[0]
}

fn read(text: &str) -> Vec<Claim> {
    file::read(NAME, text).unwrap_or_else(|error| panic!("{error}"))
}

fn formula(text: &str) -> Text {
    reader::text(&[text], &[]).unwrap_or_else(|mistake| panic!("{text}: {mistake}"))
}

/// The part of the page whose claims hold.
fn examples() -> &'static str {
    parted(PAGE, "\n## Ten examples")[1].split("\n## ").next().unwrap_or_default()
}

#[test]
fn files_are_read() {
    assert!(blocks(PAGE, "toml").into_iter().all(|text| !read(text).is_empty()));
    for number in 1..=10 {
        assert!(examples().contains(&format!("\n### {number}. ")), "{number}");
    }
    assert!(blocks(PAGE, "toml mistake").len() >= 5);
}

#[test]
fn three_spellings_are_one_formula() {
    let texts = Vec::from_iter(blocks(examples(), "toml").into_iter().take(3).map(read));
    let [unicode, ascii, latex] = [0, 1, 2].map(|i| &texts[i][0]);
    for other in [ascii, latex] {
        assert_eq!(other.printed.text(), unicode.printed.text());
        assert!(other.hypotheses.iter().map(|h| h.name).eq(unicode.hypotheses.iter().map(|h| h.name)));
    }
    for row in table("| Unicode | for a keyboard | LaTeX |") {
        let texts = [0, 1, 2].map(|i| formula(codes(&row[i])[0]));
        assert!(texts.iter().all(|text| *text == texts[0]), "{row:?}");
    }
}

#[test]
fn texts_are_read_as_the_page_says() {
    for row in table("| text | is read as | because |") {
        let text = format!("0 = {}", codes(&row[0])[0]);
        match codes(&row[1]).first() {
            Some(full) => assert_eq!(formula(&text), formula(&format!("0 = {full}")), "{row:?}"),
            None => assert!(row[1].trim() == "no formula" && reader::text(&[&text], &[]).is_err(), "{row:?}"),
        }
    }
}

#[test]
fn kinds_follow_from_formulas() {
    for row in table("| formula | kind | what it claims |") {
        let text = format!("[[claim]]\nid = 'a/b'\nformula = '{}'\nkind = '{}'\n", codes(&row[0])[0], row[1]);
        assert_eq!(read(&text).len(), 1);
    }
}

#[test]
fn examples_hold() {
    let claims = blocks(examples(), "toml").into_iter().flat_map(read);
    for claim in claims {
        assert!(holds(&claim), "{}", claim.id);
    }
    let slip = &read(blocks(PAGE, "toml")[0])[0];
    assert!(!holds(slip), "{}", slip.statement());
}

/// Whether a claim holds at drawn settings, of which there are some.
fn holds(claim: &Claim) -> bool {
    let mut answers = Vec::new();
    for dimension in 1..=2 {
        for seed in 0..DRAWS {
            let mut choices = Seeded::new(seed);
            let drawn = (0..60).find_map(|_| claim.draw(dimension, &[], &mut choices).ok().flatten());
            answers.extend(drawn.and_then(|setting| holds_at(claim, setting)));
        }
    }
    let somewhere = matches!(claim.kind, Kind::Existence);
    answers.len() as u64 >= DRAWS / 2 && if somewhere { answers.contains(&true) } else { !answers.contains(&false) }
}

/// Whether it does at a setting; `None` where that has no stationary state.
fn holds_at(claim: &Claim, mut setting: Setting<Rational>) -> Option<bool> {
    match claim.kind {
        Kind::Exact => sides(claim, &setting).map(|[found, claimed]| found == claimed),
        Kind::Bound => sides(claim, &setting).map(|[found, claimed]| found[(0, 0)] <= claimed[(0, 0)]),
        Kind::Existence => sides(claim, &setting).map(|[found, claimed]| found[(0, 0)] > claimed[(0, 0)]),
        Kind::Stability => claim.printed.holds(&setting).ok().map(|holds| holds == exact::stationary(&setting).is_ok()),
        Kind::Equivalence => claim.printed.holds(&setting).ok(),
        Kind::Approximation { path, order } | Kind::Limit { path, order } => {
            let mut errors = Vec::new();
            for _ in 0..9 {
                errors.push(sides(claim, &setting).map_or(f64::NAN, |[found, claimed]| {
                    let relative = matches!(claim.kind, Kind::Approximation { .. });
                    size(&(&found - claimed)) / if relative { size(&found) } else { 1.0 }
                }));
                setting = (path.halve)(setting).ok()?;
            }
            let slope = (errors[7] / errors[8]).log2();
            Some((slope - f64::from(order)).abs() < 0.1)
        }
    }
}

fn size(M: &Matrix<Rational>) -> f64 {
    M.iter().map(|entry| entry.to_f64().powi(2)).sum::<f64>().sqrt()
}

/// Both sides, with the answers of the exact engine.
fn sides(claim: &Claim, setting: &Setting<Rational>) -> Option<[Matrix<Rational>; 2]> {
    let (mut moments, mut minibatch) = (None, None);
    match claim.printed.subject() {
        Subject::Minibatch => minibatch = Some(exact::minibatch(setting).ok()?),
        Subject::Stationary => moments = Some(exact::stationary(setting).ok()?),
        Subject::Setting => {}
    }
    let given = Given { setting, moments: moments.as_ref(), minibatch: minibatch.as_ref() };
    let value = |side: Result<Matrix<Rational>, EvaluationError>| side.unwrap_or_else(|e| panic!("{}: {e}", claim.id));
    Some([value(claim.printed.found(&given)), value(claim.printed.claimed(&given))])
}

#[test]
fn keys_are_those_of_claim_files() {
    let first = |table: &str| Vec::from_iter(rows(table).iter().map(|row| codes(&row[0])[0].to_string()));
    assert_eq!(first(marked("keys of a file")), known("0 = 0"));
    let of_claim = marked("keys of a claim");
    assert_eq!(first(of_claim), known("[[claim]]\n0 = 0"));
    let provenance = rows(of_claim).into_iter().find(|row| row[0] == "`provenance`").unwrap();
    assert_eq!(codes(&provenance[1]), Provenance::ALL.map(|provenance| format!("\"{}\"", provenance.name())));
    for row in rows(marked("keys of forms")) {
        let table = codes(&row[0])[0];
        let text = format!("[[claim]]\nid = 'a/b'\nformula = 'Σ = 0'\n{table} = {{ 0 = 0 }}\n");
        assert_eq!(codes(&row[1]), known(&text), "{table}");
    }
}

/// The keys that the message about an unknown one names.
fn known(text: &str) -> Vec<&'static str> {
    let mistakes = file::read(NAME, text).err().map(|error| error.mistakes);
    let unknown = mistakes.unwrap_or_default().into_iter().find_map(|mistake| match mistake.fault {
        Fault::UnknownKey { known, .. } => Some(known.to_vec()),
        _ => None,
    });
    unknown.unwrap_or_else(|| panic!("every key is known in {text}"))
}

#[test]
fn messages_and_tables_are_current() {
    let current = current();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(PATH, &current).unwrap();
    }
    let other = PAGE.lines().zip(current.lines()).find(|(page, current)| page != current);
    assert!(PAGE == current, "{other:?}: UPDATE_EXPECT=1 writes docs/formulas.md anew");
}

/// The page with the messages of the program below the mistakes, and with the tables that the code has.
fn current() -> String {
    let mut page = PAGE.to_string();
    for text in blocks(PAGE, "toml mistake") {
        let Err(error) = file::read(NAME, text) else { panic!("no mistake in {text}") };
        let begin = format!("```toml mistake\n{text}```\n\n```text\n");
        page = replaced(&page, &begin, &format!("{error}\n"), "```");
    }
    for (name, table) in [("symbols", symbols_table()), ("hypotheses", hypotheses_table())] {
        page = replaced(&page, &format!("<!-- {name} -->\n"), &table, &format!("<!-- end of {name} -->"));
    }
    page
}

/// The page with something else between two marks.
fn replaced(page: &str, begin: &str, between: &str, end: &str) -> String {
    let [before, rest] = parted(page, begin);
    let [_, behind] = parted(rest, end);
    format!("{before}{begin}{between}{end}{behind}")
}

fn symbols_table() -> String {
    let mut table = "| symbol | for a keyboard | LaTeX | shape | units | what it is | needs |\n".to_string();
    table += "|---|---|---|---|---|---|---|\n";
    for symbol in TABLE {
        let text = formula(&format!("0 = {}{}", symbol.name, if symbol.indexed { "ᵢ" } else { "" }));
        let Statement::Equation { right, .. } = &text.statements[0] else { panic!("{symbol:?}") };
        let spelled = |spelling| format!("`{}`", right.written(spelling));
        let shape = match symbol.shape {
            Shape::SCALAR => "1",
            Shape::VECTOR => "D",
            _ => "D×D",
        };
        let units = if symbol.units == Units::NONE { String::new() } else { symbol.units.to_string() };
        let [unicode, ascii, latex] = [Spelling::Unicode, Spelling::Ascii, Spelling::Latex].map(spelled);
        let sentence = symbol.sentence.replace('*', "\\*");
        let cells = [&unicode, &ascii, &latex, shape, &units, &sentence, symbol.needs];
        table += &format!("| {} |\n", cells.join(" | "));
    }
    table
}

fn hypotheses_table() -> String {
    let mut table = "| name | condition |\n|---|---|\n".to_string();
    for hypothesis in hypotheses::ALL {
        let name = hypothesis.name.replace('-', " ");
        for written in [&name, hypothesis.statement] {
            assert_eq!(hypotheses::find(written).map(|h| h.name), Some(hypothesis.name));
        }
        table += &format!("| `{name}` | `{}` |\n", plain(hypothesis.statement).replace('|', "\\|"));
    }
    table
}
