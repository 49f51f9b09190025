//! `tail`, `evaluate`, `atlas`, `report` and `verify --json` from the outside: what they print, their exit codes, and what they refuse
//! before they compute.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().unwrap()
}

/// What is printed, where that is a success.
fn printed(arguments: &[&str]) -> String {
    let output = xtask(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The exit code and the line of a refusal, which prints nothing else.
fn refused(arguments: &[&str]) -> (i32, String) {
    let output = xtask(arguments);
    assert!(output.stdout.is_empty(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// One Gaussian weight with a = 1, S = 1.
fn one_weight(learning_rate: &str, label_noise_variance: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("problem.toml");
    let text = format!(
        "[sgd]\nbatch_size = 1\nlearning_rate = {learning_rate}\n[model]\nfeature_covariance = [[1]]\nlabel_noise_variance = {label_noise_variance}\n"
    );
    fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn a_tail_index_keeps_its_whole_digits() {
    let text = printed(&["tail-index", "--batch-size", "1", "--step-size", "0.000001"]);
    assert!(text.contains(" 1999999 ") && text.contains(" 2000001 "), "{text}");
    let text = printed(&["tail-index", "--batch-size", "1", "--step-size", "1/500", "--digits", "2"]);
    assert!(text.contains("\n        897 ") && text.contains(" 999 ") && text.contains(" 1001 "), "{text}");
}

#[test]
fn bad_options_of_tail_exit_with_2() {
    for options in [
        ["--batch-size", "1", "--step-size", "1", "--digits", "0"],
        ["--batch-size", "1", "--step-size", "1", "--digits", "101"],
        ["--batch-size", "0", "--step-size", "1", "--digits", "9"],
        ["--batch-size", "1", "--step-size", "0", "--digits", "9"],
        ["--batch-size", "1", "--step-size", "-1", "--digits", "9"],
        ["--batch-size", "2000000", "--step-size", "1", "--digits", "9"],
        ["--batch-size", "1", "--step-size", "1e-300", "--digits", "9"],
    ] {
        let (code, why) = refused(&[&["tail-index"], &options[..]].concat());
        assert_eq!(code, 2, "{options:?}: {why}");
    }
    let (code, why) = refused(&["tail-index", "--batch-size", "1", "--step-size", "3"]);
    assert!(code == 3 && why.starts_with("error: nothing is stationary"), "{why}");
}

/// Σ = σ²λ/(2 − 3λ), which is σ² at λ = 1/2.
#[test]
fn a_large_value_keeps_its_size() {
    for (variance, value) in
        [("1e40", "1e40"), ("36e37", "3.6e38"), ("123456789012", "123456789012"), ("1e-40", "1e-40")]
    {
        let (_folder, path) = one_weight("0.5", variance);
        let text = printed(&["evaluate", "label-noise/fluctuation", path.to_str().unwrap()]);
        let (printed, exact) = text.split_once("\nexact ").unwrap();
        assert!(exact.contains(&format!("\n  {value}\n")), "{text}");
        // An enclosure does not tell that the digits end.
        let printed = printed.lines().last().unwrap().trim();
        let (figures, power) = printed.split_once('e').unwrap_or((printed, ""));
        let shortened =
            if figures.contains('.') { figures.trim_end_matches('0').trim_end_matches('.') } else { figures };
        assert_eq!([shortened, power].join(if power.is_empty() { "" } else { "e" }), value, "{text}");
    }
}

/// Σ = σ²λ/(2 − 3λ), which is σ² at λ = 1/2.
#[test]
fn a_claim_of_a_file_is_evaluated_at_one_problem() {
    let (folder, path) = one_weight("0.5", "3");
    let own = folder.path().join("mine.toml");
    let claim = "[[claim]]\nid = 'mine/variance'\nformula = 'Σ = λσ²/(2 − 3λa)'\nassume = ['one weight']\n";
    std::fs::write(&own, claim).unwrap();
    let [own, path] = [&own, &path].map(|path| path.to_str().unwrap());
    let text = printed(&["evaluate", "mine/variance", path, "--from", own]);
    assert!(text.contains("\nexact    Σ =\n  3\n") && text.contains("lies within the enclosure"), "{text}");
    let two = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/label_noise.toml");
    let (code, why) = refused(&["evaluate", "mine/variance", two, "--from", own]);
    assert!(code == 2 && why.contains("the claim is about one weight, and your problem has 2 weights"), "{why}");
    let (code, why) = refused(&["evaluate", "mine/mean", path, "--from", own]);
    assert!(
        code == 2 && why.contains("mine/mean: expected a claim of ") && why.ends_with(": mine/variance\n"),
        "{why}"
    );
    let (code, why) = refused(&["evaluate", "mine/variance", path]);
    assert!(code == 2 && why.contains("mine/variance: expected a claim with a closed form, such as "), "{why}");
}

/// 442³² of them.
#[test]
fn minibatches_that_nobody_can_enumerate_are_not_begun() {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/diabetes.toml");
    let text = printed(&["evaluate", "minibatch/noise", data, "--digits", "10"]);
    assert!(
        text.contains("no answer here: 442 samples have more than 10^38 minibatches of 32: expected at most 1000000."),
        "{text}"
    );
}

#[test]
fn an_atlas_says_among_which_momenta_one_is_the_best() {
    let (_folder, path) = one_weight("0.5", "1");
    let text = printed(&["atlas", path.to_str().unwrap()]);
    assert!(text.contains("best momentum        0.0000000000    among 0 ≤ μ < 1"), "{text}");
    assert!(text.contains("of either sign       -0.212"), "{text}");
    assert!(text.contains("among −1 < μ < 1, where the spectral radius is smallest: 0.7155867186"), "{text}");
    let (_folder, path) = one_weight("0", "1");
    assert!(!printed(&["atlas", path.to_str().unwrap()]).contains("NaN"));
}

#[test]
fn a_place_that_cannot_be_written_is_refused_first() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let place = folder.path().join("file/page").display().to_string();
    for arguments in [&["report", "--output", &place][..], &["verify", "--json", &place]] {
        let (code, why) = refused(arguments);
        assert!(code == 2 && why.starts_with("error: ") && why.contains("file"), "{why}");
    }
}
