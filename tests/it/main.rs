//! Properties that span crates. They are one binary, as each binary takes a while to link.

mod certificate;
mod data_sets;
mod enclosures;
mod engines;
mod page;
mod second_order;
mod symmetries;
mod theory;
mod universal;
mod verdicts;
mod written;
