//! The binary `sgd-noise` from the outside: it speaks of itself, and of nothing that only a checkout has.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

fn sgd_noise(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sgd-noise")).args(arguments).output().unwrap()
}

fn told(output: Output) -> String {
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

#[test]
fn help_speaks_of_the_program_that_runs() {
    let help = told(sgd_noise(&["--help"]));
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let (commands, _) = commands.split_once("\n\n").unwrap();
    // A description may go on in the next line, further in.
    let entries = commands.lines().filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')));
    let names = Vec::from_iter(entries.filter_map(|entry| entry.split_whitespace().next()));
    assert!(names.contains(&"solve") && !names.contains(&"tidy"), "{names:?}");
    for name in names.into_iter().filter(|name| *name != "help") {
        let help = told(sgd_noise(&[name, "--help"]));
        assert!(help.contains(&format!("sgd-noise {name}")) && !help.contains("cargo xtask"), "{help}");
    }
}

#[test]
fn refusals_speak_of_the_program_that_runs() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/label_noise.toml");
    let refused = told(sgd_noise(&["evaluate", "label-noise/stability", file.to_str().unwrap()]));
    assert!(refused.contains("`sgd-noise atlas "), "{refused}");
    let refused = told(sgd_noise(&["verify", "--claim", "label-noise/fluctation"]));
    assert!(refused.contains("(sgd-noise verify --list names all)"), "{refused}");
}
