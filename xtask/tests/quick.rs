//! `cargo xtask verify --quick` as the test of a mutant: the claims of the file that was changed first, all others behind them.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What cargo-mutants leaves where it changed something.
const MARK: &str = "changed by cargo-mutants";

/// The file that was changed, from the folder of crates on: `claims/src/label_noise/fluctuation.rs`.
fn mutated() -> Option<Vec<String>> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let file = find(&crates)?;
    let parts = file.strip_prefix(&crates).unwrap().iter();
    Some(parts.map(|part| part.to_str().unwrap().trim_end_matches(".rs").replace('_', "-")).collect())
}

fn find(folder: &Path) -> Option<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).find_map(|path| {
        if path.is_dir() {
            return find(&path);
        }
        let is_mutated = fs::read_to_string(&path).is_ok_and(|text| text.contains(MARK));
        is_mutated.then_some(path)
    })
}

fn run(arguments: &[&str]) {
    // Mutants write no snapshots.
    let status = Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).env("INSTA_UPDATE", "no").status().unwrap();
    assert!(status.success(), "cargo xtask {}: {status}", arguments.join(" "));
}

/// A topic is judged by its own claims, and first by that of the file that was changed, so that most runs end at once; what
/// all claims share by all of them.
#[test]
fn verdicts_are_as_recorded() {
    let file = mutated().unwrap_or_default();
    match Vec::from_iter(file.iter().map(String::as_str)).as_slice() {
        ["claims", _, "tail-index"] | ["exact", _, "tail", ..] => return run(&["tail"]),
        ["claims", _, "hessian-approximation"] => return run(&["approximation"]),
        ["lyapunov", ..] => return run(&["verify", "--quick", "--engine", "lyapunov"]),
        ["montecarlo", ..] => return run(&["verify", "--quick", "--engine", "montecarlo", "--claim", "label-noise"]),
        ["claims", _, "hypotheses", _] => {}
        ["claims", _, topic, "mod"] => return run(&["verify", "--quick", "--claim", topic]),
        ["claims", _, topic, quantity] => {
            run(&["verify", "--quick", "--claim", &format!("{topic}/{quantity}")]);
            return run(&["verify", "--quick", "--claim", topic]);
        }
        [] => {
            run(&["tail"]);
            run(&["approximation"]);
        }
        _ => {}
    }
    run(&["verify", "--quick"]);
}
