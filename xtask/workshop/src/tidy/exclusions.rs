//! What mutation tests leave out: every pattern of `.cargo/mutants.toml` names a mutant that there is.

use regex::Regex;
use toml::{Table, Value};

use super::operators::mutants;
use super::workspace::Workspace;

const CONFIGURATION: &str = ".cargo/mutants.toml";

/// No pattern matches nothing, and none names a line: lines move, and then it would match another mutant or none.
pub fn exclusions_exclude(workspace: &Workspace) -> Vec<String> {
    let patterns = match patterns(workspace) {
        Ok(patterns) => patterns,
        Err(fault) => return vec![format!("{CONFIGURATION}: {fault}")],
    };
    let mut names = Vec::new();
    let mut violations = Vec::new();
    for file in workspace.rust("crates/").filter(|file| file.path.contains("/src/")) {
        match mutants(&file.path, &file.text) {
            Ok(found) => names.extend(found),
            Err(error) => violations.push(format!("{}:{}: {error}", file.path, error.span().start().line)),
        }
    }
    for pattern in patterns {
        if pattern.contains(r"\.rs:") && !pattern.contains(r"\.rs:\d+:") {
            violations.push(format!("{CONFIGURATION}: names a line: {pattern}"));
        }
        for one in each_column(&pattern) {
            match Regex::new(&one) {
                Ok(regex) if names.iter().any(|name| regex.is_match(name)) => {}
                Ok(_) => violations.push(format!("{CONFIGURATION}: matches nothing: {one}")),
                Err(error) => violations.push(format!("{CONFIGURATION}: {error}")),
            }
        }
    }
    violations
}

fn patterns(workspace: &Workspace) -> Result<Vec<String>, String> {
    let file = workspace.file(CONFIGURATION).ok_or("missing")?;
    let table = file.text.parse::<Table>().map_err(|error| error.message().to_owned())?;
    let list = table.get("exclude_re").and_then(Value::as_array).ok_or("no list `exclude_re`")?;
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or("`exclude_re` holds no text");
    Ok(list.iter().map(text).collect::<Result<_, _>>()?)
}

/// The pattern `:(41|52):` names two columns, and each must be one.
fn each_column(pattern: &str) -> Vec<String> {
    let columns = pattern.split_once(":(").and_then(|(before, rest)| Some((before, rest.split_once("):")?)));
    match columns {
        Some((before, (columns, after))) if columns.chars().all(|c| c == '|' || c.is_ascii_digit()) => {
            columns.split('|').map(|column| format!("{before}:{column}:{after}")).collect()
        }
        _ => vec![pattern.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::super::workspace::of_files;
    use super::*;

    const SOURCE: &str = "\n
struct Law;\n
impl<'a> Sum for Law {
    fn below(self, n: u32) -> Option<Law> {
        let half = n / 2;
        if half + 1 > n || !true { None } else { Some(Law) }
    }
}\n
const N: fn() -> i32 = || -1 * 2;
#[cfg(test)]
mod tests { fn f() -> u32 { 1 % 2 } }";

    /// What is said of this pattern, for `SOURCE`.
    fn found(pattern: &str) -> Vec<String> {
        let text = format!("exclude_re = ['''{pattern}''']");
        exclusions_exclude(&of_files(&[("crates/exact/src/law.rs", SOURCE), (CONFIGURATION, &text)]))
    }

    #[test]
    fn what_excludes_a_mutant_passes() {
        for pattern in [
            r"^crates/exact/src/law\.rs:\d+:\d+: replace / with \* in <impl Sum for Law>::below$",
            r"^crates/exact/src/law\.rs:\d+:22: replace / with % in .*below$",
            r"^crates/exact/src/law\.rs:\d+:(17|21): replace [+>] with .* in .*below$",
            r"law\.rs:\d+:\d+: replace \|\| with && in .*below$",
            r"law\.rs:\d+:\d+: delete ! in .*below$",
            r"law\.rs:\d+:\d+: delete -$",
            r"law\.rs:\d+:\d+: replace \* with \+$",
            r"replace <impl Sum for Law>::below -> Option<Law> with Some\(Default::default\(\)\)",
            r"with .*\bLaw::from_iter\(",
        ] {
            assert_eq!(found(pattern), Vec::<String>::new());
        }
    }

    #[test]
    fn finds_what_excludes_nothing() {
        for (pattern, _why) in [
            (r"^crates/exact/src/laws\.rs:\d+:\d+: replace / with \* in .*below$", "no such file"),
            (r"law\.rs:\d+:\d+: replace / with \* in .*above$", "no such function"),
            (r"law\.rs:\d+:\d+: replace - with \+ in .*below$", "no such operator"),
            (r"law\.rs:\d+:\d+: replace / with \+ in .*below$", "no such replacement"),
            (r"law\.rs:\d+:9: replace / with \* in .*below$", "no such column"),
            (r"law\.rs:\d+:\d+: replace % with /", "in tests"),
            (r"with .*\bMatrix::from_iter\(", "no such result"),
        ] {
            assert_eq!(found(pattern), [format!("{CONFIGURATION}: matches nothing: {pattern}")]);
        }
    }

    #[test]
    fn finds_one_column_among_several_that_excludes_nothing() {
        let told = [r".cargo/mutants.toml: matches nothing: law\.rs:\d+:18: replace [+>] with .* in .*below$"];
        assert_eq!(found(r"law\.rs:\d+:(17|18|21): replace [+>] with .* in .*below$"), told);
    }

    #[test]
    fn finds_a_line() {
        let pattern = r"law\.rs:7:22: replace / with \* in .*below$";
        assert_eq!(found(pattern), [format!("{CONFIGURATION}: names a line: {pattern}")]);
        assert_eq!(found(r"law\.rs:(7|8):22: replace / with \* in .*below$").len(), 2);
    }

    #[test]
    fn finds_a_configuration_that_does_not_read() {
        assert_eq!(found("[").len(), 1);
        for text in ["", "exclude_re = [1]", "exclude_re = ["] {
            assert_eq!(exclusions_exclude(&of_files(&[(CONFIGURATION, text)])).len(), 1, "{text}");
        }
        assert_eq!(exclusions_exclude(&Workspace::default()), [format!("{CONFIGURATION}: missing")]);
    }
}
