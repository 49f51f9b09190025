//! The marks of docs/PAPER.md: what it does not mark as printed is not called so.

use claims::Provenance;
use registry::REGISTRY;

const PAPER: &str = include_str!("../../../../docs/PAPER.md");

/// Headings, list items, rows of tables and paragraphs that begin in bold, each with the lines that go on with it.
fn blocks() -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in PAPER.lines() {
        if line.is_empty() || ["- ", "|", "#", "**"].iter().any(|opening| line.starts_with(opening)) {
            blocks.push(String::new());
        }
        if let Some(block) = blocks.last_mut() {
            block.push_str(line);
        }
    }
    blocks
}

/// An equation number as the page writes it, alone or at the end of a range.
fn ends(equations: &str) -> [String; 2] {
    let (first, last) = equations.split_once('–').unwrap_or((equations, equations));
    [first, last].map(|number| format!("({number})"))
}

#[test]
fn only_what_is_marked_as_printed_is_called_so() {
    let printed = Vec::from_iter(blocks().into_iter().filter(|block| block.contains("[P]")));
    assert!(printed.len() > 20);
    for entry in REGISTRY.iter().filter(|entry| entry.provenance() == Provenance::Printed) {
        for equations in entry.equations() {
            let [first, last] = ends(equations);
            let found = printed.iter().any(|block| block.contains(&first) && block.contains(&last));
            assert!(found, "{}: eq. {equations} is not marked [P]", entry.id());
        }
    }
}

#[test]
fn what_is_marked_as_reconstructed_is_called_so() {
    let reconstructed = Vec::from_iter(blocks().into_iter().filter(|block| block.contains("[R]")));
    assert!(reconstructed.len() > 8);
    for entry in REGISTRY.iter().filter(|entry| entry.provenance() != Provenance::Reconstructed) {
        for equations in entry.equations() {
            let [first, last] = ends(equations);
            let found = reconstructed.iter().any(|block| block.contains(&first) && block.contains(&last));
            assert!(!found, "{}: eq. {equations} is marked [R]", entry.id());
        }
    }
}
