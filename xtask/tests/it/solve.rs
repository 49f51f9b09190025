//! `cargo xtask solve`, from the outside: exit codes, the one line of a refusal, the keys of the JSON object.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used)]

use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use rug::Rational;
use serde_json::{Value, json};

const KEYS: [&str; 22] = [
    "stable",
    "undecided",
    "spectral_radius",
    "spectral_radius_bounds",
    "spectral_radius_gap",
    "stability_margin",
    "stability_margin_bounds",
    "fluctuation",
    "noise_covariance",
    "train_loss",
    "test_loss",
    "minimizer",
    "least_loss",
    "kurtosis",
    "residual",
    "error_bound",
    "absolute_error_bounds",
    "condition_number",
    "still_directions",
    "null_space",
    "engine",
    "exact",
];

fn solve(file: &Path, options: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).arg("solve").arg(file).args(options).output().unwrap()
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data").join(name)
}

/// The object that `--json -` prints, whose keys are always the same.
fn json(file: &Path, options: &[&str], code: i32) -> Value {
    let output = solve(file, &[&["--json", "-"], options].concat());
    assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(object.as_object().unwrap().keys().eq(KEYS), "{object}");
    object
}

/// The entries of a matrix or a number.
fn entries(value: &Value) -> Vec<f64> {
    match value.as_array() {
        Some(parts) => parts.iter().flat_map(entries).collect(),
        None => vec![value.as_f64().unwrap()],
    }
}

/// Largest difference over largest entry.
fn distance(a: &Value, b: &Value) -> f64 {
    let (a, b) = (entries(a), entries(b));
    assert_eq!(a.len(), b.len());
    let largest = |values: &mut dyn Iterator<Item = f64>| values.map(f64::abs).fold(0.0, f64::max);
    largest(&mut a.iter().zip(&b).map(|(a, b)| a - b)) / largest(&mut b.iter().copied())
}

#[test]
fn two_engines_give_the_same_answer_to_a_problem_with_everything() {
    let rounded = json(&data("gaussian.toml"), &[], 0);
    let exact = json(&data("gaussian.toml"), &["--engine", "exact"], 0);
    for key in ["fluctuation", "noise_covariance", "train_loss", "test_loss"] {
        assert!(distance(&rounded[key], &exact[key]) < 1e-10, "{key}: {} {}", rounded[key], exact[key]);
    }
    // The doubles are the nearest to the fractions.
    for key in ["train_loss", "test_loss"] {
        let fraction = exact["exact"][key].as_str().unwrap().parse::<Rational>().unwrap();
        assert_eq!(numbers::nearest_f64(&fraction), exact[key].as_f64().unwrap());
    }
    for key in ["fluctuation", "noise_covariance"] {
        let fraction = exact["exact"][key][0][1].as_str().unwrap().parse::<Rational>().unwrap();
        assert_eq!(numbers::nearest_f64(&fraction), exact[key][0][1].as_f64().unwrap());
    }
    assert!(rounded["exact"].is_null());
    assert_eq!((&exact["residual"], &exact["error_bound"]), (&0.0.into(), &0.0.into()));
    assert_eq!((&rounded["engine"], &exact["engine"]), (&"lyapunov".into(), &"exact".into()));
    assert!(rounded["residual"].as_f64().unwrap() < 1e-10);
    assert!(rounded["error_bound"].as_f64().unwrap() < 1e-6);
    assert!(rounded["spectral_radius"].as_f64().unwrap() < 1.0);
    assert!(rounded["stability_margin"].as_f64().unwrap() > 1.0);
}

/// The values are those of the closed form tail/kurtosis-of-several-weights.
#[test]
fn the_kurtosis_is_a_list_or_the_word_infinite() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("problem.toml");
    for (covariance, size, noise, kurtosis, in_full) in [
        ("[[1, 0], [0, 1]]", 3, 1, json!([279.0 / 68.0, 279.0 / 68.0]), json!(["279/68", "279/68"])),
        ("[[1]]", 2, 1, json!([6.0]), json!(["6"])),
        ("[[1]]", 2, 0, json!([null]), json!([null])),
        ("[[1]]", 1, 1, json!("infinite"), json!("infinite")),
    ] {
        let sgd = format!("[sgd]\nbatch_size = {size}\nlearning_rate = 0.5\n");
        let model = format!("[model]\nfeature_covariance = {covariance}\nlabel_noise_variance = {noise}\n");
        std::fs::write(&file, sgd + &model).unwrap();
        let answer = json(&file, &["--engine", "exact"], 0);
        assert_eq!((&answer["kurtosis"], &answer["exact"]["kurtosis"]), (&kurtosis, &in_full), "S = {size}");
        assert_eq!(json(&file, &[], 0)["kurtosis"], Value::Null);
    }
}

#[test]
fn a_data_set_is_solved_and_has_no_test_loss() {
    let answer = json(&data("diabetes.toml"), &[], 0);
    assert_eq!(entries(&answer["fluctuation"]).len(), 100);
    assert_eq!(answer["test_loss"], Value::Null);
    assert_eq!(answer["stable"], Value::Bool(true));
}

#[test]
fn the_summary_names_every_quantity() {
    let output = solve(&data("label_noise.toml"), &["--engine", "exact"]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    for word in
        ["spectral radius", "stability margin", "train loss", "test loss", "fluctuation Σ", "noise covariance C"]
    {
        assert!(text.contains(word), "{word} in {text}");
    }
}

#[test]
fn an_unstable_problem_exits_with_3_and_its_radius() {
    for engine in ["lyapunov", "exact", "montecarlo"] {
        let answer = json(&data("unstable.toml"), &["--engine", engine], 3);
        let radius = answer["spectral_radius"].as_f64().unwrap();
        assert!(radius > 1.0, "{radius}");
        for (key, value) in answer.as_object().unwrap() {
            match key.as_str() {
                "stable" => assert_eq!(*value, Value::Bool(false)),
                "engine" => assert_eq!(*value, Value::from(engine)),
                "spectral_radius" => {}
                "stability_margin" => assert!(value.as_f64().unwrap() < 1.0),
                _ => assert_eq!(*value, Value::Null, "{key}"),
            }
        }
        let output = solve(&data("unstable.toml"), &["--engine", engine]);
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains(&format!("{radius:.5}")), "{message}");
        assert_eq!((message.lines().count(), output.stdout.len()), (1, 0), "{message}");
    }
}

#[test]
fn a_malformed_file_exits_with_2_and_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let good = std::fs::read_to_string(data("gaussian.toml")).unwrap();
    let bad = [
        ("batch_size = 4", "batch_size = 0", "sgd.batch_size = 0: expected"),
        ("momentum = 0.3", "momentum = 1", "sgd.momentum = 1: expected 0 ≤ momentum < 1"),
        ("momentum = 0.3", "momentum = \"\"\"\n\n\"\"\"", "sgd.momentum = \"\\n\": expected"),
        ("momentum = 0.3", "moment\\num = 1", "line "),
        ("true_weights", "\"true\\nweights\"", "model.true\\nweights = [0.4, -1.1]: unknown key"),
        (
            "[[1.0, 0.2], [0.2, 0.8]]",
            "[[1.0, 2.0], [2.0, 0.8]]",
            "model.feature_covariance is not positive semidefinite",
        ),
    ];
    for (from, to, told) in bad {
        let file = folder.path().join("bad.toml");
        assert!(good.contains(from), "{from}");
        std::fs::write(&file, good.replacen(from, to, 1)).unwrap();
        let output = solve(&file, &["--json", "-"]);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(told), "{message}");
        assert_eq!((message.lines().count(), output.stdout.len()), (1, 0), "{message}");
    }
    let output = solve(&folder.path().join("none.toml"), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8(output.stderr).unwrap().lines().count(), 1);
}

#[test]
fn a_problem_may_come_from_the_standard_input() {
    let input = |text: std::fs::File, options: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(["solve", "-"]).args(options).stdin(Stdio::from(text)).output().unwrap()
    };
    let output = input(std::fs::File::open(data("gaussian.toml")).unwrap(), &["--json", "-"]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["fluctuation"], json(&data("gaussian.toml"), &[], 0)["fluctuation"]);
    let mut bad = tempfile::tempfile().unwrap();
    bad.write_all(b"[sgd]\nbatch_size = 0").unwrap();
    bad.rewind().unwrap();
    let output = input(bad, &[]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(message.contains("standard input: expected exactly one of [model] and [data]"), "{message}");
}

#[test]
fn a_matrix_that_is_barely_indefinite_is_refused_by_every_engine_alike() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("indefinite.toml");
    let good = std::fs::read_to_string(data("gaussian.toml")).unwrap();
    let indefinite = "[[1, 1.0000000000000002], [1.0000000000000002, 1]]";
    std::fs::write(&file, good.replacen("[[1.0, 0.2], [0.2, 0.8]]", indefinite, 1)).unwrap();
    let messages = ["lyapunov", "exact", "montecarlo"].map(|engine| {
        let output = solve(&file, &["--engine", engine]);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    });
    assert!(messages[0].contains("its smallest eigenvalue is at most -2.000e-16, expected ≥ 0"), "{}", messages[0]);
    assert!(messages.iter().all(|message| *message == messages[0]), "{messages:?}");
}

#[test]
fn json_and_arrays_are_written_where_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (object, arrays) = (folder.path().join("answer.json"), folder.path().join("new/folder"));
    let options = ["--json", object.to_str().unwrap(), "--npy", arrays.to_str().unwrap()];
    let output = solve(&data("gaussian.toml"), &options);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let object: Value = serde_json::from_slice(&std::fs::read(object).unwrap()).unwrap();
    for key in ["fluctuation", "noise_covariance"] {
        let bytes = std::fs::read(arrays.join(format!("{key}.npy"))).unwrap();
        let array = npyz::NpyFile::new(bytes.as_slice()).unwrap();
        assert_eq!(array.shape(), [2, 2]);
        assert_eq!(array.into_vec::<f64>().unwrap(), entries(&object[key]));
    }
}
