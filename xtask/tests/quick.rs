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

fn run(line: &str) {
    // Mutants write no snapshots.
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let status = command.args(line.split(' ')).env("INSTA_UPDATE", "no").status().unwrap();
    assert!(status.success(), "cargo xtask {line}: {status}");
}

const EXACT: &str = "verify --quick";
const LYAPUNOV: &str = "verify --quick --engine lyapunov";
/// Claims that take seconds together, of populations of each kind.
const EXAMPLES: &str = "--claim minibatch/noise-without-replacement --claim second-order/natural-gradient --claim regularization/fluctuation \
                        --claim input-noise/fluctuation --claim generic/noise-near-interpolation \
                        --claim generic/noise-at-unregularized-minimum --claim generic/noise-at-minimum";
/// Draws take seconds for each claim: a Gaussian population and a data set.
const MONTE_CARLO: &str = "verify --quick --engine montecarlo --claim label-noise/fluctuation --claim minibatch/noise";

/// A topic is judged by its own claims, and first by that of the file that was changed, so that most runs end at once; what
/// all claims share by all of them, some small ones first; an engine by its own verdicts. Where nothing was changed, all of it must hold.
#[test]
fn verdicts_are_as_recorded() {
    let file = mutated().unwrap_or_default();
    match Vec::from_iter(file.iter().map(String::as_str)).as_slice() {
        ["claims", _, "tail-index"] | ["exact", _, "tail", ..] => run("study tail"),
        ["claims", _, "hessian-approximation"] => run("study approximation"),
        ["claims", _, topic, "mod"] if *topic != "hypotheses" => run(&format!("{EXACT} --claim {topic}")),
        ["claims", _, topic, quantity] if *topic != "hypotheses" => {
            run(&format!("{EXACT} --claim {topic}/{quantity}"));
            run(&format!("{EXACT} --claim {topic}"));
        }
        ["claims", ..] => {
            run(&format!("{EXACT} {EXAMPLES}"));
            run(EXACT);
        }
        ["exact", ..] => run(EXACT),
        ["lyapunov", ..] => run(LYAPUNOV),
        ["montecarlo", ..] => run(MONTE_CARLO),
        _ => [EXACT, "study tail", "study approximation", LYAPUNOV, MONTE_CARLO].into_iter().for_each(run),
    }
}
