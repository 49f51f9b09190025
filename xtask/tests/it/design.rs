//! `design` from the outside: known fractions, the rules beside each other, and what is refused.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn design(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).arg("design").args(arguments).output().unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let output = design(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The exit code and the line of a refusal, which prints nothing else.
fn refused(arguments: &[&str]) -> (i32, String) {
    let output = design(arguments);
    assert!(output.stdout.is_empty(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// A problem at S = 4 with label noise of variance 1.
fn problem(covariance: &str, learning_rate: &str, more: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("problem.toml");
    let text = format!(
        "[sgd]\nbatch_size = 4\nlearning_rate = {learning_rate}\n[model]\nfeature_covariance = {covariance}\n{more}\n"
    );
    fs::write(&path, text).unwrap();
    (folder, path)
}

const NOISE: &str = "label_noise_variance = 1";

/// Λ = [[368, −80], [−80, 576]]/803, by hand.
#[test]
fn a_matrix_has_its_learning_rate_in_fractions() {
    let (_folder, path) = problem("[[1, 0.5], [0.5, 1]]", "1", NOISE);
    let path = path.to_str().unwrap();
    let text = printed(&[path, "--target", "[[1/10, 0], [0, 0.2]]"]);
    assert!(text.contains("\n 368/803  -80/803\n -80/803  576/803\n"), "{text}");
    assert!(text.contains("finds Σ there, to the last digit"), "{text}");
    let json: Value =
        serde_json::from_str(&printed(&[path, "--target", "[[0.1, 0], [0, 0.2]]", "--json", "-"])).unwrap();
    assert_eq!(json["exact_learning_rate"][1][1], "576/803");
    assert_eq!(json["fluctuation"][0][0], 0.1);
}

/// A = I, D = 2: 1/Σ = 2S/λ − S − 3, which is 73 at λ = 1/10, S = 4.
#[test]
fn the_rules_stand_beside_each_other() {
    let (_folder, path) = problem("[[1, 0], [0, 1]]", "0.1", NOISE);
    let path = path.to_str().unwrap();
    // Three ways to say the same.
    for target in [
        &["--batch-size", "1,16,256"][..],
        &["--target", "1/73", "--batch-size", "1,16,256"],
        &["--target-loss", "1/73", "--batch-size", "1,16,256"],
    ] {
        let json: Value = serde_json::from_str(&printed(&[&[path][..], target, &["--json", "-"]].concat())).unwrap();
        assert_eq!(json["exact_learning_rate"][0][0], "1/10");
        for (row, (rate, linear, root)) in [
            ("2/77", Some(73.0 / 76.0), 73.0 / 36.0),
            ("8/23", Some(73.0 / 61.0), 73.0 / 141.0),
            ("128/83", None, 73.0 / 381.0),
        ]
        .into_iter()
        .enumerate()
        {
            let row = &json["by_batch_size"][row];
            assert_eq!(row["exact_learning_rate"][0][0], rate);
            assert_eq!(row["linear"]["fluctuation_ratio"].as_f64(), linear);
            assert_eq!(row["square_root"]["fluctuation_ratio"].as_f64(), Some(root));
        }
    }
    let text = printed(&[path, "--batch-size", "256"]);
    assert!(text.contains("unstable"), "{text}");
}

/// Where the root is no fraction, bounds on λ are told, and the engine finds losses on both sides.
#[test]
fn a_loss_has_an_enclosed_learning_rate() {
    let (_folder, path) = problem("[[1, 0], [0, 0.5]]", "1", NOISE);
    let json = printed(&[path.to_str().unwrap(), "--target-loss", "19/259", "--batch-size", "16", "--json", "-"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    let rate = |value: &Value| value["learning_rate"][0][0].as_f64().unwrap();
    assert!((rate(&json) - 0.5).abs() < 1e-15, "{json}");
    // 32/y with 76y² − 2829y + 21080 = 0.
    let y = (2829.0 + f64::sqrt(2829.0 * 2829.0 - 4.0 * 76.0 * 21080.0)) / 152.0;
    assert!((rate(&json["by_batch_size"][0]) - 32.0 / y).abs() < 1e-14, "{json}");
    assert!(json["exact_learning_rate"].is_null() && json["learning_rate_bounds"].is_array(), "{json}");
}

#[test]
fn what_has_no_design_is_refused_with_its_reason() {
    let (_folder, path) = problem("[[1, 0], [0, 1]]", "1.5", NOISE);
    let path = path.to_str().unwrap();
    for (options, code, why) in [
        (&["--target", "[[1, 2], [2, 1]]"][..], 2, "the target is not positive definite"),
        (&["--target", "[[1, 2], [0, 1]]"], 2, "the target is not symmetric"),
        (&["--target", "[[1]]"], 2, "the target is 1 by 1: expected 2 by 2"),
        (&["--target", "[[1], [1, 2]]"], 2, "expected rows of one length"),
        (&["--target", "nothing.npy"], 2, "nothing.npy"),
        (&["--target-loss", "-1"], 2, "expected a number above 0"),
        (&["--target", "1", "--target-loss", "1"], 2, "cannot be used with"),
        (&["--batch-size", "0", "--target", "1"], 2, "0 is not in"),
        (&[], 2, "required"),
        (&["--batch-size", "8"], 3, "nothing is stationary"),
    ] {
        let (found, told) = refused(&[&[path][..], options].concat());
        assert!(found == code && told.contains(why), "{options:?}: {found}: {told}");
    }
    for (more, why) in [
        ("label_noise_variance = 1\nweight_decay = 0.1\ntrue_weights = [1, 1]", "weight_decay is not 0"),
        ("label_noise_variance = 0", "no label noise and no input noise"),
    ] {
        let (_folder, path) = problem("[[1, 0], [0, 1]]", "0.1", more);
        let (code, told) = refused(&[path.to_str().unwrap(), "--target", "1"]);
        assert!(code == 2 && told.contains(why), "{told}");
    }
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/diabetes.toml");
    let (code, told) = refused(&[data, "--target", "1"]);
    assert!(code == 2 && told.contains("expected Gaussian features"), "{told}");
}
