//! What the workshop says of a command line that it does not understand, from the outside.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used)]

use std::process::Command;

/// What is said on the standard error, with exit code 2.
fn refused(line: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_workshop")).args(line.split(' ')).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{line}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn an_option_of_another_program_gets_the_tip_to_separate_it() {
    assert!(refused("mutants claims --jobs 2").contains("-- --jobs"));
    assert!(!refused("tidy --jobs 2").contains("-- --jobs"));
}

#[test]
fn shards_of_mutants_count_from_1() {
    for shard in ["0/24", "4/0"] {
        assert!(refused(&format!("mutants claims --shard {shard}")).contains("expected K/N with K from 1 to N"));
    }
}
