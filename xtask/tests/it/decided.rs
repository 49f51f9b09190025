//! `cargo xtask solve` where doubles alone would be wrong: at the edge of stability, with units that differ by many orders of
//! magnitude, without noise, and where a direction never moves. Each right value was computed by hand or over ℚ.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::process::Command;

use serde_json::Value;

/// The object that `solve --json -` prints of a problem, with a data file beside it.
fn solve(problem: &str, data: &str, options: &[&str], code: i32) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("problem.toml");
    fs::write(&file, problem).unwrap();
    fs::write(folder.path().join("data.csv"), data).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.arg("solve").arg(&file).args(["--json", "-"]).args(options).output().unwrap();
    assert_eq!(output.status.code(), Some(code), "{problem}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// One weight with A = σ² = 1.
fn one_weight(S: u32, lambda: &str, mu: &str) -> String {
    format!(
        "[sgd]\nbatch_size = {S}\nlearning_rate = {lambda}\nmomentum = {mu}\n[model]\nfeature_covariance = [[1]]\n\
         label_noise_variance = 1\n"
    )
}

fn data(S: u32, lambda: &str) -> String {
    format!("[sgd]\nbatch_size = {S}\nlearning_rate = {lambda}\n[data]\nfeatures = \"data.csv\"\nlabel = \"y\"\n")
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("expected a number, not {value}"))
}

/// L_train = ½(1 + Σ), Σ = λ/(2 − 3λ): the decimals of the file, not the doubles beside them.
#[test]
fn decimals_are_those_of_the_file() {
    for (lambda, loss, digits) in [
        ("0.666666", 166_667.0, 1e-12),
        ("0.66666666666666", 16_666_666_666_667.0, 1e-12),
        ("0.6666666666666666", 1_666_666_666_666_667.0, 0.0),
    ] {
        let answer = solve(&one_weight(1, lambda, "0"), "", &[], 0);
        assert_eq!(answer["stable"], Value::Bool(true));
        assert!((number(&answer["train_loss"]) / loss - 1.0).abs() <= digits, "{answer}");
        assert!(number(&answer["spectral_radius"]) < 1.0 && number(&answer["spectral_radius_gap"]) > 0.0);
        assert!(number(&answer["stability_margin"]) > 1.0);
    }
}

/// The edge of λ at S = 4, μ = 0.9 is 38/105 = 0.36190476190476190…; and at S = 2 it is 1, where nothing is stationary any more.
#[test]
fn on_both_sides_of_the_edge_the_verdict_is_right() {
    for (lambda, code) in [
        ("0.3619047619047618", 0),
        ("0.36190476190476184", 0),
        ("0.36190476190476190", 0),
        ("0.36190476190476191", 3),
        ("0.36190476190476195", 3),
        ("0.3619047619047620", 3),
    ] {
        let answer = solve(&one_weight(4, lambda, "0.9"), "", &[], code);
        assert_eq!(answer["stable"], Value::Bool(code == 0));
        assert_eq!(number(&answer["spectral_radius"]) < 1.0, code == 0, "{lambda}: {answer}");
        assert_eq!(number(&answer["stability_margin"]) > 1.0, code == 0, "{lambda}: {answer}");
    }
    solve(&one_weight(2, "1", "0"), "", &[], 3);
}

/// A = diag(1, 10⁻¹⁵), S = 10, λ = 1/2: the second weight fluctuates no less, 29/1120 = 0.0258928….
#[test]
fn a_weak_direction_fluctuates() {
    let problem = "[sgd]\nbatch_size = 10\nlearning_rate = 0.5\n[model]\nfeature_covariance = [[1, 0], [0, 1e-15]]\n\
                   label_noise_variance = 1\n";
    for engine in ["lyapunov", "exact"] {
        let answer = solve(problem, "", &["--engine", engine], 0);
        assert!((number(&answer["fluctuation"][1][1]) - 0.025_892_857_142_857).abs() < 1e-14, "{answer}");
        assert_eq!(answer["still_directions"], 0);
    }
    // A column of a data set in units of 1e-8, and the same one in units of 1: Σ₂₂ is 1e16 times as large at 1e16 times λ₂.
    let rows = [(1.0, 2.0, 3.0), (2.0, -1.0, 1.0), (-1.0, 1.0, 2.0), (0.5, 3.0, -1.0)];
    let table = |unit: f64| {
        let row = |(a, b, y): &(f64, f64, f64)| format!("{a},{:e},{y}\n", b * unit);
        format!("a,b,y\n{}", rows.iter().map(row).collect::<String>())
    };
    let of = |rate: &str, unit| solve(&data(1, rate), &table(unit), &[], 0);
    let (small, plain) = (of("[[0.05, 0], [0, 5e14]]", 1e-8), of("0.05", 1.0));
    let ratio = number(&small["fluctuation"][1][1]) / number(&plain["fluctuation"][1][1]);
    assert!((ratio / 1e16 - 1.0).abs() < 1e-12, "{ratio:e}");
    let alone = of("0.05", 1e-8);
    assert!(number(&alone["fluctuation"][1][1]) > 0.0 && alone["still_directions"] == 0, "{alone}");
    // Rows that a column of 1e-300 fits: no digit of the noise is left in doubles, and fractions know that there is none.
    let fitted = solve(&data(1, "0.1"), "x,y\n1e-300,1\n2e-300,2\n", &[], 0);
    assert_eq!((number(&fitted["train_loss"]), &fitted["exact"]["train_loss"]), (0.0, &Value::from("0")));
}

/// Zero is zero, or has a bound.
#[test]
fn rounding_is_no_noise() {
    let fitted = solve(&data(1, "0.0625"), "a,b,c,y\n3,1,2,1\n1,-2,3,2\n", &[], 0);
    assert_eq!(fitted["engine"], "lyapunov");
    assert_eq!(fitted["fluctuation"], serde_json::json!([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]));
    assert_eq!((number(&fitted["error_bound"]), number(&fitted["train_loss"])), (0.0, 0.0));
    assert_eq!(
        (number(&fitted["absolute_error_bounds"]["fluctuation"]), &fitted["still_directions"]),
        (0.0, &1.into())
    );

    let line = solve(&data(1, "0.05"), "a,y\n1,0.3\n2,0.6\n3,0.9\n", &[], 0);
    assert_eq!(number(&line["fluctuation"][0][0]), 0.0);
    let bound = number(&line["absolute_error_bounds"]["fluctuation"]);
    assert!((0.0..1e-50).contains(&bound) && line["error_bound"].is_null() == (bound > 0.0), "{line}");

    let minimal =
        solve("[sgd]\nbatch_size = 4\nlearning_rate = 0.1\n[model]\nfeature_covariance = [[1]]\n", "", &[], 0);
    assert_eq!((number(&minimal["fluctuation"][0][0]), number(&minimal["error_bound"])), (0.0, 0.0));
}

/// A weight that nothing but a weight decay moves, one whose learning rate is 0, and features that depend on each other.
#[test]
fn what_does_not_move_is_no_instability() {
    let pulled = "[sgd]\nbatch_size = 4\nlearning_rate = 0.5\n[model]\nfeature_covariance = [[0]]\nweight_decay = 1\n\
                  true_weights = [0]\n";
    let frozen = "[sgd]\nbatch_size = 4\nlearning_rate = [[0.1, 0], [0, 0]]\n[model]\n\
                  feature_covariance = [[1, 0.5], [0.5, 1]]\nlabel_noise_variance = 1\n";
    let dependent = "[sgd]\nbatch_size = 4\nlearning_rate = 0.1\n[model]\nfeature_covariance = [[0.1, 0.3], [0.3, 0.9]]\n\
                     label_noise_variance = 1\n";
    for engine in ["lyapunov", "exact"] {
        let answer = solve(pulled, "", &["--engine", engine], 0);
        assert!(
            (number(&answer["spectral_radius"]) - 0.25).abs() < 1e-15 && number(&answer["fluctuation"][0][0]) == 0.0
        );
        assert!((number(&answer["stability_margin"]) - 4.0).abs() < 1e-12, "{answer}");
        // Σ = λ/(S(2 − λ) − 2λ) of one weight with a = 1, S = 4: 1/74.
        let answer = solve(frozen, "", &["--engine", engine], 0);
        assert!((number(&answer["fluctuation"][0][0]) * 74.0 - 1.0).abs() < 1e-14, "{answer}");
        assert_eq!((number(&answer["fluctuation"][1][1]), &answer["still_directions"]), (0.0, &1.into()));
        // The same along (1, 3)/√10.
        let answer = solve(dependent, "", &["--engine", engine], 0);
        assert!((number(&answer["fluctuation"][1][1]) * 740.0 - 9.0).abs() < 1e-13, "{answer}");
        assert_eq!(answer["exact"]["fluctuation"][0][1], "3/740");
    }
}

/// A second feature that is the first but for 10⁻¹⁷ of it: doubles lose the weak direction, whose radius is 1 − 10⁻¹⁸ or so.
#[test]
fn what_doubles_lose_is_not_told() {
    let problem = "[sgd]\nbatch_size = 1\nlearning_rate = 0.1\n[model]\n\
                   feature_covariance = [[1, 1], [1, 1.00000000000000001]]\nlabel_noise_variance = 1\n";
    for engine in ["lyapunov", "exact"] {
        let answer = solve(problem, "", &["--engine", engine], 0);
        assert_eq!((&answer["engine"], &answer["spectral_radius"]), (&"exact".into(), &Value::Null));
        let gap = number(&answer["spectral_radius_gap"]);
        assert!(gap > 0.0 && gap < 1.1e-18, "{gap:e}");
    }
}

/// What is large is not unstable.
#[test]
fn sizes_have_no_part_in_a_verdict() {
    let problem = one_weight(4, "0.1", "0").replace("label_noise_variance = 1", "label_noise_variance = 1e200");
    let answer = solve(&problem, "", &[], 0);
    assert_eq!(answer["exact"]["fluctuation"][0][0].as_str().map(str::len), Some(203), "{answer}");
    assert!((number(&answer["fluctuation"][0][0]) / (1e200 / 74.0) - 1.0).abs() < 1e-14);
}

/// Undecided in doubles and too large for fractions: an exit code of its own, and who decides.
#[test]
fn undecided_is_said() {
    let columns: Vec<String> = (0..14).map(|k| format!("x{k}")).collect();
    let row = |n: usize| -> Vec<String> {
        let mut row = Vec::from_iter((0..13).map(|k| ((n * n + 3 * n * k + 7 * k * k) % 11).to_string()));
        // The last column is the sum of the first two.
        row.push(((n * n) % 11 + (n * n + 3 * n + 7) % 11).to_string());
        row.push((n % 5).to_string());
        row
    };
    let table = format!("{},y\n{}\n", columns.join(","), Vec::from_iter((0..40).map(|n| row(n).join(","))).join("\n"));
    let answer = solve(&data(4, "0.0001"), &table, &[], 4);
    assert_eq!(answer["stable"], Value::Null);
    assert!(answer["undecided"].as_str().unwrap().contains("of 14 directions"), "{answer}");
}
