//! `cargo xtask judge`, from the outside: verdicts, exit codes, and what a mistake looks like.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::Value;

/// The mean test loss of one weight, with a number in it that is 2 where it is right.
fn one_weight(number: u32) -> String {
    format!(
        "[[claim]]\nid = \"mine/test-loss\"\nformula = \"L_test = σ²λa/(2(2S − λa(S + {number})))\"\n\
         assume = [\"one weight\", \"gaussian features\", \"no weight decay\", \"no input noise\", \"no momentum\"]\n"
    )
}

/// A claim with this formula.
fn claim(formula: &str) -> String {
    format!("[[claim]]\nid = \"mine/it\"\nformula = {formula}\nassume = [\"gaussian features\"]\n")
}

fn judge(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).arg("judge").args(arguments).output().unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

/// The exit code, and what is said on either side, of a file `mine.toml` in a folder of its own.
pub(crate) fn judged(file: &str, options: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    fs::write(&path, file).unwrap();
    let output = judge(&[&[path.to_str().unwrap()], options].concat());
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// What is said of a file that states no claims.
fn refused(file: &str) -> String {
    let start = Instant::now();
    let (code, said, told) = judged(file, &[]);
    assert_eq!((code, said.as_str()), (2, ""), "{told}");
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    told
}

#[test]
fn a_wrong_formula_has_a_counterexample_with_one_weight_and_a_neighbour_that_holds() {
    let start = Instant::now();
    let (code, said, told) = judged(&one_weight(1), &[]);
    assert_eq!(code, 1, "{said}{told}");
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    let lines = Vec::from_iter(said.lines());
    assert_eq!(lines[0], "mine/test-loss: differs");
    assert!(lines[2].starts_with("  at A = 1, σ² = ") && lines[2].contains(", claimed "), "{said}");
    let nearest = "  nearest formula that holds: L_test = σ²λa/(2(2S − λa(S + 2))) (2 for 1 in S + 1; proved)";
    assert_eq!(lines[3], nearest);
    assert!(said.contains("\n  exact differs · lyapunov differs · montecarlo differs\n"), "{said}");
    assert!(said.contains("needs: μ = 0; ") && said.contains("\n    without μ = 0: at A = "), "{said}");
}

#[test]
fn a_right_formula_agrees_by_every_engine_and_is_proved() {
    let (code, said, told) = judged(&one_weight(2), &[]);
    assert_eq!(code, 0, "{said}{told}");
    for part in
        ["mine/test-loss: agrees\n", "exact agrees: proved (D = 1)", "lyapunov agrees: digits", "montecarlo agrees: z"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    let mutants = said.lines().find(|line| line.contains(" are found out; ")).unwrap();
    let numbers = mutants.split_whitespace().filter_map(|word| word.parse::<u32>().ok());
    assert!(matches!(Vec::from_iter(numbers)[..], [all, told, 2] if all > 20 && told == all), "{mutants}");
}

#[test]
fn latex_is_judged_as_it_is_printed() {
    let file = r"
[[claim]]
id = 'mine/fluctuation'
formula = '''\Sigma = \frac{\sigma^2}{S}\left(1+\frac{\kappa}{S}\right)\Lambda G^{-1}'''
definitions = [
  '''\kappa := \frac{\operatorname{Tr}[\Lambda A G^{-1}]}{1 - \frac{1}{S}\operatorname{Tr}[\Lambda A G^{-1}]}''',
  '''G := 2(1-\mu)I_D - \left(\frac{1-\mu}{1+\mu} + \frac{1}{S}\right)\Lambda A''',
]
assume = ['gaussian features', 'no weight decay', 'no input noise', 'full rank', 'commuting learning rate']
";
    let (code, said, told) = judged(file, &["--engine", "exact", "--seed", "2"]);
    assert_eq!(code, 0, "{said}{told}");
    assert!(said.contains("\n  Σ = (σ²/S)(1 + κ/S) ΛG⁻¹\n") && said.contains("exact agrees: proved"), "{said}");
    assert!(!said.contains("lyapunov") && said.contains("; seed 2, "), "{said}");
}

/// The section of the page about formulas has a claim, and what is told of it.
#[test]
fn the_part_that_loses_digits_is_underlined_as_the_page_shows() {
    let page = include_str!("../../../docs/formulas.md");
    let section = page.split("\n## Where digits are lost\n").nth(1).unwrap();
    let block = |begin: &str| section.split(begin).nth(1).unwrap().split("```").next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("verdicts.json");
    let options = ["--engine", "exact", "--precision", "--json", json.to_str().unwrap()];
    let (code, said, told) = judged(block("```toml\n"), &options);
    assert_eq!(code, 0, "{said}{told}");
    assert!(said.contains(block("```text\n")), "{said}");
    let file: Value = serde_json::from_slice(&fs::read(&json).unwrap()).unwrap();
    let walks = file["precision"][0]["walks"].as_array().unwrap();
    let place = &walks.iter().find(|walk| walk["walk"] == "boundary").unwrap()["place"];
    let [start, end] = ["start", "end"].map(|key| place[key].as_u64().unwrap() as usize);
    assert_eq!((&place["text"].as_str().unwrap()[start..end], place["part"].as_str().unwrap()), ("1 − t/S", "1 − t/S"));
}

#[test]
fn what_has_no_digits_to_lose_is_told() {
    let (_, said, _) = judged(&claim("\"stationary iff 2I − ΛK ≻ 0\""), &["--engine", "exact", "--precision"]);
    assert!(said.contains("\n  digits: not measured, as a condition has no digits to keep\n"), "{said}");
    let still = "[[claim]]\nid = \"mine/still\"\nformula = \"Σ = 0\"\nassume = [\"gaussian features\", \"no label noise\", \
                 \"no weight decay\", \"no input noise\"]\n";
    let (_, said, _) = judged(still, &["--engine", "exact", "--precision"]);
    assert!(said.contains("\n  digits: not measured, as no walk of the precision study satisfies "), "{said}");
}

#[test]
fn letters_of_another_paper_are_told_beside_the_formula() {
    let theirs = one_weight(2).replace('λ', "η").replace('S', "B");
    let (code, said, told) = judged(&format!("notation = {{ 'η' = 'λ', B = 'S' }}\n{theirs}"), &["--engine", "exact"]);
    assert_eq!(code, 0, "{said}{told}");
    let lines = Vec::from_iter(said.lines().take(3));
    let formula = "  L_test = σ²λa/(2(2S − λa(S + 2)))";
    assert_eq!(lines, ["mine/test-loss: agrees", formula, "  its letters: B is S, η is λ"]);
}

#[test]
fn the_example_of_the_help_holds() {
    let help = text(judge(&["--help"]).stdout);
    let example = help.lines().skip_while(|line| *line != "  [[claim]]").take_while(|line| !line.is_empty());
    let (code, said, told) = judged(&Vec::from_iter(example).join("\n"), &["--engine", "exact"]);
    assert_eq!(code, 0, "{said}{told}");
    assert!(said.starts_with("mine/test-loss: agrees\n"), "{said}");
}

#[test]
fn several_claims_of_several_files_are_judged_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("one.toml"), one_weight(2)).unwrap();
    let bound = "[[claim]]\nid = \"b/bound\"\nformula = \"L_test ≤ 2L_test\"\nassume = [\"gaussian features\"]\n";
    let rate = "[[claim]]\nid = \"b/rate\"\nformula = \"Σ ≈ σ²Λ/(2S), λ → 0\"\n\
                assume = [\"gaussian features\", \"full rank\", \"scalar learning rate\", \"no weight decay\", \"no input noise\", \
                \"no momentum\"]\n";
    fs::write(path("two.toml"), format!("{bound}{rate}")).unwrap();
    let (json, html) = (path("verdicts.json"), path("verdicts.html"));
    let options = ["--engine", "exact", "--precision", "--json", &json, "--report", &html];
    let output = judge(&[&[path("one.toml").as_str(), &path("two.toml")][..], &options].concat());
    let said = text(output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let names = said.lines().filter_map(|line| line.strip_suffix(": agrees"));
    assert_eq!(Vec::from_iter(names), ["mine/test-loss", "b/bound", "b/rate"]);
    let file: Value = serde_json::from_slice(&fs::read(&json).unwrap()).unwrap();
    let kinds = file["claims"].as_array().unwrap().iter().map(|claim| claim["kind"].as_str().unwrap());
    assert_eq!(Vec::from_iter(kinds), ["exact", "bound", "approximation"]);
    assert!(file["claims"][0]["mutants"]["told"].as_u64().unwrap() > 0 && file["seconds"].is_object());
    let page = fs::read_to_string(&html).unwrap();
    assert!(page.contains("<h1>Formulas, judged</h1>") && page.contains("id=\"b/rate\""));
    assert!(!page.contains("--claim"));
    let (verdicts, digits) = page.split_once("<section id=\"digits\">").unwrap();
    assert!(!verdicts.contains("digits kept") && digits.matches("digits kept").count() == names_of(&file).len());
    // A name means one claim.
    let again = judge(&[path("one.toml").as_str(), &path("one.toml")]);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(again.stderr).contains("mine/test-loss is the name of a claim of another file"));
}

fn names_of(file: &Value) -> Vec<&str> {
    Vec::from_iter(file["claims"].as_array().unwrap().iter().map(|claim| claim["id"].as_str().unwrap()))
}

#[test]
fn a_correction_beside_a_refuted_formula_is_what_counts() {
    let corrected = |number| format!("{}corrected = \"L_test = σ²λa/(2(2S − λa(S + {number})))\"\n", one_weight(1));
    for (number, code) in [(2, 0), (3, 1)] {
        let (found, said, told) = judged(&corrected(number), &["--engine", "exact"]);
        assert_eq!(found, code, "{said}{told}");
        assert!(said.starts_with("mine/test-loss: differs\n"), "{said}");
    }
}

#[test]
fn a_kind_that_no_engine_judges_is_told() {
    let file = claim("\"L_test ≤ 2L_test\"");
    let (code, said, _) = judged(&file, &["--engine", "montecarlo"]);
    assert_eq!(code, 1);
    assert!(said.starts_with("mine/it: not judged, "), "{said}");
}

#[test]
fn mistakes_have_a_caret_and_the_exit_code_2() {
    let told = refused(&claim("\"Σ = (σ²/S)(1 + τ/S) Λ\""));
    assert!(told.starts_with("error: τ is no symbol") && told.contains("mine.toml:3:27\n"), "{told}");
    let caret = told.lines().find(|line| line.trim_end().ends_with('^')).unwrap();
    let line = told.lines().find(|line| line.contains("τ/S")).unwrap();
    let column = |text: &str, mark: char| text.chars().position(|c| c == mark).unwrap();
    assert_eq!(column(caret, '^'), column(line, 'τ'), "{told}");
    assert!(refused("[[claim]\n").starts_with("error: "));
    assert!(refused("").contains("no claim, expected a table [[claim]]"));
    assert!(refused(&one_weight(2).replace("one weight", "one wait")).contains("one wait is no hypothesis"));
    assert!(refused(&claim("\"\\frac{1}{S} = 1\"")).contains("Put LaTeX between '''"));
    assert!(refused(&claim("'''C = \\int x'''")).starts_with("error: "));
    for (path, expected) in [("missing/mine.toml", "missing/mine.toml: "), (".", "expected a regular file")] {
        let output = judge(&[path]);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(output.stderr).contains(expected), "{path}");
    }
}

#[test]
fn every_file_is_told_its_mistakes() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("one.toml"), claim("\"Σ = τ\"")).unwrap();
    fs::write(path("two.toml"), b"[[claim]]\nid = '\xff\xfe'").unwrap();
    let told = text(judge(&[&path("one.toml"), &path("two.toml")]).stderr);
    assert!(
        told.contains("one.toml:3:") && told.contains("two.toml: expected text in UTF-8, and line 2 is none"),
        "{told}"
    );
}

#[test]
fn long_and_deep_formulas_are_refused_or_judged_and_never_end_the_program() {
    let long = format!("Σ = σ²Λ{}", " + 0Σ".repeat(20_000));
    let deep = format!("Σ = {}Λ{}", "(".repeat(10_000), ")".repeat(10_000));
    for formula in [long, deep, "(".repeat(100_000), "Σ".repeat(100_000)] {
        let told = refused(&claim(&format!("\"{formula}\"")));
        assert!(told.starts_with("error: ") && told.len() < 5_000, "{} bytes: {:.300}", told.len(), told);
    }
}

/// Where a text is wrong, and what is said of it.
#[test]
fn odd_formulas_are_told_with_their_place() {
    let nested = |open: &str, inside: &str, close: &str| {
        format!("'Σ = {}{inside}{}'", open.repeat(10_000), close.repeat(10_000))
    };
    let digits = format!("'Σ = {} Λ'", "9".repeat(100_000));
    for (formula, place, message) in [
        ("'Σ = λ^999999999 I'", "3:18", "exponents reach from −99 to 99"),
        ("'Σ = 10^10^10 Λ'", "3:21", "a power of a power needs brackets"),
        ("'Σ = (((10^64)^64)^64)^64 Λ'", "3:17", "more than 20000 numbers are multiplied here"),
        (&digits, "3:16", "this number has more than 60 digits"),
        ("'Σ = 1/S(1 + S) Λ'", "3:19", "is the bracket below the stroke?"),
        ("'C(w) = (1/N) Σᵢ xᵢxᵢᵀ'", "3:25", "Σ is the fluctuation"),
        ("'C = (∆ + 1) A'", "3:17", "∆ (U+2206) is not in the language"),
        ("'С = A'", "3:12", "С (U+0421) is not in the language"),
        ("'C = ϵ A'", "3:16", "ε is no symbol"),
        ("'C = Α'", "3:16", "Α (U+0391) is not in the language"),
        ("'C = A\u{200b}'", "3:17", "(U+200B) is not in the language"),
        (&nested(r"\frac{1}{", "S", "}"), "3:", "nested more than 200 deep"),
        (&nested(r"\frac{", "S", "}{2}"), "3:", "nested more than 200 deep"),
        (&nested("x_{", "a", "}"), "3:", ""),
        (&nested("x^{", "a", "}"), "3:", ""),
        (&nested("[", "a", "]"), "3:12", "more than 20000 symbols"),
    ] {
        let told = refused(&claim(formula));
        assert!(told.starts_with("error: ") && told.len() < 5_000, "{} bytes: {:.300}", told.len(), told);
        assert!(told.contains(message) && told.contains(&format!("mine.toml:{place}")), "{message}: {told}");
        assert_eq!(told.matches("error: ").count(), 1, "{told}");
    }
}

/// Files that are no claim files: one message, and never the end of the program.
#[test]
fn odd_files_are_told() {
    let long = |piece: &str| piece.repeat(100_000);
    for (file, message) in [
        ("\u{feff}", "no claim, expected a table [[claim]]"),
        ("\0", ""),
        (&long("["), ""),
        (&format!("claim = {}{}", long("["), long("]")), ""),
        (&format!("claim = {}", long("{ a = ")), ""),
        (&format!("{}a = 1", long("a.")), ""),
        (&format!("{} = 1", long("a")), "is no key of a claim file"),
        (&format!("[[claim]]\nid = 'a/{}'\nformula = 'Σ'", long("b")), "nothing is claimed"),
        (&format!("[[claim]]\nid = 'a/b'\nformula = 'Σ = 0'\nassume = ['{}']", long("c")), "is no hypothesis"),
        (&format!("[[claim]]\nid = 'a/b'\nformula = 'Σ = 0'\norder = {}", long("9")), "order"),
        (&long("[[claim]]\n"), "mine.toml: 99980 more mistakes"),
    ] {
        let told = refused(file);
        assert!(told.starts_with("error: ") && told.contains(message), "{message}: {:.300}", told);
        // A mistake of each claim is told, and each is short.
        let longest = told.split("error: ").map(str::len).max().unwrap();
        assert!(longest < 5_000, "{message}: {longest} bytes: {:.300}", told);
    }
}

/// A byte order mark and line ends of another system are no mistakes, and places are counted as they are seen.
#[test]
fn marks_and_line_ends_of_other_systems_are_read() {
    let file = one_weight(2).replace('\n', "\r\n");
    for file in [&file, &format!("\u{feff}{file}")] {
        let (code, said, told) = judged(file, &["--engine", "exact"]);
        assert_eq!(code, 0, "{said}{told}");
        let told = refused(&file.replace("S + 2", "τ + 2"));
        assert!(told.contains("τ is no symbol") && told.contains("mine.toml:3:"), "{told}");
    }
}

#[test]
fn hypotheses_that_contradict_each_other_are_named() {
    let file = claim("'Σ = 0'").replace("[\"gaussian", "[\"data set\", \"no momentum\", \"gaussian");
    let (code, said, told) = judged(&file, &["--engine", "exact"]);
    assert_eq!(code, 1, "{said}{told}");
    let line = "\n  no setting that was drawn satisfies both data set (N samples) and gaussian features (x ~ N(0, A), N → ∞)\n";
    assert!(said.starts_with("mine/it: vacuous\n") && said.contains(line), "{said}");
}

#[test]
fn hypotheses_are_listed_as_a_file_names_them() {
    let said = text(judge(&["--hypotheses"]).stdout);
    let row = said.lines().find(|line| line.starts_with("one-weight ")).unwrap();
    assert_eq!(
        Vec::from_iter(row.split("  ").filter(|cell| !cell.is_empty()).map(str::trim)),
        ["one-weight", "one weight", "D = 1"]
    );
    assert_eq!(said.lines().count(), 38);
}

#[test]
fn symbols_are_explained_in_any_spelling() {
    let said = [r"\Lambda", "Lambda", "Λ"].map(|symbol| text(judge(&["--explain", symbol]).stdout));
    assert!(
        said[0].contains("Λ is the learning rate, a symmetric matrix.") && said[0].contains("feature⁻²"),
        "{}",
        said[0]
    );
    assert!(said[0] == said[1] && said[1] == said[2]);
    let output = judge(&["--explain", "L_tset"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(output.stderr).starts_with("error: «L_tset» is no symbol, such as L_test, "));
}

#[test]
fn a_place_that_cannot_be_written_is_told_before_anything_is_judged() {
    for option in ["--json", "--report"] {
        let (code, said, told) = judged(&one_weight(2), &[option, "/nowhere/verdicts"]);
        assert_eq!((code, said.as_str()), (2, ""), "{told}");
        assert!(told.starts_with("error: /nowhere/verdicts: ") && told.lines().count() == 1, "{told}");
    }
    assert!(!Path::new("/nowhere").exists());
}
