//! `cargo xtask sample --draws shuffled-epochs`, against the mean over all orders of three samples.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::process::Command;

use serde_json::Value;

/// Three samples, one at a time: E[w] is not w*, and Σ is about E[w].
#[test]
fn shuffled_epochs_have_a_mean_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("three.csv"), "x,y\n1,1\n2,0\n3,2\n").unwrap();
    let file = folder.path().join("three.toml");
    let text = "[sgd]\nbatch_size = 1\nlearning_rate = 0.05\n[data]\nfeatures = \"three.csv\"\nlabel = \"y\"\n";
    fs::write(&file, text).unwrap();
    for last in ["keep", "drop", "straddle"] {
        let options = ["--draws", "shuffled-epochs", "--last-batch", last, "--steps", "30000", "--json", "-"];
        let output = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("sample").arg(&file).args(options).output().unwrap();
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let number = |keys: &[&str]| {
            let value = keys.iter().fold(&answer, |value, key| &value[*key]);
            let entry = |value: &Value| value[0].as_f64().or_else(|| value[0][0].as_f64());
            entry(value).or(value.as_f64()).unwrap()
        };
        let compared = |what: &[&str], error: &[&str], expected: f64| {
            let z = (number(what).abs() - expected) / number(error);
            assert!(z.abs() < 5.0, "{last}: {what:?} = {}, expected {expected}", number(what));
        };
        compared(&["fluctuation"], &["standard_error", "fluctuation"], 0.004_118_347_516_29);
        compared(&["mean_square", "mean"], &["mean_square", "standard_error"], 0.004_244_317_391_20);
        let offset = "mean_weights_offset";
        compared(&[offset, "mean"], &[offset, "standard_error"], 0.011_223_630_2);
        compared(&["train_loss"], &["standard_error", "train_loss"], 0.25 + 7.0 / 3.0 * 0.004_244_317_391_20);
        assert_eq!((&answer["last_batch"], &answer["trusted"]), (&last.into(), &true.into()));
        // 30/ln(1/0.418^(2/3)) steps.
        assert_eq!((&answer["burn_in"], &answer["burn_in_from"]), (&52.into(), &"pilot".into()));
    }
}

/// Ten weights: their matrices are summed up, and so is their mean.
#[test]
fn a_report_of_many_weights_is_short() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/diabetes.toml");
    let options = ["--draws", "shuffled-epochs", "--burn-in", "1000", "--steps", "3000"];
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("sample").arg(file).args(options).output().unwrap();
    let report = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    for words in
        ["‖E[w] − w*‖", "from which the losses follow: trace", "fluctuation Σ: trace", "test loss         none"]
    {
        assert!(report.contains(words), "{words} in {report}");
    }
}
