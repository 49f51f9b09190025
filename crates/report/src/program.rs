//! The name under which the program runs, for messages and reports that tell what to run.

use std::sync::OnceLock;

/// The name in a checkout, which help, examples and pages under version control are written with.
pub const XTASK: &str = "cargo xtask";

static NAME: OnceLock<String> = OnceLock::new();

/// Says once, before anything else asks for it, under which name the program runs.
pub fn set_name(name: &str) {
    // Whoever comes later was not first.
    _ = NAME.set(name.to_owned());
}

/// The name under which the program runs: [`XTASK`], unless it was set to another.
pub fn name() -> &'static str {
    NAME.get().map_or(XTASK, String::as_str)
}
