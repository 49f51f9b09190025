//! Properties that span crates.
