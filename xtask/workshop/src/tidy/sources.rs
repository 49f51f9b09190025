//! What no source may contain.
//!
//! Names that must not appear in the sources are spelled in two parts here, as this file is a source too.

use super::code::{Token, tokens};
use super::workspace::{File, Workspace};

const LONGEST_FILE: usize = 400;

pub fn claims_are_pure(workspace: &Workspace) -> Vec<String> {
    let outside = ["fs", "io", "net", "env", "process", "thread", "time", "rand"];
    let printing = ["print", "println", "eprint", "eprintln", "dbg"];
    let forbidden = |token: &Token| outside.contains(&token.text.as_str()) || printing.contains(&token.text.as_str());
    each_token(claims(workspace), forbidden)
}

pub fn claims_have_no_float_literals(workspace: &Workspace) -> Vec<String> {
    each_token(claims(workspace), |token| token.is_float)
}

/// What a claim is, and which there are.
fn claims(workspace: &Workspace) -> impl Iterator<Item = &File> {
    workspace.rust("crates/claims/").chain(workspace.rust("crates/registry/"))
}

/// No float type stands in the exact engine, not even in the name of a function, such as one that rounds to `f64`.
pub fn exact_has_no_floats(workspace: &Workspace) -> Vec<String> {
    each_token(workspace.rust("crates/exact/"), |token| token.text.contains("f64") || token.text.contains("f32"))
}

pub fn files_are_short(workspace: &Workspace) -> Vec<String> {
    let long = workspace.rust("").map(|file| (file, file.text.lines().count())).filter(|(_, n)| *n > LONGEST_FILE);
    long.map(|(file, lines)| format!("{}: {lines} lines", file.path)).collect()
}

pub fn nothing_is_left_for_later(workspace: &Workspace) -> Vec<String> {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("to", "do!"), concat!("unimpl", "emented!")];
    each_line(workspace.rust(""), &marks)
}

pub fn no_machine_paths(workspace: &Workspace) -> Vec<String> {
    each_line(workspace.files.iter(), &[concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/t", "mp/")])
}

/// `#[ignore = "…"]`, never `#[ignore]`.
pub fn ignored_tests_say_why(workspace: &Workspace) -> Vec<String> {
    each_file(workspace.rust(""), |tokens| {
        let bare =
            tokens.windows(4).filter(|window| window.iter().map(|token| &token.text).eq(["#", "[", "ignore", "]"]));
        bare.map(|window| (window[0].line, "an ignored test without a reason".into())).collect()
    })
}

/// A line for each token of the code that is `forbidden`.
fn each_token<'a>(files: impl Iterator<Item = &'a File>, forbidden: impl Fn(&Token) -> bool) -> Vec<String> {
    each_file(files, |tokens| {
        let found = tokens.iter().filter(|token| forbidden(token));
        found.map(|token| (token.line, format!("`{}`", token.text))).collect()
    })
}

/// A line for each fault that `faults` finds in the tokens of a file, each with its line.
fn each_file<'a>(
    files: impl Iterator<Item = &'a File>,
    faults: impl Fn(&[Token]) -> Vec<(usize, String)>,
) -> Vec<String> {
    let violations = files.flat_map(|file| match tokens(&file.text) {
        Err(error) => vec![format!("{}:{}: {error}", file.path, error.span().start().line)],
        Ok(tokens) => {
            faults(&tokens).into_iter().map(|(line, fault)| format!("{}:{line}: {fault}", file.path)).collect()
        }
    });
    violations.collect()
}

/// A line for each line, comments included, that contains one of `marks`.
fn each_line<'a>(files: impl Iterator<Item = &'a File>, marks: &[&str]) -> Vec<String> {
    let lines = files.flat_map(|file| file.text.lines().enumerate().map(move |(at, line)| (file, at + 1, line)));
    let found = lines.filter_map(|(file, at, line)| {
        marks.iter().find(|mark| line.contains(**mark)).map(|mark| format!("{}:{at}: `{mark}`", file.path))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::super::workspace::of_files;
    use super::*;

    /// What `check` says of a workspace that holds one file.
    fn violations(check: fn(&Workspace) -> Vec<String>, path: &str, text: &str) -> Vec<String> {
        check(&of_files(&[(path, text)]))
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn finds_input_and_output_in_a_claim() {
        let path = "crates/claims/src/x.rs";
        assert_eq!(violations(claims_are_pure, path, "// std::fs\nuse std::fmt; let print_of = \"io\";"), NONE);
        assert_eq!(violations(claims_are_pure, path, "use std::{fmt, fs};"), [format!("{path}:1: `fs`")]);
        assert_eq!(violations(claims_are_pure, path, "\nprintln!(\"x\")"), [format!("{path}:2: `println`")]);
        assert_eq!(violations(claims_are_pure, "crates/exact/src/x.rs", "use std::io;"), NONE);
    }

    #[test]
    fn finds_what_is_not_rust() {
        let told = violations(claims_are_pure, "crates/claims/src/x.rs", "fn f() {\n");
        assert_eq!(told, ["crates/claims/src/x.rs:1: cannot parse string into token stream"]);
    }

    #[test]
    fn finds_a_float_literal_in_a_claim() {
        let path = "crates/claims/src/x.rs";
        assert_eq!(violations(claims_have_no_float_literals, path, "/// About 0.5.\nn(1) / n(2)"), NONE);
        assert_eq!(violations(claims_have_no_float_literals, path, "a\n * 0.5"), [format!("{path}:2: `0.5`")]);
    }

    #[test]
    fn finds_a_float_in_the_exact_engine() {
        let path = "crates/exact/src/x.rs";
        assert_eq!(violations(exact_has_no_floats, path, "//! No f64 here.\nfn f(x: Rational) {}"), NONE);
        assert_eq!(violations(exact_has_no_floats, path, "x.to_f64()"), [format!("{path}:1: `to_f64`")]);
        assert_eq!(violations(exact_has_no_floats, path, "x as f64"), [format!("{path}:1: `f64`")]);
    }

    #[test]
    fn finds_a_file_that_is_too_long() {
        assert_eq!(violations(files_are_short, "x.rs", &"\n".repeat(400)), NONE);
        assert_eq!(violations(files_are_short, "x.rs", &"\n".repeat(401)), ["x.rs: 401 lines"]);
    }

    #[test]
    fn finds_what_is_left_for_later() {
        let [comment, call] = [concat!("// FIX", "ME: later"), concat!("\nunimpl", "emented!()")];
        assert_eq!(violations(nothing_is_left_for_later, "x.rs", comment), [concat!("x.rs:1: `FIX", "ME`")]);
        assert_eq!(violations(nothing_is_left_for_later, "x.rs", call), [concat!("x.rs:2: `unimpl", "emented!`")]);
    }

    #[test]
    fn finds_a_test_ignored_without_a_reason() {
        assert_eq!(violations(ignored_tests_say_why, "x.rs", "// #[ignore]\n#[ignore = \"takes an hour\"]"), NONE);
        let told = ["x.rs:2: an ignored test without a reason"];
        assert_eq!(violations(ignored_tests_say_why, "x.rs", "#[test]\n#[ ignore ]\nfn f() {}"), told);
    }

    #[test]
    fn finds_a_path_of_one_machine() {
        let path = concat!("/ho", "me/me/x");
        let told = [concat!("README.md:1: `/ho", "me/`")];
        assert_eq!(violations(no_machine_paths, "README.md", path), told);
        assert_eq!(violations(no_machine_paths, "README.md", "data/x"), NONE);
    }
}
