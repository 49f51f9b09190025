//! `cargo xtask sample`, from the outside: the same bytes however a run is cut, and the one line of a refusal.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

/// A run of a fraction of a second.
const SMALL: [&str; 4] = ["--chains", "40", "--steps", "6000"];
/// One of a second.
const LONG: [&str; 4] = ["--chains", "32", "--steps", "3000000"];

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data").join(name)
}

fn command(problem: &Path, options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("sample").arg(problem).args(options);
    command
}

fn sample(name: &str, options: &[&[&str]]) -> Output {
    command(&data(name), &options.concat()).output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The JSON object of a run that ends well, to the byte.
fn json(name: &str, options: &[&[&str]]) -> String {
    let output = sample(name, &[options, &[&["--json", "-"]]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn value(name: &str, options: &[&[&str]]) -> Value {
    serde_json::from_str(&json(name, options)).unwrap()
}

#[track_caller]
fn refused(output: &Output, code: i32, message: &str) {
    let told = told(output);
    assert_eq!(output.status.code(), Some(code), "{told}");
    assert!(told.starts_with("error: ") && told.contains(message), "{told}");
    assert_eq!((told.lines().count(), output.stdout.len()), (1, 0), "{told}");
}

#[test]
fn one_thread_and_two_give_the_same_bytes() {
    for (name, draws) in [
        ("gaussian.toml", "literal"),
        ("gaussian.toml", "in-distribution"),
        ("diabetes.toml", "literal"),
        ("diabetes.toml", "shuffled-epochs"),
    ] {
        let of = |threads: &str| {
            let options = [&SMALL[..], &["--burn-in", "200", "--draws", draws, "--json", "-"]].concat();
            command(&data(name), &options).env("RAYON_NUM_THREADS", threads).output().unwrap()
        };
        let [one, two] = ["1", "2"].map(of);
        assert!(one.status.success() && !one.stdout.is_empty(), "{}", told(&one));
        assert_eq!(one.stdout, two.stdout, "{name}, {draws}");
    }
}

/// Starts a run, waits until its checkpoint is there and a little more, and sends the signal of Ctrl-C. On one thread, so
/// that no machine is done by then.
fn interrupted(name: &str, options: &[&str], checkpoint: &Path) -> Output {
    let mut command = command(&data(name), options);
    command.arg("--checkpoint").arg(checkpoint).env("RAYON_NUM_THREADS", "1");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while !checkpoint.exists() && child.try_wait().unwrap().is_none() {
        sleep(Duration::from_millis(1));
    }
    sleep(Duration::from_millis(100));
    let signal = format!("kill -INT {}", child.id());
    assert!(Command::new("sh").args(["-c", &signal]).status().unwrap().success());
    child.wait_with_output().unwrap()
}

#[test]
fn a_run_that_was_stopped_and_resumed_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    // To the last step, and until an error is reached after about half of them.
    for (name, error) in [("all", &[][..]), ("some", &["--error", "1e-3"])] {
        let checkpoint = folder.path().join(name);
        let path = checkpoint.to_str().unwrap();
        let expected = json("gaussian.toml", &[&LONG, error]);
        let stopped = interrupted("gaussian.toml", &[&LONG, error].concat(), &checkpoint);
        assert_eq!(stopped.status.code(), Some(130), "{}", told(&stopped));
        assert!(told(&stopped).contains("stopping within seconds"), "{}", told(&stopped));
        let report = String::from_utf8(stopped.stdout).unwrap();
        // Or it was stopped so early that there was no estimate.
        assert!(report.contains("INCOMPLETE") || told_nothing_yet(&stopped.stderr), "{report}");
        let resumed = json("gaussian.toml", &[&LONG, error, &["--checkpoint", path]]);
        assert_eq!(resumed, expected, "{name}");
        // The run is in its checkpoint, and nothing is left to run.
        assert_eq!(json("gaussian.toml", &[&LONG, error, &["--checkpoint", path]]), expected, "{name}");
        let steps: Value = serde_json::from_str(&expected).unwrap();
        assert_eq!(steps["steps"] == steps["steps_planned"], error.is_empty(), "{expected}");
    }
}

fn told_nothing_yet(message: &[u8]) -> bool {
    String::from_utf8_lossy(message).contains("nothing to report yet")
}

#[test]
fn shards_merge_to_the_bytes_of_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let files = ["1", "2", "3"].map(|k| folder.path().join(k).to_str().unwrap().to_owned());
    for (k, file) in files.iter().enumerate() {
        let shard = value("diabetes.toml", &[&SMALL, &["--shard", &format!("{}/3", k + 1), "--checkpoint", file]]);
        assert_eq!(shard["chains_planned"], 40);
        assert!(shard["chains"].as_u64().unwrap() < 20, "{shard}");
    }
    let [first, second, third] = &files;
    let merge = |files: &[&str]| sample("diabetes.toml", &[&SMALL, &["--json", "-", "--merge"], files]);
    let merged = merge(&[third, first, second]);
    assert_eq!(String::from_utf8(merged.stdout).unwrap(), json("diabetes.toml", &[&SMALL]));
    // Without a shard there is no whole, unless that is asked for.
    refused(&merge(&[first, third]), 2, "missing: shard 2/3, expected every shard once");
    let some = sample("diabetes.toml", &[&SMALL, &["--partial", "--json", "-", "--merge", first, third]]);
    let some: Value = serde_json::from_slice(&some.stdout).unwrap();
    assert!(some["chains"].as_u64().unwrap() < 40, "{some}");
    assert_eq!((&some["end"], &some["missing_shards"]), (&"partial".into(), &Value::from(vec!["2/3"])));
    let report = sample("diabetes.toml", &[&SMALL, &["--partial", "--merge", first, third]]);
    let report = String::from_utf8(report.stdout).unwrap();
    assert!(report.contains("PARTIAL: without the shards 2/3"), "{report}");

    refused(&merge(&[first, second, first, third]), 2, "shard 1/3 is given twice");
    let half = files[0].clone() + "of2";
    value("diabetes.toml", &[&SMALL, &["--shard", "1/2", "--checkpoint", &half]]);
    refused(&merge(&[&half, second]), 2, "shards of different runs: their number of shards is 2 and 3");
    refused(&merge(&[first, "none"]), 2, "error: none: No such file");
    let others = sample("diabetes.toml", &[&SMALL, &["--seed", "2", "--merge", first]]);
    refused(&others, 2, &format!("error: {first}: checkpoint of another run: its seed is 1, expected 2"));
    let wrong = sample("diabetes.toml", &[&SMALL, &["--shard", "2/3", "--checkpoint", first]]);
    refused(&wrong, 2, "checkpoint of another run: its shard is 1/3, expected 2/3");
    // A whole run is no shard either.
    let wrong = sample("diabetes.toml", &[&SMALL, &["--checkpoint", first]]);
    refused(&wrong, 2, "checkpoint of another run: its shard is 1/3, expected 1/1");
    let shard = sample("diabetes.toml", &[&SMALL, &["--shard", "1/6"]]);
    refused(&shard, 2, "6 shards: 40 chains, which run eight side by side, make at most 5");
}

#[test]
fn shards_that_are_not_equally_far_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = ["1", "2"].map(|k| folder.path().join(k));
    let stopped = interrupted("gaussian.toml", &[&LONG[..], &["--shard", "1/2"]].concat(), &first);
    assert_eq!(stopped.status.code(), Some(130), "{}", told(&stopped));
    let [first, second] = [first, second].map(|path| path.to_str().unwrap().to_owned());
    json("gaussian.toml", &[&LONG, &["--shard", "2/2", "--checkpoint", &second]]);
    let merged = sample("gaussian.toml", &[&LONG, &["--merge", &first, &second]]);
    refused(&merged, 2, "shards of different runs: their number of steps done is ");
}

#[test]
fn bad_options_exit_with_2_and_one_line() {
    for (name, options, message) in [
        ("gaussian.toml", &["--chains", "0"][..], "gaussian.toml: chains = 0: expected 2 to 1048576"),
        ("gaussian.toml", &["--steps", "0"], "steps = 0: expected 4 to "),
        ("gaussian.toml", &["--error", "0"], "error = 0: expected a number above 0"),
        ("gaussian.toml", &["--error", "-0.1"], "error = -0.1: expected a number above 0"),
        ("gaussian.toml", &["--error", "nan"], "error = NaN: expected a number above 0"),
        ("gaussian.toml", &["--shard", "3"], "shard = 3: expected k/n, such as 1/3"),
        ("gaussian.toml", &["--shard", "1/x"], "shard = 1/x: expected k/n, such as 1/3"),
        ("gaussian.toml", &["--shard", "0/2"], "shard = 0: expected 1 to 2"),
        ("gaussian.toml", &["--shard", "3/2"], "shard = 3: expected 1 to 2"),
        (
            "gaussian.toml",
            &["--draws", "shuffled-epochs"],
            "draws = shuffled epochs, the last minibatch smaller: expected a data set",
        ),
        ("diabetes.toml", &["--last-batch", "drop"], "last-batch = drop: expected --draws shuffled-epochs"),
        (
            "gaussian.toml",
            &["--draws", "in-distribution", "--label-noise", "laplace"],
            "label-noise = laplace: expected literal draws",
        ),
        (
            "diabetes.toml",
            &["--draws", "in-distribution"],
            "draws = in distribution: expected Gaussian features and labels",
        ),
        ("diabetes.toml", &["--label-noise", "laplace"], "the labels of a data set are given"),
        ("none.toml", &[], "none.toml"),
        ("gaussian.toml", &["--checkpoint", "no/such/folder"], "error: no/such/folder: No such file"),
    ] {
        refused(&sample(name, &[options]), 2, message);
    }
    let contradiction = sample("gaussian.toml", &[&["--error", "0.1", "--shard", "1/2"]]);
    assert_eq!(contradiction.status.code(), Some(2));
}

#[test]
fn a_checkpoint_that_does_not_fit_is_refused_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let run =
        |name: &str, changed: &[&str]| sample(name, &[&SMALL[2..], &["--checkpoint", path.to_str().unwrap()], changed]);
    assert!(run("gaussian.toml", &[]).status.success());
    let good = fs::read(&path).unwrap();
    for (name, changed, quantity) in [
        ("gaussian.toml", &["--seed", "2"][..], "seed"),
        ("gaussian.toml", &["--chains", "32"], "number of chains"),
        ("gaussian.toml", &["--burn-in", "7"], "burn-in"),
        ("gaussian.toml", &["--draws", "literal"], "draws"),
        ("label_noise.toml", &["--burn-in", "46"], "batch size"),
    ] {
        refused(&run(name, changed), 2, &format!("run: checkpoint of another run: its {quantity} is "));
    }
    for (place, message) in
        [(0, "no checkpoint of a Monte Carlo run"), (8, "expected 3"), (good.len() - 1, "damaged: checksum")]
    {
        let mut bytes = good.clone();
        bytes[place] ^= 0x40;
        fs::write(&path, &bytes).unwrap();
        refused(&run("gaussian.toml", &[]), 2, message);
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
}

#[test]
fn a_full_disk_leaves_the_old_checkpoint_and_the_run_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let options = [&SMALL[..], &["--json", "-", "--checkpoint", path.to_str().unwrap()]].concat();
    let expected = command(&data("gaussian.toml"), &options).output().unwrap();
    assert!(expected.status.success(), "{}", told(&expected));
    let old = fs::read(&path).unwrap();
    // Files are not allowed to grow. Ignoring the signal makes writing fail, with an error.
    let script = "ulimit -f 1; trap '' XFSZ; exec \"$0\" \"$@\"";
    let limited = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_xtask"), "sample"])
        .arg(data("gaussian.toml"))
        .args(options)
        .output()
        .unwrap();
    assert_eq!(limited.status.code(), Some(0), "{}", told(&limited));
    assert!(
        told(&limited).contains("warning: no checkpoint was written, an older one is as it was"),
        "{}",
        told(&limited)
    );
    assert_eq!(limited.stdout, expected.stdout);
    assert_eq!(fs::read(&path).unwrap(), old);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file is left");
}

/// One process keeps its run in a file; another is told so at once, and what a killed one leaves behind does no harm.
#[test]
fn a_checkpoint_is_of_one_process() {
    let folder = tempfile::tempdir().unwrap();
    let checkpoint = folder.path().join("run");
    let path = checkpoint.to_str().unwrap();
    let options = ["--chains", "8", "--steps", "1000000000", "--checkpoint", path];
    let mut first =
        command(&data("gaussian.toml"), &options).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    while !checkpoint.exists() && first.try_wait().unwrap().is_none() {
        sleep(Duration::from_millis(1));
    }
    refused(&sample("gaussian.toml", &[&options]), 2, "run: another process keeps its run in this file");
    first.kill().unwrap();
    first.wait().unwrap();
    fs::write(folder.path().join(".run.new"), "half of a checkpoint").unwrap();
    let short = ["--chains", "8", "--steps", "1000", "--checkpoint"];
    let told = sample("gaussian.toml", &[&short, &[path]]);
    refused(&told, 2, "its number of steps is 1000000000, expected 1000");
    fs::remove_file(&checkpoint).unwrap();
    assert!(sample("gaussian.toml", &[&short, &[path]]).status.success());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file is left");
}

/// A signal ends a run in the middle of a segment that would take minutes.
#[test]
fn a_long_segment_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let start = std::time::Instant::now();
    let options = ["--chains", "8", "--steps", "1000000000000"];
    let stopped = interrupted("gaussian.toml", &options, &folder.path().join("run"));
    assert_eq!(stopped.status.code(), Some(130), "{}", told(&stopped));
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn an_error_that_is_not_reached_exits_with_5() {
    let options = [&SMALL[..], &["--error", "1e-9"]].concat();
    let output = sample("gaussian.toml", &[&options]);
    assert_eq!(output.status.code(), Some(5), "{}", told(&output));
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(report.contains("NOT REACHED: the relative error that was asked for, 1e-9,"), "{report}");
    let output = sample("gaussian.toml", &[&options, &["--json", "-"]]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &answer["end"]), (Some(5), &"limit".into()));
}

#[test]
fn what_cannot_be_written_is_refused_before_the_run() {
    let start = std::time::Instant::now();
    for option in [["--json", "no/such/file"], ["--npy", "/dev/null/folder"]] {
        refused(&sample("gaussian.toml", &[&LONG, &option]), 2, option[1]);
    }
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    // A disk that is full in the end: the answer is printed.
    let output = sample("gaussian.toml", &[&SMALL, &["--json", "/dev/full"]]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(told(&output).starts_with("error: /dev/full: No space left"), "{}", told(&output));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), json("gaussian.toml", &[&SMALL]));
}

#[test]
fn what_diverges_exits_with_3() {
    refused(
        &sample("unstable.toml", &[]),
        3,
        "unstable: the spectral radius of the second-moment recursion is 2.655803480",
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("divergent.toml");
    let text = fs::read_to_string(data("unstable.toml")).unwrap().replace("learning_rate = 1.5", "learning_rate = 15");
    fs::write(&file, text).unwrap();
    let output = command(&file, &["--burn-in", "0"]).output().unwrap();
    refused(&output, 3, "divergent.toml: chain ");
    assert!(told(&output).contains("diverged in step "), "{}", told(&output));
}

#[test]
fn a_heavy_tail_has_no_standard_error() {
    // The second moment is infinite; a law is stationary nevertheless.
    let options: &[&[&str]] = &[&SMALL, &["--burn-in", "100"]];
    let answer = value("unstable.toml", options);
    assert_eq!((&answer["trusted"], &answer["standard_error"]), (&Value::from(false), &Value::Null));
    assert!(answer["relative_error"].is_null() && answer["tail_index"]["estimate"].as_f64().unwrap() < 2.0);
    let report = String::from_utf8(sample("unstable.toml", options).stdout).unwrap();
    assert!(report.contains("trusted: no, and no standard error is valid: heavy tail: index"), "{report}");
    let losses = report.lines().filter(|line| line.contains("loss"));
    assert!(losses.clone().count() == 2 && losses.clone().all(|line| !line.contains('±')), "{report}");
}

#[test]
fn the_answer_is_that_of_the_second_moments_within_its_error() {
    let folder = tempfile::tempdir().unwrap();
    let arrays = folder.path().join("arrays");
    let answer = value("label_noise.toml", &[&["--steps", "100000", "--npy", arrays.to_str().unwrap()]]);
    // Theorem 2: Σ = (σ²/S) (1 + κ/S) ΛG⁻¹, by `solve`.
    let solved = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("solve")
        .arg(data("label_noise.toml"))
        .args(["--json", "-"])
        .output()
        .unwrap();
    let solved: Value = serde_json::from_slice(&solved.stdout).unwrap();
    assert_eq!(answer["trusted"], true);
    for key in ["fluctuation", "noise_covariance"] {
        for i in 0..2 {
            let number = |value: &Value| value[key][i][i].as_f64().unwrap();
            let z = (number(&answer) - number(&solved)) / number(&answer["standard_error"]);
            // Four deviations of Student's law with 63 degrees of freedom: 2e-4 for each of four, and one seed.
            assert!(z.abs() < 4.0, "{key} {i}: {z}");
        }
        let array = fs::read(arrays.join(format!("{key}_standard_error.npy"))).unwrap();
        let array = npyz::NpyFile::new(array.as_slice()).unwrap().into_vec::<f64>().unwrap();
        assert_eq!(array[0], answer["standard_error"][key][0][0].as_f64().unwrap());
    }
    let report = String::from_utf8(sample("label_noise.toml", &[&["--steps", "100000"]]).stdout).unwrap();
    for word in [
        "in distribution",
        "spectral radius 0.5755670127",
        "R̂",
        "sample size",
        "batch means",
        "drift",
        "tail index",
        "trusted: yes",
    ] {
        assert!(report.contains(word), "{word} in {report}");
    }
}
