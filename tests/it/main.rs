//! Properties that span crates: one binary, as each takes a while to link.

mod certificate;
mod data_sets;
mod enclosures;
mod engines;
mod second_order;
mod symmetries;
mod universal;
mod verdicts;
mod written;
