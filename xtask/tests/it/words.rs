//! What the front door says of a command line that it does not understand, from the outside.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used)]

use std::process::Command;

/// What is said on the standard error, with exit code 2.
fn refused(line: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).args(line.split(' ')).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{line}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_mistyped_claim_is_told_the_nearest_and_not_all() {
    let told = refused("verify --claim label-noise/fluctation");
    assert!(told.contains("such as label-noise/fluctuation, "), "{told}");
    assert!(told.contains("cargo xtask verify --list"), "{told}");
    assert!(told.len() < 400, "{told}");
}

#[test]
fn names_are_listed_without_a_judgement() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).args(["verify", "--list"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    for name in ["label-noise", "label-noise/fluctuation", "tail/density"] {
        assert!(text.lines().any(|line| line == name), "{name} in {text}");
    }
}

#[test]
fn an_unknown_option_is_not_taken_for_a_file() {
    let told = refused("solve data/gaussian.toml --learning-rate 1");
    assert!(told.contains("unexpected argument '--learning-rate'") && !told.contains("-- --"), "{told}");
    assert!(refused("solve data/gaussian.toml --engin exact").contains("'--engine'"));
}

#[test]
fn the_workshop_is_started_with_all_that_it_is_asked() {
    for line in ["tidy", "tidy --help", "diff old.json new.json --slower 2", "mutants claims -- --jobs 2", "test -h"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let output = command.args(line.split(' ')).env("CARGO", "echo").output().unwrap();
        assert!(output.status.success(), "{line}");
        assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("run --package workshop -- {line}\n"));
    }
    let failed = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("tidy").env("CARGO", "false").status().unwrap();
    assert_eq!(failed.code(), Some(1));
}

#[test]
fn the_help_lists_the_product_and_the_workshop() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("--help").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for name in ["verify", "solve", "report", "diff", "calibrate", "bench", "test", "mutants", "tidy"] {
        assert!(text.lines().any(|line| line.split_whitespace().next() == Some(name)), "{name} in {text}");
    }
    assert!(refused("tidi").contains("'tidy'"));
}
